"""What a question's scale suggests."""

import pytest

from comp.scores import STANDARD_QUESTIONS, Question, Statistic
from comp.suggestions import suggest

STANDARD = {question.id: question for question in STANDARD_QUESTIONS}


@pytest.mark.parametrize(
    ("question", "statistic", "counted"),
    [
        ("recommend", Statistic.NPS, set()),
        ("recommend-brand", Statistic.NPS, set()),
        ("satisfaction", Statistic.TOP_BOX, {4, 5}),
        ("effort", Statistic.TOP_BOX, {5, 6, 7}),
        ("buy-only", Statistic.TOP_BOX, {1}),
        ("expectation", Statistic.TOP_BOX, {3}),
    ],
)
def test_standard_questions_get_the_metrics_that_everybody_knows(question, statistic, counted):
    suggestion = suggest(STANDARD[question])
    assert (suggestion.metric.statistic, suggestion.metric.counted) == (statistic, counted)
    assert suggestion.why
    assert not suggestion.warning


def test_a_scale_of_0_to_10_that_asks_for_something_else_is_no_net_promoter_score():
    suggestion = suggest(Question("liking", 0, 10))
    assert (suggestion.metric.statistic, suggestion.metric.decimals) == (Statistic.MEAN, 2)
    assert not suggestion.warning


def test_a_scale_of_1_to_10_warns_that_it_is_no_net_promoter_scale():
    suggestion = suggest(Question("recommend-us", 1, 10))
    assert suggestion.metric.statistic is Statistic.MEAN
    assert suggestion.warning.startswith("A scale of 1–10 is no Net Promoter scale")


def test_where_the_lowest_answer_is_best_it_is_counted_and_a_mean_is_better_lower():
    box = suggest(Question("trouble", 1, 5, best="low")).metric
    assert (box.counted, box.better) == ({1, 2}, "higher")
    mean = suggest(Question("wait-minutes", 0, 60, best="low")).metric
    assert (mean.statistic, mean.better, mean.name) == (Statistic.MEAN, "lower", "Wait minutes")
