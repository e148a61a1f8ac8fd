"""Versions of plans, stored as the documents that they are."""

import hashlib
import json
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlmodel import Session, col

from comp.models import PlanVersionRow
from comp.plan import Plan
from comp.plan_documents import Document, read_plan, write_plan
from comp.versions import DRAFT, PUBLISHED, Version


def canonical_text(document: Document) -> str:
    """The one text of a document, which is stored and hashed."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def load_versions(session: Session, plan: str | None = None) -> list[Version]:
    """All versions, or those of one plan, by plan and start."""
    query = select(PlanVersionRow).order_by(col(PlanVersionRow.plan), col(PlanVersionRow.starts_on))
    if plan is not None:
        query = query.where(col(PlanVersionRow.plan) == plan)
    return [_version(row) for row in session.scalars(query)]


def find_version(session: Session, plan: str, starts: date) -> Version | None:
    """The version of a plan that starts on a day, or None."""
    row = _row(session, plan, starts)
    return _version(row) if row else None


def published_plans(session: Session) -> Iterator[Plan]:
    """Every plan version that may pay."""
    yield from (version.plan for version in load_versions(session) if version.is_published)


def save_draft(session: Session, plan: Plan, author: str, now: datetime) -> None:
    """Store a draft, in place of the draft with the same start if there is one."""
    text = canonical_text(write_plan(plan))
    row = _row(session, plan.id, plan.starts)
    if row is None:
        row = PlanVersionRow(
            plan=plan.id,
            starts_on=plan.starts,
            name=plan.name,
            state=DRAFT,
            document=text,
            sha256=_digest(text),
            author=author,
            saved_at=now,
        )
    row.name, row.document, row.sha256, row.author, row.saved_at = plan.name, text, _digest(text), author, now
    session.add(row)
    session.flush()


def forget_draft(session: Session, plan: Plan) -> None:
    """Drop a draft."""
    this = col(PlanVersionRow.plan) == plan.id, col(PlanVersionRow.starts_on) == plan.starts
    session.execute(delete(PlanVersionRow).where(*this, col(PlanVersionRow.state) == DRAFT))


def mark_published(session: Session, plan: Plan, publisher: str, now: datetime) -> None:
    """Make a stored draft a published version."""
    row = _row(session, plan.id, plan.starts)
    if row is None or row.state != DRAFT:
        raise ValueError(f"{plan.version} is not a stored draft")
    row.state, row.published_by, row.published_at = PUBLISHED, publisher, now
    session.flush()


def _row(session: Session, plan: str, starts: date) -> PlanVersionRow | None:
    this = col(PlanVersionRow.plan) == plan, col(PlanVersionRow.starts_on) == starts
    return session.scalars(select(PlanVersionRow).where(*this)).one_or_none()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _version(row: PlanVersionRow) -> Version:
    plan, problems = read_plan(json.loads(row.document))
    if plan is None:
        raise ValueError(f"the stored document of {row.plan}@{row.starts_on} is damaged: {problems[0]}")
    return Version(plan, row.state, row.sha256, row.author, row.saved_at, row.published_by, row.published_at)
