"""Files that a job made: kept for some days for whoever asked for them, under the permission that they need."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from comp.roles import Permission

KEPT = timedelta(days=7)
"""How long a file is kept from when it was made."""


@dataclass(frozen=True, slots=True)
class FileKind:
    """What a file is called when it is taken away, in ASCII, its media type, and the permission that it needs."""

    name: str
    media_type: str
    needs: Permission


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that is there whole. It lies in `parts` parts, under the job and which attempt at it made them."""

    job: int
    attempt: int
    kind: FileKind
    size: int
    parts: int
    sha256: str
    kept_until: datetime
