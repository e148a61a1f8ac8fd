"""The same request with the same key is done once: what it was answered is kept with what it stored, and given again.

Writers take turns, and the answer is kept in the transaction of the work. So of two at once one works and the other
gets its answer; and whatever ends the program in between, both are there or neither.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from comp.errors import RefusedError
from comp.models import ApiAnswerRow
from comp.store import api_answers
from comp.tokens import ApiToken

KEPT = timedelta(hours=48)
"""How long an answer is given again."""


class OtherRequestError(RefusedError):
    """A key that came with another request before."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it is known again: its key, and a hash of everything that it asks for."""

    key: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Answered:
    """What a request was answered."""

    status: int
    body: str
    location: str = ""
    etag: str = ""


def asked(key: str, method: str, address: str, kind: str, body: bytes) -> Asked:
    """A request under a key: its method, its whole address, the kind of its body and the body."""
    digest = hashlib.sha256()
    for part in (method.encode(), address.encode(), kind.encode(), body):
        digest.update(len(part).to_bytes(8, "big") + part)
    return Asked(key, digest.hexdigest())


def find(session: Session, token: ApiToken, request: Asked, now: datetime) -> Answered | None:
    """What the same request was answered before; None where it is new.

    Raises `OtherRequestError` where the key came with another request.
    """
    row = api_answers.find(session, token.id, request.key)
    if row is None or now - row.kept_at >= KEPT:
        return None
    if row.request_sha256 != request.sha256:
        raise OtherRequestError(
            "This Idempotency-Key came with another request before: another address or another body. Send a new key."
        )
    return Answered(row.status, row.body, row.location, row.etag)


def keep(session: Session, token: ApiToken, request: Asked, answered: Answered, now: datetime) -> None:
    """Keep what a request is answered, in the transaction of what it stores."""
    api_answers.forget(session, now - KEPT)
    row = ApiAnswerRow(
        token_id=token.id,
        key=request.key,
        request_sha256=request.sha256,
        status=answered.status,
        location=answered.location,
        etag=answered.etag,
        body=answered.body,
        kept_at=now,
    )
    api_answers.save(session, row)


def forget_old(session: Session, now: datetime) -> None:
    """Forget what is not given again any more."""
    api_answers.forget(session, now - KEPT)
