"""The stored versions of a plan: drafts, and what was published."""

from dataclasses import dataclass
from datetime import datetime

from comp.plan import Plan

DRAFT, PUBLISHED = "draft", "published"


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version of a plan, with who wrote it and who published it."""

    plan: Plan
    state: str
    sha256: str
    author: str
    saved_at: datetime
    published_by: str | None
    published_at: datetime | None

    @property
    def is_published(self) -> bool:
        """Whether the version may pay."""
        return self.state == PUBLISHED

    @property
    def fingerprint(self) -> str:
        """What changes whenever the version does: whoever acts on one says which they saw."""
        return f"{self.state}-{self.sha256}"
