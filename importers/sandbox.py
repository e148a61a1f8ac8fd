"""Parses a workbook in a process of its own, with limits on memory and time that a hostile file runs into."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

from comp.errors import Problem, RefusedError

_MEMORY = 2_000_000_000
_SECONDS = 120


def parse_workbook(content: bytes, name: str) -> tuple[list[tuple[int, list[str]]], bool]:
    """What `importers.workbooks.read_workbook` gives, from a process that cannot take the machine down."""
    command = [sys.executable, "-m", "importers.sandbox", name]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - this module
    except subprocess.TimeoutExpired:
        raise RefusedError(
            f"{name} takes more than {_SECONDS} seconds to read. Save only the sheet with data."
        ) from None
    if done.returncode:
        raise RefusedError(f"{name} needs more memory or time than a workbook of data does. Save it as CSV.")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise _refused(answer)
    return [(line, cells) for line, cells in answer["rows"]], answer["base_1904"]


def _refused(answer: Mapping[str, Any]) -> RefusedError:
    return RefusedError(answer["refused"], [Problem(**problem) for problem in answer["problems"]])


def _limit() -> None:
    try:
        import resource
    except ImportError:  # pragma: no cover - a system without such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))


def main() -> None:
    """Read a workbook from standard input and write its rows, or why it is refused, as JSON."""
    from importers.workbooks import read_workbook

    _limit()
    try:
        rows, base_1904 = read_workbook(sys.stdin.buffer.read(), sys.argv[1])
        answer: dict[str, object] = {"rows": rows, "base_1904": base_1904}
    except RefusedError as refused:
        problems = [
            {"why": problem.why, "line": problem.line, "column": problem.column} for problem in refused.problems
        ]
        answer = {"refused": str(refused), "problems": problems}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
