"""Corrections of paid quarters, and what each person is owed by them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, cast, func, select, update
from sqlmodel import Session, col

from comp.correction_life import OPEN, Correction, State
from comp.correction_records import Approved, Asked, Line, LineTotal
from comp.correction_words import Why
from comp.corrections import Decided, Delta, Policy
from comp.models import CorrectionLineRow, CorrectionRow
from comp.money import Money
from comp.periods import Quarter
from comp.settlement import Key
from comp.store.bulk import columns_of, insert
from comp.store.runs import Whose, only
from comp.store.searching import searchable
from comp.store.visibility import Sight

_AMOUNTS = ("entitled_minor", "released_minor", "pending_minor", "forgiven_minor", "amount_minor")
_LINE = ("employee", "currency", "name", *_AMOUNTS, "policy", "reason", "changed_by", "why", "about")


def add_correction(session: Session, correction: Correction, lines: Iterable[Line]) -> int:
    """Store a new draft with its lines; gives its number."""
    row = CorrectionRow(
        quarter=str(correction.quarter),
        run_id=correction.run_id,
        before_run_id=correction.before_run_id,
        state=correction.state,
        usual=correction.usual,
        made_by=correction.made_by,
        made_at=correction.made_at,
    )
    session.add(row)
    session.flush()
    number = row.id or 0
    insert(
        session,
        CorrectionLineRow,
        ("correction_id", "searched", *_LINE),
        ((number, *_row(line)) for line in lines),
    )
    return number


def _row(line: Line) -> Sequence[int | str | None]:
    delta = line.delta
    sums = (each.minor for each in (delta.entitled, delta.released, delta.pending, delta.forgiven, delta.amount))
    why = json.dumps([[each.cause, each.metric, each.change.minor] for each in line.why])
    searched = searchable(f"{delta.employee} {delta.name}")
    own = delta.employee, delta.amount.currency, delta.name
    return searched, *own, *sums, line.policy or "", line.reason, line.changed_by, why, line.about


def find_correction(session: Session, number: int) -> Correction | None:
    """A correction by its number; None where there is none."""
    row = session.get(CorrectionRow, number, populate_existing=True)
    return _read(session, row) if row else None


def list_corrections(session: Session, quarter: Quarter | None = None) -> list[Correction]:
    """Every correction, or those of one quarter, the newest first."""
    query = select(CorrectionRow).order_by(col(CorrectionRow.id).desc())
    if quarter is not None:
        query = query.where(col(CorrectionRow.quarter) == str(quarter))
    return [_read(session, row) for row in session.scalars(query)]


def find_open(session: Session, quarter: Quarter) -> Correction | None:
    """The correction of a quarter about which nobody decided yet."""
    return next((each for each in list_corrections(session, quarter) if each.state in OPEN), None)


def _read(session: Session, row: CorrectionRow) -> Correction:
    changed = col(CorrectionLineRow.changed_by)
    ours = col(CorrectionLineRow.correction_id) == row.id, changed.is_not(None)
    changers = session.scalars(select(changed).where(*ours).distinct())
    return Correction(
        id=row.id or 0,
        quarter=Quarter.parse(row.quarter),
        run_id=row.run_id,
        before_run_id=row.before_run_id,
        state=State(row.state),
        usual=Policy(row.usual),
        made_by=row.made_by,
        made_at=row.made_at,
        words=row.words,
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        lines_sha256=row.lines_sha256,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        decided_words=row.decided_words,
        pays_with=Quarter.parse(row.pays_with) if row.pays_with else None,
        changers=frozenset(filter(None, changers)),
    )


def mark_proposed(session: Session, number: int, by: str, at: datetime, words: str, lines_sha256: str) -> None:
    """Let a draft wait for somebody who decides."""
    row = session.get_one(CorrectionRow, number)
    row.state, row.proposed_by, row.proposed_at = State.PROPOSED, by, at
    row.words, row.lines_sha256 = words, lines_sha256
    session.flush()


def mark_put_aside(session: Session, number: int) -> None:
    """Let a correction that nobody decided about pay nobody."""
    session.get_one(CorrectionRow, number).state = State.PUT_ASIDE
    session.flush()


def mark_refused(session: Session, number: int, by: str, at: datetime, words: str) -> None:
    """Let a proposed correction pay nobody, and say why."""
    row = session.get_one(CorrectionRow, number)
    row.state, row.decided_by, row.decided_at, row.decided_words = State.REFUSED, by, at, words
    session.flush()


def mark_approved(session: Session, number: int, by: str, at: datetime, seen_sha256: str, pays_with: Quarter) -> None:
    """Let a proposed correction be paid with a quarter."""
    row = session.get_one(CorrectionRow, number)
    row.state, row.decided_by, row.decided_at = State.APPROVED, by, at
    row.seen_sha256, row.pays_with = seen_sha256, str(pays_with)
    session.flush()


def change_policy(session: Session, number: int, key: Key, policy: Policy, reason: str, by: str | None) -> int:
    """Let something else be done about somebody's negative amount; gives how many lines that changed."""
    table = CorrectionLineRow.metadata.tables["correction_line"]
    these = table.c.correction_id == number, table.c.employee == key.employee, table.c.currency == key.currency
    change = update(table).where(*these, table.c.amount_minor < 0)
    return session.connection().execute(change.values(policy=policy, reason=reason, changed_by=by)).rowcount


