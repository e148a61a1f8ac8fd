"""The data check by night: the last quarters are checked, and how many findings there are is kept for all to see."""

from collections.abc import Callable
from datetime import datetime
from itertools import compress

from comp.db import Engine, reading, writing
from comp.figures import counted
from comp.periods import Quarter
from comp.roles import COMMAND_LINE
from comp.services import data_check, quarter_calendar, quarters, workflow
from comp.workflow import State
from web.settings import Settings

_LAST = 2
"""How many quarters that are not closed are looked at: the one that is worked on, and the one before it."""


def nightly(engine: Engine, _machine: Settings, now: datetime, goes_on: Callable[[], bool] = lambda: True) -> str:
    """Check the last quarters, keep the counts, and give a quarter without days of its own those of the rule.

    Tells what was found. It ends between two quarters where it is told not to go on.
    """
    with reading(engine) as session:
        known = quarters.known_quarters(session)
        is_open = [workflow.life_of(session, quarter).state is not State.CLOSED for quarter in known]
    worked_on = list(compress(known, is_open))[:_LAST]
    told = [_checked(engine, quarter, now) for quarter in worked_on if goes_on()]
    return "; ".join(told) or "No quarter was checked."


def _checked(engine: Engine, quarter: Quarter, now: datetime) -> str:
    with reading(engine) as session:  # it takes long, and keeps nobody waiting who writes
        checked = data_check.check_quarter(session, quarter)
    with writing(engine) as session:
        counts = data_check.note_checked(session, checked, now)
        quarter_calendar.copy_to(session, quarter, COMMAND_LINE, now)
    waived = f", {counts.waived:,} waived" if counts.waived else ""
    return f"{quarter}: {counted(counts.errors, 'error')}, {counted(counts.warnings, 'warning')}{waived}"
