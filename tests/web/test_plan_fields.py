"""The plan editor's form and the document of a plan: nothing is lost on the way there and back."""

from datetime import date
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.plan_documents import read_plan, write_plan
from exports.documents import plan_yaml
from importers.documents import read_yaml
from tests.comp import companies
from web.forms.plan_fields import document_of, form_data

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
