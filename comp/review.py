"""The review of a team's pay: what a manager saw of each person, what they said of it, and what marks a row."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import Any

from comp.money import Money
from comp.results import Payout
from comp.settlement import LineKind, Settled, document

UNUSUAL = Fraction(1, 2)
"""From which share of the pay of the quarter before on a change is unusual."""


class Said(StrEnum):
    """What somebody says of a row: a manager confirms it or sends it back, HR answers."""

    CONFIRM = "confirm"
    SEND_BACK = "send back"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was said last of somebody's pay, by whom, and the hash of what they saw."""

    said: Said
    sha256: str
    by: str
    at: datetime
    words: str = ""


class Standing(StrEnum):
    """Where a row stands. One that changed since it was confirmed is to be confirmed again."""

    TO_CONFIRM = "to confirm"
    CHANGED = "changed since"
    SENT_BACK = "sent back"
    CONFIRMED = "confirmed"
    NOT_PAID = "not paid"


def row_sha256(run: str, settled: Iterable[Settled]) -> str:
    """The hash of what one person is paid, in all currencies: the run, and every line."""
    text = "".join(document(each) for each in settled)
    return hashlib.sha256(f"{run}\n{text}".encode()).hexdigest()


def standing(sha256: str, mark: Mark | None) -> Standing:
    """Where a row stands that has a hash now and of which something was said last, or nothing."""
    if mark is None or mark.said is Said.ANSWER:
        return Standing.TO_CONFIRM
    if mark.said is Said.SEND_BACK:
        return Standing.SENT_BACK
    return Standing.CONFIRMED if mark.sha256 == sha256 else Standing.CHANGED


@dataclass(frozen=True, slots=True)
class Row:
    """One person's pay in one currency, as a manager reviews it.

    `earned` is what the run gave, `adjusted` what approved adjustments add to it, `proposed` what undecided ones would.
    `scores` are what the last unit was paid on, each metric with its score as text;
    `before` is the pay of the quarter before.
    Somebody whom the run holds has no amounts, and why stands in `held`.
    """

    employee: str
    name: str
    manager: str
    unit: str
    sha256: str
    standing: Standing
    currency: str = ""
    target: Money | None = None
    scores: tuple[tuple[str, str], ...] = ()
    attainment: Fraction | None = None
    earned: Money | None = None
    adjusted: Money | None = None
    proposed: Money | None = None
    payable: Money | None = None
    before: Money | None = None
    flags: tuple[str, ...] = ()
    held: str = ""
    mark: Mark | None = None
    needs_me: bool = False

    @property
    def change(self) -> Money | None:
        """What is paid more than in the quarter before; None where nothing was paid then."""
        if self.payable is None or self.before is None:
            return None
        return Money(self.payable.minor - self.before.minor, self.payable.currency)

    @property
    def is_open(self) -> bool:
        """Whether somebody has to confirm it."""
        return self.standing in {Standing.TO_CONFIRM, Standing.CHANGED}

    @property
    def is_bulk(self) -> bool:
        """Whether it may be confirmed together with others: it is open, and nothing is remarkable about it."""
        return self.is_open and not self.flags


def is_unusual(payable: Money, before: Money | None) -> bool:
    """Whether pay changed by more than half of what it was in the quarter before."""
    return before is not None and abs(payable.minor - before.minor) > UNUSUAL * abs(before.minor)


def payout_flags(payout: Payout) -> tuple[str, ...]:
    """What is remarkable about a payout."""
    return tuple(_payout_flags(payout))


def _payout_flags(payout: Payout) -> Iterator[str]:
    stretches = [piece.stretch for piece in payout.pieces]
    if any(stretch.forfeited for stretch in stretches):
        yield "not eligible"
    if len({piece.assignment.unit for piece in payout.pieces}) > 1:
        yield "moved"
    if any(stretch.absent for stretch in stretches):
        yield "absent"
    if any(each.attainment.total == each.plan.cap != each.attainment.earned for each in stretches):
        yield "capped"


class Show(StrEnum):
    """Which rows of a team are shown."""

    NEEDS_ME = "needs-me"
    OPEN = "open"
    FLAGGED = "flagged"
    ADJUSTED = "adjusted"
    SENT_BACK = "sent-back"
    CONFIRMED = "confirmed"
    ALL = "all"


_SHOWN: Mapping[Show, Callable[[Row], bool]] = {
    Show.NEEDS_ME: lambda row: row.needs_me,
    Show.OPEN: lambda row: row.is_open,
    Show.FLAGGED: lambda row: bool(row.flags),
    Show.ADJUSTED: lambda row: any(each and each.minor for each in (row.adjusted, row.proposed)),
    Show.SENT_BACK: lambda row: row.standing is Standing.SENT_BACK,
    Show.CONFIRMED: lambda row: row.standing is Standing.CONFIRMED,
    Show.ALL: lambda _row: True,
}


