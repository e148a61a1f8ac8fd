"""What chance does to a score: the design's figures, exact enumeration against simulation, and the normal curve."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.sampling import (
    Scatter,
    answers_needed,
    chance_of_move,
    chance_of_reaching,
    margin,
    moved_to,
    of_groups,
    scatter,
    score_chances,
    standard_error,
)
from comp.scores import Metric, Sample, Statistic, groups_tally, sample
from tests.comp.lint_companies import BY_ID

NPS, CSAT = BY_ID["nps"], BY_ID["csat"]
RATING = Metric("rating", Statistic.MEAN, 2, question=CSAT.question)
USUAL = of_groups(0.5, 0.3, 0.2)
"""Half promoters, three in ten passive: a score of 30."""


def test_at_50_answers_an_unchanged_unit_moves_by_ten_points_or_more_in_57_percent_of_quarters():
    assert chance_of_move(USUAL, 50, 10) == pytest.approx(0.57, abs=0.01)


def test_ten_points_either_way_need_about_235_answers():
    assert answers_needed(USUAL, 10) == 235
    assert margin(USUAL, 235) == pytest.approx(10, abs=0.02)


def test_half_the_margin_needs_four_times_the_answers():
    assert answers_needed(USUAL, 5) == pytest.approx(4 * 235, abs=4)


def test_two_points_below_a_cliff_a_hundred_answers_reach_it_in_39_percent_of_quarters():
    assert chance_of_reaching(NPS, of_groups(0.52, 0.34, 0.14), 100, 40) == pytest.approx(0.39, abs=0.005)


@pytest.mark.parametrize("answers", [50, 100, 400])
@pytest.mark.parametrize("cliff", [25, 32, 38])
def test_the_normal_curve_agrees_with_counting_where_the_number_of_answers_varies(answers, cliff):
    counted, weight = 0.0, 0.0
    for number in range(max(10, answers // 2), answers * 3 // 2 + 1):
        chance = math.exp(number * math.log(answers) - answers - math.lgamma(number + 1))
        reached = sum(c for score, c in score_chances(USUAL, number) if score >= cliff - 0.05)
        counted, weight = counted + chance * reached, weight + chance
    assert chance_of_reaching(NPS, USUAL, answers, cliff) == pytest.approx(counted / weight, abs=0.01)


def test_chances_of_scores_are_those_that_drawing_answers_gives():
    draw = random.Random(1)
    seen = [sum(draw.choices((100, 0, -100), (0.5, 0.3, 0.2), k=20)) / 20 for _ in range(20_000)]
    for low, high in ((-100, 0), (0, 30), (30, 60), (60, 101)):
        exact = sum(chance for score, chance in score_chances(USUAL, 20) if low <= score < high)
        assert sum(low <= score < high for score in seen) / len(seen) == pytest.approx(exact, abs=0.01)


@given(
    st.tuples(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60)),
    st.integers(1, 900),
)
def test_chances_add_up_and_have_the_mean_and_the_spread_of_the_unit(groups, answers):
    known = of_groups(*(part / sum(groups) for part in groups))
    chances = list(score_chances(known, answers))
    assert sum(chance for _, chance in chances) == pytest.approx(1, abs=1e-4)
    mean = sum(score * chance for score, chance in chances)
    assert mean == pytest.approx(known.mean, abs=0.1)
    spread = math.sqrt(sum((score - mean) ** 2 * chance for score, chance in chances))
    assert spread == pytest.approx(standard_error(known, answers), rel=0.01)


@pytest.mark.parametrize("groups", [(1, 1, 60), (60, 1, 1), (1, 60, 1), (60, 1, 60)])
@pytest.mark.parametrize("answers", [900, 2000, 5000])
def test_chances_are_right_where_nearly_all_answer_alike(groups, answers):
    known = of_groups(*(part / sum(groups) for part in groups))
    chances = list(score_chances(known, answers))
    mean = sum(score * chance for score, chance in chances)
    assert mean == pytest.approx(known.mean, abs=0.1)
    spread = math.sqrt(sum((score - mean) ** 2 * chance for score, chance in chances))
    assert spread == pytest.approx(standard_error(known, answers), rel=0.01)


@pytest.mark.parametrize("known", [Scatter(80, 80 * 20), Scatter(3.9, 1.2)])
def test_chances_of_shares_and_means_have_the_mean_and_the_spread_too(known):
    chances = list(score_chances(known, 120))
    mean = sum(score * chance for score, chance in chances)
    assert mean == pytest.approx(known.mean, abs=0.01)
    spread = math.sqrt(sum((score - mean) ** 2 * chance for score, chance in chances))
    assert spread == pytest.approx(standard_error(known, 120), rel=0.01)


def test_a_unit_scatters_as_its_answers_do():
    known = scatter(NPS, sample(NPS, groups_tally(500, 300, 200)))
    assert known.mean == pytest.approx(30)
    assert known.variance == pytest.approx(6100, rel=0.01)
    share = scatter(CSAT, Sample(100, 8000, 800_000))
    assert (share.mean, share.variance) == (80, 1600)
    assert scatter(RATING, Sample(10, 40, 170)) == (4, 1, None)


def test_a_unit_whose_customers_all_said_the_same_may_still_change():
    same = scatter(NPS, sample(NPS, groups_tally(20, 0, 0)))
    assert same.mean < 100
    assert same.variance > 0
    assert scatter(CSAT, Sample(20, 2000, 200_000)).variance > 0


@pytest.mark.parametrize("mean", [-60, 0, 29, 70])
def test_a_unit_that_is_truly_elsewhere_keeps_its_shape(mean):
    moved = moved_to(NPS, USUAL, mean)
    assert moved.mean == pytest.approx(mean, abs=0.01)
    assert sum(moved.groups) == pytest.approx(1)
    assert all(0 < share < 1 for share in moved.groups)


def test_what_cannot_be_is_moved_to_where_the_scale_ends():
    assert moved_to(NPS, USUAL, 150).mean == pytest.approx(99.8, abs=0.01)
    assert moved_to(CSAT, Scatter(80, 1600), 60) == Scatter(60, 2400)
    assert moved_to(BY_ID["k"], Scatter(80, 16), 60) == Scatter(60, 16)


def test_a_mean_near_the_end_of_its_scale_has_less_room_to_scatter():
    assert moved_to(RATING, Scatter(3, 2), 4.5).variance < 1
    assert moved_to(RATING, Scatter(4.5, 0.5), 3).variance == 0.5


def test_a_score_that_never_varies_is_there_or_not():
    fixed = Scatter(40, 0)
    assert chance_of_reaching(NPS, fixed, 10, 40) == 1
    assert chance_of_reaching(NPS, fixed, 10, 41) == 0
    assert chance_of_reaching(NPS, fixed, 10, 40, downward=True) == 1
    assert chance_of_reaching(NPS, fixed, 10, 39, downward=True) == 0
