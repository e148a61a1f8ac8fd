"""The home page: how far the quarter has come, and what waits."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import (
    calculation,
    exchange,
    exclusions,
    forecasts,
    overview,
    payout_holds,
    plan_readers,
    plans,
    quarters,
    queries,
)
from comp.services.overview import UnitReading
from comp.services.quarters import Readiness
from comp.versions import Version
from web.access import route
from web.addresses import chosen_quarter
from web.calculating import calculate_and_store
from web.charts import IntervalChart, SparkLine, histogram, interval_chart, spark_line
from web.long_work import told
from web.starting import started
from web.state import account, engine, now

blueprint = Blueprint("home", __name__)
_ROOM = 15
"""How far, in points, the scale of the intervals goes beyond the scores."""


@route(blueprint, "/", Permission.SIGNED_IN)
def show() -> ResponseReturnValue:
    """A quarter at a glance; the first steps where there is none yet."""
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
        quarter = chosen_quarter(known)
        if quarter is None or Permission.READ_PAYOUTS not in account().permissions:
            asked = queries.count_waiting(session, account())
            ready, unread = _ready(session), _unread(session)
            return render_template("welcome.html", ready=ready, quarter=quarter, unread=unread, asked=asked)
        view = quarters.view_quarter(session, quarter)
        seen = overview.overview(session, account(), view.run, now()) if view.run else None
        metric, units = overview.unit_readings(session, account(), quarter, view.run)
        drafts = _drafts(session) if Permission.READ_PLANS in account().permissions else []
        proposals = exclusions.list_waiting(session, account())
        ready, unread = _ready(session), _unread(session)
        held_back = payout_holds.open_holds(session, quarter)
        asked = queries.count_waiting(session, account())
        paid = [each.total.amount for each in seen.paid] if seen else []
        group = exchange.group_total(session, quarter, paid)
        expected = forecasts.expected(session, account(), quarter, view.run)
    return render_template(
        "home.html",
        known=known,
        view=view,
        seen=seen,
        metric=metric,
        units=_drawn(units),
        drafts=drafts,
        proposals=proposals,
        ready=ready,
        unread=unread,
        held_back=held_back,
        asked=asked,
        expected=expected,
        group=group,
        spread=histogram(seen.spread) if seen else None,
    )


def _drawn(units: Sequence[UnitReading]) -> list[tuple[UnitReading, IntervalChart, SparkLine | None]]:
    """Each unit with its interval, all on one scale, and its trend."""
    scores = [float(unit.score) for unit in units] or [0.0]
    limits = min(scores) - _ROOM, max(scores) + _ROOM
    return [
        (unit, interval_chart(unit.score, unit.interval, unit.target, limits), spark_line(unit.history, unit.breaks))
        for unit in units
    ]


def _ready(session: Session) -> Readiness:
    return quarters.readiness(session, account(), now())


def _unread(session: Session) -> list[Version]:
    """The plans that pay whoever is asking and that they have not read."""
    own = plan_readers.own_plans(session, account(), now())
    return [each.version for each in own if each.read_at is None]


def _drafts(session: Session) -> list[Version]:
    found = plans.list_versions(session).values()
    return [version for versions in found for version in versions if version.is_open]


@route(blueprint, "/quarters/<quarter:quarter>/calculate", Permission.CALCULATE, ("POST",), fresh=True)
def calculate(quarter: Quarter) -> ResponseReturnValue:
    """Calculate a quarter at once, or as a job where it takes long; the run is the next of its quarter."""
    with reading(engine()) as session:
        takes_long = calculation.takes_long(session)
    if takes_long:
        return started("calculate", quarter=str(quarter))
    flash(told(*calculate_and_store(engine(), quarter, account().email, now())))
    return redirect(url_for("home.show", quarter=quarter))
