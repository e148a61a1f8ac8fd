"""Runs: each calculation of a quarter, with its totals and what it was made of."""

from flask import Blueprint
from pydantic import Field

from comp.db import reading
from comp.periods import Quarter
from comp.results import RunName
from comp.services import run_history
from comp.services.run_history import RunLine
from comp.tokens import Scope
from web.api.routing import operation
from web.api.shapes import Amount, Moment, QuarterText, Query, Sha256, Shape
from web.state import account, engine, now

blueprint = Blueprint("api_runs", __name__)


class RunTotal(Shape):
    """What a run gives in one currency to the people in sight, before anything is added to it."""

    people: int = Field(examples=[182])
    earned: Amount
    target: Amount


class RunShape(Shape):
    """A run. It never changes; calculating again makes the next."""

    run: str = Field(examples=["2026-Q2/3"])
    quarter: QuarterText
    number: int = Field(examples=[3])
    calculated_at: Moment
    calculated_by: str = Field(examples=["ines@company.example"])
    engine: str = Field(description="The version of the program.", examples=["0.1.0"])
    inputs_sha256: Sha256
    plans: list[str] = Field(examples=[["service-incentive@2026-04-01"]])
    totals: list[RunTotal]
    held: int = Field(description="How many people it holds.", examples=[2])
    outside: int = Field(description="How many no plan pays.", examples=[4])


class RunList(Shape):
    """Runs, the newest first."""

    runs: list[RunShape]


class RunQuery(Query):
    """Of which quarter."""

    quarter: QuarterText | None = Field(default=None, description="Only those of one quarter.")


@operation(blueprint, "/runs", Scope.RUNS_READ, query=RunQuery, answer=RunList)
def list_runs(query: RunQuery) -> RunList:
    """List runs.

    With what each gives in every currency. What is paid is more than that: payouts tell it.
    """
    with reading(engine()) as session:
        lines = run_history.list_lines(session, account(), now())
    return RunList(runs=[_shape(line) for line in lines if query.quarter in {None, str(line.run.quarter)}])


@operation(
    blueprint,
    "/runs/<quarter:quarter>/<int(min=1, max=999999999):number>",
    Scope.RUNS_READ,
    answer=RunShape,
    refusals=(404,),
)
def find_run(quarter: Quarter, number: int) -> RunShape:
    """Read a run."""
    with reading(engine()) as session:
        return _shape(run_history.line(session, account(), RunName(quarter, number), now()))


def _shape(line: RunLine) -> RunShape:
    run = line.run
    return RunShape(
        run=run.name,
        quarter=str(run.quarter),
        number=run.number,
        calculated_at=f"{run.origin.calculated_at:%Y-%m-%dT%H:%M:%SZ}",
        calculated_by=run.origin.calculated_by,
        engine=run.origin.engine,
        inputs_sha256=run.origin.inputs_sha256,
        plans=list(run.origin.plans),
        totals=[
            RunTotal(people=each.people, earned=Amount.of(each.amount), target=Amount.of(each.target))
            for each in line.totals
        ],
        held=line.held,
        outside=line.outside,
    )
