"""Quarters: how far each has come, and calculating one."""

from flask import Blueprint, Response
from pydantic import Field

from comp.db import Session, reading
from comp.errors import NotFoundError
from comp.periods import Quarter
from comp.services import calculation, quarters
from comp.services.quarters import QuarterView
from comp.tokens import Scope
from web.api.jobs import JobShape, accepted
from web.api.routing import Answer, once, operation
from web.api.shapes import Day, QuarterText, Shape
from web.state import engine

blueprint = Blueprint("api_quarters", __name__)


class QuarterShape(Shape):
    """A fiscal quarter and how far it has come."""

    quarter: QuarterText
    first_day: Day
    last_day: Day
    state: str = Field(
        description="`open`, `calculated`, `in review`, `approved`, `released` or `closed`.", examples=["approved"]
    )
    run: str | None = Field(description="The run that counts; null before the first.", examples=["2026-Q2/3"])


class QuarterList(Shape):
    """Every quarter with answers, results or a run, the newest first."""

    quarters: list[QuarterShape]


@operation(blueprint, "/quarters", Scope.RUNS_READ, answer=QuarterList)
def list_quarters() -> QuarterList:
    """List quarters."""
    with reading(engine()) as session:
        found = [quarters.view_quarter(session, each) for each in quarters.known_quarters(session)]
    return QuarterList(quarters=[_shape(each) for each in found])


@operation(blueprint, "/quarters/<quarter:quarter>", Scope.RUNS_READ, answer=QuarterShape, refusals=(404,))
def find_quarter(quarter: Quarter) -> QuarterShape:
    """Read how far a quarter has come."""
    with reading(engine()) as session:
        view = quarters.view_quarter(session, quarter)
    if not view.has_data:
        raise NotFoundError(f"{quarter} has no answers, no results and no run. Import them first.")
    return _shape(view)


def _shape(view: QuarterView) -> QuarterShape:
    return QuarterShape(
        quarter=str(view.quarter),
        first_day=view.days.start.isoformat(),
        last_day=view.days.last.isoformat(),
        state=view.state.value,
        run=view.run.name if view.run else None,
    )


@operation(
    blueprint,
    "/quarters/<quarter:quarter>/runs",
    Scope.RUNS_WRITE,
    "POST",
    answer=JobShape,
    status=202,
    refusals=(422,),
)
def calculate(quarter: Quarter) -> Response:
    """Calculate a quarter.

    A worker does it: the answer is a job, and `Location` leads to it. A run pays nobody: people review and approve what
    it comes to, on pages; no token approves or releases. 422 for a quarter that is approved and waits for its release.
    """

    def work(session: Session) -> Answer:
        calculation.require_calculable(session, quarter)
        return accepted(session, "calculate", {"quarter": str(quarter)})

    return once(work)
