"""What payroll paid of each batch: typed back blind or loaded as a file, differences followed, the quarter closed."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from comp.errors import RefusedError, UnseenError
from comp.figures import counted
from comp.paid_check import AnswerKind, Difference, PaidAmount, Stated, differences, expected_totals, mismatches
from comp.periods import Quarter
from comp.releases import Answer, Confirmation, Followed, Release
from comp.roles import Account
from comp.services import audit
from comp.services.batch_content import BatchContent, batch_content
from comp.services.payout_holds import open_holds
from comp.services.workflow import life_of, record, require
from comp.store import confirmations, releases
from comp.store.quarters import Deed
from comp.workflow import MOVES, Act, State, stands_against


def currencies(session: Session, release: Release) -> list[str]:
    """The currencies of a batch, for each of which payroll types back what it paid."""
    return list(_expected(session, release))


def _expected(session: Session, release: Release) -> dict[str, Stated]:
    return expected_totals(_amounts(session, release))


def _amounts(session: Session, release: Release) -> list[PaidAmount]:
    lines = releases.load_lines(session, release.name)
    return [PaidAmount(line.key.employee, line.key.place.pay_code, line.amount) for line in lines]


def find_mismatches(session: Session, release: Release, stated: Mapping[str, Stated]) -> list[str]:
    """The currencies for which what was typed is not what a batch holds; never what would be right."""
    return mismatches(stated, _expected(session, release))


def confirm_typed(
    session: Session, actor: Account, release: Release, stated: Mapping[str, Stated], now: datetime
) -> Confirmation:
    """Store that payroll paid what a batch says, as figures prove that were typed without the batch's.

    Raises `RefusedError` where they are others, without saying which would be right.
    """
    _require_open(session, actor, release)
    wrong = find_mismatches(session, release, stated)
    if wrong:
        raise RefusedError(
            f"What you typed for {' and '.join(wrong)} is not what {release.name} holds. Count the payments again, or "
            "load the file of paid amounts: it tells whose payment is another."
        )
    return _store(session, Confirmation(release.name, "typed", len(stated), 0, actor.email, now), ())


def note_mismatch(session: Session, actor: Account, release: Release, wrong: Sequence[str], now: datetime) -> None:
    """Note that what payroll typed back was not what a batch holds."""
    audit.note(session, actor.email, now, "mistype", f"release {release.name}", currencies=",".join(wrong))


def confirm_file(
    session: Session, actor: Account, release: Release, content: bytes, paid: Sequence[PaidAmount], now: datetime
) -> tuple[Confirmation, list[Difference]]:
    """Store what payroll paid of a batch by its own list, and everything in which that differs."""
    _require_open(session, actor, release)
    found = differences(_amounts(session, release), paid)
    sha256 = hashlib.sha256(content).hexdigest()
    made = Confirmation(release.name, "file", len(paid), len(found), actor.email, now, sha256)
    return _store(session, made, found), found


def _store(session: Session, made: Confirmation, found: Sequence[Difference]) -> Confirmation:
    confirmations.save_confirmation(session, made, found)
    file = {"file": made.file_sha256} if made.file_sha256 else {}
    counts = {"rows": made.rows, "differences": made.differences}
    audit.note(session, made.by, made.at, f"confirm {made.how}", f"release {made.release}", **file, **counts)
    return made


def _require_open(session: Session, actor: Account, release: Release) -> None:
    """Raise `RefusedError` where a batch is confirmed already, or not by the actor."""
    if MOVES[Act.CLOSE].needs not in actor.permissions:
        raise RefusedError(f"Your roles do not let you confirm what was paid of {release.name}.")
    made = find_confirmation(session, release)
    if made:
        raise RefusedError(f"{release.name} was confirmed by {made.by} on {made.at:%Y-%m-%d}. What was said stays.")


def find_confirmation(session: Session, release: Release) -> Confirmation | None:
    """What payroll said of a batch; None where it said nothing yet."""
    return confirmations.find_confirmations(session, [release.name]).get(release.name)


def list_confirmations(session: Session, found: Sequence[Release]) -> dict[str, Confirmation]:
    """What payroll said of some batches, by name."""
    return confirmations.find_confirmations(session, [release.name for release in found])


def list_differences(session: Session, found: Sequence[Release]) -> list[Followed]:
    """Every difference of some batches, with what was said of it."""
    return confirmations.list_differences(session, [release.name for release in found])


def answer(
    session: Session, actor: Account, release: Release, number: int, said: tuple[AnswerKind, str], now: datetime
) -> Followed:
    """Say what became of a difference: explained in words, put right by a correction, or still outstanding.

    Raises `UnseenError` where the batch has no such difference, and `RefusedError` without words.
    """
    kind, words = said
    followed = confirmations.find_difference(session, number)
    if followed is None or followed.release != release.name:
        raise UnseenError(f"{release.name} has no difference {number}.", "difference", str(number))
    if MOVES[Act.CLOSE].needs not in actor.permissions:
        raise RefusedError("Your roles do not let you answer differences.")
    if life_of(session, release.quarter).state is State.CLOSED:
        raise RefusedError(f"{release.quarter} is closed: what was said of its differences stays.")
    if not words.strip():
        raise RefusedError("Say in words what became of the difference: whoever closes the quarter reads it.")
    confirmations.save_answer(session, number, Answer(kind, words.strip(), actor.email, now))
    hashed = hashlib.sha256(words.strip().encode()).hexdigest()
    audit.note(session, actor.email, now, "answer", f"release {release.name}", difference=number, words=hashed)
    return followed


def stands_against_closing(
    session: Session, actor: Account, quarter: Quarter, content: BatchContent | None = None
) -> list[str]:
    """Everything that keeps a quarter from being closed, in words; nothing where it can be.

    `content` is its next batch, where that is known already.
    """
    by = actor.email if MOVES[Act.CLOSE].needs in actor.permissions else ""
    first = stands_against(Act.CLOSE, str(quarter), life_of(session, quarter), by)
    if first:
        return [first]
    made = releases.list_releases(session, quarter)
    known = list_confirmations(session, made)
    found = [f"Payroll has not confirmed what it paid of {each.name}." for each in made if each.name not in known]
    left = sum(1 for each in list_differences(session, made) if not each.is_settled)
    found += [f"Not answered between batches and payments: {counted(left, 'difference')}."] if left else []
    found += [f"The pay of {hold.employee} is held back: {hold.why}" for hold in open_holds(session, quarter)]
    waiting = content or batch_content(session, actor, quarter)
    more = f"Not released of {quarter}: {counted(waiting.people, 'payout')}. Make {waiting.name}."
    return [*found, *([more] if waiting.lines else [])]


def close(session: Session, actor: Account, quarter: Quarter, now: datetime) -> None:
    """Close a quarter that was paid as it was released, or whose differences are all answered.

    Raises `RefusedError` with everything that stands against it.
    """
    run = require(session, Act.CLOSE, actor, quarter)
    against = stands_against_closing(session, actor, quarter)
    if against:
        raise RefusedError(f"{quarter} cannot be closed yet. {' '.join(against)}")
    record(session, run, Deed(Act.CLOSE, actor.email, now))
