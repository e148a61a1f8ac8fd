"""What-ifs that somebody kept under a name."""

import json
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import delete, select
from sqlmodel import Session, col

from comp.models import WhatifScenarioRow
from comp.periods import Quarter
from comp.plan import Plan
from comp.plan_documents import read_plan, write_plan
from comp.store.plans import canonical_text
from comp.whatif_documents import Line, read_lines, read_position, write_lines, write_position
from comp.whatif_position import Position, position_values


@dataclass(frozen=True, slots=True)
class Scenario:
    """A what-if as it was kept: `plan` is the whole version as it was tried, with the sliders of `position` in it."""

    name: str
    plan: Plan
    position: Position
    quarter: Quarter
    lines: tuple[Line, ...]
    inputs_sha256: str
    author: str
    kept_at: datetime
    id: int = 0

    @property
    def moved(self) -> tuple[tuple[str, str, Fraction | None], ...]:
        """Each slider that was moved: what it is, of what, and where it stands."""
        return tuple(position_values(self.position))


def add_scenario(session: Session, scenario: Scenario) -> int:
    """Store a what-if. Gives its number."""
    row = WhatifScenarioRow(
        name=scenario.name,
        plan=scenario.plan.version,
        quarter=str(scenario.quarter),
        document=canonical_text(write_plan(scenario.plan)),
        position=canonical_text(write_position(scenario.position)),
        results=json.dumps(write_lines(scenario.lines)),
        inputs_sha256=scenario.inputs_sha256,
        author=scenario.author,
        kept_at=scenario.kept_at,
    )
    session.add(row)
    session.flush()
    assert row.id is not None  # noqa: S101 - the database numbered it
    return row.id


def load_scenarios(session: Session) -> list[Scenario]:
    """Every kept what-if, the newest first."""
    rows = session.scalars(select(WhatifScenarioRow).order_by(col(WhatifScenarioRow.id).desc()))
    return [_scenario(row) for row in rows]


def find_scenario(session: Session, scenario_id: int) -> Scenario | None:
    """One of them by number, or None."""
    row = session.get(WhatifScenarioRow, scenario_id)
    return _scenario(row) if row else None


def has_name(session: Session, name: str) -> bool:
    """Whether a what-if is kept under a name."""
    query = select(WhatifScenarioRow.id).where(col(WhatifScenarioRow.name) == name)  # type: ignore[call-overload] # a column
    return session.execute(query).first() is not None


def remove_scenario(session: Session, scenario_id: int) -> None:
    """Forget a what-if."""
    session.execute(delete(WhatifScenarioRow).where(col(WhatifScenarioRow.id) == scenario_id))


def _scenario(row: WhatifScenarioRow) -> Scenario:
    plan, problems = read_plan(json.loads(row.document))
    if plan is None or row.id is None:
        raise ValueError(f"the stored document of what-if {row.id} is damaged: {problems[:1]}")
    return Scenario(
        name=row.name,
        plan=plan,
        position=read_position(json.loads(row.position)),
        quarter=Quarter.parse(row.quarter),
        lines=read_lines(json.loads(row.results)),
        inputs_sha256=row.inputs_sha256,
        author=row.author,
        kept_at=row.kept_at,
        id=row.id,
    )
