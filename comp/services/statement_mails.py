"""Mails that say that a statement is there: one to each person with an account, for each batch that pays them.

None tells an amount, a number or another's name: that stands on the page to which it leads.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session

from comp.periods import Quarter
from comp.roles import CLOCK
from comp.services import audit, mail, relations
from comp.store import statement_mails

AT_ONCE = 200
"""How many people are told in one transaction."""

TOLD_FOR = timedelta(days=7)
"""How long after its release a batch is told of: whoever gets an account later finds their statements by themselves."""

Where = Callable[[Quarter], str]
"""The address of one's own statement of a quarter; empty where nobody told the application its own."""


def tell(session: Session, where: Where, now: datetime) -> int:
    """Queue a mail to some of those who were not told yet; gives to how many, none once everybody is."""
    today = relations.today(session, now)
    untold = statement_mails.load_untold(session, now - TOLD_FOR, today, AT_ONCE)
    statement_mails.note_told(session, untold, now)
    for each in untold:
        there = where(each.quarter) or "It stands under My pay."
        told = f"Your statement for {each.quarter} is there. It says what you are paid, and why."
        body = f"Hello {each.name},\n\n{told}\n\n{there}\n\nLoyalty Pay\n"
        mail.queue(session, each.email, f"Your statement for {each.quarter} is there", body, now)
    for release in dict.fromkeys(each.release for each in untold):
        people = sum(each.release == release for each in untold)
        audit.note(session, CLOCK, now, "tell of statements", f"release {release}", people=people)
    return len(untold)


def count_told(session: Session, release: str) -> int:
    """How many people were told of what a batch pays them."""
    return statement_mails.count_told(session, release)
