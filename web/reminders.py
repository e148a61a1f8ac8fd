"""Mails about reviews that are due: to managers, then to theirs. To be called again and again does no harm."""

from collections.abc import Callable
from datetime import datetime

from comp.db import Engine, reading, writing
from comp.periods import Quarter
from comp.services import review_progress
from comp.services.relations import today
from comp.services.review_progress import REMIND_BEFORE, Reminder
from web.settings import Settings


def remind(engine: Engine, settings: Settings, now: datetime, goes_on: Callable[[], bool]) -> str:
    """Remind managers of people whom nobody confirmed, in the days before the review is due. Tells what was done."""
    found: list[Reminder] = []
    with reading(engine) as session:
        day = today(session, now)
        for quarter in review_progress.in_review(session):
            due = review_progress.due_on(session, quarter)
            if due - REMIND_BEFORE <= day <= due:
                found += review_progress.reminders(session, quarter)
    return _told(send_all(engine, settings, found, now, goes_on), "reminder")


def escalate(engine: Engine, settings: Settings, now: datetime, goes_on: Callable[[], bool]) -> str:
    """Tell the managers of managers what is still missing after the review was due. Tells what was done."""
    found: list[Reminder] = []
    with reading(engine) as session:
        day = today(session, now)
        for quarter in review_progress.in_review(session):
            if day > review_progress.due_on(session, quarter):
                found += review_progress.escalations(session, quarter)
    return _told(send_all(engine, settings, found, now, goes_on), "escalation")


def send_all(
    engine: Engine, settings: Settings, found: list[Reminder], now: datetime, goes_on: Callable[[], bool]
) -> int:
    """Queue reminders, each in a transaction of its own, as long as there is time; gives how many were queued."""
    sent = 0
    for reminder in found:
        if not goes_on():
            break
        with writing(engine) as session:
            sent += review_progress.send(session, reminder, _link(settings, reminder), now)
    return sent


def _link(settings: Settings, reminder: Reminder) -> str:
    if not settings.address:
        return f"Loyalty Pay, page My team, {reminder.quarter}"
    of = "" if reminder.kind == "remind" else f"?of={reminder.team.manager}"
    return f"{settings.address}{path(reminder.quarter)}{of}"


def path(quarter: Quarter) -> str:
    """Where a team's page is within the site."""
    return f"/team/{quarter}"


def _told(sent: int, noun: str) -> str:
    return f"{sent} {noun}{'' if sent == 1 else 's'} queued."
