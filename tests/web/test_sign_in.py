"""Signing in and out: where one goes on, who is told what, and when a session ends."""

import hashlib
import re
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from sqlalchemy import text

from comp.db import reading, writing
from comp.roles import Role, whoever_has_the_machine
from comp.services import access, audit, passwords
from tests.web.company import EMPLOYEE, HR, NOW, PASSWORD
from tests.web.conftest import make_app
from tests.web.signing_in import moment, set_back
from tests.web.visitor import Visitor
from web import local_accounts

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


@pytest.mark.parametrize("email", [HR, "nobody@aurelia.example"])
def test_an_unknown_address_takes_the_same_work_as_a_known_one(visit, database, monkeypatch, email):
    compared, compare = [], passwords.CONTEXT.verify
    monkeypatch.setattr(passwords.CONTEXT, "verify", lambda *told: compared.append(told) or compare(*told))
    visit().get("/sign-in").submit("Sign in", 422, email=email, password=WRONG)
    assert [told[0] for told in compared] == [WRONG]
    with reading(database) as session:
        assert len(audit.search(session, "sign-in", 1)) == 1


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


def test_strangers_who_fail_lock_nobody_out_where_they_signed_in_before(visit):
    visitor = visit(HR)
    visitor.post("/sign-out")
    for _ in range(6):
        visit().get("/sign-in").submit("Sign in", 422, email=HR, password=WRONG)
    assert visit().get("/sign-in").submit("Sign in", 422, email=HR, password=PASSWORD).errors
    assert visitor.sign_in(HR).address == "/"


def test_the_cookie_of_a_known_browser_is_nothing_to_scripts_and_signs_nobody_in(visit, database, tmp_path):
    visitor = visit(HR)
    token = visitor.client.get_cookie("device")
    assert (token.http_only, token.same_site, token.path, token.secure) == (True, "Lax", "/", False)
    other = visit()
    other.client.set_cookie("device", token.value)
    assert other.get("/my-pay").address == "/sign-in"


def test_a_closed_account_opens_nothing_with_its_password_and_its_sessions(visit, database):
    visitor = visit(HR)
    with writing(database) as session:
        session.execute(text("UPDATE account SET is_active = false"))
    assert visitor.get("/payouts").address == "/sign-in"
    assert visit().get("/sign-in").submit("Sign in", 422, email=HR, password=PASSWORD).errors


def test_signing_out_ends_no_other_session(visit):
    here, elsewhere = visit(HR), visit(HR)
    here.get("/payouts").submit("Sign out")
    assert elsewhere.get("/payouts").address == "/payouts"


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
        account = access.find_account_by_email(session, EMPLOYEE)
        access.grant_roles(session, whoever_has_the_machine(), account, (Role.PAYROLL,), NOW)
    assert visitor.get("/").address == "/sign-in"
    visitor.sign_in(EMPLOYEE)
    assert visitor.get("/payroll").heading == "Payroll of 2025-Q4"


@pytest.mark.parametrize(
    ("column", "ago", "address"),
    [
        ("created_at", timedelta(hours=11, minutes=59), "/payouts"),
        ("created_at", timedelta(hours=12), "/sign-in"),
        ("seen_at", timedelta(minutes=29), "/payouts"),
        ("seen_at", timedelta(minutes=30), "/sign-in"),
    ],
)
def test_a_session_ends_after_twelve_hours_or_half_an_hour_of_rest(visit, database, column, ago, address):
    visitor = visit(HR)
    set_back(database, column, ago)
    assert visitor.get("/payouts").address == address


def test_how_long_a_session_may_rest_is_a_setting(database, tmp_path):
    visitor = Visitor(make_app(database, tmp_path, idle_minutes=5), HR)
    set_back(database, "seen_at", timedelta(minutes=4))
    assert visitor.get("/payouts").address == "/payouts"
    set_back(database, "seen_at", timedelta(minutes=5))
    assert visitor.get("/payouts").address == "/sign-in"


def test_whoever_goes_on_working_stays_signed_in(visit, database):
    visitor = visit(HR)
    for _ in range(3):
        set_back(database, "seen_at", timedelta(minutes=20))
        assert visitor.get("/payouts").address == "/payouts"


def test_a_page_is_read_while_somebody_else_writes(visit, database):
    visitor = visit(HR)
    set_back(database, "seen_at", timedelta(minutes=20))
    with writing(database) as session:
        session.execute(text("UPDATE account SET failures = 0"))
        assert visitor.get("/scores").address == "/scores"
    with reading(database) as session:
        assert datetime.now(UTC) - moment(session, "seen_at") > timedelta(minutes=19)
    visitor.get("/scores")
    with reading(database) as session:
        assert datetime.now(UTC) - moment(session, "seen_at") < timedelta(minutes=19)


def test_the_database_keeps_no_token_that_a_cookie_could_hold(visit, database):
    visitor = visit(HR)
    with visitor.client.session_transaction() as session:
        token = session["signed in"]
    with reading(database) as session:
        kept = session.execute(text("SELECT token_hash FROM account_session")).scalars().all()
    assert kept == [hashlib.sha256(token.encode()).hexdigest()]


