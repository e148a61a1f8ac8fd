"""Working out an accrual for pages, commands and jobs alike: nobody waits for it but who asked."""

from collections.abc import Callable
from datetime import date, datetime

from comp.accrual_sheets import StoredAccrual
from comp.db import Engine, Session, reading, writing
from comp.figures import day_text
from comp.periods import Quarter
from comp.roles import Account
from comp.services import accruals
from comp.services.accrual_costs import STORE, Told

Ending = Callable[[Session, StoredAccrual], object]


def _unheard(_step: int, _done: int, _total: int) -> None:
    """Nobody wants to know."""


def _unended(_session: Session, _stored: StoredAccrual) -> None:
    """Nothing else is stored with it."""


def work_out(
    engine: Engine,
    actor: Account,
    of: tuple[Quarter, date],
    now: datetime,
    told: Told = _unheard,
    ending: Ending = _unended,
) -> StoredAccrual:
    """Work out what a quarter has accrued at the end of a day, while others write, and keep it.

    `told` hears how far it is; what `ending` writes is stored together with it, or neither is. Raises `RefusedError`
    and `ChangedError` as `comp.services.accruals` does.
    """
    with reading(engine) as session:
        found = accruals.work_out(session, actor, *of, told)
    told(STORE, 0, 0)
    with writing(engine) as session:
        stored = accruals.store(session, actor, found, now)
        ending(session, stored)
    return stored


def words_of(stored: StoredAccrual) -> str:
    """What is said of an accrual that was just worked out."""
    return f"{stored.name} is worked out for {day_text(stored.accrual.as_of)}. It is booked once somebody takes it."
