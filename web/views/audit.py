"""The audit chain: what happened, newest first, and whether anything was touched."""

from flask import Blueprint, render_template, request

from comp.db import reading
from comp.roles import Permission
from comp.services import audit
from web.access import route
from web.state import engine

blueprint = Blueprint("audit", __name__)
_LONGEST_SEARCH, _LAST_PAGE = 100, 1_000_000


@route(blueprint, "/audit", Permission.READ_AUDIT)
def index() -> str:
    """A page of entries, and with `prove` the proof of the whole chain."""
    search, page = request.args.get("q", "")[:_LONGEST_SEARCH], request.args.get("page", 1, type=int)
    page = min(max(1, page), _LAST_PAGE)
    with reading(engine()) as session:
        entries = audit.search(session, search, page)
        verdict = audit.verify(session) if "prove" in request.args else None
        head = audit.head(session)
    return render_template(
        "audit.html", entries=entries, page=page, search=search, verdict=verdict, head=head, most=audit.PAGE
    )
