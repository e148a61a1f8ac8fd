"""Databases for tests: SQLite files, and a PostgreSQL cluster that lives as long as the test run's process."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_OWNER = "postgres"
_CHOOSES = 150_000
"""From which version on PostgreSQL asks how a database is copied."""
_CALM = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses='' -c max_connections=60"


@contextmanager
def postgresql_cluster() -> Iterator[Path]:
    """A running PostgreSQL server, reached by a socket in the folder that is given."""
    folder = Path(tempfile.mkdtemp(prefix="lp-pg-"))
    folder.chmod(0o700)
    if os.geteuid() == 0:
        shutil.chown(folder, _OWNER, _OWNER)
    data = folder / "data"
    _as_owner(_program("initdb"), "-D", data, "-U", _OWNER, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    control = (_program("pg_ctl"), "-D", data, "-w")
    _as_owner(*control, "-l", folder / "log", "-o", f"{_CALM} -k {folder}", "start")
    try:
        yield folder
    finally:
        _as_owner(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def postgresql_url(folder: Path, database: str) -> str:
    """The address of a database of a cluster."""
    return f"postgresql+psycopg://{_OWNER}@/{database}?host={folder}"


def create_database(folder: Path, name: str, template: str = "template1") -> str:
    """Make a database as a copy of another, and give its address."""
    with _administering(folder) as connection:
        copying = "STRATEGY file_copy" if connection.info.server_version >= _CHOOSES else ""  # in half the time
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {copying}'.encode())
    return postgresql_url(folder, name)


def drop_database(folder: Path, name: str) -> None:
    """Remove a database, whoever is still connected."""
    administer(folder, f'DROP DATABASE "{name}" WITH (FORCE)')


def administer(folder: Path, statement: str) -> None:
    """Run one statement on a cluster."""
    with _administering(folder) as connection:
        connection.execute(statement.encode())


def _administering(folder: Path) -> psycopg.Connection:
    return psycopg.connect(host=str(folder), user=_OWNER, dbname="postgres", autocommit=True)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found:
        return found
    installed = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    if not installed:
        raise FileNotFoundError(f"{name} is not installed: the tests need PostgreSQL's server programs")
    return str(installed[-1])


def _as_owner(*command: object) -> None:
    """Run a server program; it refuses to run as root, and then runs as its own user."""
    user = _OWNER if os.geteuid() == 0 else None
    done = subprocess.run(  # noqa: S603 - the tests' own command
        [str(part) for part in command], user=user, cwd="/", capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed: {done.stdout}{done.stderr}")
