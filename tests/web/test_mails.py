"""The page of mails that did not go out: for admins, without what they say."""

from datetime import UTC, datetime, timedelta

import pytest

from comp.db import writing
from comp.services import mail
from tests.web.company import ADMIN, HR
from web.presentation import moment

NOW = datetime.now(UTC) - timedelta(hours=1)
STRANGER = "somebody.else@elsewhere.example"


@pytest.fixture
def failed(database):
    """Three mails: one to HR that was refused, one that met no server, and one that waits."""
    reasons = {HR: f"550 no mailbox <{HR}>", STRANGER: "Connection refused", "third@x.example": None}
    for recipient, why in reasons.items():
        with writing(database) as session:
            mail.queue(session, recipient, "A subject of one", "Hello Ana, follow the link.", NOW)
            if why:
                mail.note_failure(session, mail.take(session, NOW), why, NOW)
    return database


def test_an_admin_sees_what_failed_by_account_or_domain_and_nothing_that_it_says(visit, failed):
    page = visit(ADMIN).get("/mails")
    again = moment(NOW + timedelta(minutes=1))
    assert [row[1:5] for row in page.rows()] == [
        ["somebody at elsewhere.example no server, waits", "no server took it", "1", again],
        ["account 1 at aurelia.example answered 550, waits", "the server answered 550", "1", again],
    ]
    for hidden in ("Ana", "follow", "subject", "somebody.else", HR, "mailbox", "refused"):
        assert hidden not in page.text
    assert "3 mails wait to be sent" in page.text


def test_a_mail_is_tried_again_at_once(visit, failed):
    page = visit(ADMIN).post("/mails/1/retry")
    assert (page.address, page.notes) == ("/mails", ["Mail 1 is tried again within a minute."])
    assert page.buttons().count("Try again") == 2
    with writing(failed) as session:
        assert mail.take(session, datetime.now(UTC)).id in {1, 3}
    assert page.visitor.post("/mails/77/retry", 404).heading == "There is nothing here"


def test_where_nothing_failed_the_page_says_so(visit):
    page = visit(ADMIN).get("/mails")
    assert "No mail failed" in page.text
    assert "No mail waits to be sent" in page.text
    assert "LOYALTYPAY_SMTP_URL" in page.text
