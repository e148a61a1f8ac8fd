"""Text that must not pass unseen: control characters, a spreadsheet's errors, what a spreadsheet would run."""

import re
from collections.abc import Callable

from comp.errors import Problem
from importers.cells import Column

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_ERROR = re.compile(r"#(?:REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|N/A)")
_FULL_WIDTH = "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH COMMERCIAL AT}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}"
_FORMULA = re.compile(rf"[=@{_FULL_WIDTH}]|[+-](?![0-9.,]+$).")
_ODD = re.compile(rf"{_CONTROL.pattern}|^(?:{_ERROR.pattern}|{_FORMULA.pattern})", re.MULTILINE)


def note_odd_texts(column: Column, warnings: list[Problem]) -> None:
    """Note texts that no name or code can be, and warn of those that a spreadsheet would run as a formula."""
    if not _ODD.search("\n".join(column.cells)):
        return
    for index, cell in enumerate(column.cells):
        if _CONTROL.search(cell):
            column.problem(index, "has control characters in it. Type it anew.")
        elif _ERROR.fullmatch(cell):
            column.problem(index, "is an error of the spreadsheet and not a value. Correct its formula.")
    _warn(column, warnings, _FORMULA.match, "starts like a formula. It is kept as text, here and in every workbook")


def plain_texts(column: Column, warnings: list[Problem]) -> list[str]:
    """The texts of a column with a blank for each control character, and a warning where there are any."""
    if not _CONTROL.search("\n".join(column.cells)):
        return list(column.cells)
    _warn(column, warnings, _CONTROL.search, "has control characters, which are read as blanks")
    return [_CONTROL.sub(" ", cell) for cell in column.cells]


def _warn(column: Column, warnings: list[Problem], is_meant: Callable[[str], re.Match[str] | None], why: str) -> None:
    """One warning for all cells of a column of which the same is true, with the place of the first."""
    lines = [line for line, cell in zip(column.lines, column.cells, strict=True) if is_meant(cell)]
    if lines:
        more = f", like {len(lines) - 1:,} more of the column" if len(lines) > 1 else ""
        warnings.append(Problem(f"{why}{more}.", line=lines[0], column=column.name))
