from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.scores import (
    STANDARD_QUESTIONS,
    Metric,
    Question,
    Sample,
    Score,
    Statistic,
    Stratum,
    effective_answers,
    groups_tally,
    sample,
    weighted_score,
)

RECOMMEND = next(question for question in STANDARD_QUESTIONS if question.id == "recommend")
SATISFACTION = next(question for question in STANDARD_QUESTIONS if question.id == "satisfaction")
NPS = Metric("nps", Statistic.NPS, 1, question=RECOMMEND)
TALLIES = st.dictionaries(st.integers(0, 10), st.integers(0, 500), min_size=1)


@pytest.mark.parametrize(
    ("groups", "score"), [((50, 30, 20), "30.0"), ((10, 0, 0), "100.0"), ((0, 0, 1), "-100.0"), ((7, 2, 1), "60.0")]
)
def test_nps_is_promoters_less_detractors_per_hundred(groups, score):
    assert NPS.published(sample(NPS, groups_tally(*groups)).score) == Fraction(score)


def test_the_published_score_of_a_real_file_is_what_its_authors_found():
    answers = sample(NPS, groups_tally(8465, 3953, 1194))
    assert answers.answers == 13612
    assert round(float(answers.score), 4) == 53.4161


@given(TALLIES, TALLIES)
def test_pooling_samples_is_the_same_as_pooling_answers(one, other):
    together = {answer: one.get(answer, 0) + other.get(answer, 0) for answer in {*one, *other}}
    assert sample(NPS, one).pool(sample(NPS, other)) == sample(NPS, together)


@given(st.tuples(*[st.integers(0, 1000)] * 3))
def test_the_groups_of_a_score_come_back_from_its_sample(groups):
    assert sample(NPS, groups_tally(*groups)).groups == groups


def test_top_box_share_and_mean_are_means_of_points():
    tally = {1: 10, 2: 10, 3: 20, 4: 40, 5: 20}
    top_box = Metric("csat", Statistic.TOP_BOX, 1, question=SATISFACTION, counted=SATISFACTION.best_answers(2))
    mean = Metric("mean", Statistic.MEAN, 2, question=SATISFACTION)
    assert sample(top_box, tally).score == 60
    assert sample(mean, tally).score == Fraction("3.5")
    assert top_box.limits() == (0, 100)
    assert mean.limits() == (1, 5)


def test_the_best_answers_may_be_the_lowest():
    assert Question("ease", 1, 7, "low").best_answers(2) == {1, 2}


def test_a_stated_value_has_no_limits_and_no_scale():
    income = Metric("income", Statistic.VALUE, 0)
    assert income.limits() is None
    assert income.scale_warning() == ""


def test_a_net_promoter_score_on_another_scale_is_warned_of():
    assert NPS.scale_warning() == ""
    warning = Metric("nps", Statistic.NPS, 1, question=Question("q", 1, 10)).scale_warning()
    assert "1-10, not 0-10" in warning


def test_touchpoints_are_weighted_to_their_shares_and_cost_precision():
    shares = ("0.5", "0.3", "0.2")
    tallies = [groups_tally(21, 24, 15), groups_tally(66, 42, 12), groups_tally(14, 4, 2)]
    strata = [
        Stratum(str(i), Fraction(s), sample(NPS, t)) for i, (s, t) in enumerate(zip(shares, tallies, strict=True))
    ]
    assert [float(stratum.sample.score) for stratum in strata] == [10, 45, 60]
    assert weighted_score(strata) == Fraction("30.5")
    effective = effective_answers(strata)
    assert round(float(effective), 1) == 144.6
    assert round(float(200 / effective), 3) == 1.383
    score = Score("nps", "U", "own", Fraction("30.5"), Fraction("30.5"), 200, Sample(), tuple(strata))
    assert score.effective == effective


def test_a_stated_score_may_have_no_count():
    assert Score("k", "U", "stated", Fraction(1), Fraction(1)).effective is None
