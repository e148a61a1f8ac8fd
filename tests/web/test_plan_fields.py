"""The plan editor's form and the document of a plan: nothing is lost on the way there and back."""

from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from comp.plan_documents import read_plan, write_plan
from exports.documents import plan_yaml
from importers.documents import read_yaml
from tests.comp import companies
from web.forms.plan_editor import PlanForm, field_at
from web.forms.plan_fields import document_of, form_data, stated_rows

SCENARIOS = sorted(Path(__file__).parents[1].glob("scenarios/**/*.yaml"))


def plans_of(path):
    document = read_yaml(path.read_bytes(), path.name)
    plans = (read_plan(each)[0] for each in document.get("plans") or ())
    return [plan for plan in plans if plan]


def random_plan(number):
    return companies.plan(Random(number), "p", date(2026, 4, 1), rising=False)


def as_stored(plan):
    """A plan as it is read from its document: chains and scopes that say nothing read as what they mean."""
    return read_plan(write_plan(plan))[0]


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_every_scenarios_plan_comes_back_from_the_form_as_it_was(path):
    for plan in plans_of(path):
        document, problems = document_of(form_data(write_plan(plan)))
        assert problems == []
        assert write_plan(read_plan(document)[0]) == write_plan(plan)


@given(st.integers(0, 2**40))
def test_a_document_that_becomes_a_form_becomes_the_same_document_again(number):
    plan = as_stored(random_plan(number))
    if plan is not None:
        document, problems = document_of(form_data(write_plan(plan)))
        assert problems == []
        assert read_plan(document)[0] == plan


@given(st.integers(0, 2**40))
def test_a_plan_that_is_exported_and_read_is_exported_as_the_same_bytes(number):
    plan = as_stored(random_plan(number))
    if plan is not None:
        text = plan_yaml(plan).encode()
        assert plan_yaml(read_plan(read_yaml(text, "plan.yaml"))[0]).encode() == text


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("starts", "starts"),
        ("applies_to", "who"),
        ("applies_to.units[0]", "units.r2.unit"),
        ("quarter_shares.Q2", "Q2"),
        ("eligibility.minimum_days", "minimum_days"),
        ("eligibility.leavers.retired", "leavers.r1.reason"),
        ("absences.sick", "absences.r2.kind"),
        ("absences.unknown", "absences"),
        ("components", "components"),
        ("components[1].share", "components.r7.share"),
        ("components[1]", "components.r7.name"),
        ("components[9]", "components"),
        ("components[0].measures[0].measured_at", "components.r1.measures.r1.where"),
        ("components[0].measures[0].curve.x", "components.r1.measures.r1.axis"),
        ("components[0].measures[0].curve.points[1]", "components.r1.measures.r1.points.r3.x"),
        ("gates[0].otherwise.cap", "gates.r1.cap"),
        ("nothing.like.this", None),
        ("", None),
    ],
)
def test_a_place_in_the_document_is_edited_at_its_field(app, path, name):
    points = {f"components.r1.measures.r1.points.{row}.x": x for row, x in (("r1", "1"), ("r2", ""), ("r3", "3"))}
    typed = [
        ("components", "r1"),
        ("components", "r7"),
        ("components.r1.measures", "r1"),
        *(("components.r1.measures.r1.points", row) for row in ("r1", "r2", "r3")),
        *points.items(),
        *(("units", row) for row in ("r1", "r2")),
        ("units.r2.unit", "LIS"),
        ("leavers", "r1"),
        ("leavers.r1.reason", "retired"),
        *(("absences", row) for row in ("r1", "r2")),
        ("absences.r2.kind", "sick"),
        ("gates", "r1"),
    ]
    with app.test_request_context(method="POST"):
        found = field_at(PlanForm(MultiDict(typed)), path)
    assert (found.name if found is not None else None) == name


def test_rows_in_which_nothing_is_typed_state_nothing():
    assert stated_rows([{"x": "", "pays": " "}, {"x": "1", "pays": ""}]) == [{"x": "1", "pays": ""}]


def test_a_value_without_a_name_is_a_problem_and_not_lost():
    _, problems = document_of({"absences": [{"kind": "", "counts": "50"}]})
    assert [problem.why for problem in problems] == ["has a value and no name."]
