"""The tree that an explanation is: numbers that open into the numbers that made them."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Node:
    """One number of an explanation, with how it came about and the numbers below it.

    `kind` is what it is of: payout, piece, target, component, measure, gate, modifier, total, unpaid, hold, outside.
    `numbers` are exact decimals, or fractions, by name.
    """

    kind: str
    title: str
    value: str
    how: tuple[str, ...] = ()
    numbers: tuple[tuple[str, str], ...] = ()
    parts: tuple["Node", ...] = ()


def node_document(node: Node) -> dict[str, object]:
    """The tree as a plain document, for `--json`."""
    return {
        "kind": node.kind,
        "title": node.title,
        "value": node.value,
        "how": list(node.how),
        "numbers": dict(node.numbers),
        "parts": [node_document(part) for part in node.parts],
    }


def node_lines(node: Node, depth: int = 0) -> Iterator[str]:
    """The tree as indented lines for a terminal."""
    indent = "  " * depth
    yield f"{indent}{node.title}: {node.value}" if node.value else f"{indent}{node.title}"
    for sentence in node.how:
        yield f"{indent}    {sentence}"
    for part in node.parts:
        yield from node_lines(part, depth + 1)
