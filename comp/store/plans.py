"""Versions of plans, stored as the documents that they are, and everything that was done to each."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from comp.errors import Problem
from comp.models import PlanActRow, PlanVersionRow, PlanWarningRow, RunPlanRow
from comp.plan import Plan
from comp.plan_documents import Document, read_plan, write_plan
from comp.plan_life import OVER, Act, State
from comp.versions import Acknowledged, Done, Version


def canonical_text(document: Document) -> str:
    """The one text of a document, which is stored and hashed."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def load_versions(session: Session, plan: str | None = None) -> list[Version]:
    """All versions, or those of one plan, by plan and start; of one start the living one last."""
    query = select(PlanVersionRow).order_by(col(PlanVersionRow.plan), col(PlanVersionRow.starts_on))
    if plan is not None:
        query = query.where(col(PlanVersionRow.plan) == plan)
    rows = session.scalars(query.order_by(col(PlanVersionRow.state).not_in(OVER), col(PlanVersionRow.id))).all()
    histories = _histories(session, [row.id or 0 for row in rows])
    return [_version(row, histories.get(row.id or 0, ())) for row in rows]


def find_version(session: Session, plan: str, starts: date) -> Version | None:
    """The living version of a plan that starts on a day, or None."""
    row = _row(session, plan, starts)
    return _version(row, _histories(session, [row.id or 0]).get(row.id or 0, ())) if row else None


def published_plans(session: Session) -> Iterator[Plan]:
    """Every plan version that may pay."""
    query = select(PlanVersionRow).where(col(PlanVersionRow.state) == State.PUBLISHED)
    ordered = query.order_by(col(PlanVersionRow.plan), col(PlanVersionRow.starts_on))
    yield from (_plan(row) for row in session.scalars(ordered))


def save_draft(session: Session, plan: Plan, author: str, now: datetime) -> str:
    """Store a draft, in place of the draft with the same start if there is one; gives its hash."""
    text = canonical_text(write_plan(plan))
    row = _row(session, plan.id, plan.starts)
    if row is None:
        row = PlanVersionRow(
            plan=plan.id,
            starts_on=plan.starts,
            name=plan.name,
            state=State.DRAFT,
            document=text,
            sha256=_digest(text),
            author=author,
            saved_at=now,
        )
    row.name, row.document, row.sha256, row.author, row.saved_at = plan.name, text, _digest(text), author, now
    session.add(row)
    session.flush()
    _note(session, row, Act.WRITE, author, now)
    return row.sha256


def move_draft(session: Session, plan: Plan, starts: date) -> None:
    """Let a draft start on another day, which no other version may have; its document is to be saved next."""
    row = _require(session, plan, State.DRAFT)
    row.starts_on = starts
    session.flush()


def mark_submitted(
    session: Session, plan: Plan, by: str, now: datetime, words: str = "", answered: Iterable[Acknowledged] = ()
) -> None:
    """Let a draft wait for somebody who publishes it, with what was said of the linter's warnings."""
    row = _require(session, plan, State.DRAFT)
    row.state, row.submitted_by, row.submitted_at = State.SUBMITTED, by, now
    act = _note(session, row, Act.SUBMIT, by, now, words)
    session.add_all(
        PlanWarningRow(act_id=act, place=place, about=each.problem.where, why=each.problem.why, words=each.words)
        for place, each in enumerate(answered)
    )
    session.flush()


def mark_draft(session: Session, plan: Plan, act: Act, by: str, now: datetime, words: str = "") -> None:
    """Make a submitted version a draft again, taken back or sent back."""
    row = _require(session, plan, State.SUBMITTED)
    row.state, row.submitted_by, row.submitted_at = State.DRAFT, None, None
    _note(session, row, act, by, now, words)


def mark_published(session: Session, plan: Plan, publisher: str, now: datetime) -> None:
    """Make a submitted version a published one."""
    row = _require(session, plan, State.SUBMITTED)
    row.state, row.published_by, row.published_at = State.PUBLISHED, publisher, now
    _note(session, row, Act.PUBLISH, publisher, now)


def mark_withdrawn(session: Session, plan: Plan, by: str, now: datetime, words: str) -> None:
    """Let a published version, which no run has used, pay nobody."""
    row = _require(session, plan, State.PUBLISHED)
    row.state, row.withdrawn_by, row.withdrawn_at = State.WITHDRAWN, by, now
    _note(session, row, Act.WITHDRAW, by, now, words)


def mark_discarded(session: Session, plan: Plan, by: str, now: datetime) -> None:
    """Put a draft aside for good."""
    row = _require(session, plan, State.DRAFT)
    row.state = State.DISCARDED
    _note(session, row, Act.DISCARD, by, now)


