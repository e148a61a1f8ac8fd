"""A new password by a link: the same answer for everybody, opens once, not for long."""

import re
from datetime import timedelta

import pytest
from itsdangerous import TimestampSigner
from sqlalchemy import text

from comp.db import reading, writing
from comp.services import audit
from comp.services.accounts import RESET_WITHIN
from tests.web.company import EMPLOYEE, HR, PASSWORD
from tests.web.conftest import make_app
from tests.web.signing_in import link_in, mails
from tests.web.visitor import Visitor

NEW = "another good password"
SENT = "If this address has an account, a link is on its way to it. It opens once, for an hour."


@pytest.fixture
def link(visit, database):
    """The link that was sent to HR."""
    visit().get("/forgot").submit("Send the link", email=HR)
    return link_in(mails(database)[0][2])


def ask(visit, email):
    return visit().get("/sign-in").follow("Forgot your password?").submit("Send the link", email=email)


def test_a_link_is_sent_that_opens_the_form_for_a_new_password(visit, database):
    page = ask(visit, "HR@Aurelia.Example")
    assert (page.address, page.notes) == ("/sign-in", [SENT])
    ((to, subject, body),) = mails(database)
    assert (to, subject) == (HR, "A new password for Loyalty Pay")
    page = visit().get(link_in(body)).submit("Change the password", password=NEW)
    assert page.notes == ["Your password is changed. Sign in with it."]
    assert page.submit("Sign in", email=HR, password=NEW).address == "/"
    assert visit().get("/sign-in").submit("Sign in", 422, email=HR, password=PASSWORD).errors


def test_an_unknown_address_gets_the_same_answer_and_no_mail(visit, database):
    unknown, known = ask(visit, "nobody@aurelia.example"), ask(visit, HR)
    assert (unknown.address, unknown.text) == (known.address, known.text)
    assert [to for to, _, _ in mails(database)] == [HR]


@pytest.mark.parametrize(
    "change", ["UPDATE account SET is_active = false", "UPDATE account SET password_hash = ''", "left"]
)
def test_a_closed_account_one_without_a_password_and_somebody_who_left_get_no_mail(visit, database, change):
    with writing(database) as session:
        left = f"UPDATE person SET email = '{HR}', employed_until = '2020-01-01' WHERE employee = '1001'"  # noqa: S608
        session.execute(text(left if change == "left" else change))
    assert ask(visit, HR).notes == [SENT]
    assert mails(database) == []


def test_a_mailbox_is_not_flooded(visit, database):
    for _ in range(3):
        ask(visit, HR)
    assert len(mails(database)) == 1
    with writing(database) as session:
        session.execute(text("UPDATE account SET reset_asked_at = '2020-01-01 00:00:00'"))
    ask(visit, HR)
    assert len(mails(database)) == 2


def test_a_link_opens_once(visit, link):
    visit().get(link).submit("Change the password", password=NEW)
    page = visit().get(link, 404)
    assert page.heading == "This link opens nothing any more"
    assert visit().post(link, 404, password=NEW).address == link
    assert page.follow("Ask for another link").heading == "Forgot your password?"


def test_a_link_opens_nothing_after_an_hour(visit, link, monkeypatch):
    now = TimestampSigner.get_timestamp
    within, later = RESET_WITHIN - timedelta(minutes=1), RESET_WITHIN + timedelta(seconds=1)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now(self) + int(within.total_seconds()))
    visit().get(link)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now(self) + int(later.total_seconds()))
    assert visit().get(link, 404).heading == "This link opens nothing any more"


def test_a_link_opens_nothing_once_the_password_was_changed_otherwise_or_the_account_closed(visit, link, database):
    visit(HR).get("/account").submit("Change the password", current=PASSWORD, password=NEW)
    visit().get(link, 404)
    visit().get("/forgot").submit("Send the link", email=EMPLOYEE)
    later = link_in(mails(database)[-1][2])
    with writing(database) as session:
        session.execute(text("UPDATE account SET is_active = false"))
    visit().get(later, 404)


def test_a_link_that_somebody_made_up_or_changed_opens_nothing(visit, link):
    for made_up in ("/reset/x", f"{link}x", f"{link[:-1]}", "/reset/WyIxLjAiLG51bGxd.aaaa.bbbb"):
        visit().get(made_up, 404)


def test_a_new_password_ends_every_session_and_every_wait(visit, link, database):
    visitor = visit(HR)
    for _ in range(6):
        visit().get("/sign-in").submit("Sign in", 422, email=HR, password=NEW)
    visit().get(link).submit("Change the password", password=NEW)
    assert visitor.get("/payouts").address == "/sign-in"
    assert visit().get("/sign-in").submit("Sign in", email=HR, password=NEW).address == "/"
    with reading(database) as session:
        assert {"reset asked for", "password reset"} <= {each.entry.action for each in audit.search(session, "", 1)}


def test_a_new_password_that_is_too_short_is_told_at_its_field(visit, link):
    page = visit().get(link).submit("Change the password", 422, password=NEW[:9])
    assert page.errors == ["New password: A password has 10 to 1,000 characters."]


@pytest.mark.parametrize(
    ("password", "why"), [("Password2026", "tried first"), ("employee of the year", "does not have 'employee' in it")]
)
def test_a_new_password_that_would_be_guessed_is_told_at_its_field(visit, database, password, why):
    visitor = visit()
    visitor.get("/forgot").submit("Send the link", email=EMPLOYEE)
    page = visitor.get(link_in(mails(database)[0][2])).submit("Change the password", 422, password=password)
    assert page.errors[0].startswith("New password: ")
    assert why in page.errors[0]
    assert visit(EMPLOYEE).get("/").address == "/"


def test_an_address_is_asked_for(visit):
    assert visit().get("/forgot").submit("Send the link", 422).errors == ["E-mail: Type your e-mail address."]


def ask_at(visitor, base):
    """Ask for a link of an application that is reached by another name."""
    page = visitor.client.get("/forgot", base_url=base)
    token = re.search(r'name="csrf_token" type="hidden" value="([^"]+)"', page.text)[1]
    return visitor.send("/forgot", {"csrf_token": token, "email": HR}, base_url=base)


def test_a_mail_leads_to_the_address_that_was_set_and_never_to_one_that_a_request_names(database, tmp_path):
    settings = {"address": "https://pay.aurelia.example/", "trusted_hosts": ("other.example",)}
    visitor = Visitor(make_app(database, tmp_path, **settings))
    assert ask_at(visitor, "http://other.example").status_code == 302
    ((_, _, body),) = mails(database)
    assert "\nhttps://pay.aurelia.example/reset/" in body
    assert "other" not in body


def test_without_an_address_no_mail_is_sent_on_a_strangers_word(database, tmp_path):
    visitor = Visitor(make_app(database, tmp_path, trusted_hosts=("other.example",)))
    answer = ask_at(visitor, "http://other.example")
    assert answer.status_code == 422
    assert "Those who run it set LOYALTYPAY_ADDRESS" in answer.text
    assert mails(database) == []
