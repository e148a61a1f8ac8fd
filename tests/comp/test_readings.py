from fractions import Fraction

from comp.facts import Facts, Person, PersonalResult, Result, Unit
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.plan import Fallback, Reading
from comp.readings import Missing, Readings
from comp.scores import STATED, Metric, Sample, Statistic, groups_tally, sample

QUARTER = Quarter(2025, 3)
NPS = Metric("nps", Statistic.NPS, 1)
UNITS = (Unit("CO", "Company"), Unit("P", "Parent", "CO"), Unit("A", "A", "P"), Unit("B", "B", "P"))


def readings(*results: Result) -> Readings:
    facts = Facts(QUARTER, UNITS, (NPS,), (), results, ())
    return Readings(facts, Organisation(UNITS))


def answers(unit: str, *groups: int, quarter: Quarter = QUARTER, touchpoint: str = "") -> Result:
    return Result(unit, quarter, "nps", sample(NPS, groups_tally(*groups)), touchpoint=touchpoint)


def stated(unit: str, value: int, count: int | None = None) -> Result:
    return Result(unit, QUARTER, "nps", value=Fraction(value), answers=count)


def test_a_score_that_pools_answers_and_stated_counts_has_no_interval_but_needs_enough_answers():
    found = readings(answers("A", 30, 0, 0), stated("B", 0, 30)).find(Reading("nps", min_answers=60), "P")
    assert (found.value, found.answers, found.sample, found.basis) == (50, 60, None, "own")
    few = readings(answers("A", 30, 0, 0), stated("B", 0, 29)).find(Reading("nps", min_answers=60), "P")
    assert isinstance(few, Missing)


def test_a_stated_value_is_enough_whatever_its_count():
    found = readings(stated("A", 40, 3)).find(Reading("nps"), "A")
    assert (found.value, found.basis, found.answers) == (40, STATED, 3)


def test_the_last_four_quarters_pool_stated_counts_too():
    result = Result("A", QUARTER.plus(-1), "nps", value=Fraction(40), answers=60)
    found = readings(result).find(Reading("nps"), "A")
    assert (found.value, found.basis, found.sample) == (40, "rolling-4", None)


def test_a_parent_that_contradicts_itself_is_passed_by():
    above = readings(answers("A", 1, 0, 0), stated("P", 10), answers("CO", 50, 0, 50))
    found = above.find(Reading("nps"), "A")
    assert (found.basis, found.unit, found.answers) == ("parent CO", "CO", 101)


def test_a_stated_value_above_answers_is_a_contradiction_of_the_unit_that_states():
    found = readings(answers("A", 60, 0, 0), stated("P", 10)).find(Reading("nps"), "P")
    assert isinstance(found, Missing)
    assert "has answers too" in found.why


def test_the_chain_may_end_without_a_word_and_then_holds():
    reading = Reading("nps", too_few=(Fallback.ROLLING_4,))
    assert isinstance(readings(answers("A", 1, 0, 0)).find(reading, "A"), Missing)


def test_weighted_touchpoints_roll_and_climb_like_any_score():
    shares = (("store", Fraction(1, 2)), ("web", Fraction(1, 2)))
    old = QUARTER.plus(-1)
    here = [answers("A", 30, 0, 0, touchpoint="store"), answers("A", 0, 0, 10, touchpoint="web")]
    older = [answers("A", 0, 0, 40, touchpoint="web", quarter=old)]
    rolled = readings(*here, *older).find(Reading("nps", touchpoints=shares, min_answers=70), "A")
    assert (rolled.basis, rolled.value, rolled.answers) == ("rolling-4", 0, 80)
    beside = [answers("B", 20, 0, 0, touchpoint="store"), answers("B", 0, 0, 40, touchpoint="web")]
    reading = Reading("nps", touchpoints=shares, min_answers=90, too_few=(Fallback.ROLLING_4, Fallback.PARENT))
    climbed = readings(*here, *beside).find(reading, "A")
    assert (climbed.basis, climbed.answers, climbed.effective) == ("parent P", 100, 100)
    lacking = readings(here[0]).find(reading, "A")
    assert "the last four quarters have not one answer at each weighted touchpoint" in lacking.why


