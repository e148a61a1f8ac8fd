"""What importers hand over: typed records with the line that each came from, and all that is wrong with the file.

`to` and `left` are already first days after, as everywhere in code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Protocol

from comp.errors import Problem
from comp.periods import Period, Quarter, Span
from comp.scores import Metric, Question


class Kind(StrEnum):
    """What a file may bring."""

    UNITS = "units"
    PEOPLE = "people"
    ABSENCES = "absences"
    ANSWERS = "answers"
    RESULTS = "results"
    PERSONAL_RESULTS = "personal-results"
    TARGETS = "targets"
    METRICS = "metrics"


class Record(Protocol):
    """A row of a file."""

    @property
    def line(self) -> int:
        """The line of the file on which the row begins."""


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A business unit."""

    line: int
    unit: str
    name: str
    parent: str | None = None
    loyalty_lead: str | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """One assignment of an employee, with what the row says of the employee."""

    line: int
    employee: str
    name: str
    unit: str
    span: Span
    currency: str
    email: str | None = None
    manager: str | None = None
    grade: str = ""
    annual_salary: Fraction | None = None
    target_percent: Fraction | None = None
    target_amount: Fraction | None = None
    fte: Fraction = Fraction(1)
    cost_centre: str = ""
    hired: date | None = None
    left: date | None = None
    leaving_reason: str = ""

    @property
    def own(self) -> tuple[object, ...]:
        """What the row says of the employee, whatever the assignment."""
        return (self.name, self.email, self.hired, self.left, self.leaving_reason)


@dataclass(frozen=True, slots=True)
class AbsenceRecord:
    """Days away from work."""

    line: int
    employee: str
    span: Span
    kind: str


@dataclass(frozen=True, slots=True)
class ResponseRecord:
    """One customer's return of one survey. `customer` is as the file has it, to be hashed before it is stored."""

    line: int
    key: str
    unit: str
    answered_on: date
    answers: tuple[tuple[str, int], ...]
    touchpoint: str = ""
    segment: str = ""
    customer: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class ResultRecord:
    """A stated value, or the counts of the three groups of a Net Promoter Score."""

    line: int
    unit: str
    quarter: Quarter
    metric: str
    value: Fraction | None = None
    answers: int | None = None
    groups: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class PersonalResultRecord:
    """A stated result of one person."""

    line: int
    employee: str
    quarter: Quarter
    metric: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class TargetRecord:
    """What a unit aims at."""

    line: int
    unit: str
    period: Period
    metric: str
    target: Fraction


@dataclass(frozen=True, slots=True)
class DefinitionRecord:
    """A question or a metric that a metrics file defines, and the quarter from which it says that this holds."""

    line: int
    definition: Question | Metric
    starts: Quarter | None = None


AnyRecord = (
    UnitRecord
    | PersonRecord
    | AbsenceRecord
    | ResponseRecord
    | ResultRecord
    | PersonalResultRecord
    | TargetRecord
    | DefinitionRecord
)


@dataclass(frozen=True, slots=True)
class UnreadColumn:
    """A column of answers that was left out because no question describes it, and what it looked like."""

    name: str
    answers: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Intake:
    """A file as an importer read it.

    `tool` is what the file was recognised as. `rows` counts its data rows; `dropped` how many of them were left out and
    why. `problems` stand against taking the file; `warnings` do not. `unread` are columns that may be questions.
    """

    kind: Kind
    tool: str
    file_name: str
    sha256: str
    rows: int
    records: tuple[AnyRecord, ...]
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    dropped: Mapping[str, int] = field(default_factory=dict)
    unread: tuple[UnreadColumn, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """One accepted file and what it changed. `number` is 0 before it is stored."""

    kind: str
    tool: str
    file_name: str
    sha256: str
    rows: int
    new: int
    changed: int
    unchanged: int
    dropped: dict[str, int]
    accepted_by: str
    accepted_at: datetime
    number: int = 0
