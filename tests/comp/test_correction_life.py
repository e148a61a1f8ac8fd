"""A correction through its life: who may do what to it, and that nobody decides about own work."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from comp.correction_life import MOVES, Act, Correction, State, open_acts, stands_against
from comp.corrections import Policy
from comp.periods import Quarter
from comp.roles import Permission

NOW = datetime(2026, 7, 1, tzinfo=UTC)
DRAFT = Correction(7, Quarter(2026, 1), 2, 1, State.DRAFT, Policy.RECOVER, "hr", NOW, changers=frozenset({"second"}))
PROPOSED = replace(DRAFT, state=State.PROPOSED, proposed_by="third")
HR, APPROVER = {Permission.PROPOSE_CORRECTIONS}, {Permission.DECIDE_CORRECTIONS}
ALL = HR | APPROVER


def test_a_draft_is_changed_and_proposed_and_a_proposed_one_decided():
    assert open_acts(DRAFT, "hr", HR) == {Act.CHANGE, Act.PROPOSE, Act.PUT_ASIDE}
    assert open_acts(PROPOSED, "approver", APPROVER) == {Act.APPROVE, Act.REFUSE}
    assert open_acts(PROPOSED, "hr", HR) == {Act.PUT_ASIDE}


@pytest.mark.parametrize("who", ["hr", "second", "third"])
def test_nobody_decides_about_own_work_whatever_the_roles(who):
    assert open_acts(PROPOSED, who, ALL) == {Act.PUT_ASIDE}
    assert "four eyes" in stands_against(Act.APPROVE, PROPOSED, who, ALL)


@pytest.mark.parametrize("state", [State.APPROVED, State.REFUSED, State.PUT_ASIDE])
def test_what_was_decided_stays(state):
    decided = replace(PROPOSED, state=state, decided_by="approver")
    assert open_acts(decided, "somebody", ALL) == frozenset()
    told = f"Correction 7 of 2026-Q1 is {state} by approver, and cannot be refused any more."
    assert stands_against(Act.REFUSE, decided, "x", ALL) == told


def test_a_role_that_does_not_bring_an_act_is_refused_in_words():
    assert stands_against(Act.APPROVE, PROPOSED, "x", HR) == "Your roles do not let you approve a correction."
    assert "is draft, and" in stands_against(Act.APPROVE, DRAFT, "x", ALL)


def test_every_decision_is_of_others_work():
    assert {act for act, move in MOVES.items() if move.is_decision} == {Act.APPROVE, Act.REFUSE}
