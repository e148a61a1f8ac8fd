"""What is wrong with the machine is told in plain words: no traceback, no password, and nothing half done."""

import errno
import os
import resource
import signal
from pathlib import Path

import pytest

from tests.cli.commands import child, finished, stored
from tests.cli.company import PLAN, QUARTER, UNITS
from tests.databases import administer, create_database

LATIN = {"PYTHONIOENCODING": "latin-1"}
UNREACHABLE = "postgresql://joe:geheim@127.0.0.1:1/pay"
READS = [
    ("scores", QUARTER),
    ("calculate", QUARTER),
    ("explain", "1", QUARTER),
    ("export", "payroll", QUARTER, "--out", "."),
    ("plan", "export", "service"),
    ("user", "role", "ines@company.example"),
    ("serve",),
]


@pytest.mark.parametrize("command", READS, ids=lambda command: command[0])
def test_without_a_database_every_command_says_how_to_make_one_and_leaves_nothing(run, folder, command):
    told = run(*command)
    assert (told.code, told.out) == (1, "")
    assert told.err == f"There is no database in {folder / 'home'}. Run `loyaltypay init` first.\n"
    assert not (folder / "home").exists()


def test_a_database_without_tables_is_to_be_initialised(run, empty_url, monkeypatch):
    monkeypatch.setenv("LOYALTYPAY_DATABASE_URL", empty_url)
    told = run("scores", QUARTER)
    assert (told.code, told.out) == (1, "")
    assert told.err == "The database is not there, or older than the program. Run `loyaltypay init` first.\n"


@pytest.mark.parametrize("command", [("init",), *READS], ids=lambda command: command[0])
def test_a_file_that_is_no_database_is_told_and_left_as_it_is(run, folder, command):
    (folder / "home").mkdir()
    (folder / "home" / "loyaltypay.db").write_bytes(b"no database at all, whatever its name says\n" * 200)
    told = run(*command)
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith(
        f"The database sqlite:///{folder}/home/loyaltypay.db cannot be used: file is not a database."
    )
    assert (folder / "home" / "loyaltypay.db").read_bytes().startswith(b"no database at all")


def test_a_damaged_database_is_told(run, company, folder):
    path = folder / "home" / "loyaltypay.db"
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    told = run("scores", QUARTER)
    assert (told.code, told.out) == (1, "")
    assert "cannot be used: database disk image is malformed." in told.err


@pytest.mark.parametrize("command", [("init",), *READS], ids=lambda command: command[0])
def test_a_server_that_does_not_answer_is_told_without_the_password(run, folder, monkeypatch, command):
    monkeypatch.setenv("LOYALTYPAY_DATABASE_URL", UNREACHABLE)
    told = run(*command)
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("The database postgresql+psycopg://joe:***@127.0.0.1:1/pay cannot be used: ")
    assert "Connection refused" in told.err
    assert "geheim" not in told.err
    assert not (folder / "home").exists()


def test_a_plan_is_not_checked_alone_where_the_database_should_be_there(run, folder, monkeypatch):
    monkeypatch.setenv("LOYALTYPAY_DATABASE_URL", UNREACHABLE)
    (folder / "plan.yaml").write_text("id: p\n", "utf-8")
    assert "cannot be used" in run("plan", "check", "plan.yaml").err


def test_a_server_that_goes_away_is_told(run, postgresql, postgresql_template, monkeypatch):
    url = create_database(postgresql, "gone", postgresql_template)
    administer(postgresql, 'ALTER DATABASE "gone" ALLOW_CONNECTIONS false')
    monkeypatch.setenv("LOYALTYPAY_DATABASE_URL", url)
    told = run("scores", QUARTER)
    assert (told.code, told.out) == (1, "")
    assert 'database "gone" is not currently accepting connections' in told.err


@pytest.mark.parametrize(
    "url", ["nonsense", "mysql://joe:geheim@host/pay", "postgresql://joe:geheim@host:port/pay", "oracle://geheim"]
)
def test_an_address_that_is_none_is_told_without_showing_it(run, monkeypatch, url):
    monkeypatch.setenv("LOYALTYPAY_DATABASE_URL", url)
    told = run("init")
    assert told.code == 1
    assert told.err == (
        "LOYALTYPAY_DATABASE_URL is not the address of a database. Write it like sqlite:////folder/loyaltypay.db or "
        "postgresql://user:password@host/database.\n"
    )


def test_a_home_that_cannot_be_made_is_told(run, folder, monkeypatch):
    (folder / "file").touch()
    monkeypatch.setenv("LOYALTYPAY_HOME", "file/home")
    told = run("init")
    assert told.code == 1
    assert told.err == (
        "The folder file/home cannot be made: Not a directory. Set LOYALTYPAY_HOME to a folder of yours.\n"
    )


def test_settings_that_cannot_be_are_all_told(run, monkeypatch):
    monkeypatch.setenv("LOYALTYPAY_LARGEST_UPLOAD", "abc")
    monkeypatch.setenv("LOYALTYPAY_SECURE_COOKIES", "perhaps")
    told = run("scores", QUARTER)
    assert told.code == 1
    first, *others = told.err.splitlines()
    assert first == "The settings in the environment cannot be. Correct them or leave them out."
    assert [line.partition(":")[0] for line in others] == ["  LOYALTYPAY_SECURE_COOKIES", "  LOYALTYPAY_LARGEST_UPLOAD"]


