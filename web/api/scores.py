"""Scores: every unit's in every metric, as the plan in force reads them."""

from flask import Blueprint
from pydantic import Field

from comp.db import reading
from comp.periods import Quarter
from comp.services import scoreboard
from comp.tokens import Scope
from web.api.routing import operation
from web.api.shapes import Number, QuarterText, Shape
from web.state import engine

blueprint = Blueprint("api_scores", __name__)


class ScoreShape(Shape):
    """One unit's score of one metric, with the 95 % interval of its answers."""

    unit: str = Field(examples=["LIS"])
    metric: str = Field(examples=["nps"])
    value: Number = Field(examples=["44.2"])
    answers: str | None = Field(description="On how many answers it rests.", examples=["391"])
    low: Number | None = Field(examples=["37.914"])
    high: Number | None = Field(examples=["50.486"])
    basis: str = Field(
        description="`own` answers, `rolling-4` quarters, `parent` and a unit, or `stated`.", examples=["own"]
    )


class ScoreList(Shape):
    """A quarter's scores."""

    quarter: QuarterText
    scores: list[ScoreShape]


@operation(blueprint, "/quarters/<quarter:quarter>/scores", Scope.SCORES_READ, answer=ScoreList, refusals=(422,))
def list_scores(quarter: Quarter) -> ScoreList:
    """List a quarter's scores.

    The same as `loyaltypay scores --json`; 422 for a quarter without any result.
    """
    with reading(engine()) as session:
        lines = scoreboard.scoreboard(session, quarter)
    return ScoreList.model_validate(scoreboard.write_scores(quarter, lines))
