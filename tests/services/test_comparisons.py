"""Comparing stored runs: what a change of facts did, whom an actor may see of it, and one person in words."""

import pytest

from comp.db import reading
from comp.errors import NotFoundError
from comp.results import RunName
from comp.roles import Account
from comp.services import comparisons
from tests.stored import EVERYBODY, NOW, PEOPLE, Q3, RESULTS, calculated, company, publish, taken

PAIR = RunName(Q3, 1), RunName(Q3, 2)
MANAGED = """
    employee,name,unit,from,target_amount,currency,manager
    1,Ann,U,2020-01-01,4000,EUR,
    2,Bob,V,2020-01-01,8000,EUR,1
    3,Cem,V,2020-01-01,8000,EUR,
"""
MANAGER = Account(1, "m@example.org", "M", (), 0, "1")


def two_runs(engine, **files):
    company(engine, **files)
    publish(engine)
    calculated(engine)
    taken(engine, "results", RESULTS.replace("50", "60").replace("100", "90"))
    calculated(engine)


def compared(engine, actor=EVERYBODY, pair=PAIR):
    with reading(engine) as session:
        return comparisons.compare_runs(session, actor, pair, NOW)


def person_compared(engine, *employees, actor=EVERYBODY, pair=PAIR):
    with reading(engine) as session:
        return comparisons.compare_people(session, actor, pair, employees, NOW)


def test_two_runs_of_a_quarter_differ_by_what_was_imported_between_them(engine):
    two_runs(engine)
    found = compared(engine)
    (total,) = found.totals
    assert (str(total.before), str(total.after), found.changed) == ("2000.00", "2100.00", 2)
    assert [(each.label, str(each.change), each.people) for each in total.causes] == [("Scores", "100.00", 2)]
    assert [(change.employee, str(change.difference)) for change in found.movers("EUR")] == [
        ("2", "200.00"),
        ("1", "-100.00"),
    ]


def test_a_run_compared_with_itself_differs_in_nothing(engine):
    two_runs(engine)
    found = compared(engine, pair=(PAIR[0], PAIR[0]))
    assert found.changed == 0
    assert not [change for change in found.changes if change.parts]


def test_one_persons_difference_is_told_in_sentences(engine):
    two_runs(engine)
    found = person_compared(engine, "2", "2")
    (each,) = found.changes
    assert [(str(told.part.change), told.sentence) for told in each.told] == [("200.00", "k rose from 50.00 to 60.00.")]
    assert (found.names, found.is_of_two) == (("Bob", "Bob"), False)
    assert str(each.total.difference) == "200.00"


def test_two_people_are_compared_by_their_units_scores_and_targets(engine):
    two_runs(engine)
    found = person_compared(engine, "1", "2", pair=(PAIR[0], PAIR[0]))
    (each,) = found.changes
    assert (found.names, found.is_of_two) == (("Ann", "Bob"), True)
    assert {str(told.part.change) for told in each.told} == {"-750.00", "750.00"}


def test_somebody_who_is_in_one_run_only_has_one_name(engine):
    two_runs(engine)
    taken(engine, "people", PEOPLE + "    3,Cem,V,2020-01-01,8000,EUR\n")
    calculated(engine)
    found = person_compared(engine, "3", "3", pair=(PAIR[0], RunName(Q3)))
    assert found.names == ("Cem", "Cem")
    assert found.changes[0].told[0].sentence == "Not in the old run."


def test_a_manager_sees_the_changes_of_the_people_below_alone(engine):
    two_runs(engine, people=MANAGED)
    assert [change.employee for change in compared(engine, MANAGER).changes] == ["1", "2"]
    assert person_compared(engine, "2", "2", actor=MANAGER).names == ("Bob", "Bob")
    with pytest.raises(NotFoundError, match="3 is not in run 2025-Q3/1: unknown, or not for you to see"):
        person_compared(engine, "3", "3", actor=MANAGER)
    with pytest.raises(NotFoundError, match="3 is not in run"):
        person_compared(engine, "2", "3", actor=MANAGER)


def test_what_there_is_not_is_told(engine):
    two_runs(engine)
    with pytest.raises(NotFoundError, match="There is no run 2025-Q3/7"):
        compared(engine, pair=(PAIR[0], RunName(Q3, 7)))
    with pytest.raises(NotFoundError, match="2025-Q2 has not been calculated"):
        compared(engine, pair=(RunName(Q3.plus(-1)), PAIR[0]))
    with pytest.raises(NotFoundError, match="9 is not in run"):
        person_compared(engine, "9", "9")
    taken(engine, "people", "employee,name,unit,from,target_amount,currency\n4,Dee,U,2026-01-01,1,EUR")
    with pytest.raises(NotFoundError, match="4 is neither in run 2025-Q3/1 nor in 2025-Q3/2"):
        person_compared(engine, "4", "4")
