"""Codes of an authenticator app, and recovery codes: asked for, each opens once, kept so that a copy tells nothing."""

import re

import pytest
from sqlalchemy import text

from comp.db import reading, writing
from comp.services import accounts, audit
from tests.web.company import EMPLOYEE, HR, NOW, PASSWORD
from tests.web.conftest import make_app
from tests.web.signing_in import app_code, forget_codes, mails, recovery_codes, set_up_app
from tests.web.visitor import Visitor

OTHER_KEY = "another key of thirty-two letters"
WRONG = "This is not the code, it was used already, or there were too many attempts."


@pytest.fixture
def secured(app, visit, database):
    """HR's app and recovery codes."""
    secret, codes = set_up_app(app, visit(HR))
    forget_codes(database)
    return secret, codes


def give_password(visit, there="/payouts"):
    """The page after the password."""
    return visit().get(there).submit("Sign in", email=HR, password=PASSWORD)


def test_after_the_password_the_code_opens_the_page_that_was_asked_for(app, visit, secured):
    page = give_password(visit)
    assert (page.address, page.heading) == ("/sign-in/code", "The code of your app")
    assert page.visitor.get("/payouts").address == "/sign-in"
    assert page.submit("Go on", code=app_code(app, secured[0])).address == "/payouts"


def test_a_code_with_spaces_opens_too(app, visit, secured):
    code = app_code(app, secured[0])
    assert give_password(visit).submit("Go on", code=f" {code[:3]} {code[3:]} ").address == "/payouts"


def test_a_code_opens_once(app, visit, secured):
    code = app_code(app, secured[0])
    give_password(visit).submit("Go on", code=code)
    assert give_password(visit).submit("Go on", 422, code=code).errors == [WRONG]


@pytest.mark.parametrize("code", ["000000", "12", "x", "aaaa-bbbb-cccc", "٠٠٠٠٠٠"])
def test_another_code_opens_nothing(visit, secured, code):
    page = give_password(visit).submit("Go on", 422, code=code)
    assert page.errors == [WRONG]
    assert page.visitor.get("/payouts").address == "/sign-in"


def test_a_recovery_code_opens_once_and_the_others_stay(visit, secured, database):
    _, codes = secured
    assert len(set(codes)) == 10
    assert give_password(visit).submit("Go on", code=codes[0].upper()).address == "/payouts"
    assert give_password(visit).submit("Go on", 422, code=codes[0]).errors == [WRONG]
    page = give_password(visit).submit("Go on", code=codes[1])
    assert "8 recovery codes left" in page.visitor.get("/account").text
    with reading(database) as session:
        assert [each.entry.action for each in audit.search(session, "recovery code used", 1)] == [
            "recovery code used"
        ] * 2


def test_whoever_has_the_password_may_not_guess_codes_without_end(app, visit, secured):
    for _ in range(5):
        give_password(visit).submit("Go on", 422, code="000000")
    page = visit().get("/sign-in").submit("Sign in", 422, email=HR, password=PASSWORD)
    assert page.errors == ["The address and the password do not belong together, or there were too many attempts."]


def test_the_code_page_is_nobodys_without_the_password_and_not_for_long(visit, secured):
    assert visit().get("/sign-in/code").address == "/sign-in"
    page = give_password(visit)
    with page.visitor.client.session_transaction() as session:
        uniquifier, _ = session["half signed in"]
        session["half signed in"] = [uniquifier, "2020-01-01T00:00:00+00:00"]
    assert page.submit("Go on", code=secured[1][0]).address == "/sign-in"


def test_a_code_opens_nothing_where_the_password_was_changed_in_between(app, visit, secured, database):
    page = give_password(visit)
    with writing(database) as session:
        accounts.end_sessions(session, accounts.find_credentials(session, HR).account)
    assert page.submit("Go on", code=secured[1][0]).address == "/sign-in"


def test_secrets_and_recovery_codes_are_kept_encrypted(app, visit, secured, database):
    secret, codes = secured
    with app.app_context():
        key = app.extensions["security"].totp_factory.get_totp_b32_key(secret)
    with reading(database) as session:
        kept = session.execute(text("SELECT secret FROM account_factor")).scalar_one()
        kept_codes = session.execute(text("SELECT code FROM recovery_code")).scalars().all()
    assert key not in kept
    assert len(kept_codes) == 10
    assert not [code for code in codes if code in "".join(kept_codes) or code.replace("-", "") in "".join(kept_codes)]


def test_under_another_secret_key_no_code_opens_until_the_factors_are_reset(app, visit, secured, database, tmp_path):
    other = Visitor(make_app(database, tmp_path, secret_key=OTHER_KEY))
    page = other.get("/sign-in").submit("Sign in", email=HR, password=PASSWORD)
    page = page.submit("Go on", 422, code=app_code(app, secured[0])).submit("Go on", 422, code=secured[1][0])
    assert page.errors == [WRONG]
    with writing(database) as session:
        accounts.reset_factors(session, HR, "command line", NOW)
    assert other.sign_in(HR).address == "/"


def test_an_app_is_set_up_only_with_a_code_that_it_shows(app, visit, database):
    visitor = visit(HR)
    page = visitor.get("/account/app")
    (picture,) = page.root.xpath("//img/@src")
    assert picture.startswith("data:image/svg+xml")
    key = page.root.xpath("//main//code")[0].text
    assert re.fullmatch(r"([A-Z2-7]{1,4}-?)+", key)
    again = page.submit("Ask for codes from now on", 422, code="000000")
    assert again.errors == ["This is not the code that the app shows now. Check the time of your telephone."]
    assert again.root.xpath("//main//code")[0].text == key
    assert "not set up" in visitor.get("/account").text
    assert mails(database) == []


def test_setting_up_renewing_and_removing_is_told_by_mail_and_in_the_audit_chain(app, visit, database):
    visitor = visit(HR)
    _, first = set_up_app(app, visitor)
    page = visitor.get("/account").submit("Make new recovery codes")
    second = recovery_codes(page)
    assert len(set(first + second)) == 20
    page = visitor.get("/account").submit("Ask for no codes any more")
    assert page.notes == ["No codes are asked for any more when you sign in."]
    assert give_password(visit).address == "/payouts"
    with reading(database) as session:
        told = [each.entry.action for each in audit.search(session, "changed: ", 1)][::-1]
    assert told == ["changed: app", "changed: codes", "changed: no app"]
    assert [to for to, _, _ in mails(database)] == [HR] * 3


def test_old_recovery_codes_open_nothing_after_new_ones_were_made(app, visit, secured):
    page = give_password(visit).submit("Go on", code=secured[1][0])
    page.visitor.get("/account").submit("Make new recovery codes")
    assert give_password(visit).submit("Go on", 422, code=secured[1][1]).errors == [WRONG]


def test_recovery_codes_are_for_those_who_have_an_app(visit):
    page = visit(EMPLOYEE).post("/account/recovery-codes")
    assert page.address == "/account"
    assert not recovery_codes(page)
