"""Everything that a calculation may look at, as immutable facts."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from comp.periods import FOREVER, FiscalCalendar, Period, Quarter, Span
from comp.plan import Plan
from comp.scores import Metric, Sample


@dataclass(frozen=True, slots=True)
class Unit:
    """A business unit in the tree; `parent` None at the top."""

    code: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What is known of one metric in one unit and quarter: answers, or a stated value.

    `sample` holds a tally's points; `value` a stated value, with `answers` where the file gives the count behind it.
    """

    unit: str
    quarter: Quarter
    metric: str
    sample: Sample | None = None
    value: Fraction | None = None
    answers: int | None = None
    touchpoint: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What a unit aims at, in the metric's unit, for a quarter or a fiscal year."""

    unit: str
    period: Period
    metric: str
    target: Fraction


@dataclass(frozen=True, slots=True)
class Assignment:
    """A stretch of days in one unit with one target.

    `annual_salary` and `target_amount` are full-time amounts a year in main units of `currency`;
    `target_percent` and `fte` are ratios.
    """

    unit: str
    span: Span
    currency: str
    annual_salary: Fraction | None = None
    target_percent: Fraction | None = None
    target_amount: Fraction | None = None
    fte: Fraction = Fraction(1)
    grade: str = ""
    manager: str = ""
    cost_centre: str = ""

    annual_target: tuple[int, int] | None = field(init=False, repr=False, compare=False)
    """Variable pay a year at 100 %, at the person's FTE; None where neither amount nor percentage is stated.

    A ratio, numerator and denominator, not in lowest terms: pay multiplies it once for every person.
    """

    def __post_init__(self) -> None:
        """Work out the annual target, once for however many calculations."""
        object.__setattr__(self, "annual_target", self._annual_target())

    def _annual_target(self) -> tuple[int, int] | None:
        fte, amount, salary, percent = self.fte, self.target_amount, self.annual_salary, self.target_percent
        if amount is not None:
            return amount.numerator * fte.numerator, amount.denominator * fte.denominator
        if salary is None or percent is None:
            return None
        return (
            salary.numerator * fte.numerator * percent.numerator,
            salary.denominator * fte.denominator * percent.denominator,
        )


@dataclass(frozen=True, slots=True)
class Absence:
    """Days away from work of one kind."""

    span: Span
    kind: str


@dataclass(frozen=True, slots=True)
class PersonalResult:
    """A stated result of one person, for measures that are measured at the person."""

    quarter: Quarter
    metric: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Person:
    """An employee with the assignments, absences and own results that pay may depend on.

    `left` is the first day after employment; `hired` None means since the first assignment.
    """

    employee: str
    name: str
    assignments: tuple[Assignment, ...]
    absences: tuple[Absence, ...] = ()
    results: tuple[PersonalResult, ...] = ()
    hired: date | None = None
    left: date | None = None
    leaving_reason: str = ""

    @property
    def employment(self) -> Span:
        """The days of employment."""
        hired = self.hired or min((assignment.span.start for assignment in self.assignments), default=FOREVER)
        return Span(hired, self.left or FOREVER)


@dataclass(frozen=True, slots=True)
class Facts:
    """The inputs of one calculation of one quarter. The order of nothing in it matters.

    `plans` are published versions; `round_to` gives some currencies a coarser step than the minor unit, in main units.
    """

    quarter: Quarter
    units: tuple[Unit, ...]
    metrics: tuple[Metric, ...]
    plans: tuple[Plan, ...]
    results: tuple[Result, ...]
    people: tuple[Person, ...]
    targets: tuple[Target, ...] = ()
    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)
    round_to: tuple[tuple[str, Fraction], ...] = ()
