"""The band of a quarter's cost: of the sum, from answers drawn again, and the same each time."""

from dataclasses import replace

import pytest

from comp.accrual_band import AtEnd, Spot, spread
from comp.calculate import calculate
from comp.funding import Pool
from comp.money import Money
from comp.organisation import Organisation
from comp.readings import Readings
from tests.make import person, plan_document, scenario

NPS = {"nps": {"question": "recommend", "statistic": "nps", "decimals": 1}}
CURVE = {"points": [["0", "0%"], ["100", "200%"]]}
QUARTER = {"quarter": "2025-Q3", "metric": "nps"}


def measure(metric="nps", **fields):
    return {"metric": metric, "weight": "100%", "min_answers": 1, "curve": CURVE, **fields}


def two_units(answers=100, **fields):
    """Two units with the same score of 30, one person in each, with 1,000 EUR at target."""
    counts = {"promoters": answers // 2, "passives": answers * 3 // 10, "detractors": answers // 5}
    plan = plan_document(components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure()]}])
    usual = {
        "units": [{"unit": "U", "name": "U"}, {"unit": "V", "name": "V"}],
        "metrics": NPS,
        "plans": [plan],
        "results": [{"unit": unit, **QUARTER, **counts} for unit in ("U", "V")],
        "people": [person("1", cost_centre="A"), person("2", unit="V")],
    }
    return scenario(**{**usual, **fields}).facts


def told(*_):
    """Nobody listens."""


def bands(facts, **pools):
    return spread(facts, calculate(facts), pools, told)


def width(found):
    return found.high - found.low


def test_the_band_of_a_sum_is_narrower_than_its_parts_together_and_within_the_extremes():
    found = bands(two_units())
    one, other = found.spots[Spot("EUR", "A", "U")], found.spots[Spot("EUR", "", "V")]
    whole, extreme = found.currencies["EUR"], found.extremes["EUR"]
    assert one.low < 600 < one.high
    assert other.low < 600 < other.high
    assert whole.low < 1200 < whole.high
    assert width(whole) < width(one) + width(other), "the units' customers answer independently of each other"
    assert extreme.low < whole.low
    assert whole.high < extreme.high
    assert found.draws == 200


def test_the_band_narrows_as_answers_grow_and_is_the_same_each_time():
    few, many = two_units(50), two_units(5000)
    assert width(bands(many).currencies["EUR"]) < width(bands(few).currencies["EUR"]) / 5
    assert bands(few) == bands(few)


def test_who_is_paid_by_the_unit_above_shares_its_draw():
    plan = plan_document(
        components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure(measured_at="top")]}]
    )
    units = [
        {"unit": "T", "name": "T"},
        {"unit": "U", "name": "U", "parent": "T"},
        {"unit": "V", "name": "V", "parent": "T"},
    ]
    found = bands(two_units(units=units, plans=[plan]))
    parts = [width(each) for each in found.spots.values()]
    assert width(found.currencies["EUR"]) == pytest.approx(sum(parts))


def test_a_stated_score_has_no_band():
    plan = plan_document(components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure("k")]}])
    results = [{"unit": unit, "quarter": "2025-Q3", "metric": "k", "value": "50"} for unit in ("U", "V")]
    found = bands(two_units(metrics={"k": {"statistic": "value", "decimals": 1}}, results=results, plans=[plan]))
    assert (found.draws, found.spots, found.currencies, found.extremes) == (0, {}, {}, {})


def test_a_pool_caps_what_a_draw_pays():
    facts = two_units()
    found = bands(facts, EUR=Pool(Money(120_000, "EUR"), Money(0, "EUR")))
    assert found.currencies["EUR"].high == pytest.approx(1200)
    used_up = bands(facts, EUR=Pool(Money(120_000, "EUR"), Money(0, "EUR"), scales_up=True))
    assert used_up.currencies["EUR"] == pytest.approx((1200, 1200))


def test_a_pool_of_a_currency_that_nobody_earned_changes_nothing():
    facts = two_units()
    assert bands(facts, JPY=Pool(Money(5, "JPY"), Money(0, "JPY"), scales_up=True)) == bands(facts)


def test_pay_that_is_forfeited_or_held_has_no_band():
    leaver = person("3", left="2025-07-10")
    strict = plan_document(
        components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure(min_answers=50, too_few=["hold"])]}],
        eligibility={"minimum_days": "30"},
    )
    counts = {"promoters": 5, "passives": 3, "detractors": 2}
    results = [
        {"unit": "U", **QUARTER, "promoters": 50, "passives": 30, "detractors": 20},
        {"unit": "V", **QUARTER, **counts},
    ]
    found = bands(two_units(plans=[strict], results=results, people=[person("1"), person("2", unit="V"), leaver]))
    assert list(found.spots) == [Spot("EUR", "", "U")]
    assert found.spots[Spot("EUR", "", "U")].high < 1500, "the leaver's target takes no part"


def test_whoever_listens_hears_each_draw_and_may_end_them():
    facts = two_units()
    heard = []
    spread(facts, calculate(facts), {}, lambda done, total: heard.append((done, total)))
    assert (heard[0], heard[-1], len(heard)) == ((0, 200), (199, 200), 200)


def test_the_ends_of_intervals_follow_what_is_better_and_leave_what_is_stated():
    facts = two_units()
    readings = Readings(facts, Organisation(facts.units))
    reading = next(facts.plans[0].readings())
    at = readings.find(reading, "U").value
    worst, best = (AtEnd(readings, is_best=each).find(reading, "U").value for each in (False, True))
    assert worst < at < best
    turned = replace(facts, metrics=tuple(replace(metric, better="lower") for metric in facts.metrics))
    other = Readings(turned, Organisation(turned.units))
    assert AtEnd(other, is_best=False).find(reading, "U").value == best
    end = AtEnd(readings, is_best=True)
    assert end.place("top", "U") == readings.place("top", "U")
    assert end.personal(reading, "1") == readings.personal(reading, "1")


def test_a_stated_score_is_at_both_ends():
    plan = plan_document(components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure("k")]}])
    stated = [{"unit": unit, "quarter": "2025-Q3", "metric": "k", "value": "50"} for unit in ("U", "V")]
    facts = two_units(metrics={"k": {"statistic": "value", "decimals": 1}}, results=stated, plans=[plan])
    readings = Readings(facts, Organisation(facts.units))
    reading = next(facts.plans[0].readings())
    ends = [AtEnd(readings, is_best=each).find(reading, "U") for each in (False, True)]
    assert ends == [readings.find(reading, "U")] * 2


def test_where_there_is_no_score_neither_end_has_one():
    facts = two_units(results=[])
    readings = Readings(facts, Organisation(facts.units))
    reading = next(facts.plans[0].readings())
    ends = [AtEnd(readings, is_best=each).find(reading, "U") for each in (False, True)]
    assert ends == [readings.find(reading, "U")] * 2
