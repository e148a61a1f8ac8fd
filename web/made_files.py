"""Files that a job made on the disk, taken over into the database with the job's end, and sent from there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from comp.db import Engine, Session, queueing, reading, writing
from comp.made_files import FileKind, KeptFile
from comp.services import made_files
from comp.services.made_files import PART, Taking
from web.work import Work


@contextmanager
def place_of(name: str) -> Iterator[Path]:
    """A place on the disk for a file while it is made; nothing of it is left there afterwards."""
    with TemporaryDirectory(prefix="loyaltypay-") as folder:
        yield Path(folder) / name


def hand_over(
    work: Work,
    step: int,
    path: Path,
    kind: FileKind,
    said: str,
    noted: Callable[[Session, KeptFile], object] = lambda _session, _file: None,
) -> None:
    """Take a file over and end its job, which offers it: all of it, or none. `noted` is stored with it.

    Its parts are stored one by one, so that nobody waits for a large one; `step` is told while that goes on.
    """
    taking, parts = Taking(work.job), -(-path.stat().st_size // PART)
    with path.open("rb") as file:
        while content := file.read(PART):
            work.tell(step, taking.parts, parts)
            with queueing(work.engine) as session:
                taking.add(session, content)
    with writing(work.engine) as session:
        kept = taking.keep(session, kind, datetime.now(UTC))
        noted(session, kept)
        work.finish(session, f"{said} It is kept until {kept.kept_until:%Y-%m-%d}.", f"/jobs/{work.job.id}/file")


def content_of(engine: Engine, file: KeptFile) -> Iterator[bytes]:
    """The content of a file, part by part, so that a large one is nowhere whole in memory."""
    for number in range(file.parts):
        with reading(engine) as session:
            content = made_files.load_part(session, file, number)
        yield content
