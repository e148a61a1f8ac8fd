"""The table of jobs: what the clock starts and how often, and what people ask for that takes long.

Each does its work so that doing it twice does no harm: a worker that dies in the middle leaves it to another.
No job approves or releases anything.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from comp.cadence import Cadence, Daily, Every
from comp.db import Engine
from comp.services.accrual_costs import STEPS as ACCRUAL_STEPS
from comp.services.calculation import STEPS
from web import analysing, evidence, releasing, statement_files, workbooks
from web.chores import anchor, erase_comments, forecast, forget_old, send_mails
from web.late_data import nightly as look_at_late_data
from web.long_work import accrue, calculate, release, take_in
from web.nightly_check import nightly
from web.query_reminders import remind as remind_queries
from web.reminders import escalate as escalate_reviews
from web.reminders import remind as remind_reviews
from web.settings import Settings
from web.statement_mails import tell as tell_of_statements
from web.work import Work

MayGoOn = Callable[[], bool]
Hook = Callable[[Engine, Settings, datetime, MayGoOn], str]
"""The work of a scheduled job: it stores what it does itself, ends early where it may not go on, and gives the outcome
in words. These stand on a page, so they tell counts and days, and never pay or names."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job of the clock. `remedy` is what to do where it fails."""

    kind: str
    title: str
    cadence: Cadence
    work: Hook
    remedy: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A job that people ask for. Its work ends it in the transaction that stores what comes out."""

    kind: str
    title: str
    steps: tuple[str, ...]
    work: Callable[[Work], None]
    remedy: str


_LOG = "Look into the log of `loyaltypay serve` or `loyaltypay worker`; then run it now."

SCHEDULES = {
    each.kind: each
    for each in (
        Schedule("mail", "Send mails", Every(15), send_mails, "Look at the page Mails, and at LOYALTYPAY_SMTP_URL."),
        Schedule("forget", "Forget old mails, jobs and their files", Every(3600), forget_old, _LOG),
        Schedule("anchor", "Keep the audit chain’s head", Daily(time(0, 5)), anchor, "Check LOYALTYPAY_ANCHOR_FILE."),
        Schedule("forecast", "Forecast the running quarter", Daily(time(1, 30)), forecast, _LOG),
        Schedule("check", "Check the data of open quarters", Daily(time(2, 0)), nightly, _LOG),
        Schedule("late", "Look at what came late for paid quarters", Daily(time(2, 30)), look_at_late_data, _LOG),
        Schedule("queries", "Remind of queries that are due", Daily(time(6, 0)), remind_queries, _LOG),
        Schedule("reviews", "Remind of reviews that are due", Daily(time(6, 15)), remind_reviews, _LOG),
        Schedule("escalate", "Tell of reviews that are overdue", Daily(time(6, 20)), escalate_reviews, _LOG),
        Schedule("tell", "Tell people that their statement is there", Every(300), tell_of_statements, _LOG),
        Schedule("comments", "Erase old comments", Daily(time(3, 0)), erase_comments, _LOG),
    )
}
"""What the clock starts. Whoever adds to it adds a line here and the work beside `web.chores`."""

ASKED = {
    each.kind: each
    for each in (
        Asked("analysis", "Make an analysis", analysing.STEPS, analysing.analyse, "Ask for fewer quarters, or again."),
        Asked("calculate", "Calculate a quarter", STEPS, calculate, "Mend what it names, then calculate again."),
        Asked(
            "release", "Release a batch", releasing.STEPS, release, "Look at what the quarter pays, then release it."
        ),
        Asked("accrual", "Work out an accrual", ACCRUAL_STEPS, accrue, "Mend what it names, then work it out again."),
        Asked(
            "statements",
            "Make all statements of a quarter",
            statement_files.STEPS,
            statement_files.make,
            "Look at the payouts of the quarter, then ask for the statements again.",
        ),
        Asked(
            "workbook",
            "Make the payroll workbook",
            workbooks.STEPS,
            workbooks.make,
            "Where it ran out of room, make some where it says; then ask for it again on Payroll / Batches.",
        ),
        Asked(
            "evidence", "Make an evidence pack", evidence.STEPS, evidence.make, "Look at its quarter, then ask again."
        ),
        Asked("import", "Take a file in", ("Read and store the file",), take_in, "Look at its dry run on Imports."),
    )
}
"""What people ask for."""
