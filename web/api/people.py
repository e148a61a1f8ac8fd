"""People with their assignments."""

from datetime import date

from flask import Blueprint
from pydantic import Field

from comp.db import noting, reading
from comp.figures import exact_text
from comp.periods import FOREVER, Span
from comp.services import directory, reads
from comp.services.directory import Entry, Stretch
from comp.tokens import Scope
from web.api.routing import operation
from web.api.shapes import Day, Number, Page, Paged, Shape, cursor_after
from web.state import account, engine, now

blueprint = Blueprint("api_people", __name__)


class AssignmentShape(Shape):
    """A dated stretch in one unit. Salary and target amount are full-time figures of a year."""

    unit: str = Field(examples=["LIS"])
    from_: Day = Field(alias="from")
    to: Day | None = Field(description="The last day; null while it is open.")
    currency: str = Field(examples=["EUR"])
    annual_salary: Number | None = Field(examples=["32600.00"])
    target_percent: Number | None = Field(description="A ratio: 0.1 is 10 %.", examples=["0.1"])
    target_amount: Number | None = Field(examples=["3260.00"])
    fte: Number = Field(examples=["1"])
    grade: str
    manager: str | None = Field(description="The manager's employee number.", examples=["30412"])
    cost_centre: str


class PersonShape(Shape):
    """An employee."""

    employee: str = Field(examples=["30417"])
    name: str = Field(examples=["Marta Brandt"])
    email: str | None
    hired: Day | None
    left: Day | None = Field(description="The last day of employment.")
    leaving_reason: str
    assignments: list[AssignmentShape]


class PersonPage(Page):
    """Some people, by employee number."""

    people: list[PersonShape]


@operation(blueprint, "/people", Scope.PEOPLE_READ, query=Paged, answer=PersonPage)
def list_people(query: Paged) -> PersonPage:
    """List people.

    By employee number, everybody who was ever imported. Such a look is kept in the audit chain.
    """
    with reading(engine()) as session:
        found, more = directory.page_after(session, account(), query.after, query.limit, now())
    with noting(engine()) as session:
        reads.note_people(session, account(), [each.employee for each in found], now())
    last = found[-1].employee if more else None
    return PersonPage(people=[_person(each) for each in found], next_cursor=cursor_after(last))


@operation(blueprint, "/people/<path:employee>", Scope.PEOPLE_READ, answer=PersonShape, refusals=(404,))
def find_person(employee: str) -> PersonShape:
    """Read one person.

    Such a look is kept in the audit chain.
    """
    with reading(engine()) as session:
        found = directory.find(session, account(), employee, now())
    with noting(engine()) as session:
        reads.note_people(session, account(), [employee], now())
    return _person(found)


def _person(each: Entry) -> PersonShape:
    return PersonShape(
        employee=each.employee,
        name=each.name,
        email=each.email,
        hired=each.hired.isoformat() if each.hired else None,
        left=_last_day(each.left),
        leaving_reason=each.leaving_reason,
        assignments=[_assignment(stretch) for stretch in each.stretches],
    )


def _assignment(each: Stretch) -> AssignmentShape:
    return AssignmentShape.model_validate(
        {
            "unit": each.unit,
            "from": each.span.start.isoformat(),
            "to": _last_day(each.span.end),
            "currency": each.currency,
            "annual_salary": str(each.annual_salary) if each.annual_salary else None,
            "target_percent": None if each.target_percent is None else exact_text(each.target_percent),
            "target_amount": str(each.target_amount) if each.target_amount else None,
            "fte": exact_text(each.fte),
            "grade": each.grade,
            "manager": each.manager,
            "cost_centre": each.cost_centre,
        }
    )


def _last_day(end: date | None) -> str | None:
    """The last day before a first day after; None where there is none."""
    return None if end is None or end == FOREVER else Span(date.min, end).last.isoformat()
