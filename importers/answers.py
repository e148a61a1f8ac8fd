"""Survey answers of any table with a header: the product's own layout, or a tool's brought into its form."""

import hashlib
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from comp.errors import Problem
from comp.intake import ResponseRecord
from comp.scores import Question
from importers.cells import Column, Style, days
from importers.layouts import Layout
from importers.tables import Row

FIELDS = ("response", "unit", "answered_on", "touchpoint", "segment", "customer", "comment")
_TEXTS = ("response", "unit", "touchpoint", "segment", "customer")

_MISSING = {
    "",
    "na",
    "n/a",
    "null",
    "none",
    "-",
    "--",
    "#n/a",
    "nan",
    "don't know",
    "don’t know",
    "do not know",
    "not applicable",
    "prefer not to say",
    "no answer",
}
_NUMBER = re.compile(r"(-?\d{1,4})(?:\.0+)?", re.ASCII)
_LABELLED = re.compile(r"(\d{1,2})\s*[-–—:=.)(]\s*\D.*", re.ASCII | re.DOTALL)
_YES_OR_NO = {"yes": 1, "no": 0, "true": 1, "false": 0}
_ENOUGH_TO_TELL = 500


def read_responses(
    layout: Layout, questions: Sequence[Question], unit: str | None, style: Style
) -> list[ResponseRecord]:
    """The responses of a file. Problems and warnings go to the layout's lists."""
    _require(layout, unit)
    asked = [question for question in questions if layout.has(question.id)]
    if not asked:
        why = "No column is a known question, so no score comes of this file. Map one, as in --map Q1=recommend."
        layout.warnings.append(Problem(why, line=1))
    answers = list(zip(*(_answers(layout, question) for question in asked), strict=True)) or [()] * len(layout.rows)
    fields = {field: layout.texts(field) for field in _TEXTS} | {"comment": layout.free_texts("comment")}
    units = fields["unit"] if layout.has("unit") else [unit or ""] * len(layout.rows)
    days_answered = days(layout.required_column("answered_on"), style)
    keys = _keys(layout.rows, fields["response"])
    records = []
    for index, (line, day, given) in enumerate(zip(layout.lines, days_answered, answers, strict=True)):
        if day is not None:
            stated = tuple((q.id, answer) for q, answer in zip(asked, given, strict=True) if answer is not None)
            text = {field: fields[field][index] for field in ("touchpoint", "segment", "customer", "comment")}
            records.append(ResponseRecord(line, keys[index], units[index] or unit or "", day, stated, **text))
    return records


def _require(layout: Layout, unit: str | None) -> None:
    for field, way_out in (("unit", "give all rows one unit with --unit"), ("answered_on", "map a column to it")):
        if not layout.has(field) and not (field == "unit" and unit):
            why = f"is required in an answers file and is not there. Add the column, or {way_out}."
            layout.problems.append(Problem(why, line=1, column=field))
        elif field == "unit" and not unit:
            layout.required(field)


def _answers(layout: Layout, question: Question) -> list[int | None]:
    """A question's answers; blanks, refusals and negative codes are missing, never 0."""
    column = layout.column(question.id)
    labels = {**(_YES_OR_NO if (question.low, question.high) == (0, 1) else {}), **dict(question.labels)}
    answers = column.read(lambda text: _answer(text, question, labels))
    _warn_of_scale(layout, column, question, answers)
    return answers


def _answer(text: str, question: Question, labels: Mapping[str, int]) -> int | None:
    plain = text.casefold()
    if plain in labels:
        return labels[plain]
    if plain in _MISSING:
        return None
    number = _NUMBER.fullmatch(text) or _LABELLED.fullmatch(text)
    if number and int(number[1]) in question.answers:
        return int(number[1])
    if number and int(number[1]) < 0 <= question.low:
        return None
    scale = f"{question.low} to {question.high}"
    if number:
        raise ValueError(f"is outside the scale of {question.id}, {scale}")
    raise ValueError(
        f"is not an answer to {question.id}, whose scale is {scale}. Give the text a label in the metrics file."
    )


def _warn_of_scale(layout: Layout, column: Column, question: Question, answers: Sequence[int | None]) -> None:
    """Hundreds of answers without one 0 come from a scale of 1 to 10, which is not a Net Promoter scale."""
    given = [answer for answer in answers if answer is not None]
    if (question.low, question.high) == (0, 10) and len(given) >= _ENOUGH_TO_TELL and 0 not in given:
        why = f"has no 0 among {len(given):,} answers. Is its scale 1 to 10? Then it is no Net Promoter scale."
        layout.warnings.append(Problem(why, line=1, column=column.name))


def _keys(rows: Sequence[Row], stated: Sequence[str]) -> list[str]:
    """The survey tool's id of each response. A row without one is known by its content, and by how often it came."""
    seen: Counter[str] = Counter()
    keys = []
    for row, key in zip(rows, stated, strict=True):
        if not key:
            content = hashlib.sha256("\x1f".join(row.cells).encode()).hexdigest()[:32]
            seen[content] += 1
            key = f"row:{content}:{seen[content]}"  # noqa: PLW2901 - the key of this row
        keys.append(key)
    return keys


def answer_fields(questions: Sequence[Question]) -> tuple[str, ...]:
    """Every field that an answers file may have: the product's own and each known question."""
    return (*FIELDS, *(question.id for question in questions))
