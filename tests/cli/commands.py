"""Running a command as its user does, and what it leaves behind."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, select

from comp.db import connect
from web.database import disposed

PROGRAM = [sys.executable, "-m", "web.cli"]
PROJECT = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Told:
    """What a command told, and the code that it ended with."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


def child(*args: object, **settings: Any) -> "subprocess.Popen[str]":
    """A command in a process of its own, with `settings` for the process; `env` adds to the environment."""
    usual = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL, "encoding": "utf-8"}
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), **settings.pop("env", {})}
    return subprocess.Popen([*PROGRAM, *map(str, args)], env=environment, text=True, **{**usual, **settings})  # noqa: S603


def finished(process: "subprocess.Popen[str]") -> Told:
    """What a child told, once it has ended. One that does not end is killed, and the test fails."""
    with process:
        try:
            out, err = process.communicate(timeout=120)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
    return Told(process.returncode, out, err)


def stored(url: str) -> dict[str, list[str]]:
    """Every row of every table."""
    with disposed(connect(url)) as engine:
        tables = MetaData()
        tables.reflect(engine)
        with engine.connect() as connection:
            return {
                table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
                for table in tables.sorted_tables
            }
