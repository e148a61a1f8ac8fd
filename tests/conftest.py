"""What all tests share: databases, the folder of public examples beside the project, and skips that are seen."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from comp.db import Engine, connect, writing
from comp.services import passwords
from comp.services.company import initialise
from tests.databases import create_database, drop_database, postgresql_cluster
from tests.shelf import Fill, PostgresqlShelf, SqliteShelf
from web.database import disposed

# A slow machine fails no test.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

# Whoever starts the tests in the background may have them ignore Ctrl+C; the servers that they start must not.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

_NUMBERS = count(1)
PROJECT = Path(__file__).parent.parent
SHARED = PROJECT.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with published examples and real exports, where it lies beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the folder of published examples is not beside the project")
    return SHARED


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """With LOYALTYPAY_NO_SKIPS set, a skipped test is a failed one: nothing may go untested unseen."""
    report = yield
    if report.skipped and os.environ.get("LOYALTYPAY_NO_SKIPS"):
        report.outcome = "failed"
        report.longrepr = f"skipped, and LOYALTYPAY_NO_SKIPS is set: {report.longrepr}"
    return report


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hash passwords with as little work as argon2 can do."""
    usual = passwords.CONTEXT.to_dict()
    passwords.CONTEXT.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
    yield
    passwords.CONTEXT.load(usual)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Path]:
    """A PostgreSQL server of this process's own."""
    with postgresql_cluster() as folder:
        yield folder


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """A SQLite file with a company in it and nothing else."""
    path = tmp_path_factory.mktemp("template") / "company.db"
    _make_company(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgresql) -> str:
    """The name of a PostgreSQL database with a company in it and nothing else."""
    _make_company(create_database(postgresql, "company"))
    return "company"


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request, tmp_path) -> Iterator[str]:
    """The address of an empty database: on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'loyaltypay.db'}"
        return
    folder, name = request.getfixturevalue("postgresql"), f"empty_{next(_NUMBERS)}"
    yield create_database(folder, name)
    drop_database(folder, name)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path) -> Iterator[str]:
    """The address of a database with a company in it and nothing else: on SQLite, then on PostgreSQL."""
    if request.param == "sqlite":
        yield _copied(request.getfixturevalue("sqlite_template"), tmp_path)
        return
    template, folder = request.getfixturevalue("postgresql_template"), request.getfixturevalue("postgresql")
    name = f"test_{next(_NUMBERS)}"
    yield create_database(folder, name, template)
    drop_database(folder, name)


@pytest.fixture
def engine(url) -> Iterator[Engine]:
    """An engine for a database with a company in it: on SQLite, then on PostgreSQL."""
    with disposed(connect(url)) as made:
        yield made


@pytest.fixture
def sqlite_engine(sqlite_template, tmp_path) -> Iterator[Engine]:
    """An engine for a SQLite database with a company in it, where a test is about something else than databases."""
    with disposed(connect(_copied(sqlite_template, tmp_path))) as made:
        yield made


@pytest.fixture(scope="session")
def sqlite_shelf(sqlite_template, tmp_path_factory) -> SqliteShelf:
    """Filled files of SQLite."""
    return SqliteShelf(sqlite_template, tmp_path_factory.mktemp("filled"))


@pytest.fixture(scope="session")
def postgresql_shelf(postgresql_template, postgresql) -> PostgresqlShelf:
    """Filled databases of PostgreSQL's."""
    return PostgresqlShelf(postgresql_template, postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(request, tmp_path) -> Iterator[Callable[[Fill], Engine]]:
    """Gives a company as a function left it, which fills one once: on SQLite, then on PostgreSQL."""
    shelf = request.getfixturevalue(f"{request.param}_shelf")
    with ExitStack() as until_the_end:
        yield lambda fill: until_the_end.enter_context(shelf.copy(fill, tmp_path))


@pytest.fixture
def sqlite_filled(sqlite_shelf, tmp_path) -> Iterator[Callable[[Fill], Engine]]:
    """Gives a company on SQLite as a function left it, where a test is about something else than databases."""
    with ExitStack() as until_the_end:
        yield lambda fill: until_the_end.enter_context(sqlite_shelf.copy(fill, tmp_path))


def _make_company(url: str) -> None:
    with disposed(connect(url)) as made, writing(made) as session:
        initialise(session, None)


def _copied(template: Path, folder: Path) -> str:
    path = folder / "loyaltypay.db"
    shutil.copy(template, path)
    return f"sqlite:///{path}"
