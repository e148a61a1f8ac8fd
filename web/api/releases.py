"""Batches: what was released, their files byte for byte, and what payroll says it paid."""

import io
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, send_file, url_for
from pydantic import Field

from comp.db import Session, noting, reading
from comp.errors import Problem, RefusedError
from comp.paid_check import PaidAmount
from comp.releases import Confirmation, Followed, Release
from comp.services import confirmations, reads, releases
from comp.tokens import Scope
from importers.paid_amounts import read_paid_amount
from web.api.routing import Answer, once, operation
from web.api.shapes import Amount, Day, Moment, Named, QuarterText, Query, Sha256, Shape
from web.state import account, engine, now

blueprint = Blueprint("api_releases", __name__)


class BatchLine(Shape):
    """A batch, in a list."""

    release: str = Field(examples=["2026-Q2-B1"])
    quarter: QuarterText
    released_at: Moment
    released_by: str = Field(examples=["pia@company.example"])
    approved_by: str = Field(examples=["rui@company.example"])
    people: int = Field(examples=[182])
    lines: int = Field(examples=[190])
    pay_date: Day


class BatchList(Shape):
    """Batches, the newest first."""

    releases: list[BatchLine]


class BatchTotal(Shape):
    """What a batch pays in one currency: payroll holds its own sum against it."""

    people: int = Field(examples=[170])
    total: Amount


class FileShape(Shape):
    """A file of a batch. Its bytes never change."""

    layout: str = Field(examples=["adp-workforce-now"])
    name: str = Field(examples=["PRLISEPI.csv"])
    bytes: int = Field(examples=[7312])
    sha256: Sha256
    href: str = Field(examples=["/api/v1/releases/2026-Q2-B1/files/adp-workforce-now/PRLISEPI.csv"])


class DifferenceShape(Shape):
    """A payment that is not as the batch says; null is not there."""

    employee: str = Field(examples=["30417"])
    currency: str = Field(examples=["EUR"])
    pay_code: str | None = Field(examples=["LOYQ"])
    kind: str = Field(description="`missing`, `extra` or `other amount`.", examples=["other amount"])
    expected: Amount | None
    paid: Amount | None
    is_answered: bool = Field(description="Whether payroll said what became of it.")


class PaidShape(Shape):
    """What payroll said that it paid of a batch."""

    how: str = Field(description="`typed` or `file`.", examples=["file"])
    rows: int = Field(examples=[182])
    by: str = Field(examples=["pia@company.example"])
    at: Moment
    differences: list[DifferenceShape]


class BatchShape(BatchLine):
    """A batch with its control totals, hashes and files."""

    payroll_number: str
    content_sha256: Sha256
    employees_sha256: Sha256
    anchor: str = Field(description="The audit chain's head when it was released.", examples=["412 9f86d081884c7d65…"])
    totals: list[BatchTotal]
    files: list[FileShape]
    paid: PaidShape | None = Field(description="null until payroll said what it paid.")


class PaidLine(Shape):
    """What somebody was paid, under a pay code where the list names them."""

    employee: Named = Field(examples=["30417"])
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["EUR"])
    amount: str = Field(pattern=r"^-?[0-9]{1,15}(\.[0-9]{1,6})?$", examples=["1012.98"])
    pay_code: Named | None = Field(default=None, examples=["LOYQ"])


class PaidList(Shape):
    """Everything that payroll paid of a batch; several lines of one person add up."""

    amounts: list[PaidLine] = Field(min_length=1, max_length=500_000)


class BatchQuery(Query):
    """Of which quarter."""

    quarter: QuarterText | None = Field(default=None, description="Only those of one quarter.")


@operation(blueprint, "/releases", Scope.RELEASES_READ, query=BatchQuery, answer=BatchList)
def list_releases(query: BatchQuery) -> BatchList:
    """List batches."""
    with reading(engine()) as session:
        found = releases.list_releases(session)
    return BatchList(releases=[_line(each) for each in found if query.quarter in {None, str(each.quarter)}])


@operation(blueprint, "/releases/<release>", Scope.RELEASES_READ, answer=BatchShape, refusals=(404,))
def find_release(release: str) -> BatchShape:
    """Read a batch.

    With control totals, hashes, files and what was paid of it. Differences of others' pay that are told are kept in the
    audit chain.
    """
    with reading(engine()) as session:
        found = releases.find(session, account(), release)
        differences = confirmations.list_differences(session, [found])
        shape = _batch(session, found, differences)
    _note(found, differences)
    return shape


