"""Signing in and out: where one goes on, who is told what, and when a session ends."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from comp.db import writing
from comp.roles import Role
from comp.services import accounts
from tests.web.company import EMPLOYEE, HR, PASSWORD
from web.access import LONGEST_SESSION

WRONG = "not this one"


def test_whoever_signs_in_comes_to_the_page_that_was_asked_for(visit):
    visitor = visit()
    page = visitor.get("/payouts?quarter=2025-Q3&q=Ada")
    assert page.heading == "Sign in"
    page = page.submit("Sign in", email=HR, password=PASSWORD)
    assert page.answer.request.full_path == "/payouts?quarter=2025-Q3&q=Ada"


def test_whoever_asked_for_nothing_comes_to_the_home_page(visit):
    assert visit().sign_in(HR).address == "/"
    assert visit().get("/").address == "/sign-in"
    assert visit().fetch("/").location == "/sign-in"


def test_an_address_is_read_in_any_case(visit):
    assert visit().sign_in("HR@Aurelia.Example").address == "/"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example/",
        "/\\evil.example/",
        "/\t/evil.example/",
        "/\n/evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "evil.example",
        "//[",
        "/%2f%2fevil.example\\@",
        "",
        " /payouts",
    ],
)
def test_nobody_is_sent_to_another_site(visit, elsewhere):
    visitor = visit()
    fields = {"csrf_token": visitor.token(), "email": HR, "password": PASSWORD, "next": elsewhere}
    answer = visitor.send("/sign-in", fields)
    assert (answer.status_code, answer.location) == (302, "/")
    answer = visitor.send("/theme", {"csrf_token": visitor.token(), "theme": "dark", "next": elsewhere})
    assert (answer.status_code, answer.location) == (302, "/")


@pytest.mark.parametrize("here", ["/payouts?quarter=2025-Q4&q=a", "/plans/p@2025-01-01", "/", "/payouts/2025-Q4/1/2"])
def test_an_address_of_this_site_is_gone_on_to(visit, here):
    visitor = visit()
    fields = {"csrf_token": visitor.token(), "email": HR, "password": PASSWORD, "next": here}
    assert visitor.send("/sign-in", fields).location == here


def test_a_wrong_password_and_an_unknown_address_are_told_the_same(visit):
    wrong = visit().get("/sign-in").submit("Sign in", 422, email=HR, password=WRONG)
    unknown = visit().get("/sign-in").submit("Sign in", 422, email="nobody@aurelia.example", password=WRONG)
    assert wrong.text.replace(HR, "") == unknown.text.replace("nobody@aurelia.example", "")
    assert wrong.errors == ["The address and the password do not belong together, or there were too many attempts."]
    assert wrong.title == "Error: Sign in · Loyalty Pay"


def test_a_form_without_address_and_password_says_what_is_missing(visit):
    page = visit().get("/sign-in").submit("Sign in", 422)
    assert page.errors == ["E-mail: Type your e-mail address.", "Password: Type your password."]


def test_a_password_is_never_sent_back(visit):
    assert WRONG not in visit().get("/sign-in").submit("Sign in", 422, email=HR, password=WRONG).text


def test_after_five_failures_the_right_password_waits_too(visit, database):
    for _ in range(5):
        visit().get("/sign-in").submit("Sign in", 422, email=HR, password=WRONG)
    assert visit().get("/sign-in").submit("Sign in", 422, email=HR, password=PASSWORD).errors
    assert visit(EMPLOYEE).get("/").address == "/"
    with writing(database) as session:
        session.execute(text("UPDATE account SET blocked_until = '2020-01-01 00:00:00+00:00'"))
    assert visit().sign_in(HR).address == "/"


def test_a_closed_account_opens_nothing_with_its_password_and_its_sessions(visit, database):
    visitor = visit(HR)
    with writing(database) as session:
        session.execute(text("UPDATE account SET is_active = false"))
    assert visitor.get("/payouts").address == "/sign-in"
    assert visit().get("/sign-in").submit("Sign in", 422, email=HR, password=PASSWORD).errors


def test_signing_out_ends_the_session_and_every_copy_of_its_cookie(visit):
    visitor = visit(HR)
    cookie = visitor.client.get_cookie("loyaltypay")
    assert visitor.get("/payouts").submit("Sign out").address == "/sign-in"
    assert visitor.get("/payouts").address == "/sign-in"
    visitor.client.set_cookie("loyaltypay", cookie.value)
    assert visitor.get("/payouts").address == "/sign-in"


def test_changed_roles_hold_after_signing_in_anew(visit, database):
    visitor = visit(EMPLOYEE)
    with writing(database) as session:
        accounts.grant_roles(session, EMPLOYEE, (Role.PAYROLL,))
    assert visitor.get("/").address == "/sign-in"
    visitor.sign_in(EMPLOYEE)
    assert visitor.get("/payroll").heading == "Payroll of 2025-Q4"


def test_a_session_ends_after_twelve_hours_whatever_is_done_in_it(visit):
    visitor = visit(HR)
    with visitor.client.session_transaction() as session:
        account, epoch, until = session["signed in"]
        assert abs(datetime.fromisoformat(until) - datetime.now(UTC) - LONGEST_SESSION) < timedelta(minutes=5)
        session["signed in"] = [account, epoch, datetime.now(UTC).isoformat()]
    assert visitor.get("/payouts").address == "/sign-in"


def test_a_page_does_not_renew_the_session(visit):
    assert "Set-Cookie" not in visit(HR).fetch("/payouts").headers


def test_a_cookie_that_somebody_changed_opens_nothing(visit):
    visitor = visit(HR)
    content, point, signature = visitor.client.get_cookie("loyaltypay").value.rpartition(".")
    visitor.client.set_cookie("loyaltypay", f"{content}{point}{'B' if signature[0] == 'A' else 'A'}{signature[1:]}")
    assert visitor.get("/payouts").address == "/sign-in"


def test_signing_in_starts_a_session_of_its_own(visit):
    visitor = visit()
    before = visitor.token()
    visitor.sign_in(HR)
    answer = visitor.send("/sign-out", {"csrf_token": before})
    assert answer.status_code == 400


def test_htmx_is_sent_to_the_whole_page_where_the_session_ended(visit):
    answer = visit().fetch("/payouts?q=Ada", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.text) == (204, "")
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/payouts?q%3DAda"
