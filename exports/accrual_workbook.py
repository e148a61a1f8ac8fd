"""The accrual workbook for finance: totals with their band, each place's part, the journal, and what it rests on."""

import io

from openpyxl import Workbook

from comp.accrual_sheets import StoredAccrual
from comp.exchange import GroupTotal
from exports import accrual_journal_sheet, accrual_lines_sheet, accrual_rules_sheet, accrual_summary_sheet
from exports.layout import Page, add_sheet, streamed_book


def accrual_workbook(stored: StoredAccrual, group: GroupTotal | None = None) -> bytes:
    """The workbook as the bytes of an XLSX file; its totals are formulas over its own rows.

    `group` are the totals in the group currency. Raises `LoyaltyPayError` where there is no room for temporary files.
    """
    buffer = io.BytesIO()
    with streamed_book() as book:
        _write(book, stored, group)
        book.save(buffer)
    return buffer.getvalue()


def _write(book: Workbook, stored: StoredAccrual, group: GroupTotal | None) -> None:
    page = Page(f"Accrual {stored.accrual.quarter}", stored.name)
    wide = Page(page.heading, page.batch, "landscape")
    summary = add_sheet(book, "Summary", accrual_summary_sheet.COLUMNS, wide)
    accrual_lines_sheet.add(book, stored.accrual, wide)
    accrual_journal_sheet.add(book, stored, wide)
    accrual_rules_sheet.add(book, stored, group, page)
    accrual_summary_sheet.write(summary, stored, group)
    book.properties.title = f"{page.heading}, {stored.accrual.as_of:%Y-%m-%d}"
    book.properties.subject = stored.name
    book.properties.creator = "Loyalty Pay"
    book.properties.created = stored.made_at.replace(tzinfo=None)
