"""What-if: sliders on a version against a quarter, what they cost, and scenarios that are kept of it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, noting, reading, writing
from comp.errors import ChangedError, RefusedError
from comp.explain_unit import UnitExplainer
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import calculation, plans, quarters, reads, scenarios, whatif
from comp.services.whatif import Trial
from comp.versions import Version
from comp.whatif import Estimate
from comp.whatif_goal import Sought
from comp.whatif_position import balanced, position_problems, turned
from web.access import route
from web.addresses import chosen_quarter
from web.forms.whatif import DraftForm, KeepForm, Panel, query_of, read_panel
from web.state import account, engine, now
from web.whatif_view import band_rows, currency_views, spread

blueprint = Blueprint("whatif", __name__)
_LOOKED_AT = 8


@route(blueprint, "/plans/<version:name>/what-if", Permission.TRY_PLANS)
def show(name: str) -> ResponseReturnValue:
    """The sliders of a version with what they cost; only the estimate, or what lies deeper, where htmx asks for it."""
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
        names = calculation.explainer(session).units
        known = quarters.known_quarters(session)
        quarter = _quarter(session, known)
        panel = read_panel(version.plan, names, request.args)
        trial = _trial(session, version, quarter, panel)
        starts = _next_start(session, version)
    return _page(version, names, panel, trial, known=known, quarter=quarter, starts=starts)


def _quarter(session: Session, known: list[Quarter]) -> Quarter | None:
    """The quarter that the address or the form names, else the latest that was calculated, else the latest known."""
    if request.args.get("quarter") or not known:
        return chosen_quarter(known)
    if request.form.get("quarter"):
        return next((each for each in known if str(each) == request.form["quarter"]), known[0])
    calculated = (each for each in known[:_LOOKED_AT] if quarters.view_quarter(session, each).run)
    return next(calculated, known[0])


def _trial(session: Session, version: Version, quarter: Quarter | None, panel: Panel) -> Trial | None:
    if quarter is None or panel.errors:
        return None
    return whatif.try_plan(session, account(), version.plan, panel.position, quarter)


def _next_start(session: Session, version: Version) -> date:
    """A draft keeps its start; after a published version comes the next quarter that is not calculated."""
    if not version.is_published:
        return version.plan.starts
    return quarters.next_open_start(session, version.plan.starts)


def _page(
    version: Version, names: UnitExplainer, panel: Panel, trial: Trial | None, status: int = 200, **more: object
) -> ResponseReturnValue:
    asked = request.args.get("deep") == "yes"
    estimate = trial.estimate if trial else None
    wants_band = trial is not None and not trial.is_large
    depth = whatif.look_deeper(trial, with_band=wants_band) if trial and estimate and asked else None
    is_part = bool(request.headers.get("HX-Request"))
    if trial and estimate and not (is_part and asked):
        _note(trial.quarter, estimate)
    shown = "whatif" if not is_part else "parts/whatif_depth" if asked else "parts/whatif_estimate"
    sought = (
        whatif.seek_goal(trial, panel.goal, panel.budget)
        if trial and estimate and panel.goal and panel.budget
        else None
    )
    page = render_template(
        f"{shown}.html",
        sought=sought,
        there=_there(version, panel, trial, sought),
        version=version,
        names=names,
        panel=panel,
        trial=trial,
        estimate=estimate,
        views=currency_views(estimate, panel.budget) if estimate else [],
        spread=spread(estimate) if estimate else None,
        depth=depth,
        bands=band_rows(depth) if depth else [],
        **{"words": (), "draft": DraftForm(data=_draft_data(version, more)), "keep": KeepForm(), **more},
    )
    return page, status


def _there(version: Version, panel: Panel, trial: Trial | None, sought: Sought | None) -> dict[str, str]:
    """Where a link puts the sliders: where a goal was met, or where shares and weights make a whole again."""
    if panel.errors or trial is None:
        return {}
    more = sought.position if sought else None
    position = panel.position.then(more) if more else balanced(version.plan, panel.position)
    if position_problems(turned(version.plan, position)):
        return {}
    return {**query_of(version.plan, position), **panel.aim}


def _draft_data(version: Version, more: Mapping[str, object]) -> dict[str, object]:
    return {"seen": version.fingerprint, "starts": more.get("starts")}


def _note(quarter: Quarter, estimate: Estimate) -> None:
    """Note whose pay is shown by name, in a transaction of its own: what was read kept no writer waiting."""
    named = {mover.employee for moved in estimate.moves.values() for mover in moved.largest}
    if named - {account().employee}:
        with noting(engine()) as session:
            reads.note_read(session, account(), quarter, named, now())


@route(blueprint, "/plans/<version:name>/what-if/draft", Permission.WRITE_PLANS, ("POST",))
def save_draft(name: str) -> ResponseReturnValue:
    """Store the version with the sliders where they stand as a draft."""
    form = DraftForm()
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
        panel = read_panel(version.plan, calculation.explainer(session).units, request.form)
    if not form.validate() or panel.errors or form.starts.data is None:
        return _again(version, panel, [*_messages(form), *panel.errors], draft=form)
    try:
        with writing(engine()) as session:
            seen = plans.require_unchanged(session, version.plan.version, form.seen.data or "")
            tried = replace(turned(version.plan, panel.position), starts=form.starts.data)
            plan = plans.save_reweighed(session, seen, tried, account().email, now())
    except RefusedError as refused:
        words = [str(refused), *(str(problem) for problem in refused.problems)]
        return _again(version, panel, words, 409 if isinstance(refused, ChangedError) else 422, draft=form)
    flash(f"The draft of {plan.name} from {plan.starts} is stored with these values.")
    return redirect(url_for("plans.show", name=plan.version))


def _messages(form: DraftForm | KeepForm) -> list[str]:
    return [message for field in form for message in field.errors]


@route(blueprint, "/plans/<version:name>/what-if/keep", Permission.KEEP_SCENARIOS, ("POST",))
def keep(name: str) -> ResponseReturnValue:
    """Keep a what-if under a name, with what it comes to."""
    form = KeepForm()
    with reading(engine()) as session:
        version = plans.find_plan(session, name)
        panel = read_panel(version.plan, calculation.explainer(session).units, request.form)
        quarter = _quarter(session, quarters.known_quarters(session))
        trial = _trial(session, version, quarter, panel)
    if not form.validate() or trial is None:
        return _again(version, panel, [*_messages(form), *panel.errors], keep=form)
    try:
        with writing(engine()) as session:
            kept = scenarios.keep(session, account(), form.called.data or "", trial, panel.position, now())
    except RefusedError as refused:
        return _again(version, panel, [str(refused), *(str(each) for each in refused.problems)], keep=form)
    flash(f"{kept.name} is kept. It never changes.")
    return redirect(url_for("whatif.index"))


def _again(version: Version, panel: Panel, words: list[str], status: int = 422, **form: object) -> ResponseReturnValue:
    """The page as it was, with what stands against it."""
    with reading(engine()) as session:
        names = calculation.explainer(session).units
        known = quarters.known_quarters(session)
        quarter = _quarter(session, known)
        trial = _trial(session, version, quarter, panel)
        starts = _next_start(session, version)
    return _page(version, names, panel, trial, status, known=known, quarter=quarter, starts=starts, words=words, **form)


@route(blueprint, "/what-if", Permission.TRY_PLANS)
def index() -> ResponseReturnValue:
    """Every scenario that is kept, in one table."""
    with reading(engine()) as session:
        found = scenarios.list_scenarios(session, account())
        names = calculation.explainer(session).units
    return render_template("scenarios.html", scenarios=found, names=names)


@route(blueprint, "/what-if/<int:scenario>/forget", Permission.KEEP_SCENARIOS, ("POST",))
def forget(scenario: int) -> ResponseReturnValue:
    """Forget a scenario of one's own."""
    with writing(engine()) as session:
        gone = scenarios.forget(session, account(), scenario, now())
    flash(f"{gone.name} is forgotten.")
    return redirect(url_for("whatif.index"))
