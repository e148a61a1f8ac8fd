"""Asking for waivers, and granting, refusing and withdrawing them: two people for each."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.data_findings import DataFinding
from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.periods import Quarter
from comp.roles import Account
from comp.services import audit
from comp.services.data_check import CheckedQuarter, read_check
from comp.store import waivers
from comp.waivers import Decision, Outcome, Waiver, against_asking, against_deciding, against_withdrawing

LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding as somebody saw it: its id, and its key, under which it may have other figures by now."""

    id: str
    key: str = ""


def key_text(finding: DataFinding) -> str:
    """What stays the same of a finding while its figures change, for a form."""
    return "\n".join(finding.key)


def ask(session: Session, actor: Account, quarter: Quarter, seen: Seen, reason: str, now: datetime) -> Waiver:
    """Ask that a quarter goes on in spite of an error, as it was seen.

    Raises `ChangedError` where the finding is not there any more, with what stands in its place; `RefusedError` where
    there is nothing to waive, or no reason.
    """
    checked = read_check(session, actor, quarter)
    finding = _require(checked, seen)
    against = against_asking(finding, checked.waivers.get(finding.id)) or _against_words(reason, "a reason")
    if against:
        raise RefusedError(against)
    number = waivers.add_waiver(session, str(quarter), finding, reason.strip(), actor.email, now)
    _note(session, actor, "ask for waiver", number, now, quarter=str(quarter), finding=finding.id, reason=reason)
    return _find(session, number)


def _require(checked: CheckedQuarter, seen: Seen) -> DataFinding:
    found = checked.find(seen.id)
    if found is None:
        now = [finding.what for finding in checked.findings if key_text(finding) == seen.key.replace("\r\n", "\n")]
        by_now = f"By now: “{' '.join(now)}”" if now else "By now it is gone."
        raise ChangedError(
            f"The data of {checked.quarter} changed since you looked at this finding. {by_now} Nothing was stored: "
            "look at the data check again."
        )
    return found


def _against_words(words: str, what: str) -> str:
    if not words.strip():
        return f"Say it in words: {what} is kept with the waiver."
    return f"At most {LONGEST:,} characters." if len(words) > LONGEST else ""


def decide(
    session: Session, actor: Account, waiver_id: int, outcome: Outcome, words: str, now: datetime
) -> tuple[Waiver, DataFinding]:
    """Grant or refuse a waiver that somebody else asked for, about somebody else's pay; gives the finding too.

    Raises `NotFoundError` where there is none, `ChangedError` where its figures changed since, with what they are now,
    `RefusedError` where it is not for the actor to decide, or without words.
    """
    waiver = _find(session, waiver_id)
    checked = read_check(session, actor, Quarter.parse(waiver.quarter))
    finding = checked.find(waiver.finding)
    against = against_deciding(waiver, finding, actor.email, actor.employee)
    if against:
        raise RefusedError(against)
    if finding is None:
        raise ChangedError(_lapsed(waiver, checked))
    if lacking := _against_words(words, "what you decide"):
        raise RefusedError(lacking)
    return _decided(session, actor, waiver, Decision(outcome, words.strip(), actor.email, now)), finding


def _lapsed(waiver: Waiver, checked: CheckedQuarter) -> str:
    """What is different from what a waiver was asked for."""
    now = [finding.what for finding in checked.findings if finding.key == waiver.key]
    by_now = f"By now: “{' '.join(now)}”" if now else "By now nothing of the kind is found."
    return (
        f"The figures changed since this was asked for, so that the waiver has lapsed. Then: “{waiver.what}” {by_now} "
        "Nothing was stored."
    )


def withdraw(session: Session, actor: Account, waiver_id: int, now: datetime) -> Waiver:
    """Take back a waiver that one asked for and that nobody decided yet.

    Raises `NotFoundError` where there is none, `RefusedError` where it is decided or somebody else's.
    """
    waiver = _find(session, waiver_id)
    read_check(session, actor, Quarter.parse(waiver.quarter))
    if against := against_withdrawing(waiver, actor.email):
        raise RefusedError(against)
    return _decided(session, actor, waiver, Decision(Outcome.WITHDRAWN, "", actor.email, now))


def find(session: Session, waiver_id: int) -> Waiver:
    """A waiver by its number. Raises `NotFoundError` where there is none."""
    return _find(session, waiver_id)


def _find(session: Session, waiver_id: int) -> Waiver:
    found = waivers.find_waiver(session, waiver_id)
    if found is None:
        raise NotFoundError("There is no such waiver.")
    return found


def _decided(session: Session, actor: Account, waiver: Waiver, decision: Decision) -> Waiver:
    waivers.add_decision(session, waiver, decision)
    outcome, finding = str(decision.outcome), waiver.finding
    _note(
        session, actor, "decide waiver", waiver.id, decision.at, outcome=outcome, finding=finding, words=decision.words
    )
    return _find(session, waiver.id)


def _note(session: Session, actor: Account, action: str, number: int, now: datetime, **said: str) -> None:
    """Note an act; of what was said only the hash."""
    hashed = {
        key: hashlib.sha256(value.strip().encode()).hexdigest() if key in {"reason", "words"} else value
        for key, value in said.items()
        if value
    }
    audit.note(session, actor.email, now, action, f"waiver {number}", **hashed)
