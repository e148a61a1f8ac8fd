"""Whether a run that is calculated again comes out as it was stored: to the last fraction, hold and word."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from comp.errors import Problem
from comp.money import Money
from comp.results import Hold, Outside, Payout, Piece, Run

K = TypeVar("K")
V = TypeVar("V")
_SAME_AMOUNT = "The amount is the same, but the steps to it are not."


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that a run stored and its replay gave otherwise; of `employee` "" where it is nobody's own."""

    employee: str
    stored: Money | None
    replayed: Money | None
    why: str

    @property
    def problem(self) -> Problem:
        """The difference with its place."""
        return Problem(self.why, where=f"employee {self.employee}" if self.employee else "")


def differences(stored: Run, replayed: Run) -> Iterator[Difference]:
    """Everything in which a replay differs from the stored run; nothing where they are identical."""
    same = _Same()
    pairs = _paired(_by_currency(stored.payouts), _by_currency(replayed.payouts))
    for (employee, _), (was, now) in pairs:
        if why := same.why_not(was, now):
            yield Difference(employee, was and was.amount, now and now.amount, why)
    for employee, (before, after) in _paired(_excluded(stored), _excluded(replayed)):
        if before != after:
            yield Difference(employee, None, None, f"{_told(before)} in the run, {_told(after)} in the replay.")
    if (stored.problems, stored.metrics, stored.round_to) != (replayed.problems, replayed.metrics, replayed.round_to):
        yield Difference("", None, None, "Problems, metrics or rounding of the run are others.")


class _Same:
    """Compares payouts. What people share is compared once."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], bool] = {}

    def why_not(self, was: Payout | None, now: Payout | None) -> str:
        """In what two payouts differ, as a sentence; empty where they are the same."""
        if was is None or now is None:
            return "Paid only in the replay." if was is None else "Paid only in the run."
        if was.amount != now.amount:
            return f"{was.amount} {was.amount.currency} in the run, {now.amount} in the replay."
        alike = was.name == now.name and was.unpaid == now.unpaid and len(was.pieces) == len(now.pieces)
        is_same = alike and all(map(self._piece, was.pieces, now.pieces))
        return "" if is_same else _SAME_AMOUNT

    def _piece(self, was: Piece, now: Piece) -> bool:
        old, new = was.stretch, now.stretch
        shared = self._shared(old.plan, new.plan) and self._shared(old.attainment, new.attainment)
        own = old._replace(plan=new.plan, attainment=new.attainment) == new
        return shared and own and was.assignment == replace(now.assignment, span=new.span)

    def _shared(self, was: object, now: object) -> bool:
        key = id(was), id(now)
        if key not in self._known:
            self._known[key] = was == now
        return self._known[key]


def _paired(old: Mapping[K, V], new: Mapping[K, V]) -> Iterator[tuple[K, tuple[V | None, V | None]]]:
    for key in dict.fromkeys([*old, *new]):
        yield key, (old.get(key), new.get(key))


def _by_currency(payouts: Iterable[Payout]) -> dict[tuple[str, str], Payout]:
    return {(payout.employee, payout.amount.currency): payout for payout in payouts}


def _excluded(run: Run) -> dict[str, Hold | Outside]:
    excluded: tuple[Hold | Outside, ...] = (*run.held, *run.outside)
    return {each.employee: each for each in excluded}


def _told(excluded: Hold | Outside | None) -> str:
    if excluded is None:
        return "paid or unknown"
    return f"{'held' if isinstance(excluded, Hold) else 'in no plan'} ({excluded.why})"
