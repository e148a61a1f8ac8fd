"""What is paid of a run as tables of an evidence pack: rounding, the lines of the settlement, and what they come to."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from comp.evidence import Cell, Table
from comp.money import Money, minor_unit_decimals
from comp.settlement import Key, Settlement


def rounding(settlement: Settlement, round_to: Mapping[str, Fraction]) -> Table:
    """To what payouts are rounded: the minor unit, or the coarser steps that a run has for some currencies."""
    currencies = sorted({each.currency for each in settlement.settled} | round_to.keys())
    decimals = {currency: minor_unit_decimals(currency) for currency in currencies}
    rows = ((each, decimals[each], round_to.get(each, Fraction(1, 10 ** decimals[each]))) for each in currencies)
    return Table("rounding", "To what payouts are rounded, half up.", ("currency", "decimals", "rounded_to"), rows)


def settlement_lines(settlement: Settlement) -> Table:
    """The lines that are paid of the run and beside it."""
    columns = "employee", "currency", "kind", "quarter", "source", "amount", "about"
    rows = (
        (*each.key, str(line.kind), str(line.quarter), line.source, line.amount, line.about)
        for each in settlement.settled
        for line in each.lines
    )
    return Table("settlement", "What is paid: earned, and every line that was added to it.", columns, rows)


def payable(settlement: Settlement, released: Mapping[Key, int]) -> Table:
    """What is payable to each person, and what was released of it, in minor units."""
    known = {each.key: each for each in settlement.settled}

    def rows() -> Iterator[Sequence[Cell]]:
        for key in sorted(known.keys() | released.keys()):
            settled, paid = known.get(key), Money(released.get(key, 0), key.currency)
            owed = settled.payable if settled else Money(0, key.currency)
            yield (*key, owed, paid, settled.held_back if settled else "")

    columns = "employee", "currency", "payable", "released", "held_back"
    return Table("payable", "What is payable to each person, and what was released of it.", columns, rows())
