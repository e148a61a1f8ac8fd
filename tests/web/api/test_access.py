"""Who may ask what: every operation by every role, by every scope, and without a token."""

from datetime import timedelta

import pytest
from flask import Blueprint
from sqlalchemy import text

from comp.db import reading, writing
from comp.roles import Role, whoever_has_the_machine
from comp.services import access as accounts_access
from comp.services import accounts
from comp.tokens import Scope
from tests.web.api.matrix import API_MATRIX, EVERYBODY
from tests.web.api.program import Program, token_of
from tests.web.company import ADMIN, APPROVER, EMPLOYEE, HR, MANAGER, NOW, PAYROLL
from tests.web.conftest import make_app
from tests.web.visitor import Visitor
from web import access
from web.access import require_registration
from web.api.routing import OPERATIONS
from web.state import now


def status_of(asking: Program, method: str, address: str) -> int:
    answer = asking.client.open(f"/api/v1{address}", method=method, headers=asking.headers, buffered=True)
    return answer.status_code


@pytest.mark.parametrize("email", sorted(EVERYBODY))
def test_each_role_gets_what_is_for_it_and_a_refusal_elsewhere(app, database, email):
    asking = Program(app, _widened(database, token_of(database, email)))
    expected = {(row[0], row[1]): row[4] if email in row[3] else 403 for row in API_MATRIX}
    got = {(row[0], row[1]): status_of(asking, row[1], row[2]) for row in API_MATRIX if row[0] != "api_jobs.find_job"}
    got |= {("api_jobs.find_job", "GET"): status_of(asking, "GET", "/jobs/999")}
    assert got == expected


def _widened(database, token):
    """Let a token have every scope, as if its owner had been allowed more when it was made."""
    with writing(database) as session:
        session.execute(text("UPDATE api_token SET scopes = :all"), {"all": " ".join(sorted(Scope))})
    return token


@pytest.mark.parametrize("scope", Scope)
def test_a_token_opens_what_its_scope_is_for_and_nothing_else(app, database, scope):
    owner = PAYROLL if scope in {Scope.RELEASES_READ, Scope.PAID_WRITE} else HR
    asking = Program(app, token_of(database, owner, (scope,)))
    opened = {row[0] for row in API_MATRIX if status_of(asking, row[1], row[2]) != 403}
    assert opened == {one.endpoint for one in OPERATIONS.values() if one.scope is scope}


def test_without_a_token_with_a_wrong_one_and_with_a_session_alone_nothing_opens(app, database):
    signed_in = Visitor(app, HR)
    right = token_of(database, HR)
    for method, address in ((row[1], f"/api/v1{row[2]}") for row in API_MATRIX):
        assert signed_in.client.open(address, method=method, buffered=True).status_code == 401, address
    for header in ("Bearer lp_none", f"Bearer {right[:-1]}", f"Basic {right}", right, "Bearer", "bearer \ufffd"):
        answer = app.test_client().get(
            "/api/v1/units", headers={"Authorization": header.encode("utf-8").decode("latin-1")}
        )
        assert answer.status_code == 401, header
        assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="Loyalty Pay"')
    assert app.test_client().get("/api/v1/units", headers={"Authorization": f"bearer {right}"}).status_code == 200


def test_a_token_opens_no_page(app, database):
    answer = app.test_client().get("/people", headers={"Authorization": f"Bearer {token_of(database, HR)}"})
    assert answer.status_code == 404
    answer = app.test_client().get("/payouts", headers={"Authorization": f"Bearer {token_of(database, HR)}"})
    assert answer.location == "/sign-in?next=/payouts"


def test_no_other_site_is_let_in(app, database):
    headers = {"Authorization": f"Bearer {token_of(database, HR)}", "Origin": "https://elsewhere.example"}
    answer = app.test_client().get("/api/v1/units", headers=headers)
    assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]
    assert app.test_client().options("/api/v1/units", headers=headers).status_code == 405


def test_a_token_loses_what_its_owner_loses_at_once_and_dies_with_the_account(app, database):
    asking = Program(app, token_of(database, HR))
    asking.get("/people")
    with writing(database) as session:
        owner = accounts_access.find_account_by_email(session, HR)
        accounts_access.grant_roles(session, whoever_has_the_machine(), owner, (Role.ADMIN,), NOW)
    refused = asking.get("/people", 403)
    assert refused["detail"] == "Whose token it is may not read everybody's payouts any more. An admin grants roles."
    asking.get("/units")
    with writing(database) as session:
        accounts.close_account(session, HR, ADMIN, NOW)
    asking.get("/units", 401)


