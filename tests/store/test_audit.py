"""The stored chain: appended to by one writer at a time, and kept by the database itself."""

import multiprocessing
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.chain import Entry, first_break
from comp.db import connect, reading, writing
from comp.store import audit, schema
from tests.databases import administer, create_database, drop_database
from web.database import disposed

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)


def note(engine, *abouts: str) -> None:
    for about in abouts:
        with writing(engine) as session:
            audit.append(session, Entry(0, NOON, "account 1", "read", about))


def broken(engine):
    with reading(engine) as session:
        return first_break(audit.read_chain(session))


def test_entries_are_numbered_and_follow_each_other(engine):
    note(engine, "payout a", "payout b", "payout c")
    with reading(engine) as session:
        chain = list(audit.read_chain(session))
        assert audit.head(session) == (3, chain[-1].hash)
    assert [sealed.entry.about for sealed in chain] == ["payout a", "payout b", "payout c"]
    assert first_break(chain) is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET actor = 'account 2' WHERE number = 2",
        "DELETE FROM audit WHERE number = 2",
        "DELETE FROM audit WHERE number = 3",
        "INSERT INTO audit SELECT 5, at, actor, action, about, details, hash, previous FROM audit WHERE number = 3",
    ],
)
def test_the_database_refuses_to_touch_what_is_sealed(engine, statement):
    note(engine, "payout a", "payout b", "payout c")
    with pytest.raises(DatabaseError, match="only grows at its end"):
        run(engine, statement)
    assert broken(engine) is None


def test_replacing_an_entry_is_refused(sqlite_engine):
    note(sqlite_engine, "payout a", "payout b")
    columns = "number, at, 'x', action, about, details, previous, hash"
    with pytest.raises(DatabaseError, match="only grows at its end"):
        run(sqlite_engine, f"INSERT OR REPLACE INTO audit SELECT {columns} FROM audit WHERE number = 1")  # noqa: S608
    assert broken(sqlite_engine) is None


@pytest.mark.parametrize("number", [1, 2, 3])
def test_what_somebody_changes_who_removes_the_triggers_is_found(sqlite_engine, number):
    note(sqlite_engine, "payout a", "payout b", "payout c")
    run(sqlite_engine, "DROP TRIGGER audit_update")
    run(sqlite_engine, f"UPDATE audit SET about = 'payout z' WHERE number = {number}")  # noqa: S608
    assert broken(sqlite_engine).number == number


def test_several_writers_at_once_make_one_chain(engine, url):
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write, args=(url, n)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    with reading(engine) as session:
        chain = list(audit.read_chain(session))
    assert len(chain) == 30
    assert first_break(chain) is None


def test_entries_are_found_by_their_text_newest_first(engine):
    note(engine, "payout 100_1", "plan a", "payout 1001")
    with reading(engine) as session:
        assert [sealed.entry.about for sealed in audit.search(session, "PAYOUT", 0, 10)] == [
            "payout 1001",
            "payout 100_1",
        ]
        assert [sealed.entry.about for sealed in audit.search(session, "0_1", 0, 10)] == ["payout 100_1"]
        assert [sealed.entry.number for sealed in audit.search(session, "", 1, 1)] == [2]


def test_the_role_that_serves_pages_on_postgresql_may_only_append(postgresql, postgresql_template):
    owned = create_database(postgresql, "granted", postgresql_template)
    administer(postgresql, "CREATE ROLE pages LOGIN")
    with disposed(connect(owned)) as owner, writing(owner) as session:
        schema.grant(session, "pages")
    with disposed(connect(owned.replace("postgres@", "pages@"))) as pages:
        note(pages, "payout a", "payout b")
        run(pages, "UPDATE setting SET value = value")
        for statement in ("UPDATE audit SET actor = 'x'", "DELETE FROM audit", "TRUNCATE audit", "DROP TABLE audit"):
            with pytest.raises(DatabaseError, match=r"permission denied|must be owner"):
                run(pages, statement)
        with pytest.raises(DatabaseError, match="must be owner"):
            run(pages, "ALTER TABLE audit DISABLE TRIGGER ALL")
        assert broken(pages) is None
    drop_database(postgresql, "granted")


def run(engine, statement):
    with writing(engine) as session:
        session.execute(text(statement))


def _write(url: str, writer: int) -> None:
    engine = connect(url)
    note(engine, *(f"payout {writer}-{n}" for n in range(10)))
    engine.dispose()
