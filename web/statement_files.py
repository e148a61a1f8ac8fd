"""Statements as files: one, and all of a quarter in one ZIP, made by a job or a command."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import IO
from urllib.parse import quote

from comp.db import Engine, Session, reading
from comp.errors import ChangedError, LoyaltyPayError, RefusedError
from comp.figures import counted
from comp.made_files import FileKind, KeptFile
from comp.periods import Quarter
from comp.roles import Account, Permission
from comp.services import reads, statements
from comp.services.statements import Statement
from exports.archive import growing_archive, safe_names
from exports.files import whole
from web import paper
from web.charts import Waterfall, waterfall_chart
from web.made_files import hand_over, place_of
from web.work import Work

STEPS = ("Look whom the quarter pays", "Make the statements", "Store the file")
_LOOK, _MAKE, _STORE = range(1, 4)
_TEMPLATE = "statement_paper.html"
_AT_ONCE = 50
"""How many statements are read at once."""


def drawings(view: Statement) -> list[Waterfall | None]:
    """The waterfall of each payout of a statement; None where only a correction is paid."""
    return [waterfall_chart(pay.steps) if pay.steps else None for pay in view.pays]


def statement_file(view: Statement, locale: str | None, address: str) -> tuple[bytes, str]:
    """A statement as a PDF, or as a page that stands by itself, with the end of its name.

    `address` is where the application is; empty where nobody told it its own.
    """
    where = f"{address}/statements/{view.quarter}/{quote(view.employee, safe='')}" if address else ""
    return paper.made(_TEMPLATE, locale, view=view, drawn=drawings(view), address=where)


def zip_name(quarter: Quarter) -> str:
    """What the ZIP with all statements of a quarter is called."""
    return f"statements-{quarter}.zip"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose statements are made into files: all that `actor` may see of a quarter, as `actor` reads numbers."""

    actor: Account
    quarter: Quarter
    address: str


Told = Callable[[int, int], object]
"""Hears how many statements of how many are made. What it raises ends the work."""


def write_zip(engine: Engine, wanted: Wanted, file: IO[bytes], now: datetime, told: Told) -> int:
    """Write every statement of a quarter into a ZIP; gives how many there are.

    Raises `RefusedError` where the quarter pays nobody, `ChangedError` where it was changed meanwhile, and
    `LoyaltyPayError` where the disk is full.
    """
    quarter, actor = wanted.quarter, wanted.actor
    with reading(engine) as session:
        people, seen = statements.people_of(session, actor, quarter, now), statements.fingerprint(session, quarter)
    if not people:
        raise RefusedError(f"{quarter} pays nobody, so there are no statements of it.")
    done = 0
    try:
        with growing_archive(file) as add:
            for name, content in _files(engine, wanted, people, now):
                told(done, len(people))
                add(name, content)
                done += 1
    except OSError as error:
        raise LoyaltyPayError(f"The statements cannot be written: {error.strerror}. Nothing is left of them.") from None
    told(done, len(people))
    with reading(engine) as session:
        if statements.fingerprint(session, quarter) != seen:
            raise ChangedError(f"{quarter} was changed while its statements were made. Make them again.")
    return done


def _files(engine: Engine, wanted: Wanted, people: Sequence[str], now: datetime) -> Iterator[tuple[str, bytes]]:
    """Each statement under its name in the ZIP; only some are in memory at once."""
    names = safe_names(people)
    for first in range(0, len(people), _AT_ONCE):
        with reading(engine) as session:
            found = statements.load(session, wanted.actor, wanted.quarter, people[first : first + _AT_ONCE], now)
        for view in found:
            content, ending = statement_file(view, wanted.actor.locale, wanted.address)
            yield f"{wanted.quarter}/{names[view.employee]}{ending}", content


def make(work: Work) -> None:
    """Make all statements of a quarter for somebody who asked: the file is stored with the end of the job, or not."""
    quarter = Quarter.parse(work.job.arguments["quarter"])
    work.tell(_LOOK, 0, 0)
    with reading(work.engine) as session:
        actor = work.asker(session)
    if Permission.TAKE_STATEMENTS not in actor.permissions:
        raise RefusedError("Your roles do not let you take everybody's statements any more.")
    wanted, moment = Wanted(actor, quarter, work.machine.address), datetime.now(UTC)
    with place_of(zip_name(quarter)) as path:
        with whole(path) as file:
            number = write_zip(work.engine, wanted, file, moment, partial(work.tell, _MAKE))

        def noted(session: Session, _kept: KeptFile) -> None:
            note(session, actor, quarter, number, moment)

        kind = FileKind(zip_name(quarter), "application/zip", Permission.TAKE_STATEMENTS)
        hand_over(work, _STORE, path, kind, f"{counted(number, 'statement')} of {quarter}.", noted)


def note(session: Session, actor: Account, quarter: Quarter, number: int, now: datetime) -> None:
    """Note that somebody was given all statements of a quarter."""
    reads.note_taken(session, actor, f"statements {quarter}", now, people=number)
