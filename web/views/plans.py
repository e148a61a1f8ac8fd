"""Plans: the versions there are, one in plain words, its weightings in a form."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import Session, reading, writing
from comp.errors import ChangedError, Problem, RefusedError
from comp.explain_unit import UnitExplainer
from comp.figures import exact_text
from comp.findings import Finding
from comp.plan import Example
from comp.plan_life import Act, Standing, State, open_acts
from comp.roles import Permission
from comp.services import calculation, plans, quarters, relations
from comp.versions import Version
from web.access import route
from web.forms.plans import WeightingsForm, reweighed, share_name, weight_name, weightings_form
from web.plan_charts import plan_charts
from web.plan_speech import PlanSpeech
from web.state import account, engine, granted, now
from web.timeline import Timeline, timeline

blueprint = Blueprint("plans", __name__)


@dataclass(frozen=True, slots=True)
class _Row:
    """A plan in the list: its versions, and its time line where any of them lives."""

    versions: tuple[Version, ...]
    line: Timeline | None


@route(blueprint, "/plans", Permission.READ_PLANS)
def index() -> ResponseReturnValue:
    """Every plan with its versions, what waits for whoever is asking first."""
    with reading(engine()) as session:
        found = plans.list_versions(session)
        day = relations.today(session, now())
    standings = {each.id: each.standing(versions, day) for versions in found.values() for each in versions}
    chosen = request.args.get("state", "")
    counts = Counter(standings.values())
    rows = {
        plan: _Row(shown, timeline(shown, day))
        for plan, versions in found.items()
        if (shown := tuple(each for each in versions if _is_shown(standings[each.id], chosen)))
    }
    return render_template(
        "plans.html",
        plans=rows,
        standings=standings,
        waiting=list(_waiting(found.values())),
        chosen=chosen,
        counts={standing: counts[standing] for standing in Standing if counts[standing]},
    )


def _is_shown(standing: Standing, chosen: str) -> bool:
    return standing == chosen if chosen else standing is not Standing.DISCARDED


def _waiting(found: Iterable[Sequence[Version]]) -> Iterator[tuple[Version, str]]:
    """What whoever is asking may publish, and their own drafts."""
    for version in (each for versions in found for each in versions):
        acts = _open_acts(version)
        if Act.PUBLISH in acts:
            yield version, "publish or send back"
        elif Act.SUBMIT in acts and account().email in version.hands:
            yield version, "submit"


def _open_acts(version: Version) -> frozenset[Act]:
    return open_acts(version.state, version.hands, account().email, granted())


@route(blueprint, "/plans/<version:name>", Permission.READ_PLANS)
def show(name: str) -> ResponseReturnValue:
    """One version in plain words, with its curves, what the linter finds, what changes, and its history."""
    with reading(engine()) as session:
        version = plans.find_plan(session, name, request.args.get("of", ""))
        found = plans.view(session, version, now())
        names = calculation.explainer(session).units
    wrong = {each.name for each in version.plan.examples if any(_is_about(each, finding) for finding in found.findings)}
    return render_template(
        "plan.html",
        version=version,
        findings=found.findings,
        drawn=plan_charts(version.plan, names),
        names=names,
        say=PlanSpeech(version.plan, names),
        wrong=wrong,
        acts=_open_acts(version),
        used=found.is_used,
        standing=found.standing,
        until=found.until,
        earlier=found.earlier,
        differences=found.differences,
    )


def _is_about(example: Example, finding: Finding) -> bool:
    return finding.is_error and finding.problem.where == f"example {example.name!r}"


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
