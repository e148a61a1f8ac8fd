"""The days of an assignment under each plan version, and what share of an annual target they earn.

What a unit's people have in common, the plan and its attainment, is worked out once. Those for whom the whole quarter
is alike share a stretch, so that most payouts are one multiplication.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from comp.attainment import Attainments, AtTarget
from comp.facts import Absence, Assignment, Facts, Person
from comp.figures import counted, day_text
from comp.organisation import Organisation
from comp.periods import Span
from comp.plan import Eligibility, Plan
from comp.results import AbsentDays, Stretch, Unpaid, rate_of
from comp.scope import Chosen, Clash, Scopes

_NOTHING = (0, 1)


class HeldError(Exception):
    """A person cannot be paid before something is mended: what, and what would lift it."""


class Presence(NamedTuple):
    """How a person was employed in the quarter: which days, and why they left where they left before its last day."""

    days: Span
    left: bool
    leaving_reason: str


def presence_of(person: Person, quarter: Span) -> Presence | None:
    """How a person was employed in a quarter; None where not for a day of it."""
    employment = person.employment
    days = employment.meet(quarter)
    if days.start >= days.end:
        return None
    left = employment.end < quarter.end
    return Presence(days, left, person.leaving_reason if left else "")


def why_forfeited(presence: Presence, rules: Eligibility) -> str:
    """Why a person earns nothing under a plan's eligibility rules, or empty."""
    days = presence.days.days
    if days < rules.minimum_days:
        return f"Employed for {counted(days, 'day')} of the quarter; the plan asks for {rules.minimum_days}."
    if rules.on_last_day and presence.left and presence.leaving_reason not in rules.prorated_leavers:
        reason = f" ({presence.leaving_reason})" if presence.leaving_reason else ""
        last = day_text(presence.days.last)
        return f"Left on {last}{reason}; the plan pays those employed on the quarter's last day."
    return ""


@dataclass(slots=True)
class _Terms:
    """What holds for a grade in a unit: which plan pays on which days, and the stretches of the whole quarter."""

    plans: tuple[tuple[Span, Chosen], ...]
    whole: tuple[Stretch | Unpaid, ...] | None = None


class Stretches:
    """The stretches of one quarter's calculation."""

    def __init__(self, facts: Facts, organisation: Organisation, attainments: Attainments | AtTarget) -> None:
        """Nothing is made before a person needs it."""
        self._number = facts.quarter.number
        self._quarter = facts.calendar.span(facts.quarter)
        self._days = self._quarter.days
        self._whole_days = tuple(map(Fraction, range(self._days + 1)))
        self._organisation = organisation
        self._attainments = attainments
        self._scopes = Scopes(facts.plans, self._quarter, organisation)
        self._terms: dict[tuple[str, str], _Terms] = {}

    def of(self, person: Person, presence: Presence, assignment: Assignment) -> tuple[Stretch | Unpaid, ...]:
        """The stretches of the days that an assignment and the person's employment share.

        Raises `HeldError` where the plan or the score behind one of them is not certain.
        """
        days = assignment.span.meet(presence.days)
        if days.start >= days.end:
            return ()
        key = (assignment.unit, assignment.grade)
        terms = self._terms.get(key) or self._make_terms(*key)
        if days is not self._quarter or person.absences:
            return tuple(self._make(person, presence, assignment, days, terms))
        if terms.whole is None:
            whole = tuple(self._make(person, presence, assignment, days, terms))
            if any(isinstance(stretch, Stretch) and stretch.attainment.employee for stretch in whole):
                return whole
            terms.whole = whole
        return terms.whole

    def usual(self, assignment: Assignment) -> Stretch | None:
        """The stretch of those who are in a unit for the whole quarter under one plan, once somebody needed it."""
        terms = self._terms.get((assignment.unit, assignment.grade))
        if terms is None or terms.whole is None or len(terms.whole) > 1:
            return None
        (stretch,) = terms.whole
        return stretch if isinstance(stretch, Stretch) else None

    def _make_terms(self, unit: str, grade: str) -> _Terms:
        if unit not in self._organisation:
            raise HeldError(f"{unit} is not a unit of the company, or has no way to the top. Import the units.")
        merged: list[tuple[Span, Chosen]] = []
        for span in self._scopes.spans:
            plan = self._scopes.choose(span, unit, grade)
            if merged and merged[-1][1] is plan:
                merged[-1] = (Span(merged[-1][0].start, span.end), plan)
            else:
                merged.append((span, plan))
        made = self._terms[unit, grade] = _Terms(tuple(merged))
        return made

    def _make(
        self, person: Person, presence: Presence, assignment: Assignment, days: Span, terms: _Terms
    ) -> Iterator[Stretch | Unpaid]:
        for in_force, plan in terms.plans:
            span = in_force.meet(days)
            if span.start >= span.end:
                continue
            if isinstance(plan, Clash):
                raise HeldError(plan.why)
            if plan is None:
                grade = f", grade {assignment.grade}" if assignment.grade else ""
                yield Unpaid(span, f"No plan pays {assignment.unit}{grade}.")
            else:
                yield self._stretch(person, presence, assignment, span, plan)

    def _stretch(self, person: Person, presence: Presence, assignment: Assignment, span: Span, plan: Plan) -> Stretch:
        forfeited = why_forfeited(presence, plan.eligibility)
        attainment = self._attainments.of(plan, assignment.unit, person)
        if attainment.held and not forfeited:
            raise HeldError(" ".join(attainment.held))
        absent = tuple(_absent(person.absences, span, plan)) if person.absences else ()
        share_of_year, counted_days = plan.quarter_shares[self._number - 1], self._whole_days[span.days]
        for away in absent:
            counted_days -= away.days * (1 - away.counted)
        days = self._days
        rate = _NOTHING if forfeited else rate_of(attainment, share_of_year, counted_days, days)
        return Stretch(span, plan, attainment, share_of_year, counted_days, days, rate, absent, forfeited)


def _absent(absences: tuple[Absence, ...], span: Span, plan: Plan) -> Iterator[AbsentDays]:
    for absence in sorted(absences, key=lambda absence: absence.span):
        days = absence.span.meet(span).days
        if days:
            yield AbsentDays(absence.kind, days, plan.counts_absence(absence.kind))
