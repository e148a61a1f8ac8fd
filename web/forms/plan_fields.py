"""What the plan editor's form holds, as the document of a plan, and back: pure, with every rule left to the core.

The form's data are texts: numbers plain (`12.5`), percentages before their sign, rows as lists of mappings. A row in
which nothing is typed states nothing.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from comp.errors import Problem
from comp.plan import PARENT, PERSON, TOP, UNIT
from comp.plan_documents import EVERYONE, Document
from comp.rule_documents import only_stated

Data = dict[str, object]
NAMED, SOME = "named", "some"
"""The choices for a unit that is named, and for a plan that is for some."""

_PLACES = {UNIT, PARENT, TOP, PERSON}
_QUARTERS = ("Q1", "Q2", "Q3", "Q4")


def document_of(data: Mapping[str, object]) -> tuple[Document, list[Problem]]:
    """The document that a form states, and the problems that no document could show."""
    problems: list[Problem] = []
    document: Document = {
        "id": _text(data, "id"),
        "name": _text(data, "name"),
        "starts": _text(data, "starts"),
        "applies_to": _scope(data, problems),
        "quarter_shares": only_stated({quarter: _percent(data, quarter) for quarter in _QUARTERS}),
        "pay_code": _text(data, "pay_code"),
        "components": [
            _component(row, f"components[{n}]", problems) for n, row in enumerate(_rows(data, "components"))
        ],
        "gates": [_gate(row, f"gates[{n}]", problems) for n, row in enumerate(_rows(data, "gates"))],
        "modifiers": [_modifier(row, f"modifiers[{n}]", problems) for n, row in enumerate(_rows(data, "modifiers"))],
        "cap": _percent(data, "cap"),
        "eligibility": _eligibility(data, problems),
        "absences": _mapped(data, "absences", "kind", "counts", "absences", problems, percent=True),
        "elsewhere": _percent(data, "elsewhere"),
        "examples": [_example(row, f"examples[{n}]", problems) for n, row in enumerate(_rows(data, "examples"))],
    }
    return only_stated(document), problems


def is_blank(row: Mapping[str, object]) -> bool:
    """Whether nothing is typed in a row, whatever is chosen from its lists."""
    return not any(str(value).strip() for value in row.values() if not isinstance(value, list | bool))


def stated_rows(rows: Iterable[Mapping[str, object]]) -> list[Mapping[str, object]]:
    """The rows in which something is typed."""
    return [row for row in rows if not is_blank(row)]


def _scope(data: Mapping[str, object], problems: list[Problem]) -> object:
    units = [_text(row, "unit") for row in stated_rows(_rows(data, "units"))]
    grades = [_text(row, "grade") for row in stated_rows(_rows(data, "grades"))]
    if data.get("who") != EVERYONE:
        return only_stated({"units": units, "grades": grades})
    if units or grades:
        problems.append(Problem("is for the whole company, and units or grades are named. Choose one.", "applies_to"))
    return EVERYONE


def _component(row: Mapping[str, object], place: str, problems: list[Problem]) -> Document:
    measures = [_measure(each, f"{place}.measures[{n}]", problems) for n, each in enumerate(_rows(row, "measures"))]
    head = {"id": _text(row, "id"), "name": _text(row, "name"), "share": _percent(row, "share")}
    return only_stated({**head, "cap": _percent(row, "cap"), "measures": measures})


def _measure(row: Mapping[str, object], place: str, problems: list[Problem]) -> Document:
    reading = _reading(row, place, problems)
    return only_stated({"weight": _percent(row, "weight"), **reading, "curve": _curve(row)})


def _gate(row: Mapping[str, object], place: str, problems: list[Problem]) -> Document:
    limits = {"at_least": _text(row, "at_least"), "at_most": _text(row, "at_most")}
    otherwise = only_stated({"cap": _percent(row, "cap"), "on": _text(row, "on")})
    return only_stated({**_reading(row, place, problems), **limits, "otherwise": otherwise})


def _modifier(row: Mapping[str, object], place: str, problems: list[Problem]) -> Document:
    return only_stated({**_reading(row, place, problems), "on": _text(row, "on"), "curve": _curve(row)})


def _reading(row: Mapping[str, object], place: str, problems: list[Problem]) -> Document:
    where = _text(row, "where")
    return {
        "metric": _text(row, "metric"),
        "measured_at": _text(row, "unit") if where == NAMED else where,
        "min_answers": _text(row, "min_answers"),
        "too_few": [_text(each, "fallback") for each in stated_rows(_rows(row, "too_few"))],
        "touchpoints": _mapped(
            row, "touchpoints", "touchpoint", "share", f"{place}.touchpoints", problems, percent=True
        ),
    }


def _curve(row: Mapping[str, object]) -> Document:
    points = [[_text(each, "x"), _percent(each, "pays") or ""] for each in stated_rows(_rows(row, "points"))]
    head = {"shape": _text(row, "shape"), "x": _text(row, "axis"), "points": points}
    return only_stated({**head, "below": _percent(row, "below"), "above": _text(row, "above")})


def _eligibility(data: Mapping[str, object], problems: list[Problem]) -> Document:
    reasons = [_text(row, "reason") for row in stated_rows(_rows(data, "leavers"))]
    _require_once(reasons, "eligibility.leavers", problems)
    return only_stated(
        {
            "minimum_days": _text(data, "minimum_days"),
            "on_last_day": "true" if data.get("on_last_day") else "false",
            "leavers": dict.fromkeys(reasons, "prorate"),
        }
    )


def _example(row: Mapping[str, object], place: str, problems: list[Problem]) -> Document:
    currency = _text(row, "currency")
    amounts = {key: f"{_text(row, key)} {currency}" if _text(row, key) else None for key in ("target", "pays")}
    stated = {
        key: _mapped(row, key, "metric", "value", f"{place}.{key}", problems, percent=False)
        for key in ("scores", "targets")
    }
    return only_stated({"name": _text(row, "name"), **stated, **amounts})


def _mapped(  # noqa: PLR0913 - where the names and values stand, and where problems go
    data: Mapping[str, object], rows: str, name: str, value: str, place: str, problems: list[Problem], *, percent: bool
) -> Document:
    """Rows of a name and a value as a mapping, in which no name can stand twice."""
    stated = stated_rows(_rows(data, rows))
    _require_once([_text(row, name) for row in stated], place, problems)
    return {_text(row, name): (_percent(row, value) if percent else _text(row, value)) or "" for row in stated}


def _require_once(names: Sequence[str], place: str, problems: list[Problem]) -> None:
    twice = [name for number, name in enumerate(names) if name in names[:number]]
    problems += [Problem("stands twice. Keep one of them.", f"{place}.{name}") for name in dict.fromkeys(twice)]
    problems += [Problem("has a value and no name.", f"{place}") for name in names if not name]


def _rows(data: Mapping[str, object], key: str) -> list[Mapping[str, object]]:
    rows = data.get(key)
    return list(rows) if isinstance(rows, list) else []


def _text(data: Mapping[str, object], key: str) -> str:
    return str(data.get(key) or "").strip()


def _percent(data: Mapping[str, object], key: str) -> str | None:
    text = _text(data, key)
    return f"{text}%" if text else None


def form_data(document: Mapping[str, object]) -> Data:
    """What the form shows of a document as `comp.plan_documents.write_plan` writes it."""
    eligibility = _inner(document, "eligibility")
    applies_to = document.get("applies_to")
    some = _inner(document, "applies_to")
    quarters = _inner(document, "quarter_shares")
    return {
        **{key: _text(document, key) for key in ("id", "name", "starts", "pay_code")},
        "who": EVERYONE if applies_to == EVERYONE else SOME,
        "units": [{"unit": unit} for unit in _texts(some, "units")],
        "grades": [{"grade": grade} for grade in _texts(some, "grades")],
        **{quarter: _number(quarters, quarter) for quarter in _QUARTERS},
        "components": [_component_data(each) for each in _rows(document, "components")],
        "gates": [_gate_data(each) for each in _rows(document, "gates")],
        "modifiers": [_modifier_data(each) for each in _rows(document, "modifiers")],
        "cap": _number(document, "cap"),
        "elsewhere": _number(document, "elsewhere"),
        "minimum_days": _text(eligibility, "minimum_days"),
        "on_last_day": _text(eligibility, "on_last_day") == "true",
        "leavers": [{"reason": reason} for reason in _inner(eligibility, "leavers")],
        "absences": _pairs(document, "absences", "kind", "counts"),
        "examples": [_example_data(each) for each in _rows(document, "examples")],
    }


def _component_data(component: Mapping[str, object]) -> Data:
    measures = [_measure_data(each) for each in _rows(component, "measures")]
    head = {"id": _text(component, "id"), "name": _text(component, "name")}
    return {**head, "share": _number(component, "share"), "cap": _number(component, "cap"), "measures": measures}


def _measure_data(measure: Mapping[str, object]) -> Data:
    return {"weight": _number(measure, "weight"), **_reading_data(measure), **_curve_data(_inner(measure, "curve"))}


def _gate_data(gate: Mapping[str, object]) -> Data:
    otherwise = _inner(gate, "otherwise")
    limits = {key: _text(gate, key) for key in ("at_least", "at_most")}
    return {**_reading_data(gate), **limits, "cap": _number(otherwise, "cap"), "on": _text(otherwise, "on")}


def _modifier_data(modifier: Mapping[str, object]) -> Data:
    return {"on": _text(modifier, "on"), **_reading_data(modifier), **_curve_data(_inner(modifier, "curve"))}


def _reading_data(stated: Mapping[str, object]) -> Data:
    where = _text(stated, "measured_at")
    return {
        "metric": _text(stated, "metric"),
        "where": where if where in _PLACES else NAMED,
        "unit": "" if where in _PLACES else where,
        "min_answers": _text(stated, "min_answers"),
        "too_few": [{"fallback": fallback} for fallback in _texts(stated, "too_few")],
        "touchpoints": _pairs(stated, "touchpoints", "touchpoint", "share"),
    }


def _curve_data(curve: Mapping[str, object]) -> Data:
    points = curve.get("points")
    pairs = [[str(part) for part in point] for point in points] if isinstance(points, list) else []
    return {
        "shape": _text(curve, "shape"),
        "axis": _text(curve, "x"),
        "points": [{"x": x, "pays": pays.removesuffix("%")} for x, pays in pairs],
        "below": _number(curve, "below"),
        "above": _text(curve, "above") or "last",
    }


def _example_data(example: Mapping[str, object]) -> Data:
    target, _, currency = _text(example, "target").partition(" ")
    pays, _, _ = _text(example, "pays").partition(" ")
    listed = {key: _pairs(example, key, "metric", "value") for key in ("scores", "targets")}
    return {"name": _text(example, "name"), **listed, "target": target, "pays": pays, "currency": currency}


def _pairs(stated: Mapping[str, object], key: str, name: str, value: str) -> list[Data]:
    return [{name: each, value: str(number).removesuffix("%")} for each, number in _inner(stated, key).items()]


def _number(stated: Mapping[str, object], key: str) -> str:
    return _text(stated, key).removesuffix("%")


def _texts(stated: Mapping[str, object], key: str) -> list[str]:
    found = stated.get(key)
    return [str(each) for each in found] if isinstance(found, list) else []


def _inner(stated: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = stated.get(key)
    return found if isinstance(found, Mapping) else {}


_PART = re.compile(r"([^.\[\]]+)|\[([0-9]+)\]")
_TRANSPARENT = {"curve", "otherwise", "eligibility", "quarter_shares"}
_RENAMED = {"measured_at": "where", "x": "axis"}
_NAMES = {"absences": "kind", "leavers": "reason", "touchpoints": "touchpoint", "scores": "metric", "targets": "metric"}


def steps(path: str) -> list[str | int]:
    """A place in a document, `components[0].curve.points[2]`, as steps through the form's fields and rows."""
    parts = [int(number) if number else name for name, number in _PART.findall(path)]
    if parts[:1] == ["applies_to"]:
        parts = parts[1:] or ["who"]
    return [_RENAMED.get(part, part) if isinstance(part, str) else part for part in parts if part not in _TRANSPARENT]


def row_of(rows: Sequence[Mapping[str, object]], kind: str, step: str | int) -> int | None:
    """Which of a list's rows a step leads to, by its number among those that state something, or by its name."""
    if isinstance(step, str):
        key = _NAMES.get(kind, "")
        return next((place for place, row in enumerate(rows) if _text(row, key) == step), None) if key else None
    skips = kind not in {"components", "measures", "gates", "modifiers", "examples"}
    stated = [place for place, row in enumerate(rows) if not (skips and is_blank(row))]
    return stated[step] if step < len(stated) else None
