"""Payouts as pages show them: a page of a run's, and one with everything about it."""

from dataclasses import dataclass
from fractions import Fraction

from sqlmodel import Session

from comp.money import Money, paid
from comp.nodes import Node
from comp.periods import Quarter
from comp.results import Hold, Outside, Payout, StoredRun
from comp.services.calculation import explain, explainer
from comp.store import runs, units
from comp.waterfall import Step, waterfall

PAGE = 50


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """One payout in a list."""

    employee: str
    name: str
    unit: str
    amount: Money
    target: Money
    attainment: Fraction | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PayoutPage:
    """A page of a run's payouts; `total` is how many people the whole search finds."""

    run: StoredRun
    rows: tuple[PayoutRow, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages the search has."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True, slots=True)
class PayoutView:
    """One payout with its tree and the steps to it; `before` is the same person's in the quarter before."""

    payout: Payout
    tree: Node
    steps: tuple[Step, ...]
    before: Money | None


@dataclass(frozen=True, slots=True)
class PersonView:
    """Everything that a run says about one person."""

    run: StoredRun
    employee: str
    name: str
    payouts: tuple[PayoutView, ...]
    without: tuple[Node, ...]


def list_payouts(session: Session, run: StoredRun, search: str, page: int) -> PayoutPage:
    """A page of a run's payouts, by employee; `search` looks in numbers and names. After the last page comes itself."""
    employees, total = runs.find_employees(session, run.id, search.strip(), (page - 1) * PAGE, PAGE)
    if total and not employees:
        return list_payouts(session, run, search, -(-total // PAGE))
    loaded = runs.load_run(session, run, employees)
    names = {unit.code: unit.name for unit in units.load_units(session)}
    return PayoutPage(run, tuple(_row(payout, names) for payout in loaded.payouts), total, page)


def _row(payout: Payout, names: dict[str, str]) -> PayoutRow:
    codes = dict.fromkeys(piece.assignment.unit for piece in payout.pieces)
    target = payout.target_here
    return PayoutRow(
        employee=payout.employee,
        name=payout.name,
        unit=", then ".join(names.get(code, code) for code in codes),
        amount=payout.amount,
        target=paid(target.numerator, target.denominator, payout.amount.currency),
        attainment=payout.exact / target if target else None,
        flags=tuple(_flags(payout)),
    )


def _flags(payout: Payout) -> list[str]:
    stretches = [piece.stretch for piece in payout.pieces]
    caps = [stretch.plan.cap for stretch in stretches]
    told = {
        "not eligible": any(stretch.forfeited for stretch in stretches),
        "moved": len({piece.assignment.unit for piece in payout.pieces}) > 1,
        "absent": any(stretch.absent for stretch in stretches),
        "capped": any(s.attainment.total == cap != s.attainment.earned for s, cap in zip(stretches, caps, strict=True)),
    }
    return [flag for flag, applies in told.items() if applies]


def view_person(session: Session, employee: str, quarter: Quarter) -> PersonView:
    """Everything that the last run of a quarter says about one person. Raises `NotFoundError` for nothing."""
    stored, payouts, nodes = explain(session, employee, quarter)
    names = explainer(session).units
    earlier = _amounts(session, employee, quarter.plus(-1))
    views = tuple(
        PayoutView(payout, tree, waterfall(payout, names), earlier.get(payout.amount.currency))
        for payout, tree in zip(payouts, nodes, strict=False)
    )
    name = payouts[0].name if payouts else _name(session, stored, employee)
    return PersonView(stored, employee, name, views, tuple(nodes[len(payouts) :]))


def _amounts(session: Session, employee: str, quarter: Quarter) -> dict[str, Money]:
    run = runs.find_run(session, quarter)
    if run is None:
        return {}
    return {payout.amount.currency: payout.amount for payout in runs.load_run(session, run, [employee]).payouts}


def _name(session: Session, stored: StoredRun, employee: str) -> str:
    run = runs.load_run(session, stored, [employee])
    excluded: list[Hold | Outside] = [*run.held, *run.outside]
    return excluded[0].name if excluded else employee
