"""The `Trace` sheets: every piece × measure with its inputs, and live formulas that come to the payout again.

A formula stands beside each of the engine's results and a check column compares them, so that anybody can change a
weight on `Rules` and see what would be paid.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from openpyxl.utils import get_column_letter

from comp.attainment import GateResult, MeasureResult, ModifierResult
from comp.curves import Axis, Curve, Shape
from comp.intervals import score_interval
from comp.money import minor_unit_decimals
from comp.plan import TOTAL, Component, Gate, Modifier
from comp.results import Payout, Piece
from comp.scores import Metric, Score
from comp.sheets import PayrollSheets
from exports.cells import PERCENT_FORMAT, Formula, Sheet, Styled, Value, add_header, add_row, money_format
from exports.rules_sheet import Key, Rules

TITLES = (
    "Employee",
    "Name",
    "Currency",
    "From",
    "To",
    "Unit",
    "Plan version",
    "Part",
    "Rule",
    "Metric",
    "Measured at",
    "Basis",
    "Score",
    "Answers",
    "Interval from",
    "Interval to",
    "Target of the metric",
    "Read along",
    "Point reached",
    "Gives",
    "Weight",
    "Part attains",
    "Share of pay",
    "Total attains",
    "Salary",
    "Target %",
    "Target amount",
    "FTE",
    "Annual target",
    "Share of year",
    "Days counted",
    "Days in quarter",
    "Eligible",
    "Piece earns",
    "Payout by formula",
    "Payout",
    "Check",
)
_LETTERS = {title: get_column_letter(place) for place, title in enumerate(TITLES, start=1)}
CHECK = _LETTERS["Check"]
_SHARE = "Share of pay"
_MOST_ROWS = 1_000_000
_ATTAINS = PERCENT_FORMAT

Row = dict[str, Value | Formula | Styled]


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

    def __init__(self, sheets: PayrollSheets, rules: Rules) -> None:
        self._sheets = sheets
        self._rules = rules
        self._metrics = {metric.id: metric for metric in sheets.metrics}
        self._written = 0

    def write(self, sheet: Sheet) -> int:
        """Write payouts until the sheet is full or all are written; gives the sheet's number of rows."""
        add_header(sheet, TITLES)
        last = 1
        for payout in self._sheets.payouts[self._written :]:
            rows = self._payout(payout, last + 1)
            if last + len(rows) > _MOST_ROWS:
                break
            for row in rows:
                add_row(sheet, [row.get(title) for title in TITLES])
            last += len(rows)
            self._written += 1
        return last

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
        rows[0] |= {
            "Payout by formula": Styled(Formula(self._rounded(earned, amount.currency)), shown),
            "Payout": Styled(amount.amount, shown),
            "Check": Formula(f'IF(ABS({top.at("Payout by formula")}-{top.at("Payout")})<{step}/2,"OK","DIFF")'),
        }
        return rows

    def _rounded(self, earned: Sequence[str], currency: str) -> str:
        total = "+".join(earned)
        if currency not in dict(self._sheets.round_to):
            return f"ROUND({total},{minor_unit_decimals(currency)})"
        step = self._rules.share("rounding", currency)
        return f"ROUND(({total})/{step},0)*{step}"

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
            "Piece earns": Styled(Formula(f"{block.at('Eligible')}*{earns}"), f"{money.split(';', maxsplit=1)[0]}####"),
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
        row[_SHARE] = Styled(Formula(self._rules.share("component", plan.version, component.id)), _ATTAINS)
        return f"{block.at('Part attains', first)}*{block.at(_SHARE, first)}"

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
        key: Key = ("measure", version, component.id, number)
        row: Row = {
            "Part": component.name,
            "Rule": f"measure, {result.fallback}" if result.fallback else "measure",
            "Metric": measure.reading.metric,
            "Weight": Styled(self._weight(piece, component, number), _ATTAINS),
        }
        if result.score is None:
            return {**row, "Gives": Styled(result.attainment, _ATTAINS)}
        along = self._along(block.next, measure.curve, result, key)
        return {**row, **self._score(measure.reading.metric, result.score), **along}

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
        row: Row = {"Part": modifier.on, "Rule": "modifier", "Metric": modifier.reading.metric}
        if result.score is None:
            return {**row, "Rule": f"modifier, {result.fallback}", "Gives": result.multiplier}
        key: Key = ("modifier", piece.stretch.plan.version, place)
        score = self._score(modifier.reading.metric, result.score)
        return {**row, **score, **self._along(block.next, modifier.curve, result, key)}

    def _gate(self, block: _Block, piece: Piece, place: int, gate: Gate, result: GateResult) -> Row:
        row: Row = {"Part": gate.on, "Rule": "gate", "Metric": gate.reading.metric}
        if result.score is None:
            return {**row, "Rule": f"gate, {result.fallback}", "Gives": "passed over"}
        key: Key = ("gate", piece.stretch.plan.version, place)
        score = block.at("Score", block.next)
        asked = [f"{score}>={self._rules.at_least(*key)}"] if gate.at_least is not None else []
        asked += [f"{score}<={self._rules.at_most(*key)}"] if gate.at_most is not None else []
        gives = Formula(f'IF(AND({",".join(asked)}),"holds",{self._rules.cap(*key)})')
        return {**row, **self._score(gate.reading.metric, result.score), "Gives": Styled(gives, _ATTAINS)}

    def _score(self, id_: str, score: Score) -> Row:
        metric = self._metrics.get(id_)
        known = score_interval(metric, score) if metric else None
        decimals = metric.decimals if metric else 4
        shown = f"#,##0.{'0' * decimals}" if decimals else "#,##0"
        low, high = (Fraction(f"{end:.1f}") for end in known) if known else (None, None)
        return {
            "Measured at": score.unit,
            "Basis": score.basis,
            "Score": Styled(score.value, shown),
            "Answers": score.answers,
            "Interval from": low,
            "Interval to": high,
        }

    def _along(self, row: int, curve: Curve, result: MeasureResult | ModifierResult, key: Key) -> Row:
        """Where the score lies on the curve's axis, which point it reaches, and what the curve gives."""
        count = len(curve.points)
        xs, heights, below = self._rules.xs(count, *key), self._rules.heights(count, *key), self._rules.below(*key)
        score, target, x, reached = (
            f"{_LETTERS[title]}{row}" for title in ("Score", "Target of the metric", "Read along", "Point reached")
        )
        along = {
            Axis.SCORE: score,
            Axis.POINTS_FROM_TARGET: f"ROUND({score}-{target},9)",
            Axis.PERCENT_OF_TARGET: f"ROUND({score}/{target}*100,9)",
        }[curve.axis]
        order = -1 if self._falls(key) else 1
        gives = f"IF({reached}=0,{below},{_height(curve, xs, heights, x, reached)})"
        return {
            "Target of the metric": result.target,
            "Read along": Formula(along),
            "Point reached": Formula(f"IFERROR(MATCH({x},{xs},{order}),0)"),
            "Gives": Styled(Formula(gives), _ATTAINS),
        }

    def _falls(self, key: Key) -> bool:
        """Whether the points of a rule run down the x axis, as they do where less is better."""
        kind, version, *rest = key
        plan = next(plan for plan in self._sheets.plans if plan.version == version)
        if kind == "modifier":
            reading = plan.modifiers[int(rest[0])].reading
        else:
            component = next(component for component in plan.components if component.id == rest[0])
            reading = component.measures[int(rest[1])].reading
        metric: Metric | None = self._metrics.get(reading.metric)
        return metric is not None and metric.better == "lower"


def _height(curve: Curve, xs: str, heights: str, x: str, reached: str) -> str:
    """What a curve gives at `x` when the point `reached` is the best one reached, as a formula."""
    here = f"INDEX({heights},{reached})"
    count = len(curve.points)
    if curve.shape is Shape.STEP or count == 1:
        return here
    inside = _line(xs, heights, x, reached, f"{reached}+1")
    if not curve.extends:
        return f"IF({reached}={count},{here},{inside})"
    return f"IF({reached}={count},MAX(0,{_line(xs, heights, x, str(count), str(count - 1))}),{inside})"


def _line(xs: str, heights: str, x: str, here: str, there: str) -> str:
    """The line through two points, at `x`."""
    x0, x1, y0, y1 = (
        f"INDEX({xs},{here})",
        f"INDEX({xs},{there})",
        f"INDEX({heights},{here})",
        f"INDEX({heights},{there})",
    )
    return f"{y0}+({y1}-{y0})*({x}-{x0})/({x1}-{x0})"


def sheet_names() -> Iterator[str]:
    """The names of the trace sheets, as many as are needed."""
    yield "Trace"
    number = 2
    while True:
        yield f"Trace {number}"
        number += 1
