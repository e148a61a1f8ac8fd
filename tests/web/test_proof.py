"""Asking again who one is, before what is sensitive: then one goes on where one was."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from comp.db import reading, writing
from comp.services import audit
from tests.web.company import APPROVER, EMPLOYEE, PASSWORD, PAYROLL, submit_plan
from tests.web.signing_in import app_code, forget_codes, set_back, set_up_app

WORKBOOK = "/payroll/2025-Q4/workbook"
DRAFT = "/plans/service@2026-01-01"
WRONG = "not this one"
LONG_AGO = timedelta(minutes=10)


def test_a_download_goes_on_once_the_password_is_given(visit, database):
    visitor = visit(PAYROLL)
    set_back(database, "proved_at", LONG_AGO)
    page = visitor.get(WORKBOOK)
    assert (page.address, page.heading) == ("/confirm", "Is it still you?")
    form = {"csrf_token": visitor.token(), "next": WORKBOOK, "password": PASSWORD}
    assert visitor.send("/confirm", form).location == WORKBOOK
    assert visitor.fetch(WORKBOOK).mimetype.endswith("spreadsheetml.sheet")


def test_a_proof_lasts_ten_minutes(visit, database):
    visitor = visit(PAYROLL)
    set_back(database, "proved_at", LONG_AGO - timedelta(seconds=30))
    assert visitor.fetch(WORKBOOK).status_code == 200


def test_after_a_button_one_comes_back_to_the_page_that_it_stands_on(visit, database):
    submit_plan(database)
    visitor = visit(APPROVER)
    page = visitor.get(DRAFT)
    set_back(database, "proved_at", LONG_AGO)
    visitor.client.environ_base["HTTP_REFERER"] = f"http://localhost{DRAFT}"
    page = page.submit("Publish")
    assert page.notes == ["Confirm that it is you. Then press the button again."]
    page = page.submit("Go on", password=PASSWORD)
    assert page.address == DRAFT
    assert page.submit("Publish").notes[0].startswith("Service incentive is published")


def test_a_page_elsewhere_is_never_come_back_to(visit, database):
    visitor = visit(APPROVER)
    set_back(database, "proved_at", LONG_AGO)
    visitor.client.environ_base["HTTP_REFERER"] = "https://evil.example//evil.example/x"
    page = visitor.post(f"{DRAFT}/publish").submit("Go on", password=PASSWORD)
    assert page.address == "/"


def test_htmx_is_sent_to_the_whole_page(visit, database):
    visitor = visit(PAYROLL)
    set_back(database, "proved_at", LONG_AGO)
    answer = visitor.fetch(WORKBOOK, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, f"/confirm?next={WORKBOOK}")


@pytest.mark.parametrize("given", [{"password": "not this one"}, {}, {"password": ""}])
def test_without_the_password_nothing_goes_on(visit, database, given):
    visitor = visit(PAYROLL)
    set_back(database, "proved_at", LONG_AGO)
    page = visitor.get(WORKBOOK).submit("Go on", 422, **given)
    assert page.errors == ["That is not right, or there were too many attempts."]
    assert visitor.get(WORKBOOK).address == "/confirm"


def test_proofs_are_slowed_down_as_signing_in_is(visit, database):
    page = visit(PAYROLL).get("/confirm")
    for _ in range(5):
        page = page.submit("Go on", 422, password=WRONG)
    assert page.submit("Go on", 422, password=PASSWORD).errors


def test_a_code_proves_it_too_once(app, visit, database):
    visitor = visit(PAYROLL)
    secret, _ = set_up_app(app, visitor)
    forget_codes(database)
    set_back(database, "proved_at", LONG_AGO)
    code = app_code(app, secret)
    assert visitor.get("/account/app").submit("Go on", code=code).address == "/account/app"
    set_back(database, "proved_at", LONG_AGO)
    assert visitor.get("/account/app").submit("Go on", 422, code=code).errors


def test_a_proof_gives_the_session_a_new_token_and_the_old_one_opens_nothing(visit, database):
    visitor = visit(PAYROLL)
    before = visitor.client.get_cookie("loyaltypay").value
    visitor.get("/confirm").submit("Go on", password=PASSWORD)
    assert visitor.get("/payroll").address == "/payroll"
    visitor.client.set_cookie("loyaltypay", before)
    assert visitor.get("/payroll").address == "/sign-in"
    with reading(database) as session:
        assert audit.search(session, "", 1)[0].entry.action == "confirmed"


def test_whoever_has_neither_password_nor_code_signs_in_anew(visit, database):
    visitor = visit(EMPLOYEE)
    with writing(database) as session:
        session.execute(text("UPDATE account SET password_hash = ''"))
    set_back(database, "proved_at", LONG_AGO)
    answer = visitor.fetch("/account/app", follow_redirects=True)
    assert answer.request.full_path == "/sign-in?next=/account/app"


def test_whoever_has_none_of_these_at_hand_may_sign_in_anew(visit, database):
    visitor = visit(PAYROLL)
    set_back(database, "proved_at", LONG_AGO)
    page = visitor.get("/confirm?next=/payroll").follow("Sign in anew")
    assert page.submit("Sign in", email=PAYROLL, password=PASSWORD).address == "/payroll"
    assert visitor.fetch(WORKBOOK).status_code == 200
