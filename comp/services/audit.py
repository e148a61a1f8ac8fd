"""The audit chain as services use it: noting what happens, proving that nothing was touched, and searching it."""

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.chain import Anchor, Break, Entry, Sealed, first_break
from comp.roles import CLOCK, COMMAND_LINE
from comp.store import accounts, audit, settings

PAGE = 100
_LOOKS = ("read", "download", "refuse", "replay")
_NO_INPUTS = (
    "account",
    "accrual",
    "adjustment",
    "calendar",
    "comment",
    "correction",
    "delegation",
    "evidence",
    "hold",
    "job",
    "late",
    "limits",
    "mail",
    "proposal",
    "quarter",
    "query",
    "rates",
    "release",
    "review",
    "session",
    "sign-in",
    "token",
    "waiver",
    "withdrawal",
)
"""Kinds of things that no calculation looks at, as `about` names them."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What proving the chain found: its head, and the first fault where there is one."""

    head: Anchor | None
    broken: Break | None


def note(session: Session, by: str, now: datetime, action: str, about: str, **details: str | int | None) -> None:
    """Append what `by` did to the chain, in the session's transaction.

    `about` names the thing by kind and number; `details` hold numbers and codes, never names or free text.
    """
    written = json.dumps(details, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    audit.append(session, Entry(0, now, actor_text(session, by), action, about, written))


def actor_text(session: Session, by: str) -> str:
    """Who acted, without a name: the account's number, the command line, the clock, or a keyed hash of anybody else."""
    if by in {COMMAND_LINE, CLOCK}:
        return by
    known = accounts.find_credentials(session, by)
    return f"account {known.account.id}" if known else f"unknown {keyed(session, by)}"


def keyed(session: Session, text: str) -> str:
    """A hash that tells the same text again and nothing of what it says."""
    return hmac.digest(settings.respondent_key(session), text.lower().encode(), "sha256").hex()[:16]


def sha256(words: str) -> str:
    """What the chain keeps of words: their hash alone."""
    return hashlib.sha256(words.strip().encode()).hexdigest()


def verify(session: Session, anchors: Sequence[Anchor] = ()) -> Verdict:
    """Recompute the whole chain, and hold it against anchors that were kept elsewhere."""
    with closing(audit.read_chain(session)) as chain:
        return Verdict(audit.head(session), first_break(chain, anchors))


def head(session: Session) -> Anchor | None:
    """The last entry's number and hash; None for an empty chain."""
    return audit.head(session)


def is_changed_since(session: Session, number: int) -> bool:
    """Whether anything was noted after an entry that may have changed what a calculation looks at."""
    return audit.has_other_since(session, number, _LOOKS, _NO_INPUTS)


def are_inputs_changed_since(session: Session, number: int) -> bool:
    """Whether anything was noted after an entry that may have changed what any quarter is calculated from."""
    return audit.has_other_since(session, number, _LOOKS, (*_NO_INPUTS, "run"))


def search(session: Session, text: str, page: int) -> list[Sealed]:
    """A page of entries with a text in them, the newest first. One more than `PAGE` tells that there are older ones."""
    return audit.search(session, text.strip(), (page - 1) * PAGE, PAGE + 1)


def extract(session: Session, text: str) -> Iterator[Sealed]:
    """Every entry with a text in it, in order, read while it is taken: the session stays open till then."""
    return audit.find_all(session, text.strip())
