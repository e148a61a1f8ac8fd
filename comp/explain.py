"""The tree behind a payout: every amount, a zero and a hold too, opens into what made it."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from comp.explain_unit import LeftOut, UnitExplainer
from comp.figures import counted, decimal_text, exact_text, fixed_text, grouped, money_text, percent, span_text
from comp.money import minor_unit_decimals
from comp.nodes import Node
from comp.results import Hold, Outside, Payout, Piece
from comp.scores import Metric

_QUARTER_OF_THE_YEAR = Fraction(1, 4)


class Explainer:
    """Explains payouts. What is a unit's is explained once and shared by its people."""

    def __init__(
        self, metrics: Iterable[Metric], unit_names: Mapping[str, str], left_out: LeftOut | None = None
    ) -> None:
        self.units = UnitExplainer(metrics, unit_names, left_out)

    def payout(self, payout: Payout) -> Node:
        """The tree of a payout, down to the counts of answers."""
        decimals = minor_unit_decimals(payout.amount.currency)
        exact = grouped(decimal_text(payout.exact, decimals + 4))
        return Node(
            kind="payout",
            title="Payout",
            value=money_text(payout.amount),
            how=(f"Rounded once, half up, from {exact} {payout.amount.currency}.",),
            numbers=(("amount", str(payout.amount)), ("exact", exact_text(payout.exact))),
            parts=(
                *(self._piece(piece) for piece in payout.pieces),
                *(Node("unpaid", span_text(days.span), "0", (days.why,)) for days in payout.unpaid),
            ),
        )

    def without_payout(self, person: Hold | Outside) -> Node:
        """Why a person gets no payout."""
        if isinstance(person, Hold):
            return Node("hold", "Held", "no payout yet", (person.why,))
        return Node("outside", "In no plan", "no payout", (person.why,))

    def _piece(self, piece: Piece) -> Node:
        stretch, currency = piece.stretch, piece.assignment.currency
        target = f"{_amount(piece.target, currency)} {currency}"
        shared = () if stretch.forfeited else self.units.attainment(stretch.plan, stretch.attainment)
        return Node(
            kind="piece",
            title=f"{span_text(stretch.span)}, {self.units.unit(piece.assignment.unit)}",
            value=f"0 {currency}" if stretch.forfeited else f"{target} × {percent(stretch.attainment.total)}",
            how=(stretch.forfeited or _how_piece(piece),),
            numbers=(("target", exact_text(piece.target)), ("amount", exact_text(piece.amount))),
            parts=(_target(piece), *shared),
        )


def _how_piece(piece: Piece) -> str:
    currency, plan = piece.assignment.currency, piece.stretch.plan
    exact = grouped(decimal_text(piece.amount, minor_unit_decimals(currency) + 4))
    return f"{exact} {currency} earned under {plan.name}, version of {plan.starts}."


def _target(piece: Piece) -> Node:
    """What the piece earns at 100 %: the annual target, the quarter's share of it, and the days that count."""
    stretch, currency = piece.stretch, piece.assignment.currency
    return Node(
        kind="target",
        title="Target",
        value=f"{_amount(piece.target, currency)} {currency}",
        how=(_annual_target(piece), _share_of_year(stretch.share_of_year), *_days(piece)),
        numbers=(
            ("annual_target", exact_text(piece.annual_target)),
            ("share_of_year", exact_text(stretch.share_of_year)),
            ("counted_days", exact_text(stretch.counted_days)),
            ("days_in_quarter", str(stretch.days_in_quarter)),
        ),
    )


def _annual_target(piece: Piece) -> str:
    assignment = piece.assignment
    fte = "" if assignment.fte == 1 else f" × FTE {exact_text(assignment.fte)}"
    year = grouped(decimal_text(piece.annual_target, 6))
    if assignment.target_amount is not None:
        stated = f"Target amount {grouped(exact_text(assignment.target_amount))} a year"
        return f"{stated}{fte} = {year}." if fte else f"{stated}."
    salary = grouped(exact_text(assignment.annual_salary or Fraction(0)))
    return f"Salary {salary}{fte} × target {percent(assignment.target_percent or Fraction(0))} = {year} a year."


def _share_of_year(share: Fraction) -> str:
    return f"This quarter is {'a quarter' if share == _QUARTER_OF_THE_YEAR else percent(share)} of the year."


def _days(piece: Piece) -> Iterator[str]:
    stretch = piece.stretch
    yield f"{counted(stretch.counted_days, 'day')} of the quarter's {stretch.days_in_quarter} count."
    for absent in stretch.absent:
        much = "in full" if absent.counted == 1 else f"at {percent(absent.counted)}"
        yield f"{counted(absent.days, 'day')} of absence ({absent.kind}) counted {much}."


def _amount(amount: Fraction, currency: str) -> str:
    return grouped(fixed_text(amount, minor_unit_decimals(currency)))
