"""The company's settings."""

import json
import secrets

from sqlmodel import Session

from comp.company import Company, read_company, write_company
from comp.documents import Fields
from comp.errors import NotFoundError, Problem
from comp.models import SettingRow

_COMPANY, _RESPONDENT_KEY = "company", "respondent_key"


def load_company(session: Session) -> Company:
    """The settings in force. Raises `NotFoundError` for a database that was not initialised."""
    row = session.get(SettingRow, _COMPANY)
    if row is None:
        raise NotFoundError("This database has no company yet. Run `loyaltypay init` first.")
    problems: list[Problem] = []
    return read_company(Fields(json.loads(row.value), problems))


def has_company(session: Session) -> bool:
    """Whether the database was initialised."""
    return session.get(SettingRow, _COMPANY) is not None


def save_company(session: Session, company: Company) -> None:
    """Store the settings, and with the first ones the key by which respondents are hashed."""
    session.merge(SettingRow(key=_COMPANY, value=json.dumps(write_company(company))))
    if session.get(SettingRow, _RESPONDENT_KEY) is None:
        session.add(SettingRow(key=_RESPONDENT_KEY, value=secrets.token_hex(32)))


def respondent_key(session: Session) -> bytes:
    """The key by which customers are hashed, so that nobody reads who answered and doubles are still found."""
    return bytes.fromhex(session.get_one(SettingRow, _RESPONDENT_KEY).value)
