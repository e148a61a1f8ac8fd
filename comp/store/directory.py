"""People as a list: who is known, page by page, and what is stored of each."""

from sqlalchemy import select
from sqlmodel import Session

from comp.models import PersonRow
from comp.store.bulk import columns_of
from comp.store.visibility import Scope


def employees_after(session: Session, scope: Scope, after: str, limit: int) -> list[str]:
    """The first employees in a scope whose number comes after another."""
    table = columns_of(PersonRow)
    query = select(table.employee).where(scope.covers(table.employee), table.employee > after)
    return list(session.scalars(query.order_by(table.employee).limit(limit)))
