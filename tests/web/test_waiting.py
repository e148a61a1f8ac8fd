"""A long calculation keeps nobody waiting, and nothing of others' pay is shown that is not in the audit chain."""

import pytest
from sqlalchemy import text

import comp.db
from comp.calculate import calculate
from comp.db import Engine, noting, reading, writing
from comp.errors import ChangedError, UnavailableError
from comp.services import accounts, audit, calculation, reads
from comp.store import runs
from tests.stored import EVERYBODY, NOW, Q3, company, publish, taken
from tests.web.company import EMPLOYEE, MANAGER
from web.calculating import calculate_and_store


@pytest.fixture
def ready(engine):
    company(engine)
    publish(engine)
    return engine


def meanwhile(monkeypatch, act):
    """Let something happen on another connection while the next calculation is under way."""

    def calculated(facts, told):
        act()
        return calculate(facts, told)

    monkeypatch.setattr(calculation, "calculate", calculated)


def look(engine: Engine) -> None:
    with noting(engine) as session:
        reads.note_read(session, EVERYBODY, Q3, ["1"], NOW)


def add_account(engine: Engine) -> None:
    with writing(engine) as session:
        accounts.add_account(session, "ann@example.org", "Ann", "ten or more letters", ())
        audit.note(session, "ann@example.org", NOW, "signed in", "session 1", how="password")


def actions(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return [each.entry.action for each in audit.search(session, "", 1)]


def test_while_a_quarter_is_calculated_pay_is_read_and_people_sign_in(ready, monkeypatch):
    meanwhile(monkeypatch, lambda: [look(ready), add_account(ready)])
    stored, run = calculate_and_store(ready, Q3, "hr@example.org", NOW)
    assert (stored.number, len(run.payouts)) == (1, 2)
    assert actions(ready)[:3] == ["calculate", "signed in", "read"]


def restate(engine):
    taken(engine, "results", "unit,quarter,metric,value\nU,2025-Q3,k,90\n")


def publish_another(engine):
    publish(engine, id="another", applies_to={"units": ["V"]})


def calculate_too(engine):
    with writing(engine) as session:
        session.execute(text("SELECT 1"))
        audit.note(session, "hr@example.org", NOW, "calculate", "run 2025-Q3 1")


@pytest.mark.parametrize("change", [restate, publish_another, calculate_too])
def test_a_run_of_what_is_out_of_date_by_the_time_it_is_stored_is_not_stored(ready, monkeypatch, change):
    meanwhile(monkeypatch, lambda: change(ready))
    with pytest.raises(ChangedError, match="somebody imported, published or calculated something"):
        calculate_and_store(ready, Q3, "hr@example.org", NOW)
    with reading(ready) as session:
        assert runs.list_runs(session) == []


def hurried(engine: Engine) -> Engine:
    """The same database for somebody who does not wait for locks."""
    return engine.execution_options(hurries=True)


def look_hurriedly(engine: Engine) -> None:
    with noting(hurried(engine)) as session:
        if engine.dialect.name == "postgresql":
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        reads.note_read(session, EVERYBODY, Q3, ["1"], NOW)


def test_one_at_a_time_appends_to_the_chain(engine):
    with writing(engine) as session:
        audit.note(session, "hr@example.org", NOW, "import", "batch 1")
        with pytest.raises(UnavailableError):
            look_hurriedly(engine)
    look_hurriedly(engine)
    assert actions(engine) == ["read", "import"]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_on_postgresql_looking_waits_for_no_writer_that_has_not_come_to_its_entry(engine):
    with writing(engine) as session:
        session.execute(text("UPDATE setting SET value = value"))
        look_hurriedly(engine)
        audit.note(session, "hr@example.org", NOW, "import", "batch 1")
    assert actions(engine) == ["import", "read"]


def test_pay_of_others_is_shown_only_once_it_is_noted_and_all_else_goes_on(visit, database, monkeypatch):
    manager, employee = visit(MANAGER), visit(EMPLOYEE)
    database.dispose()
    monkeypatch.setattr(comp.db, "_PATIENCE", "PRAGMA busy_timeout=0")
    with writing(database) as session:
        session.connection()
        for address in ("/payouts", "/payouts/2025-Q4/1002"):
            page = manager.get(address, 503)
            assert "EUR" not in page.answer.text
            assert "Ben" not in page.answer.text
        for address in ("/", "/my-pay", "/payouts/2025-Q4/1001", "/scores"):
            manager.get(address)
        employee.get("/payouts/2025-Q4/1004")
    assert "Ben Brito" in manager.get("/payouts/2025-Q4/1002").text
