"""`audit verify`: the proof of the chain on the command line."""

import sqlite3

import pytest

from comp.db import connect, reading, writing
from comp.services import audit
from web.cli.context import now
from web.database import disposed


@pytest.fixture
def noted(initialised):
    """A database with three entries; gives its address."""
    with disposed(connect(initialised)) as engine:
        for number in range(3):
            with writing(engine) as session:
                audit.note(session, "command line", now(), "read", f"payout {number}")
    return initialised


def head(url):
    with disposed(connect(url)) as engine, reading(engine) as session:
        return str(audit.head(session))


def test_a_chain_without_entries_holds(run, initialised):
    told = run("audit", "verify")
    assert (told.code, told.out) == (0, "The chain holds: it has no entries yet\n")


def test_a_chain_that_holds_is_told_with_its_head(run, noted):
    told = run("audit", "verify", "--anchor", head(noted))
    assert (told.code, told.out) == (0, f"The chain holds: {head(noted)}\n")


def test_a_touched_entry_is_named(run, noted):
    touch(noted, "UPDATE audit SET about = 'payout 9' WHERE number = 2")
    told = run("audit", "verify")
    assert (told.code, told.out) == (1, "")
    assert told.err == "The chain is broken at entry 2. Entry 2 is not what was sealed: it was changed.\n"


def test_entries_cut_off_at_the_end_are_found_by_an_anchor(run, noted):
    anchor = head(noted)
    touch(noted, "DELETE FROM audit WHERE number = 3")
    assert run("audit", "verify").code == 0
    told = run("audit", "verify", "--anchor", anchor)
    assert told.err == "The chain is broken at entry 3. The chain ends at 2, and an anchor knows of 3.\n"


def test_what_is_no_anchor_is_a_fault_of_usage(run, initialised):
    told = run("audit", "verify", "--anchor", "9f86")
    assert told.code == 2
    assert "'9f86' is not an anchor" in told.err


def touch(url, statement):
    """Do what somebody can who has the file itself: take the triggers away first."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as connection:
        for trigger in ("audit_update", "audit_delete"):
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute(statement)
    connection.close()
