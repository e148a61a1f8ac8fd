"""A browser, and companies served to it."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from playwright.sync_api import Browser, sync_playwright
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from comp.db import connect
from tests.browser.reader import Reader
from tests.web.company import add_accounts, make_company
from web.app import create_app
from web.database import disposed
from web.demo.story import play
from web.settings import Settings

CHROMIUM = shutil.which("chromium")
DATABASE = "loyaltypay.db"


@dataclass(frozen=True)
class Site:
    """An application, and where it is served."""

    address: str
    app: Flask

    def endpoint(self, path: str) -> str | None:
        """Which view answers an address; None where there is none for it."""
        try:
            return str(self.app.url_map.bind("").match(path.partition("?")[0].partition("#")[0])[0])
        except HTTPException:
            return None


class Quiet(WSGIRequestHandler):
    """Serves without a line for each request."""

    def log_request(self, *_: object) -> None:
        """Nothing is worth a line."""


@contextmanager
def served(home: Path, machine: Settings | None = None) -> Iterator[Site]:
    """The company in a folder, served on a port of its own."""
    with disposed(connect(f"sqlite:///{home / DATABASE}")) as engine:
        app = create_app(machine or Settings(home=home), engine)
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield Site(f"http://127.0.0.1:{server.server_port}", app)
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Iterator[Site]:
    """The sample company, to be looked at and left as it is."""
    told = play(Settings(home=tmp_path_factory.mktemp("demo")), lambda _line: None)
    with served(told.machine.home) as site:
        yield site


@pytest.fixture(scope="session")
def small_home(sqlite_template, tmp_path_factory) -> Path:
    """The folder with the small company."""
    return _filled(sqlite_template, tmp_path_factory.mktemp("small"), make_company)


@pytest.fixture(scope="session")
def small(small_home) -> Iterator[Site]:
    """The small company, to be looked at and left as it is."""
    with served(small_home) as site:
        yield site


@pytest.fixture
def own(small_home, tmp_path) -> Iterator[Site]:
    """The small company, to be worked on."""
    shutil.copy(small_home / DATABASE, tmp_path)
    with served(tmp_path) as site:
        yield site


@pytest.fixture(scope="session")
def empty(sqlite_template, tmp_path_factory) -> Iterator[Site]:
    """A company with accounts and nothing else."""
    with served(_filled(sqlite_template, tmp_path_factory.mktemp("empty"), add_accounts)) as site:
        yield site


def _filled(template: Path, home: Path, fill: Callable[..., None]) -> Path:
    shutil.copy(template, home / DATABASE)
    with disposed(connect(f"sqlite:///{home / DATABASE}")) as engine:
        fill(engine)
    return home


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium to drive")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def read(chromium) -> Iterator[Callable[..., Reader]]:
    """Gives somebody a browser window; in the end nobody may have seen a fault."""
    readers: list[Reader] = []

    def make(site: Site, email: str | None = None, **options: object) -> Reader:
        readers.append(Reader(chromium, site.address, **options))
        if email:
            readers[-1].sign_in(email)
        return readers[-1]

    yield make
    for reader in readers:
        reader.context.close()
    faults = [fault for reader in readers for fault in reader.faults]
    assert not faults, "\n".join(faults)
