"""The `Trace` sheets: every piece × measure with its inputs, and live formulas that come to the payout again.

A formula stands beside each of the engine's results and a check column compares them, so that anybody can change a
weight on `Rules` and see what would be paid.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from openpyxl.utils import get_column_letter

from comp.attainment import GateResult, MeasureResult, ModifierResult
from comp.curves import Curve
from comp.intervals import score_interval
from comp.money import minor_unit_decimals
from comp.plan import TOTAL, Component, Gate, Modifier, Plan
from comp.results import Payout, Piece
from comp.scores import Score
from comp.settlement import Key
from comp.sheets import PayrollSheets
from exports.cells import (
    COUNT_FORMAT,
    PERCENT_FORMAT,
    RIGHT,
    Content,
    Formula,
    Sheet,
    Styled,
    add_row,
    decimals_format,
    money_format,
)
from exports.curve_formulas import CurveCells, gives, point_reached, read_along
from exports.layout import Column
from exports.rules_sheet import Key as RuleKey
from exports.rules_sheet import Rules

_COLUMNS = (
    Column("Employee", 11),
    Column("Name", 20),
    Column("Currency", 10),
    Column("From", 11),
    Column("To", 11),
    Column("Unit", 10),
    Column("Plan version", 20),
    Column("Part", 12),
    Column("Rule", 22),
    Column("Metric", 12),
    Column("Measured at", 12),
    Column("Basis", 12),
    Column("Score", 10, is_number=True),
    Column("Answers", 10, is_number=True),
    Column("Interval from", 10, is_number=True),
    Column("Interval to", 10, is_number=True),
    Column("Target of the metric", 11, is_number=True),
    Column("Read along", 11, is_number=True),
    Column("Point reached", 10, is_number=True),
    Column("Gives", 11, is_number=True),
    Column("Weight", 10, is_number=True),
    Column("Part attains", 11, is_number=True),
    Column("Share of pay", 10, is_number=True),
    Column("Total attains", 11, is_number=True),
    Column("Salary", 14, is_number=True),
    Column("Target %", 10, is_number=True),
    Column("Target amount", 13, is_number=True),
    Column("FTE", 8, is_number=True),
    Column("Annual target", 14, is_number=True),
    Column("Share of year", 10, is_number=True),
    Column("Days counted", 10, is_number=True),
    Column("Days in quarter", 10, is_number=True),
    Column("Eligible", 10, is_number=True),
    Column("Piece earns", 17, is_number=True),
    Column("Payout by formula", 14, is_number=True),
    Column("Payout", 14, is_number=True),
    Column("Check", 9, is_number=True),
)
_TITLES = tuple(column.title for column in _COLUMNS)
_LETTERS = {title: get_column_letter(place) for place, title in enumerate(_TITLES, start=1)}
CHECK = _LETTERS["Check"]
_ATTAINS = PERCENT_FORMAT
_INTERVAL, _EARNS = "#,##0.0", "#,##0.00####"
_NUDGE = "(1+1E-13)"
"""Lifts a half that binary numbers hold a hair too low, `209587.49999999997`, back to where it rounds up."""

Row = dict[str, Content]


def trace_columns(sheets: PayrollSheets) -> list[Column]:
    """The columns of the trace sheets, as wide as what stands in them."""
    pieces = [piece for payout in sheets.payouts for piece in payout.pieces]
    texts: dict[str, Iterable[str]] = {
        "Employee": (payout.employee for payout in sheets.payouts),
        "Name": (payout.name for payout in sheets.payouts),
        "Unit": (piece.assignment.unit for piece in pieces),
        "Plan version": (plan.version for plan in sheets.plans),
        "Part": (component.name for plan in sheets.plans for component in plan.components),
        "Metric": (reading.metric for plan in sheets.plans for reading in plan.readings()),
    }
    return [column.fitted(texts.get(column.title, ())) for column in _COLUMNS]


@dataclass(slots=True)
class _Block:
    """The rows of one piece, of which `first` is the first on the sheet."""

    first: int
    rows: list[Row] = field(default_factory=list)

    @property
    def next(self) -> int:
        """The sheet's row that the next row of the block will be."""
        return self.first + len(self.rows)

    def at(self, title: str, row: int | None = None) -> str:
        """The cell of a column, in the block's first row unless another is named."""
        return f"{_LETTERS[title]}{self.first if row is None else row}"


