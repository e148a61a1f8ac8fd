from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.intervals import change, interval, real_changes, standard_error, student_t_quantile, weighted_interval
from comp.scores import NO_ANSWERS, Metric, Question, Sample, Statistic, Stratum, groups_tally, sample

NPS = Metric("nps", Statistic.NPS, 1, question=Question("recommend", 0, 10))
CSAT = Metric("csat", Statistic.TOP_BOX, 1, question=Question("s", 1, 5), counted=frozenset({4, 5}))
MEAN = Metric("mean", Statistic.MEAN, 1, question=Question("s", 1, 5))


def groups(*counts: int) -> Sample:
    return sample(NPS, groups_tally(*counts))


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((50, 30, 20), 14.051, 44.201),
        ((10, 0, 0), 47.504, 100),
        ((0, 0, 1), -98.499, 48.499),
        ((7, 2, 1), 7.039, 85.268),
        ((8465, 3953, 1194), 52.310, 54.499),
    ],
)
def test_adjusted_wald_gives_the_published_intervals(counts, low, high):
    known = interval(NPS, groups(*counts))
    assert known.low == pytest.approx(low, abs=6e-4)
    assert known.high == pytest.approx(high, abs=6e-4)


def test_wilson_gives_the_interval_of_a_share():
    known = interval(CSAT, sample(CSAT, {5: 8, 1: 2}))
    assert known == pytest.approx((49.0, 94.3), abs=0.05)
    assert interval(CSAT, sample(CSAT, {5: 10}))[1] == 100


def test_students_t_gives_the_interval_of_a_mean():
    known = interval(MEAN, sample(MEAN, {1: 1, 2: 1, 3: 1, 4: 1, 5: 1}))
    assert known == pytest.approx((1.0368, 4.9632), abs=1e-4)
    assert interval(MEAN, sample(MEAN, {3: 1})) is None


@pytest.mark.parametrize(
    ("freedom", "quantile"),
    [(1, 12.7062), (2, 4.3027), (3, 3.1824), (4, 2.7764), (10, 2.2281), (29, 2.0452), (100, 1.9840), (5000, 1.9604)],
)
def test_students_t_agrees_with_the_printed_tables(freedom, quantile):
    assert student_t_quantile(0.975, freedom) == pytest.approx(quantile, abs=5e-5)


def test_the_two_ways_to_students_t_meet():
    assert student_t_quantile(0.975, 1000) == pytest.approx(student_t_quantile(0.975, 1001), abs=2e-6)


def test_nothing_is_said_without_answers_or_of_stated_values():
    assert interval(NPS, NO_ANSWERS) is None
    assert interval(Metric("k", Statistic.VALUE, 1), Sample(5, 5, 5)) is None


@given(st.tuples(*[st.integers(0, 300)] * 3).filter(any))
def test_an_interval_stays_on_the_scale_and_gets_narrower_with_answers(counts):
    few, many = interval(NPS, groups(*counts)), interval(NPS, groups(*(9 * count for count in counts)))
    assert -100 <= few.low <= few.high <= 100
    assert many.high - many.low <= few.high - few.low + 1e-9


def test_a_change_is_tested_against_chance():
    moved = change(groups(50, 30, 20), groups(58, 27, 15))
    assert moved.z == pytest.approx(1.21, abs=5e-3)
    assert moved.p == pytest.approx(0.226, abs=5e-4)
    assert change(groups(1, 0, 0), NO_ANSWERS) is None
    assert change(NO_ANSWERS, groups(1, 0, 0)) is None
    assert change(groups(1, 0, 0), groups(2, 0, 0)) is None


def test_only_changes_that_survive_benjamini_and_hochberg_are_flagged():
    assert real_changes([0.01, 0.04, 0.03, 0.9]) == [True, False, False, False]
    assert real_changes([0.01, 0.02, 0.03, 0.04]) == [True] * 4
    assert real_changes([]) == []


def test_a_weighted_score_has_the_standard_error_of_its_strata():
    strata = [
        Stratum("store", Fraction(1, 2), groups(21, 24, 15)),
        Stratum("repair", Fraction(3, 10), groups(66, 42, 12)),
        Stratum("web", Fraction(1, 5), groups(14, 4, 2)),
    ]
    by_hand = (0.25 * 5900 / 60 + 0.09 * 4475 / 120 + 0.04 * 4400 / 20) ** 0.5
    assert standard_error(strata) == pytest.approx(by_hand)
    known = weighted_interval(NPS, strata)
    assert known.high - 30.5 == pytest.approx(1.959964 * by_hand, rel=1e-6)
    empty = [*strata, Stratum("x", Fraction(0), NO_ANSWERS)]
    assert weighted_interval(NPS, empty) is None
    assert weighted_interval(Metric("k", Statistic.VALUE, 1), strata) is None
