from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.plan_documents import read_plan
from exports.documents import plan_yaml
from importers.documents import read_yaml
from tests.conftest import SHARED
from tests.make import measure, plan, plan_document

OWN = [path for path in files("web.demo").joinpath("documents").iterdir() if path.name != "metrics.yaml"]
PUBLISHED = sorted((SHARED / "examples").glob("*.yaml"))


def again(text: str):
    made, problems = read_plan(read_yaml(text.encode(), "plan.yaml"))
    assert made, problems
    return made


def documents():
    """Every plan of the sample company and of the published examples."""
    for path in OWN:
        yield pytest.param(read_yaml(path.read_bytes(), path.name), id=path.name)
    for path in PUBLISHED:
        for number, document in enumerate(read_yaml(path.read_bytes(), path.name).get("plans", [])):
            yield pytest.param(document, id=f"{path.stem}-{number}")


@pytest.mark.parametrize("document", list(documents()))
def test_a_plan_comes_back_from_its_yaml_as_it_was_and_its_yaml_byte_for_byte(document):
    made, problems = read_plan(document)
    assert made, problems
    text = plan_yaml(made)
    assert again(text) == made
    assert plan_yaml(again(text)) == text


def test_the_yaml_of_a_plan_reads_as_hr_would_write_it():
    made = plan(
        applies_to={"units": ["SERVICE"], "grades": ["T1", "T2"]},
        components=[{"id": "c", "name": "Kundentreue", "share": "40%", "measures": [measure("nps", min_answers=30)]}],
        gates=[{"metric": "csat", "at_least": "70", "otherwise": {"cap": "0%", "on": "c"}}],
        elsewhere="60%",
    )
    assert plan_yaml(made) == EXPECTED


EXPECTED = """\
id: p
name: Plan
starts: 2025-01-01
applies_to:
  units: [SERVICE]
  grades: [T1, T2]
quarter_shares:
  Q1: 25%
  Q2: 25%
  Q3: 25%
  Q4: 25%
pay_code: LOY
components:
  - id: c
    name: Kundentreue
    share: 40%
    measures:
      - metric: nps
        weight: 100%
        measured_at: unit
        min_answers: 30
        too_few: [rolling-4, parent, hold]
        curve:
          shape: linear
          x: score
          points: [[0, 0%], [200, 200%]]
gates:
  - metric: csat
    at_least: 70
    otherwise:
      cap: 0%
      on: c
    measured_at: unit
    min_answers: 50
    too_few: [rolling-4, parent, hold]
eligibility:
  minimum_days: 0
  on_last_day: false
elsewhere: 60%
"""


def test_a_blank_name_is_a_missing_one_and_refused():
    made, problems = read_plan(plan_document(name=" "))
    assert made is None
    assert [(problem.where, problem.why) for problem in problems] == [("name", "is missing")]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Co", "Cn"]), min_size=1, max_size=30))
def test_any_name_comes_back_whatever_yaml_would_make_of_it(name):
    made, problems = read_plan(plan_document(name=name, pay_code=name))
    if made:
        assert again(plan_yaml(made)) == made
    else:
        assert problems


@pytest.mark.parametrize(
    "word", ["yes", "No", "on", "null", "~", "1e3", "0x10", "2026-01-01", "12:30", "=", "- a", "a: b"]
)
def test_a_word_that_yaml_would_read_as_something_else_comes_back_as_a_word(word):
    made = plan(name=word, pay_code=word)
    assert again(plan_yaml(made)) == made
