"""Replaying runs: identical whatever changed since, honest where something differs, on both databases."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from comp.db import reading, writing
from comp.errors import LoyaltyPayError, NotFoundError, RefusedError
from comp.models import RunSnapshotRow
from comp.roles import Account
from comp.services import calculation, replays
from comp.store import runs
from tests.services.test_calculation import RICH, RULES
from tests.stored import EVERYBODY, NOW, PEOPLE, RESULTS, calculated, company, publish, taken


def replayed(engine, stored):
    with reading(engine) as session:
        return replays.replay(session, EVERYBODY, stored)


def without_triggers(engine, statement):
    """Run a statement as somebody does who owns the database."""
    with writing(engine) as session:
        connection = session.connection()
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET session_replication_role = replica")
        else:
            names = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'keep_run%'"
            for (name,) in connection.exec_driver_sql(names).all():
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(statement)


def test_a_run_is_replayed_identically_although_the_facts_changed_since(engine):
    company(engine, **RICH)
    publish(engine, **RULES)
    stored, _ = calculated(engine)
    taken(engine, "results", RESULTS.replace("50", "90"))
    taken(engine, "people", PEOPLE.partition("2,Bob")[0].replace("4000", "9000"))
    done = replayed(engine, stored)
    assert (done.is_identical, done.differences, done.people) == (True, (), 7)
    assert not done.other_engine


def test_a_run_with_holds_is_replayed_identically(engine):
    company(engine, **RICH)
    publish(engine, **RULES | {"applies_to": "everyone"})
    stored, run = calculated(engine)
    assert run.held
    assert replayed(engine, stored).is_identical


def test_the_digest_of_a_runs_inputs_is_that_of_its_snapshot_and_stands_in_the_audit_chain(engine):
    from comp.services import audit

    company(engine)
    publish(engine)
    stored, _ = calculated(engine)
    with reading(engine) as session:
        (entry,) = audit.search(session, "calculate", 1)
    assert stored.origin.inputs_sha256 in entry.entry.details


def test_an_amount_that_was_changed_in_the_database_is_found(engine):
    company(engine)
    publish(engine)
    stored, _ = calculated(engine)
    without_triggers(engine, "UPDATE run_payout SET amount_minor = 100001 WHERE employee = '1'")
    done = replayed(engine, stored)
    (found,) = done.differences
    assert (found.employee, str(found.stored), str(found.replayed)) == ("1", "1000.01", "1000.00")
    assert found.why == "1000.01 EUR in the run, 1000.00 in the replay."
    assert (done.is_identical, done.count) == (False, 1)


def test_steps_that_were_changed_in_the_database_are_found_although_the_amount_is_the_same(engine):
    company(engine)
    publish(engine)
    stored, _ = calculated(engine)
    without_triggers(engine, "UPDATE run_piece SET cost_centre = 'C9' WHERE employee = '2'")
    (found,) = replayed(engine, stored).differences
    assert (found.employee, found.why) == ("2", "The amount is the same, but the steps to it are not.")


def test_a_snapshot_that_was_touched_is_refused(engine):
    company(engine)
    publish(engine)
    stored, _ = calculated(engine)
    emptied = "SET document = X''" if engine.dialect.name == "sqlite" else "SET document = ''"
    without_triggers(engine, "UPDATE run_snapshot " + emptied)
    with pytest.raises(LoyaltyPayError, match="The snapshot is damaged"):
        replayed(engine, stored)


def test_the_database_refuses_to_change_or_remove_a_snapshot(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    for statement in ("UPDATE run_snapshot SET run_id = run_id", "DELETE FROM run_snapshot"):
        with pytest.raises(IntegrityError, match="a run never changes"), writing(engine) as session:
            session.connection().exec_driver_sql(statement)


def test_a_run_without_a_snapshot_is_refused_in_words(engine):
    company(engine)
    publish(engine)
    stored, _ = calculated(engine)
    without_triggers(engine, "DELETE FROM run_snapshot")
    with pytest.raises(RefusedError, match="Run 1 of 2025-Q3 was calculated before the facts of runs were kept"):
        replayed(engine, stored)


def test_a_replay_by_another_version_of_the_program_says_so_and_whether_it_agrees(engine, monkeypatch):
    company(engine)
    publish(engine)
    stored, _ = calculated(engine)
    monkeypatch.setattr(replays, "ENGINE", "9.9.9")
    done = replayed(engine, stored)
    assert (done.other_engine, done.engine, stored.origin.engine) == (True, "9.9.9", calculation.ENGINE)
    assert done.is_identical


def test_only_so_many_differences_are_kept_and_all_are_counted(engine, monkeypatch):
    company(engine)
    publish(engine)
    stored, _ = calculated(engine)
    without_triggers(engine, "UPDATE run_payout SET amount_minor = 1")
    monkeypatch.setattr(replays, "_MOST", 1)
    done = replayed(engine, stored)
    assert (len(done.differences), done.count) == (1, 2)


def test_a_run_that_cannot_be_stored_keeps_no_snapshot(engine, monkeypatch):
    company(engine)
    publish(engine)
    monkeypatch.setattr(runs, "save_run", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        calculated(engine)
    with reading(engine) as session:
        assert session.get(RunSnapshotRow, 1) is None


def test_whoever_does_not_see_everybodys_pay_replays_nothing(engine):
    company(engine)
    publish(engine)
    stored, _ = calculated(engine)
    manager = Account(1, "m@example.org", "M", (), 0, "1")
    with reading(engine) as session, pytest.raises(NotFoundError, match="Run 2025-Q3/1 is not for you to see"):
        replays.replay(session, manager, stored)


def test_a_replay_is_noted_with_its_outcome(engine):
    from comp.services import audit

    company(engine)
    publish(engine)
    stored, _ = calculated(engine)
    with writing(engine) as session:
        done = replace(replays.replay(session, EVERYBODY, stored), count=3)
        replays.note_replay(session, done, "auditor@example.org", NOW)
        (entry,) = audit.search(session, "replay", 1)
    assert (entry.entry.action, entry.entry.about) == ("replay", "run 2025-Q3 1")
    assert '"differences":3' in entry.entry.details
