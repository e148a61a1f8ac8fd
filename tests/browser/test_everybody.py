"""Every page in a real browser as everybody who may come: nothing breaks, and nobody reads whom they may not see.

Whom each may see is walked here by hand over the people file, so that no query of the product is its own judge.
"""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from comp.db import connect, reading
from comp.store import runs
from tests.browser.conftest import DATABASE
from tests.browser.test_pages import pages
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
from tests.web.sight import KNOWN
from web.database import disposed

pytestmark = pytest.mark.browser

STRANGER = None
WHO = [STRANGER, EMPLOYEE, MANAGER, DIRECTOR, PEER, DELEGATE, LEAD, HR, APPROVER, PAYROLL, AUDITOR, ADMIN]
SEES_ALL = {HR, APPROVER, PAYROLL, AUDITOR}
STANDS_IN_FOR = {PERSONS[DELEGATE]: PERSONS[MANAGER]}
LAST_DAYS = {Q3: date(2025, 9, 30), Q4: date(2025, 12, 31)}
OF_ACCOUNTS = {"users.index", "users.show", "review.index"}
"""Pages that tell admins and auditors whose account is whose, by number."""


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


@pytest.fixture(scope="module")
def amounts(small_home) -> dict[tuple[date, str], str]:
    """What each run pays each person, as pages write it."""
    with disposed(connect(f"sqlite:///{small_home / DATABASE}")) as engine, reading(engine) as session:
        found = {quarter: runs.load_run(session, runs.find_run(session, quarter)) for quarter in LAST_DAYS}
    return {
        (LAST_DAYS[quarter], payout.employee): f"{Decimal(str(payout.amount)):,}"
        for quarter, run in found.items()
        for payout in run.payouts
        if payout.amount.minor
    }


def test_what_is_hidden_here_is_enough_to_be_a_test(amounts):
    assert {seen_by(email, LAST_DAYS[Q4]) == set(NAMES) for email in (*SEES_ALL, DIRECTOR)} == {True}
    assert seen_by(MANAGER, LAST_DAYS[Q4]) == {"1001", "1002", "1004", "1007"}
    assert seen_by(LEAD, LAST_DAYS[Q4]) == {"1007"}
    assert seen_by(ADMIN, LAST_DAYS[Q4]) == seen_by(STRANGER, LAST_DAYS[Q4]) == set()
    assert len(amounts) >= 5


@pytest.mark.parametrize("email", WHO, ids=lambda email: (email or "stranger").partition("@")[0])
def test_nobody_reads_in_any_page_of_whom_they_may_not_see(email, small, read, amounts):
    seen = {day: seen_by(email, day) for day in LAST_DAYS.values()}
    hidden = set(NAMES) - set().union(*seen.values()) - KNOWN.get(email, set())
    shown_amounts = {text for (day, employee), text in amounts.items() if employee in seen[day]}
    hidden_amounts = set(amounts.values()) - shown_amounts
    reader = read(small, email)
    kinds = set()
    for kind in pages(small, reader, most=5):
        kinds.add(kind)
        told = reader.page.content()
        address = reader.page.url
        assert {NAMES[each] for each in hidden if NAMES[each] in told} == set(), address
        assert {text for text in hidden_amounts if text in told} == set(), address
        if kind not in OF_ACCOUNTS:
            assert {number for number in hidden if number in told} == set(), address
    assert kinds >= ({"home.show", "own.show", "scores.index", "account.show"} if email else {"help.show"})
    assert ("payouts.show" in kinds) is bool(set().union(*seen.values()))
