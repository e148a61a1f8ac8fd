"""Jobs: work that takes long, asked for by its owner, and how far it is."""

from flask import Blueprint, url_for
from pydantic import Field

from comp.db import Session, reading
from comp.jobs import Job
from comp.services import jobs
from comp.tokens import Scope
from web.api.routing import BASE, Answer, operation
from web.api.shapes import Moment, Shape
from web.state import account, engine, now

blueprint = Blueprint("api_jobs", __name__)


class JobShape(Shape):
    """A job. Ask again until its state is `done`, `failed` or `cancelled`."""

    job: int = Field(examples=[17])
    kind: str = Field(examples=["calculate"])
    state: str = Field(description="`waiting`, `running`, `done`, `failed` or `cancelled`.", examples=["running"])
    asked_at: Moment
    step: int = Field(description="The step under way, from 1; 0 before the first.", examples=[2])
    done: int = Field(description="How much of the step is done of `total`.", examples=[12400])
    total: int = Field(description="0 where nobody knows.", examples=[20000])
    words: str = Field(description="What came of it, or why it failed and what to do.", examples=[""])
    result: str | None = Field(description="Where what came out is read.", examples=["/api/v1/runs/2026-Q2/3"])


@operation(blueprint, "/jobs/<int(max=2147483647):job>", Scope.JOBS_READ, answer=JobShape, refusals=(404,))
def find_job(job: int) -> JobShape:
    """Read how far a job is.

    Those that the token's owner asked for; admins and HR read everybody's.
    """
    with reading(engine()) as session:
        return shape_of(jobs.find(session, account(), job))


def accepted(session: Session, kind: str, arguments: dict[str, str]) -> Answer:
    """Put work into the queue; the answer says where its job is read."""
    number = jobs.ask(session, account(), kind, arguments, now())
    there = url_for("api_jobs.find_job", job=number)
    return Answer(shape_of(jobs.find(session, account(), number)), 202, location=there)


def shape_of(job: Job) -> JobShape:
    """A job as it is answered."""
    return JobShape(
        job=job.id,
        kind=job.kind,
        state=job.state.value,
        asked_at=f"{job.asked_at:%Y-%m-%dT%H:%M:%SZ}",
        step=job.step,
        done=job.done,
        total=job.total,
        words=job.words,
        result=_result(job.result),
    )


def _result(page: str) -> str | None:
    """Where the API tells what a page shows that a job led to; None where it does not."""
    there = page.replace("/payroll/batches/", "/releases/")
    return BASE + there if there.startswith(("/runs/", "/releases/", "/imports")) else None
