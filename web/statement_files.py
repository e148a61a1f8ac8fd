"""Statements as files: one, and all of a quarter in one ZIP, made for a person or by a job."""

from comp.services.statements import Statement
from web import paper
from web.charts import Waterfall, waterfall_chart

_TEMPLATE = "statement_paper.html"


def drawings(view: Statement) -> list[Waterfall | None]:
    """The waterfall of each payout of a statement; None where only a correction is paid."""
    return [waterfall_chart(pay.steps) if pay.steps else None for pay in view.pays]


def statement_file(view: Statement, locale: str | None, address: str) -> tuple[bytes, str]:
    """A statement as a PDF, or as a page that stands by itself, with the end of its name.

    `address` is where the application is; empty where nobody told it its own.
    """
    where = f"{address}/statements/{view.quarter}/{quote(view.employee, safe='')}" if address else ""
    return paper.made(_TEMPLATE, locale, view=view, drawn=drawings(view), address=where)
