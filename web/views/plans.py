"""Plans: the versions there are, one in plain words, its weightings in a form."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading, writing
from comp.errors import ChangedError, Problem, RefusedError
from comp.explain_unit import UnitExplainer
from comp.figures import exact_text
from comp.plan import Plan
from comp.plan_life import State, open_acts
from comp.roles import Permission
from comp.services import calculation, plans, quarters
from comp.versions import Version
from web.access import route
from web.charts import CurveChart, curve_chart
from web.forms.plans import WeightingsForm, reweighed, share_name, weight_name, weightings_form
from web.state import account, engine, granted, now

blueprint = Blueprint("plans", __name__)


@route(blueprint, "/plans", Permission.READ_PLANS)
def index() -> ResponseReturnValue:
    """Every plan with its versions."""
    with reading(engine()) as session:
        found = plans.list_versions(session)
    return render_template("plans.html", plans=found)


@route(blueprint, "/plans/<version:name>", Permission.READ_PLANS)
def show(name: str) -> ResponseReturnValue:
    """One version in plain words, with its curves and what the linter finds."""
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
        findings = plans.check_plan(session, version.plan)
        teller = calculation.explainer(session).units
        used = plans.is_used(session, version)
    charts = _charts(version.plan, dict(teller.directions()))
    acts = open_acts(version.state, version.hands, account().email, granted())
    return render_template(
        "plan.html", version=version, findings=findings, drawn=charts, names=teller, acts=acts, used=used
    )


def _charts(plan: Plan, better: dict[str, str]) -> dict[tuple[str, int], CurveChart]:
    return {
        (component.id, place): curve_chart(measure.curve, better.get(measure.reading.metric, "higher"))
        for component in plan.components
        for place, measure in enumerate(component.measures)
    }


@route(blueprint, "/plans/<version:name>/weightings", Permission.WRITE_PLANS)
def weigh(name: str) -> ResponseReturnValue:
    """The form with the shares and weights of a version."""
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
        starts = _next_start(version, session)
        names = calculation.explainer(session).units
    return _weightings(version, names, weightings_form(version, names, starts))


def _next_start(version: Version, session: Session) -> date:
    """A draft keeps its start; after another version comes the next quarter that is not calculated."""
    if version.state is State.DRAFT:
        return version.plan.starts
    return quarters.next_open_start(session, version.plan.starts)


def _weightings(version: Version, names: UnitExplainer, form: WeightingsForm, problems: Iterable[Problem] = ()) -> str:
    return render_template(
        "weightings.html",
        version=version,
        names=names,
        form=form,
        problems=problems,
        share_name=share_name,
        weight_name=weight_name,
        exact=exact_text,
    )


@route(blueprint, "/plans/<version:name>/weightings", Permission.WRITE_PLANS, ("POST",))
def save_weightings(name: str) -> ResponseReturnValue:
    """Store what the form states as a draft; where it cannot pay anybody, say why at the fields."""
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
        names = calculation.explainer(session).units
    form = weightings_form(version, names, version.plan.starts)
    if not form.validate():
        return _weightings(version, names, form), 422
    try:
        with writing(engine()) as session:
            seen = plans.require_unchanged(session, version.plan.version, form.seen.data or "")
            plan = plans.save_reweighed(session, seen, reweighed(version.plan, form), account().email, now())
    except RefusedError as refused:
        form.form_errors.append(str(refused))
        status = 409 if isinstance(refused, ChangedError) else 422
        return _weightings(version, names, form, refused.problems), status
    flash(f"The draft of {plan.name} from {plan.starts} is stored. Submit it, so that somebody else can publish it.")
    return redirect(url_for("plans.show", name=plan.version))
