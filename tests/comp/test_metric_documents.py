import pytest

from comp.metric_documents import read_metrics, score_text, write_metrics
from comp.scores import Statistic

FULL = {
    "questions": {
        "ease": {
            "text": "How easy was it?",
            "scale": ["1", "7"],
            "best": "low",
            "labels": {"1": ["Very easy"], "7": "Hard"},
        },
        "again": {"scale": "1-5"},
    },
    "metrics": {
        "nps": {"name": "Net Promoter Score", "question": "recommend", "statistic": "nps"},
        "csat": {"question": "satisfaction", "statistic": "top_box", "top": "2", "decimals": "0"},
        "effort": {"question": "ease", "statistic": "mean", "decimals": "2"},
        "loyal": {"question": "again", "statistic": "share", "answers": ["4", "5"]},
        "easy": {"question": "ease", "statistic": "share", "answers": ["very easy"]},
        "short": {"question": "satisfaction", "scale": [1, 3], "statistic": "mean"},
        "partner": {"question": "partner-recommend", "statistic": "nps"},
        "income": {"statistic": "value", "decimals": 0, "better": "higher"},
    },
}


def test_questions_and_metrics_are_read():
    questions, metrics, problems = read_metrics(FULL)
    assert problems == []
    by_id = {metric.id: metric for metric in metrics}
    assert [question.id for question in questions] == ["ease", "again"]
    assert by_id["nps"].question.answers == range(11)
    assert by_id["csat"].counted == {4, 5}
    assert by_id["effort"].better == "lower"
    assert by_id["loyal"].counted == {4, 5}
    assert by_id["easy"].counted == {1}
    assert by_id["short"].question.high == 3
    assert by_id["partner"].question.high == 10
    assert by_id["income"].statistic is Statistic.VALUE


def test_metrics_that_are_written_and_read_again_are_the_same():
    questions, metrics, _ = read_metrics(FULL)
    again = read_metrics(write_metrics(questions, metrics))
    assert again == (questions, metrics, [])


def test_a_document_may_be_the_mapping_of_metrics_alone():
    _, metrics, problems = read_metrics(FULL["metrics"] | {"effort": None} | {"loyal": None} | {"easy": None})
    assert [metric.id for metric in metrics][:2] == ["nps", "csat"]
    assert {problem.where for problem in problems} == {
        f"metrics.{id_}.statistic" for id_ in ("effort", "loyal", "easy")
    } | {f"metrics.{id_}.question" for id_ in ("effort", "loyal", "easy")}


@pytest.mark.parametrize(
    ("metric", "where", "why"),
    [
        ({"statistic": "median"}, "metrics.m.statistic", "is not one of"),
        ({"statistic": "mean"}, "metrics.m.question", "is missing"),
        ({"statistic": "mean", "question": "unheard"}, "metrics.m.question", "is not a known question"),
        ({"statistic": "value", "question": "recommend"}, "metrics.m.question", "has no question"),
        ({"statistic": "top_box", "question": "satisfaction"}, "metrics.m.top", "is missing"),
        ({"statistic": "top_box", "question": "satisfaction", "top": "5"}, "metrics.m.top", "from 1 to 4"),
        ({"statistic": "share", "question": "satisfaction"}, "metrics.m.answers", "should list answers"),
        ({"statistic": "share", "question": "satisfaction", "answers": ["9"]}, "metrics.m.answers", "1-5"),
        ({"statistic": "share", "question": "satisfaction", "answers": ["good"]}, "metrics.m.answers", "1-5"),
        ({"statistic": "share", "question": "satisfaction", "answers": ["--5"]}, "metrics.m.answers", "1-5"),
        (
            {"statistic": "share", "question": "satisfaction", "answers": [None]},
            "metrics.m.answers",
            "should be a text",
        ),
        ({"statistic": "mean", "question": "x", "scale": ["1", "1_0"]}, "metrics.m.scale", "lowest and the highest"),
        ({"statistic": "mean", "question": "x", "scale": ["1", "2", "3"]}, "metrics.m.scale", "lowest and the highest"),
        ({"statistic": "nps", "question": "recommend", "decimals": "7"}, "metrics.m.decimals", "more than the 6"),
        ({"statistic": "nps", "question": "recommend", "top": "1"}, "metrics.m.top", "is not a known field"),
        ({"statistic": "mean", "question": "x", "scale": "wide"}, "metrics.m.scale", "lowest and the highest"),
        ({"statistic": "mean", "question": "x", "scale": ["1", "b"]}, "metrics.m.scale", "lowest and the highest"),
        ({"statistic": "mean", "question": "x", "scale": "5-1"}, "metrics.m.scale", "from a lower to a higher"),
        ({"statistic": "mean", "question": "x", "scale": "0-1000000"}, "metrics.m.scale", "lowest and the highest"),
    ],
)
def test_a_faulty_metric_says_where_and_why(metric, where, why):
    _, _, problems = read_metrics({"metrics": {"m": metric}})
    assert [problem for problem in problems if problem.where == where and why in problem.why], problems


@pytest.mark.parametrize(
    ("question", "where", "why"),
    [
        ({"scale": [1, 5], "labels": {"6": "Great"}}, "questions.q.labels.6", "not an answer from 1 to 5"),
        ({"scale": [1, 5], "best": "both"}, "questions.q.best", "is not one of high, low"),
        ({}, "questions.q.scale", "lowest and the highest"),
    ],
)
def test_a_faulty_question_says_where_and_why(question, where, why):
    _, _, problems = read_metrics({"questions": {"q": question}, "metrics": {}})
    assert [problem for problem in problems if problem.where == where and why in problem.why], problems


def test_labels_may_name_answers_below_zero():
    (question,), _, problems = read_metrics({"questions": {"q": {"scale": [-2, 2], "labels": {"-2": "Awful"}}}})
    assert (question.labels, problems) == ((("awful", -2),), [])


def test_a_document_that_is_no_mapping_is_refused():
    assert read_metrics(["nps"])[2]


def test_stated_scores_may_carry_a_percent_sign():
    assert score_text(" 86.5 % ") == score_text("86.5")
