"""Units."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import Session

from comp.facts import Unit
from comp.intake import UnitRecord
from comp.models import UnitRow
from comp.store.bulk import columns_of, put, stored

State = tuple[object, ...]
_STATE = ("code", "name", "parent", "loyalty_lead", "currency")


def load_units(session: Session) -> tuple[Unit, ...]:
    """All units, by code."""
    table = columns_of(UnitRow)
    rows = session.execute(select(table.code, table.name, table.parent).order_by(table.code))
    return tuple(Unit(code, name, parent) for code, name, parent in rows)


def unit_states(session: Session) -> dict[str, State]:
    """What each unit is stored as, to be compared with a file."""
    table = columns_of(UnitRow)
    rows = session.execute(select(*(table[name] for name in _STATE)))
    return {code: tuple(state) for code, *state in rows}


def unit_state(record: UnitRecord) -> State:
    """What a record would be stored as."""
    return (record.name, record.parent, record.loyalty_lead, record.currency)


def save_units(session: Session, records: Iterable[UnitRecord]) -> None:
    """Add units, or change those that are there."""
    put(session, UnitRow, ["code"], _STATE, (stored((record.unit, *unit_state(record))) for record in records))
