"""Guidance: what chance does to a plan's pay, unit by unit, and when it is sound to pay by surveys at all."""

from fractions import Fraction

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from comp.db import reading
from comp.guidance import MeasureGuidance, Spread
from comp.intervals import Interval
from comp.roles import Permission
from comp.services import plan_guidance, plans
from comp.versions import Version
from web.access import route
from web.charts import IntervalChart, interval_chart
from web.state import engine

blueprint = Blueprint("guidance", __name__)
_WIDTH = 220


@route(blueprint, "/plans/guidance", Permission.READ_PLANS)
def show() -> ResponseReturnValue:
    """The guidance for one version: the one asked for, else the last that is published, else the last of all."""
    with reading(engine()) as session:
        known = [version for versions in plans.list_versions(session).values() for version in versions]
        name = request.args.get("plan") or _usual(known)
        version = plans.find_plan(session, name) if name else None
        unit = request.args.get("unit", "")
        found = plan_guidance.guide_plan(session, version.plan, unit) if version else None
    drawn = [_drawn(each) for each in found.measures] if found else []
    return render_template("guidance.html", known=known, version=version, guidance=found, drawn=drawn)


def _usual(known: list[Version]) -> str:
    published = [version for version in known if version.is_published]
    return (published or known)[-1].plan.version if known else ""


def _drawn(measure: MeasureGuidance) -> list[IntervalChart]:
    """The ways to pay, one below the other on one scale."""
    top = max([1.5, *(variant.spread.high for variant in measure.variants)])
    return [_chart(variant.spread, top) for variant in measure.variants]


def _chart(spread: Spread, top: float) -> IntervalChart:
    mean, between = Fraction(spread.mean).limit_denominator(10_000), Interval(spread.low, spread.high)
    return interval_chart(mean, between, Fraction(1), (0.0, top), _WIDTH)
