"""What the data check finds in a quarter that differs from the one before."""

from dataclasses import replace
from fractions import Fraction

from comp.data_check import check_data
from comp.data_check_before import Before, PayJump, PayTotal, Volumes
from comp.data_findings import Check
from comp.facts import Result, Target, Unit
from comp.periods import FiscalYear, Quarter
from comp.scores import Sample
from tests.make import scenario

Q2, Q3 = Quarter(2025, 2), Quarter(2025, 3)
NOTHING = Volumes(0, ())


def compared(facts=None, now=NOTHING, before=NOTHING, targets=(), jumps=(), **fields):
    past = Before(now, before, tuple(targets), tuple(jumps), **fields)
    return check_data(facts or scenario().facts, past)


def test_as_many_as_before_is_no_finding():
    same = Volumes(10, (PayTotal("EUR", 10, 1000, 0),))
    assert compared(now=same, before=same) == ()
    assert compared(now=same, before=NOTHING) == ()


def test_many_more_or_fewer_people_are_told():
    (finding,) = compared(now=Volumes(60, ()), before=Volumes(100, ()))
    assert finding.what == (
        "60 people are employed at the quarter's end, 100 at the end of the one before: 40\u202f% less."
    )
    assert compared(now=Volumes(70, ()), before=Volumes(100, ())) == ()
    (finding,) = compared(now=Volumes(70, ()), before=Volumes(100, ()), swing=Fraction(1, 4))
    assert finding.check is Check.PEOPLE_DIFFER


def test_pay_is_held_against_that_of_before_for_each_person():
    before = Volumes(10, (PayTotal("EUR", 10, 1_000_000, 50_000), PayTotal("USD", 5, 1, 1), PayTotal("JPY", 0, 0, 0)))
    twice_as_many = Volumes(
        20, (PayTotal("EUR", 20, 2_000_000, 100_000), PayTotal("JPY", 1, 5, 5), PayTotal("KWD", 1, 5, 5))
    )
    assert {each.check for each in compared(now=twice_as_many, before=before)} == {Check.PEOPLE_DIFFER}
    twelfth = Volumes(10, (PayTotal("EUR", 10, 83_333, 50_000),))
    (finding,) = compared(now=twelfth, before=before)
    assert finding.what == (
        "A person's salaries in EUR are 92\u202f% less on average; in all 833.33 EUR, 10,000.00 EUR the quarter before."
    )


def test_single_people_whose_pay_is_far_from_before_are_told_by_unit():
    jumps = [PayJump("1", "Ann", "U", 1000, 1500), PayJump("2", "Bob", "U", 0, 10), PayJump("3", "Cleo", "V", 10, 1)]
    one, two = compared(jumps=jumps)
    assert [(each.employee, each.note) for each in one.people] == [("1", "50\u202f% more"), ("2", "from nothing")]
    assert one.what == "The salary or target amount of 2 people is far from that of the quarter before."
    assert two.what == "The salary or target amount of 1 person is far from that of the quarter before."


def asked(*results, metrics=None, units=()):
    """A company with answers; each is unit, quarter, count and touchpoint."""
    made = metrics or {
        "nps": {"question": "recommend", "statistic": "nps", "decimals": 1},
        "share": {"question": "recommend", "statistic": "share", "answers": ["10"], "decimals": 0},
        "k": {"statistic": "value", "decimals": 4},
    }
    facts = scenario(metrics=made).facts
    counted = tuple(
        Result(unit, quarter, metric, Sample(count, 0, 0), touchpoint=place)
        for unit, quarter, count, place in results
        for metric in ("nps", "share")
    )
    return replace(facts, results=(*facts.results, *counted), units=(*facts.units, *units))


def test_many_fewer_answers_are_told_once_a_question_for_the_company():
    (finding,) = compared(asked(("U", Q3, 60, ""), ("U", Q2, 100, "")))
    assert (finding.check, finding.place.key) == (Check.ANSWERS_DIFFER, "nps")
    assert finding.what == "60 answers to recommend, 100 the quarter before: 40\u202f% less."
    assert compared(asked(("U", Q3, 80, ""), ("U", Q2, 100, ""))) == ()


def test_units_below_the_top_are_told_where_they_had_some_answers():
    below = (Unit("A", "A", "U"), Unit("B", "B", "U"), Unit("C", "C", "U"))
    results = [("A", Q3, 10, ""), ("A", Q2, 100, ""), ("B", Q3, 100, ""), ("B", Q2, 19, ""), ("GONE", Q2, 5, "")]
    findings = compared(asked(*results, units=below))
    assert [(each.check, each.place.key) for each in findings if each.check is Check.UNIT_ANSWERS_DIFFER] == [
        (Check.UNIT_ANSWERS_DIFFER, "A")
    ]
    (finding,) = compared(asked(("A", Q3, 0, ""), ("A", Q2, 100, ""), ("B", Q3, 90, ""), units=below))[:1]
    assert finding.what.endswith("100\u202f% less.")


def test_another_mix_of_touchpoints_is_told_where_there_are_enough_answers():
    results = [("U", Q3, 20, "store"), ("U", Q3, 80, "web"), ("U", Q2, 60, "store"), ("U", Q2, 40, "web")]
    (finding,) = compared(asked(*results))
    assert finding.check is Check.TOUCHPOINTS_DIFFER
    assert finding.what == (
        "Answers to recommend come from other touchpoints than the quarter before: store 60\u202f% → 20\u202f%; "
        "web 40\u202f% → 80\u202f%."
    )
    few = [(unit, quarter, count // 4, place) for unit, quarter, count, place in results]
    assert compared(asked(*few)) == ()
    same = [(unit, quarter, 50, place) for unit, quarter, _, place in results]
    assert compared(asked(*same)) == ()


def test_targets_that_are_gone_or_far_from_before_are_told_by_metric():
    year = FiscalYear(2025)
    facts = replace(scenario().facts, targets=(Target("U", Q3, "k", Fraction(10)), Target("V", Q3, "k", Fraction(40))))
    before = [
        Target("U", Q2, "k", Fraction(100)),
        Target("V", year, "k", Fraction(40)),
        Target("W", Q2, "k", Fraction(1)),
    ]
    (finding,) = compared(facts, targets=before)
    assert finding.what == (
        "Targets of k: W had one the quarter before and has none; that of U is far from what it was."
    )
    (finding,) = compared(facts, targets=[*before, Target("X", Q2, "k", Fraction(1))])
    assert "W and X had one the quarter before and have none" in finding.what
    assert compared(facts, targets=[Target("U", Q2, "k", Fraction(10)), Target("V", year, "k", Fraction(40))]) == ()


def test_a_target_of_0_that_stays_is_no_finding():
    nothing = Target("U", FiscalYear(2025), "k", Fraction(0))
    facts = replace(scenario().facts, targets=(nothing,))
    assert compared(facts, targets=[nothing]) == ()
