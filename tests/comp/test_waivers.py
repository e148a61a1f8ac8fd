"""Who may ask for a waiver, who may decide it, and which errors are left."""

from dataclasses import replace

import pytest

from comp.data_findings import Check, Concerned, DataFinding, Mend, MendKind, Place, PlaceKind, Stop
from comp.waivers import (
    Decision,
    Outcome,
    Waiver,
    against_asking,
    against_deciding,
    against_withdrawing,
    in_force,
    unwaived,
)
from tests.stored import NOW

ERROR = DataFinding(
    Check.NO_TARGET,
    Place(PlaceKind.UNIT, "U"),
    "1 person has no target.",
    "Import one.",
    Mend(MendKind.IMPORT, "people"),
    Stop.PEOPLE,
    people=(Concerned("1"),),
)
WARNING = replace(ERROR, check=Check.GAP, stops=None)
FATAL = replace(ERROR, check=Check.NO_RESULTS, stops=Stop.RUN, people=())


def waiver(outcome=None, finding=ERROR, id_=1):
    decision = Decision(outcome, "Yes.", "b", NOW) if outcome else None
    return Waiver(id_, "2025-Q3", finding.id, *finding.key, finding.what, "Because.", "a", NOW, decision)


def test_only_what_a_second_person_granted_lets_an_error_pass():
    for outcome in (None, Outcome.REFUSED, Outcome.WITHDRAWN):
        assert unwaived([ERROR, WARNING], [waiver(outcome)]) == [ERROR]
    assert unwaived([ERROR, WARNING], [waiver(Outcome.GRANTED)]) == []
    assert unwaived([ERROR], [waiver(Outcome.REFUSED), waiver(Outcome.GRANTED, id_=2)]) == []


def test_a_waiver_of_other_figures_has_lapsed():
    changed = replace(ERROR, figures=("2",))
    assert unwaived([changed], [waiver(Outcome.GRANTED)]) == [changed]
    assert in_force([changed], [waiver(Outcome.GRANTED)]) == {}
    assert waiver().key == changed.key


def test_nothing_lets_a_quarter_pass_that_cannot_be_calculated():
    assert unwaived([FATAL], [waiver(Outcome.GRANTED, FATAL)]) == [FATAL]


@pytest.mark.parametrize(
    ("finding", "known", "words"),
    [
        (ERROR, None, ""),
        (ERROR, waiver(Outcome.REFUSED), ""),
        (WARNING, None, "A warning stops nothing"),
        (FATAL, None, "there is nothing to go on with"),
        (ERROR, waiver(), "a has asked for this waiver already"),
        (ERROR, waiver(Outcome.GRANTED), "waived already"),
    ],
)
def test_a_waiver_is_asked_for_an_error_once(finding, known, words):
    against = against_asking(finding, known)
    assert words in against
    assert bool(words) is bool(against)


@pytest.mark.parametrize(
    ("asked", "finding", "by", "employee", "words"),
    [
        (waiver(), ERROR, "b", None, ""),
        (waiver(), ERROR, "b", "2", ""),
        (waiver(), None, "b", "1", ""),
        (waiver(), ERROR, "a", None, "Somebody else must decide it"),
        (waiver(), ERROR, "b", "1", "about your own pay"),
        (waiver(Outcome.GRANTED), ERROR, "c", None, "b has granted it already"),
    ],
)
def test_a_waiver_is_decided_once_by_somebody_else_whom_it_does_not_concern(asked, finding, by, employee, words):
    against = against_deciding(asked, finding, by, employee)
    assert words in against
    assert bool(words) is bool(against)


def test_only_who_asked_takes_a_waiver_back_and_only_before_it_is_decided():
    assert against_withdrawing(waiver(), "a") == ""
    assert "only they may withdraw it" in against_withdrawing(waiver(), "b")
    assert "b has refused it already" in against_withdrawing(waiver(Outcome.REFUSED), "a")
