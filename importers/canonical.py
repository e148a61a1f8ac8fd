"""The product's own file layouts: a header of field names in any order, one row for each thing."""

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction

from comp.errors import Problem
from comp.intake import (
    AbsenceRecord,
    AnyRecord,
    Kind,
    PersonalResultRecord,
    PersonRecord,
    ResultRecord,
    TargetRecord,
    UnitRecord,
)
from comp.periods import FOREVER, Span
from importers.cells import (
    Column,
    Style,
    days,
    days_after,
    decimals,
    is_blank,
    percents,
    periods,
    quarters,
    whole_numbers,
)
from importers.layouts import Layout

_GROUPS = ("promoters", "passives", "detractors")
REQUIRED = {
    Kind.UNITS: ("unit", "name"),
    Kind.PEOPLE: ("employee", "name", "unit", "from", "currency"),
    Kind.ABSENCES: ("employee", "from", "to", "kind"),
    Kind.RESULTS: ("unit", "quarter", "metric"),
    Kind.PERSONAL_RESULTS: ("employee", "quarter", "metric", "value"),
    Kind.TARGETS: ("unit", "quarter", "metric", "target"),
}
OPTIONAL = {
    Kind.UNITS: ("parent", "loyalty_lead", "currency"),
    Kind.PEOPLE: (
        "to",
        "email",
        "manager",
        "grade",
        "annual_salary",
        "target_percent",
        "target_amount",
        "fte",
        "cost_centre",
        "hired",
        "left",
        "leaving_reason",
    ),
    Kind.RESULTS: ("value", "answers", *_GROUPS),
}
_NO_DAYS = Span(date(1900, 1, 1), date(1900, 1, 1))
_TOTALS = {"total", "totals", "grand total", "sum", "summe", "gesamt"}


def fields_of(kind: Kind) -> tuple[str, ...]:
    """The columns that a kind of file may have, the required ones first."""
    return (*REQUIRED[kind], *OPTIONAL.get(kind, ()))


def read_records(kind: Kind, layout: Layout, style: Style) -> tuple[list[AnyRecord], dict[str, int]]:
    """The records of a file, and how many rows were dropped for what reason. Problems go to the layout's list.

    A row with a problem may give a record all the same, so that later checks find more.
    """
    dropped = _drop_totals(kind, layout)
    for field in REQUIRED[kind]:
        if not layout.has(field):
            why = f"is required in a {kind} file and is not there. Add the column, or map one to it."
            layout.problems.append(Problem(why, line=1, column=field))
    return list(_READERS[kind](layout, style)), dropped


def _drop_totals(kind: Kind, layout: Layout) -> dict[str, int]:
    """A trailing row of totals is not an employee."""
    if kind is not Kind.PEOPLE or not layout.has("employee"):
        return {}
    last = layout.texts("employee")[-1].casefold().rstrip(":")
    names = layout.texts("name")[-1:]
    if last not in _TOTALS and not (not last and names and names[0].casefold().rstrip(":") in _TOTALS):
        return {}
    layout.rows = layout.rows[:-1]
    return {"row of totals": 1}


def _units(layout: Layout, _style: Style) -> Iterator[UnitRecord]:
    rows = zip(
        layout.lines,
        layout.required("unit"),
        layout.required("name"),
        layout.texts("parent"),
        layout.texts("loyalty_lead"),
        layout.texts("currency"),
        strict=True,
    )
    for line, unit, name, parent, lead, currency in rows:
        yield UnitRecord(line, unit, name, parent or None, lead or None, currency.upper() or None)


def _people(layout: Layout, style: Style) -> Iterator[PersonRecord]:
    spans = _spans(layout, style)
    fte = layout.column("fte")
    rows = zip(
        layout.lines,
        layout.required("employee"),
        layout.required("name"),
        layout.required("unit"),
        spans,
        layout.required("currency"),
        layout.texts("email"),
        layout.texts("manager"),
        layout.texts("grade"),
        _positive(layout.column("annual_salary"), decimals),
        _positive(layout.column("target_percent"), percents),
        _positive(layout.column("target_amount"), decimals),
        _ftes(fte),
        layout.texts("cost_centre"),
        days(layout.column("hired"), style),
        days_after(layout.column("left"), style),
        layout.texts("leaving_reason"),
        strict=True,
    )
    for line, employee, name, unit, span, currency, email, manager, *rest in rows:
        yield PersonRecord(
            line, employee, name, unit, span, currency.upper(), email.lower() or None, manager or None, *rest
        )


def _positive(column: Column, read: Callable[[Column], list[Fraction | None]]) -> list[Fraction | None]:
    numbers = read(column)
    for index, number in enumerate(numbers):
        if number is not None and number < 0:
            column.problem(index, "is below 0")
    return numbers


