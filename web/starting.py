"""Asking for work that takes long, from a page: what is done in a moment is shown at once, all else as a job."""

import time

from flask import flash, redirect, url_for
from werkzeug import Response

from comp.db import reading, writing
from comp.jobs import Job, State
from comp.services import jobs
from web.state import account, engine, now

_AT_ONCE, _LOOK_EVERY = 1.5, 0.1


def started(kind: str, **arguments: str) -> Response:
    """Put work into the queue, and lead to what came out where that took a moment only, else to the job's page.

    A file that came out is offered on the job's page.
    """
    with writing(engine()) as session:
        number = jobs.ask(session, account(), kind, arguments, now())
    job = _soon(number)
    if job.state is State.DONE and job.result and not job.result.endswith("/file"):
        flash(job.words)
        return redirect(job.result, 303)
    return redirect(url_for("jobs.show", number=number), 303)


def _soon(number: int) -> Job:
    """The job once it is over, or as it stands after a moment."""
    until = time.monotonic() + _AT_ONCE
    while True:
        with reading(engine()) as session:
            job = jobs.find(session, account(), number)
        if job.state.is_over or time.monotonic() >= until:
            return job
        time.sleep(_LOOK_EVERY)
