"""`serve`: the pages, until somebody stops them."""

import signal
import socket
import urllib.request

import pytest

from comp.db import connect
from tests.cli.commands import child, finished
from tests.cli.pages import free_port, served_until_stopped
from web.app import create_app
from web.database import disposed
from web.settings import Settings


@pytest.fixture
def port():
    return free_port()


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_pages_are_served_until_a_signal_ends_it(company, folder, port, end):
    server = child("serve", "--port", port, cwd=folder)
    assert server.stdout.readline() == f"Loyalty Pay is at http://127.0.0.1:{port}/ - stop it with Ctrl+C.\n"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60) as answer:
        assert answer.status == 200
        assert b"Loyalty Pay" in answer.read()
    server.send_signal(end)
    told = finished(server)
    assert (told.code, told.out) == (0, "Stopped.\n")
    assert [line for line in told.err.splitlines() if not line.startswith("audit anchor ")] == []


def test_pages_are_served_at_an_ipv6_address_and_said_to_be_there(company, folder, port):
    server = child("serve", "--host", "::1", "--port", port, cwd=folder)
    assert server.stdout.readline() == f"Loyalty Pay is at http://[::1]:{port}/ - stop it with Ctrl+C.\n"
    with urllib.request.urlopen(f"http://[::1]:{port}/help", timeout=60) as answer:
        assert answer.status == 200
    server.send_signal(signal.SIGTERM)
    assert finished(server).code == 0


def test_serving_ends_and_gives_the_port_back(run, company, port, signals):
    with served_until_stopped(port):
        told = run("serve", "--port", port)
    assert (told.code, told.out.splitlines()[-1]) == (0, "Stopped.")
    with socket.create_server(("127.0.0.1", port)):
        pass


def test_pages_say_that_the_database_cannot_be_used_just_now(initialised, folder):
    with disposed(connect(initialised)) as engine:
        app = create_app(Settings(home=folder / "home"), engine)
        app.config["WTF_CSRF_ENABLED"] = False
        damage(folder / "home")
        form = {"email": "ines@company.example", "password": "whatever it is"}
        answer = app.test_client().post("/sign-in", data=form)
    assert answer.status_code == 503
    assert b"The database does not answer. Nothing was stored" in answer.data


def damage(home):
    for path in home.glob("loyaltypay.db*"):
        path.write_bytes(b"no database at all\n" * 500)


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
