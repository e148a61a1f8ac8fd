"""Whom an actor sees: the queries against a walk by hand, over random companies in which people move and leave."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session

from comp.db import reading, writing
from comp.models import AssignmentRow, DelegationRow, PersonRow, UnitRow
from comp.periods import FOREVER, Span
from comp.roles import Account, Role
from comp.store import visibility
from comp.store.visibility import Sight, seen_of
from tests.stored import NOW

START, QUARTER, TODAY = date(2025, 1, 1), Span(date(2025, 1, 11), date(2025, 1, 21)), date(2025, 1, 31)
LATEST = 40
NUMBERS = tuple("abcdefgh")
day_numbers = st.integers(0, LATEST)
nobody_or_one = st.none() | st.sampled_from(NUMBERS)


def day(number):
    return START + timedelta(days=number)


@st.composite
def careers(draw):
    """Stretches of one person, each with its manager or none, with gaps, and a leaving day or none."""
    cuts = sorted(draw(st.sets(day_numbers, min_size=1, max_size=4)))
    ends = [*map(day, cuts[1:]), FOREVER if draw(st.booleans()) else day(LATEST + 1)]
    stretches = [(Span(day(cut), end), draw(nobody_or_one)) for cut, end in zip(cuts, ends, strict=True)]
    kept = [stretch for stretch in stretches if draw(st.integers(0, 5))]
    return kept, draw(st.none() | st.builds(day, day_numbers))


companies = st.fixed_dictionaries(dict.fromkeys(NUMBERS, careers()))
pairs = st.tuples(st.sampled_from(NUMBERS), st.sampled_from(NUMBERS)).filter(lambda pair: pair[0] != pair[1])
delegations = st.lists(st.tuples(pairs, day_numbers, day_numbers), max_size=4)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(company=companies, handed_over=delegations)
def test_everybody_sees_whom_a_walk_by_hand_finds(engine, company, handed_over):
    spans = [(pair, Span(day(min(days)), day(max(days)))) for pair, *days in handed_over]
    with Session(engine) as session:
        fill(session, company, spans)
        seen = {actor: set(seen_of(session, sight(actor), NUMBERS)) for actor in NUMBERS}
        sizes = visibility.team_sizes(session, NUMBERS, TODAY)
        session.rollback()
    assert seen == {actor: walked(company, spans, actor) for actor in NUMBERS}
    today = Span.of_day(TODAY)
    below = {actor: len(people_below(company, actor, today) - {actor}) for actor in NUMBERS}
    assert sizes == {actor: count for actor, count in below.items() if count}


def fill(session, company, spans):
    session.add(UnitRow(code="U", name="U"))
    session.flush()
    session.add_all(
        PersonRow(employee=number, name=number, employed_until=left) for number, (_, left) in company.items()
    )
    session.flush()
    session.add_all(
        AssignmentRow(employee=number, unit="U", start_on=start, end_on=end, currency="EUR", fte=1, manager=manager)
        for number, (stretches, _) in company.items()
        for (start, end), manager in stretches
    )
    session.add_all(
        DelegationRow(
            manager=manager, delegate=delegate, start_on=span.start, end_on=span.end, made_by="x", made_at=NOW
        )
        for (manager, delegate), span in spans
    )
    session.flush()


def sight(employee, *roles):
    return Sight(Account(1, "a@example.org", "A", roles, 0, employee), QUARTER, TODAY)


def walked(company, spans, actor):
    """Oneself and everybody whose way up, then or now, passes the actor or somebody for whom the actor stands in."""
    roots = {actor, *(manager for (manager, delegate), span in spans if delegate == actor and TODAY in span)}
    below = [people_below(company, root, days) for root in roots for days in (QUARTER, Span.of_day(TODAY))]
    return {actor}.union(*below)


def people_below(company, root, days):
    return {number for number in NUMBERS if root in way_up(company, number, days)}


def way_up(company, number, days):
    passed = []
    while (manager := manager_of(company[number], days)) and manager not in passed:
        passed.append(manager)
        number = manager
    return passed


def manager_of(career, days):
    """The manager on the last of these days on which the person was employed."""
    stretches, left = career
    if left is not None and left <= days.start:
        return None
    last = min(days.end, left or days.end) - timedelta(days=1)
    return next((manager for span, manager in stretches if last in span), None)


def row(number, start, end, manager):
    return number, ([(Span(start, end), manager)], None)


def test_managers_in_a_circle_are_met_once(engine):
    company = dict(row(number, START, FOREVER, {"a": "b", "b": "c", "c": "a"}.get(number)) for number in NUMBERS)
    with Session(engine) as session:
        fill(session, company, [])
        assert seen_of(session, sight("a"), NUMBERS) == ["a", "b", "c"]
        assert visibility.team_sizes(session, ["a"], TODAY) == {"a": 2}
        session.rollback()


@pytest.mark.parametrize(
    ("roles", "employee", "seen"),
    [
        ((Role.HR,), None, list(NUMBERS)),
        ((Role.AUDITOR,), "a", list(NUMBERS)),
        ((Role.ADMIN,), None, []),
        ((), None, []),
        ((Role.ADMIN,), "a", ["a"]),
    ],
)
def test_a_role_that_reads_payouts_sees_everybody_and_nobody_on_file_sees_nobody(engine, roles, employee, seen):
    with Session(engine) as session:
        fill(session, dict(row(number, START, FOREVER, None) for number in NUMBERS), [])
        assert seen_of(session, sight(employee, *roles), NUMBERS) == seen
        assert visibility.count_seen(session, sight(employee, *roles)) == len(seen)
        session.rollback()


def test_a_loyalty_lead_answers_for_the_own_unit_and_those_below(engine):
    units = (("TOP", None, None), ("A", "TOP", "1"), ("A1", "A", None), ("A11", "A1", "2"), ("B", "TOP", "2"))
    with writing(engine) as session:
        for code, parent, lead in units:
            session.add(UnitRow(code=code, name=code, parent=parent, loyalty_lead=lead))
    with reading(engine) as session:
        led = {employee: visibility.units_led(session, employee) for employee in "123"}
    assert led == {"1": ["A", "A1", "A11"], "2": ["A11", "B"], "3": []}


@pytest.mark.parametrize(
    ("cut", "left"),
    [(QUARTER.end, None), (QUARTER.end, QUARTER.end), (day(15), day(15))],
    ids=["the quarter's", "the quarter's, which is one's own", "one's own within the quarter"],
)
def test_the_manager_of_the_last_day_sees_and_whoever_comes_the_day_after_does_not(engine, cut, left):
    company = dict(row(number, START, FOREVER, None) for number in NUMBERS)
    company["b"] = [(Span(START, cut), "a"), (Span(cut, day(25)), "c")], left
    with Session(engine) as session:
        fill(session, company, [])
        seen = {actor: seen_of(session, sight(actor), ["b"]) for actor in "ac"}
        session.rollback()
    assert seen == {"a": ["b"], "c": []}
