"""What cannot stand in a payroll layout, though each of its fields can be read."""

from collections.abc import Iterator

from comp.errors import Problem
from comp.payroll_layouts import (
    DAYS,
    FILE_FIELDS,
    ROW_FIELDS,
    TOTAL_FIELDS,
    WORKBOOK,
    Characters,
    Column,
    Layout,
    Mark,
)
from comp.payroll_templates import Place, Template, is_day_pattern

_MOST_COLUMNS = 300


def layout_problems(layout: Layout) -> list[Problem]:
    """Every way in which the parts of a layout do not fit together."""
    return [*_head(layout), *_places(layout), *_columns(layout), *_content(layout)]


def _head(layout: Layout) -> Iterator[Problem]:
    if layout.id == WORKBOOK:
        yield Problem("is the name of the payroll workbook; choose another", "id")
    known = {*ROW_FIELDS, *FILE_FIELDS, *TOTAL_FIELDS}
    for name, _ in layout.values:
        if name in known or not name.isidentifier():
            yield Problem("is taken, or is no single word; choose another name", f"values.{name}")
    for name in layout.rows.split:
        if name not in layout.file.name.names:
            yield Problem(f"has no {{{name}}}, so that the files of a split would have one name", "file.name")
    if layout.file.bom and not layout.file.encoding.startswith("utf"):
        yield Problem(f"is for UTF files, not for {layout.file.encoding}", "file.bom")


def _places(layout: Layout) -> Iterator[Problem]:
    """Places that nothing fills where they stand."""
    own = {name for name, _ in layout.values}
    whole = {*FILE_FIELDS, *own}
    one_file = {*whole, *layout.rows.split}
    if "company_code" not in layout.rows.split:
        one_file -= {"company_code"}
        whole -= {"company_code"}
    yield from _unfilled(layout.file.name, one_file, "file.name")
    for key, lines in (("before", layout.before), ("after", layout.after)):
        for number, line in enumerate(lines):
            yield from _unfilled(line, {*one_file, *TOTAL_FIELDS}, f"{key}[{number}]")
    for where, column in _placed(layout):
        yield from _unfilled(column.says, {*ROW_FIELDS, *FILE_FIELDS, *own}, where)


def _unfilled(template: Template, known: set[str], where: str) -> Iterator[Problem]:
    for place in (part for part in template.parts if isinstance(part, Place)):
        if place.name not in known:
            yield Problem(f"{{{place.name}}} is not known here; known: {', '.join(sorted(known))}", where)
        elif place.how and is_day_pattern(place.how) != (place.name in DAYS):
            yield Problem(f"{place.how!r} does not say how {{{place.name}}} is written", where)


def _placed(layout: Layout) -> Iterator[tuple[str, Column]]:
    for number, record in enumerate(layout.records):
        before = f"records[{number}]." if len(layout.records) > 1 else ""
        for place, column in enumerate(record.columns):
            yield f"{before}columns[{place}]", column


def _columns(layout: Layout) -> Iterator[Problem]:
    for where, column in _placed(layout):
        if layout.file.delimiter == "" and column.width is None:
            yield Problem("is missing: without a delimiter every column has its width", f"{where}.width")
        if column.least is not None and column.most is not None and column.least > column.most:
            yield Problem("is more than most", f"{where}.least")
        if (column.least, column.most) != (None, None) and column.characters is not Characters.DIGITS:
            yield Problem("should be digits where least or most are stated", f"{where}.characters")
        if column.cuts and column.says.names - {"name"}:
            yield Problem("would shorten what something is found by; only a name can be cut", f"{where}.cut")
        if "amount" in column.says.names and column.says.text != "{amount}":
            yield Problem("an amount stands in a column of its own: `field: amount`", where)
    for number, record in enumerate(layout.records):
        where = f"records[{number}].columns" if len(layout.records) > 1 else "columns"
        if not 0 < len(record.columns) <= _MOST_COLUMNS:
            yield Problem(f"should be from 1 to {_MOST_COLUMNS}, not {len(record.columns)}", where)


def _content(layout: Layout) -> Iterator[Problem]:
    """What a file must say so that nobody is paid wrongly."""
    amounts = [column for _, column in _placed(layout) if "amount" in column.says.names]
    if len(amounts) != 1:
        yield Problem(f"should have one column with the amount, not {len(amounts)}", "columns")
    if not layout.names & {"employee", "payroll_number"}:
        yield Problem("should have a column with the employee's number", "columns")
    if layout.amounts.mark is Mark.NONE and layout.amounts.decimals is None:
        yield Problem("should be stated: without a mark the reader must know how many decimals there are", "amounts")
    if layout.rows.keeps_cost_centres and "cost_centre" not in layout.names:
        yield Problem("is for layouts that have a column with the cost centre", "rows.one_for")
    if not layout.rows.keeps_cost_centres and "cost_centre" in layout.names:
        yield Problem("should be `cost centre` where a column has the cost centre", "rows.one_for")
