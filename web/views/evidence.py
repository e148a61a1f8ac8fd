"""Evidence packs: the quarters of which one can be made, those that one asked for, and making one."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from comp.db import reading
from comp.periods import Quarter
from comp.roles import Permission
from comp.services import evidence, jobs
from web import job_words
from web.access import route
from web.starting import started
from web.state import account, engine

blueprint = Blueprint("evidence", __name__)
KIND = "evidence"


@route(blueprint, "/evidence", Permission.TAKE_EVIDENCE)
def index() -> str:
    """Every quarter that was calculated, and the packs that one asked for."""
    with reading(engine()) as session:
        offers = evidence.offers(session)
        asked = [job for job in jobs.list_asked(session, account()) if job.kind == KIND]
    own = [job for job in asked if job.asked_by == account().email]
    return render_template("evidence.html", offers=offers, own=own, told=job_words)


@route(blueprint, "/evidence/<quarter:quarter>", Permission.TAKE_EVIDENCE, ("POST",), fresh=True)
def make(quarter: Quarter) -> ResponseReturnValue:
    """Ask for the pack of a quarter: a job makes it, and offers it for some days to whoever asked."""
    with reading(engine()) as session:
        evidence.require_run(session, quarter)
    return started(KIND, quarter=str(quarter))
