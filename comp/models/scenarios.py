"""Table of kept what-ifs: rows are written once, and may be forgotten by who wrote them."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from comp.models.base import check


class WhatifScenarioRow(SQLModel, table=True):
    """One what-if that somebody kept: the plan as it was tried, the sliders, the quarter and what came out, as JSON.

    `inputs_sha256` is the digest of the facts that it was worked out from.
    """

    __tablename__ = "whatif_scenario"
    __table_args__ = (check("name", "length(name) BETWEEN 1 AND 80"),)

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    plan: str
    quarter: str
    document: str
    position: str
    results: str
    inputs_sha256: str
    author: str
    kept_at: datetime