def test_a_secret_that_is_too_short_is_told_and_not_shown(run, company, monkeypatch):
    monkeypatch.setenv("LOYALTYPAY_SECRET_KEY", "geheim")
    told = run("serve")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("LOYALTYPAY_SECRET_KEY needs at least 32 characters.")
    assert "geheim" not in told.err


def limited_to(size):
    """For a child: no file may grow beyond `size` bytes, as on a disk that is full."""

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


def test_a_full_disk_is_told_and_an_import_leaves_nothing(company, folder):
    before = stored(company)
    (folder / "many.csv").write_text(UNITS + "".join(f"U{n},Unit {n} {'x' * 500},,,\n" for n in range(3000)), "utf-8")
    told = finished(child("import", "units", "many.csv", cwd=folder, preexec_fn=limited_to(600_000)))
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith(f"The database {company} cannot be used: ")
    assert "Traceback" not in told.err
    assert stored(company) == before


def test_a_full_disk_leaves_no_half_workbook(run, company, folder):
    run("calculate", QUARTER)
    there = set(folder.iterdir())
    told = finished(child("export", "payroll", QUARTER, "--out", ".", cwd=folder, preexec_fn=limited_to(2_000)))
    assert (told.code, told.out) == (1, "")
    assert "cannot be written" in told.err or "cannot be used" in told.err
    assert set(folder.iterdir()) == there


def test_a_reader_who_goes_away_ends_the_command_quietly(company, folder):
    read, write = os.pipe()
    os.close(read)
    command = child("scores", QUARTER, cwd=folder, stdout=write)
    os.close(write)
    assert finished(command).err == ""


def test_a_screen_that_cannot_be_written_to_is_told(company, folder):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        told = finished(child("scores", QUARTER, cwd=folder, stdout=full))
    assert told.code == 1
    assert os.strerror(errno.ENOSPC) in told.err
    assert "Traceback" not in told.err


def test_ctrl_c_stops_a_command_in_one_word_and_stores_nothing(company, folder):
    os.mkfifo(folder / "slow.csv")
    before = stored(company)
    command = child("import", "units", "slow.csv", cwd=folder)
    with (folder / "slow.csv").open("wb"):  # opens once the command reads, and then has nothing for it
        command.send_signal(signal.SIGINT)
        told = finished(command)
    assert (told.code, told.out, told.err.strip()) == (1, "", "Stopped.")
    assert stored(company) == before


def test_a_terminal_without_some_characters_shows_the_others(run, company, folder):
    run("calculate", QUARTER)
    told = finished(child("explain", "10418", QUARTER, cwd=folder, encoding="latin-1", env=LATIN))
    assert told.code == 0
    assert "0.5 × 95.5?% + 0.3 × 125?% + 0.2 × 80?% = 101.25?%." in told.out


def test_documents_are_in_utf_8_whatever_the_terminal_is(run, company, folder):
    (folder / "Łódź.csv").write_text("unit,name\nLDZ,Łódź\n", "utf-8")
    (folder / "p.yaml").write_text(PLAN.replace("Service incentive", "Łódź").replace("01-01", "02-01"), "utf-8")
    run("plan", "import", "p.yaml")
    assert "Łódź" in finished(child("plan", "export", "service", cwd=folder, env=LATIN)).out
    assert (
        finished(child("import", "units", "Łódź.csv", "--json", cwd=folder, env=LATIN)).document["file"] == "Łódź.csv"
    )


class OddityError(Exception):
    """Something that nobody foresaw."""


@pytest.mark.parametrize(("text", "reason"), [("odd.\nand more", "odd"), ("", "OddityError")])
def test_the_unforeseen_is_told_in_one_line_and_its_trace_kept(run, folder, monkeypatch, text, reason):
    monkeypatch.setattr("web.cli.scenarios.read_scenario", lambda _: raise_oddity(text))
    (folder / "s.yaml").write_text("name: x\n", "utf-8")
    told = run("scenario", "s.yaml")
    assert told.code == 1
    assert told.err == (
        f"Something went wrong that the program did not foresee: {reason}. Its trace is in home/errors.log. "
        "What was half done was undone.\n"
    )
    assert "raise_oddity" in (folder / "home" / "errors.log").read_text("utf-8")


def test_the_unforeseen_is_told_where_no_trace_can_be_kept_too(run, folder, monkeypatch):
    monkeypatch.setattr("web.cli.scenarios.read_scenario", lambda _: raise_oddity("odd"))
    monkeypatch.setenv("LOYALTYPAY_LARGEST_UPLOAD", "abc")
    (folder / "s.yaml").write_text("name: x\n", "utf-8")
    assert run("scenario", "s.yaml").err == (
        "Something went wrong that the program did not foresee: odd. What was half done was undone.\n"
    )


def raise_oddity(text):
    raise OddityError(text)


def test_a_command_that_there_is_not_is_a_fault_of_usage(run):
    told = run("frobnicate")
    assert told.code == 2
    assert "No such command 'frobnicate'." in told.err


def test_without_a_command_the_help_is_shown(run):
    told = run()
    assert told.code == 2
    assert "A first quarter, step by step:" in told.err


@pytest.mark.parametrize("name", ["nowhere.csv", "."])
def test_a_file_that_is_not_there_is_a_fault_of_usage(run, company, name):
    told = run("import", "units", name)
    assert told.code == 2
    assert f"File '{name}' " in told.err


def test_a_kind_that_there_is_not_is_a_fault_of_usage(run, company):
    told = run("import", "unicorns", "units.csv")
    assert told.code == 2
    assert "'unicorns' is not one of 'units', 'people'," in " ".join(told.err.split())
