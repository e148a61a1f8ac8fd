"""An evidence pack as a ZIP: the same state gives the same bytes, apart from when and by whom it was made.

Everything is written as it is read, so that no table is ever whole in memory; the manifest comes last.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from typing import IO

from comp.chain import Sealed, sealed_fields
from comp.evidence import Cell, Evidence, Table, Written, cell_text
from comp.plain_values import to_plain
from exports.archive import entry
from exports.documents import plan_yaml
from exports.evidence.read_me import read_me
from exports.spreadsheet_text import held_back

Told = Callable[[str, int], object]
"""Hears which file is written, and how many rows of it are."""

_AT_ONCE = 1_000
_MANIFEST = "manifest.json"

SCRIPTS = {
    "verify.py": "Recomputes every payout from the trace, checks file hashes and the audit chain; it is short.",
    "verify_everything.py": "Does what verify.py does, and checks all the rest of this pack.",
}
"""The scripts in a pack that check it without the product, and what each is for."""


@dataclass(frozen=True, slots=True)
class _Written:
    name: str
    sha256: str
    bytes: int
    about: str


def _unheard(_name: str, _rows: int) -> None:
    """Nobody wants to know."""


def write_pack(file: IO[bytes], evidence: Evidence, told: Told = _unheard) -> None:
    """Write a pack into an open file. What `told` raises ends it."""
    with zipfile.ZipFile(file, "w") as made:
        pack = _Pack(made)
        for name, about in SCRIPTS.items():
            pack.add(name, about, [script(name)])
        for plan, text in evidence.plans:
            version = plan.version
            pack.add(f"plans/{version}.json", "The document whose hash the run keeps.", [text.encode()])
            pack.add(f"plans/{version}.yaml", "The same document as people read it.", [plan_yaml(plan).encode()])
        metrics = json.dumps([to_plain(metric) for metric in evidence.metrics], ensure_ascii=False, indent=2)
        pack.add("metrics.json", "What each score is made of, as the run kept it.", [metrics.encode()])
        for table in evidence.tables:
            pack.add(f"{table.name}.csv", table.about, _csv(table, told))
        about = "The audit chain from before the quarter’s first day to its head, an entry a line."
        pack.add("audit-chain.jsonl", about, map(_chain_line, evidence.chain))
        for name, content in evidence.files:
            pack.add(name, "Released, byte for byte.", [content])
        pack.add("README.txt", "What this is.", [read_me(evidence, [(each.name, each.about) for each in pack.written])])
        pack.finish(evidence)


def script(name: str) -> bytes:
    """A script that checks a pack."""
    return files("exports").joinpath("evidence", name).read_bytes()


class _Pack:
    """Adds files one by one, and keeps what the manifest says of each."""

    def __init__(self, made: zipfile.ZipFile) -> None:
        self._made = made
        self.written: list[_Written] = []

    def add(self, name: str, about: str, content: Iterable[bytes]) -> None:
        digest, size = hashlib.sha256(), 0
        with self._made.open(entry(name, zipfile.ZIP_DEFLATED), "w", force_zip64=True) as file:
            for some in content:
                file.write(some)
                digest.update(some)
                size += len(some)
        self.written.append(_Written(name, digest.hexdigest(), size, about))

    def finish(self, evidence: Evidence) -> None:
        known = [{"name": each.name, "sha256": each.sha256, "bytes": each.bytes} for each in self.written]
        text = json.dumps({**evidence.about, "files": known}, ensure_ascii=False, indent=2)
        self._made.writestr(entry(_MANIFEST, zipfile.ZIP_DEFLATED), f"{text}\n")


def _csv(table: Table, told: Told) -> Iterator[bytes]:
    """A table, some rows at a time. Text that a spreadsheet would calculate gets an apostrophe before it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(table.columns)
    yield b"\xef\xbb\xbf"
    count = 0
    for count, row in enumerate(table.rows, start=1):
        writer.writerow(map(_written, row))
        if count % _AT_ONCE == 0:
            told(table.name, count)
            yield _drained(text)
    told(table.name, count)
    yield _drained(text)


def _drained(text: io.StringIO) -> bytes:
    content = text.getvalue().encode()
    text.seek(0)
    text.truncate()
    return content


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return cell if isinstance(cell, Written) else held_back(cell)
    return cell_text(cell)


def _chain_line(sealed: Sealed) -> bytes:
    values = [*sealed_fields(sealed.entry), sealed.previous, sealed.hash]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