@pytest.mark.parametrize("held", [7, ["a", 1], "", "made up"])
def test_a_cookie_with_what_nobody_put_there_opens_nothing(visit, held):
    visitor = visit(HR)
    with visitor.client.session_transaction() as session:
        session["signed in"] = held
    assert visitor.get("/payouts").address == "/sign-in"


@pytest.mark.parametrize(
    ("end", "address"), [("2020-01-01", "/sign-in"), (None, "/payouts"), ("2999-01-01", "/payouts")]
)
def test_whoever_left_the_company_is_signed_out_and_stays_out(visit, database, end, address):
    visitor = visit(HR)
    with writing(database) as session:
        session.execute(
            text("UPDATE person SET email = :email, employed_until = :end WHERE employee = '1001'"),
            {"email": HR, "end": end},
        )
    assert visitor.get("/payouts").address == address
    assert visit().get("/sign-in").submit("Sign in", 422 if end == "2020-01-01" else 200, email=HR, password=PASSWORD)


def test_whoever_left_and_came_back_under_another_number_may_sign_in(visit, database):
    with writing(database) as session:
        session.execute(text("UPDATE person SET email = :email WHERE employee IN ('1001', '1002')"), {"email": HR})
        session.execute(text("UPDATE person SET employed_until = '2021-01-01' WHERE employee = '1001'"))
    assert visit(HR).get("/payouts").address == "/payouts"


def test_a_page_does_not_renew_the_session(visit):
    assert "Set-Cookie" not in visit(HR).fetch("/payouts").headers


def test_a_cookie_that_somebody_changed_opens_nothing(visit):
    visitor = visit(HR)
    content, point, signature = visitor.client.get_cookie("loyaltypay").value.rpartition(".")
    visitor.client.set_cookie("loyaltypay", f"{content}{point}{'B' if signature[0] == 'A' else 'A'}{signature[1:]}")
    assert visitor.get("/payouts").address == "/sign-in"


def test_a_hash_of_other_costs_opens_and_is_then_made_anew(visit, database):
    other = PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    with writing(database) as session:
        session.execute(text("UPDATE account SET password_hash = :hash"), {"hash": other})
    assert visit().sign_in(HR).address == "/"
    with reading(database) as session:
        kept = session.execute(
            text("SELECT password_hash FROM account WHERE email = :email"), {"email": HR}
        ).scalar_one()
    assert kept.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert visit().sign_in(HR).address == "/"


@pytest.mark.parametrize("kept", ["", "damaged"])
def test_an_account_without_a_password_is_opened_by_none(visit, database, kept):
    with writing(database) as session:
        session.execute(text("UPDATE account SET password_hash = :hash"), {"hash": kept})
    for tried in (PASSWORD, "damaged", "x" * 5_000):
        assert visit().get("/sign-in").submit("Sign in", 422, email=HR, password=tried).errors


def test_a_password_is_compared_while_somebody_else_may_write(visit, database, monkeypatch):
    compare = local_accounts.is_password_of

    def compare_while_others_write(*told):
        with writing(database) as session:
            session.execute(text("UPDATE account SET failures = 0"))
        return compare(*told)

    monkeypatch.setattr(local_accounts, "is_password_of", compare_while_others_write)
    assert visit().sign_in(HR).address == "/"


def test_attempts_are_in_the_audit_chain_without_the_address(empty_app, sqlite_engine):
    def visit(email=None):
        return Visitor(empty_app, email)

    visit().get("/sign-in").submit("Sign in", 422, email="somebody@else.example", password=WRONG)
    visit().get("/sign-in").submit("Sign in", 422, email=HR, password=WRONG)
    visit(HR).get("/payouts").submit("Sign out")
    with reading(sqlite_engine) as session:
        told = [(each.entry.actor, each.entry.action) for each in audit.search(session, "", 1)][::-1]
        kept = "".join(str(each.entry) for each in audit.search(session, "", 1))
    assert [action for _, action in told] == ["sign-in refused", "sign-in failed", "signed in", "session ended"]
    assert {actor for actor, _ in told[1:]} == {"account 1"}
    assert re.fullmatch(r"unknown [0-9a-f]{16}", told[0][0])
    assert "somebody" not in kept
    assert HR not in kept


def test_with_local_sign_in_off_nobody_has_a_form_and_nothing_answers_one(database, tmp_path):
    provider = {"oidc_issuer": "https://id.example", "oidc_client_id": "pay", "oidc_client_secret": "kept"}
    visitor = Visitor(make_app(database, tmp_path, local_sign_in=False, **provider))
    page = visitor.get("/sign-in")
    assert not page.root.xpath("//input[@type='password']")
    assert visitor.post("/sign-in", 404, email=HR, password=PASSWORD)
    for address in ("/forgot", "/reset/x", "/sign-in/code"):
        visitor.get(address, 404)
    for address in ("/passkey/options", "/sign-in/passkey"):
        visitor.post(address, 404)


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
