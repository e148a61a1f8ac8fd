"""The `Rules` sheet: every number of the plans, one row each, for the formulas of `Trace` to point at."""

from collections.abc import Iterator
from fractions import Fraction

from openpyxl.utils import get_column_letter

from comp.curves import Curve, Shape
from comp.money import minor_unit_decimals
from comp.plan import TOTAL, Gate, Measure, Modifier, Plan, Reading
from comp.sheets import PayrollSheets
from exports.cells import PERCENT_FORMAT, Sheet, Styled, Value, add_header, add_row

SHEET = "Rules"
Key = tuple[str | int, ...]

_TITLES = (
    "Plan version",
    "Part",
    "Rule",
    "Metric",
    "Share or weight",
    "Cap",
    "At least",
    "At most",
    "Read along",
    "Shape",
    "Below",
    "Above",
    "Better",
    "Measured at",
    "Fewest answers",
    "With fewer",
)
_SHARE, _CAP, _AT_LEAST, _AT_MOST, _BELOW = (
    get_column_letter(_TITLES.index(title) + 1) for title in ("Share or weight", "Cap", "At least", "At most", "Below")
)
_FIRST_POINT = len(_TITLES) + 1


class Rules:
    """The rows of the sheet, and where each number of a plan stands on it."""

    def __init__(self, sheets: PayrollSheets) -> None:
        self._better = {metric.id: metric.better for metric in sheets.metrics}
        self._most_points = max((len(curve.points) for plan in sheets.plans for curve in _curves(plan)), default=1)
        self._rows: list[list[Value | Styled]] = []
        self._places: dict[Key, int] = {}
        for plan in sheets.plans:
            self._add_plan(plan)
        steps = dict(sheets.round_to)
        for currency in sorted({payout.amount.currency for payout in sheets.payouts}):
            step = steps.get(currency, Fraction(1, 10 ** minor_unit_decimals(currency)))
            self._add(("rounding", currency), ["", "", "rounding, half up", currency, step])

    def share(self, *key: str | int) -> str:
        """Where a share, weight or rounding step stands."""
        return self._at(_SHARE, key)

    def cap(self, *key: str | int) -> str:
        """Where a cap stands."""
        return self._at(_CAP, key)

    def at_least(self, *key: str | int) -> str:
        """Where a gate's lower limit stands."""
        return self._at(_AT_LEAST, key)

    def at_most(self, *key: str | int) -> str:
        """Where a gate's upper limit stands."""
        return self._at(_AT_MOST, key)

    def below(self, *key: str | int) -> str:
        """Where what a curve pays below its first point stands."""
        return self._at(_BELOW, key)

    def xs(self, count: int, *key: str | int) -> str:
        """The cells of a curve's points on the x axis."""
        return self._range(_FIRST_POINT, count, key)

    def heights(self, count: int, *key: str | int) -> str:
        """The cells of what a curve pays at its points."""
        return self._range(_FIRST_POINT + self._most_points, count, key)

    def write(self, sheet: Sheet) -> int:
        """Write the sheet; gives its number of rows."""
        points = range(1, self._most_points + 1)
        add_header(sheet, [*_TITLES, *(f"Score {n}" for n in points), *(f"pays {n}" for n in points)])
        for row in self._rows:
            add_row(sheet, row)
        return len(self._rows) + 1

    def _at(self, column: str, key: Key) -> str:
        return f"{SHEET}!${column}${self._places[key]}"

    def _range(self, first: int, count: int, key: Key) -> str:
        row = self._places[key]
        return f"{SHEET}!${get_column_letter(first)}${row}:${get_column_letter(first + count - 1)}${row}"

    def _add(self, key: Key, row: list[Value | Styled]) -> None:
        self._places[key] = len(self._rows) + 2
        self._rows.append(row)

    def _add_plan(self, plan: Plan) -> None:
        version = plan.version
        self._add(("plan", version), [version, TOTAL, f"plan: {plan.name}", "", "", _percent(plan.cap)])
        for number, share in enumerate(plan.quarter_shares, start=1):
            self._add(("quarter", version, number), [version, "", f"share of the year, Q{number}", "", _percent(share)])
        for component in plan.components:
            limits = [_percent(component.share), _percent(component.cap)]
            row = [version, component.id, f"component: {component.name}", "", *limits]
            self._add(("component", version, component.id), row)
            for place, measure in enumerate(component.measures):
                key = ("measure", version, component.id, place)
                self._add(key, self._measure(version, component.id, measure))
        for place, gate in enumerate(plan.gates):
            self._add(("gate", version, place), self._gate(version, gate))
        for place, modifier in enumerate(plan.modifiers):
            self._add(("modifier", version, place), self._modifier(version, modifier))

    def _measure(self, version: str, part: str, measure: Measure) -> list[Value | Styled]:
        metric, weight = measure.reading.metric, _percent(measure.weight)
        row: list[Value | Styled] = [version, part, "measure", metric, weight, "", "", ""]
        return [
            *row,
            *self._curve(measure.curve, metric),
            *_reading(measure.reading),
            *self._points(measure.curve, metric),
        ]

    def _gate(self, version: str, gate: Gate) -> list[Value | Styled]:
        limits: list[Value | Styled] = [_percent(gate.cap), gate.at_least, gate.at_most]
        return [version, gate.on, "gate", gate.reading.metric, "", *limits, "", "", "", "", "", *_reading(gate.reading)]

    def _modifier(self, version: str, modifier: Modifier) -> list[Value | Styled]:
        metric = modifier.reading.metric
        row: list[Value | Styled] = [version, modifier.on, "modifier", metric, "", "", "", ""]
        curve = modifier.curve
        return [*row, *self._curve(curve, metric), *_reading(modifier.reading), *self._points(curve, metric)]

    def _curve(self, curve: Curve, metric: str) -> list[Value | Styled]:
        above = "goes on along the last slope" if curve.extends else "pays the last point"
        shape = "steps" if curve.shape is Shape.STEP else "lines"
        return [str(curve.axis), shape, _percent(curve.below), above, self._better.get(metric, "")]

    def _points(self, curve: Curve, metric: str) -> list[Value | Styled]:
        points = curve.from_worst(self._better.get(metric, "higher"))
        rest: list[Value | Styled] = [None] * (self._most_points - len(points))
        heights: list[Value | Styled] = [_percent(height) for _, height in points]
        return [*(x for x, _ in points), *rest, *heights, *rest]


def _curves(plan: Plan) -> Iterator[Curve]:
    for component in plan.components:
        yield from (measure.curve for measure in component.measures)
    yield from (modifier.curve for modifier in plan.modifiers)


def _reading(reading: Reading) -> list[Value | Styled]:
    return [reading.measured_at, reading.min_answers, ", ".join(reading.too_few)]


def _percent(ratio: Fraction | None) -> Value | Styled:
    return None if ratio is None else Styled(ratio, PERCENT_FORMAT)