def test_a_stated_value_is_not_weighted():
    found = readings(stated("A", 40)).find(Reading("nps", touchpoints=(("store", Fraction(1)),)), "A")
    assert found.value == 40


def test_a_score_is_looked_up_once():
    made, reading = readings(answers("A", 60, 0, 0)), Reading("nps")
    assert made.find(reading, "A") is made.find(reading, "A")


def test_scores_looked_up_for_readings_that_are_gone_are_not_mistaken_for_others():
    made = readings(answers("A", 60, 0, 0))
    for needed in range(50, 90):
        found = made.find(Reading("nps", min_answers=needed, too_few=(Fallback.ZERO,)), "A")
        assert (found is Fallback.ZERO) == (needed > 60)


def test_a_quarter_without_any_result_is_known_as_such():
    assert not readings(answers("A", 1, 0, 0, quarter=QUARTER.plus(-1))).has_any
    assert readings(answers("A", 1, 0, 0)).has_any


def test_a_result_of_nothing_counts_for_nothing():
    empty = Result("A", QUARTER, "nps", value=Fraction(40), answers=0)
    assert readings(empty).score(NPS, "A") is None
    assert Sample().answers == 0


def test_nobody_inherits_a_value_from_a_unit_that_contradicts_itself():
    twice = readings(stated("P", 10), stated("P", 20)).find(Reading("nps"), "A")
    assert twice == Missing("P states nps 2 times in 2025-Q3: no score is usable. Keep one.")
    answered = readings(stated("P", 10), answers("B", 60, 0, 0)).find(Reading("nps"), "A")
    assert answered.why.startswith("P states a value of nps in 2025-Q3 and has answers too")


def test_a_value_stated_on_no_answers_twice_is_a_contradiction_too():
    found = readings(stated("A", 10, 0), stated("A", 20, 0)).find(Reading("nps"), "A")
    assert found == Missing("A states nps 2 times in 2025-Q3: no score is usable. Keep one.")


def test_a_tally_without_a_single_answer_contradicts_nothing():
    assert readings(stated("A", 10), answers("A", 0, 0, 0)).find(Reading("nps"), "A").value == 10


def test_the_last_four_quarters_are_of_no_use_where_one_of_them_contradicts_itself():
    old = QUARTER.plus(-2)
    doubled = (answers("A", 60, 0, 0, quarter=old), Result("A", old, "nps", value=Fraction(40), answers=60))
    found = readings(answers("A", 1, 0, 0), *doubled).find(Reading("nps"), "A")
    assert found.why == (
        "No usable score of nps for A: 1 answer in 2025-Q3 where the plan needs 50; "
        "A states a value of nps in 2025-Q1 and has answers too: no score is usable. "
        "Withdraw the stated value or the answers; "
        "P above has 1 answer; CO above has 1 answer. Import more results, or choose another fallback in the plan."
    )


def test_what_stands_after_hold_is_never_tried():
    chain = (Fallback.HOLD, Fallback.ZERO)
    assert isinstance(readings(answers("A", 1, 0, 0)).find(Reading("nps", too_few=chain), "A"), Missing)
    assert isinstance(readings().personal(Reading("nps", "person", too_few=chain), "1"), Missing)


def test_a_person_without_a_result_has_what_the_plan_does_then_and_one_with_two_is_held():
    facts = Facts(QUARTER, UNITS, (NPS,), (), (), (doubled("1", 40, 50),))
    made = Readings(facts, Organisation(UNITS))
    assert made.has_any
    assert made.personal(Reading("nps", "person"), "1") == Missing("1 has 2 results of nps in 2025-Q3. Keep one.")
    assert made.personal(Reading("nps", "person", too_few=(Fallback.PARENT, Fallback.NEUTRAL)), "2") is Fallback.NEUTRAL


def doubled(employee: str, *values: int) -> Person:
    return Person(employee, "", (), results=tuple(PersonalResult(QUARTER, "nps", Fraction(value)) for value in values))
