"""`export evidence`: a pack that a bare Python checks, whole or not at all."""

import os
import subprocess
import sys
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from comp.db import connect, reading
from comp.services import audit
from tests.cli.company import QUARTER
from web import evidence
from web.database import disposed

ROOM = "Nothing is left of it. Make room there, or name another place."
PACK = f"evidence-{QUARTER}.zip"


@pytest.fixture
def calculated(run, company):
    run("calculate", QUARTER)
    return QUARTER


def bare_python(*args: object) -> subprocess.CompletedProcess[str]:
    """Python without any package, and so without the product."""
    command = [sys.executable, "-I", "-S", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - of the pack itself


def test_a_pack_is_checked_by_the_script_in_it_without_any_package(run, calculated, folder):
    told = run("export", "evidence", calculated, "--out", ".")
    assert told.code == 0, told.err
    with zipfile.ZipFile(PACK) as opened:
        opened.extract("verify.py", folder / "alone")
        opened.extract("verify_everything.py", folder / "alone")
    assert (folder / PACK).stat().st_mode & 0o777 == 0o600
    checked = bare_python(folder / "alone" / "verify.py", PACK)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.startswith(f"{QUARTER}, run {QUARTER}/1, calculated, made ")
    assert checked.stdout.endswith("Nothing differs.\n")
    assert [line[-9:] for line in checked.stdout.splitlines()[1:4]] == [" 0 differ"] * 3
    checked = bare_python(folder / "alone" / "verify_everything.py", PACK)
    assert (checked.returncode, checked.stdout[-17:]) == (0, "Nothing differs.\n"), checked.stdout + checked.stderr
    assert [line[-9:] for line in checked.stdout.splitlines()[1:9]] == [" 0 differ"] * 8
    assert {path.name for path in (folder / "alone").iterdir()} == {"verify.py", "verify_everything.py"}
    told_off = bare_python(folder / "alone" / "verify.py")
    assert (told_off.returncode, told_off.stderr[:14]) == (1, "Say which pack")
    content = (folder / PACK).read_bytes()
    (folder / "cut.zip").write_bytes(content[: len(content) // 2])
    assert bare_python(folder / "alone" / "verify.py", "cut.zip").returncode == 1


def test_the_chain_knows_the_pack_by_the_hash_that_is_printed(run, calculated):
    told = run("export", "evidence", calculated, "--out", "mine.zip")
    with company_database() as engine, reading(engine) as session:
        (entry,) = audit.search(session, f"evidence {QUARTER}", 1)
    digest = told.out.rpartition(" ")[2].strip(".\n")
    assert digest in entry.entry.details
    assert told.out.startswith("Written to mine.zip: ")


def test_a_pack_that_cannot_be_made_leaves_nothing_behind(run, calculated, folder, monkeypatch):
    monkeypatch.setattr(evidence, "write_pack", full_disk)
    told = run("export", "evidence", calculated, "--out", "mine.zip")
    assert (told.code, told.err) == (
        1,
        f"mine.zip cannot be written: No space left on device. {ROOM}\n",
    )
    assert not [path.name for path in folder.iterdir() if "mine.zip" in path.name]
    with company_database() as engine, reading(engine) as session:
        assert audit.search(session, f"evidence {QUARTER}", 1) == []


def full_disk(*_):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("out", ["/dev/stdout", "/dev/null", "pipe"])
def test_a_pack_goes_into_a_file_that_can_be_read_back_and_nowhere_else(run, calculated, folder, out):
    os.mkfifo(folder / "pipe")
    told = run("export", "evidence", calculated, "--out", out)
    words = f"{out} is no file. A pack is known by the hash of its file: name a file or a folder.\n"
    assert (told.code, told.out, told.err) == (1, "", words)
    with company_database() as engine, reading(engine) as session:
        assert audit.search(session, f"evidence {QUARTER}", 1) == []


def test_a_quarter_without_a_run_has_none(run, company, folder):
    told = run("export", "evidence", "2031-Q1", "--out", "mine.zip")
    assert told.code == 1
    assert "2031-Q1 has not been calculated" in told.err
    assert not Path("mine.zip").exists()


@contextmanager
def company_database():
    with disposed(connect("sqlite:///home/loyaltypay.db")) as engine:
        yield engine
