"""The days of an assignment under each plan version, and what share of an annual target they earn.

People of one unit with the same days share a stretch, so that a person's payout is one multiplication.
"""

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from comp.attainment import Attainments
from comp.facts import Absence, Assignment, Facts, Person
from comp.figures import counted, day_text
from comp.organisation import Organisation
from comp.periods import Span
from comp.plan import Eligibility, Plan
from comp.results import AbsentDays, Stretch, Unpaid
from comp.scope import Clash, Scopes

_NOTHING = Fraction(0)


class HeldError(Exception):
    """A person cannot be paid before something is mended: what, and what would lift it."""


class Presence(NamedTuple):
    """How a person was employed in the quarter: which days, and why they left where they left before its last day."""

    days: Span
    left: bool
    leaving_reason: str


class Stretches:
    """The stretches of one quarter's calculation, each made once."""

    def __init__(self, facts: Facts, organisation: Organisation, attainments: Attainments) -> None:
        """Nothing is made before a person needs it."""
        self._number = facts.quarter.number
        self._quarter = facts.calendar.span(facts.quarter)
        self._organisation = organisation
        self._attainments = attainments
        self._scopes = Scopes(facts.plans, self._quarter, organisation)
        self._personal = any(plan.reads_personal_results for plan in facts.plans)
        self._made: dict[tuple[object, ...], tuple[Stretch | Unpaid, ...]] = {}

    def of(self, person: Person, presence: Presence, assignment: Assignment) -> tuple[Stretch | Unpaid, ...]:
        """The stretches of the days that an assignment and the person's employment share.

        Raises `HeldError` where the plan or the score behind one of them is not certain.
        """
        unit, grade = assignment.unit, assignment.grade
        days = assignment.span.meet(presence.days)
        absences = _within(person.absences, days) if person.absences else ()
        key = (unit, grade, days, presence, absences, person.employee if self._personal else "")
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = tuple(self._make(person, presence, assignment, days))
        return made

    def _make(
        self, person: Person, presence: Presence, assignment: Assignment, days: Span
    ) -> Iterator[Stretch | Unpaid]:
        for span, plan in self._plans(assignment, days):
            if plan is None:
                grade = f", grade {assignment.grade}" if assignment.grade else ""
                yield Unpaid(span, f"No plan pays {assignment.unit}{grade}.")
            else:
                yield self._stretch(person, presence, assignment, span, plan)

    def _plans(self, assignment: Assignment, days: Span) -> list[tuple[Span, Plan | None]]:
        """The days of an assignment, cut where the plan that pays it changes."""
        if assignment.unit not in self._organisation:
            raise HeldError(
                f"{assignment.unit} is not a unit of the company, or has no way to the top. Import the units."
            )
        cut: list[tuple[Span, Plan | None]] = []
        for in_force in self._scopes.spans:
            span = in_force.meet(days)
            if not span.days:
                continue
            plan = self._scopes.choose(in_force, assignment.unit, assignment.grade)
            if isinstance(plan, Clash):
                raise HeldError(plan.why)
            if cut and cut[-1][1] is plan:
                span = Span(cut.pop()[0].start, span.end)
            cut.append((span, plan))
        return cut

    def _stretch(self, person: Person, presence: Presence, assignment: Assignment, span: Span, plan: Plan) -> Stretch:
        forfeited = self._forfeited(presence, plan.eligibility)
        attainment = self._attainments.of(plan, assignment.unit, person)
        if attainment.held and not forfeited:
            raise HeldError(" ".join(attainment.held))
        share_of_year = plan.quarter_shares[self._number - 1]
        absent = tuple(_absent(person.absences, span, plan))
        counted_days = span.days - sum((days.days * (1 - days.counted) for days in absent), _NOTHING)
        rate = _NOTHING if forfeited else share_of_year * counted_days / self._quarter.days * attainment.total
        return Stretch(span, plan, attainment, share_of_year, counted_days, self._quarter.days, rate, absent, forfeited)

    def _forfeited(self, presence: Presence, rules: Eligibility) -> str:
        """Why a person earns nothing under a plan's eligibility rules, or empty."""
        days = presence.days.days
        if days < rules.minimum_days:
            return f"Employed for {counted(days, 'day')} of the quarter; the plan asks for {rules.minimum_days}."
        if rules.on_last_day and presence.left and presence.leaving_reason not in rules.prorated_leavers:
            reason = f" ({presence.leaving_reason})" if presence.leaving_reason else ""
            last = day_text(presence.days.last)
            return f"Left on {last}{reason}; the plan pays those employed on the quarter's last day."
        return ""


def _within(absences: tuple[Absence, ...], days: Span) -> tuple[Absence, ...]:
    return tuple(absence for absence in absences if absence.span.meet(days).days)


def _absent(absences: tuple[Absence, ...], span: Span, plan: Plan) -> Iterator[AbsentDays]:
    for absence in sorted(absences, key=lambda absence: absence.span):
        days = absence.span.meet(span).days
        if days:
            yield AbsentDays(absence.kind, days, plan.counts_absence(absence.kind))
