"""The `Rules` sheet: every number of the plans, one row each, for the formulas of `Trace` to point at."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from comp.curves import Curve, Shape
from comp.money import minor_unit_decimals
from comp.plan import TOTAL, Gate, Measure, Modifier, Plan, Reading
from comp.sheets import PayrollSheets
from exports.cells import PERCENT_FORMAT, Content, Styled, add_row
from exports.layout import Column, Page, add_list, name_table

SHEET = "Rules"
Key = tuple[str | int, ...]
Row = dict[str, Content]

_COLUMNS = (
    Column("Plan version"),
    Column("Part"),
    Column("Rule"),
    Column("Metric"),
    Column("Read along"),
    Column("Shape", 8),
    Column("Above the last point"),
    Column("Better", 9),
    Column("Measured at"),
    Column("With fewer answers"),
    Column("Fewest answers", 10, is_number=True),
    Column("Share or weight", 10, is_number=True),
    Column("Cap", 10, is_number=True),
    Column("At least", 10, is_number=True),
    Column("At most", 10, is_number=True),
    Column("Below the first point", 11, is_number=True),
)
_LETTERS = {column.title: get_column_letter(place) for place, column in enumerate(_COLUMNS, start=1)}
_FIRST_POINT = len(_COLUMNS) + 1


class Rules:
    """The rows of the sheet, and where each number of a plan stands on it."""

    def __init__(self, sheets: PayrollSheets) -> None:
        self._better = {metric.id: metric.better for metric in sheets.metrics}
        self._most_points = max((len(curve.points) for plan in sheets.plans for curve in _curves(plan)), default=1)
        self._rows: list[Row] = []
        self._places: dict[Key, int] = {}
        for plan in sheets.plans:
            self._add_plan(plan)
            self._add_document(plan.version, dict(sheets.documents))
            self._add_conditions(plan)
        steps = dict(sheets.round_to)
        for currency in sorted({payout.amount.currency for payout in sheets.payouts}):
            step = steps.get(currency, Fraction(1, 10 ** minor_unit_decimals(currency)))
            self._add(("rounding", currency), {"Rule": f"rounded half up, {currency}", "Share or weight": step})

    def share(self, *key: str | int) -> str:
        """Where a share, weight or rounding step stands."""
        return self._at("Share or weight", key)

    def cap(self, *key: str | int) -> str:
        """Where a cap stands."""
        return self._at("Cap", key)

    def at_least(self, *key: str | int) -> str:
        """Where a gate's lower limit stands."""
        return self._at("At least", key)

    def at_most(self, *key: str | int) -> str:
        """Where a gate's upper limit stands."""
        return self._at("At most", key)

    def below(self, *key: str | int) -> str:
        """Where what a curve pays below its first point stands."""
        return self._at("Below the first point", key)

    def xs(self, count: int, *key: str | int) -> str:
        """The cells of a curve's points on the x axis."""
        return self._range(_FIRST_POINT, count, key)

    def heights(self, count: int, *key: str | int) -> str:
        """The cells of what a curve pays at its points."""
        return self._range(_FIRST_POINT + self._most_points, count, key)

    def add(self, book: Workbook, page: Page) -> None:
        """Add the sheet with all its rows."""
        columns = [*(column.fitted(self._texts(column.title)) for column in _COLUMNS), *self._point_columns()]
        sheet = add_list(book, SHEET, columns, page, fixed=3)
        for row in self._rows:
            add_row(sheet, [row.get(column.title) for column in columns])
        name_table(sheet, SHEET, columns, len(self._rows))

    def _texts(self, title: str) -> Iterator[str]:
        return (text for row in self._rows if isinstance(text := row.get(title), str))

    def _point_columns(self) -> list[Column]:
        numbers = range(1, self._most_points + 1)
        return [Column(f"{what} {number}", 10, is_number=True) for what in ("Point", "Pays") for number in numbers]

    def _at(self, title: str, key: Key) -> str:
        return f"{SHEET}!${_LETTERS[title]}${self._places[key]}"

    def _range(self, first: int, count: int, key: Key) -> str:
        row = self._places[key]
        return f"{SHEET}!${get_column_letter(first)}${row}:${get_column_letter(first + count - 1)}${row}"

    def _add(self, key: Key, row: Row) -> None:
        self._places[key] = len(self._rows) + 2
        self._rows.append(row)

    def _add_plan(self, plan: Plan) -> None:
        version = plan.version
        head: Row = {"Plan version": version}
        self._add(("plan", version), {**head, "Part": TOTAL, "Rule": f"plan: {plan.name}", "Cap": _percent(plan.cap)})
        for number, share in enumerate(plan.quarter_shares, start=1):
            row = {**head, "Rule": f"share of the year, Q{number}", "Share or weight": _percent(share)}
            self._add(("quarter", version, number), row)
        for component in plan.components:
            limits: Row = {"Share or weight": _percent(component.share), "Cap": _percent(component.cap)}
            row = {**head, "Part": component.id, "Rule": f"component: {component.name}", **limits}
            self._add(("component", version, component.id), row)
            for place, measure in enumerate(component.measures):
                row = {**head, "Part": component.id, **self._measure(measure)}
                self._add(("measure", version, component.id, place), row)
        for place, gate in enumerate(plan.gates):
            self._add(("gate", version, place), {**head, **_gate(gate)})
        for place, modifier in enumerate(plan.modifiers):
            self._add(("modifier", version, place), {**head, **self._modifier(modifier)})

    def _add_document(self, version: str, documents: Mapping[str, str]) -> None:
        """The hash of the document that the run used."""
        if version in documents:
            self._add(
                ("document", version), {"Plan version": version, "Rule": f"document, SHA-256: {documents[version]}"}
            )

    def _add_conditions(self, plan: Plan) -> None:
        """Whom the plan pays, what makes eligible, what absent days count, and what is paid elsewhere."""
        for number, (rule, numbers) in enumerate(_conditions(plan)):
            self._add(("condition", plan.version, number), {"Plan version": plan.version, "Rule": rule, **numbers})

    def _measure(self, measure: Measure) -> Row:
        weight: Row = {"Rule": "measure", "Share or weight": _percent(measure.weight)}
        return {**weight, **_reading(measure.reading), **self._curve(measure.curve, measure.reading.metric)}

    def _modifier(self, modifier: Modifier) -> Row:
        row: Row = {"Part": modifier.on, "Rule": "modifier"}
        return {**row, **_reading(modifier.reading), **self._curve(modifier.curve, modifier.reading.metric)}

    def _curve(self, curve: Curve, metric: str) -> Row:
        better = self._better[metric]
        points: Row = {}
        for number, (x, height) in enumerate(curve.from_worst(better), start=1):
            points |= {f"Point {number}": x, f"Pays {number}": _percent(height)}
        return {
            "Read along": str(curve.axis).replace("_", " "),
            "Shape": "steps" if curve.shape is Shape.STEP else "lines",
            "Above the last point": "the last slope goes on" if curve.extends else "pays the last point",
            "Better": better,
            "Below the first point": _percent(curve.below),
            **points,
        }


