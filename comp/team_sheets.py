"""What a team's workbook is made of: a row for each person and currency, the rules behind it, and what rows come to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from comp.money import Money
from comp.pay_rows import RuleRow, attained_parts, counted_days, rule_rows
from comp.results import Payout, StoredRun
from comp.review import Row, Standing
from comp.scores import Metric
from comp.settlement import Key


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One person's pay in one currency. `attained` is by component; `added` what is neither earned nor an adjustment.

    Of somebody whom the run holds, or who is paid for another quarter only, there are no days.
    """

    row: Row
    days: Fraction | None
    days_in_quarter: int | None
    attained: Mapping[str, Fraction]
    added: Money | None


@dataclass(frozen=True, slots=True)
class TeamTotal:
    """What a team's rows come to in one currency."""

    currency: str
    people: int
    target: Money
    earned: Money
    adjusted: Money
    added: Money
    payable: Money


@dataclass(frozen=True, slots=True)
class TeamSheets:
    """The content of a team's workbook, as somebody may see it. `state` is the quarter's, `people` everybody below.

    `is_direct` says that the tree is too large to be listed whole: who answers to the manager directly stands in it.
    """

    run: StoredRun
    state: str
    manager: str
    name: str
    people: int
    is_direct: bool
    lines: tuple[TeamLine, ...]
    rules: tuple[RuleRow, ...]
    metrics: tuple[Metric, ...]
    units: Mapping[str, str]
    made_by: str
    made_at: datetime

    @property
    def components(self) -> tuple[str, ...]:
        """The names of all components, in the order in which they are met."""
        return tuple(dict.fromkeys(name for line in self.lines for name in line.attained))

    @property
    def totals(self) -> tuple[TeamTotal, ...]:
        """What the rows come to, by currency: amounts of different currencies are never added up."""
        currencies = sorted({line.row.currency for line in self.lines if line.row.currency})
        return tuple(_total(currency, self.lines) for currency in currencies)

    @property
    def standings(self) -> dict[Standing, int]:
        """How many people stand where in the review."""
        found = {line.row.employee: line.row.standing for line in self.lines}
        return {each: sum(one is each for one in found.values()) for each in Standing}

    @property
    def held(self) -> int:
        """How many people the run holds."""
        return sum(bool(line.row.held) for line in self.lines)

    @property
    def listed(self) -> int:
        """How many people have a row."""
        return len({line.row.employee for line in self.lines})

    @property
    def file_name(self) -> str:
        """The name under which the workbook is saved."""
        return f"team-{self.run.quarter}-{self.manager}.xlsx"


def team_lines(rows: Iterable[Row], payouts: Iterable[Payout]) -> tuple[TeamLine, ...]:
    """The rows of a review with what the run knows of each."""
    known = {Key(payout.employee, payout.amount.currency): payout for payout in payouts}
    return tuple(_line(row, known.get(Key(row.employee, row.currency))) for row in rows)


def team_rules(lines: Iterable[TeamLine], payouts: Iterable[Payout]) -> tuple[RuleRow, ...]:
    """The rules behind the payouts of those who have a row, in the order of the rows."""
    known = {Key(payout.employee, payout.amount.currency): payout for payout in payouts}
    keys = (Key(line.row.employee, line.row.currency) for line in lines)
    return tuple(rule for key in keys if key in known for rule in rule_rows(known[key]))


def _line(row: Row, payout: Payout | None) -> TeamLine:
    if payout is None:
        return TeamLine(row, None, None, {}, _added(row))
    days = payout.pieces[0].stretch.days_in_quarter
    return TeamLine(row, counted_days(payout), days, attained_parts(payout), _added(row))


def _added(row: Row) -> Money | None:
    if row.payable is None or row.earned is None or row.adjusted is None:
        return None
    return Money(row.payable.minor - row.earned.minor - row.adjusted.minor, row.currency)


def _total(currency: str, lines: Iterable[TeamLine]) -> TeamTotal:
    ours = [line for line in lines if line.row.currency == currency]

    def together(amounts: Iterable[Money | None]) -> Money:
        return Money(sum(amount.minor for amount in amounts if amount), currency)

    return TeamTotal(
        currency,
        len(ours),
        together(line.row.target for line in ours),
        together(line.row.earned for line in ours),
        together(line.row.adjusted for line in ours),
        together(line.added for line in ours),
        together(line.row.payable for line in ours),
    )
