"""What must come out of a scenario for whom, and in words what did not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from comp.figures import exact_text, fixed_text
from comp.results import Payout, Run


@dataclass(frozen=True, slots=True)
class Expectation:
    """What must come out for one person: an amount, or a hold or an exclusion whose reason has these words.

    `attainment` is a percentage, compared at the decimals that it is written with.
    """

    employee: str
    currency: str | None = None
    pays: Fraction | None = None
    attainment: str | None = None
    held: str | None = None
    outside: str | None = None


def unmet(expectations: Iterable[Expectation], run: Run) -> Iterator[str]:
    """A sentence for each expectation that the run does not meet."""
    for expectation in expectations:
        yield from _unmet(expectation, run)


def _unmet(expectation: Expectation, run: Run) -> Iterator[str]:
    employee = expectation.employee
    payouts = [
        payout
        for payout in run.payouts
        if payout.employee == employee and expectation.currency in {None, payout.amount.currency}
    ]
    for words, state, whys in (
        (expectation.held, "held", [hold.why for hold in run.held if hold.employee == employee]),
        (expectation.outside, "in no plan", [person.why for person in run.outside if person.employee == employee]),
    ):
        if words is not None and not any(words.casefold() in why.casefold() for why in whys):
            yield f"{employee} should be {state} for {words!r}; {_came_out(employee, run)}"
    if expectation.pays is not None or expectation.attainment is not None:
        if len(payouts) != 1:
            where = expectation.currency or "one currency"
            yield f"{employee} should be paid once in {where}; {_came_out(employee, run)}"
        else:
            yield from _unmet_amount(expectation, payouts[0])


def _unmet_amount(expectation: Expectation, payout: Payout) -> Iterator[str]:
    if expectation.pays is not None and payout.amount.amount != expectation.pays:
        wanted = exact_text(expectation.pays)
        yield f"{payout.employee} should get {wanted} {payout.amount.currency} and gets {payout.amount}"
    if expectation.attainment is not None:
        _, _, decimals = expectation.attainment.partition(".")
        got = f"{fixed_text((payout.attainment or Fraction(0)) * 100, len(decimals))}%"
        if got != f"{expectation.attainment}%":
            yield f"{payout.employee} should attain {expectation.attainment}% and attains {got}"


def _came_out(employee: str, run: Run) -> str:
    paid = [
        f"is paid {payout.amount} {payout.amount.currency}" for payout in run.payouts if payout.employee == employee
    ]
    whys = [hold.why for hold in run.held if hold.employee == employee]
    whys += [person.why for person in run.outside if person.employee == employee]
    return " and ".join([*paid, *(f"has no payout: {why}" for why in whys)]) or "is not in the run at all"
