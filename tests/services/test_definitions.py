"""Changing what a metric is: in place where nothing rests on it, from a quarter on where somebody was paid by it."""

import pytest

from comp.db import reading
from comp.definitions import METRIC, QUESTION
from comp.metric_documents import read_metrics
from comp.periods import Quarter
from comp.services import definitions, overview
from comp.store import metrics
from comp.store.facts import load_facts
from tests.stored import EVERYBODY, Q3, calculated, company, look, publish, take, taken

Q4 = Quarter(2025, 4)
MORE_DECIMALS = "metrics: {k: {statistic: value, decimals: 4}}"
FROM = "metrics: {{k: {{statistic: value, decimals: 4, from: {}}}}}"


def decimals(engine, *quarters):
    with reading(engine) as session:
        known = metrics.load_definitions(session)
    return [known.metric("k", quarter).decimals for quarter in quarters]


def test_what_nobody_is_paid_by_is_changed_as_it_stands(engine):
    company(engine)
    assert not look(engine, "metrics", MORE_DECIMALS).intake.warnings
    taken(engine, "metrics", MORE_DECIMALS)
    assert decimals(engine, Q3, Q4) == [4, 4]


def test_a_metric_that_was_paid_by_changes_from_the_next_quarter_and_the_file_says_so(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    seen = look(engine, "metrics", MORE_DECIMALS)
    (note,) = seen.intake.warnings
    assert str(note) == (
        "metrics.k: is read by the published plan p and was calculated with until 2025-Q3. The new definition holds "
        "from 2025-Q4 on; earlier quarters keep theirs."
    )
    assert (seen.new, seen.changed) == (0, 1)
    taken(engine, "metrics", MORE_DECIMALS)
    assert decimals(engine, Q3, Q4) == [2, 4]
    assert not look(engine, "metrics", MORE_DECIMALS).changed


def test_calculating_again_reads_the_definition_that_held_then(engine):
    company(engine, results="unit,quarter,metric,value\nU,2025-Q3,k,100.1234\nV,2025-Q3,k,50")
    publish(engine)
    before = calculated(engine)[1]
    taken(engine, "metrics", MORE_DECIMALS)
    again = calculated(engine)[1]
    assert again.payouts == before.payouts
    assert again.metrics == before.metrics


def test_before_any_run_a_plan_that_is_published_keeps_the_quarters_before_it_as_they_were(engine):
    company(engine)
    publish(engine, starts="2025-08-15")
    taken(engine, "metrics", MORE_DECIMALS)
    assert decimals(engine, Q3.plus(-1), Q3) == [2, 4]


def test_a_file_may_name_the_quarter_from_which_a_definition_holds(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    taken(engine, "metrics", FROM.format("2026-Q2"))
    assert decimals(engine, Q4, Quarter(2026, 2)) == [2, 4]
    taken(engine, "metrics", FROM.format("2026-Q1").replace("4", "3"))
    assert decimals(engine, Q4, Quarter(2026, 1), Quarter(2026, 2)) == [2, 3, 4]


def test_no_file_changes_a_definition_for_a_quarter_that_was_calculated(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    (problem,) = take(engine, "metrics", FROM.format("2025-Q3")).problems
    assert str(problem) == (
        "metrics.k: is read by the published plan p and was calculated with until 2025-Q3. It cannot change before "
        "2025-Q4: name that quarter or a later one, as in `from: 2025-Q4`."
    )
    assert decimals(engine, Q3, Q4) == [2, 2]


def test_a_definition_that_is_still_to_come_is_changed_where_it_stands(engine):
    company(engine)
    publish(engine)
    calculated(engine)
    taken(engine, "metrics", MORE_DECIMALS)
    seen = taken(engine, "metrics", "metrics: {k: {statistic: value, decimals: 0}}")
    assert not seen.intake.warnings
    assert decimals(engine, Q3, Q4) == [2, 0]


def test_a_new_metric_holds_since_always_or_from_the_quarter_that_the_file_names(engine):
    company(engine)
    taken(engine, "metrics", "metrics: {a: {statistic: value}, b: {statistic: value, from: 2026-Q1}}")
    with reading(engine) as session:
        known = metrics.load_definitions(session)
    assert [known.metric(id_, Q4) is not None for id_ in "ab"] == [True, False]


def test_a_from_that_is_no_quarter_is_a_problem_and_elsewhere_no_field(engine):
    (problem,) = take(engine, "metrics", "metrics: {k: {statistic: value, from: soon}}").problems
    assert problem.where == "metrics.k.from"
    (problem,) = read_metrics({"k": {"statistic": "value", "from": "2026-Q1"}})[2]
    assert "is not a known field" in problem.why


def test_metrics_follow_their_question_to_another_scale_from_the_same_quarter(engine):
    company(
        engine,
        metrics="""
        metrics:
          k: {question: satisfaction, statistic: top_box, top: 2}
          own: {question: satisfaction, statistic: mean}
    """,
        results="unit,quarter,metric,value\nU,2025-Q3,k,80\nV,2025-Q3,k,50",
    )
    publish(engine)
    calculated(engine)
    taken(engine, "metrics", "questions: {satisfaction: {scale: 1-7}}")
    with reading(engine) as session:
        known = metrics.load_definitions(session)
    for id_ in ("k", "own"):
        assert [known.metric(id_, quarter).question.high for quarter in (Q3, Q4)] == [5, 7]
    assert known.metric("k", Q3).counted == {4, 5}
    assert known.metric("k", Q4).counted == {6, 7}


def test_a_metric_that_its_file_states_beside_its_question_is_taken_as_it_is_stated(engine):
    company(engine)
    taken(engine, "metrics", "metrics: {s: {question: satisfaction, statistic: mean, scale: 1-5}}")
    both = """
        questions: {satisfaction: {scale: 1-7}}
        metrics: {s: {question: satisfaction, statistic: mean, scale: 1-6}}
    """
    taken(engine, "metrics", both)
    with reading(engine) as session:
        assert metrics.load_definitions(session).metric("s").question.high == 6


def test_the_last_four_quarters_are_read_by_the_definition_of_the_quarter_that_is_calculated(engine):
    company(engine, results="")
    taken(engine, "answers", "response,unit,answered_on,recommend\nr1,U,2025-07-01,8")
    taken(engine, "metrics", "metrics: {nps: {question: recommend, statistic: mean, from: 2025-Q4}}")
    with reading(engine) as session:
        points = {}
        for quarter in (Q3, Q4):
            facts, _ = load_facts(session, quarter)
            points[quarter] = [each.sample.points for each in facts.results if each.metric == "nps"]
    assert points == {Q3: [0], Q4: [8]}


def test_a_trend_has_a_break_where_the_definition_changed_and_no_change_is_called_real_across_it(engine):
    company(engine, results="")
    rows = [f"{month}{n},U,2025-{month}-01,{10 if n % 2 else 9}" for month in ("07", "10") for n in range(60)]
    taken(engine, "answers", "response,unit,answered_on,recommend\n" + "\n".join(rows))
    taken(engine, "metrics", 'questions: {recommend: {text: "Would you?", scale: 0-10, from: 2025-Q4}}')
    with reading(engine) as session:
        _, readings = overview.unit_readings(session, EVERYBODY, Q4, None)
    assert {reading.breaks for reading in readings} == {(5,)}
    assert {reading.word for reading in readings} == {"no change"}


def test_who_reads_a_metric_and_until_when_it_was_calculated_with(engine):
    company(engine)
    publish(engine)
    with reading(engine) as session:
        assert definitions.uses(session)["k"].free_from == Quarter(2025, 1)
    calculated(engine)
    with reading(engine) as session:
        use, known = definitions.uses(session), metrics.load_definitions(session)
    assert set(use) == {"k"}
    assert ([plan.id for plan in use["k"].plans], use["k"].last_run) == (["p"], Q3)
    assert definitions.free_from(known, use, (METRIC, "k")) == Q4
    assert definitions.free_from(known, use, (QUESTION, "recommend")) is None


@pytest.mark.parametrize("start", ["2025-01-01", "2026-01-01"])
def test_a_plan_that_no_run_paid_by_holds_from_its_first_quarter(engine, start):
    company(engine)
    publish(engine)
    calculated(engine)
    publish(engine, id="other", starts=start, applies_to={"units": ["V"]})
    with reading(engine) as session:
        assert definitions.uses(session)["k"].free_from == Q4
