"""Telling people that their statement is there: a job for the clock, which tells nobody twice of the same batch."""

from collections.abc import Callable
from datetime import datetime

from comp.db import Engine, writing
from comp.figures import counted
from comp.periods import Quarter
from comp.services import statement_mails
from web.settings import Settings


def tell(engine: Engine, machine: Settings, now: datetime, goes_on: Callable[[], bool]) -> str:
    """Queue a mail to everybody whom a batch pays and who was not told; gives what was done, in words.

    Some people are one transaction, so that nobody waits for a large company's mails.
    """
    done = 0

    def where(quarter: Quarter) -> str:
        return f"{machine.address}/my-statement?quarter={quarter}" if machine.address else ""

    while goes_on():
        with writing(engine) as session:
            told = statement_mails.tell(session, where, now)
        if not told:
            break
        done += told
    return f"{counted(done, 'mail')} queued." if done else "Nobody was to be told."
