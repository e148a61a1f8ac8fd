"""The rows of one piece on a `Trace` sheet: its measures, modifiers and gates, each a formula over `Rules`."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from comp.attainment import GateResult, MeasureResult, ModifierResult
from comp.curves import Curve
from comp.intervals import score_interval
from comp.plan import TOTAL, Component, Gate, Modifier, Plan
from comp.results import Piece
from comp.scores import Metric, Score
from exports.cells import COUNT_FORMAT, RIGHT, Formula, Styled, decimals_format
from exports.curve_formulas import CurveCells, gives, point_reached, read_along
from exports.rules_sheet import Key as RuleKey
from exports.rules_sheet import Rules
from exports.trace_columns import ATTAINS, LETTERS, Block, Row

_INTERVAL = "#,##0.0"


class TracedRules:
    """Adds what the rules made of a piece to its block, and gives what that comes to as a formula."""

    def __init__(self, metrics: Iterable[Metric], rules: Rules) -> None:
        self._metrics = {metric.id: metric for metric in metrics}
        self._rules = rules

    def component(self, block: Block, piece: Piece, place: int) -> str:
        """The rows of a component; gives what it adds to the total, as a formula."""
        plan, attainment = piece.stretch.plan, piece.stretch.attainment
        component, result = plan.components[place], attainment.components[place]
        first = block.next
        for number, measured in enumerate(result.measures):
            block.rows.append(self._measure(block, piece, component, number, measured))
        last = block.next - 1
        results, weights = (f"{LETTERS[title]}{first}:{LETTERS[title]}{last}" for title in ("Gives", "Weight"))
        caps = [self._rules.cap("component", plan.version, component.id)] if component.cap is not None else []
        attains = self._limited(block, piece, component.id, f"SUMPRODUCT({weights},{results})", caps)
        row = block.rows[first - block.first]
        row["Part attains"] = Styled(Formula(attains), ATTAINS)
        row["Share of pay"] = Styled(Formula(self._rules.share("component", plan.version, component.id)), ATTAINS)
        return f"{block.at('Part attains', first)}*{block.at('Share of pay', first)}"

    def total(self, block: Block, piece: Piece, parts: Sequence[str]) -> str:
        """What the components add up to, under what works on the total, as a formula."""
        plan = piece.stretch.plan
        caps = [self._rules.cap("plan", plan.version)] if plan.cap is not None else []
        return self._limited(block, piece, TOTAL, "+".join(parts), caps)

    def _limited(self, block: Block, piece: Piece, on: str, earned: str, caps: list[str]) -> str:
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

    def _measure(self, block: Block, piece: Piece, component: Component, number: int, result: MeasureResult) -> Row:
        version, measure = piece.stretch.plan.version, component.measures[number]
        key: RuleKey = ("measure", version, component.id, number)
        row: Row = {
            "Part": component.name,
            "Rule": f"measure, {result.fallback}" if result.fallback else "measure",
            "Metric": measure.reading.metric,
            "Weight": Styled(self._weight(piece, component, number), ATTAINS),
        }
        if result.score is None:
            return {**row, "Gives": Styled(result.attainment, ATTAINS)}
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

    def _modifier(self, block: Block, piece: Piece, place: int, modifier: Modifier, result: ModifierResult) -> Row:
        plan, metric = piece.stretch.plan, modifier.reading.metric
        row: Row = {"Part": _part(plan, modifier.on), "Rule": "modifier", "Metric": metric}
        if result.score is None:
            return {**row, "Rule": f"modifier, {result.fallback}", "Gives": result.multiplier}
        along = self._along(block.next, modifier.curve, metric, result, ("modifier", plan.version, place))
        return {**row, **self._score(metric, result.score), **along}

    def _gate(self, block: Block, piece: Piece, place: int, gate: Gate, result: GateResult) -> Row:
        plan, metric = piece.stretch.plan, gate.reading.metric
        row: Row = {"Part": _part(plan, gate.on), "Rule": "gate", "Metric": metric}
        if result.score is None:
            return {**row, "Rule": f"gate, {result.fallback}", "Gives": Styled("passed over", alignment=RIGHT)}
        key: RuleKey = ("gate", plan.version, place)
        score = block.at("Score", block.next)
        asked = [f"{score}>={self._rules.at_least(*key)}"] if gate.at_least is not None else []
        asked += [f"{score}<={self._rules.at_most(*key)}"] if gate.at_most is not None else []
        left = Formula(f'IF(AND({",".join(asked)}),"holds",{self._rules.cap(*key)})')
        return {**row, **self._score(metric, result.score), "Gives": Styled(left, ATTAINS, alignment=RIGHT)}

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
            *(f"{LETTERS[title]}{row}" for title in ("Score", "Target of the metric", "Read along", "Point reached")),
        )
        return {
            "Target of the metric": result.target,
            "Read along": Formula(read_along(curve, cells)),
            "Point reached": Formula(point_reached(cells, self._metrics[metric].better)),
            "Gives": Styled(Formula(gives(curve, cells)), ATTAINS),
        }


def _part(plan: Plan, on: str) -> str:
    return next((component.name for component in plan.components if component.id == on), TOTAL)
