"""Definitions in time: which one holds in a quarter, and what changed, in words."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.definitions import METRIC, QUESTION, Dated, Definition, Definitions, describe, differences
from comp.metric_documents import read_metrics
from comp.periods import Quarter

FIRST, SECOND = Quarter(2025, 3), Quarter(2026, 1)


def metric(starts=None, id_="m", **fields):
    document = {"question": "satisfaction", "statistic": "top_box", "top": "2", **fields}
    return Definition(METRIC, id_, starts, json.dumps(document))


def question(starts=None, id_="satisfaction", **fields):
    return Definition(QUESTION, id_, starts, json.dumps({"scale": ["1", "5"], **fields}))


def read(**fields):
    made, problems = read_metrics({"m": {"question": "satisfaction", "statistic": "top_box", "top": "2", **fields}})[1:]
    assert not problems
    return made[0]


def test_a_quarter_reads_the_definition_that_holds_in_it():
    known = Definitions([metric(SECOND, decimals="3"), metric(), metric(FIRST, decimals="2")])
    decimals = {
        quarter: known.metric("m", quarter).decimals
        for quarter in (FIRST.plus(-1), FIRST, SECOND.plus(-1), SECOND, SECOND.plus(9), None)
    }
    assert list(decimals.values()) == [1, 2, 2, 3, 3, 3]


def test_before_its_first_definition_there_is_no_metric():
    known = Definitions([metric(FIRST)])
    assert known.metric("m", FIRST.plus(-1)) is None
    assert known.at((METRIC, "m"), FIRST.plus(-1)) is None
    assert known.at((METRIC, "other"), None) is None


@given(st.sets(st.integers(0, 30)), st.integers(0, 31))
def test_of_any_definitions_the_last_that_began_holds(starts, asked):
    quarters = [FIRST.plus(each) for each in starts]
    known = Definitions([metric(), *(metric(quarter, name=str(quarter)) for quarter in quarters)])
    expected = max((quarter for quarter in quarters if quarter <= FIRST.plus(asked)), default="m")
    assert known.metric("m", FIRST.plus(asked)).name == str(expected)


def test_a_question_is_the_companys_own_the_standard_one_or_the_one_that_a_metric_names():
    own = metric(id_="own", question="q7", statistic="mean", scale=["1", "4"])
    known = Definitions([question(text="Happy?"), own, metric(id_="stated", statistic="value")])
    texts = {each.id: (each.low, each.high, each.text) for each in known.questions()}
    assert texts["satisfaction"] == (1, 5, "Happy?")
    assert texts["q7"] == (1, 4, "")
    assert texts["effort"][:2] == (1, 7)


def test_a_metric_changes_with_its_own_definition_and_with_its_question():
    known = Definitions([metric(), question(FIRST, text="Happy?"), metric(SECOND, decimals="0"), metric(id_="other")])
    history = known.history("m")
    assert [line.starts for line in history] == [None, FIRST, SECOND]
    assert [line.metric.decimals for line in history] == [1, 1, 0]
    assert [differences(one.metric, other.metric) for one, other in pairwise(history)] == [
        ("another wording of the question",),
        ("decimals 1 → 0",),
    ]


def test_a_definition_that_says_the_same_again_is_no_change():
    known = Definitions([metric(), metric(FIRST), metric(SECOND, decimals="2")])
    assert known.history("m") == (Dated(None, read()), Dated(SECOND, read(decimals="2")))
    assert known.history("nothing") == ()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"scale": [1, 7]}, ["counts best 2 of 1–5 → best 2 of 1–7", "scale 1–5 → 1–7"]),
        ({"top": "1"}, ["counts best 2 of 1–5 → best answer of 1–5"]),
        ({"top": None, "statistic": "mean"}, ["counts best 2 of 1–5 → mean of 1–5"]),
        (
            {"top": None, "statistic": "share", "answers": ["5", "4"], "name": "S"},
            ["counts best 2 of 1–5 → share of 4, 5 of 1–5", "name m → S"],
        ),
        (
            {"question": "recommend", "statistic": "nps", "top": None},
            ["counts best 2 of 1–5 → promoters less detractors, 0–10", "question satisfaction → recommend"],
        ),
        (
            {"question": None, "statistic": "value", "top": None},
            ["counts best 2 of 1–5 → stated value", "question satisfaction → none"],
        ),
        ({"better": "lower"}, ["better higher → lower"]),
        ({}, []),
    ],
)
def test_what_changed_is_told_in_words(fields, told):
    stated = {
        key: value
        for key, value in {"question": "satisfaction", "statistic": "top_box", "top": "2", **fields}.items()
        if value
    }
    made, problems = read_metrics({"m": stated})[1:]
    assert not problems
    assert list(differences(read(), made[0])) == told


def test_a_scale_that_is_turned_round_counts_other_answers():
    known = Definitions([metric(), question(FIRST, best="low", labels={"1": "great"})])
    before, after = (line.metric for line in known.history("m"))
    assert differences(before, after) == (
        "better end of the scale high → low",
        "another wording of the question",
        "other words for its answers",
    )
    assert describe(after) == "best 2 of 1–5"
