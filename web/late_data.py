"""The nightly look at what came late for quarters that were paid."""

from collections.abc import Callable
from datetime import datetime

from comp.db import Engine, reading, writing
from comp.services import late_data
from web.settings import Settings

CLOCK = "clock"
"""Who looks where nobody is signed in."""


def nightly(engine: Engine, _settings: Settings, now: datetime, goes_on: Callable[[], bool]) -> str:
    """Look at every paid quarter of which something was taken in since the last look; says what was found in words.

    It stops between two quarters once `goes_on` says no.
    """
    with reading(engine) as session:
        due = [each.quarter for each in late_data.watched(session) if each.is_outdated]
    looked, different = 0, []
    for quarter in due:
        if not goes_on():
            break
        with reading(engine) as session:
            found = late_data.look(session, quarter, now)
        with writing(engine) as session:
            late_data.keep(session, found, CLOCK)
        looked += 1
        different += [str(quarter)] if found.pays_otherwise else []
    told = f"would be calculated differently: {', '.join(different)}" if different else "all would pay the same"
    return f"Looked at {looked} of {len(due)} paid quarters; {told}." if due else "Nothing came in since the last look."
