"""What-ifs as plain documents: where the sliders stood, and what came out, with money as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from comp.documents import Fields
from comp.errors import Problem, RefusedError
from comp.figures import exact_text, percent_text
from comp.money import Money, paid
from comp.whatif import Estimate
from comp.whatif_goal import Sought
from comp.whatif_moves import Moves
from comp.whatif_position import Position, Values
from comp.whatif_scores import Band, Bands
from comp.whatif_side import Amounts

Document = dict[str, object]
_WHATS = ("shares", "weights", "caps", "shifts")


def write_position(position: Position) -> Document:
    """Where the sliders stand: only what was moved, as exact decimals or fractions."""
    moved: Document = {what: _written(getattr(position, what)) for what in _WHATS if getattr(position, what)}
    return moved if position.scale == 1 else {**moved, "scale": exact_text(position.scale)}


def _written(values: Mapping[str, Fraction | None]) -> Document:
    return {name: None if value is None else exact_text(value) for name, value in sorted(values.items())}


def read_position(document: Mapping[str, Mapping[str, str | None] | str]) -> Position:
    """The position that `write_position` wrote."""
    scale = document.get("scale", "1")
    found = {what: document.get(what, {}) for what in _WHATS}
    values = {
        what: {name: None if text is None else Fraction(text) for name, text in named.items()}
        for what, named in found.items()
        if isinstance(named, Mapping)
    }
    return Position(
        shares=_stated(values["shares"]),
        weights=_stated(values["weights"]),
        caps=values["caps"],
        shifts=_stated(values["shifts"]),
        scale=Fraction(scale) if isinstance(scale, str) else Fraction(1),
    )


def _stated(values: Mapping[str, Fraction | None]) -> Values:
    return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Line:
    """What a scenario came to in one currency: the plan in force beside it, and who gained and lost."""

    currency: str
    before: Money
    after: Money
    people: int
    gaining: int
    losing: int

    @property
    def change(self) -> Money:
        """What the change costs."""
        return Money(self.after.minor - self.before.minor, self.currency)


def result_lines(estimate: Estimate, exact: tuple[Mapping[str, Money], Mapping[str, Money]]) -> tuple[Line, ...]:
    """What an estimate comes to with the calculation's own cents, currency by currency."""
    return tuple(_line(cost.currency, cost.people_after, estimate.moves, exact) for cost in estimate.costs)


def _line(
    currency: str, people: int, moves: Mapping[str, Moves], exact: tuple[Mapping[str, Money], Mapping[str, Money]]
) -> Line:
    before, after = (side.get(currency, Money(0, currency)) for side in exact)
    moved = moves.get(currency, Moves())
    return Line(currency, before, after, people, moved.gaining, moved.losing)


def write_lines(lines: tuple[Line, ...]) -> list[Document]:
    """A scenario's results."""
    return [
        {
            "currency": line.currency,
            "before": str(line.before),
            "after": str(line.after),
            "people": line.people,
            "gaining": line.gaining,
            "losing": line.losing,
        }
        for line in lines
    ]


def read_lines(document: object) -> tuple[Line, ...]:
    """The results that `write_lines` wrote. Raises `RefusedError` for anything else."""
    problems: list[Problem] = []
    lines = tuple(_read_line(fields) for fields in Fields({"lines": document}, problems).each("lines"))
    if problems:
        raise RefusedError("The stored results of a scenario are damaged.", problems)
    return lines


def _read_line(fields: Fields) -> Line:
    currency = fields.text("currency")
    before, after = (
        paid(amount.numerator, amount.denominator, currency)
        for amount in (fields.number("before"), fields.number("after"))
    )
    return Line(currency, before, after, fields.whole("people"), fields.whole("gaining"), fields.whole("losing"))


def write_estimate(estimate: Estimate) -> Document:
    """An estimate for `--json`: amounts rounded to the minor unit, with how far the payouts may lie from them."""
    return {
        "people": estimate.people,
        "held": {"before": len(estimate.held_before), "after": len(estimate.held_after)},
        "costs": [
            {
                "currency": cost.currency,
                "before": shown_amount(cost.before, cost.currency),
                "after": shown_amount(cost.after, cost.currency),
                "change": shown_amount(cost.change, cost.currency),
                "bound": exact_text(cost.bound),
                **_written_moves(estimate, cost.currency),
            }
            for cost in estimate.costs
        ],
        "units": [
            {
                "unit": unit.unit,
                "currency": unit.currency,
                "before": shown_amount(unit.before, unit.currency),
                "after": shown_amount(unit.after, unit.currency),
                "attainment": None if unit.attained_after is None else percent_text(unit.attained_after),
            }
            for unit in estimate.units
        ],
        "attainments": {str(tenth * 10): count for tenth, count in sorted(estimate.tenths_after.items())},
    }


def _written_moves(estimate: Estimate, currency: str) -> Document:
    moved = estimate.moves.get(currency, Moves())
    return {
        "gaining": moved.gaining,
        "gained": shown_amount(moved.gained, currency),
        "losing": moved.losing,
        "lost": shown_amount(moved.lost, currency),
        "largest": [
            {
                "employee": mover.employee,
                "before": shown_amount(mover.before, currency),
                "after": shown_amount(mover.after, currency),
            }
            for mover in moved.largest
        ],
    }


def write_points(points: Mapping[str, Amounts]) -> Document:
    """What one point more of each metric costs."""
    return {
        metric: {currency: shown_amount(amount, currency) for currency, amount in amounts.items()}
        for metric, amounts in points.items()
    }


def write_bands(bands: Bands) -> Document:
    """The bands of both sides, and how often the answers were drawn."""
    sides = (("before", bands.before), ("after", bands.after))
    return {"draws": bands.draws, **{side: [_written_band(band) for band in found] for side, found in sides}}


def _written_band(band: Band) -> Document:
    amounts = {"low": band.low, "expected": band.expected, "high": band.high}
    return {"currency": band.currency, **{name: f"{amount:.2f}" for name, amount in amounts.items()}}


def write_sought(sought: Sought, currency: str) -> Document:
    """Where a goal seek ended."""
    goal = f"{sought.goal.kind}:{sought.goal.name}".rstrip(":")
    if sought.position is None:
        reach = {"least": shown_amount(sought.least, currency), "most": shown_amount(sought.most, currency)}
        return {"goal": goal, "found": False, **reach}
    return {
        "goal": goal,
        "found": True,
        "value": exact_text(sought.value),
        "cost": shown_amount(sought.cost, currency),
        "next": shown_amount(sought.beyond, currency),
    }


def shown_amount(amount: Fraction, currency: str) -> str:
    """An exact amount as text at the currency's decimals."""
    return str(paid(amount.numerator, amount.denominator, currency))
