"""`serve`: the pages, until somebody stops them."""

import os
import signal
import socket
import threading
import urllib.request

import pytest

from tests.cli.commands import child, finished


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_pages_are_served_until_a_signal_ends_it(company, folder, port, end):
    server = child("serve", "--port", port, cwd=folder)
    assert server.stdout.readline() == f"Loyalty Pay is at http://127.0.0.1:{port}/ - stop it with Ctrl+C.\n"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
        assert answer.status == 200
        assert b"Loyalty Pay" in answer.read()
    server.send_signal(end)
    told = finished(server)
    assert (told.code, told.out, told.err) == (0, "Stopped.\n", "")


def test_serving_ends_and_gives_the_port_back(run, company, port, signals):
    stopper = threading.Thread(target=stop_when_served, args=(port,))
    stopper.start()
    told = run("serve", "--port", port)
    stopper.join()
    assert (told.code, told.out.splitlines()[-1]) == (0, "Stopped.")
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


def stop_when_served(port):
    for _ in range(10_000):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60):
                break
        except OSError:
            continue
    os.kill(os.getpid(), signal.SIGTERM)


def test_a_port_that_another_program_has_is_told(run, company):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = run("serve", "--port", port)
    assert (told.code, told.out) == (1, "")
    assert told.err == (
        f"The pages cannot be served at 127.0.0.1:{port}: Address already in use. "
        "Free the port, or choose another with --port.\n"
    )


def test_a_host_that_there_is_not_is_told(run, company, port):
    told = run("serve", "--host", "no such host", "--port", port)
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith(f"The pages cannot be served at no such host:{port}: ")


@pytest.mark.parametrize("wrong", ["0", "65536", "http"])
def test_a_port_that_cannot_be_is_a_fault_of_usage(run, company, wrong):
    assert run("serve", "--port", wrong).code == 2
