"""One's own account: the name, the password, and where one is signed in."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from comp.db import reading, writing
from comp.services import audit
from tests.web.company import EMPLOYEE, HR, PASSWORD
from tests.web.conftest import make_app
from tests.web.signing_in import mails, set_back
from tests.web.visitor import Visitor

NEW = "another good password"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


def actions(database):
    with reading(database) as session:
        return [each.entry.action for each in audit.search(session, "", 1)][::-1]


def test_the_user_menu_leads_to_the_account(visit):
    page = visit(HR).get("/scores").follow("Account")
    assert (page.address, page.heading) == ("/account", "Your account")
    assert HR in page.answer.text


def test_a_name_is_changed_everywhere(visit):
    page = visit(HR).get("/account").submit("Change the name", name=" Helena Reis ")
    assert page.notes == ["Your name is changed."]
    assert page.follow("Account").value("name") == "Helena Reis"
    assert "Helena Reis · HR" in page.answer.text


@pytest.mark.parametrize(
    ("name", "why"), [("", "Type your name."), (" ", "Type your name."), ("x" * 101, "At most 100 characters.")]
)
def test_a_name_that_cannot_be_is_told_at_its_field(visit, name, why):
    page = visit(HR).get("/account").submit("Change the name", 422, name=name)
    assert page.errors == [f"Name: {why}"]
    assert page.title == "Error: Account · Loyalty Pay"


def test_a_new_password_opens_the_account_and_ends_all_other_sessions(visit, database):
    here, elsewhere = visit(HR), visit(HR)
    page = here.get("/account").submit("Change the password", current=PASSWORD, password=NEW)
    assert page.notes == ["Your password is changed. You are signed out everywhere else."]
    assert here.get("/payouts").address == "/payouts"
    assert elsewhere.get("/payouts").address == "/sign-in"
    assert visit().get("/sign-in").submit("Sign in", 422, email=HR, password=PASSWORD).errors
    assert visit().get("/sign-in").submit("Sign in", email=HR, password=NEW).address == "/"
    assert "changed: password" in actions(database)
    assert [(to, subject) for to, subject, _ in mails(database)] == [(HR, "Your account at Loyalty Pay was changed")]


@pytest.mark.parametrize(
    ("current", "new", "why"),
    [
        ("not this one", NEW, "The present password is not right, or there were too many attempts."),
        (PASSWORD, "too short", "New password: A password has 10 to 1,000 characters."),
        (PASSWORD, "x" * 1_001, "New password: A password has 10 to 1,000 characters."),
        ("", NEW, "Present password: Type the password that you have now."),
    ],
)
def test_a_password_is_changed_only_by_who_knows_the_present_one(visit, current, new, why):
    visitor = visit(HR)
    page = visitor.get("/account").submit("Change the password", 422, current=current, password=new)
    assert page.errors == [why]
    assert visit().sign_in(HR).address == "/"


def test_guessing_the_present_password_is_slowed_down_as_signing_in_is(visit):
    page = visit(HR).get("/account")
    for _ in range(5):
        page = page.submit("Change the password", 422, current="not this one", password=NEW)
    assert page.submit("Change the password", 422, current=PASSWORD, password=NEW).errors


def test_sessions_are_listed_with_their_browsers_and_this_one_is_marked(app, visit):
    visitor, other = visit(HR), Visitor(app)
    other.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    other.sign_in(HR)
    rows = visitor.get("/account").rows("Where you are signed in")
    assert [row[0] for row in rows] == ["Firefox on Windows", "A browser this one"]
    visit(EMPLOYEE)
    assert len(visitor.get("/account").rows("Where you are signed in")) == 2


def test_one_session_is_ended_and_the_others_are_not(visit, database):
    here, first, second = visit(HR), visit(HR), visit(HR)
    page = here.get("/account").submit("End session 3")
    assert page.notes == ["The session has ended."]
    assert first.get("/scores").address == "/scores"
    assert second.get("/scores").address == "/sign-in"
    assert actions(database)[-1] == "session ended"


def test_all_other_sessions_are_ended_at_once(visit):
    here, others = visit(HR), [visit(HR), visit(HR)]
    somebody_else = visit(EMPLOYEE)
    assert here.get("/account").submit("End all others").notes == ["2 other sessions have ended."]
    assert [each.get("/payouts").address for each in others] == ["/sign-in"] * 2
    assert here.get("/account").address == somebody_else.get("/account").address == "/account"
    assert "End all others" not in here.get("/account").buttons()


def test_nobody_ends_the_session_of_somebody_else(visit):
    visit(EMPLOYEE)
    victim, other = visit(HR), visit(EMPLOYEE)
    other.post("/account/sessions/2/end", 404)
    other.post("/account/sessions/99/end", 404)
    assert victim.get("/payouts").address == "/payouts"


def test_sessions_that_are_over_are_not_listed_and_not_kept(visit, database):
    visit(HR)
    set_back(database, "created_at", timedelta(hours=12))
    visitor = visit(HR)
    assert len(visitor.get("/account").rows("Where you are signed in")) == 1
    with reading(database) as session:
        assert session.execute(text("SELECT count(*) FROM account_session")).scalar_one() == 1


def test_an_account_without_local_sign_in_has_a_name_and_sessions_and_nothing_to_sign_in_with(database, tmp_path):
    app = make_app(database, tmp_path)
    visitor = Visitor(app, HR)
    app.extensions["loyaltypay"] = type(app.extensions["loyaltypay"])(
        database, app.extensions["loyaltypay"].settings.model_copy(update={"local_sign_in": False})
    )
    page = visitor.get("/account")
    assert page.buttons()[-2:] == ["Change the name", "Write them so"]
    assert visitor.post("/account/password", 404)
    assert visitor.fetch("/account/app").status_code == 404


def test_a_closed_account_is_not_signed_in_by_a_session_that_was_begun(visit, database):
    visitor = visit(HR)
    with writing(database) as session:
        session.execute(text("UPDATE account SET is_active = false"))
    assert visitor.get("/account").address == "/sign-in"
