"""What the checks of a quarter's data share: its units, scores and plans, and how everybody meets them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from comp.attainment import Attainment, Attainments, Targets
from comp.facts import Assignment, Facts, Person
from comp.figures import day_text, span_text
from comp.organisation import Organisation
from comp.periods import Span
from comp.plan import Plan
from comp.readings import Readings
from comp.scope import Chosen, Scopes
from comp.stretches import Presence, presence_of


@dataclass(slots=True)
class Paid:
    """A unit where a plan version pays people, and those of them for whom it has no attainment.

    `held` tells of each the reasons; where attainment is a person's own, those are their own too.
    """

    plan: Plan
    unit: str
    held: dict[str, tuple[Person, tuple[str, ...]]] = field(default_factory=dict)


class Meeting(NamedTuple):
    """Days of an assignment on which somebody is employed, and the plan that decides on them."""

    assignment: Assignment
    days: Span
    plan: Chosen


class Grounds:
    """The facts of a quarter, asked by the checks as the calculation asks them."""

    def __init__(self, facts: Facts) -> None:
        """Nothing is worked out before a person needs it."""
        self.facts = facts
        self.days = facts.calendar.span(facts.quarter)
        self.organisation = Organisation(facts.units)
        self.readings = Readings(facts, self.organisation)
        self.targets = Targets(facts, self.organisation)
        self._attainments = Attainments(self.readings, self.targets)
        self._scopes = Scopes(facts.plans, self.days, self.organisation)
        self._terms: dict[tuple[str, str], tuple[tuple[Span, Chosen], ...]] = {}
        self.paid: dict[tuple[str, str], Paid] = {}
        self.present = tuple(
            (person, presence)
            for person in sorted(facts.people, key=_employee)
            if (presence := presence_of(person, self.days))
        )

    def meetings(self, presence: Presence, assignment: Assignment) -> Iterator[Meeting]:
        """The days of an assignment on which the person is employed, cut wherever another plan decides."""
        days = assignment.span.meet(presence.days)
        if days.start >= days.end:
            return
        for in_force, plan in self._terms_of(assignment.unit, assignment.grade):
            shared = in_force.meet(days)
            if shared.start < shared.end:
                yield Meeting(assignment, shared, plan)

    def _terms_of(self, unit: str, grade: str) -> tuple[tuple[Span, Chosen], ...]:
        known = self._terms.get((unit, grade))
        if known is None:
            known = tuple((span, self._scopes.choose(span, unit, grade)) for span in self._scopes.spans)
            self._terms[unit, grade] = known
        return known

    def attainment(self, plan: Plan, unit: str, person: Person) -> Attainment:
        """What the person's unit, or the person alone, attains under a plan version."""
        return self._attainments.of(plan, unit, person)

    def paid_at(self, plan: Plan, unit: str) -> Paid:
        """What there is of those whom a plan version pays in a unit, to be added to."""
        key = (plan.version, unit)
        if key not in self.paid:
            self.paid[key] = Paid(plan, unit)
        return self.paid[key]

    def spans(self, spans: Iterable[Span]) -> str:
        """Some spans of the quarter in words: `all days`, `31 July 2025`, `1 July 2025 to 12 July 2025`."""
        joined = list(_joined(spans))
        if joined == [self.days]:
            return "all days"
        return ", ".join(day_text(span.start) if span.days == 1 else span_text(span) for span in joined)


def _joined(spans: Iterable[Span]) -> Iterator[Span]:
    """Spans in order, those that touch as one. There is at least one."""
    here, *others = sorted(spans)
    for span in others:
        if span.start <= here.end:
            here = Span(here.start, max(here.end, span.end))
        else:
            yield here
            here = span
    yield here


def _employee(person: Person) -> str:
    return person.employee
