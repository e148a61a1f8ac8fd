"""Payouts: everybody's of a quarter, and one with the numbers that made it."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from comp.db import reading
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import payouts, quarters
from web.access import route
from web.addresses import chosen_quarter
from web.charts import waterfall_chart
from web.state import engine

blueprint = Blueprint("payouts", __name__)
_LONGEST_SEARCH, _LAST_PAGE = 100, 1_000_000


@route(blueprint, "/payouts", Permission.READ_PAYOUTS)
def index() -> ResponseReturnValue:
    """A page of a quarter's payouts; only the rows where htmx asks for them."""
    search, page = request.args.get("q", "")[:_LONGEST_SEARCH], request.args.get("page", 1, type=int)
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
        quarter = chosen_quarter(known)
        view = quarters.view_quarter(session, quarter) if quarter else None
        found = (
            payouts.list_payouts(session, view.run, search, min(max(1, page), _LAST_PAGE))
            if view and view.run
            else None
        )
        held = quarters.holds(session, view.run) if view and view.run else []
    template = "parts/payout_rows.html" if request.headers.get("HX-Request") else "payouts.html"
    return render_template(template, known=known, quarter=quarter, found=found, held=held, search=search)


@route(blueprint, "/payouts/<quarter:quarter>/<path:employee>", Permission.READ_PAYOUTS)
def show(quarter: Quarter, employee: str) -> ResponseReturnValue:
    """One person's payouts: as a waterfall, as a tree, down to the answers' counts."""
    with reading(engine()) as session:
        person = payouts.view_person(session, employee, quarter)
    charts = [waterfall_chart(view.steps) for view in person.payouts]
    return render_template("payout.html", person=person, drawn=charts, quarter=quarter)
