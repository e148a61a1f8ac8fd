"""Sending: by a real mail server, encrypted where it must be, each mail once however many processes send."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import trustme
from sqlalchemy import text, update

from comp.db import reading, writing
from comp.models import OutboxRow
from comp.services import mail
from tests.conftest import PROJECT
from tests.post import PASSWORD, USER, postbox
from web.mail import drain
from web.settings import Settings

SENDER = "Löyalty Pay <pay@company.example>"
SUBJECT, BODY = "Your scores – 2026-Q2", "Grüße!\n\nSee https://pay.company.example/scores\n.\nFrom here on nothing.\n"
LOGIN = f"{USER}:p%40ss%2Fword@"
DRAIN = """
import sys
from comp.db import connect
from web.mail import drain
from web.settings import Settings
engine = connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(drain(engine, Settings(smtp_url=sys.argv[2], mail_from="pay@company.example")).sent)
engine.dispose()
"""


def queue(engine, *recipients, subject=SUBJECT, body=BODY):
    with writing(engine) as session:
        for to in recipients:
            mail.queue(session, to, subject, body, datetime.now(UTC))


def sent(engine, address, **told):
    return drain(engine, Settings(smtp_url=address, mail_from=SENDER), **told)


def waiting(engine):
    with reading(engine) as session:
        return mail.count_waiting(session)


def test_a_mail_arrives_as_it_was_written(sqlite_engine):
    queue(sqlite_engine, "ana@company.example")
    with postbox() as box:
        assert sent(sqlite_engine, box.url()).sent == 1
    [arrived] = box.mails
    assert box.envelopes == [("pay@company.example", ["ana@company.example"])]
    assert (arrived["From"], arrived["To"], arrived["Subject"]) == (SENDER, "ana@company.example", SUBJECT)
    assert arrived.get_content().replace("\r\n", "\n") == BODY
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Message-ID"].endswith("@company.example>")
    assert abs(arrived["Date"].datetime - datetime.now(UTC)) < timedelta(hours=1)
    assert (box.encrypted, waiting(sqlite_engine)) == ([False], 0)


def test_processes_that_send_at_once_send_each_mail_exactly_once(engine, url):
    everybody = [f"person{n}@company.example" for n in range(40)]
    queue(engine, *everybody)
    with postbox() as box:
        command = [sys.executable, "-c", DRAIN, url, box.url()]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        running = [subprocess.Popen(command, cwd=PROJECT, **pipes) for _ in range(3)]  # noqa: S603 - the test's own
        assert [process.stdout.readline() for process in running] == ["ready\n"] * 3
        with ThreadPoolExecutor(3) as pool:
            ended = list(pool.map(lambda process: process.communicate("go\n"), running))
    assert [err for _, err in ended] == [""] * 3
    assert sum(int(out) for out, _ in ended) == 40
    assert sorted(box.recipients) == sorted(everybody)
    assert waiting(engine) == 0


def test_a_mail_whose_sender_was_killed_is_sent_by_the_next_and_bears_the_same_name(sqlite_engine):
    queue(sqlite_engine, "ana@company.example")
    with postbox() as box:
        sent(sqlite_engine, box.url())
        with writing(sqlite_engine) as session:  # as it stood before the first sender noted what it had done
            session.execute(update(OutboxRow).values(sent_at=None, next_try_at=datetime.now(UTC), body=BODY))
        sent(sqlite_engine, box.url())
    first, second = box.mails
    assert first["Message-ID"] == second["Message-ID"]


def test_a_person_whom_the_server_refuses_does_not_keep_the_others_from_their_mail(engine):
    queue(engine, "gone@company.example", "ana@company.example")
    with postbox() as box:
        box.refusals["gone@company.example"] = "550 5.1.1 no such person"
        done = sent(engine, box.url())
        assert sent(engine, box.url()).failures == ()  # it has to wait
    assert (done.sent, box.recipients) == (1, ["ana@company.example"])
    [failure] = done.failures
    assert failure.why == "550 5.1.1 no such person"
    assert failure.again_at - datetime.now(UTC) < timedelta(minutes=1)
    with reading(engine) as session:
        assert session.execute(text("SELECT attempts, last_error FROM outbox ORDER BY id")).all() == [
            (1, "550 5.1.1 no such person"),
            (1, ""),
        ]


def test_where_no_server_answers_one_mail_is_tried_and_the_others_wait_for_their_turn(sqlite_engine, caplog):
    queue(sqlite_engine, "ana@company.example", "ben@company.example")
    with postbox() as box:
        address = box.url()
    done = sent(sqlite_engine, address)
    assert (done.sent, len(done.failures), waiting(sqlite_engine)) == (0, 1, 2)
    assert "Connection refused" in done.failures[0].why
    assert "mail 1 was not sent: ConnectionRefusedError" in caplog.text
    assert "ana@" not in caplog.text


def test_a_clock_that_stops_ends_the_sending_between_two_mails(sqlite_engine):
    queue(sqlite_engine, "ana@company.example", "ben@company.example")
    with postbox() as box:
        assert sent(sqlite_engine, box.url(), may_go_on=lambda: not box.mails).sent == 1
    assert waiting(sqlite_engine) == 1


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def trusted(authority, tmp_path, monkeypatch):
    """The machine trusts the authority that certified the tests' servers."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.mark.parametrize(
    ("kind", "scheme", "options"), [("starttls", "smtp", "?starttls=required"), ("tls", "smtps", "")]
)
def test_user_and_password_travel_encrypted(sqlite_engine, authority, trusted, kind, scheme, options):
    queue(sqlite_engine, "ana@company.example")
    with postbox(kind, authority) as box:
        assert sent(sqlite_engine, box.url(scheme, LOGIN, options)).sent == 1
    assert (box.recipients, box.encrypted) == (["ana@company.example"], [True])


