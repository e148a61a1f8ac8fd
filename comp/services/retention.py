"""How long customers' own words are kept. Their answers, and every tally of them, stay."""

from datetime import date, datetime

from sqlmodel import Session

from comp.periods import months_before
from comp.roles import CLOCK
from comp.services import audit
from comp.store import comments, settings

AT_ONCE = 20_000
"""How many comments are erased in one transaction: others write in between."""


def kept_since(session: Session, now: datetime) -> date | None:
    """The first day whose comments are kept; None where all are."""
    company = settings.load_company(session)
    months = company.comments_kept
    return None if months is None else months_before(now.astimezone(company.zone).date(), months)


def erase_comments(session: Session, now: datetime) -> int:
    """Erase comments past the company's setting, some thousands at once; gives how many. None are where none is set.

    The audit chain tells how many and from before which day. Doing it again finds nothing more.
    """
    since = kept_since(session, now)
    erased = 0 if since is None else comments.erase(session, since, AT_ONCE)
    if since and erased:
        audit.note(session, CLOCK, now, "erase", f"comment before {since}", count=erased)
    return erased
