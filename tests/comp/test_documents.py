"""Documents are written by people: whatever stands in one is read or refused in words, and never breaks the program."""

import copy
import json

from hypothesis import given
from hypothesis import strategies as st

from comp.calculate import calculate
from comp.expectations import unmet
from comp.facts import Unit
from comp.lint import lint
from comp.lint_facts import Headcount, LintFacts
from comp.metric_documents import read_metrics, write_metrics
from comp.plan_documents import read_plan, write_plan
from comp.run_documents import write_run
from comp.scenario import read_scenario
from tests.comp.test_metric_documents import FULL as METRICS
from tests.comp.test_plan_documents import FULL as PLAN
from tests.make import company, person, plan_document

COMPANY = company(
    settings={
        "fiscal_year_starts": "4",
        "fiscal_year_named_for": "end",
        "round_to": {"JPY": "100"},
        "time_zone": "UTC",
    },
    metrics={"k": {"statistic": "value"}, "nps": {"question": "recommend", "statistic": "nps"}},
    questions={"q": {"scale": ["1", "5"], "labels": {"5": ["Great"]}}},
    plans=[PLAN, plan_document()],
    results=[
        {"unit": "U", "quarter": "2025-Q3", "metric": "k", "value": "100", "answers": "4"},
        {"unit": "U", "quarter": "2025-Q3", "metric": "nps", "counts": {"10": "60"}, "touchpoint": "web"},
        {"unit": "U", "quarter": "2025-Q2", "metric": "nps", "promoters": "60", "passives": "1", "detractors": "2"},
    ],
    targets=[{"unit": "U", "quarter": "FY2025", "metric": "k", "target": "90"}],
    people=[
        person("1", annual_salary="50000", target_percent="10%", fte="0.8", grade="T1"),
        person("2", absences=[{"from": "2025-08-01", "to": "2025-08-05", "kind": "sick"}], left="2025-08-31"),
    ],
    personal_results=[{"employee": "1", "quarter": "2025-Q3", "metric": "k", "value": "90"}],
    expect=[{"employee": "1", "currency": "EUR", "pays": "1", "attainment": "1%"}, {"employee": "2", "held": "x"}],
)

VALUES = read_metrics({id_: {"statistic": "value"} for id_ in ("nps", "csat", "income", "complaints", "rating")})[1]
WORDS = """
x 0 -1 1 200 0.5 50% -5% 1e9 999999999999999999999999999999 NaN --1 １ ² true EUR 2025-Q3 2025 2025-08-15 0001-01-01
9999-12-31
2026-W01-1 everyone person top total
"""
scalars = st.sampled_from([*WORDS.split(), "", " ", None, 0, 1, -1, 10**30, 0.5, float("nan"), True, b"x", ("1", "2")])
junk = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["k", "1", "cap", ""]), inner, max_size=2)
    ),
    max_leaves=4,
)


@st.composite
def spoilt(draw, document):
    """A document with one to three of its places replaced, removed or doubled."""
    spoilt_document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        holder, key = spoilt_document, draw(st.sampled_from(sorted(document)))
        while (inner := holder.get(key) if isinstance(holder, dict) else holder[key]) and draw(st.integers(0, 4)):
            if isinstance(inner, dict):
                holder, key = inner, draw(st.sampled_from(sorted(inner, key=str)))
            elif isinstance(inner, list):
                holder, key = inner, draw(st.integers(0, len(inner) - 1))
            else:
                break
        change = draw(st.sampled_from(["replace", "replace", "remove", "double"]))
        if change == "remove":
            holder.pop(key, None) if isinstance(holder, dict) else holder.pop(key)
        elif change == "double" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[key]))
        else:
            holder[key] = draw(junk)
    return spoilt_document


@given(spoilt(PLAN) | junk)
def test_a_plan_is_read_and_can_be_linted_and_written_or_is_refused_in_words(document):
    plan, problems = read_plan(document)
    assert (plan is None) == bool(problems)
    assert all(problem.why and str(problem) for problem in problems)
    if plan:
        assert read_plan(json.loads(json.dumps(write_plan(plan)))) == (plan, [])
        lint(plan, LintFacts(VALUES, people=(Headcount("SERVICE", "T1", 4),), units=(Unit("SERVICE", "Service"),)))


@given(spoilt(METRICS) | junk)
def test_metrics_are_read_and_can_be_written_or_are_refused_in_words(document):
    questions, metrics, problems = read_metrics(document)
    assert all(problem.why for problem in problems)
    if not problems:
        assert read_metrics(json.loads(json.dumps(write_metrics(questions, metrics)))) == (questions, metrics, [])


@given(spoilt(COMPANY) | junk)
def test_a_scenario_is_read_and_can_be_calculated_or_is_refused_in_words(document):
    scenario, problems = read_scenario(document)
    assert (scenario is None) == bool(problems)
    assert all(problem.why for problem in problems)
    if scenario:
        run = calculate(scenario.facts)
        assert json.loads(json.dumps(write_run(run))) == write_run(run)
        assert all(list(unmet(scenario.expect, run)))
