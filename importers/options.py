"""What the person who imports says about a file, and what the company knows that reading needs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from comp.periods import FiscalCalendar
from comp.scores import STANDARD_QUESTIONS, Question


@dataclass(frozen=True, slots=True)
class Options:
    """`columns` maps a file's columns to fields or questions; `unit` is given to every row that names none."""

    columns: Mapping[str, str] = field(default_factory=dict)
    unit: str | None = None
    date_order: str | None = None
    questions: tuple[Question, ...] = STANDARD_QUESTIONS
    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
