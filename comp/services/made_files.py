"""Files that jobs made: stored part by part, there once the job has ended, taken away by whoever asked for them."""

from datetime import datetime
from hashlib import sha256

from sqlmodel import Session

from comp.errors import UnseenError
from comp.jobs import Job
from comp.made_files import KEPT, FileKind, KeptFile
from comp.roles import Account
from comp.services import audit, jobs, relations
from comp.store import made_files

PART = 1024 * 1024
"""How many bytes a part has, but for the last one."""


class Taking:
    """A file that is being taken over. `add` each part, in order, in a transaction of its own; then `keep` it."""

    def __init__(self, job: Job) -> None:
        self._job, self._hash = job, sha256()
        self.parts = self._size = 0

    def add(self, session: Session, content: bytes) -> None:
        """Store the next part."""
        made_files.add_part(session, self._job.id, self._job.attempts, self.parts, content)
        self._hash.update(content)
        self.parts += 1
        self._size += len(content)

    def keep(self, session: Session, kind: FileKind, now: datetime) -> KeptFile:
        """Let the parts be a file; to be called in the transaction that ends the job, so that none is ever half."""
        job, digest = self._job, self._hash.hexdigest()
        file = KeptFile(job.id, job.attempts, kind, self._size, self.parts, digest, now + KEPT)
        made_files.add(session, file)
        audit.note(
            session, job.asked_by, now, "make file", f"job {job.id}", name=kind.name, size=self._size, sha256=digest
        )
        return file


def find(session: Session, actor: Account, number: int, now: datetime) -> KeptFile:
    """The file of a job that the actor asked for. Nobody else takes it, whoever looks after jobs.

    Raises `UnseenError` for another's, for one that is forgotten, and without the permission that it needs.
    """
    job = jobs.find(session, actor, number)
    file = made_files.find(session, number)
    if file is None or job.asked_by != actor.email or not _may(session, actor, file, now):
        raise UnseenError(
            "There is no such file, or it is not for you, or it was kept for long enough: ask for it again.",
            "file of job",
            str(number),
        )
    return file


def _may(session: Session, actor: Account, file: KeptFile, now: datetime) -> bool:
    return file.kind.needs in relations.granted(session, actor, now)


def load_part(session: Session, file: KeptFile, number: int) -> bytes:
    """One part of a file, which its parts in order are."""
    return made_files.load_part(session, file, number)


def forget_old(session: Session, now: datetime) -> None:
    """Forget files that were kept long enough, and what is left of those that were never whole."""
    made_files.forget(session, now)
