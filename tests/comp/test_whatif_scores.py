"""What scores do to cost: a point more, and the band of drawing the answers again."""

from dataclasses import replace
from fractions import Fraction
from random import Random
from statistics import fmean, pstdev

import pytest
from hypothesis import given

from comp.facts import Result
from comp.intervals import interval
from comp.periods import Quarter
from comp.scores import Metric, Question, Sample, Statistic, groups_tally, sample
from comp.whatif import Snapshot
from comp.whatif_position import Position, turned
from comp.whatif_scores import bands, drawn_again, point_costs
from tests.comp.companies import companies
from tests.make import measure, plan, plan_document, scenario

Q3 = Quarter(2025, 3)
NPS = {"nps": {"question": "recommend", "statistic": "nps", "decimals": 1}}
LINE = {"points": [["0", "0%"], ["100", "100%"]]}


def facts_of(**fields):
    return scenario(**fields).facts


def surveyed(promoters=50, passives=30, detractors=20, **fields):
    """One unit with answers, and one person who is paid a percent of 1,000 EUR for each point."""
    counts = {"promoters": str(promoters), "passives": str(passives), "detractors": str(detractors)}
    components = [{"id": "c", "name": "C", "share": "100%", "measures": [{**measure("nps", curve=LINE), **fields}]}]
    return facts_of(
        metrics=NPS,
        results=[{"unit": "U", "quarter": "2025-Q3", "metric": "nps", **counts}],
        plans=[plan_document(components=components)],
    )


def test_a_point_more_costs_what_the_curve_gives_for_it():
    facts = surveyed()
    assert point_costs(Snapshot(facts), facts.plans[0]) == {"nps": {"EUR": Fraction(10)}}


def test_a_point_beyond_the_scale_costs_nothing():
    facts = surveyed(100, 0, 0)
    assert point_costs(Snapshot(facts), facts.plans[0]) == {"nps": {"EUR": Fraction(0)}}


def test_of_a_metric_where_less_is_better_a_point_better_is_a_point_less():
    falling = {"curve": {"points": [["200", "0%"], ["0", "200%"]]}}
    metrics = {"k": {"statistic": "value", "decimals": 4, "better": "lower"}}
    components = [{"id": "c", "name": "C", "share": "100%", "measures": [{**measure(), **falling}]}]
    facts = facts_of(metrics=metrics, plans=[plan_document(components=components)])
    assert point_costs(Snapshot(facts), facts.plans[0]) == {"k": {"EUR": Fraction(10)}}


def test_a_point_of_a_metric_that_is_read_nowhere_else_leaves_the_others_alone():
    facts = surveyed()
    gated = replace(facts.plans[0], gates=plan(gates=[gate("k", "200")]).gates)
    stated = (*facts.results, Result("U", Q3, "k", value=Fraction(199)))
    facts = replace(facts, metrics=(*facts.metrics, Metric("k", Statistic.VALUE, 0)), results=stated, plans=(gated,))
    costs = point_costs(Snapshot(facts), gated)
    assert costs == {"k": {"EUR": Fraction(300)}, "nps": {"EUR": Fraction(0)}}


def gate(metric, least):
    return {"metric": metric, "at_least": least, "otherwise": {"cap": "0%", "on": "total"}}


def test_personal_results_are_a_point_better_too():
    own = [{"id": "c", "name": "C", "share": "100%", "measures": [measure(measured_at="person")]}]
    results = [{"employee": "1", "quarter": "2025-Q3", "metric": "k", "value": "50"}]
    facts = facts_of(plans=[plan_document(components=own)], personal_results=results)
    assert point_costs(Snapshot(facts), facts.plans[0]) == {"k": {"EUR": Fraction(10)}}


def test_a_metric_that_nobody_defined_costs_nothing():
    facts = replace(surveyed(), metrics=())
    assert point_costs(Snapshot(facts), facts.plans[0]) == {"nps": {}}


def test_the_band_of_a_straight_curve_is_the_interval_of_the_score():
    facts = surveyed()
    found = bands(Snapshot(facts), facts.plans[0])
    (band,) = found.after
    known = interval(facts.metrics[0], Sample(100, 3000, 700_000))
    assert found.draws == 200
    assert found.before == found.after
    assert band.currency == "EUR"
    assert band.expected == pytest.approx(300, abs=20)
    assert band.low == pytest.approx(known.low * 10, abs=35)
    assert band.high == pytest.approx(known.high * 10, abs=35)


