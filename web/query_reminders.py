"""Reminders of queries that are due: a job for the clock, which does nothing twice on one day."""

from collections.abc import Callable
from datetime import datetime

from comp.db import Engine, reading, writing
from comp.figures import counted
from comp.services import query_mails
from web.settings import Settings


def remind(engine: Engine, machine: Settings, now: datetime, goes_on: Callable[[], bool] = lambda: True) -> str:
    """Queue a mail to the owner of each open query whose day is there or over; gives what was done, in words.

    Each query is one transaction, and is reminded of once a day, on working days, however often and by how many
    processes this is done. It ends early where it is told not to go on.
    """
    with reading(engine) as session:
        due = query_mails.list_due(session, now)
    reminded = 0
    for number in due:
        if not goes_on():
            break
        with writing(engine) as session:
            reminded += query_mails.remind(session, number, lambda each: _page(machine, each), now)
    return f"{counted(reminded, 'reminder')} queued."


def _page(machine: Settings, number: int) -> str:
    """The address of a query's page; empty where nobody told the application its own."""
    return f"{machine.address}/queries/{number}" if machine.address else ""
