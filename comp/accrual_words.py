"""What an accrual rests on, in sentences: the method of its band, what is in it and what is not."""

from collections.abc import Iterator

from comp.accrual_sheets import Accrual
from comp.accruals import Basis
from comp.figures import counted, money_text, percent_text

_BASIS = {
    Basis.FORECAST: (
        "It is what a calculation pays on what is known now, as if the quarter ended so: with funding pools, approved "
        "adjustments, guarantees, draws and approved corrections. Nothing of it is a payout yet."
    ),
    Basis.APPROVED: "It is what was approved, to the cent, and what payroll will release.",
    Basis.RELEASED: (
        "It is what was released, to the cent. The difference from the last accrual trues it up; payroll's own posting "
        "then clears the liability."
    ),
}
_ROUNDING = (
    "For each company and currency what has accrued is rounded once, half up, and shared out to the rows by largest "
    "remainder: rows add up to the cent."
)
_JOURNAL = (
    "Debit to expenses for each cost centre (the unit where there is none), credit to accrued liabilities for each "
    "company and currency. The sheet Journal takes back the accrual that was taken before and books the new one; the "
    "sheet Delta books only the difference. Post one of the two."
)
_DRAWN = (
    "Each unit's answers were drawn again {} times from those that came, all units at once, and paid by the plans: of "
    "the sums, 95 % lie from low to high. Customers of different units answer independently of each other; people who "
    "are paid by the same score share its draw. The extremes are all scores at the low, or the high, ends of their 95 "
    "% intervals at once. Stated figures, adjustments and guarantees are held as they are; a pool is never exceeded. "
    "It says how sure today's scores are, not how customers will change until the quarter ends. Where what is "
    "expected lies outside the draws, the band ends there."
)


def assumptions(accrual: Accrual) -> list[tuple[str, str]]:
    """What an accrual rests on: subjects, each with its sentences."""
    return [*_assumptions(accrual), *(("Note", note) for note in accrual.notes)]


def _assumptions(accrual: Accrual) -> Iterator[tuple[str, str]]:
    yield "Expected", _BASIS[accrual.basis]
    yield "Band", _band(accrual)
    yield "Share", _share(accrual)
    yield "Rounding", _ROUNDING
    yield "Journal", _JOURNAL
    yield from _held(accrual)
    yield from _waiting(accrual)
    yield "Not in it", "Employer's social charges and taxes: finance adds its own rates to them."


def _band(accrual: Accrual) -> str:
    if accrual.draws:
        return _DRAWN.format(accrual.draws)
    if accrual.basis is Basis.FORECAST:
        return "There is none: no score that it rests on comes from answers."
    return "There is none: what was decided does not hang on chance any more."


def _share(accrual: Accrual) -> str:
    if accrual.basis is Basis.RELEASED:
        return "All of it: the quarter is released."
    passed = int(accrual.share * accrual.days.days)
    return (
        f"{percent_text(accrual.share, 2)}: {passed} of {counted(accrual.days.days, 'day')} had passed at the end of "
        f"{accrual.as_of:%Y-%m-%d}. What is corrected of earlier quarters has accrued whole."
    )


def _held(accrual: Accrual) -> Iterator[tuple[str, str]]:
    if accrual.held:
        risks = [money_text(total.money(total.bounds.at_risk)) for total in accrual.totals if total.bounds.at_risk]
        priced = f" At 100 % they would get {', '.join(risks)} for the quarter." if risks else ""
        lacking = f" Of {accrual.unpriced} no target can be told." if accrual.unpriced else ""
        who = "1 person is held" if accrual.held == 1 else f"{accrual.held} people are held"
        yield "At risk", f"{who} and not in the figures above.{priced}{lacking}"


def _waiting(accrual: Accrual) -> Iterator[tuple[str, str]]:
    waiting = [money_text(total.money(total.bounds.waiting)) for total in accrual.totals if total.bounds.waiting]
    if waiting:
        yield (
            "Not released",
            f"{', '.join(waiting)} is owed and in no batch yet: held back, or changed since the release.",
        )
