"""What a calculation gives: payouts with their pieces, holds, and people whom no plan pays.

What is made for every person is a named tuple, which takes half the time of a frozen dataclass.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import NamedTuple

from comp.attainment import Attainment
from comp.errors import Problem
from comp.facts import Assignment
from comp.money import Money
from comp.periods import Quarter, Span
from comp.plan import Plan
from comp.scores import Metric

_NOTHING = Fraction(0)
_RUN_NAME = re.compile(r"([^/]+)(?:/([1-9]\d{0,8}))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AbsentDays:
    """Days of one kind of absence, and how much of each the plan counts (a ratio)."""

    kind: str
    days: int
    counted: Fraction


class Stretch(NamedTuple):
    """Days of the quarter in one unit under one plan version, and what share of an annual target they earn.

    People for whom the whole quarter is alike share one. `rate` is share of the year × share of the quarter that counts
    × total attainment, a ratio not in lowest terms. `forfeited` says why what was earned is not paid; `rate` is 0 then.
    """

    span: Span
    plan: Plan
    attainment: Attainment
    share_of_year: Fraction
    counted_days: Fraction
    days_in_quarter: int
    rate: tuple[int, int]
    absent: tuple[AbsentDays, ...] = ()
    forfeited: str = ""


def rate_of(attainment: Attainment, share_of_year: Fraction, counted_days: Fraction, days: int) -> tuple[int, int]:
    """What share of an annual target an attainment earns on some of a quarter's days, a ratio not in lowest terms."""
    total = attainment.total
    return (
        share_of_year.numerator * counted_days.numerator * total.numerator,
        share_of_year.denominator * counted_days.denominator * total.denominator * days,
    )


@dataclass(frozen=True, slots=True)
class Unpaid:
    """Days of the quarter that earn nothing, and why."""

    span: Span
    why: str


class Piece(NamedTuple):
    """One person's stretch in one assignment."""

    assignment: Assignment
    stretch: Stretch

    @property
    def annual_target(self) -> Fraction:
        """Variable pay a year at 100 %, in the main unit of the assignment's currency."""
        numerator, denominator = self.assignment.annual_target or (0, 1)
        return Fraction(numerator, denominator)

    @property
    def target(self) -> Fraction:
        """What the piece earns at 100 %."""
        stretch = self.stretch
        return self.annual_target * stretch.share_of_year * stretch.counted_days / stretch.days_in_quarter

    @property
    def target_here(self) -> Fraction:
        """The part of the target that the plan calculates: what is paid elsewhere is none of it."""
        return self.target * (1 - self.stretch.plan.elsewhere)

    @property
    def earned(self) -> tuple[int, int]:
        """What the piece earned, exactly: annual target × rate, a ratio not in lowest terms."""
        numerator, denominator = self.assignment.annual_target or (0, 1)
        rate, over = self.stretch.rate
        return numerator * rate, denominator * over

    @property
    def amount(self) -> Fraction:
        """What the piece earned, exactly."""
        return Fraction(*self.earned)


@dataclass(frozen=True, slots=True)
class Line:
    """The part of a payout that goes under one pay code and cost centre."""

    pay_code: str
    cost_centre: str
    amount: Money


class Payout(NamedTuple):
    """What one person gets for the quarter in one currency, and the pieces that make it."""

    employee: str
    name: str
    amount: Money
    pieces: tuple[Piece, ...]
    unpaid: tuple[Unpaid, ...] = ()

    @property
    def exact(self) -> Fraction:
        """What the pieces earned together, before the one rounding."""
        return sum((piece.amount for piece in self.pieces), _NOTHING)

    @property
    def target(self) -> Fraction:
        """What the person would get at 100 % attainment, exactly."""
        return sum((piece.target for piece in self.pieces), _NOTHING)

    @property
    def target_here(self) -> Fraction:
        """The part of the target that is calculated here, exactly."""
        return sum((piece.target_here for piece in self.pieces), _NOTHING)

    @property
    def attainment(self) -> Fraction | None:
        """What share of the target was earned; None where the target is 0."""
        target = self.target
        return self.exact / target if target else None

    @property
    def lines(self) -> tuple[Line, ...]:
        """The payout by pay code and cost centre, in the order of the pieces: parts that add up to it."""
        exact: dict[tuple[str, str], Fraction] = {}
        for piece in self.pieces:
            key = (piece.stretch.plan.pay_code, piece.assignment.cost_centre)
            exact[key] = exact.get(key, _NOTHING) + piece.amount
        parts = self.amount.split(list(exact.values()))
        return tuple(Line(*key, part) for key, part in zip(exact, parts, strict=True))


@dataclass(frozen=True, slots=True)
class Hold:
    """A person who gets no payout before something is decided or mended: why, and what would lift it."""

    employee: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Outside:
    """A person who was employed in the quarter and whom no plan pays."""

    employee: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Run:
    """One calculation of one quarter. Everything stands in the order of employee numbers.

    `metrics` and `round_to` are the definitions and the steps that it was calculated with, whatever they are by now.
    """

    quarter: Quarter
    payouts: tuple[Payout, ...]
    held: tuple[Hold, ...]
    outside: tuple[Outside, ...]
    problems: tuple[Problem, ...]
    metrics: tuple[Metric, ...]
    round_to: tuple[tuple[str, Fraction], ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """What a run was made of, by whom and when."""

    inputs_sha256: str
    engine: str
    plans: tuple[str, ...]
    calculated_by: str
    calculated_at: datetime


@dataclass(frozen=True, slots=True)
class StoredRun:
    """One stored run: which it is and who made it."""

    id: int
    quarter: Quarter
    number: int
    origin: Origin

    @property
    def name(self) -> str:
        """What names the run among all: `2026-Q2/3`."""
        return f"{self.quarter}/{self.number}"


class RunName(NamedTuple):
    """How a run is named: `2026-Q2/3`, or `2026-Q2` for the last run of the quarter."""

    quarter: Quarter
    number: int | None = None

    @classmethod
    def parse(cls, text: str) -> "RunName":
        """Read `2026-Q2/3` or `2026-Q2`. Raises `ValueError` with a sentence for the user."""
        match = _RUN_NAME.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a run; write it like 2026-Q3/2, or 2026-Q3 for the last of the quarter")
        return cls(Quarter.parse(match[1]), int(match[2]) if match[2] else None)

    def __str__(self) -> str:
        """The run as it is written in addresses and on the command line."""
        return f"{self.quarter}/{self.number}" if self.number else str(self.quarter)