def _ftes(column: Column) -> list[Fraction]:
    bare = Column(column.name, column.lines, [cell.rstrip("% ") for cell in column.cells], column.problems)
    shares: list[Fraction] = []
    for index, number in enumerate(decimals(bare)):
        share = Fraction(1) if number is None else number / 100 if "%" in column.cells[index] else number
        if not 0 < share <= 1:
            column.problem(index, "is not a share of full time above 0 and up to 1, such as 0.8")
        shares.append(share)
    return shares


def _absences(layout: Layout, style: Style) -> Iterator[AbsenceRecord]:
    layout.required_column("to")
    employees, kinds = layout.required("employee"), layout.required("kind")
    for line, employee, span, kind in zip(layout.lines, employees, _spans(layout, style), kinds, strict=True):
        yield AbsenceRecord(line, employee, span, kind)


def _spans(layout: Layout, style: Style) -> list[Span]:
    """The span of each row; one without days where a day of it cannot be read, so that it seems to overlap nothing."""
    starts, until = days(layout.required_column("from"), style), layout.column("to")
    spans = []
    for index, (start, end) in enumerate(zip(starts, days_after(until, style), strict=True)):
        if start and end and end <= start:
            until.problem(index, "is before `from`")
        span = Span(start or date.min, end or FOREVER)
        spans.append(span if start and span.days and (end or is_blank(until.cells[index])) else _NO_DAYS)
    return spans


def _results(layout: Layout, _style: Style) -> Iterator[ResultRecord]:
    value = layout.column("value")
    rows = zip(
        layout.lines,
        layout.required("unit"),
        quarters(layout.required_column("quarter")),
        layout.required("metric"),
        decimals(Column(value.name, value.lines, [text.rstrip("% ") for text in value.cells], value.problems)),
        whole_numbers(layout.column("answers")),
        _groups(layout),
        strict=True,
    )
    for index, (line, unit, quarter, metric, stated, answers, groups) in enumerate(rows):
        _check_result(value, index, answers, groups)
        if quarter:
            yield ResultRecord(line, unit, quarter, metric, stated, answers, groups)


def _check_result(value: Column, index: int, answers: int | None, groups: tuple[int, int, int] | None) -> None:
    is_stated = not is_blank(value.cells[index])
    if groups is None and not is_stated:
        value.problem(index, "give either a value, or promoters, passives and detractors")
    elif groups is not None and is_stated:
        value.problem(index, "stands beside counts of promoters, passives and detractors. Keep one of the two.")
    elif groups is not None and answers not in {None, sum(groups)}:
        value.problem(index, f"{answers} answers are stated, but promoters, passives and detractors are {sum(groups)}.")


def _groups(layout: Layout) -> list[tuple[int, int, int] | None]:
    """The three counts of each row; None where a row states none. A count that is left out is not taken as 0."""
    columns = [layout.column(field) for field in _GROUPS]
    groups: list[tuple[int, int, int] | None] = []
    for index, counts in enumerate(zip(*map(whole_numbers, columns), strict=True)):
        missing = [column for column in columns if is_blank(column.cells[index])]
        if 0 < len(missing) < len(columns):
            missing[0].problem(index, "is missing: state all three of promoters, passives and detractors, 0 too")
        promoters, passives, detractors = (count or 0 for count in counts)
        groups.append(None if len(missing) == len(columns) else (promoters, passives, detractors))
    return groups


def _personal_results(layout: Layout, _style: Style) -> Iterator[PersonalResultRecord]:
    rows = zip(
        layout.lines,
        layout.required("employee"),
        quarters(layout.required_column("quarter")),
        layout.required("metric"),
        decimals(layout.required_column("value")),
        strict=True,
    )
    for line, employee, quarter, metric, value in rows:
        if quarter and value is not None:
            yield PersonalResultRecord(line, employee, quarter, metric, value)


def _targets(layout: Layout, _style: Style) -> Iterator[TargetRecord]:
    rows = zip(
        layout.lines,
        layout.required("unit"),
        periods(layout.required_column("quarter")),
        layout.required("metric"),
        decimals(layout.required_column("target")),
        strict=True,
    )
    for line, unit, period, metric, target in rows:
        if period and target is not None:
            yield TargetRecord(line, unit, period, metric, target)


_READERS: dict[Kind, Callable[[Layout, Style], Iterator[AnyRecord]]] = {
    Kind.UNITS: _units,
    Kind.PEOPLE: _people,
    Kind.ABSENCES: _absences,
    Kind.RESULTS: _results,
    Kind.PERSONAL_RESULTS: _personal_results,
    Kind.TARGETS: _targets,
}
