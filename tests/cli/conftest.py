"""A machine without settings, an empty folder to work in, and the command line."""

import io
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.commands import Told
from tests.cli.company import ROAD, write_files
from web.cli import main

Run = Callable[..., Told]


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> Path:
    """The folder that commands work in; its `home` is where the data lies."""
    for name in [name for name in os.environ if name.startswith("LOYALTYPAY_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LOYALTYPAY_HOME", "home")
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(monkeypatch, capsys) -> Run:
    """The program, called with arguments and perhaps standard input."""

    def run(*args: object, stdin: str = "") -> Told:
        monkeypatch.setattr(sys, "argv", ["loyaltypay", *map(str, args)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        out, err = capsys.readouterr()
        return Told(int(stop.value.code or 0), out, err)

    return run


@pytest.fixture
def initialised(folder, sqlite_template) -> str:
    """The address of a database in the home: a company and nothing else."""
    (folder / "home").mkdir()
    shutil.copy(sqlite_template, folder / "home" / "loyaltypay.db")
    return f"sqlite:///{folder / 'home' / 'loyaltypay.db'}"


@pytest.fixture(scope="session")
def company_template(sqlite_template, tmp_path_factory) -> Path:
    """A home with the small company, everything taken in and its plan published."""
    home = tmp_path_factory.mktemp("small-company")
    shutil.copy(sqlite_template, home / "loyaltypay.db")
    write_files(home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOYALTYPAY_HOME", str(home))
        patch.chdir(home)
        for step in ROAD:
            patch.setattr(sys, "argv", ["loyaltypay", *step])
            with pytest.raises(SystemExit) as stop:
                main()
            assert not stop.value.code, step
    return home


@pytest.fixture
def company(folder, company_template) -> str:
    """The address of a database in the home: the small company, ready to be calculated. Its files lie in the folder."""
    (folder / "home").mkdir()
    shutil.copy(company_template / "loyaltypay.db", folder / "home" / "loyaltypay.db")
    write_files(folder)
    return f"sqlite:///{folder / 'home' / 'loyaltypay.db'}"


@pytest.fixture
def signals() -> Iterator[None]:
    """Signals are handled as before, whatever a test's command made of them."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)
