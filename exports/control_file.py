"""The control file beside payroll files: totals, counts and hashes that tell both sides that nothing was lost."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from comp.errors import LoyaltyPayError
from comp.money import Money, exact, whole_minor_units
from comp.payroll_layout_documents import layout_sha256
from comp.payroll_layouts import WORKBOOK
from comp.payroll_rows import Batch, PayrollRow
from comp.sheets import PayrollSheets, Total, employees_sha256
from exports.comma_separated import Field, comma_separated
from exports.payroll_files import PayrollExport, PayrollFile

Document = dict[str, object]

PREFIX = "control-"
"""How the names of control files begin."""

COLUMNS = ("About", "File", "Company code", "Pay code", "Currency", "People", "Rows", "Amount", "Value")


def control_files(export: PayrollExport, sheets: PayrollSheets) -> dict[str, bytes]:
    """The control file as JSON and as CSV, under names that tell the batch and the layout.

    Raises `LoyaltyPayError` where the files do not add up to the batch: nothing may be taken then.
    """
    return _written(control_document(export, sheets))


def workbook_control_files(sheets: PayrollSheets, batch: Batch, workbook: bytes) -> dict[str, bytes]:
    """The control file of the payroll workbook, as JSON and as CSV: every batch has one, also without any layout."""
    return _written(workbook_control_document(sheets, batch, workbook))


def _written(document: Document) -> dict[str, bytes]:
    name = f"{PREFIX}{document['batch']}-{document['layout']}"
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return {f"{name}.json": text.encode(), f"{name}.csv": comma_separated(COLUMNS, _table(document))}


def control_document(export: PayrollExport, sheets: PayrollSheets) -> Document:
    """What the control file says. Amounts are text."""
    rows = [row for file in export.files for row in file.rows]
    _require_agreement([*rows, *export.elsewhere], sheets)
    return {
        **_about(sheets, export.batch),
        "layout": export.layout.id,
        "layout_sha256": layout_sha256(export.layout),
        **_made_of(sheets),
        "people": len({row.employee for row in rows}),
        "rows": len(rows),
        "rows_of_zero_left_out": export.left_out,
        "people_paid_elsewhere": len({row.employee for row in export.elsewhere}),
        "employees_sha256": employees_sha256(row.employee for row in rows),
        "files": [_file(file) for file in export.files],
        "totals": list(_totals(rows)),
        "paid_elsewhere": list(_totals(export.elsewhere)),
        "workbook": _workbook(sheets),
    }


def workbook_control_document(sheets: PayrollSheets, batch: Batch, workbook: bytes) -> Document:
    """What the control file of the payroll workbook says, in the words of every other. Amounts are text."""
    totals = [_of_workbook(total, "rows") for total in sheets.totals]
    counts = {"people": sheets.people, "rows": len(sheets.lines)}
    file = {"name": sheets.file_name, "bytes": len(workbook), "sha256": hashlib.sha256(workbook).hexdigest()}
    return {
        **_about(sheets, batch),
        "layout": WORKBOOK,
        **_made_of(sheets),
        **counts,
        "rows_of_zero_left_out": 0,
        "people_paid_elsewhere": 0,
        "employees_sha256": sheets.employees_sha256,
        "files": [{**file, **counts, "totals": totals}],
        "totals": totals,
        "paid_elsewhere": [],
        "workbook": _workbook(sheets),
    }


def _about(sheets: PayrollSheets, batch: Batch) -> Document:
    return {
        "batch": sheets.batch,
        "released": sheets.is_released,
        "quarter": str(sheets.run.quarter),
        "run": sheets.run.number,
        "batch_number": batch.number,
        "pay_date": batch.pay_date.isoformat(),
    }


def _made_of(sheets: PayrollSheets) -> Document:
    origin = sheets.run.origin
    return {"calculated": f"{origin.calculated_at:%Y-%m-%dT%H:%M:%SZ}", "inputs_sha256": origin.inputs_sha256}


class BookedTotal(NamedTuple):
    """What a control file says of one company code, pay code and currency; the code is `-` for those paid elsewhere."""

    company_code: str
    pay_code: str
    people: int
    lines: int
    amount: Money


def read_totals(content: bytes) -> tuple[BookedTotal, ...]:
    """The totals that a control file in JSON says, those of people whom another system pays last."""
    document = json.loads(content)
    return tuple(_booked(each) for part in ("totals", "paid_elsewhere") for each in document[part])


def _booked(total: dict[str, str]) -> BookedTotal:
    minor = whole_minor_units(exact(total["amount"]), total["currency"])
    amount = Money(minor or 0, total["currency"])
    return BookedTotal(total["company_code"], total["pay_code"], int(total["people"]), int(total["rows"]), amount)


def _require_agreement(rows: list[PayrollRow], sheets: PayrollSheets) -> None:
    """The last check before a file leaves: with what others pay, each currency adds up to what the batch pays in it."""
    paid = _sums(line.amount for line in sheets.lines)
    written = _sums(row.amount for row in rows)
    if {key: minor for key, minor in paid.items() if minor} != {key: minor for key, minor in written.items() if minor}:
        raise LoyaltyPayError(
            "The files do not add up to what the batch pays. Nothing was written; please report this."
        )


def _sums(amounts: Iterable[Money]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for amount in amounts:
        sums[amount.currency] = sums.get(amount.currency, 0) + amount.minor
    return sums


def _file(file: PayrollFile) -> Document:
    return {
        "name": file.name,
        "bytes": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "people": len({row.employee for row in file.rows}),
        "rows": len(file.rows),
        "totals": list(_totals(file.rows)),
    }


def _totals(rows: Iterable[PayrollRow]) -> Iterator[Document]:
    """Totals by company code, pay code as it is written, and currency."""
    groups: dict[tuple[str, str, str], list[PayrollRow]] = {}
    for row in rows:
        groups.setdefault((row.company_code, row.pay_code or row.plan_pay_code, row.amount.currency), []).append(row)
    for (company_code, pay_code, currency), found in sorted(groups.items()):
        yield {
            "company_code": company_code,
            "pay_code": pay_code,
            "currency": currency,
            "people": len({row.employee for row in found}),
            "rows": len(found),
            "amount": str(Money(sum(row.amount.minor for row in found), currency)),
        }


def _workbook(sheets: PayrollSheets) -> Document:
    """What the payroll workbook's Summary says of the same batch."""
    return {
        "lines": len(sheets.lines),
        "people": sheets.people,
        "held": len(sheets.held),
        "in_no_plan": len(sheets.outside),
        "employees_sha256": sheets.employees_sha256,
        "lines_sha256": sheets.content_sha256,
        "totals": [_of_workbook(total, "lines") for total in sheets.totals],
    }


