"""What the audit chain keeps of looking: reads of others' pay, files taken away, and what was refused."""

from collections.abc import Collection
from datetime import datetime

from sqlmodel import Session

from comp.periods import Quarter
from comp.roles import Account
from comp.services import audit
from comp.store import people


def note_read(session: Session, actor: Account, quarter: Quarter, employees: Collection[str], now: datetime) -> None:
    """Note that the actor was shown payouts of others: by number where it was one, by count where several."""
    others = sorted(set(employees) - {actor.employee})
    if len(others) == 1:
        audit.note(session, actor.email, now, "read", f"payout {quarter} {others[0]}")
    elif others:
        audit.note(session, actor.email, now, "read", f"payouts {quarter}", people=len(others))


def note_people(session: Session, actor: Account, employees: Collection[str], now: datetime) -> None:
    """Note that the actor was shown what others' targets are made of: by number where it was one, else by count."""
    others = sorted(set(employees) - {actor.employee})
    if len(others) == 1:
        audit.note(session, actor.email, now, "read", f"person {others[0]}")
    elif others:
        audit.note(session, actor.email, now, "read", "people", people=len(others))


def note_costs_read(session: Session, actor: Account, what: str, now: datetime, **details: int) -> None:
    """Note that the actor was shown what units cost: a small unit's cost is somebody's pay."""
    audit.note(session, actor.email, now, "read", what, **details)


def note_taken(session: Session, actor: Account, what: str, now: datetime, **details: str | int) -> None:
    """Note that the actor took a file away."""
    audit.note(session, actor.email, now, "download", what, **details)


def note_refused(session: Session, actor: Account, place: str, now: datetime, kind: str = "", name: str = "") -> None:
    """Note that the actor asked at a place for what is not there for them.

    An employee's number is noted as it is, anything else that was typed as a keyed hash.
    """
    is_number = people.is_known(session, name) and kind == "employee"
    about = f"{kind} {name if is_number else audit.keyed(session, name)}" if kind else place
    audit.note(session, actor.email, now, "refuse", about, place=place)
