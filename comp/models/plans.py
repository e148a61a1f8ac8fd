"""Tables of pay plans."""

from datetime import date, datetime

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from comp.models.base import check


class PlanVersionRow(SQLModel, table=True):
    """One version of a plan: its document as JSON, and who wrote and published it. Published documents never change."""

    __tablename__ = "plan_version"
    __table_args__ = (
        UniqueConstraint("plan", "starts_on"),
        check("state", "state IN ('draft', 'published')"),
        check("published", "(state = 'published') = (published_at IS NOT NULL)"),
        check("publisher", "(published_at IS NULL) = (published_by IS NULL)"),
        check("four_eyes", "published_by <> author OR author = 'command line'"),
    )

    id: int | None = Field(default=None, primary_key=True)
    plan: str = Field(index=True)
    starts_on: date
    name: str
    state: str
    document: str
    sha256: str
    author: str
    saved_at: datetime
    published_by: str | None = None
    published_at: datetime | None = None