def find_lines(session: Session, number: int, sight: Sight, asked: Asked, most: int) -> tuple[list[Line], int]:
    """A page of a correction's lines, and how many the search finds."""
    table = columns_of(CorrectionLineRow)
    query = select(table.correction_id, *(table[name] for name in _LINE)).where(table.correction_id == number)
    query = query.where(sight.covers(table.employee), *_of(table.amount_minor, table.policy, asked.only))
    if asked.search.strip():
        query = query.where(table.searched.contains(searchable(asked.search.strip()), autoescape=True))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    shown = query.order_by(table.employee, table.currency).offset((asked.page - 1) * most).limit(most)
    return [_line(*row) for row in session.execute(shown)], total


def _of(amount: ColumnElement[int], policy: ColumnElement[str], only: str) -> Iterator[ColumnElement[bool]]:
    if only == "more":
        yield amount > 0
    elif only == "less":
        yield amount < 0
    elif only:
        yield policy == only


def _line(number: int, employee: str, currency: str, name: str, *rest: Any) -> Line:  # noqa: ANN401 - a row's columns
    *amounts, policy, reason, changed_by, why, about = rest
    sums = (Money(minor, currency) for minor in amounts)
    causes = tuple(Why(cause, metric, Money(minor, currency)) for cause, metric, minor in json.loads(why))
    chosen = Policy(policy) if policy else None
    return Line(number, Delta(employee, name, *sums), chosen, reason, changed_by, causes, about)


def line_totals(session: Session, number: int, sight: Sight) -> list[LineTotal]:
    """What a correction comes to, by currency and by what is done about it."""
    table = columns_of(CorrectionLineRow)
    keys = table.currency, table.policy
    ours = table.correction_id == number, table.amount_minor != 0, sight.covers(table.employee)
    query = select(*keys, func.count(), cast(func.sum(table.amount_minor), BigInteger)).where(*ours)
    rows = session.execute(query.group_by(*keys).order_by(*keys))
    return [LineTotal(currency, policy, people, Money(minor, currency)) for currency, policy, people, minor in rows]


def decided_lines(session: Session, number: int) -> Iterator[Decided]:
    """What is decided by a correction, line by line, as it is hashed."""
    table = columns_of(CorrectionLineRow)
    columns = table.employee, table.currency, table.amount_minor, table.forgiven_minor, table.policy
    query = select(*columns).where(table.correction_id == number).order_by(table.employee, table.currency)
    for employee, currency, minor, forgiven, policy in session.execute(query):
        yield Decided(Key(employee, currency), minor, forgiven, policy)


def is_in(session: Session, number: int, employee: str) -> bool:
    """Whether a correction changes what an employee is paid."""
    table = columns_of(CorrectionLineRow)
    ours = table.correction_id == number, table.employee == employee
    return session.scalar(select(table.employee).where(*ours).limit(1)) is not None


def load_approved(
    session: Session,
    *,
    corrects: Quarter | None = None,
    pays_with: Quarter | None = None,
    is_claim: bool | None = None,
    whose: Whose = None,
) -> list[Approved]:
    """Lines of approved corrections: of one quarter, paid with one, carried or not, of some people; oldest first."""
    table, own = columns_of(CorrectionLineRow), columns_of(CorrectionRow)
    query = select(own.quarter, own.pays_with, table.correction_id, *(table[name] for name in _LINE))
    query = query.join_from(CorrectionLineRow, CorrectionRow, own.id == table.correction_id)
    query = query.where(own.state == State.APPROVED, *only(table.employee, whose))
    query = query.where(own.quarter == str(corrects)) if corrects else query
    query = query.where(own.pays_with == str(pays_with)) if pays_with else query
    if is_claim is not None:
        query = query.where(table.policy == Policy.CARRY if is_claim else table.policy != Policy.CARRY)
    rows = session.execute(query.order_by(own.id, table.employee, table.currency))
    return [Approved(Quarter.parse(of), Quarter.parse(to), _line(*rest)) for of, to, *rest in rows]


def last_settled_run(session: Session, quarter: Quarter) -> int | None:
    """The id of the run by which a quarter was corrected last; None where it never was."""
    approved = col(CorrectionRow.quarter) == str(quarter), col(CorrectionRow.state) == State.APPROVED
    query = select(col(CorrectionRow.run_id)).where(*approved)
    return session.scalar(query.order_by(col(CorrectionRow.id).desc()).limit(1))
