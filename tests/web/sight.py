"""Whose pay each account of the small company may see: stated for the last quarter, and walked by hand for both.

The walk goes over the people file alone, so that no query of the product is its own judge.
"""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

from comp.db import Engine, reading
from comp.store import runs
from tests.web.company import (
    ADMIN,
    APPROVER,
    AUDITOR,
    DELEGATE,
    DIRECTOR,
    EMPLOYEE,
    HR,
    LEAD,
    MANAGER,
    NAMES,
    PAYROLL,
    PEER,
    PEOPLE,
    PERSONS,
    Q3,
    Q4,
)

SEES = {
    **dict.fromkeys((HR, APPROVER, PAYROLL, AUDITOR), frozenset(NAMES)),
    ADMIN: frozenset(),
    EMPLOYEE: {"1004"},  # self
    MANAGER: {"1001", "1002", "1004", "1007"},  # self, direct, skip-level, and a direct report who moved away since
    DIRECTOR: frozenset(NAMES),  # self, and everybody below
    PEER: {"1003", "1006", "1007"},  # self, who came from the manager in the quarter, and who came after it
    LEAD: {"1007"},  # self: answering for customers opens nobody's pay
    DELEGATE: {"1006", "1002", "1004", "1007"},  # self, and the manager's team, but not the manager
}

KNOWN = {MANAGER: {"1006"}, DELEGATE: {"1001"}}
"""Whose names, and nothing else, somebody learns besides: who stands in for them, and for whom they stand in."""


SEES_ALL = {HR, APPROVER, PAYROLL, AUDITOR}
STANDS_IN_FOR = {PERSONS[DELEGATE]: PERSONS[MANAGER]}
LAST_DAYS = {Q3: date(2025, 9, 30), Q4: date(2025, 12, 31)}
OF_ACCOUNTS = {"users.index", "users.show", "review.index", "review.download"}
"""Pages that tell admins and auditors whose account is whose, by number."""


def hidden_names(email: str) -> set[str]:
    """The names that no page may show somebody."""
    return {NAMES[number] for number in NAMES if number not in SEES[email] and number not in KNOWN.get(email, set())}


def managers_on(day: date) -> dict[str, str]:
    """Everybody's manager on a day, by the people file alone."""
    rows = csv.DictReader(io.StringIO(PEOPLE))
    lasting = (row for row in rows if row["from"] <= str(day) and (not row["to"] or str(day) <= row["to"]))
    return {row["employee"]: row["manager"] for row in lasting}


def is_below(employee: str, manager: str, managers: dict[str, str]) -> bool:
    above = managers.get(employee, "")
    return above == manager or (bool(above) and is_below(above, manager, managers))


def seen_by(email: str | None, last_day: date) -> set[str]:
    """Whose pay of a quarter somebody may see, one person after the other."""
    if email in SEES_ALL:
        return set(NAMES)
    own = PERSONS.get(email)
    if own is None:
        return set()
    trees = [managers_on(last_day), managers_on(datetime.now(UTC).date())]
    over = {own, STANDS_IN_FOR.get(own, own)}
    return {own} | {each for each in NAMES for tree in trees for top in over if is_below(each, top, tree)}


def paid_amounts(engine: Engine) -> dict[tuple[date, str], str]:
    """What each run pays each person, as pages write it."""
    with reading(engine) as session:
        found = {quarter: runs.load_run(session, runs.find_run(session, quarter)) for quarter in LAST_DAYS}
    return {
        (LAST_DAYS[quarter], payout.employee): f"{Decimal(str(payout.amount)):,}"
        for quarter, run in found.items()
        for payout in run.payouts
        if payout.amount.minor
    }


def not_for(email: str | None, amounts: dict[tuple[date, str], str], *, of_accounts: bool) -> set[str]:
    """The names, numbers and amounts that no page may tell somebody; pages about accounts tell numbers."""
    seen = {day: seen_by(email, day) for day in LAST_DAYS.values()}
    hidden = set(NAMES) - set().union(*seen.values()) - KNOWN.get(email, set())
    shown = {text for (day, employee), text in amounts.items() if employee in seen[day]}
    numbers = set() if of_accounts else hidden
    return {NAMES[each] for each in hidden} | numbers | set(amounts.values()) - shown
