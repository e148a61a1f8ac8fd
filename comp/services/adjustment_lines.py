"""What adjustments add to a quarter's settlement, and what of them stands against its approval."""

from collections.abc import Iterator

from sqlmodel import Session

from comp.adjustments import Adjustment, State
from comp.figures import counted
from comp.periods import Quarter
from comp.results import StoredRun
from comp.settlement import Additions, Key, LineKind, SettledLine, Settlement
from comp.store import adjustments


def adjustment_lines(session: Session, run: StoredRun, settlement: Settlement) -> Additions:
    """A line for each approved adjustment of somebody whom the run pays; to whom it holds nothing is added."""
    paid = {each.key for each in settlement.settled}
    found: dict[Key, list[SettledLine]] = {}
    for each in adjustments.load_adjustments(session, run.quarter):
        key = Key(each.employee, each.amount.currency)
        if each.state is State.APPROVED and key in paid:
            found.setdefault(key, []).append(_line(each))
    return found


def _line(each: Adjustment) -> SettledLine:
    return SettledLine(LineKind.ADJUSTMENT, each.amount, each.quarter, each.reason, f"adjustment {each.id}")


def stands_against(session: Session, quarter: Quarter) -> tuple[str, ...]:
    """What of its adjustments keeps a quarter from being approved, in sentences."""
    return tuple(_against(adjustments.load_adjustments(session, quarter)))


def _against(found: list[Adjustment]) -> Iterator[str]:
    undecided = [each for each in found if each.state is State.PROPOSED]
    beyond = sum(each.beyond for each in undecided)
    if undecided:
        who = f", {beyond} of them by an approver" if beyond else ""
        waits = f"{counted(len(undecided), 'adjustment')} {'is' if len(undecided) == 1 else 'are'}"
        yield f"{waits} proposed and not decided{who}. Decide first."
