"""What the linter looks at comes from the tables as the rule of pay would read it."""

from datetime import date
from fractions import Fraction

import pytest

from comp.db import reading
from comp.lint_facts import Headcount
from comp.periods import Quarter
from comp.scores import Sample
from comp.services import plan_checks
from comp.store.bulk import Reader
from comp.store.histories import load_lint_facts
from comp.store.results import load_results
from tests.make import measure, plan
from tests.stored import calculated, company, publish, taken

METRICS = """
    metrics:
      k: {statistic: value, decimals: 2}
      nps: {question: recommend, statistic: nps, decimals: 1}
      csat: {question: satisfaction, statistic: top_box, top: 2, decimals: 1}
"""
ANSWERS = """
    response,unit,answered_on,touchpoint,recommend,satisfaction
    1,U,2025-07-01,web,9,5
    2,U,2025-08-09,store,3,4
    3,U,2025-09-30,web,10,
    4,V,2025-09-30,web,8,1
    5,V,2023-01-15,web,0,2
    6,U,2022-01-15,web,0,2
"""
PEOPLE = """
    employee,name,unit,from,to,target_amount,currency,grade,left
    1,Ann,U,2020-01-01,,4000,EUR,T1,
    2,Bob,V,2020-01-01,2024-12-31,8000,EUR,T1,
    2,Bob,U,2025-01-01,,8000,EUR,T1,
    3,Cid,V,2026-01-01,,8000,EUR,T2,
    4,Dan,V,2020-01-01,,8000,EUR,T2,2024-06-30
"""


@pytest.fixture
def stored(filled):
    return filled(fill)


def fill(engine):
    company(engine, metrics=METRICS, people=PEOPLE)
    taken(engine, "answers", ANSWERS)
    taken(engine, "targets", "unit,quarter,metric,target\nU,2025-Q3,k,9\nCO,2025,csat,8\nU,2025,nps,5\n")


def read(metrics=("nps", "k"), **fields):
    weights = [f"{100 // len(metrics)}%"] * len(metrics)
    measures = [measure(metric, weight=weight, **fields) for metric, weight in zip(metrics, weights, strict=True)]
    return plan(components=[{"id": "c", "name": "C", "share": "100%", "measures": measures}])


def known(engine, made=None):
    with reading(engine) as session:
        return load_lint_facts(session, made or read())


def test_the_last_eight_quarters_with_results_are_looked_at_and_three_before(stored):
    facts = known(stored)
    assert facts.quarters == (Quarter(2025, 3),)
    assert {result.quarter for result in facts.results} == {Quarter(2023, 1), Quarter(2025, 3)}


def test_sums_in_the_database_are_what_the_rule_of_pay_reads(stored):
    quarters = [Quarter(2025, 3).plus(back) for back in range(-10, 1)]
    with reading(stored) as session:
        facts = load_lint_facts(session, read(("nps", "csat")))
        every = load_results(Reader(session), quarters, facts.calendar, facts.metrics)
        expected = {}
        for result in every:
            key = result.unit, result.quarter, result.metric
            if result.sample:
                expected[key] = expected.get(key, Sample()).pool(result.sample)
    assert {(each.unit, each.quarter, each.metric): each.sample for each in facts.results} == expected
    assert expected["U", Quarter(2025, 3), "nps"] == Sample(3, 100, 30_000)


def test_touchpoints_are_told_apart_where_the_plan_weights_them(stored):
    weighted = known(stored, read(("nps",), touchpoints={"web": "50%", "store": "50%"}))
    here = {(each.touchpoint, each.sample.answers) for each in weighted.results if each.unit == "U"}
    assert here == {("web", 2), ("store", 1)}


def test_stated_values_of_what_the_plan_reads_are_there(stored):
    values = {(each.unit, each.value) for each in known(stored).results if each.metric == "k"}
    assert values == {("U", 100), ("V", 50)}
    assert not [each for each in known(stored, read(("nps",))).results if each.metric == "k"]


def test_people_are_counted_who_work_there_from_the_start_on(stored):
    assert known(stored).people == (Headcount("U", "T1", 2), Headcount("V", "T2", 1))


def test_targets_plans_and_runs_are_known(stored):
    published = publish(stored)
    calculated(stored)
    facts = known(stored)
    assert {(each.metric, each.target) for each in facts.targets} == {("k", 9), ("nps", 5)}
    assert facts.published == (published,)
    assert facts.calculated == {Quarter(2025, 3)}
    assert facts.cliff == Fraction(1, 10)
    assert facts.calendar.quarter_of(date(2025, 7, 1)) == Quarter(2025, 3)


def test_a_company_without_results_has_no_quarters(engine):
    company(engine, results="")
    facts = known(engine)
    assert (facts.quarters, facts.results) == ((), ())
    with reading(engine) as session:
        assert [each.check for each in plan_checks.check_plan(session, read(("nps",)))]
