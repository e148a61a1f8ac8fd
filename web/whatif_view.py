"""What the what-if page shows of an estimate: rows whose rounded amounts add up, and where the bars of charts lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from comp.intervals import Interval
from comp.money import Money, paid
from comp.services.whatif import Depth
from comp.whatif import Cost, Estimate, UnitCost
from comp.whatif_scores import Band
from web.charts import IntervalChart, interval_chart

_MOST_UNITS = 60
_WIDTH, _HEIGHT = 340.0, 96.0
_LAST = 15


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit's cost and its change in one currency, rounded so that the columns add up."""

    unit: UnitCost
    before: Money
    change: Money

    @property
    def after(self) -> Money:
        """What the unit would cost."""
        return Money(self.before.minor + self.change.minor, self.before.currency)


@dataclass(frozen=True, slots=True)
class CurrencyView:
    """One currency of an estimate: its cost, the budget's bar where there is one, and its units, most changed first.

    `left_out` counts units that the table has no room for.
    """

    cost: Cost
    before: Money
    after: Money
    units: tuple[UnitRow, ...]
    left_out: int
    bar: "BudgetBar | None"

    @property
    def change(self) -> Money:
        """What the change costs."""
        return Money(self.after.minor - self.before.minor, self.after.currency)

    @property
    def percent(self) -> Fraction | None:
        """The change as a share of the cost before."""
        return self.cost.change / self.cost.before if self.cost.before else None


@dataclass(frozen=True, slots=True)
class BudgetBar:
    """A bar for the cost on a line as long as the budget or the cost, and what is left."""

    budget: Money
    left: Money
    before: float
    after: float
    mark: float


def currency_views(estimate: Estimate, budget: Money | None) -> list[CurrencyView]:
    """The estimate currency by currency."""
    return [_currency_view(estimate, cost, budget) for cost in estimate.costs]


def _currency_view(estimate: Estimate, cost: Cost, budget: Money | None) -> CurrencyView:
    before, after = _rounded(cost.before, cost.currency), _rounded(cost.after, cost.currency)
    units = [unit for unit in estimate.units if unit.currency == cost.currency]
    befores = before.split([unit.before for unit in units])
    change = Money(after.minor - before.minor, cost.currency)
    changes = change.split([unit.after - unit.before for unit in units])
    rows = [UnitRow(*each) for each in zip(units, befores, changes, strict=True)]
    rows.sort(key=lambda row: (-abs(row.unit.after - row.unit.before), row.unit.name))
    bar = _bar(before, after, budget) if budget and budget.currency == cost.currency else None
    return CurrencyView(cost, before, after, tuple(rows[:_MOST_UNITS]), len(rows[_MOST_UNITS:]), bar)


def _rounded(amount: Fraction, currency: str) -> Money:
    return paid(amount.numerator, amount.denominator, currency)


def _bar(before: Money, after: Money, budget: Money) -> BudgetBar:
    reach = _WIDTH / (max(before.minor, after.minor, budget.minor) * 1.04 or 1)
    widths = (round(each.minor * reach, 1) for each in (before, after, budget))
    return BudgetBar(budget, Money(budget.minor - after.minor, budget.currency), *widths)


@dataclass(frozen=True, slots=True)
class Tenth:
    """Two bars of a histogram: how many payouts lay in a tenth of the target, and how many would."""

    start: int
    before: int
    after: int
    x: float
    before_height: float
    after_height: float


@dataclass(frozen=True, slots=True)
class Spread:
    """How payouts spread before and after, tenth by tenth of the target. The last tenth has all beyond it."""

    tenths: tuple[Tenth, ...]
    bar_width: float


def spread(estimate: Estimate) -> Spread:
    """The histogram of both sides."""
    before, after = (_cut(counts) for counts in (estimate.tenths_before, estimate.tenths_after))
    last = max([_LAST, *before, *after])
    room = _WIDTH / (last + 1)
    tallest = max([1, *before.values(), *after.values()])
    tenths = (
        Tenth(
            tenth * 10,
            before.get(tenth, 0),
            after.get(tenth, 0),
            round(tenth * room + 1, 1),
            round(before.get(tenth, 0) / tallest * _HEIGHT, 1),
            round(after.get(tenth, 0) / tallest * _HEIGHT, 1),
        )
        for tenth in range(last + 1)
    )
    return Spread(tuple(tenths), round(max((room - 3) / 2, 1.0), 1))


def _cut(counts: Mapping[int, int], last: int = 30) -> dict[int, int]:
    """The counts with everything beyond a last tenth in it."""
    found: dict[int, int] = {}
    for tenth, count in counts.items():
        found[min(tenth, last)] = found.get(min(tenth, last), 0) + count
    return found


@dataclass(frozen=True, slots=True)
class BandRow:
    """The band of a cost on one side, rounded, with its drawing."""

    side: str
    low: Money
    expected: Money
    high: Money
    chart: IntervalChart


def band_rows(depth: Depth) -> list[BandRow]:
    """The bands of all currencies, before and after on one scale."""
    if depth.bands is None:
        return []
    sides = [("now", band) for band in depth.bands.before] + [("then", band) for band in depth.bands.after]
    sides.sort(key=lambda side: side[1].currency)
    return [
        _band_row(side, band, [each for _, each in sides if each.currency == band.currency]) for side, band in sides
    ]


def _band_row(side: str, band: Band, alike: list[Band]) -> BandRow:
    shown = [_rounded(Fraction(amount), band.currency) for amount in (band.low, band.expected, band.high)]
    low, high = min(each.low for each in alike), max(each.high for each in alike)
    room = (high - low or 1) * 0.06
    limits = low - room, high + room
    chart = interval_chart(Fraction(band.expected), Interval(band.low, band.high), None, limits, 200)
    return BandRow(side, shown[0], shown[1], shown[2], chart)
