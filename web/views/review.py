"""The access review: who holds what, and why."""

import io

from flask import Blueprint, render_template, send_file
from flask.typing import ResponseReturnValue

from comp.db import noting, reading
from comp.roles import Permission
from comp.services import access, reads
from comp.services.access import Access
from exports.comma_separated import comma_separated
from web.access import route
from web.state import account, engine, now

blueprint = Blueprint("review", __name__)
_COLUMNS = ("account", "name", "employee", "holds", "why", "to consider")


@route(blueprint, "/access", Permission.REVIEW_ACCESS)
def index() -> ResponseReturnValue:
    """Every account with all that it holds."""
    return render_template("review.html", found=_found())


def _found() -> list[Access]:
    with reading(engine()) as session:
        return access.review(session, now())


@route(blueprint, "/access/file", Permission.REVIEW_ACCESS)
def download() -> ResponseReturnValue:
    """The same as a file: a row for each thing that is held."""
    rows = [
        (found.account.email, found.account.name, found.account.employee or "", what, why, " ".join(found.warnings))
        for found in _found()
        for what, why in [(each.what, each.why) for each in found.holds] or [("", "")]
    ]
    with noting(engine()) as session:
        reads.note_taken(session, account(), "access review", now(), rows=len(rows))
    content = io.BytesIO(comma_separated(_COLUMNS, rows))
    name = f"access-{now():%Y-%m-%d}.csv"
    return send_file(content, mimetype="text/csv", as_attachment=True, download_name=name)
