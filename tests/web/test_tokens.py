"""Tokens on the account's page: made after a proof, shown once, listed, revoked; and the page about the API."""

from datetime import timedelta

from sqlalchemy import text

from comp.db import reading
from tests.web.api.program import Program
from tests.web.company import ADMIN, HR, PAYROLL
from tests.web.signing_in import set_back
from web.api.routing import OPERATIONS


def make(visitor, **fields):
    page = visitor.get("/account/tokens")
    return page.submit("Make the token", **{"name": "SAP payroll", "days": "30", "scopes": ["units:read"], **fields})


def test_a_token_is_made_shown_once_used_and_revoked(app, visit):
    visitor = visit(HR)
    page = make(visitor, scopes=["people:read", "units:read"])
    assert page.heading == "Your new token"
    token = page.root.xpath("//pre[@class='secret']")[0].text
    assert token.startswith("lp_")
    asking = Program(app, token)
    asking.get("/people")
    asking.get("/plans", 403)
    page = page.follow("I have copied it")
    assert token not in page.answer.text
    row = page.table("Your tokens")[0]
    assert row["Token"].startswith("SAP payroll " + token[:9])
    assert row["Opens"] == "people:read, units:read"
    assert row["Last used"] != "not yet"
    page = page.submit("Revoke SAP payroll")
    assert page.notes == ["The token is revoked. Whatever used it is refused from now on."]
    assert "Nothing asks in your name." in page.text
    asking.get("/people", 401)


def test_only_what_one_may_oneself_is_offered_and_made(visit):
    offered = visit(ADMIN).get("/account/tokens").root.xpath("//input[@name='scopes']/@value")
    assert offered == ["units:read", "scores:read", "jobs:read"]
    visitor = visit(PAYROLL)
    page = visitor.post("/account/tokens", 422, name="SAP", days="90", scopes="plans:write")
    assert page.errors == ["plans:write opens nothing for you: your roles do not let you write plans."]


def test_a_form_that_lacks_something_says_what(visit):
    page = visit(HR).post("/account/tokens", 422, name="", days="366", scopes=[])
    assert page.errors == [
        "Name: Type what the token is for, such as the name of the system.",
        "Days: A token lasts 1 to 365 days.",
        "What it opens: Tick at least one thing that the token opens.",
    ]
    page = visit(HR).post("/account/tokens", 422, name=" ", days="x", scopes=["none"])
    assert len(page.errors) == 3


def test_making_one_asks_for_a_proof_and_another_ones_is_not_there(visit, database):
    visitor = visit(HR)
    make(visitor)
    visit(PAYROLL).post("/account/tokens/1/revoke", 404)
    set_back(database, "proved_at", timedelta(minutes=10))
    token = visitor.token()
    answer = visitor.send("/account/tokens", {"csrf_token": token, "name": "x", "days": "1", "scopes": "units:read"})
    assert answer.location.startswith("/confirm")
    with reading(database) as session:
        assert session.execute(text("SELECT count(*) FROM api_token")).scalar_one() == 1


def test_the_page_about_the_api_tells_every_operation_with_an_example(visit):
    page = visit().get("/help/api")
    assert len(page.root.xpath("//article")) == len(OPERATIONS)
    asking = next(each for each in page.root.xpath("//article") if each.get("id") == "payouts_list_payouts")
    example = asking.xpath(".//pre")[0].text
    assert example.startswith("curl http://localhost/api/v1/quarters/2026-Q2/payouts")
    assert '-H "Authorization: Bearer $LP_TOKEN"' in example
    assert '"payable"' in asking.xpath(".//pre")[1].text


def test_the_document_is_for_everybody_and_tells_nothing_of_the_company(visit):
    found = visit().fetch("/api/v1/openapi.json").get_json()
    assert found["openapi"] == "3.1.0"
    assert {one.endpoint.removeprefix("api_").replace(".", "_") for one in OPERATIONS.values()} == {
        each["operationId"] for path in found["paths"].values() for each in path.values()
    }


def test_help_and_the_account_lead_there(visit):
    visitor = visit(HR)
    assert "/help/api" in visitor.get("/help").links()
    assert "/account/tokens" in visitor.get("/account").links()
