"""What an evidence pack holds: tables, plan documents, metrics, and a slice of the audit chain, all of one quarter."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from comp.chain import Sealed
from comp.figures import exact_text
from comp.money import Money
from comp.periods import Quarter
from comp.plan import Plan
from comp.scores import Metric

FORMAT = 1
"""Which tables there are and what their columns mean; `verify.py` reads this one."""

Cell = str | int | bool | Fraction | Money | date | datetime | None


class Written(str):
    """A number as it stands in a file already: what many rows share is written out once."""

    __slots__ = ()


class Table(NamedTuple):
    """A table of a pack: its file's name without `.csv`, what it is for in a sentence, its columns and its rows."""

    name: str
    about: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]


class PlanDocument(NamedTuple):
    """A plan version as it was stored: the text of its document, whose hash the run keeps, and the plan it states."""

    plan: Plan
    text: str


class File(NamedTuple):
    """A file that was released, byte for byte."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that an evidence pack holds. Tables, chain and files are read while the pack is written.

    `about` is what its manifest says before the list of files.
    """

    quarter: Quarter
    about: Mapping[str, object]
    plans: tuple[PlanDocument, ...]
    metrics: tuple[Metric, ...]
    tables: Iterable[Table]
    chain: Iterable[Sealed]
    files: Iterable[File]


def pack_name(quarter: Quarter) -> str:
    """The name under which a pack is saved."""
    return f"evidence-{quarter}.zip"


def number_text(number: Fraction) -> str:
    """A number in full: its decimals where they end, else a division, `1÷3`, which no spreadsheet takes for a day."""
    return exact_text(number).replace("/", "÷")


def cell_text(cell: Cell) -> str:
    """What stands in a file for a value."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, Fraction):
        return number_text(cell)
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%dT%H:%M:%SZ}"
    return str(cell)
