"""The log: what happened, without pay, passwords, tokens, cookies and names."""

import logging
import re
from decimal import Decimal

import pytest
import requests
from sqlalchemy import text

from comp.db import reading, writing
from comp.roles import Permission
from comp.services import audit
from comp.store import runs
from tests.idp import CLIENT, SECRET, idp
from tests.post import postbox
from tests.web.company import EMPLOYEE, HR, MANAGER, NAMES, PASSWORD, PAYROLL, Q3, Q4, ROLES
from tests.web.conftest import make_app
from tests.web.signing_in import link_in, mails, set_up_app
from tests.web.test_provider import BACK, go, path
from tests.web.visitor import Visitor
from web import access
from web.mail import drain
from web.settings import Settings

WRONG, NEW = "seven wrong guesses", "eight blue elephants"


OURS = ("web", "comp", "importers", "exports", "authlib", "flask", "waitress", "werkzeug", "apscheduler", "sqlalchemy")
TESTS_OWN = ("mail.log", "asyncio", "urllib3")
"""Logs of the mail server and of the browser that stand beside the product here."""


@pytest.fixture
def log(caplog, capfd):
    """Everything that is logged, and everything that is printed."""
    caplog.set_level(logging.INFO)
    for name in OURS:
        caplog.set_level(logging.INFO if name == "sqlalchemy" else logging.DEBUG, name)

    def told() -> str:
        ours = [record for record in caplog.records if not record.name.startswith(TESTS_OWN)]
        lines = [f"{record.getMessage()} {record.exc_text or ''} {record.args}" for record in ours]
        return "\n".join([*lines, *capfd.readouterr()])

    return told


def cookies(visitor: Visitor) -> list[str]:
    """The session's cookie, and the token that it holds."""
    with visitor.client.session_transaction() as session:
        return [visitor.client.get_cookie("loyaltypay").value, session["signed in"], visitor.token()]


def amounts(database) -> set[str]:
    """What everybody is paid, in every way of writing it."""
    with reading(database) as session:
        found = [runs.load_run(session, runs.find_run(session, quarter)) for quarter in (Q3, Q4)]
    paid = [payout.amount for run in found for payout in run.payouts if payout.amount.minor]
    return {way for amount in paid for way in (str(amount), f"{Decimal(str(amount)):,}", f" {amount.minor}")}


def test_nothing_that_happens_puts_pay_passwords_tokens_cookies_or_names_into_the_log(
    database, tmp_path, log, monkeypatch
):
    with idp(sub="hr-1", email=HR, email_verified=True, name="Hr Provider") as provider, postbox() as box:
        app = make_app(
            database, tmp_path, oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET
        )
        monkeypatch.setitem(access._NEEDS, "boom", Permission.READ_SCORES)
        app.add_url_rule("/boom/<name>", "boom", lambda name: {}[name] if name == "" else 1 // 0)
        secrets = [PASSWORD, WRONG, NEW, SECRET, *amounts(database), *NAMES.values(), *ROLES]
        secrets += _sign_in(app, database)
        secrets += _ask_for_a_new_password(app, database, box)
        secrets += _come_by_the_provider(app, provider)
        secrets += _look_at_pay(app)
    said, kept = log(), _chain(database)
    assert [secret for secret in secrets if secret in kept] == []
    assert "mail 1 was not sent" in said
    assert "a sign-in at the identity provider failed" in said
    assert "unforeseen error" in said
    assert [secret for secret in secrets if secret in said] == []


def _chain(database) -> str:
    """All that the audit chain says, but for what may look like an amount: hashes and moments."""
    with reading(database) as session:
        entries = [sealed.entry for sealed in audit.search(session, "", 1)]
    assert {"sign-in failed", "read", "refuse", "download", "password reset", "linked identity"} <= {
        entry.action for entry in entries
    }
    return "\n".join(f"{entry.actor}; {entry.action}; {entry.about}; {entry.details}" for entry in entries)


def _sign_in(app, database) -> list[str]:
    stranger = Visitor(app)
    for email, password in ((HR, WRONG), ("nobody@aurelia.example", WRONG), ("", "")):
        stranger.get("/sign-in").submit("Sign in", 422, email=email, password=password)
    visitor = Visitor(app, EMPLOYEE)
    before = cookies(visitor)
    visitor.get("/confirm").submit("Go on", 422, password=WRONG)
    visitor.get("/confirm").submit("Go on", password=PASSWORD)
    secret, codes = set_up_app(app, visitor)
    return [*before, *cookies(visitor), secret, *codes]


def _ask_for_a_new_password(app, database, box) -> list[str]:
    visitor = Visitor(app)
    visitor.get("/forgot").submit("Send the link", email=MANAGER)
    (*_, (_, _, body)) = mails(database)
    link = link_in(body)
    drain(database, Settings(smtp_url="smtp://127.0.0.1:1", mail_from="pay@company.example"))
    with writing(database) as session:
        session.execute(text("UPDATE outbox SET next_try_at = queued_at"))
    drain(database, Settings(smtp_url=box.url(), mail_from="pay@company.example"))
    visitor.get(link).submit("Change the password", password=NEW)
    visitor.get("/reset/made-up-token", 404)
    return [link.rpartition("/")[2], "made-up-token"]


def _come_by_the_provider(app, provider) -> list[str]:
    visitor = Visitor(app)
    back = go(visitor)
    visitor.get(path(back))
    spoilt = Visitor(app)
    provider.spoil = lambda claims: claims.update(aud="another")
    failing = go(spoilt)
    spoilt.get(path(failing), 400)
    spoilt.get(f"{BACK}?code=stolen-code&state=stolen-state", 400)
    requests.get(visitor.fetch("/sign-in/company").location, allow_redirects=False, timeout=30)
    parts = [value for each in (back, failing) for value in re.findall(r"(?:code|state)=([^&]+)", each)]
    return [*parts, *cookies(visitor), "eyJ", "stolen-code", "stolen-state"]


def _look_at_pay(app) -> list[str]:
    kept = []
    for email in (HR, PAYROLL):
        visitor = Visitor(app, email)
        for address in ("/payouts", "/payouts?q=Ben+Brito", "/payouts/2025-Q4/1001", "/my-pay", "/scores", "/"):
            visitor.get(address)
        visitor.get("/payouts/2025-Q4/Secret-Number", 404)
        visitor.get("/boom/Secret-Number", 500)
        kept += cookies(visitor)
    Visitor(app, PAYROLL).fetch("/payroll/2025-Q4/workbook")
    return [*kept, "Secret-Number", "Brito"]
