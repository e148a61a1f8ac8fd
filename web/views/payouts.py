"""Payouts: those of a quarter that one may see, and one with the numbers that made it."""

from collections.abc import Iterable

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from comp.db import Session, noting, reading
from comp.periods import Quarter
from comp.results import Hold
from comp.roles import Permission
from comp.services import delegations, payouts, quarters, queries, reads
from comp.services.payouts import PayoutPage
from web.access import route
from web.addresses import chosen_quarter
from web.charts import waterfall_chart
from web.state import account, engine, now

blueprint = Blueprint("payouts", __name__)
_LONGEST_SEARCH, _LAST_PAGE = 100, 1_000_000


@route(blueprint, "/payouts", Permission.LIST_PAYOUTS)
def index() -> ResponseReturnValue:
    """A page of a quarter's payouts; only the rows where htmx asks for them."""
    search = request.args.get("q", "")[:_LONGEST_SEARCH]
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
        quarter = chosen_quarter(known)
        found, held = _found(session, quarter, search) if quarter else (None, [])
        stood_in_for = delegations.list_delegations(session, account(), now()).taken
    if quarter and found:
        _note(quarter, [*(row.employee for row in found.rows), *(hold.employee for hold in held)])
    template = "parts/payout_rows.html" if request.headers.get("HX-Request") else "payouts.html"
    return render_template(
        template, known=known, quarter=quarter, found=found, held=held, search=search, stood_in_for=stood_in_for
    )


def _found(session: Session, quarter: Quarter, search: str) -> tuple[PayoutPage | None, list[Hold]]:
    run = quarters.view_quarter(session, quarter).run
    if run is None:
        return None, []
    page = min(max(1, request.args.get("page", 1, type=int)), _LAST_PAGE)
    held = payouts.list_holds(session, account(), run, now())
    return payouts.list_payouts(session, account(), run, search, page, now()), held


def _note(quarter: Quarter, employees: Iterable[str]) -> None:
    """Note that payouts of others are about to be shown. Where that cannot be noted, the page shows nothing of them."""
    others = set(employees) - {account().employee}
    if others:
        with noting(engine()) as session:
            reads.note_read(session, account(), quarter, others, now())


@route(blueprint, "/payouts/<quarter:quarter>/<path:employee>", Permission.SIGNED_IN)
def show(quarter: Quarter, employee: str) -> ResponseReturnValue:
    """One person's payouts: as a waterfall, as a tree, down to the answers' counts."""
    with reading(engine()) as session:
        person = payouts.view_person(session, account(), employee, quarter, now())
        asked = queries.of_payout(session, account(), quarter, employee, now())
    _note(quarter, [employee])
    charts = [waterfall_chart(view.steps) for view in person.payouts]
    may_ask = queries.may_ask(account(), employee)
    return render_template("payout.html", person=person, drawn=charts, quarter=quarter, asked=asked, may_ask=may_ask)
