"""What those see who watch over the servers, and under which names the pages answer."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from comp.db import reading, writing
from comp.services import clock
from tests.web.conftest import make_app
from tests.web.visitor import Visitor
from web.app import create_app
from web.clock import running
from web.settings import Settings
from web.worker import Declared


@pytest.fixture
def watched(engine, tmp_path):
    """A visitor of pages beside which a clock goes."""
    machine = Settings(home=tmp_path)
    with running(engine, machine, Declared({}, {})):
        until(engine)
        yield Visitor(create_app(machine, engine))


def until(engine):
    """Wait for the clock's first beat."""
    is_silent = True
    while is_silent:
        with reading(engine) as session:
            is_silent = clock.is_silent(session, datetime.now(UTC))


def said(visitor, address):
    answer = visitor.fetch(address)
    return answer.status_code, answer.mimetype, answer.text


def test_a_server_that_can_do_its_work_says_so(watched):
    assert said(watched, "/healthz") == (200, "text/plain", "up\n")
    assert said(watched, "/readyz") == (200, "text/plain", "ready\n")


@pytest.mark.parametrize(("version", "why"), [("0001", "older than the program"), ("9999", "newer than the program")])
def test_a_database_of_another_version_is_not_ready_and_only_the_log_tells_why(watched, engine, caplog, version, why):
    with writing(engine) as session:
        session.execute(text(f"UPDATE alembic_version SET version_num = '{version}'"))  # noqa: S608 - two fixed texts
    assert said(watched, "/readyz") == (503, "text/plain", "not ready\n")
    assert said(watched, "/healthz") == (200, "text/plain", "up\n")
    assert why in caplog.text


def test_a_database_that_does_not_answer_is_not_ready(tmp_path, database, caplog):
    app = make_app(database, tmp_path)
    database.dispose()
    (tmp_path / "company.db").write_bytes(b"no database at all\n" * 500)
    (tmp_path / "company.db-wal").unlink(missing_ok=True)
    assert said(Visitor(app), "/readyz") == (503, "text/plain", "not ready\n")
    assert "cannot be used" in caplog.text


def test_where_no_clock_goes_or_it_fell_silent_nothing_is_ready(sqlite_engine, tmp_path, caplog):
    machine = Settings(home=tmp_path)
    visitor = Visitor(create_app(machine, sqlite_engine))
    assert said(visitor, "/readyz")[0] == 503
    with writing(sqlite_engine) as session:
        clock.beat(session, "elsewhere", datetime.now(UTC) - timedelta(minutes=3), is_sure=False)
    assert said(visitor, "/readyz")[0] == 503
    assert "nothing was heard of the clock for two minutes" in caplog.text
    with writing(sqlite_engine) as session:
        clock.beat(session, "elsewhere", datetime.now(UTC), is_sure=False)
    assert said(visitor, "/readyz")[0] == 200


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]", "[::1]:8000"])
def test_a_machine_without_a_name_answers_as_itself(visit, host):
    assert visit().fetch("/help", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.2", "[::2]", "[::1", "[", "localhost@evil.example", "", "a b"],
)
@pytest.mark.parametrize("address", ["/help", "/", "/nowhere", "/healthz", "/readyz", "/static/app.css"])
def test_another_name_is_refused_in_one_line_that_says_nothing(visit, host, address):
    answer = visit().fetch(address, headers={"Host": host})
    said = (answer.status_code, answer.mimetype, answer.text)
    assert said == (400, "text/plain", "This server does not answer to that name.\n")


def test_the_names_that_are_set_are_answered_to_and_no_others(database, tmp_path, caplog):
    visitor = Visitor(make_app(database, tmp_path, trusted_hosts=("pay.example", ".company.example", "[2001:db8::7]")))
    answers = {
        host: visitor.fetch("/help", headers={"Host": host}).status_code
        for host in (
            "pay.example",
            "pay.example:8443",
            "pay.company.example",
            "[2001:db8::7]:8443",
            "[::1]",
            "my-pay.example",
        )
    }
    assert answers == {
        "pay.example": 200,
        "pay.example:8443": 200,
        "pay.company.example": 200,
        "[2001:db8::7]:8443": 200,
        "[::1]": 400,
        "my-pay.example": 400,
    }
    assert "'my-pay.example', which LOYALTYPAY_TRUSTED_HOSTS does not name" in caplog.text
