"""Pages that are served by a command of this very process."""

import os
import signal
import socket
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager


def free_port() -> int:
    """A port that nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served_until_stopped(port: int) -> Iterator[None]:
    """While a command serves pages in this thread, another waits for their first answer and then ends the command."""
    given_up = threading.Event()
    stopper = threading.Thread(target=_stop_once_served, args=(port, given_up))
    stopper.start()
    try:
        yield
    finally:
        given_up.set()
        stopper.join()


def _stop_once_served(port: int, given_up: threading.Event) -> None:
    while not given_up.wait(0.05):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=60):
                break
        except OSError:
            continue
    else:
        return
    os.kill(os.getpid(), signal.SIGTERM)
