"""`mail send`: what is due is sent once, and what became of it is told."""

import re

from comp.db import connect, writing
from comp.services import mail
from tests.post import postbox
from web.cli.context import now
from web.database import disposed


def queue(url, *recipients):
    with disposed(connect(url)) as engine, writing(engine) as session:
        for to in recipients:
            mail.queue(session, to, "A subject", "A text.", now())


def test_what_is_due_is_sent_and_told(run, initialised, monkeypatch):
    queue(initialised, "ana@company.example", "ben@company.example")
    monkeypatch.setenv("LOYALTYPAY_MAIL_FROM", "pay@company.example")
    with postbox() as box:
        monkeypatch.setenv("LOYALTYPAY_SMTP_URL", box.url())
        told, again = run("mail", "send"), run("mail", "send")
    assert (told.code, told.out, told.err) == (0, "2 mails sent, 0 waiting.\n", "")
    assert (again.code, again.out) == (0, "0 mails sent, 0 waiting.\n")
    assert box.recipients == ["ana@company.example", "ben@company.example"]


def test_what_could_not_be_sent_is_told_with_when_it_is_tried_again(run, initialised, monkeypatch):
    queue(initialised, "gone@company.example", "ana@company.example")
    monkeypatch.setenv("LOYALTYPAY_MAIL_FROM", "pay@company.example")
    with postbox() as box:
        box.refusals["gone@company.example"] = "550 no such person"
        monkeypatch.setenv("LOYALTYPAY_SMTP_URL", box.url())
        told = run("mail", "send")
    assert (told.code, told.out) == (1, "1 mail sent, 1 waiting.\n")
    again = r"  mail 1: 550 no such person\. It is tried again after \d\d:\d\d UTC\.\n"
    assert re.fullmatch(rf"1 mail could not be sent\.\n{again}", told.err)
    with disposed(connect(initialised)) as engine, writing(engine) as session:
        session.connection().exec_driver_sql("UPDATE outbox SET attempts = 11, next_try_at = queued_at WHERE id = 1")
    with postbox() as box:
        box.refusals["gone@company.example"] = "550 no such person"
        monkeypatch.setenv("LOYALTYPAY_SMTP_URL", box.url())
        told = run("mail", "send")
    assert told.out == "0 mails sent, 0 waiting.\n"
    assert told.err.endswith("  mail 1: 550 no such person. It was the last try.\n")


def test_without_a_server_mails_are_only_printed(run, initialised, caplog):
    queue(initialised, "ana@company.example")
    assert run("mail", "send").out == "1 mail sent, 0 waiting.\n"
    assert "To: ana@company.example\nSubject: A subject\n\nA text.\n" in caplog.text
