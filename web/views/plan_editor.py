"""The plan editor: a whole plan in one form, from nothing or from a version; rows come and go with nothing saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import Field, Form

from comp.curves import Curve
from comp.db import reading, writing
from comp.documents import Fields
from comp.errors import ChangedError, Problem, RefusedError
from comp.findings import Finding
from comp.plan_changes import changes
from comp.plan_documents import Document, read_plan, write_plan
from comp.plan_life import State
from comp.roles import Permission
from comp.rule_changes import Change
from comp.rule_documents import read_curve
from comp.services import calculation, plan_editing, plans, quarters
from comp.services.plan_editing import Choices
from comp.shares import scale, spread
from comp.versions import Version
from web.access import route
from web.charts import CurveChart, curve_chart
from web.forms.numbers import PercentField
from web.forms.plan_editor import NEW_PLAN, NEW_ROWS, CurveForm, PlanForm, field_at, offer, parts_of, prototypes
from web.forms.plan_fields import document_of, form_data
from web.forms.rows import Row, RowsField, find_rows, plain_fields, rows_fields
from web.state import account, engine, now

blueprint = Blueprint("plan_editor", __name__)
_PARTS = {"components": "share", "measures": "weight", "touchpoints": "share"}


@dataclass(slots=True)
class Draft:
    """A plan while it is edited: the form, the version that it was made of, and what is to be said about it."""

    form: PlanForm
    choices: Choices
    version: Version | None = None
    findings: list[Finding] | None = None
    problems: list[tuple[str, str, str]] = field(default_factory=list)
    differs: tuple[Change, ...] = ()
    stored: str = ""


@route(blueprint, "/plans/new", Permission.WRITE_PLANS)
def new() -> ResponseReturnValue:
    """The editor with a plan that has nothing yet but one part."""
    with reading(engine()) as session:
        choices = plan_editing.choices(session)
    return _page(Draft(PlanForm(formdata=None, data={**NEW_PLAN, "seen": ""}), choices))


@route(blueprint, "/plans/new", Permission.WRITE_PLANS, ("POST",))
def create() -> ResponseReturnValue:
    """Change the rows of a plan that is not stored yet, check it, or store it as a draft."""
    with reading(engine()) as session:
        draft = Draft(PlanForm(), plan_editing.choices(session))
    return _answer(draft)


@route(blueprint, "/plans/<version:version>/edit", Permission.WRITE_PLANS)
def edit(version: str) -> ResponseReturnValue:
    """The editor with a version; one that is not a draft gives a draft with the next start that is open."""
    with reading(engine()) as session:
        found = plans.find_plan(session, version)
        choices, findings = plan_editing.choices(session), plans.check_plan(session, found.plan)
        data = {**form_data(write_plan(found.plan)), "seen": found.fingerprint}
        if found.state is not State.DRAFT:
            data["starts"] = str(quarters.next_open_start(session, found.plan.starts))
    return _page(Draft(PlanForm(formdata=None, data=data), choices, found, findings))


@route(blueprint, "/plans/<version:version>/edit", Permission.WRITE_PLANS, ("POST",))
def change(version: str) -> ResponseReturnValue:
    """Change the rows of a version in the form, check it, or store it as a draft."""
    with reading(engine()) as session:
        draft = Draft(PlanForm(), plan_editing.choices(session), plans.find_plan(session, version))
    return _answer(draft)


def _answer(draft: Draft) -> ResponseReturnValue:
    """Do what the button that was pressed says; none is the one that saves."""
    do, _, about = request.form.get("do", "save").partition(":")
    acts = {"add": _add, "remove": _remove, "spread": _share_out, "scale": _share_out, "pays": _work_out}
    if do in acts:
        acts[do](draft, about)
        return _page(draft)
    document = _document(draft)
    if draft.problems:
        return _page(draft), 422
    if do == "check":
        with reading(engine()) as session:
            _, draft.findings = plans.read_checked(session, document)
        _point_at(draft, draft.findings)
        return _page(draft)
    return _save(draft, document, request.form.get("stored", "") if do == "over" else draft.form.seen.data or "")


def _save(draft: Draft, document: Document, seen: str) -> ResponseReturnValue:
    try:
        with writing(engine()) as session:
            plan = plan_editing.save(session, draft.version, seen, document, account().email, now())
    except ChangedError as changed:
        return _told_of_change(draft, document, changed), 409
    except RefusedError as refused:
        with reading(engine()) as session:
            _, draft.findings = plans.read_checked(session, document)
        if refused.problems:
            _point_at(draft, draft.findings)
        else:
            draft.problems.append(("", "", str(refused)))
        return _page(draft), 422
    flash(f"The draft of {plan.name} from {plan.starts} is stored. Submit it, so that somebody else can publish it.")
    return redirect(url_for("plans.show", name=plan.version))


def _told_of_change(draft: Draft, document: Document, changed: ChangedError) -> str:
    """The form as it was typed, with who was faster, and in what the stored version differs from what is typed."""
    draft.problems.append(("", "", str(changed)))
    if draft.version:
        with reading(engine()) as session:
            found = plans.find_plan(session, draft.version.plan.version)
            names = calculation.explainer(session).units
        plan, _ = read_plan(document)
        draft.differs = changes(found.plan, plan, names) if plan else ()
        draft.stored = found.fingerprint
    return _page(draft)


def _document(draft: Draft) -> Document:
    """The document that the form states; what cannot be read stands at its field and among the problems."""
    draft.form.validate()
    for each in plain_fields(draft.form):
        for message in each.errors if not isinstance(each, RowsField) else each.process_errors:
            draft.problems.append((_id(each), each.label.text, str(message)))
    document, problems = document_of(draft.form.data)
    for problem in problems:
        _note(draft, problem.where, problem.why)
    return document


def _point_at(draft: Draft, findings: Iterable[Finding]) -> None:
    for finding in findings:
        if finding.is_error:
            _note(draft, finding.path, f"{finding.what} {finding.change}".strip())


def _note(draft: Draft, path: str, why: str) -> None:
    """Put a problem at its field, and into the summary with a link to it."""
    found = field_at(draft.form, path)
    if found is None:
        draft.problems.append(("", path, why))
        return
    found.errors = [*found.errors, why]
    draft.problems.append((_id(found), found.label.text, why))


def _id(found: object) -> str:
    return str(getattr(found, "id", ""))


def _add(draft: Draft, name: str) -> None:
    rows = find_rows(draft.form, name)
    if rows is not None:
        rows.add(NEW_ROWS.get(rows.short_name, {}))


def _remove(draft: Draft, about: str) -> None:
    name, _, row = about.rpartition(".")
    rows = find_rows(draft.form, name)
    if rows is not None:
        rows.remove(row)


def _share_out(draft: Draft, name: str) -> None:
    """Give away what is left of 100 %, or scale what is there; what cannot be read stays as it was typed."""
    do = scale if request.form["do"].startswith("scale") else spread
    fields, fixed = _shared(draft.form, name)
    if not draft.form.validate() and any(each.errors for each in [*fields, *fixed]):
        return
    parts = do([_ratio(each) for each in fields], sum((_ratio(each) for each in fixed), Fraction(0)))
    for each, part in zip(fields, parts, strict=True):
        each.show(part)


def _shared(form: PlanForm, name: str) -> tuple[list[PercentField], list[PercentField]]:
    """The percentages that make one whole, and those that it does not touch."""
    if name == "quarters":
        return _percents(form[quarter] for quarter in ("Q1", "Q2", "Q3", "Q4")), []
    rows = find_rows(form, name)
    part = _PARTS.get(rows.short_name) if rows else None
    fields = _percents(row.form[part] for row in rows) if rows and part else []
    return fields, _percents([form["elsewhere"]] if name == "components" else [])


def _percents(fields: Iterable[Field]) -> list[PercentField]:
    return [each for each in fields if isinstance(each, PercentField)]


def _ratio(percent: PercentField) -> Fraction:
    return Fraction(percent.data or "0") / 100


def _work_out(draft: Draft, name: str) -> None:
    """Fill in what the plan pays in a worked example."""
    document = _document(draft)
    examples = draft.form["examples"]
    found = [row for row in examples if f"examples.{row.id}" == name]
    if draft.problems or not found:
        return
    place = examples.entries.index(found[0])
    with reading(engine()) as session:
        pays, findings = plan_editing.pays(session, document, place)
    _point_at(draft, findings)
    if pays is not None:
        found[0].form["pays"].show_plain(pays)


def _page(draft: Draft) -> str:
    offer(draft.form, draft.choices.metrics, parts_of(draft.form))
    empty = dict(prototypes())
    for row in empty.values():
        offer(row.form, draft.choices.metrics, parts_of(draft.form))
    return render_template(
        "plan_editor.html",
        draft=draft,
        form=draft.form,
        version=draft.version,
        choices=draft.choices,
        empty=empty,
        drawn=_drawn(draft.form, draft.choices.better),
    )


def _drawn(form: Form, better: Mapping[str, str]) -> dict[str, CurveChart]:
    """The curves that can be drawn, by the names of their lists of points."""
    found = {}
    for rows in rows_fields(form):
        for row in rows if issubclass(rows.row, CurveForm) else ():
            curve = _curve(row)
            if curve is not None:
                found[row.form["points"].name] = curve_chart(curve, better.get(row.form["metric"].data, "higher"))
    return found


def _curve(row: Row) -> Curve | None:
    """The curve of a row; None where it cannot be drawn as it stands."""
    problems: list[Problem] = []
    document, _ = document_of({"modifiers": [row.form.data]})
    modifiers = document.get("modifiers")
    stated = modifiers[0].get("curve") if isinstance(modifiers, list) else None
    curve = read_curve(Fields(stated, problems))
    xs = [x for x, _ in curve.points]
    return curve if not problems and len(set(xs)) == len(xs) and (len(xs) > 1 or not curve.extends) else None
