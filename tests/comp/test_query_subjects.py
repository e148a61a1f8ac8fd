"""What may be asked about: a payout and its parts with the figures as they stand, a hold, a score or its absence."""

from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

import pytest

from comp.calculate import calculate
from comp.explain import Explainer
from comp.periods import Quarter
from comp.queries import Subject
from comp.query_subjects import payout_subjects, score_subject
from comp.results import Origin, StoredRun
from comp.scenario import read_scenario
from comp.scores import Metric, Score, Statistic
from importers.documents import read_yaml
from tests.make import person, scenario

SCENARIOS = Path(__file__).parent.parent / "scenarios"
THIN = "\N{NARROW NO-BREAK SPACE}"
STATED = Metric("k", Statistic.VALUE, 1, name="Complaints")


def from_file(name):
    made, problems = read_scenario(read_yaml((SCENARIOS / f"{name}.yaml").read_bytes(), name))
    assert made, problems
    return subjects(made)


def subjects(made):
    facts = made.facts
    explainer = Explainer(facts.metrics, {unit.code: unit.name for unit in facts.units})
    run = calculate(facts)
    origin = Origin("", "", (), "x", datetime(2026, 1, 5, tzinfo=UTC))
    stored = StoredRun(1, facts.quarter, 2, origin)
    payouts = [(payout, explainer.payout(payout)) for payout in run.payouts]
    without = [explainer.without_payout(each) for each in (*run.held, *run.outside)]
    return payout_subjects(stored, "1001", payouts, without)


def test_a_payout_is_asked_about_as_a_whole_by_its_days_and_by_each_measure():
    found = from_file("joins-mid-quarter")
    assert [each.title for each in found] == [
        "The whole payout in EUR",
        "Days and target, 15 November 2025 to 31 December 2025, Lisbon",
        "nps 44.0, 15 November 2025 to 31 December 2025, Lisbon",
    ]
    assert found[0].figures == (("Run", "2025-Q4/2"), ("Payout", "781.63 EUR"), ("Attainment", f"85{THIN}%"))
    name, measured = found[2].figures[2]
    assert name == "nps 44.0"
    assert measured.startswith(f"85{THIN}%: 100 answers in Lisbon.")
    assert {(each.subject, each.employee, each.run_id) for each in found} == {(Subject.PAYOUT, "1001", 1)}


def test_lines_are_asked_about_where_there_are_several():
    stays = [
        {"unit": "U", "from": "2020-01-01", "to": "2025-08-14", "target_amount": "4000", "currency": "EUR"},
        {"unit": "U", "from": "2025-08-15", "target_amount": "4000", "currency": "EUR", "cost_centre": "CC2"},
    ]
    found = subjects(scenario(people=[person(assignments=stays)]))
    assert len({each.key for each in found}) == len(found)
    lines = [each for each in found if each.title.startswith("Booked as")]
    assert len(lines) == 2
    assert lines[1].title.endswith("cost centre CC2")
    assert [label for label, _ in lines[1].figures] == ["Run", "Payout", "Line"]


def test_a_hold_is_asked_about_with_its_reason():
    (held,) = subjects(scenario(results=[]))
    assert held.title == "Held"
    assert held.figures[1][0] == "Why"
    assert held.part == "hold"


@pytest.mark.parametrize(
    ("answers", "basis", "shown"),
    [(4, "own", "not shown below 5 answers"), (5, "own", "−18.3"), (None, "stated", "−18.3"), (3, "stated", "−18.3")],
)
def test_a_score_of_too_few_answers_is_asked_about_without_its_value(answers, basis, shown):
    value = Fraction("-18.3")
    about = score_subject(Quarter(2025, 4), "LIS", "Lisbon", STATED, Score("k", "LIS", basis, value, value, answers))
    assert about.title == "Complaints of Lisbon"
    assert dict(about.figures)["Score"] == shown
    assert dict(about.figures)["Rests on"] == {"own": "own answers"}.get(basis, basis)
    assert ("Answers" in dict(about.figures)) is (answers is not None)
    assert (about.unit, about.metric, about.employee) == ("LIS", "k", None)