def _of_workbook(total: Total, counted: str) -> Document:
    """A total of the workbook's; the Summary counts lines, and files count rows."""
    return {
        "company_code": total.company,
        "pay_code": total.pay_code,
        "currency": total.amount.currency,
        "people": total.people,
        counted: total.lines,
        "amount": str(total.amount),
    }


def _table(document: Document) -> Iterator[list[Field]]:
    """The document as rows of one table."""
    for key, value in document.items():
        if not isinstance(value, list | dict):
            yield [key, "", "", "", "", "", "", "", str(value)]
    files = document["files"]
    assert isinstance(files, list)  # noqa: S101 - made above
    for file in files:
        yield ["file", file["name"], "", "", "", file["people"], file["rows"], "", file["sha256"]]
        yield from (_total_row("file total", file["name"], total) for total in file["totals"])
    totals = document["totals"]
    assert isinstance(totals, list)  # noqa: S101 - made above
    yield from (_total_row("total", "", total) for total in totals)
    elsewhere = document["paid_elsewhere"]
    assert isinstance(elsewhere, list)  # noqa: S101 - made above
    yield from (_total_row("paid elsewhere", "", total) for total in elsewhere)
    workbook = document["workbook"]
    assert isinstance(workbook, dict)  # noqa: S101 - made above
    yield from (_total_row("workbook total", "", total) for total in workbook["totals"])


def _total_row(about: str, file: str, total: dict[str, str | int]) -> list[Field]:
    amount = Decimal(total["amount"])
    counts = [int(total["people"]), int(total.get("rows", total.get("lines", 0)))]
    codes = [str(total.get("company_code", "")), str(total["pay_code"]), str(total["currency"])]
    return [about, file, *codes, *counts, amount, ""]