@pytest.mark.parametrize(
    ("kind", "scheme", "options"), [("starttls", "smtp", "?starttls=required"), ("tls", "smtps", "")]
)
def test_a_server_that_nobody_vouches_for_gets_nothing(sqlite_engine, kind, scheme, options):
    queue(sqlite_engine, "ana@company.example")
    with postbox(kind) as box:
        [failure] = sent(sqlite_engine, box.url(scheme, LOGIN, options)).failures
    assert "CERTIFICATE_VERIFY_FAILED" in failure.why
    assert box.mails == []


def test_a_server_that_does_not_encrypt_gets_nothing_where_it_must(sqlite_engine):
    queue(sqlite_engine, "ana@company.example")
    with postbox() as box:
        [failure] = sent(sqlite_engine, box.url(options="?starttls=required")).failures
    assert "STARTTLS" in failure.why
    assert box.mails == []


def test_a_wrong_password_is_told_by_what_the_server_says(sqlite_engine, authority, trusted):
    queue(sqlite_engine, "ana@company.example")
    with postbox("tls", authority) as box:
        [failure] = sent(sqlite_engine, box.url("smtps", f"{USER}:wrong@")).failures
    assert failure.why.startswith("535 ")
    assert PASSWORD not in failure.why


def test_without_a_server_a_mail_is_printed_to_the_log(sqlite_engine, caplog):
    queue(sqlite_engine, "ana@company.example")
    assert drain(sqlite_engine, Settings()).sent == 1
    assert "To: ana@company.example\nSubject: Your scores – 2026-Q2\n\nGrüße!" in caplog.text
    assert waiting(sqlite_engine) == 0


def test_where_pages_are_served_by_https_no_mail_is_printed_and_all_wait_for_a_server(sqlite_engine, caplog):
    queue(sqlite_engine, "ana@company.example", "ben@company.example")
    machine = Settings(secure_cookies=True, trusted_hosts=("pay.example",))
    done = drain(sqlite_engine, machine)
    assert (done.sent, [each.why for each in done.failures]) == (0, ["LOYALTYPAY_SMTP_URL is not set"])
    assert waiting(sqlite_engine) == 2
    assert "Grüße" not in caplog.text
    assert "ana@" not in caplog.text
