"""Units and their tree."""

from flask import Blueprint
from pydantic import Field

from comp.db import reading
from comp.services import directory
from comp.tokens import Scope
from web.api.routing import operation
from web.api.shapes import Named, Shape
from web.state import engine

blueprint = Blueprint("api_units", __name__)


class UnitShape(Shape):
    """A business unit."""

    unit: str = Field(examples=["LIS"])
    name: str = Field(examples=["Lisbon"])
    parent: Named | None = Field(description="The unit above; null at the top.", examples=["SERVICE"])


class UnitList(Shape):
    """Every unit, by code."""

    units: list[UnitShape]


@operation(blueprint, "/units", Scope.UNITS_READ, answer=UnitList)
def list_units() -> UnitList:
    """List units."""
    with reading(engine()) as session:
        found = directory.list_units(session)
    return UnitList(units=[UnitShape(unit=each.code, name=each.name, parent=each.parent) for each in found])
