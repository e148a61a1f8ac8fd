"""What is known of a payroll batch once it is released: what it held, its files, and whether it was paid so."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from comp.paid_check import AnswerKind, Difference
from comp.periods import Quarter

_NAME = re.compile(r"(\d{4}-Q[1-4])-B([1-9]\d{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Release:
    """A batch: what it is made of, who approved and released it, and the hashes by which both sides know it."""

    name: str
    quarter: Quarter
    number: int
    run_id: int
    approved_by: str
    released_by: str
    released_at: datetime
    approved_sha256: str
    settlement_sha256: str
    content_sha256: str
    employees_sha256: str
    people: int
    lines: int
    pay_date: date
    payroll_number: str
    anchor: str


class ReleasedFile(NamedTuple):
    """A file of a batch without its bytes. `layout` is `workbook` for the payroll workbook."""

    layout: str
    name: str
    sha256: str
    size: int


class MadeFile(NamedTuple):
    """A file that was made for a batch and is not stored yet."""

    layout: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Hold:
    """One person's pay of a quarter that is held back, and who lifted it; nobody where it still is."""

    id: int
    quarter: Quarter
    employee: str
    why: str
    held_by: str
    held_at: datetime
    lifted_by: str | None = None
    lifted_at: datetime | None = None
    lifted_words: str = ""


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What payroll said that it paid of a batch: typed back, or by a file."""

    release: str
    how: str
    rows: int
    differences: int
    by: str
    at: datetime
    file_sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody said of a difference."""

    kind: AnswerKind
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Followed:
    """A difference with everything that was said of it; the last answer counts."""

    id: int
    release: str
    difference: Difference
    answers: tuple[Answer, ...]

    @property
    def is_settled(self) -> bool:
        """Whether it keeps nobody from closing the quarter."""
        return bool(self.answers) and self.answers[-1].kind is not AnswerKind.OUTSTANDING


def read_batch_name(text: str) -> tuple[Quarter, int]:
    """The quarter and number in `2026-Q2-B1`. Raises `ValueError` with a sentence for the user."""
    match = _NAME.fullmatch(text.strip())
    if not match:
        raise ValueError(f"{text!r} is not a batch; write it like 2026-Q2-B1, as `loyaltypay release list` prints it")
    return Quarter.parse(match[1]), int(match[2])