def test_the_same_seed_gives_the_same_band_and_another_seed_another():
    facts = surveyed()
    tried = turned(facts.plans[0], Position(scale=Fraction(1, 2)))
    first = bands(Snapshot(facts), tried)
    assert bands(Snapshot(facts), tried) == first
    assert bands(Snapshot(replace(facts, results=facts.results[::-1])), tried) == first
    assert bands(Snapshot(facts), tried, seed=7) != first


def test_a_company_of_many_units_is_drawn_less_often():
    facts = surveyed()
    units = tuple(replace(facts.units[0], code=f"X{n}", parent="U") for n in range(1_000))
    assert bands(Snapshot(replace(facts, units=(*facts.units, *units))), facts.plans[0]).draws == 60


def test_what_is_stated_has_no_band():
    facts = facts_of()
    (band,) = bands(Snapshot(facts), facts.plans[0]).after
    assert (band.low, band.expected, band.high) == (1000, 1000, 1000)


@given(companies())
def test_drawing_again_keeps_the_number_of_answers_and_stays_on_the_scale(facts):
    metrics = {metric.id: metric for metric in facts.metrics}
    drawn = list(drawn_again(facts, Random(1), metrics))
    assert len(drawn) == len(facts.results)
    assert sorted(r.sample.answers for r in drawn if r.sample) == sorted(
        r.sample.answers for r in facts.results if r.sample
    )
    assert all(in_scale(metrics[result.metric], result.sample) for result in drawn if result.sample)
    assert [r for r in drawn if r.sample is None] == [
        r for r in sorted(facts.results, key=lambda r: (r.metric, r.unit, r.quarter, r.touchpoint)) if r.sample is None
    ]


def in_scale(metric, tally):
    low, high = metric.limits()
    return not tally.answers or low <= tally.score <= high


def test_metrics_that_no_plan_reads_are_not_drawn():
    facts = surveyed()
    assert list(drawn_again(facts, Random(1), {"other"})) == list(facts.results)


@pytest.mark.parametrize("counts", [(5, 3, 2), (50, 30, 20), (5000, 3000, 2000), (0, 0, 9), (1, 0, 4000), (3, 0, 0)])
def test_groups_drawn_again_spread_as_answers_do(counts):
    metric = Metric("nps", Statistic.NPS, 1, question=Question("q", 0, 10))
    tally = sample(metric, groups_tally(*counts))
    check_spread(metric, tally, tally.squares / tally.answers - float(tally.score) ** 2)


@pytest.mark.parametrize("counts", [{5: 7, 1: 3}, {5: 700, 1: 300}, {5: 3}, {1: 3}, {1: 999, 5: 1}])
def test_shares_drawn_again_spread_as_answers_do(counts):
    metric = Metric("csat", Statistic.TOP_BOX, 0, question=Question("q", 1, 5), counted=frozenset({5}))
    tally = sample(metric, counts)
    check_spread(metric, tally, tally.squares / tally.answers - float(tally.score) ** 2)


@pytest.mark.parametrize("counts", [{5: 70, 1: 30}, {3: 10}, {1: 50, 7: 50}])
def test_means_drawn_again_spread_as_answers_do(counts):
    metric = Metric("effort", Statistic.MEAN, 2, question=Question("q", 1, 7))
    tally = sample(metric, counts)
    check_spread(metric, tally, tally.squares / tally.answers - float(tally.score) ** 2)


def test_a_mean_without_a_scale_may_lie_anywhere():
    metric = Metric("minutes", Statistic.MEAN, 2)
    facts = replace(facts_of(), metrics=(metric,), results=(Result("U", Q3, "minutes", Sample(4, 400, 50_000)),))
    scores = {next(iter(drawn_again(facts, Random(n), {"minutes"}))).sample.score for n in range(20)}
    assert len(scores) > 10


def check_spread(metric, tally, variance):
    facts = replace(facts_of(), metrics=(metric,), results=(Result("U", Q3, metric.id, tally),))
    chance = Random(3)
    scores = [float(next(iter(drawn_again(facts, chance, {metric.id}))).sample.score) for _ in range(3000)]
    error = (variance / tally.answers) ** 0.5
    assert fmean(scores) == pytest.approx(float(tally.score), abs=error / 12 + 1e-9)
    assert pstdev(scores) == pytest.approx(error, rel=0.08, abs=1e-9)
