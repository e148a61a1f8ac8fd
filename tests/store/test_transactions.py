"""Transactions on both databases: nothing lost between writers, nothing left behind by a failure."""

import subprocess
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError

from comp.db import connect, reading, writing
from comp.errors import LoyaltyPayError, UnavailableError
from comp.models import AccountRow, UnitRow
from comp.services.company import initialise
from tests.conftest import PROJECT
from web.database import disposed

PROCESSES, UPDATES = 4, 25
ADD_ONE_OFTEN = f"""
import sys
from comp.db import connect, writing
from comp.models import AccountRow
engine = connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for _ in range({UPDATES}):
    with writing(engine) as session:
        account = session.get(AccountRow, 1)
        account.failures += 1
engine.dispose()
"""
INITIALISE = """
import sys
from comp.db import connect, writing
from comp.services.company import initialise
engine = connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
with writing(engine) as session:
    initialise(session, None)
engine.dispose()
"""


def at_once(program, url, processes):
    """Several processes that run a program once all of them are ready."""
    command = [sys.executable, "-c", program, url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    running = [subprocess.Popen(command, cwd=PROJECT, **pipes) for _ in range(processes)]  # noqa: S603 - the test's own
    assert [process.stdout.readline() for process in running] == ["ready\n"] * processes
    for process in running:
        process.stdin.write("go\n")
        process.stdin.flush()
    with ThreadPoolExecutor(processes) as waiting:
        ended = list(waiting.map(lambda process: (process.communicate()[1], process.returncode), running))
    assert ended == [("", 0)] * processes


def test_no_update_is_lost_between_processes_that_read_and_then_write(engine, url):
    with writing(engine) as session:
        session.add(AccountRow(email="a@x", name="A", password_hash=""))
    at_once(ADD_ONE_OFTEN, url, PROCESSES)
    with reading(engine) as session:
        assert session.get_one(AccountRow, 1).failures == PROCESSES * UPDATES


def test_processes_that_all_make_the_same_new_database_make_one(empty_url):
    at_once(INITIALISE, empty_url, 3)
    with disposed(connect(empty_url)) as engine, reading(engine) as session:
        assert session.scalar(text("SELECT count(*) FROM setting WHERE key = 'respondent_key'")) == 1


def statements(engine, work):
    said = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: said.append(statement))
    work()
    return said


def test_a_writer_on_sqlite_takes_the_lock_before_it_reads(sqlite_engine):
    def work():
        with writing(sqlite_engine) as session:
            session.get(AccountRow, 1)
        with reading(sqlite_engine) as session:
            session.get(AccountRow, 1)

    begun = [statement for statement in statements(sqlite_engine, work) if statement.startswith("BEGIN")]
    assert begun == ["BEGIN IMMEDIATE", "BEGIN"]


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("busy_timeout", 15000),
        ("recursive_triggers", 1),
        ("trusted_schema", 0),
    ],
)
def test_every_sqlite_connection_is_strict(sqlite_engine, pragma, value):
    for _ in range(2):
        with reading(sqlite_engine) as session:
            assert session.scalar(text(f"PRAGMA {pragma}")) == value
        sqlite_engine.dispose()


def test_a_reader_sees_one_state_while_another_writes(engine):
    with reading(engine) as session:
        assert session.get(UnitRow, "X") is None
        with writing(engine) as other:
            other.add(UnitRow(code="X", name="X"))
        assert session.get(UnitRow, "X") is None
    with reading(engine) as session:
        assert session.get(UnitRow, "X") is not None


def test_what_a_reader_changes_is_not_kept(engine):
    with reading(engine) as session:
        session.add(UnitRow(code="X", name="X"))
        session.flush()
    with reading(engine) as session:
        assert session.get(UnitRow, "X") is None


def test_what_a_writer_did_before_it_failed_is_not_kept(engine):
    with pytest.raises(ZeroDivisionError), writing(engine) as session:  # noqa: PT012 - what is done before counts
        session.add(UnitRow(code="X", name="X"))
        session.flush()
        1 / 0  # noqa: B018 - stands for whatever may go wrong
    with reading(engine) as session:
        assert session.get(UnitRow, "X") is None


def test_after_a_commit_that_fails_others_can_write(engine):
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.add(UnitRow(code="X", name="X", parent="NOWHERE"))
    with writing(engine) as session:
        session.add(UnitRow(code="Y", name="Y"))
    with reading(engine) as session:
        assert session.get(UnitRow, "Y") is not None


def test_an_error_of_the_database_tells_no_value_of_the_row_that_it_refused(engine):
    def add():
        with writing(engine) as session:
            session.add(AccountRow(email="ann.secret@example.org", name="A", password_hash=""))

    add()
    with pytest.raises(IntegrityError) as refused:
        add()
    told = "".join(traceback.format_exception(refused.value))
    assert "unique" in told.lower()
    assert "ann.secret" not in told


def test_a_database_that_is_none_is_told_in_words(tmp_path):
    (tmp_path / "notes.db").write_text("this is no database " * 100)
    with (
        disposed(connect(f"sqlite:///{tmp_path / 'notes.db'}")) as engine,
        pytest.raises(UnavailableError, match="cannot be used: file is not a database"),
        reading(engine) as session,
    ):
        session.get(UnitRow, "X")


@pytest.mark.parametrize("address", ["", "nonsense", "mysql://server/base", "postgresql://user:secret@host:port/base"])
def test_an_address_of_no_known_database_is_told_without_showing_it(address):
    with pytest.raises(LoyaltyPayError, match="is not the address of a database") as refused:
        connect(address)
    assert "secret" not in str(refused.value)


def test_a_full_disk_in_a_bulk_write_is_told_and_leaves_nothing(sqlite_engine):
    from comp.store.bulk import insert

    with pytest.raises(UnavailableError, match="database or disk is full"), writing(sqlite_engine) as session:  # noqa: PT012
        pages = session.scalar(text("PRAGMA page_count"))
        session.execute(text(f"PRAGMA max_page_count = {pages + 5}"))
        insert(session, UnitRow, ["code", "name"], ((f"U{n}", "x" * 1000) for n in range(1000)))
    with reading(sqlite_engine) as session:
        assert session.scalar(text("SELECT count(*) FROM unit")) == 0


def test_a_database_that_is_newer_than_the_program_is_left_alone(engine):
    with writing(engine) as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(LoyaltyPayError, match="newer than the program"), writing(engine) as session:
        initialise(session, None)
