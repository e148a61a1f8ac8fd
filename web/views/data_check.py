"""The data check of a quarter: everything to be mended, decided or looked at before it pays."""

import io
from collections.abc import Iterable, Iterator

from flask import Blueprint, abort, render_template, request, send_file
from flask.typing import ResponseReturnValue

from comp.data_findings import TITLES, DataFinding
from comp.db import noting, reading
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import data_check, quarters, reads
from comp.services.data_check import CheckedQuarter
from comp.services.waivers import key_text
from exports.comma_separated import comma_separated
from web.access import route
from web.addresses import chosen_quarter
from web.data_check_view import chosen, finding_page, mend_link, read_asked
from web.state import account, engine, now

blueprint = Blueprint("data_check", __name__)
_PEOPLE = 100
_COLUMNS = (
    "severity",
    "check",
    "kind of place",
    "place",
    "name",
    "what",
    "what to do",
    "people",
    "held",
    "waiver",
    "employees",
)


@route(blueprint, "/check", Permission.READ_CHECKS)
def index() -> ResponseReturnValue:
    """What stands against a quarter, and what is worth a look."""
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
    return check_page(known, chosen_quarter(known))


def check_page(
    known: list[Quarter],
    quarter: Quarter | None,
    status: int = 200,
    problems: Iterable[str] = (),
    said: tuple[str, str] = ("", ""),
) -> ResponseReturnValue:
    """The page of a quarter. `said` is for which finding, or waiver, something was said that could not be taken."""
    if quarter is None:
        return render_template("data_check.html", checked=None, quarter=None, last=None, problems=())
    with reading(engine()) as session:
        checked = data_check.read_check(session, account(), quarter)
        last = data_check.last_counts(session, quarter)
    asked = read_asked(request.args)
    page = render_template(
        "data_check.html",
        known=known,
        quarter=quarter,
        checked=checked,
        last=last,
        asked=asked,
        found=finding_page(checked, asked),
        titles=TITLES,
        mend_link=mend_link,
        key_text=key_text,
        problems=list(problems),
        said=said,
    )
    return page, status


@route(blueprint, "/check/<quarter:quarter>/<finding>", Permission.READ_CHECKS)
def show(quarter: Quarter, finding: str) -> ResponseReturnValue:
    """The people whom one finding concerns, some at a time."""
    with reading(engine()) as session:
        checked = data_check.read_check(session, account(), quarter)
    found = checked.find(finding)
    if found is None:
        abort(404)
    pages = max(1, -(-len(found.people) // _PEOPLE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    people = found.people[(page - 1) * _PEOPLE : page * _PEOPLE]
    _note(quarter, (person.employee for person in people))
    return render_template(
        "data_check_people.html",
        quarter=quarter,
        finding=found,
        people=people,
        page=page,
        pages=pages,
        mend=mend_link(found.mend),
    )


def _note(quarter: Quarter, employees: Iterable[str]) -> None:
    """Note that something of others' pay is about to be shown. Where that cannot be noted, nothing of it is."""
    others = set(employees) - {account().employee}
    if others:
        with noting(engine()) as session:
            reads.note_read(session, account(), quarter, others, now())


@route(blueprint, "/check/<quarter:quarter>/file", Permission.READ_CHECKS)
def file(quarter: Quarter) -> ResponseReturnValue:
    """The findings that the page shows as a file, each with all whom it concerns."""
    with reading(engine()) as session:
        checked = data_check.read_check(session, account(), quarter)
    findings = chosen(checked, read_asked(request.args))
    people = {person.employee for finding in findings for person in finding.people}
    with noting(engine()) as session:
        reads.note_taken(session, account(), f"data check {quarter}", now(), rows=len(findings), people=len(people))
    content = io.BytesIO(comma_separated(_COLUMNS, _rows(checked, findings)))
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name=f"data-check-{quarter}.csv")


def _rows(checked: CheckedQuarter, findings: Iterable[DataFinding]) -> Iterator[tuple[str | int, ...]]:
    for finding in findings:
        waiver = checked.waivers.get(finding.id)
        decided = waiver.decision.outcome if waiver and waiver.decision else "asked for" if waiver else ""
        place, numbers = finding.place, " ".join(person.employee for person in finding.people)
        yield (
            finding.severity,
            finding.check,
            place.kind,
            place.key,
            place.name,
            finding.what,
            finding.change,
            len(finding.people),
            len(finding.held),
            str(decided),
            numbers,
        )