@operation(
    blueprint,
    "/releases/<release>/files/<layout>/<name>",
    Scope.RELEASES_READ,
    refusals=(404,),
    gives_file=True,
)
def take_file(release: str, layout: str, name: str) -> Response:
    """Take a file of a batch.

    The bytes that were released, whatever was changed since; hold their SHA-256 against the batch's. Each time is kept
    in the audit chain.
    """
    with reading(engine()) as session:
        found = releases.find(session, account(), release)
        contents = releases.load_files(session, found, layout, name)
    with noting(engine()) as session:
        about = f"payroll file {found.quarter} {layout}"
        reads.note_taken(session, account(), about, now(), batch=found.name, files=len(contents))
    kind = "application/octet-stream"
    return send_file(io.BytesIO(contents[name]), mimetype=kind, as_attachment=True, download_name=name)


@operation(
    blueprint,
    "/releases/<release>/paid",
    Scope.PAID_WRITE,
    "POST",
    body=PaidList,
    answer=PaidShape,
    status=201,
    refusals=(404, 422),
)
def confirm_paid(release: str, body: PaidList) -> Response:
    """Say what was paid of a batch.

    Once for each batch, whole: what payroll paid is held against the batch line by line, and every difference is told
    and kept until somebody answers it on a page. It closes nothing: a person closes the quarter.
    """
    paid = _read(body.amounts)

    def work(session: Session) -> Answer:
        found = releases.find(session, account(), release)
        made, _ = confirmations.confirm_file(session, account(), found, request.get_data(), paid, now())
        differences = confirmations.list_differences(session, [found])
        employees = {each.difference.key.employee for each in differences}
        reads.note_read(session, account(), found.quarter, employees, now())
        there = url_for("api_releases.find_release", release=found.name)
        return Answer(_paid(made, differences), 201, location=there)

    return once(work)


def _read(lines: Sequence[PaidLine]) -> list[PaidAmount]:
    """The amounts. Raises `RefusedError` with every one that cannot be."""
    found, problems = [], []
    for place, line in enumerate(lines):
        read = read_paid_amount(line.employee, line.currency, line.amount, line.pay_code)
        if isinstance(read, PaidAmount):
            found.append(read)
        else:
            column, why = read
            problems.append(Problem(why, where=f"amounts[{place}].{column}"))
    if problems:
        raise RefusedError("Nothing was stored. Mend the amounts and send them again.", problems)
    return found


def _note(found: Release, differences: Sequence[Followed]) -> None:
    employees = {each.difference.key.employee for each in differences}
    with noting(engine()) as session:
        reads.note_read(session, account(), found.quarter, employees, now())


def _line(each: Release) -> BatchLine:
    return BatchLine(**_head(each))


def _head(each: Release) -> dict[str, Any]:  # what both shapes have
    return {
        "release": each.name,
        "quarter": str(each.quarter),
        "released_at": f"{each.released_at:%Y-%m-%dT%H:%M:%SZ}",
        "released_by": each.released_by,
        "approved_by": each.approved_by,
        "people": each.people,
        "lines": each.lines,
        "pay_date": each.pay_date.isoformat(),
    }


def _batch(session: Session, found: Release, differences: Sequence[Followed]) -> BatchShape:
    said = confirmations.find_confirmation(session, found)
    return BatchShape(
        **_head(found),
        payroll_number=found.payroll_number,
        content_sha256=found.content_sha256,
        employees_sha256=found.employees_sha256,
        anchor=found.anchor,
        totals=[BatchTotal(people=people, total=Amount.of(total)) for people, total in releases.totals(session, found)],
        files=_files(session, found),
        paid=_paid(said, differences) if said else None,
    )


def _files(session: Session, found: Release) -> list[FileShape]:
    return [
        FileShape(
            layout=each.layout,
            name=each.name,
            bytes=each.size,
            sha256=each.sha256,
            href=url_for("api_releases.take_file", release=found.name, layout=each.layout, name=each.name),
        )
        for each in releases.list_files(session, found)
    ]


def _paid(said: Confirmation, differences: Sequence[Followed]) -> PaidShape:
    return PaidShape(
        how=said.how,
        rows=said.rows,
        by=said.by,
        at=f"{said.at:%Y-%m-%dT%H:%M:%SZ}",
        differences=[_difference(each) for each in differences],
    )


def _difference(each: Followed) -> DifferenceShape:
    key, expected, paid = each.difference.key, each.difference.expected, each.difference.paid
    return DifferenceShape(
        employee=key.employee,
        currency=key.currency,
        pay_code=key.pay_code,
        kind=each.difference.kind.value,
        expected=Amount.of(expected) if expected else None,
        paid=Amount.of(paid) if paid else None,
        is_answered=each.is_settled,
    )
