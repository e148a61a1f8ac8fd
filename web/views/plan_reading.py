"""Plans as people read them: the document that they receive, what differs between two, and who has read one."""

import io
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.roles import Permission
from comp.services import calculation, plan_readers, plans, reads
from comp.services.plan_readers import Readers
from exports.comma_separated import comma_separated
from web.access import route
from web.plan_charts import plan_charts
from web.plan_speech import PlanSpeech
from web.state import account, engine, now

blueprint = Blueprint("plan_reading", __name__)
_COLUMNS = ("plan", "pays from", "unit", "unit name", "employee", "name", "read at (UTC)")


@route(blueprint, "/plans/<version:name>/document", Permission.SIGNED_IN)
def document(name: str) -> ResponseReturnValue:
    """The plan document that people receive: for those whom it pays, and those who may read all plans."""
    with reading(engine()) as session:
        seen = plan_readers.find_document(session, account(), name)
        names = calculation.explainer(session).units
    plan = seen.version.plan
    return render_template(
        "plan_document.html", seen=seen, names=names, drawn=plan_charts(plan, names), say=PlanSpeech(plan, names)
    )


@route(blueprint, "/plans/<version:name>/read", Permission.SIGNED_IN, ("POST",))
def acknowledge(name: str) -> ResponseReturnValue:
    """Keep that whoever is asking has read the plan that pays them."""
    with writing(engine()) as session:
        seen = plan_readers.find_document(session, account(), name)
        plan_readers.acknowledge(session, account(), seen, request.form.get("document", ""), now())
    flash("Thank you. It is noted that you have read this plan.")
    return redirect(url_for("plan_reading.document", name=seen.version.plan.version))


@route(blueprint, "/plans/<version:name>/readers", Permission.SEE_READERS)
def readers(name: str) -> ResponseReturnValue:
    """Who of the people that one may see has read a plan, and who has not, by unit."""
    return render_template("plan_readers.html", found=_readers(name))


def _readers(name: str) -> Readers:
    with reading(engine()) as session:
        return plan_readers.list_readers(session, account(), name, now())


@route(blueprint, "/plans/<version:name>/readers/file", Permission.SEE_READERS)
def readers_file(name: str) -> ResponseReturnValue:
    """The same as a file: a row for each person."""
    found = _readers(name)
    plan = found.version.plan
    rows = [
        (
            plan.id,
            str(plan.starts),
            each.unit,
            each.unit_name,
            each.employee,
            each.name,
            f"{each.read_at:%Y-%m-%d %H:%M}" if each.read_at else "",
        )
        for each in found.everybody
    ]
    with writing(engine()) as session:
        reads.note_taken(session, account(), f"readers of plan {plan.version}", now(), rows=len(rows))
    content = io.BytesIO(comma_separated(_COLUMNS, rows))
    file_name = f"{plan.id}-{plan.starts}-readers.csv".replace("/", "-")
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name=file_name)


@route(blueprint, "/plans/compare", Permission.READ_PLANS)
def compare() -> ResponseReturnValue:
    """Two versions side by side, in words."""
    before, after = request.args.get("before", ""), request.args.get("after", "")
    with reading(engine()) as session:
        known = [version for versions in plans.list_versions(session).values() for version in versions]
        found = plans.compare(session, before, after) if before and after else None
    living = [version.plan for version in known if not version.is_over]
    parts = [(part, list(changes)) for part, changes in groupby(found[2] if found else (), key=lambda each: each.part)]
    return render_template("plan_compare.html", known=living, found=found, parts=parts, before=before, after=after)
