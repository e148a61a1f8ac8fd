"""Tables of files that jobs made: what each is, and its content in parts."""

from datetime import datetime

from sqlalchemy import BigInteger, LargeBinary
from sqlmodel import Field, SQLModel

from comp.models.base import check


class MadeFileRow(SQLModel, table=True):
    """A file that is there whole: its row is stored together with the end of the job that made it."""

    __tablename__ = "made_file"
    __table_args__ = (check("size", "size >= 0 AND parts >= 0"), check("sha256", "length(sha256) = 64"))

    job_id: int = Field(primary_key=True, foreign_key="job.id")
    attempt: int
    name: str
    media_type: str
    needs: str
    size: int = Field(sa_type=BigInteger)
    parts: int
    sha256: str
    kept_until: datetime


class MadePartRow(SQLModel, table=True):
    """One part of a file, stored while it is taken over; without a row of its file it is of none, and forgotten."""

    __tablename__ = "made_part"

    job_id: int = Field(primary_key=True, foreign_key="job.id")
    attempt: int = Field(primary_key=True)
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