def _curves(plan: Plan) -> Iterator[Curve]:
    for component in plan.components:
        yield from (measure.curve for measure in component.measures)
    yield from (modifier.curve for modifier in plan.modifiers)


def _gate(gate: Gate) -> Row:
    limits: Row = {"Cap": _percent(gate.cap), "At least": gate.at_least, "At most": gate.at_most}
    return {"Part": gate.on, "Rule": "gate", **_reading(gate.reading), **limits}


def _reading(reading: Reading) -> Row:
    return {
        "Metric": reading.metric,
        "Measured at": reading.measured_at,
        "Fewest answers": reading.min_answers,
        "With fewer answers": ", ".join(reading.too_few),
    }


def _conditions(plan: Plan) -> Iterator[tuple[str, Row]]:
    rules = plan.eligibility
    units = ", ".join(plan.people.units) or "the whole company"
    grades = "" if plan.people.grades is None else f", grades {', '.join(plan.people.grades)}"
    yield f"pays {units}{grades}; pay code {plan.pay_code}", {}
    if plan.elsewhere:
        yield "paid elsewhere", {"Share or weight": _percent(plan.elsewhere)}
    if rules.minimum_days:
        yield "eligible: days employed in the quarter", {"At least": rules.minimum_days}
    if rules.on_last_day:
        yield "eligible: employed on the last day", {}
    if rules.prorated_leavers:
        yield f"leaving pays pro rata: {', '.join(sorted(rules.prorated_leavers))}", {}
    for kind, counts in plan.absences:
        yield f"an absent day counts: {kind}", {"Share or weight": _percent(counts)}


def _percent(ratio: Fraction | None) -> Content:
    return None if ratio is None else Styled(ratio, PERCENT_FORMAT)
