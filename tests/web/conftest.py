"""The application on a small company, and visitors of every role."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import jinja2
import pytest
from flask import Flask

from comp.db import Engine, connect
from tests.web.company import add_accounts, make_company
from tests.web.visitor import Visitor
from web.api import bearer
from web.app import create_app
from web.database import disposed
from web.settings import Settings
from web.state import State


@pytest.fixture(scope="session")
def company_template(sqlite_template, tmp_path_factory) -> Path:
    """A SQLite file with the small company."""
    path = tmp_path_factory.mktemp("small") / "company.db"
    shutil.copy(sqlite_template, path)
    with disposed(connect(f"sqlite:///{path}")) as made:
        make_company(made)
    return path


@pytest.fixture
def database(company_template, tmp_path) -> Iterator[Engine]:
    """The small company's database."""
    path = tmp_path / "company.db"
    shutil.copy(company_template, path)
    with disposed(connect(f"sqlite:///{path}")) as made:
        yield made


@pytest.fixture(scope="session")
def one_app(company_template, tmp_path_factory) -> Flask:
    """The application, made once for all tests that change nothing of it; each gives it a database of its own."""
    with disposed(connect(f"sqlite:///{company_template}")) as made:
        return make_app(made, tmp_path_factory.mktemp("home"))


@pytest.fixture
def app(one_app, database, tmp_path) -> Flask:
    """The application on the small company."""
    return _on(one_app, database, tmp_path)


@pytest.fixture
def own_app(database, tmp_path) -> Flask:
    """An application on the small company that a test may change."""
    return make_app(database, tmp_path)


@pytest.fixture
def visit(app) -> Callable[..., Visitor]:
    """Gives a visitor, signed in where an address is named."""
    return lambda email=None: Visitor(app, email)


@pytest.fixture
def empty_app(one_app, sqlite_engine, tmp_path) -> Flask:
    """The application on a company with accounts and nothing else."""
    add_accounts(sqlite_engine)
    return _on(one_app, sqlite_engine, tmp_path)


def _on(app: Flask, engine: Engine, home: Path) -> Flask:
    settings = Settings(home=home)
    app.extensions["loyaltypay"] = State(engine, settings)
    bearer.install(app, settings.api_requests_a_minute)
    return app


def make_app(engine: Engine, home: Path, **settings: object) -> Flask:
    """An application whose templates may not show what there is not."""
    app = create_app(Settings(home=home, **settings), engine)
    app.jinja_env.undefined = jinja2.StrictUndefined
    app.jinja_env.bytecode_cache = _COMPILED
    return app


class _Compiled(jinja2.BytecodeCache):
    """Templates compiled once for all applications of a process."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: jinja2.bccache.Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()
