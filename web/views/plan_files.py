"""Plans as YAML files: a version to take along, and a file that becomes a draft after its dry run."""

import io
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.errors import Problem, RefusedError
from comp.findings import Finding
from comp.plan import Plan
from comp.plan_documents import Document
from comp.roles import Permission
from comp.services import plan_editing, plans, uploads
from comp.uploads import Upload
from exports.documents import plan_yaml
from importers.documents import read_yaml
from importers.gate import check_size, looks_like_a_workbook
from web.access import route
from web.forms.plan_files import PlanFileForm
from web.state import account, engine, now

blueprint = Blueprint("plan_files", __name__)


@route(blueprint, "/plans/<version:version>/file", Permission.READ_PLANS)
def download(version: str) -> ResponseReturnValue:
    """A version as the YAML document that it is, the same bytes every time."""
    with reading(engine()) as session:
        plan = plans.find_plan(session, version).plan
    content, file_name = io.BytesIO(plan_yaml(plan).encode()), f"{plan.id}-{plan.starts}.yaml".replace("/", "-")
    return send_file(content, mimetype="application/yaml", as_attachment=True, download_name=file_name)


@route(blueprint, "/plans/from-file", Permission.WRITE_PLANS)
def choose() -> ResponseReturnValue:
    """The form for a file."""
    return render_template("plan_file.html", form=PlanFileForm())


@route(blueprint, "/plans/from-file", Permission.WRITE_PLANS, ("POST",))
def upload() -> ResponseReturnValue:
    """Keep a file that can be read as YAML, and show its dry run."""
    form = PlanFileForm()
    if not form.validate():
        return render_template("plan_file.html", form=form), 422
    kept = Upload(
        uploads.PLAN, form.file.data.filename or "plan.yaml", form.file.data.read(), {}, account().email, now()
    )
    try:
        _document(kept)
    except RefusedError as refused:
        form.file.errors = [str(refused), *map(str, refused.problems)]
        return render_template("plan_file.html", form=form), 422
    with writing(engine()) as session:
        upload_id = uploads.keep_upload(session, kept)
    return redirect(url_for("plan_files.look", upload_id=upload_id))


@dataclass(frozen=True, slots=True)
class _DryRun:
    """What a file would become: its plan where it is one, what is found in it, and what it would replace."""

    kept: Upload
    document: Document
    plan: Plan | None
    findings: list[Finding]


def _dry_run(upload_id: str) -> _DryRun:
    with reading(engine()) as session:
        kept = uploads.find_upload(session, upload_id, account().email, is_plan=True)
        document = _document(kept)
        return _DryRun(kept, document, *plans.read_checked(session, document))


def _document(kept: Upload) -> Document:
    """The document in a file. Raises `RefusedError` for what is too large, no text, or no mapping."""
    check_size(kept.content, kept.file_name)
    if looks_like_a_workbook(kept.content):
        raise RefusedError(
            f"{kept.file_name} is a workbook. A plan is a YAML document; download one to see how it looks."
        )
    document = read_yaml(kept.content, kept.file_name)
    if not isinstance(document, dict):
        why = "should be fields with values, such as id, name and starts"
        raise RefusedError(f"{kept.file_name} is not a plan.", [Problem(why)])
    return document


@route(blueprint, "/plans/from-file/<upload_id>", Permission.WRITE_PLANS)
def look(upload_id: str) -> ResponseReturnValue:
    """What a kept file would become, and everything that stands against it. Nothing is stored."""
    return render_template("plan_dry_run.html", run=_dry_run(upload_id), upload_id=upload_id)


@route(blueprint, "/plans/from-file/<upload_id>/accept", Permission.WRITE_PLANS, ("POST",))
def accept(upload_id: str) -> ResponseReturnValue:
    """Store a kept file as a draft. One that would take a stored draft's place does not."""
    run = _dry_run(upload_id)
    with writing(engine()) as session:
        plan = plan_editing.save(session, None, "", run.document, account().email, now())
        uploads.forget_upload(session, upload_id)
    flash(f"The draft of {plan.name} from {plan.starts} is stored. Submit it, so that somebody else can publish it.")
    return redirect(url_for("plans.show", name=plan.version))
