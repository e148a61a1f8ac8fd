"""What the last look at each paid quarter's inputs found."""

import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session

from comp.late_data import Late, LateKind
from comp.models import LateCheckRow
from comp.money import Money
from comp.periods import Quarter


@dataclass(frozen=True, slots=True)
class Changed:
    """What a calculation now would change in one currency: for how many people, and by how much together."""

    people: int
    amount: Money


@dataclass(frozen=True, slots=True)
class LateCheck:
    """What a look at a paid quarter found: what came late, and what a calculation now would change.

    `run_id` is the run that it was held against, `seen` the audit chain's last entry of then; `held` counts those whom
    a calculation now would hold and the run did not.
    """

    quarter: Quarter
    run_id: int
    seen: int
    inputs_sha256: str
    late: tuple[Late, ...]
    changes: tuple[Changed, ...]
    held: int
    checked_at: datetime

    @property
    def pays_otherwise(self) -> bool:
        """Whether anybody would be paid another amount, or be held."""
        return bool(self.changes or self.held)


def save_check(session: Session, check: LateCheck) -> None:
    """Keep what a look found, in place of what the one before did."""
    session.merge(
        LateCheckRow(
            quarter=str(check.quarter),
            run_id=check.run_id,
            seen=check.seen,
            inputs_sha256=check.inputs_sha256,
            late=json.dumps([[late.kind, late.total, late.named] for late in check.late]),
            changes=json.dumps([[each.people, each.amount.minor, each.amount.currency] for each in check.changes]),
            held=check.held,
            checked_at=check.checked_at,
        )
    )
    session.flush()


def load_checks(session: Session) -> dict[Quarter, LateCheck]:
    """What the last looks found, by quarter."""
    return {check.quarter: check for check in map(_read, session.scalars(select(LateCheckRow)))}


def _read(row: LateCheckRow) -> LateCheck:
    return LateCheck(
        quarter=Quarter.parse(row.quarter),
        run_id=row.run_id,
        seen=row.seen,
        inputs_sha256=row.inputs_sha256,
        late=tuple(Late(LateKind(kind), count, tuple(named)) for kind, count, named in json.loads(row.late)),
        changes=tuple(Changed(people, Money(minor, currency)) for people, minor, currency in json.loads(row.changes)),
        held=row.held,
        checked_at=row.checked_at,
    )