class Trace:
    """Writes trace rows, each payout's together."""

    def __init__(self, sheets: PayrollSheets, rules: Rules, most_rows: int, told: Callable[[int, int], object]) -> None:
        self._sheets = sheets
        self._rules = rules
        self._most_rows, self._told = most_rows, told
        self._metrics = {metric.id: metric for metric in sheets.metrics}
        self._written = 0
        self.payouts: dict[Key, str] = {}

    def write(self, sheet: Sheet, title: str) -> int:
        """Write payouts under the header until the sheet is full or all are written; gives the number of rows.

        Which cell has which payout by formula is kept in `payouts`, as formulas on other sheets name it.
        """
        last = 1
        for payout in self._sheets.payouts[self._written :]:
            rows = self._payout(payout, last + 1)
            if last + len(rows) > self._most_rows:
                break
            for row in rows:
                add_row(sheet, [row.get(title) for title in _TITLES])
            whose = Key(payout.employee, payout.amount.currency)
            self.payouts[whose] = f"'{title}'!{_LETTERS['Payout by formula']}{last + 1}"
            last += len(rows)
            self._written += 1
            self._told(self._written, len(self._sheets.payouts))
        return last - 1

    @property
    def is_complete(self) -> bool:
        """Whether every payout was written."""
        return self._written == len(self._sheets.payouts)

    def _payout(self, payout: Payout, first: int) -> list[Row]:
        rows: list[Row] = []
        earned: list[str] = []
        for piece in payout.pieces:
            block = self._piece(payout, piece, first + len(rows))
            earned.append(block.at("Piece earns"))
            rows += block.rows
        amount = payout.amount
        step = self._rules.share("rounding", amount.currency)
        shown = money_format(amount.currency)
        top = _Block(first)
        by_formula = top.at("Payout by formula")
        rows[0] |= {
            "Payout by formula": Styled(Formula(self._rounded(earned, amount.currency)), shown),
            "Payout": Styled(amount.amount, shown),
            "Check": Styled(Formula(f'IF(ABS({by_formula}-{top.at("Payout")})<{step}/2,"OK","DIFF")'), alignment=RIGHT),
        }
        return rows

    def _rounded(self, earned: Sequence[str], currency: str) -> str:
        total = "+".join(earned)
        if currency not in dict(self._sheets.round_to):
            return f"ROUND(({total})*{_NUDGE},{minor_unit_decimals(currency)})"
        step = self._rules.share("rounding", currency)
        return f"ROUND(({total})/{step}*{_NUDGE},0)*{step}"

    def _piece(self, payout: Payout, piece: Piece, first: int) -> _Block:
        block = _Block(first)
        stretch, version = piece.stretch, piece.stretch.plan.version
        if stretch.forfeited:
            block.rows.append({"Rule": stretch.forfeited})
        else:
            parts = [self._component(block, piece, place) for place in range(len(stretch.plan.components))]
            total = self._total(block, piece, parts)
            block.rows[0] |= {"Total attains": Styled(Formula(total), _ATTAINS)}
        block.rows[0] |= self._amounts(block, piece)
        for row in block.rows:
            row |= {
                "Employee": payout.employee,
                "Name": payout.name,
                "Currency": piece.assignment.currency,
                "From": stretch.span.start,
                "To": stretch.span.last,
                "Unit": piece.assignment.unit,
                "Plan version": version,
            }
        return block

    def _amounts(self, block: _Block, piece: Piece) -> Row:
        stretch, assignment = piece.stretch, piece.assignment
        money = money_format(assignment.currency)
        pay = (
            f"{block.at('Target amount')}*{block.at('FTE')}"
            if assignment.target_amount is not None
            else f"{block.at('Salary')}*{block.at('FTE')}*{block.at('Target %')}"
        )
        days = f"{block.at('Days counted')}/{block.at('Days in quarter')}"
        earns = f"{block.at('Annual target')}*{block.at('Share of year')}*{days}*{block.at('Total attains')}"
        share = self._rules.share("quarter", stretch.plan.version, self._sheets.run.quarter.number)
        return {
            "Salary": Styled(assignment.annual_salary, money),
            "Target %": Styled(assignment.target_percent, PERCENT_FORMAT),
            "Target amount": Styled(assignment.target_amount, money),
            "FTE": assignment.fte,
            "Annual target": Styled(Formula(pay), money),
            "Share of year": Styled(Formula(share), PERCENT_FORMAT),
            "Days counted": stretch.counted_days,
            "Days in quarter": stretch.days_in_quarter,
            "Eligible": 0 if stretch.forfeited else 1,
            "Piece earns": Styled(Formula(f"{block.at('Eligible')}*{earns}"), _EARNS),
        }

    def _component(self, block: _Block, piece: Piece, place: int) -> str:
        """The rows of a component; gives what it adds to the total, as a formula."""
        plan, attainment = piece.stretch.plan, piece.stretch.attainment
        component, result = plan.components[place], attainment.components[place]
        first = block.next
        for number, measured in enumerate(result.measures):
            block.rows.append(self._measure(block, piece, component, number, measured))
        last = block.next - 1
        results, weights = (f"{_LETTERS[title]}{first}:{_LETTERS[title]}{last}" for title in ("Gives", "Weight"))
        caps = [self._rules.cap("component", plan.version, component.id)] if component.cap is not None else []
        attains = self._limited(block, piece, component.id, f"SUMPRODUCT({weights},{results})", caps)
        row = block.rows[first - block.first]
        row["Part attains"] = Styled(Formula(attains), _ATTAINS)
        row["Share of pay"] = Styled(Formula(self._rules.share("component", plan.version, component.id)), _ATTAINS)
        return f"{block.at('Part attains', first)}*{block.at('Share of pay', first)}"

    def _total(self, block: _Block, piece: Piece, parts: Sequence[str]) -> str:
        plan = piece.stretch.plan
        caps = [self._rules.cap("plan", plan.version)] if plan.cap is not None else []
        return self._limited(block, piece, TOTAL, "+".join(parts), caps)

    def _limited(self, block: _Block, piece: Piece, on: str, earned: str, caps: list[str]) -> str:
        """The rows of the modifiers and gates on a part; gives what they leave of it, as a formula."""
        plan, attainment = piece.stretch.plan, piece.stretch.attainment
        factors, limits = [f"({earned})"], list(caps)
        for place, (modifier, modified) in enumerate(zip(plan.modifiers, attainment.modifiers, strict=True)):
            if modifier.on == on:
                factors.append(block.at("Gives", block.next))
                block.rows.append(self._modifier(block, piece, place, modifier, modified))
        for place, (gate, tried) in enumerate(zip(plan.gates, attainment.gates, strict=True)):
            if gate.on == on:
                limits.append(block.at("Gives", block.next))
                block.rows.append(self._gate(block, piece, place, gate, tried))
        product = "*".join(factors)
        return f"MIN({','.join([product, *limits])})" if limits else product

    def _measure(self, block: _Block, piece: Piece, component: Component, number: int, result: MeasureResult) -> Row:
        version, measure = piece.stretch.plan.version, component.measures[number]
        key: RuleKey = ("measure", version, component.id, number)
        row: Row = {
            "Part": component.name,
            "Rule": f"measure, {result.fallback}" if result.fallback else "measure",
            "Metric": measure.reading.metric,
            "Weight": Styled(self._weight(piece, component, number), _ATTAINS),
        }
        if result.score is None:
            return {**row, "Gives": Styled(result.attainment, _ATTAINS)}
        metric = measure.reading.metric
        along = self._along(block.next, measure.curve, metric, result, key)
        return {**row, **self._score(metric, result.score), **along}

    def _weight(self, piece: Piece, component: Component, number: int) -> Formula | int:
        """The weight on `Rules`, scaled where other measures dropped; 0 where this one did."""
        plan = piece.stretch.plan
        results = piece.stretch.attainment.components[plan.components.index(component)].measures
        if not results[number].weight and component.measures[number].weight:
            return 0
        share = self._rules.share("measure", plan.version, component.id, number)
        left = [
            self._rules.share("measure", plan.version, component.id, place)
            for place, result in enumerate(results)
            if result.weight
        ]
        return Formula(share if len(left) == len(results) else f"{share}/({'+'.join(left)})")

    def _modifier(self, block: _Block, piece: Piece, place: int, modifier: Modifier, result: ModifierResult) -> Row:
        plan, metric = piece.stretch.plan, modifier.reading.metric
        row: Row = {"Part": _part(plan, modifier.on), "Rule": "modifier", "Metric": metric}
        if result.score is None:
            return {**row, "Rule": f"modifier, {result.fallback}", "Gives": result.multiplier}
        along = self._along(block.next, modifier.curve, metric, result, ("modifier", plan.version, place))
        return {**row, **self._score(metric, result.score), **along}

    def _gate(self, block: _Block, piece: Piece, place: int, gate: Gate, result: GateResult) -> Row:
        plan, metric = piece.stretch.plan, gate.reading.metric
        row: Row = {"Part": _part(plan, gate.on), "Rule": "gate", "Metric": metric}
        if result.score is None:
            return {**row, "Rule": f"gate, {result.fallback}", "Gives": Styled("passed over", alignment=RIGHT)}
        key: RuleKey = ("gate", plan.version, place)
        score = block.at("Score", block.next)
        asked = [f"{score}>={self._rules.at_least(*key)}"] if gate.at_least is not None else []
        asked += [f"{score}<={self._rules.at_most(*key)}"] if gate.at_most is not None else []
        left = Formula(f'IF(AND({",".join(asked)}),"holds",{self._rules.cap(*key)})')
        return {**row, **self._score(metric, result.score), "Gives": Styled(left, _ATTAINS, alignment=RIGHT)}

    def _score(self, id_: str, score: Score) -> Row:
        metric = self._metrics[id_]
        known = score_interval(metric, score)
        low, high = (Fraction(f"{end:.1f}") for end in known) if known else (None, None)
        return {
            "Measured at": score.unit,
            "Basis": score.basis,
            "Score": Styled(score.value, decimals_format(metric.decimals)),
            "Answers": Styled(score.answers, COUNT_FORMAT),
            "Interval from": Styled(low, _INTERVAL),
            "Interval to": Styled(high, _INTERVAL),
        }

    def _along(self, row: int, curve: Curve, metric: str, result: MeasureResult | ModifierResult, key: RuleKey) -> Row:
        """Where the score lies on the curve's axis, which point it reaches, and what the curve gives."""
        count = len(curve.points)
        cells = CurveCells(
            self._rules.xs(count, *key),
            self._rules.heights(count, *key),
            self._rules.below(*key),
            *(f"{_LETTERS[title]}{row}" for title in ("Score", "Target of the metric", "Read along", "Point reached")),
        )
        return {
            "Target of the metric": result.target,
            "Read along": Formula(read_along(curve, cells)),
            "Point reached": Formula(point_reached(cells, self._metrics[metric].better)),
            "Gives": Styled(Formula(gives(curve, cells)), _ATTAINS),
        }


def _part(plan: Plan, on: str) -> str:
    return next((component.name for component in plan.components if component.id == on), TOTAL)
