"""What stands against rows of people: two people under one number, overlaps, circles of managers."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping

from comp.admission import lookalikes, problem_at, unknown_employee
from comp.errors import Problem
from comp.figures import day_text, exact_text
from comp.intake import AbsenceRecord, PersonRecord
from comp.money import is_currency, whole_minor_units
from comp.periods import Span, overlapping

_TOO_LARGE = 10**12
"""An amount of pay, in main units, that nobody earns and no database need hold."""


def person_problems(
    records: Iterable[PersonRecord],
    units: Container[str],
    employees: Container[str],
    assignments: Mapping[str, Mapping[Span, str | None]],
) -> Iterator[Problem]:
    """Everything that stands against rows of people.

    `employees` are the numbers that the company knows; `assignments` the spans, with their managers, that are on file
    for people outside the file and, for people in it, those that the file does not replace.
    """
    records = list(records)
    yield from lookalikes(records, lambda record: record.employee, "employee")
    stated = {record.employee for record in records}
    by_employee: dict[str, list[PersonRecord]] = {}
    for record in records:
        by_employee.setdefault(record.employee, []).append(record)
        yield from _row_problems(record, units, lambda number: number in stated or number in employees)
    for employee, rows in by_employee.items():
        yield from _disagreements(rows)
        if len({row.name for row in rows}) == 1:
            yield from _overlaps(rows, assignments.get(employee, {}))
    yield from _manager_circles(records, assignments)


def _row_problems(record: PersonRecord, units: Container[str], is_known: Callable[[str], bool]) -> Iterator[Problem]:
    if record.unit not in units:
        yield problem_at(record, "unit", record.unit, "is not a unit. Import the units first, or correct the code.")
    if record.manager == record.employee:
        yield problem_at(record, "manager", record.manager, "is the employee's own number.")
    elif record.manager and not is_known(record.manager):
        why = "is not an employee: neither this file nor an earlier one has the number."
        yield problem_at(record, "manager", record.manager, why)
    if record.hired and record.left and record.left <= record.hired:
        yield problem_at(record, "left", str(record.left), "is before `hired`.")
    if not is_currency(record.currency):
        yield problem_at(record, "currency", record.currency, "is not an ISO 4217 currency such as EUR.")
        return
    for column, amount in (("annual_salary", record.annual_salary), ("target_amount", record.target_amount)):
        if amount is not None and whole_minor_units(amount, record.currency) is None:
            why = f"is finer than the minor unit of {record.currency}."
            yield problem_at(record, column, exact_text(amount), why)
        elif amount is not None and amount >= _TOO_LARGE:
            yield problem_at(record, column, exact_text(amount), "is a trillion or more. Correct the amount.")


def _disagreements(rows: list[PersonRecord]) -> Iterator[Problem]:
    """One number with two names is two people; other differences make one of the rows wrong."""
    first = rows[0]
    for row in rows[1:]:
        if row.name != first.name:
            why = f"stands for two people: {first.name!r} on line {first.line} and {row.name!r} here."
            yield problem_at(row, "employee", row.employee, why)
        elif row.own != first.own:
            why = f"has another email, hired, left or leaving_reason here than on line {first.line}."
            yield problem_at(row, "employee", row.employee, why)


def _overlaps(rows: list[PersonRecord], kept: Mapping[Span, str | None]) -> Iterator[Problem]:
    lines = {row.span: row for row in rows}
    starts = Counter(row.span.start for row in rows)
    for row in rows:
        if starts[row.span.start] > 1 and row is not next(r for r in rows if r.span.start == row.span.start):
            yield problem_at(row, "from", str(row.span.start), f"{row.employee} has two rows from this day.")
    clash = overlapping({*lines, *kept})
    if clash and clash[0].start != clash[1].start:
        earlier, later = clash
        row = lines.get(later) or lines.get(earlier) or rows[0]
        place = f"line {lines[earlier].line}" if earlier in lines else "an assignment on file"
        why = (
            f"{row.employee}'s assignments overlap: the one from {day_text(earlier.start)} ({place}) is not ended "
            f"before {day_text(later.start)}. Give it a last day in `to`."
        )
        yield problem_at(row, "from", str(later.start), why)


def _manager_circles(
    records: list[PersonRecord], assignments: Mapping[str, Mapping[Span, str | None]]
) -> Iterator[Problem]:
    """People who are above themselves on some day. Only days on which an assignment starts can begin a circle."""
    edges: dict[str, list[tuple[Span, str]]] = {}
    for employee, spans in assignments.items():
        edges.setdefault(employee, []).extend((span, manager) for span, manager in spans.items() if manager)
    for record in records:
        if record.manager and record.manager != record.employee:
            edges.setdefault(record.employee, []).append((record.span, record.manager))
    told: set[str] = set()
    for record in records:
        circle = _circle(record, edges)
        if circle and not told & set(circle):
            told.update(circle)
            why = f"closes a circle of managers: {' under '.join([*circle, circle[0]])}."
            yield problem_at(record, "manager", record.manager or "", why)


def _circle(record: PersonRecord, edges: Mapping[str, list[tuple[Span, str]]]) -> list[str]:
    """The way from an employee up to the same employee, on days of one assignment; empty where there is none."""
    trails = [([record.employee], record.span)]
    seen: set[tuple[str, Span]] = set()
    while trails:
        trail, days = trails.pop()
        for span, manager in edges.get(trail[-1], ()):
            shared = span.meet(days)
            if not shared.days or (manager, shared) in seen:
                continue
            if manager == record.employee:
                return trail
            seen.add((manager, shared))
            trails.append(([*trail, manager], shared))
    return []


def absence_problems(
    records: Iterable[AbsenceRecord], employees: Container[str], kept: Mapping[str, Iterable[Span]]
) -> Iterator[Problem]:
    """Unknown employees and overlapping days. `kept` are the spans on file that the file does not replace."""
    by_employee: dict[str, list[AbsenceRecord]] = {}
    for record in records:
        if record.employee not in employees:
            yield unknown_employee(record, record.employee)
        by_employee.setdefault(record.employee, []).append(record)
    for employee, rows in by_employee.items():
        for i, row in enumerate(rows):
            others = [*(other.span for other in rows[:i]), *kept.get(employee, ())]
            clash = next((other for other in others if other.meet(row.span).days), None)
            if clash:
                why = f"overlaps with the absence of {employee} from {day_text(clash.start)}."
                yield problem_at(row, "from", str(row.span.start), why)
