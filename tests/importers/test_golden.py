"""Every example file beside what it must be read as.

After a wanted change, write the golden files anew and read the difference:

    LOYALTYPAY_UPDATE_GOLDEN=1 pytest tests/importers/test_golden.py && git diff tests/files
"""

import json
import os
from dataclasses import fields, is_dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from comp.figures import exact_text
from comp.intake import Intake, Kind
from comp.periods import FiscalYear, Quarter, Span
from comp.scores import STANDARD_QUESTIONS, Question
from importers.files import read_file
from importers.options import Options

FILES = Path(__file__).parent.parent / "files"
EXAMPLES = sorted(path for path in FILES.glob("*/*.*") if path.suffix != ".json" and path.parent.name != "plans")
SATISFACTION = Question(
    "satisfaction", 1, 5, labels=(("extremely dissatisfied", 1), ("extremely satisfied", 5), ("can't say", 3))
)
QUESTIONS = (*(question for question in STANDARD_QUESTIONS if question.id != "satisfaction"), SATISFACTION)
TOLD = {
    "qualtrics": {"Q1": "recommend", "Q2": "satisfaction", "Q3": "comment", "Store": "unit"},
    "legacy.csv": {"How likely?": "recommend", "In your own words": "comment"},
    "python-literal.csv": {"QID1": "satisfaction", "Q4_1": "repurchase"},
}


def read(path: Path) -> Intake:
    """An example as it is read with what is told about its layout."""
    kind = Kind.ANSWERS if path.parent.name == "qualtrics" else Kind(path.parent.name)
    columns = TOLD.get(path.name) or TOLD.get(path.parent.name, {})
    unit = "LIS" if path.name in {"legacy.csv", "python-literal.csv"} else None
    return read_file(kind, path.read_bytes(), path.name, Options(columns, unit, questions=QUESTIONS))


def plain(value: object) -> object:
    """A record, or a part of one, as JSON states it: fields that say nothing are left out."""
    if isinstance(value, Span):
        return f"{value.start} to {value.last}"
    if isinstance(value, Fraction):
        return exact_text(value)
    if isinstance(value, Quarter | FiscalYear | date):
        return str(value)
    if is_dataclass(value):
        stated = ((field.name, getattr(value, field.name)) for field in fields(value))
        return {name: plain(each) for name, each in stated if each not in {None, "", ()}}
    if isinstance(value, tuple | list | frozenset):
        return [plain(each) for each in (sorted(value) if isinstance(value, frozenset) else value)]
    return value


def document(intake: Intake) -> str:
    """The golden text of an intake."""
    stated = {
        "tool": intake.tool,
        "rows": intake.rows,
        "dropped": intake.dropped,
        "problems": [str(problem) for problem in intake.problems],
        "warnings": [str(warning) for warning in intake.warnings],
        "records": plain(intake.records),
    }
    return json.dumps(stated, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_an_example_is_read_as_its_golden_file_says(path):
    golden, text = path.with_name(f"{path.name}.json"), document(read(path))
    if os.environ.get("LOYALTYPAY_UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_every_golden_file_has_its_example():
    assert {path.stem for path in FILES.glob("*/*.json")} == {path.name for path in EXAMPLES}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind not in {Kind.METRICS, Kind.ANSWERS}])
def test_a_workbook_gives_the_records_of_the_text_file_with_the_same_cells(kind):
    assert read(FILES / kind / "good.xlsx").records == read(FILES / kind / "good.csv").records


@pytest.mark.parametrize("name", ["recoded-utf16.tsv", "recoded.xlsx", "choice-text.csv"])
def test_the_same_survey_gives_the_same_answers_however_it_is_exported(name):
    def given(file):
        return [(each.key, each.unit, each.answered_on, each.answers) for each in file.records]

    recoded, other = read(FILES / "qualtrics" / "recoded.csv"), read(FILES / "qualtrics" / name)
    assert given(other) == given(recoded)
    assert other.dropped == recoded.dropped == {"Survey Preview": 1, "Survey Test": 1, "Spam": 2}
