"""What becomes of a proposal and who may decide it; what leaving answers out does to scores and pay."""

from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction

import pytest

from comp.exclusion_effect import (
    Counted,
    Effect,
    PayChange,
    PersonChange,
    differences,
    fingerprint,
    pay_change,
    score_changes,
    with_change,
    without_pay,
)
from comp.exclusions import MOVES, REASONS, WHOLE, Act, Kind, Named, Proposal, Reason, State, open_acts, stands_against
from comp.facts import Result
from comp.money import Money
from comp.periods import Quarter
from comp.roles import Permission
from comp.scores import NO_ANSWERS, Sample, Statistic, sample
from tests.make import person, plan_document, scenario

NOW = datetime(2026, 1, 5, tzinfo=UTC)
Q3 = Quarter(2025, 3)
EVERYTHING = frozenset(Permission)
UNITS = {"U": "Unit", "V": "Other"}


def proposal(**fields):
    usual = {"id": 7, "kind": Kind.EXCLUDE, "unit": "U", "quarter": Q3, "reason": Reason.TEST, "words": "w"}
    usual |= {"proposed_by": "a", "proposed_at": NOW, "state": State.PROPOSED, "answers": (Named("k", "recommend"),)}
    return Proposal(**{**usual, **fields})


def test_somebody_else_grants_or_refuses_and_only_the_proposer_withdraws():
    assert open_acts(proposal(), "b", EVERYTHING, own_pay=False) == {Act.GRANT, Act.REFUSE}
    assert open_acts(proposal(), "a", EVERYTHING, own_pay=False) == {Act.WITHDRAW}
    assert open_acts(proposal(), "b", {Permission.PROPOSE_EXCLUSIONS}, own_pay=False) == frozenset()


def test_nobody_decides_on_own_pay():
    assert open_acts(proposal(), "b", EVERYTHING, own_pay=True) == frozenset()
    assert "changes your own pay" in stands_against(Act.REFUSE, proposal(), "b", touches_own_pay=True)
    assert not stands_against(Act.WITHDRAW, proposal(), "a", touches_own_pay=True)


@pytest.mark.parametrize("state", [state for state in State if state is not State.PROPOSED])
def test_what_is_decided_stays_decided(state):
    for act in Act:
        assert stands_against(act, proposal(state=state), "b") == f"Proposal 7 is {state} already. Nothing was changed."


def test_every_act_has_its_move_and_every_reason_its_words():
    assert set(MOVES) == set(Act)
    assert set(REASONS) == set(Reason)


def test_a_proposal_is_about_one_question_or_about_all():
    assert proposal().question == "recommend"
    assert proposal(answers=()).question == WHOLE


MEASURE = {"metric": "nps", "weight": "100%", "min_answers": "2", "too_few": ["hold"]}
CURVE = {"curve": {"points": [["0", "0%"], ["100", "100%"]]}}
PLAN = plan_document(components=[{"id": "c", "name": "C", "share": "100%", "measures": [{**MEASURE, **CURVE}]}])
EMPTY = scenario(
    units=[{"unit": "CO", "name": "Company"}, *({"unit": u, "name": n, "parent": "CO"} for u, n in UNITS.items())],
    metrics={"nps": {"question": "recommend", "statistic": "nps", "decimals": 1}},
    plans=[PLAN],
    results=[],
    people=[person("1"), person("2", unit="V")],
).facts
RECOMMEND = EMPTY.metrics[0]


def answered(unit, tally, **fields):
    return Result(unit, Q3, "nps", sample(RECOMMEND, tally), **fields)


HERE = replace(EMPTY, results=(answered("U", {10: 3, 0: 1}), answered("V", {9: 5}, touchpoint="web")))


def change(count=-1, answer=10, unit="U", question="recommend", quarter=Q3, touchpoint=""):
    return {Counted(unit, question, quarter, touchpoint, answer): count}


def test_a_change_of_the_tallies_changes_the_samples_and_nothing_else():
    after = with_change(HERE, change())
    assert after.results == (answered("U", {10: 2, 0: 1}), HERE.results[1])
    assert replace(after, results=HERE.results) == HERE
    assert with_change(HERE, change(question="satisfaction")) == HERE


def test_taking_out_and_putting_back_changes_nothing():
    there = {**change(-3), **change(-1, 0)}
    back = {key: -count for key, count in there.items()}
    gone = with_change(HERE, there)
    assert gone.results == (HERE.results[1],)
    assert set(with_change(gone, back).results) == set(HERE.results)


def test_a_stated_value_beside_the_answers_stays_as_it_is():
    stated = Result("U", Q3, "nps", None, Fraction(40), 5)
    after = with_change(replace(HERE, results=(stated, *HERE.results)), change())
    assert after.results == (stated, answered("U", {10: 2, 0: 1}), HERE.results[1])


