"""Which plan pays a person: from the person's unit up to the top, then the plans of the whole company."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from comp.organisation import Organisation
from comp.periods import Span
from comp.plan import Plan


@dataclass(frozen=True, slots=True)
class Clash:
    """Two or more plans that fit at the same place, or share id and start, so that none of them decides."""

    place: str
    plans: tuple[str, ...]

    @property
    def why(self) -> str:
        """What stands against a payout, and what would lift it."""
        if len(set(self.plans)) == 1:
            return f"The plan is ambiguous: {self.plans[0]} is there {len(self.plans)} times. Keep one of them."
        return (
            f"The plan is ambiguous: {' and '.join(self.plans)} both pay {self.place}. "
            "Narrow the units or grades of one of them."
        )


Chosen = Plan | Clash | None
"""The plan that pays, the plans that clash, or no plan."""


class Scopes:
    """The plan versions in force on each day of a quarter, and whom each of them pays."""

    def __init__(self, plans: Iterable[Plan], quarter: Span, organisation: Organisation) -> None:
        """Cut the quarter wherever a version starts."""
        ordered = sorted(plans, key=lambda plan: (plan.id, plan.starts))
        starts = {plan.starts for plan in ordered if plan.starts in quarter}
        days = [quarter.start, *sorted(starts - {quarter.start}), quarter.end]
        self.spans = tuple(Span(start, end) for start, end in pairwise(days))
        self._organisation = organisation
        self._in_force = {span: _in_force(ordered, span.start) for span in self.spans}

    def in_force(self, span: Span) -> tuple[Plan, ...]:
        """The plan versions that are in force on the days of one of `spans`."""
        return self._in_force[span]

    def choose(self, span: Span, unit: str, grade: str) -> Chosen:
        """The plan that pays a grade in a unit on the days of one of `spans`."""
        fitting = [plan for plan in self._in_force[span] if plan.people.fits(grade)]
        for place in self._organisation.way_up(unit):
            here = [plan for plan in fitting if place in plan.people.units]
            if here:
                return self._only(here, f"unit {place}", span)
        return self._only([plan for plan in fitting if not plan.people.units], "the whole company", span)

    def any_plan(self, unit: str) -> Plan | None:
        """The plan that decides for a unit at the quarter's end, whatever the grade; the first by id of several."""
        fitting = self._in_force[self.spans[-1]]
        for place in self._organisation.way_up(unit):
            here = [plan for plan in fitting if place in plan.people.units]
            if here:
                return here[0]
        return next((plan for plan in fitting if not plan.people.units), None)

    def _only(self, plans: list[Plan], place: str, span: Span) -> Chosen:
        if not plans:
            return None
        rivals = [plan for plan in self._in_force[span] if plan.version == plans[0].version]
        if len(plans) > 1 or len(rivals) > 1:
            return Clash(place, tuple(plan.version for plan in (plans if len(plans) > 1 else rivals)))
        return plans[0]


def _in_force(ordered: list[Plan], day: date) -> tuple[Plan, ...]:
    """Of each plan id the version that started last; versions that share a start are all in force, and clash."""
    latest: dict[str, list[Plan]] = {}
    for plan in ordered:
        if plan.starts <= day:
            rivals = latest.get(plan.id, [])
            latest[plan.id] = [*rivals, plan] if rivals and rivals[-1].starts == plan.starts else [plan]
    return tuple(plan for rivals in latest.values() for plan in rivals)
