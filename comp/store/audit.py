"""The stored audit chain: appended to, and read."""

from collections.abc import Collection, Generator, Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Select, exists, or_, select
from sqlmodel import Session, col

from comp.chain import ORIGIN, Anchor, Entry, Sealed, seal
from comp.db import lock_chain
from comp.models import AuditRow

_AT_ONCE = 2_000


def append(session: Session, entry: Entry) -> None:
    """Seal an entry at the end of the chain, whatever number it has.

    From here to the end of its transaction the session alone does so: others wait at the same line.
    """
    lock_chain(session)
    last = head(session)
    number, previous = (last.number + 1, last.hash) if last else (1, ORIGIN)
    session.add(_row(seal(replace(entry, number=number), previous)))
    session.flush()


def head(session: Session) -> Anchor | None:
    """The last entry's number and hash; None for an empty chain."""
    query = select(col(AuditRow.number), col(AuditRow.hash)).order_by(col(AuditRow.number).desc()).limit(1)
    row = session.execute(query).one_or_none()
    return Anchor(row.number, row.hash) if row else None


def last_but(session: Session, actions: Collection[str]) -> str:
    """The hash of the last entry whose action is none of these; empty without any."""
    query = select(col(AuditRow.hash)).where(col(AuditRow.action).not_in(actions))
    return session.scalar(query.order_by(col(AuditRow.number).desc()).limit(1)) or ""


def read_chain(session: Session) -> Generator[Sealed, None, None]:
    """All entries in order, some thousands at a time. Whoever stops before the end closes it."""
    return read_from(session, 1)


def read_from(session: Session, number: int) -> Generator[Sealed, None, None]:
    """The entries from a number on, in order, some thousands at a time. Whoever stops before the end closes it."""
    query = select(AuditRow).where(col(AuditRow.number) >= number).order_by(col(AuditRow.number))
    found = session.scalars(query.execution_options(yield_per=_AT_ONCE))
    try:
        yield from map(_sealed, found)
    finally:
        found.close()


def first_of(session: Session, since: datetime, about: str) -> int | None:
    """The number of the first entry since a moment, or of one about something if that came before; None for neither."""
    number = col(AuditRow.number)
    these = or_(col(AuditRow.at) >= since, col(AuditRow.about).startswith(about, autoescape=True))
    return session.scalar(select(number).where(these).order_by(number).limit(1))


def has_other_since(session: Session, number: int, actions: Collection[str], kinds: Collection[str]) -> bool:
    """Whether any entry after a number is of another action, and about another kind of thing."""
    about, action = col(AuditRow.about), col(AuditRow.action)
    known = or_(action.in_(actions), about.in_(kinds), *(about.startswith(f"{kind} ") for kind in kinds))
    return bool(session.scalar(select(exists().where(col(AuditRow.number) > number, ~known))))


def search(session: Session, text: str, offset: int, limit: int) -> list[Sealed]:
    """Entries, the newest first, whose actor, action, object or details have a text in them."""
    query = _having(text).order_by(col(AuditRow.number).desc()).offset(offset).limit(limit)
    return list(map(_sealed, session.scalars(query)))


def find_all(session: Session, text: str) -> Iterator[Sealed]:
    """Every entry that `search` finds, in order, some thousands at a time."""
    query = _having(text).order_by(col(AuditRow.number)).execution_options(yield_per=_AT_ONCE)
    yield from map(_sealed, session.scalars(query))


def _having(text: str) -> Select[AuditRow]:
    if not text:
        return select(AuditRow)
    fields = (AuditRow.actor, AuditRow.action, AuditRow.about, AuditRow.details)
    return select(AuditRow).where(or_(*(col(field).icontains(text, autoescape=True) for field in fields)))


def last_about(session: Session, action: str, about: str) -> Entry | None:
    """The last entry of one act on one object; None where there is none."""
    query = select(AuditRow).where(col(AuditRow.action) == action, col(AuditRow.about) == about)
    row = session.scalars(query.order_by(col(AuditRow.number).desc()).limit(1)).one_or_none()
    return _sealed(row).entry if row else None


def _row(sealed: Sealed) -> AuditRow:
    entry = sealed.entry
    return AuditRow(
        number=entry.number,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        about=entry.about,
        details=entry.details,
        previous=sealed.previous,
        hash=sealed.hash,
    )


def _sealed(row: AuditRow) -> Sealed:
    entry = Entry(row.number, row.at, row.actor, row.action, row.about, row.details)
    return Sealed(entry, row.previous, row.hash)