def test_scores_of_the_unit_and_of_all_above_are_told():
    found = score_changes(HERE, with_change(HERE, change()), change())
    assert [(each.unit, str(each.before.value), str(each.after.value), each.after.answers) for each in found] == [
        ("U", "50", str(RECOMMEND.published(Fraction(100, 3))), 3),
        ("CO", str(RECOMMEND.published(Fraction(700, 9))), "75", 8),
    ]
    assert found[1].change == found[1].after.value - found[1].before.value
    assert all(each.low < each.high for each in found[0].intervals)


def test_answers_of_another_quarter_change_no_score_of_this_one():
    elsewhere = change(quarter=Quarter(2025, 2))
    assert score_changes(HERE, with_change(HERE, elsewhere), elsewhere) == ()


def test_a_score_that_goes_has_no_change():
    gone = {**change(-3), **change(-1, 0)}
    first = score_changes(HERE, with_change(HERE, gone), gone)[0]
    assert (first.after, first.change, first.intervals[1]) == (None, None, None)


def test_pay_changes_for_those_whose_unit_reads_another_score():
    found = pay_change(HERE, with_change(HERE, change()))
    assert found.employees == {"1"}
    (one,) = found.people
    assert one.change.minor == one.after.minor - one.before.minor < 0
    assert (found.totals, found.largest, found.held) == ({one.currency: one.change}, {one.currency: one}, 0)


def test_too_few_answers_hold_the_payout():
    found = pay_change(HERE, with_change(HERE, change(-3)))
    (one,) = found.people
    assert (one.after, found.held, one.change.minor) == (None, 1, -one.before.minor)
    (back,) = pay_change(with_change(HERE, change(-3)), HERE).people
    assert (back.before, back.change) == (None, back.after)


def test_whoever_is_paid_alike_on_another_score_is_not_told_of():
    low = replace(HERE, results=(answered("U", {0: 4}),))
    assert pay_change(low, with_change(low, change(answer=0))).people == ()


def test_the_largest_single_change_is_told_by_currency():
    def paid(employee, minor, currency="EUR"):
        return PersonChange(employee, employee, currency, Money(100, currency), Money(100 + minor, currency))

    found = PayChange(Q3, (paid("1", -5), paid("2", 9), paid("3", -9), paid("4", 1, "JPY")))
    assert {currency: each.employee for currency, each in found.largest.items()} == {"EUR": "2", "JPY": "4"}
    assert {currency: total.minor for currency, total in found.totals.items()} == {"EUR": -5, "JPY": 1}


def effect(facts_change, **fields):
    after = with_change(HERE, facts_change)
    scores, pay = score_changes(HERE, after, facts_change), pay_change(HERE, after)
    return Effect(
        **{"answers": 1, "responses": 1, "lines": (("k",),), "scores": scores, "pay": (pay,), "head": 3, **fields}
    )


def test_what_is_shown_has_a_fingerprint_that_changes_with_it():
    seen = effect(change())
    assert seen.fingerprint == fingerprint(seen.figures, seen.lines) == effect(change(), head=9).fingerprint
    others = (effect(change(-2)), effect(change(), lines=(("other",),)), effect(change(), answers=2))
    assert len({seen.fingerprint, *(each.fingerprint for each in others)}) == 4
    assert seen.employees == {"1"}
    assert effect(change(), pay=()).employees == frozenset()


def test_figures_are_pairs_of_words_of_scores_and_of_pay():
    figures = dict(effect(change(-3)).figures)
    assert figures["Answers"] == "1 answer of 1 response"
    assert figures["Payouts of 2025-Q3 held by it"] == "1"
    assert figures["Pay of 2025-Q3 in EUR"].startswith("−")
    gained = dict(effect(change(3)).figures)
    assert gained["Pay of 2025-Q3 in EUR"].startswith("+")
    gone = dict(effect({**change(-3), **change(-1, 0)}).figures)
    assert gone["nps of Unit (U)"].endswith("→ no score")
    assert [label for label, _ in without_pay(figures.items())] == [
        "Answers",
        "nps of Unit (U)",
        "nps of Company (CO)",
    ]


def test_differences_tell_what_was_seen_and_what_is():
    assert differences([("Answers", "1"), ("Pay", "2")], [("Answers", "1"), ("Pay", "3"), ("Held", "1")]) == [
        "Pay: 2 when you looked, 3 now.",
        "Held: nothing when you looked, 1 now.",
    ]
    assert differences([("Answers", "1")], [("Answers", "1")]) == [
        "One of the answers was restated by an import; the figures came out alike."
    ]


def test_stated_metrics_have_no_answers_to_leave_out():
    stated = replace(RECOMMEND, id="income", statistic=Statistic.VALUE, question=None)
    assert with_change(replace(HERE, metrics=(stated,)), change()) == replace(HERE, metrics=(stated,))
    assert Sample() == NO_ANSWERS
