"""What tests of signing in share: sessions that began long ago, codes of an app, and mails that were sent."""

import re
from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import text

from comp.db import Engine, Session, reading, writing
from tests.web.visitor import Page, Visitor


def set_back(database: Engine, column: str, ago: timedelta) -> None:
    """Let every session have begun, been used or been proved so long ago."""
    with writing(database) as session:
        when = (datetime.now(UTC) - ago).strftime("%Y-%m-%d %H:%M:%S.%f")
        session.execute(text(f"UPDATE account_session SET {column} = :when"), {"when": when})  # noqa: S608 - of tests


def moment(session: Session, column: str) -> datetime:
    """When the only session was used or proved."""
    found = session.execute(text(f"SELECT {column} FROM account_session")).scalar_one()  # noqa: S608 - as above
    return datetime.fromisoformat(found).replace(tzinfo=UTC)


def mails(database: Engine) -> list[tuple[str, str, str]]:
    """To whom mails were sent, and what they say."""
    with reading(database) as session:
        rows = session.execute(text("SELECT recipient, subject, body FROM outbox ORDER BY id"))
        return [(row.recipient, row.subject, row.body) for row in rows]


def link_in(body: str) -> str:
    """Where the link in a mail leads to within the site."""
    found = re.search(r"https?://[^/\s]+(/reset/\S+)", body)
    assert found, body
    return found[1]


def app_code(app: Flask, secret: str) -> str:
    """The code that an authenticator app with this secret shows now."""
    with app.app_context():
        return str(app.extensions["security"].totp_factory.generate_totp_password(secret))


def set_up_app(app: Flask, visitor: Visitor) -> tuple[str, list[str]]:
    """Set an authenticator app up; gives its secret and the recovery codes that were shown."""
    page = visitor.get("/account/app")
    with visitor.client.session_transaction() as session:
        secret = session["app secret"]
    page = page.submit("Ask for codes from now on", code=app_code(app, secret))
    assert page.heading == "Your recovery codes"
    return secret, recovery_codes(page)


def recovery_codes(page: Page) -> list[str]:
    """The recovery codes that a page shows."""
    return [code.text for code in page.root.xpath("//ul[@class='codes']//code")]


def forget_codes(database: Engine) -> None:
    """Let the present code of every app be unused, as it is half a minute later."""
    with writing(database) as session:
        session.execute(text("UPDATE account_factor SET last_counter = 0"))
