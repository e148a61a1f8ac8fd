"""Parses a workbook in a process of its own, with limits on memory and time that a hostile file runs into."""

import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import asdict

from comp.errors import Problem, RefusedError
from importers.workbooks import Sheet, read_workbook

_MEMORY = 2_000_000_000
_SECONDS = 120
_REMEDY = "Look for stray cells far below or beside the data, or save it as CSV."


def parse_workbook(content: bytes, name: str) -> Sheet:
    """What `importers.workbooks.read_workbook` gives, from a process that cannot take the machine down."""
    command = [sys.executable, "-m", "importers.sandbox", str(_MEMORY), str(_SECONDS)]
    try:
        done = subprocess.run(command, input=content, capture_output=True, timeout=_SECONDS, check=False)  # noqa: S603 - this module
    except subprocess.TimeoutExpired:
        raise RefusedError(
            f"{name} takes more than {_SECONDS} seconds to read. Save only the sheet with data."
        ) from None
    if done.returncode:
        raise RefusedError(f"{name} needs more memory or time than a workbook of data does. {_REMEDY}")
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise RefusedError(f"{name} {answer['refused']}", _problems(answer["problems"]))
    return Sheet([(line, cells) for line, cells in answer["rows"]], answer["base_1904"], _problems(answer["warnings"]))


def _problems(stated: Iterable[dict[str, object]]) -> list[Problem]:
    return [Problem(**problem) for problem in stated]  # type: ignore[arg-type] # written by `_documents`


def _documents(problems: Iterable[Problem]) -> list[dict[str, object]]:
    return [asdict(problem) for problem in problems]


def _limit(memory: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # pragma: no cover - a system without such limits
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def main() -> None:
    """Read a workbook from standard input and write its rows, or why it is refused, as JSON.

    The arguments are the limits: bytes of memory and seconds of processor time.
    """
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    try:
        sheet = read_workbook(sys.stdin.buffer.read())
    except RefusedError as refused:
        answer: dict[str, object] = {"refused": str(refused), "problems": _documents(refused.problems)}
    else:
        answer = {"rows": sheet.rows, "base_1904": sheet.base_1904, "warnings": _documents(sheet.warnings)}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
