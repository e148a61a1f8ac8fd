"""Exclusions of answers: proposals as rows, and which answers count for nothing now."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from sqlalchemy import func, select, update
from sqlmodel import Session, col

from comp.exclusions import WHOLE, Kind, Named, Proposal, Reason, State
from comp.models import ExclusionAnswerRow, ExclusionRow
from comp.periods import Quarter
from comp.store.bulk import chunks, columns_of, insert
from comp.store.responses import LeftOut


def add_proposal(session: Session, proposal: Proposal) -> int:
    """Store a new proposal with the answers that it names; gives its number."""
    row = ExclusionRow(
        kind=proposal.kind,
        unit=proposal.unit,
        quarter=str(proposal.quarter),
        reason=proposal.reason,
        words=proposal.words,
        proposed_by=proposal.proposed_by,
        proposed_at=proposal.proposed_at,
        state=proposal.state,
        undoes=proposal.undoes,
    )
    session.add(row)
    session.flush()
    number = row.id or 0
    named = sorted({(each.key, each.question) for each in proposal.answers})
    insert(session, ExclusionAnswerRow, ("exclusion_id", "key", "question"), ((number, *each) for each in named))
    return number


def find_proposal(session: Session, number: int) -> Proposal | None:
    """A proposal with its answers; None where there is none of that number."""
    row = session.get(ExclusionRow, number, populate_existing=True)
    return _read(row, _named(session, number)) if row else None


def list_proposals(session: Session, units: Collection[str] | None, limit: int, offset: int = 0) -> list[Proposal]:
    """Proposals without their answers, those that wait first, then the newest; of some units, or of all for None."""
    waits = (col(ExclusionRow.state) == State.PROPOSED).desc()
    query = select(ExclusionRow).order_by(waits, col(ExclusionRow.id).desc()).limit(limit).offset(offset)
    if units is not None:
        query = query.where(col(ExclusionRow.unit).in_(units))
    return [_read(row, ()) for row in session.scalars(query)]


def count_answers(session: Session, numbers: Collection[int]) -> dict[int, int]:
    """How many answers each of some proposals names, a whole response as one."""
    table = columns_of(ExclusionAnswerRow)
    query = select(table.exclusion_id, func.count()).where(table.exclusion_id.in_(numbers))
    return {number: count for number, count in session.execute(query.group_by(table.exclusion_id))}  # noqa: C416 - rows, not pairs


def _named(session: Session, number: int) -> tuple[Named, ...]:
    table = columns_of(ExclusionAnswerRow)
    query = select(table.key, table.question).where(table.exclusion_id == number).order_by(table.key, table.question)
    return tuple(Named(key, question) for key, question in session.execute(query))


def _read(row: ExclusionRow, answers: tuple[Named, ...]) -> Proposal:
    return Proposal(
        id=row.id or 0,
        kind=Kind(row.kind),
        unit=row.unit,
        quarter=Quarter.parse(row.quarter),
        reason=Reason(row.reason),
        words=row.words,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        state=State(row.state),
        answers=answers,
        undoes=row.undoes,
        undone_by=row.undone_by,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decided_words=row.decided_words,
        seen=tuple((label, text) for label, text in json.loads(row.seen)),
        seen_sha256=row.seen_sha256,
    )


def mark_decided(session: Session, proposal: Proposal, state: State, by: str, now: datetime, words: str) -> None:
    """Keep what became of a proposal, and who decided it with which words."""
    _change(session, proposal.id, state=state, decided_by=by, decided_at=now, decided_words=words)


def mark_granted(session: Session, proposal: Proposal) -> None:
    """Keep a granted proposal with its decision and the figures that it was made on; one that undoes another, of both.

    `proposal` has all of it.
    """
    _change(
        session,
        proposal.id,
        state=State.GRANTED,
        decided_by=proposal.decided_by,
        decided_at=proposal.decided_at,
        decided_words=proposal.decided_words,
        seen=json.dumps(proposal.seen, ensure_ascii=False),
        seen_sha256=proposal.seen_sha256,
    )
    if proposal.undoes is not None:
        _change(session, proposal.undoes, state=State.TAKEN_BACK, undone_by=proposal.id)


def _change(session: Session, number: int, **values: object) -> None:
    session.execute(update(ExclusionRow).where(col(ExclusionRow.id) == number).values(**values))


def restored_by(session: Session, number: int) -> int | None:
    """The proposal that waits to take an exclusion back; None where none does."""
    table = columns_of(ExclusionRow)
    return session.scalar(select(table.id).where(table.undoes == number, table.state == State.PROPOSED))


def load_left_out(session: Session, keys: Iterable[str] | None = None, but: int | None = None) -> LeftOut:
    """Which questions of which responses count for nothing now: of some responses, or of all for None.

    `but` is an exclusion that is passed over.
    """
    if keys is None:
        return _gathered(_in_force(session, None, but))
    return _gathered(pair for some in chunks(keys) for pair in _in_force(session, some, but))


def _in_force(session: Session, keys: list[str] | None, but: int | None) -> Iterator[tuple[str, str]]:
    table, answer = columns_of(ExclusionRow), columns_of(ExclusionAnswerRow)
    query = select(answer.key, answer.question).join_from(
        ExclusionAnswerRow, ExclusionRow, answer.exclusion_id == table.id
    )
    query = query.where(table.state == State.GRANTED, table.kind == Kind.EXCLUDE)
    query = query if keys is None else query.where(answer.key.in_(keys))
    query = query if but is None else query.where(table.id != but)
    return (tuple(row) for row in session.execute(query))


def _gathered(pairs: Iterable[tuple[str, str]]) -> LeftOut:
    found: dict[str, set[str]] = {}
    for key, question in pairs:
        found.setdefault(key, set()).add(question)
    return found


def together(left_out: LeftOut, named: Iterable[Named]) -> LeftOut:
    """What counts for nothing once these answers are left out too."""
    found = {key: set(questions) for key, questions in left_out.items()}
    for each in named:
        found.setdefault(each.key, set()).add(each.question)
    return found


def is_out(left_out: LeftOut, named: Named) -> bool:
    """Whether an answer counts for nothing already."""
    questions = left_out.get(named.key, ())
    return WHOLE in questions or named.question in questions
