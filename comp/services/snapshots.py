"""Quarters that were loaded for what-ifs, kept in the process for as long as nothing that they rest on changes."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock

from sqlmodel import Session

from comp.company import write_company
from comp.periods import Quarter
from comp.store import audit, settings
from comp.store.facts import load_facts
from comp.store.plans import canonical_text
from comp.whatif import Snapshot

_MOST = 3
_LOOKS = (
    "read",
    "refuse",
    "download",
    "signed in",
    "signed in by provider",
    "confirmed",
    "session ended",
    "sessions ended",
    "sign-in failed",
    "sign-in refused",
    "keep what-if",
    "forget what-if",
    "propose exclusion",
    "refuse exclusion",
    "withdraw exclusion",
    "ask for waiver",
    "decide waiver",
    "set calendar",
)
"""What the audit chain notes that changes neither people nor scores nor plans."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A quarter as what-ifs use it, with the digest of its facts and published plans."""

    snapshot: Snapshot
    inputs_sha256: str


@dataclass(slots=True)
class _Place:
    lock: Lock = field(default_factory=Lock)
    loaded: Loaded | None = None


_PLACES: OrderedDict[tuple[str, ...], _Place] = OrderedDict()
_LOCK = Lock()


def load(session: Session, quarter: Quarter) -> Loaded:
    """The quarter's facts, read once for one state of the data, which the hash of the audit chain's last change names.

    Whoever changes facts notes it in the same transaction, so that another state has another hash. Of threads that ask
    at once one reads, and the others wait for it. A few quarters are kept.
    """
    place = _place(state_of(session, quarter))
    with place.lock:
        if place.loaded is None:
            facts, inputs = load_facts(session, quarter)
            place.loaded = Loaded(Snapshot(facts), inputs)
        return place.loaded


def _place(state: tuple[str, ...]) -> _Place:
    with _LOCK:
        place = _PLACES.setdefault(state, _Place())
        _PLACES.move_to_end(state)
        while len(_PLACES) > _MOST:
            _PLACES.popitem(last=False)
        return place


def state_of(session: Session, quarter: Quarter) -> tuple[str, ...]:
    """What names the state of the data that a quarter rests on: it is another one as soon as anything changes it."""
    company = canonical_text(write_company(settings.load_company(session)))
    return str(quarter), audit.last_but(session, _LOOKS), hashlib.sha256(company.encode()).hexdigest()
