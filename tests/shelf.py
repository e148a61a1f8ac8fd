"""Databases that a function filled once, kept on a shelf, and copied for every test that begins with them."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from comp.db import Engine, connect
from tests.databases import create_database, drop_database
from web.database import disposed

Fill = Callable[[Engine], object]
_NUMBERS = count(1)


class SqliteShelf:
    """Filled files of SQLite."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template, self._folder = template, folder
        self._filled: dict[Fill, Path] = {}

    @contextmanager
    def copy(self, fill: Fill, folder: Path) -> Iterator[Engine]:
        """A copy in a folder of what a company became by a function."""
        if fill not in self._filled:
            self._filled[fill] = self._fill(fill)
        with disposed(connect(f"sqlite:///{shutil.copy(self._filled[fill], folder / 'loyaltypay.db')}")) as engine:
            yield engine

    def _fill(self, fill: Fill) -> Path:
        path = self._folder / f"{len(self._filled)}.db"
        shutil.copy(self._template, path)
        with disposed(connect(f"sqlite:///{path}")) as engine:
            fill(engine)
        return path


class PostgresqlShelf:
    """Filled databases of PostgreSQL's."""

    def __init__(self, template: str, cluster: Path) -> None:
        self._template, self._cluster = template, cluster
        self._filled: dict[Fill, str] = {}

    @contextmanager
    def copy(self, fill: Fill, _folder: Path) -> Iterator[Engine]:
        """A copy of what a company became by a function."""
        if fill not in self._filled:
            self._filled[fill] = self._fill(fill)
        name = f"copy_{next(_NUMBERS)}"
        with disposed(connect(create_database(self._cluster, name, self._filled[fill]))) as engine:
            yield engine
        drop_database(self._cluster, name)

    def _fill(self, fill: Fill) -> str:
        name = f"filled_{next(_NUMBERS)}"
        with disposed(connect(create_database(self._cluster, name, self._template))) as engine:
            fill(engine)
        return name
