"""The document that a payroll layout is written as: read with all its problems, and written back."""

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from comp.documents import Fields, whole_number
from comp.errors import Problem
from comp.figures import exact_text
from comp.money import exact, is_currency
from comp.payroll_layout_problems import layout_problems
from comp.payroll_layouts import (
    SPLITS,
    Amounts,
    Characters,
    Column,
    FileForm,
    Formulas,
    Layout,
    Mark,
    Quotes,
    Record,
    RowRules,
)
from comp.payroll_templates import Template, is_day_pattern, read_template

Document = dict[str, object]
Choice = TypeVar("Choice", bound=StrEnum)

ENCODINGS = ("utf-8", "ascii", "cp1252", "iso-8859-1", "utf-16-le")
LINE_ENDS = {"crlf": "\r\n", "lf": "\n"}
DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "none": ""}
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NOTHING = Template("", ())


def read_layout(document: object, path: str = "") -> tuple[Layout | None, list[Problem]]:
    """The layout that a document states, or None with every problem that stands against it."""
    problems: list[Problem] = []
    layout = _layout(Fields(document, problems, path))
    if not problems:
        problems += layout_problems(layout)
    return (None if problems else layout), problems


def _layout(fields: Fields) -> Layout:
    values = fields.inner("values")
    limits = fields.inner("limits")
    layout = Layout(
        id=fields.value("id", _id, ""),
        name=fields.text("name"),
        note=fields.text("note", default=""),
        sources=fields.texts("sources"),
        unconfirmed=fields.texts("unconfirmed"),
        file=_file(fields.inner("file")),
        rows=_rows(fields.inner("rows")),
        currencies=tuple(_currencies(fields)),
        days=fields.value("days", _days, "YYYY-MM-DD", default="YYYY-MM-DD"),
        amounts=_amounts(fields.inner("amounts")),
        values=tuple((name, values.text(name, default="")) for name, _ in values.entries()),
        before=_lines(fields, "before"),
        records=_records(fields),
        after=_lines(fields, "after"),
        most_rows=limits.optional("rows", _positive),
        warns_above=limits.optional("amount", exact),
        maps=fields.text("maps", default=""),
    )
    limits.finish()
    fields.finish()
    return layout


def _file(fields: Fields) -> FileForm:
    form = FileForm(
        name=fields.value("name", read_template, _NOTHING),
        encoding=fields.choice("encoding", ENCODINGS, default="utf-8"),
        bom=fields.flag("bom", default=False),
        line_ends=LINE_ENDS[fields.choice("line_ends", LINE_ENDS, default="crlf")],
        delimiter=DELIMITERS[fields.choice("delimiter", DELIMITERS, default="comma")],
        quotes=_choice(fields, "quotes", Quotes, Quotes.NEEDED),
        formulas=_choice(fields, "formulas", Formulas, Formulas.REFUSE),
        closes_lines=fields.flag("closes_lines", default=False),
        header=fields.flag("header", default=True),
    )
    fields.finish()
    return form


def _rows(fields: Fields) -> RowRules:
    rules = RowRules(
        keeps_cost_centres=fields.choice("one_for", ["person", "cost centre"], default="person") == "cost centre",
        split=tuple(_split(fields)),
        writes_zero=fields.choice("zero", ["leave out", "write"], default="leave out") == "write",
        writes_negative=fields.choice("negative", ["write", "refuse"], default="write") == "write",
    )
    fields.finish()
    return rules


def _split(fields: Fields) -> Iterator[str]:
    for name in fields.texts("split"):
        if name not in SPLITS:
            fields.problem(f"is not one of {', '.join(SPLITS)}", "split", name)
        yield name


def _currencies(fields: Fields) -> Iterator[str]:
    for code in fields.texts("currencies"):
        if not is_currency(code):
            fields.problem("is not an ISO 4217 currency", "currencies", code)
        yield code


def _amounts(fields: Fields) -> Amounts:
    amounts = Amounts(
        mark=_choice(fields, "mark", Mark, Mark.POINT),
        decimals=None if fields.raw("decimals") == "currency" else fields.optional("decimals", _decimals),
        sign_after=fields.choice("sign", ["before", "after"], default="before") == "after",
    )
    fields.finish()
    return amounts


def _records(fields: Fields) -> tuple[Record, ...]:
    """One kind of lines is stated by `columns` alone."""
    if fields.has("records"):
        if fields.has("columns"):
            fields.problem("stands beside records; state one of them", "columns")
        return tuple(_record(each) for each in fields.each("records"))
    return (Record(tuple(_column(each) for each in fields.each("columns"))),)


def _record(fields: Fields) -> Record:
    record = Record(tuple(_column(each) for each in fields.each("columns")))
    fields.finish()
    return record


def _column(fields: Fields) -> Column:
    column = Column(
        header=fields.text("header", default=""),
        says=_says(fields),
        is_required=fields.flag("required", default=False),
        width=fields.optional("width", _positive),
        fill=fields.value("fill", _one_character, " ", default=" "),
        fills_before=fields.choice("align", ["left", "right"], default="left") == "right",
        longest=fields.optional("longest", _positive),
        cuts=fields.flag("cut", default=False),
        characters=_choice(fields, "characters", Characters, Characters.ANY),
        least=fields.optional("least", whole_number),
        most=fields.optional("most", whole_number),
    )
    fields.finish()
    return column


