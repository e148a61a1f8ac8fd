# ruff: noqa: S608 - the tests' own statements
"""What somebody changes who has the database itself in hand, and its triggers out of the way, is found and named."""

import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError
from sqlmodel import col

from comp.chain import ORIGIN, Entry, seal
from comp.db import reading, writing
from comp.models import AuditRow
from comp.services import audit
from comp.store import audit as stored_audit

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
LENGTH = 6
HEAD, MIDDLE, TAIL = 1, 3, LENGTH
EVERYWHERE = pytest.mark.parametrize("number", [HEAD, MIDDLE, TAIL])


@pytest.fixture
def chain(engine):
    """A database with six entries that anybody may change."""
    for number in range(1, LENGTH + 1):
        with writing(engine) as session:
            entry = Entry(0, NOON + timedelta(minutes=number), f"account {number}", "read", f"payout {number}")
            stored_audit.append(session, entry)
    return engine


def unguard(engine):
    if engine.dialect.name == "postgresql":
        run(engine, "ALTER TABLE audit DISABLE TRIGGER ALL")
    else:
        for act in ("update", "delete", "insert"):
            run(engine, f"DROP TRIGGER audit_{act}")


def run(engine, *statements):
    with writing(engine) as session:
        for statement in statements:
            session.execute(text(statement) if isinstance(statement, str) else statement)


def verified(engine, *anchors):
    with reading(engine) as session:
        broken = audit.verify(session, anchors).broken
    return broken and broken.number


def head(engine):
    with reading(engine) as session:
        return audit.head(session)


def sealed(engine):
    with reading(engine) as session:
        return list(stored_audit.read_chain(session))


@EVERYWHERE
@pytest.mark.parametrize("field", ["at", "actor", "action", "about", "details", "previous", "hash"])
def test_a_flipped_field_is_found_where_it_stands(chain, number, field):
    unguard(chain)
    old = next(row for row in sealed(chain) if row.entry.number == number)
    values = {
        "at": old.entry.at + timedelta(microseconds=1),
        "previous": ("1" if old.previous[0] != "1" else "2") + old.previous[1:],
        "hash": ("1" if old.hash[0] != "1" else "2") + old.hash[1:],
        "details": '{"people":9}',
    }
    run(chain, update(AuditRow).where(col(AuditRow.number) == number).values({field: values.get(field, "other")}))
    assert verified(chain) == number


@EVERYWHERE
def test_a_deleted_entry_is_found_and_the_last_one_by_an_anchor(chain, number):
    anchor = head(chain)
    unguard(chain)
    run(chain, f"DELETE FROM audit WHERE number = {number}")
    assert verified(chain) == (None if number == TAIL else number)
    assert verified(chain, anchor) == number


@pytest.mark.parametrize("number", [HEAD, MIDDLE, TAIL - 1])
def test_two_entries_in_each_others_place_are_found(chain, number):
    unguard(chain)
    places = {number: 99, number + 1: number, 99: number + 1}
    run(chain, *(f"UPDATE audit SET number = {to} WHERE number = {source}" for source, to in places.items()))
    assert verified(chain) == number


@EVERYWHERE
def test_an_entry_that_was_put_in_is_found_however_well_it_is_sealed(chain, number):
    before = sealed(chain)
    unguard(chain)
    for later in range(LENGTH, number - 1, -1):
        run(chain, f"UPDATE audit SET number = {later + 1} WHERE number = {later}")
    previous = before[number - 2].hash if number > HEAD else ORIGIN
    forged = seal(replace(before[number - 1].entry, about="payout 99"), previous)
    run(chain, f"UPDATE audit SET previous = '{'f' * 64}' WHERE number = {number + 1}")  # no two may follow the same
    with writing(chain) as session:
        session.add(stored_audit._row(forged))
    assert verified(chain) == number + 1
    assert verified(chain, (LENGTH, before[-1].hash)) in {number + 1, LENGTH}


def test_an_entry_at_the_end_that_nobody_sealed_is_found(chain):
    unguard(chain)
    columns = f"{LENGTH + 1}, at, actor, action, about, details, hash, '{'a' * 64}'"
    run(chain, f"INSERT INTO audit SELECT {columns} FROM audit WHERE number = {LENGTH}")
    assert verified(chain) == LENGTH + 1


@EVERYWHERE
def test_a_chain_that_was_sealed_anew_from_a_change_on_is_found_by_an_anchor(chain, number):
    anchor, before = head(chain), sealed(chain)
    unguard(chain)
    run(chain, f"DELETE FROM audit WHERE number >= {number}")
    previous = before[number - 2].hash if number > HEAD else ORIGIN
    for old in before[number - 1 :]:
        forged = seal(replace(old.entry, actor="account 9"), previous)
        with writing(chain) as session:
            session.add(stored_audit._row(forged))
        previous = forged.hash
    assert verified(chain) is None
    assert verified(chain, anchor) == LENGTH


@EVERYWHERE
def test_an_entry_cannot_be_replaced_by_putting_another_in(chain, number):
    columns = "number, at, 'account 9', action, about, details, previous, hash"
    source = f"SELECT {columns} FROM audit WHERE number = {number}"
    statement = (
        f"INSERT INTO audit {source} ON CONFLICT (number) DO UPDATE SET actor = 'account 9'"
        if chain.dialect.name == "postgresql"
        else f"INSERT OR REPLACE INTO audit {source}"
    )
    with pytest.raises(DatabaseError, match="only grows at its end"):
        run(chain, statement)
    assert verified(chain) is None


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@EVERYWHERE
def test_replacing_past_the_triggers_with_a_program_of_ones_own_is_found(chain, number):
    """SQLite runs no trigger for a row that another replaces, unless a connection asks for it, as ours do."""
    columns = f"{LENGTH + 1}, at, actor, action, about, details, previous, '{'a' * 64}'"
    with sqlite3.connect(chain.url.database) as connection:
        connection.execute(f"INSERT OR REPLACE INTO audit SELECT {columns} FROM audit WHERE number = {number}")
    connection.close()
    with reading(chain) as session:
        assert number not in set(session.scalars(select(AuditRow.number)))
    assert verified(chain) == number


@EVERYWHERE
def test_the_command_and_the_page_would_name_the_same_entry(chain, number):
    unguard(chain)
    run(chain, f"UPDATE audit SET actor = 'account 9' WHERE number = {number}")
    with reading(chain) as session:
        broken = audit.verify(session).broken
    assert (broken.number, broken.why) == (number, f"Entry {number} is not what was sealed: it was changed.")
