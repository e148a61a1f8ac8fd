"""Where in a YAML text a problem of its document stands: the line for a path such as `columns[2].width`."""

import re
from collections.abc import Iterable
from dataclasses import replace

import yaml

from comp.errors import Problem
from importers.documents import parse_nodes

_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


def located(problems: Iterable[Problem], content: bytes) -> list[Problem]:
    """Problems with the lines that they are about, in the order of the text.

    One about something that is not there has the line of what should hold it; the text must be one that can be read.
    """
    root = parse_nodes(content)
    found = [problem if problem.line else replace(problem, line=_line(root, problem.where)) for problem in problems]
    return sorted(found, key=lambda problem: problem.line or 0)


def _line(root: yaml.Node | None, path: str) -> int | None:
    if root is None:
        return None
    node, line = root, root.start_mark.line
    for number, name in _STEP.findall(path):
        found = _item(node, int(number)) if number else _value(node, name)
        if found is None:
            break
        line, node = found
    return line + 1


def _item(node: yaml.Node, number: int) -> tuple[int, yaml.Node] | None:
    if not isinstance(node, yaml.SequenceNode) or number >= len(node.value):
        return None
    item: yaml.Node = node.value[number]
    return item.start_mark.line, item


def _value(node: yaml.Node, name: str) -> tuple[int, yaml.Node] | None:
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next(((key.start_mark.line, value) for key, value in pairs if key.value == name), None)
