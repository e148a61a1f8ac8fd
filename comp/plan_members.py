"""Who is in a plan version on which of its days: the same choice of plan that pays them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from comp.organisation import Organisation
from comp.periods import FOREVER, Span
from comp.plan import Plan
from comp.scope import Scopes


@dataclass(frozen=True, slots=True)
class Stay:
    """Days that somebody spends in one unit with one grade."""

    unit: str
    grade: str
    days: Span


class Members:
    """The days on which a published version decides what a grade in a unit is paid."""

    def __init__(self, plan: Plan, published: Iterable[Plan], organisation: Organisation) -> None:
        """`published` are all versions that pay, of every plan."""
        every = list(published)
        self.days = version_days(plan, every)
        self._plan = plan
        self._organisation = organisation
        self._scopes = Scopes(every, self.days, organisation)
        self._known: dict[tuple[str, str], tuple[Span, ...]] = {}

    def includes(self, stays: Iterable[Stay], within: Span | None = None) -> bool:
        """Whether the version pays somebody on a day of their stays, or on one that lies `within` some days."""
        days = within or self.days
        return any(
            _has_days(span.meet(stay.days).meet(days)) for stay in stays for span in self._spans(stay.unit, stay.grade)
        )

    def from_today(self, today: date) -> Span:
        """The days of the version that are still to come; once it is over all of them."""
        return Span(max(today, self.days.start), self.days.end) if today < self.days.end else self.days

    def _spans(self, unit: str, grade: str) -> tuple[Span, ...]:
        if (unit, grade) not in self._known:
            self._known[unit, grade] = tuple(
                span
                for span in self._scopes.spans
                if unit in self._organisation and self._scopes.choose(span, unit, grade) == self._plan
            )
        return self._known[unit, grade]


def version_days(plan: Plan, published: Iterable[Plan]) -> Span:
    """The days from a version's start to the start of the next published one of its plan."""
    later = [other.starts for other in published if other.id == plan.id and other.starts > plan.starts]
    return Span(plan.starts, min(later, default=FOREVER))


def _has_days(span: Span) -> bool:
    return span.start < span.end
