"""Payroll files: a layout and rows in, the text of every file out, with all that keeps them from being taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import count

from comp.errors import Problem, RefusedError
from comp.figures import counted, grouped
from comp.money import Money
from comp.payroll_layouts import Column, Layout
from comp.payroll_rows import Batch, PayrollRow, PayrollRows, people_text
from comp.payroll_templates import Value
from exports.payroll_fields import FieldWriter, UnwritableError, amount_text

_UNSAFE = "".join(chr(code) for code in range(32)) + '<>:"/\\|?*'
_BOMS = {"utf-8": b"\xef\xbb\xbf", "utf-16-le": b"\xff\xfe"}


@dataclass(frozen=True, slots=True)
class PayrollFile:
    """One file: its name, its rows, its lines, and the fields of each row as they stand in each kind of line."""

    name: str
    company_code: str
    rows: tuple[PayrollRow, ...]
    lines: tuple[str, ...]
    fields: tuple[tuple[tuple[str, ...], ...], ...]
    content: bytes


@dataclass(frozen=True, slots=True)
class PayrollExport:
    """The files that a layout makes of rows. `refused` keeps them from being taken; `warnings` do not.

    `elsewhere` are rows of those whom another system pays; `written` is the layout with the columns that there are.
    """

    layout: Layout
    written: Layout
    batch: Batch
    files: tuple[PayrollFile, ...]
    refused: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    elsewhere: tuple[PayrollRow, ...]
    left_out: int

    def contents(self) -> dict[str, bytes]:
        """The bytes of every file by name. Raises `RefusedError` where one of them cannot be as it should."""
        if self.refused:
            raise RefusedError(f"The files for {self.layout.name} cannot be made yet.", self.refused)
        return {file.name: file.content for file in self.files}


def payroll_files(layout: Layout, made: PayrollRows) -> PayrollExport:
    """All files of a layout. The same layout and rows give the same bytes."""
    remarks = _Remarks()
    for problem in made.refused:
        remarks.refuse(problem.where, problem.why)
    for name in layout.lacking_values:
        remarks.refuse(f"values.{name}", f"is blank: copy the layout {layout.id} and fill it in.")
    written = layout if any(row.corrects for row in made.rows) else layout.without_corrections()
    files = tuple(_File(written, made.batch, rows, remarks).made() for rows in _parts(layout, made.rows))
    _check_names(files, remarks)
    if not made.rows:
        remarks.refuse("rows", "Nobody is paid by this batch through this system, so that there is nothing to write.")
    refused, warnings = tuple(remarks.refused()), tuple(remarks.warnings())
    return PayrollExport(layout, written, made.batch, files, refused, warnings, made.elsewhere, made.left_out)


def _parts(layout: Layout, rows: Sequence[PayrollRow]) -> list[list[PayrollRow]]:
    """The rows of each file, by company code and currency where the layout splits by them."""
    parts: dict[tuple[str, ...], list[PayrollRow]] = {}
    for row in rows:
        known = {"company_code": row.company_code, "currency": row.amount.currency}
        parts.setdefault(tuple(known[name] for name in layout.rows.split), []).append(row)
    return [parts[key] for key in sorted(parts)]


@dataclass(slots=True)
class _Remarks:
    """Problems as they are found: the same one of many people is told once, with the first of them."""

    _refused: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    _warned: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)

    def refuse(self, where: str, why: str, row: PayrollRow | None = None) -> None:
        self._refused.setdefault((where, why), []).extend([(row.employee, row.name)] if row else [])

    def warn(self, where: str, why: str, row: PayrollRow | None = None) -> None:
        self._warned.setdefault((where, why), []).extend([(row.employee, row.name)] if row else [])

    def refused(self) -> Iterator[Problem]:
        return map(_problem, self._refused.items())

    def warnings(self) -> Iterator[Problem]:
        return map(_problem, self._warned.items())


def _problem(found: tuple[tuple[str, str], list[tuple[str, str]]]) -> Problem:
    (where, why), people = found
    return Problem(f"{why}: {people_text(people)}." if people else why, where)


class _File:
    """One file while it is made."""

    def __init__(self, layout: Layout, batch: Batch, rows: list[PayrollRow], remarks: _Remarks) -> None:
        self._layout, self._rows, self._remarks = layout, rows, remarks
        self._writer = FieldWriter(layout.file, layout.days, layout.amounts)
        self._shared: dict[str, Value] = {**dict(layout.values), **_batch_values(batch)}
        self._shared |= {"company_code": rows[0].company_code, "currency": rows[0].amount.currency}

    def made(self) -> PayrollFile:
        """The file."""
        layout = self._layout
        name = _file_name(layout.file.name.filled(self._shared, "YYYY-MM-DD"))
        self._check_rows(name)
        fields = [self._fields(record.columns) for record in layout.records]
        lines = tuple(self._lines(fields))
        text = "".join(f"{line}{layout.file.line_ends}" for line in lines)
        return PayrollFile(
            name, self._rows[0].company_code, tuple(self._rows), lines, tuple(fields), self._encoded(name, text)
        )

    def _lines(self, fields: list[tuple[tuple[str, ...], ...]]) -> Iterator[str]:
        layout, writer = self._layout, self._writer
        totals = self._totals()
        yield from (line.filled(totals, layout.days) for line in layout.before)
        for record, rows in zip(layout.records, fields, strict=True):
            if layout.file.header:
                yield writer.line([_header(column, layout.file.delimiter) for column in record.columns])
            yield from (writer.line(list(row)) for row in rows)
        yield from (line.filled(totals, layout.days) for line in layout.after)

    def _totals(self) -> dict[str, Value]:
        minor = sum(row.amount.minor for row in self._rows)
        total = Money(minor, self._rows[0].amount.currency)
        try:
            written = amount_text(total, self._layout.amounts)
        except UnwritableError:
            written = ""  # the rows' own amounts are refused for it
        people = len({row.employee for row in self._rows})
        return {**self._shared, "rows": str(len(self._rows)), "people": str(people), "total": written}

    def _fields(self, columns: tuple[Column, ...]) -> tuple[tuple[str, ...], ...]:
        numbered: dict[str, Iterator[int]] = {}
        made = []
        for place, row in enumerate(self._rows, start=1):
            nth = next(numbered.setdefault(row.employee, count(1)))
            values = {**self._shared, **_row_values(row), "row": str(place), "nth": str(nth)}
            made.append(tuple(self._field(column, values, row) for column in columns))
        return tuple(made)

    def _field(self, column: Column, values: Mapping[str, Value], row: PayrollRow) -> str:
        try:
            text = self._writer.text(column, values, row.amount)
            self._writer.require_unquoted(text)
        except UnwritableError as error:
            if not _is_unmapped(column, values):
                self._remarks.refuse(column.header or column.says.text, str(error), row)
            return ""
        if column.cuts and column.limit is not None and len(str(values["name"])) > column.limit:
            self._remarks.warn(column.header, f"Names are cut after {column.limit} characters", row)
        return text

    def _check_rows(self, name: str) -> None:
        layout, rows = self._layout, self._rows
        currencies = sorted({row.amount.currency for row in rows})
        if len(currencies) > 1 and "currency" not in layout.names and not layout.currencies:
            why = f"would mix {' and '.join(currencies)} without naming them. Split the layout by currency."
            self._remarks.refuse(name, why)
        for currency in currencies:
            if layout.currencies and currency not in layout.currencies:
                known = " and ".join(layout.currencies)
                paid = people_text((row.employee, row.name) for row in rows if row.amount.currency == currency)
                why = (
                    f"would pay {paid} in {currency}; {layout.name} is for {known}. Where another system pays them, say"
                )
                self._remarks.refuse(name, f"{why} so with a minus sign as their company code.")
        if layout.most_rows and len(rows) > layout.most_rows:
            most = grouped(str(layout.most_rows))
            self._remarks.warn(name, f"has {counted(len(rows), 'row')}; the system is known to read {most}.")
        for row in rows:
            self._check_amount(row)
        self._check_numbers(name)

    def _check_amount(self, row: PayrollRow) -> None:
        layout = self._layout
        if row.amount.minor < 0 and not layout.rows.writes_negative:
            self._remarks.refuse("amount", f"{layout.name} takes no negative amount", row)
        if layout.warns_above is not None and abs(row.amount.amount) > layout.warns_above:
            most = grouped(str(Decimal(layout.warns_above.numerator) / layout.warns_above.denominator))
            self._remarks.warn("amount", f"Amounts above {most} may be refused by the system", row)

    def _check_numbers(self, name: str) -> None:
        """Two people under one number would be paid as one: the numbers are held together as they are written."""
        if "payroll_number" not in self._layout.names:
            return
        owners: dict[str, PayrollRow] = {}
        for row in self._rows:
            number = row.payroll_number.lstrip("0") or row.payroll_number
            other = owners.setdefault(number, row)
            if other.employee != row.employee and number:
                both = people_text([(other.employee, other.name), (row.employee, row.name)])
                self._remarks.refuse(name, f"Payroll's number {row.payroll_number} is that of {both}.")

    def _encoded(self, name: str, text: str) -> bytes:
        encoding = self._layout.file.encoding
        try:
            content = text.encode(encoding)
        except UnicodeEncodeError as error:
            # a header, a line of the layout's own, or a company code: fields were looked at one by one
            self._remarks.refuse(name, f"has {text[error.start]!r}, which {encoding} does not have.")
            return b""
        return _BOMS[encoding] + content if self._layout.file.bom else content


def _is_unmapped(column: Column, values: Mapping[str, Value]) -> bool:
    """Whether a field is empty for want of a code or number, which is told for all people at once."""
    mapped = {"pay_code", "company_code", "payroll_number"}
    return any(not values[name] for name in column.says.names & mapped)


def _header(column: Column, delimiter: str) -> str:
    return column.header if delimiter else column.header[: column.width].ljust(column.width or 0)


def _batch_values(batch: Batch) -> dict[str, Value]:
    return {
        "quarter": str(batch.quarter),
        "first_day": batch.days.start,
        "last_day": batch.days.last,
        "pay_date": batch.pay_date,
        "pay_month": batch.pay_date.replace(day=1),
        "batch": batch.number,
        "batch_name": batch.name,
        "run": str(batch.run),
    }


def _row_values(row: PayrollRow) -> dict[str, Value]:
    return {
        "employee": row.employee,
        "payroll_number": row.payroll_number,
        "name": row.name,
        "pay_code": row.pay_code,
        "plan_pay_code": row.plan_pay_code,
        "company_code": row.company_code,
        "currency": row.amount.currency,
        "cost_centre": row.cost_centre,
        "corrects": row.corrects,
    }


def _file_name(text: str) -> str:
    """A name that every system takes for a file beside the others."""
    return "".join("-" if sign in _UNSAFE else sign for sign in text).lstrip(".").rstrip(" .") or "payroll"


def _check_names(files: Sequence[PayrollFile], remarks: _Remarks) -> None:
    seen: set[str] = set()
    for file in files:
        if file.name.casefold() in seen:
            remarks.refuse(file.name, "would be the name of two files: their company codes differ too little.")
        seen.add(file.name.casefold())
