"""Making an evidence pack, for the job that pages ask for and for the command: written as it is read."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from comp.chain import Anchor
from comp.db import Engine, Session, reading
from comp.evidence import pack_name
from comp.made_files import FileKind, KeptFile
from comp.periods import Quarter
from comp.roles import Account, Permission
from comp.services import evidence
from exports.evidence.pack import Told, write_pack
from web.made_files import hand_over, place_of
from web.settings import Settings
from web.work import Work

STEPS = ("Read the quarter and write the pack", "Store the pack")
_WRITE, _STORE = range(1, 3)
_AT_ONCE = 1024 * 1024


def write(engine: Engine, machine: Settings, actor: Account, quarter: Quarter, file: IO[bytes], told: Told) -> None:
    """Write the pack of a quarter into an open file, of one state of the data.

    Raises `NotFoundError` where the quarter was not calculated, and for who may not take packs.
    """
    with reading(engine) as session:
        found = evidence.gather(session, actor, quarter, datetime.now(UTC), _anchors(machine.anchor_file))
        write_pack(file, found, told)


def _anchors(path: Path | None) -> list[Anchor]:
    """The heads of the audit chain that the nightly job wrote into a file, as far as it can be read here."""
    try:
        lines = path.read_text().splitlines() if path else []
        return [Anchor.parse(line.rpartition(" ")[2]) for line in lines if line.strip()]
    except (OSError, ValueError):
        return []


def known_by(file: IO[bytes]) -> tuple[str, int]:
    """The SHA-256 and the size of a file that was just written."""
    file.flush()
    file.seek(0)
    digest = hashlib.sha256()
    while some := file.read(_AT_ONCE):
        digest.update(some)
    return digest.hexdigest(), file.tell()


def note(session: Session, actor: Account, quarter: Quarter, sha256: str, size: int) -> None:
    """Note in the audit chain that a pack was made."""
    evidence.note_made(session, actor, quarter, datetime.now(UTC), sha256, size)


def make(work: Work) -> None:
    """Make the pack that somebody asked for. It is kept together with the end of the job, and noted by its hash."""
    quarter = Quarter.parse(work.job.arguments["quarter"])
    with reading(work.engine) as session:
        actor = work.asker(session)

    def told(_name: str, rows: int) -> None:
        work.tell(_WRITE, rows, 0)

    def noted(session: Session, file: KeptFile) -> None:
        note(session, actor, quarter, file.sha256, file.size)

    with place_of(pack_name(quarter)) as path:
        with path.open("wb") as file:
            write(work.engine, work.machine, actor, quarter, file, told)
        kind = FileKind(path.name, "application/zip", Permission.TAKE_EVIDENCE)
        hand_over(work, _STORE, path, kind, f"The evidence of {quarter} is there.", noted)
