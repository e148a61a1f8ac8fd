"""The audit chain: what happened, newest first, and whether anything was touched."""

from tempfile import TemporaryFile

from flask import Blueprint, render_template, request, send_file
from flask.typing import ResponseReturnValue

from comp.chain import Sealed
from comp.db import noting, reading
from comp.roles import Permission
from comp.services import audit, reads
from exports.comma_separated import Field, write_rows
from web.access import route
from web.state import account, engine, now

blueprint = Blueprint("audit", __name__)
_LONGEST_SEARCH, _LAST_PAGE = 100, 1_000_000
_COLUMNS = ("entry", "at", "who", "what", "about", "details", "hash before", "hash")


@route(blueprint, "/audit", Permission.READ_AUDIT)
def index() -> str:
    """A page of entries, and with `prove` the proof of the whole chain."""
    search, page = _search(), request.args.get("page", 1, type=int)
    page = min(max(1, page), _LAST_PAGE)
    with reading(engine()) as session:
        entries = audit.search(session, search, page)
        verdict = audit.verify(session) if "prove" in request.args else None
        head = audit.head(session)
    return render_template(
        "audit.html", entries=entries, page=page, search=search, verdict=verdict, head=head, most=audit.PAGE
    )


@route(blueprint, "/audit/file", Permission.READ_AUDIT)
def extract() -> ResponseReturnValue:
    """Every entry that a search finds, or the whole chain, as a file; that it was taken is noted."""
    file = TemporaryFile()  # noqa: SIM115 - sent, and closed by whoever sends it
    with reading(engine()) as session:
        rows = write_rows(file, _COLUMNS, map(_row, audit.extract(session, _search())))
        found = audit.keyed(session, _search()) if _search() else ""
    with noting(engine()) as session:
        reads.note_taken(session, account(), "audit extract", now(), rows=rows, search=found)
    file.seek(0)
    name = f"audit-{now():%Y-%m-%d}.csv"
    return send_file(file, mimetype="text/csv", as_attachment=True, download_name=name)


def _search() -> str:
    return request.args.get("q", "")[:_LONGEST_SEARCH]


def _row(sealed: Sealed) -> tuple[Field, ...]:
    entry = sealed.entry
    at = f"{entry.at:%Y-%m-%dT%H:%M:%S.%fZ}"
    return entry.number, at, entry.actor, entry.action, entry.about, entry.details, sealed.previous, sealed.hash