def test_a_refusal_by_scope_is_told_and_noted(app, database):
    asking = Program(app, token_of(database, HR, (Scope.UNITS_READ,)))
    answer = asking.ask("GET", "/people", 403)
    assert 'error="insufficient_scope", scope="people:read"' in answer.headers["WWW-Authenticate"]
    with reading(database) as session:
        last = session.execute(text("SELECT action, about FROM audit ORDER BY number DESC LIMIT 1")).one()
    assert tuple(last) == ("refuse", "api_people.list_people")


def test_what_one_may_not_see_looks_like_what_there_is_not(program):
    manager = program(MANAGER)
    unseen, missing = (manager.get(f"/quarters/2025-Q4/payouts/{who}", 404) for who in ("1003", "9003"))
    assert unseen == {**missing, "detail": missing["detail"].replace("9003", "1003")}
    assert manager.get("/quarters/2025-Q4/payouts/1004")["employee"] == "1004"


def test_a_manager_reads_the_team_and_nobody_else(program):
    seen = program(MANAGER).get("/quarters/2025-Q4/payouts")["payouts"]
    assert [each["employee"] for each in seen] == ["1001", "1002", "1004", "1007"]


def test_looks_at_others_pay_are_noted_as_on_pages(program, database):
    hr = program(HR)
    hr.get("/people/1001")
    hr.get("/people")
    hr.get("/quarters/2025-Q4/payouts/1001")
    hr.get("/quarters/2025-Q4/payouts?limit=2")
    with reading(database) as session:
        rows = session.execute(text("SELECT about, details FROM audit WHERE action = 'read' ORDER BY number"))
        assert [tuple(row) for row in rows] == [
            ("person 1001", "{}"),
            ("people", '{"people":7}'),
            ("payout 2025-Q4 1001", "{}"),
            ("payouts 2025-Q4", '{"people":2}'),
        ]


def test_last_use_is_noted(app, database):
    Program(app, token_of(database, EMPLOYEE)).get("/units")
    with reading(database) as session:
        used = session.execute(text("SELECT used_at FROM api_token")).scalar_one()
    assert used is not None


def test_whoever_asks_too_often_waits(database, tmp_path):
    app = make_app(database, tmp_path, api_requests_a_minute=2)
    asking = Program(app, token_of(database, APPROVER))
    other = Program(app, token_of(database, HR))
    asking.get("/units")
    asking.get("/units")
    answer = asking.ask("GET", "/units", 429)
    assert 0 < int(answer.headers["Retry-After"]) <= 60
    other.get("/units")
    stranger = Program(app, None)
    assert [stranger.ask("GET", "/units", status).status_code for status in (401, 401, 429)] == [401, 401, 429]


def test_a_route_of_the_api_that_says_no_scope_keeps_the_application_from_starting(own_app, monkeypatch):
    monkeypatch.setattr(access, "_NEEDS", {**access._NEEDS, "open": Scope.UNITS_READ.needs})
    own_app.add_url_rule("/api/v1/open", "open", lambda: "everything")
    with pytest.raises(RuntimeError, match="/api/v1/open does not say which scope it needs"):
        require_registration(own_app)


def test_an_operation_is_registered_with_its_scope(monkeypatch):
    monkeypatch.setattr(access, "_NEEDS", {})
    monkeypatch.setattr(access, "_SCOPES", {})
    blueprint = Blueprint("ledger", __name__)
    access.token_route(blueprint, "/api/v1/ledger", Scope.RUNS_WRITE, "POST")(show)
    assert access.need_of("ledger.show") is Scope.RUNS_WRITE.needs
    assert access.scope_of("ledger.show") is Scope.RUNS_WRITE


def show():
    """A view of a blueprint that no application has."""


def test_a_token_that_ran_out_opens_nothing(app, database):
    token = token_of(database, HR, days=1)
    with writing(database) as session:
        gone = (now() - timedelta(seconds=1)).strftime("%Y-%m-%d %H:%M:%S.%f")
        session.execute(
            text("UPDATE api_token SET made_at = '2020-01-01 00:00:00', expires_at = :gone"), {"gone": gone}
        )
    Program(app, token).get("/units", 401)
