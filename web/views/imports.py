"""Files in: upload, dry run, acceptance, and what was taken in before."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import reading, writing
from comp.roles import Permission
from comp.services import imports, uploads, withdrawals
from comp.uploads import Upload
from importers.canonical import OPTIONAL, REQUIRED
from web.access import route
from web.forms.imports import KINDS, UploadForm
from web.intake import accept_upload, read_upload, words_of
from web.starting import started
from web.state import account, engine, now, state

blueprint = Blueprint("imports", __name__)
_SHOWN = 200
_MEGABYTE = 1_000_000
LARGE = 5 * _MEGABYTE
"""A file of more bytes is taken in by a worker."""


@route(blueprint, "/imports", Permission.READ_IMPORTS)
def index() -> ResponseReturnValue:
    """The form for a file, of the kind that the address may name, and the history."""
    return _index(UploadForm(formdata=None, kind=request.args.get("kind")))


def _index(form: UploadForm) -> ResponseReturnValue:
    with reading(engine()) as session:
        batches = uploads.recent_batches(session)
        withdrawn = withdrawals.withdrawals_of(session, batches)
    columns = {kind: (REQUIRED[kind], OPTIONAL.get(kind, ())) for kind in REQUIRED}
    most = state().settings.largest_upload // _MEGABYTE
    page = render_template(
        "imports.html", form=form, batches=batches, withdrawn=withdrawn, kinds=KINDS, columns=columns, most=most
    )
    return page, 422 if form.errors else 200


@route(blueprint, "/imports", Permission.IMPORT, ("POST",))
def upload() -> ResponseReturnValue:
    """Keep a file and show its dry run."""
    form = UploadForm()
    if not form.validate_on_submit():
        return _index(form)
    told = {"unit": form.unit.data or "", "date_order": form.date_order.data or "", **_columns(form)}
    kept = Upload(
        kind=form.kind.data,
        file_name=form.file.data.filename or "file",
        content=form.file.data.read(),
        options=told,
        uploaded_by=account().email,
        uploaded_at=now(),
    )
    with writing(engine()) as session:
        upload_id = uploads.keep_upload(session, kept)
    return redirect(url_for("imports.look", upload_id=upload_id))


def _columns(form: UploadForm) -> dict[str, str]:
    return {f"column:{column}": field for column, field in form.mapping().items()}


@route(blueprint, "/imports/<upload_id>", Permission.IMPORT)
def look(upload_id: str) -> ResponseReturnValue:
    """The dry run of a kept file: what it would change, and everything that stands against it."""
    with reading(engine()) as session:
        kept = uploads.find_upload(session, upload_id, account().email)
    intake = read_upload(engine(), kept)
    with reading(engine()) as session:
        seen = imports.dry_run(session, intake)
    return render_template("dry_run.html", upload=kept, seen=seen, kinds=KINDS, shown=_SHOWN)


@route(blueprint, "/imports/<upload_id>/accept", Permission.IMPORT, ("POST",))
def accept(upload_id: str) -> ResponseReturnValue:
    """Take a kept file in, whole; a large one is left to a worker."""
    with reading(engine()) as session:
        kept = uploads.find_upload(session, upload_id, account().email)
    if len(kept.content) > LARGE:
        return started("import", upload=upload_id)
    seen = accept_upload(engine(), kept, now())
    if not seen.is_acceptable:
        return redirect(url_for("imports.look", upload_id=upload_id))
    flash(words_of(kept, seen))
    return redirect(url_for("imports.index"))


@route(blueprint, "/imports/<upload_id>/put-aside", Permission.IMPORT, ("POST",))
def put_aside(upload_id: str) -> ResponseReturnValue:
    """Forget a kept file."""
    with writing(engine()) as session:
        uploads.find_upload(session, upload_id, account().email)
        uploads.forget_upload(session, upload_id)
    flash("The file was put aside; nothing was stored.")
    return redirect(url_for("imports.index"))
