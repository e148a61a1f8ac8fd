"""What was added to a payout since its run, in the tree and in the steps of its explanation."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from comp.figures import money_text
from comp.money import Money
from comp.nodes import Node
from comp.settlement import LineKind, Settled, SettledLine
from comp.waterfall import Step

LABELS: Mapping[LineKind, str] = MappingProxyType(
    {
        LineKind.EARNED: "Earned",
        LineKind.FUNDING: "Funding",
        LineKind.ADJUSTMENT: "Adjustment",
        LineKind.GUARANTEE: "Guarantee",
        LineKind.RECOVERY: "Recovery of a draw",
        LineKind.CORRECTION: "Correction",
        LineKind.CARRIED: "Carried over",
    }
)
"""How each kind of line is called where people read."""


def added(settled: Settled | None) -> tuple[SettledLine, ...]:
    """The lines beside what the run gave."""
    return tuple(line for line in settled.lines if line.kind is not LineKind.EARNED) if settled else ()


def with_added(tree: Node, settled: Settled | None) -> Node:
    """The tree of a payout below what is paid: the payout itself, and every line that was added to it."""
    lines = added(settled)
    if not settled or not lines:
        return tree
    return Node(
        kind="payout",
        title="Paid",
        value=money_text(settled.payable),
        how=("What the run gave, and what was added to it since.",),
        numbers=(("amount", str(settled.payable)),),
        parts=(tree, *map(_node, lines)),
    )


def _node(line: SettledLine) -> Node:
    how = (f"{line.about}.",) if line.about else ()
    return Node(str(line.kind), _label(line), money_text(line.amount), how, (("amount", str(line.amount)),))


def _label(line: SettledLine) -> str:
    return f"{LABELS[line.kind]} of {line.quarter}" if line.kind is LineKind.CORRECTION else LABELS[line.kind]


def steps_added(steps: Iterable[Step], settled: Settled | None) -> tuple[Step, ...]:
    """The steps to a payout, and from there to what is paid: one for each kind of line."""
    return (*steps, *_steps(added(settled)))


def _steps(lines: Iterable[SettledLine]) -> Iterator[Step]:
    found: dict[str, Step] = {}
    for line in lines:
        label = _label(line)
        before = found.get(label)
        minor = line.amount.minor + (before.change.minor if before else 0)
        found[label] = Step(label, Money(minor, line.amount.currency))
    yield from found.values()
