"""Units' scores with count and interval."""

from collections.abc import Collection

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from comp.db import Session, reading
from comp.errors import RefusedError
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import quarters, queries, relations, scoreboard
from comp.services.scoreboard import ScoreLine
from web.access import route
from web.addresses import chosen_quarter
from web.charts import IntervalChart, interval_chart
from web.state import account, engine

blueprint = Blueprint("scores", __name__)


@route(blueprint, "/scores", Permission.READ_SCORES)
def index() -> ResponseReturnValue:
    """Every unit's scores of a quarter, metric by metric."""
    with reading(engine()) as session:
        known = quarters.known_quarters(session)
        quarter = chosen_quarter(known)
        lines = _lines(session, quarter) if quarter else []
        led = relations.units_led(session, account())
    metrics = list({line.metric.id: line.metric for line in lines}.values())
    tables = [(metric, _parts([line for line in lines if line.metric.id == metric.id], led)) for metric in metrics]
    may_ask = queries.may_ask(account(), None)
    return render_template("scores.html", known=known, quarter=quarter, tables=tables, leads=bool(led), may_ask=may_ask)


def _lines(session: Session, quarter: Quarter) -> list[ScoreLine]:
    try:
        return scoreboard.scoreboard(session, quarter)
    except RefusedError:
        return []


Drawn = list[tuple[ScoreLine, IntervalChart | None]]


def _parts(lines: list[ScoreLine], led: Collection[str]) -> list[tuple[bool, Drawn]]:
    """A metric's lines: first those of units that the reader answers for, then all others; no part without any."""
    drawn = _with_charts(lines)
    parts = [(own, [pair for pair in drawn if (pair[0].unit in led) is own]) for own in (True, False)]
    return [(own, part) for own, part in parts if part]


def _with_charts(lines: list[ScoreLine]) -> Drawn:
    """Each line with its interval, all of a metric on one scale."""
    ends = [end for line in lines if line.interval for end in line.interval]
    if not ends:
        return [(line, None) for line in lines]
    limits = min(ends), max(ends)
    return [
        (line, interval_chart(line.score.value, line.interval, None, limits, 160) if line.interval else None)
        for line in lines
    ]