class Sort(StrEnum):
    """By what the rows of a team are sorted."""

    NAME = "name"
    UNIT = "unit"
    PAYABLE = "payable"
    CHANGE = "change"
    ATTAINMENT = "attainment"


def _minor(amount: Money | None) -> int:
    return amount.minor if amount else 0


_SORTED: Mapping[Sort, Callable[[Row], Any]] = {  # each sorts by what it likes
    Sort.NAME: lambda row: row.name.casefold(),
    Sort.UNIT: lambda row: row.unit.casefold(),
    Sort.PAYABLE: lambda row: (row.currency, -_minor(row.payable)),
    Sort.CHANGE: lambda row: (row.currency, -abs(_minor(row.change))),
    Sort.ATTAINMENT: lambda row: -(row.attainment or Fraction(0)),
}


def arranged(rows: Iterable[Row], show: Show, sort: Sort, search: str = "") -> tuple[Row, ...]:
    """The rows that are to be shown, in order, then by employee. `search` looks in numbers and names."""
    wanted = search.strip().casefold()
    found = [row for row in rows if _SHOWN[show](row) and wanted in f"{row.employee} {row.name}".casefold()]
    return tuple(sorted(found, key=lambda row: (_SORTED[sort](row), row.employee, row.currency)))


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows that are confirmed together: how many people, what they are paid, and the hash of it all."""

    rows: tuple[Row, ...]

    @property
    def people(self) -> tuple[str, ...]:
        """The employees, each once."""
        return tuple(dict.fromkeys(row.employee for row in self.rows))

    @property
    def totals(self) -> tuple[Money, ...]:
        """What is paid in each currency."""
        return totals(self.rows)

    @property
    def sha256(self) -> str:
        """The hash of what is confirmed: of whom, and what each is paid."""
        lines = sorted({f"{row.employee} {row.sha256}\n" for row in self.rows})
        return hashlib.sha256("".join(lines).encode()).hexdigest()

    @property
    def words(self) -> str:
        """How many people there are, and what they are paid, as text."""
        count = len(self.people)
        amounts = ", ".join(f"{total} {total.currency}" for total in self.totals)
        return f"{count} {'person' if count == 1 else 'people'}{f', {amounts}' if amounts else ''}"


def selected(rows: Iterable[Row], employees: Iterable[str] | None) -> Selection:
    """The rows that may be confirmed together, of some employees or of all."""
    wanted = None if employees is None else set(employees)
    return Selection(tuple(row for row in rows if row.is_bulk and (wanted is None or row.employee in wanted)))


def totals(rows: Iterable[Row], of: str = "payable") -> tuple[Money, ...]:
    """What an amount of rows comes to in each currency."""
    found: dict[str, int] = {}
    for row in rows:
        amount: Money | None = getattr(row, of)
        if amount is not None:
            found[amount.currency] = found.get(amount.currency, 0) + amount.minor
    return tuple(Money(minor, currency) for currency, minor in sorted(found.items()))


@dataclass(frozen=True, slots=True)
class TeamProgress:
    """How far the review of the people who answer to one manager is; `adjustments` are undecided."""

    manager: str
    name: str
    people: int
    confirmed: int
    sent_back: int
    adjustments: int

    @property
    def is_done(self) -> bool:
        """Whether everybody is confirmed and nothing waits to be decided."""
        return self.confirmed == self.people and not self.adjustments

    @property
    def missing(self) -> int:
        """How many people nobody has confirmed, or sent back."""
        return self.people - self.confirmed - self.sent_back


def progress_of(
    standings: Mapping[str, Standing], managers: Mapping[str, tuple[str, str]], undecided: Sequence[str]
) -> tuple[TeamProgress, ...]:
    """How far each team is: by employee where they stand, their manager's number and name, and whose is undecided."""
    found: dict[tuple[str, str], TeamProgress] = {}
    for employee, where in standings.items():
        key = managers.get(employee)
        if key is None:
            continue
        seen = found.get(key) or TeamProgress(*key, 0, 0, 0, 0)
        found[key] = replace(
            seen,
            people=seen.people + 1,
            confirmed=seen.confirmed + (where is Standing.CONFIRMED),
            sent_back=seen.sent_back + (where is Standing.SENT_BACK),
            adjustments=seen.adjustments + undecided.count(employee),
        )
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[1].casefold(), key[0])))


def adjusted(settled: Settled) -> Money:
    """What approved adjustments add to somebody's pay."""
    return settled.of_kind(LineKind.ADJUSTMENT)