def is_used(session: Session, version_id: int) -> bool:
    """Whether any run has used a version."""
    query = select(col(RunPlanRow.run_id)).where(col(RunPlanRow.version_id) == version_id)
    return session.execute(query.limit(1)).first() is not None


def note_used(session: Session, run_id: int, plans: Iterable[Plan]) -> None:
    """Keep which published versions a run used, each with the hash of its document."""
    keys = [(plan.id, plan.starts) for plan in plans]
    these = tuple_(col(PlanVersionRow.plan), col(PlanVersionRow.starts_on)).in_(keys)
    query = select(PlanVersionRow).where(these, col(PlanVersionRow.state) == State.PUBLISHED)
    rows = session.scalars(query.order_by(col(PlanVersionRow.id)))
    session.add_all(RunPlanRow(run_id=run_id, version_id=row.id or 0, sha256=row.sha256) for row in rows)
    session.flush()


def load_used(session: Session, run_id: int) -> dict[str, str]:
    """The hash of each plan version that a run used, by the version's name."""
    query = (
        select(col(PlanVersionRow.plan), col(PlanVersionRow.starts_on), col(RunPlanRow.sha256))
        .join(RunPlanRow, col(RunPlanRow.version_id) == col(PlanVersionRow.id))
        .where(col(RunPlanRow.run_id) == run_id)
        .order_by(col(PlanVersionRow.plan), col(PlanVersionRow.starts_on))
    )
    return {f"{plan}@{starts}": sha256 for plan, starts, sha256 in session.execute(query)}


def load_used_versions(session: Session, run_id: int) -> list[tuple[Version, str]]:
    """The versions that a run used, by name, each with the text of its document."""
    used = select(col(RunPlanRow.version_id)).where(col(RunPlanRow.run_id) == run_id)
    query = select(PlanVersionRow).where(col(PlanVersionRow.id).in_(used))
    rows = session.scalars(query.order_by(col(PlanVersionRow.plan), col(PlanVersionRow.starts_on)))
    return [(_version(row, ()), row.document) for row in rows]


def _row(session: Session, plan: str, starts: date) -> PlanVersionRow | None:
    this = col(PlanVersionRow.plan) == plan, col(PlanVersionRow.starts_on) == starts
    return session.scalars(select(PlanVersionRow).where(*this, col(PlanVersionRow.state).not_in(OVER))).one_or_none()


def _require(session: Session, plan: Plan, state: State) -> PlanVersionRow:
    row = _row(session, plan.id, plan.starts)
    if row is None or row.state != state:
        raise ValueError(f"{plan.version} is not stored as {state}")
    return row


def _note(session: Session, row: PlanVersionRow, act: Act, by: str, now: datetime, words: str = "") -> int:
    done = PlanActRow(version_id=row.id or 0, act=act, acted_by=by, acted_at=now, words=words, sha256=row.sha256)
    session.add(done)
    session.flush()
    return done.id or 0


def _histories(session: Session, versions: Iterable[int]) -> dict[int, tuple[Done, ...]]:
    ours = col(PlanActRow.version_id).in_(list(versions))
    answered: dict[int, list[Acknowledged]] = {}
    warnings = select(PlanWarningRow).join(PlanActRow, col(PlanActRow.id) == col(PlanWarningRow.act_id)).where(ours)
    for row in session.scalars(warnings.order_by(col(PlanWarningRow.act_id), col(PlanWarningRow.place))):
        answered.setdefault(row.act_id, []).append(Acknowledged(Problem(row.why, where=row.about), row.words))
    found: dict[int, tuple[Done, ...]] = {}
    for act in session.scalars(select(PlanActRow).where(ours).order_by(col(PlanActRow.id))):
        told = tuple(answered.get(act.id or 0, ()))
        done = Done(Act(act.act), act.acted_by, act.acted_at, act.words, act.sha256, told)
        found[act.version_id] = (*found.get(act.version_id, ()), done)
    return found


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _plan(row: PlanVersionRow) -> Plan:
    plan, problems = read_plan(json.loads(row.document))
    if plan is None:
        raise ValueError(f"the stored document of {row.plan}@{row.starts_on} is damaged: {problems[0]}")
    return plan


def _version(row: PlanVersionRow, history: tuple[Done, ...]) -> Version:
    return Version(
        _plan(row),
        State(row.state),
        row.sha256,
        row.author,
        row.saved_at,
        row.published_by,
        row.published_at,
        row.submitted_by,
        row.submitted_at,
        row.withdrawn_by,
        row.withdrawn_at,
        history,
        row.id or 0,
    )