def _says(fields: Fields) -> Template:
    """A column has a field, or a text with places; with neither it stays empty."""
    if fields.has("field") and fields.has("text"):
        fields.problem("stands beside field; state one of them", "text")
    if fields.has("field"):
        return fields.value("field", lambda name: read_template(f"{{{name}}}"), _NOTHING)
    return fields.value("text", read_template, _NOTHING, default=_NOTHING)


def _lines(fields: Fields, key: str) -> tuple[Template, ...]:
    lines = []
    for place, text in enumerate(fields.texts(key)):
        try:
            lines.append(read_template(text))
        except ValueError as error:
            fields.problem(str(error), f"{key}[{place}]")
    return tuple(lines)


def _choice(fields: Fields, key: str, choices: type[Choice], default: Choice) -> Choice:
    return choices(fields.choice(key, [str(each) for each in choices], default=str(default)))


def _reader(holds: Callable[[str], object], what: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if holds(text):
            return text
        raise ValueError(f"{text!r} is {what}")

    return read


_id = _reader(_ID.fullmatch, "not a name of small letters, digits and single hyphens, such as adp-lisbon")
_days = _reader(is_day_pattern, "not a pattern of days; write it like YYYY-MM-DD, DD.MM.YYYY or MMDDYY")


def _positive(text: str) -> int:
    number = whole_number(text)
    if number < 1:
        raise ValueError("should be 1 or more")
    return number


def _decimals(text: str) -> int:
    number = whole_number(text)
    if number > 4:  # noqa: PLR2004 - the most that a currency has
        raise ValueError("should be from 0 to 4, or `currency`")
    return number


def _one_character(text: str) -> str:
    if len(text) != 1:
        raise ValueError("should be one character, such as 0")
    return text


def write_layout(layout: Layout) -> Document:
    """The document of a layout, with what is not usual only: the same one for the same layout."""
    limits: Document = {"rows": _number(layout.most_rows), "amount": _exact(layout.warns_above)}
    document: Document = {
        "id": layout.id,
        "name": layout.name,
        "note": layout.note,
        "sources": list(layout.sources),
        "unconfirmed": list(layout.unconfirmed),
        "maps": layout.maps,
        "file": _write_file(layout.file),
        "rows": _write_rows(layout.rows),
        "currencies": list(layout.currencies),
        "days": layout.days,
        "amounts": _write_amounts(layout.amounts),
        "values": dict(layout.values),
        "limits": _stated(limits),
        "before": [line.text for line in layout.before],
        **_write_records(layout.records),
        "after": [line.text for line in layout.after],
    }
    return _stated(document)


def layout_sha256(layout: Layout) -> str:
    """A hash of everything that a layout says."""
    text = json.dumps(write_layout(layout), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _write_file(form: FileForm) -> Document:
    names = {character: name for name, character in (*DELIMITERS.items(), *LINE_ENDS.items())}
    return {
        "name": form.name.text,
        "encoding": form.encoding,
        **({"bom": "true"} if form.bom else {}),
        "line_ends": names[form.line_ends],
        "delimiter": names[form.delimiter],
        **({"closes_lines": "true"} if form.closes_lines else {}),
        "quotes": str(form.quotes),
        "formulas": str(form.formulas),
        **({} if form.header else {"header": "false"}),
    }


def _write_rows(rules: RowRules) -> Document:
    return {
        "one_for": "cost centre" if rules.keeps_cost_centres else "person",
        **({"split": list(rules.split)} if rules.split else {}),
        "zero": "write" if rules.writes_zero else "leave out",
        "negative": "write" if rules.writes_negative else "refuse",
    }


def _write_amounts(amounts: Amounts) -> Document:
    return {
        "mark": str(amounts.mark),
        "decimals": _number(amounts.decimals) or "currency",
        **({"sign": "after"} if amounts.sign_after else {}),
    }


def _write_records(records: tuple[Record, ...]) -> Document:
    written = [[_write_column(column) for column in record.columns] for record in records]
    return {"columns": written[0]} if len(written) == 1 else {"records": [{"columns": each} for each in written]}


def _write_column(column: Column) -> Document:
    text = column.says.text
    only = next(iter(column.says.names)) if len(column.says.names) == 1 else ""
    says = {"field": only} if text == f"{{{only}}}" else {"text": text}
    return _stated(
        {
            "header": column.header,
            **says,
            "required": "true" if column.is_required else "",
            "width": _number(column.width),
            "fill": column.fill if column.fill != " " else "",
            "align": "right" if column.fills_before else "",
            "longest": _number(column.longest),
            "cut": "true" if column.cuts else "",
            "characters": "" if column.characters is Characters.ANY else str(column.characters),
            "least": _number(column.least),
            "most": _number(column.most),
        }
    )


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _exact(number: Fraction | None) -> str:
    return "" if number is None else exact_text(number)


def _stated(document: Document) -> Document:
    return {key: value for key, value in document.items() if value not in ("", [], {})}
