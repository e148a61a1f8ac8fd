"""Jobs: those of the clock, those that people asked for, how far they are, and what to do where one failed."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from comp.db import noting, reading, writing
from comp.roles import Permission
from comp.services import clock, jobs, made_files, reads
from web import job_words
from web.access import route
from web.jobs import SCHEDULES
from web.made_files import content_of
from web.state import account, engine, now

blueprint = Blueprint("jobs", __name__)


@route(blueprint, "/jobs", Permission.SIGNED_IN)
def index() -> str:
    """What one asked for; for those who look after jobs everybody's, the clock's too, and what failed."""
    moment = now()
    with reading(engine()) as session:
        asked = jobs.list_asked(session, account())
        looks_after = Permission.RUN_JOBS in account().permissions
        board = jobs.board(session, account(), moment) if looks_after else None
        is_silent = clock.is_silent(session, moment)
    lines = job_words.lines(board, moment) if board else []
    stuck = [each for each in (*asked, *(board.open.values() if board else ())) if each.is_stuck(moment)]
    return render_template(
        "jobs.html", asked=asked, board=board, lines=lines, is_silent=is_silent, stuck=stuck, told=job_words, at=moment
    )


@route(blueprint, "/jobs/<int(max=2147483647):number>", Permission.SIGNED_IN)
def show(number: int) -> ResponseReturnValue:
    """One job, and how far it is; for htmx the part of the page alone that changes."""
    with reading(engine()) as session:
        job = jobs.find(session, account(), number)
    part = "parts/job.html" if request.headers.get("HX-Request") else "job.html"
    page = render_template(part, job=job, told=job_words, at=now())
    return page, 200, {"Cache-Control": "no-store", "Vary": "HX-Request"}


@route(blueprint, "/jobs/<int(max=2147483647):number>/cancel", Permission.SIGNED_IN, ("POST",))
def cancel(number: int) -> ResponseReturnValue:
    """Let a job end without a result."""
    with writing(engine()) as session:
        job = jobs.cancel(session, account(), number, now())
    flash("The job is cancelled." if job.state.is_over else "The job ends at the next step. Nothing of it is stored.")
    return redirect(url_for("jobs.show", number=number))


@route(blueprint, "/jobs/<int(max=2147483647):number>/file", Permission.SIGNED_IN, fresh=True)
def take(number: int) -> ResponseReturnValue:
    """The file that a job made, for whoever asked for it and still may."""
    with reading(engine()) as session:
        file = made_files.find(session, account(), number, now())
    with noting(engine()) as session:
        reads.note_taken(session, account(), f"file of job {number}", now(), sha256=file.sha256)
    sent = Response(content_of(engine(), file), mimetype=file.kind.media_type)
    sent.headers.set("Content-Disposition", "attachment", filename=file.kind.name)
    sent.content_length = file.size
    return sent


@route(blueprint, "/jobs/<kind>/run-now", Permission.RUN_JOBS, ("POST",))
def run_now(kind: str) -> ResponseReturnValue:
    """Let a job of the clock be done at once, beside its usual times."""
    if kind not in SCHEDULES:
        abort(404)
    with writing(engine()) as session:
        is_new = jobs.run_now(session, account(), kind, now())
    title = SCHEDULES[kind].title
    flash(f"“{title}” is done in a moment." if is_new else f"“{title}” waits for a worker already.")
    return redirect(url_for("jobs.index"))
