"""Withdrawing a file that was taken in: one asks and says why, another decides; what was said before counts again."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from comp.errors import RefusedError, UnseenError
from comp.intake import Batch, Kind
from comp.roles import Account, Permission
from comp.services import audit
from comp.store import batches, responses, results, withdrawals
from comp.store.exclusions import load_left_out
from comp.store.withdrawals import ASKED, KEPT, WITHDRAWN, Withdrawal

KINDS = (Kind.ANSWERS, Kind.RESULTS)
"""The kinds of files that can be withdrawn. Those of others are mended by a newer file, which says what holds."""


def withdrawals_of(session: Session, shown: list[Batch]) -> Mapping[int, Withdrawal]:
    """What was asked and decided last about each of some files, by number."""
    return withdrawals.load_withdrawals(session, [batch.number for batch in shown])


def find(session: Session, number: int) -> tuple[Batch, Withdrawal | None]:
    """A file that was taken in, and what was asked about it last. Raises `UnseenError` where there is none."""
    batch = batches.get_batch(session, number)
    if batch is None:
        raise UnseenError(f"No file with the number {number} was taken in.", "batch", str(number))
    return batch, withdrawals.load_withdrawals(session, [number]).get(number)


def ask(session: Session, actor: Account, number: int, words: str, now: datetime) -> None:
    """Ask that a file be withdrawn, and say why; somebody else decides.

    Raises `RefusedError` for a kind of file that cannot be, for one that is withdrawn, and without words.
    """
    batch, known = find(session, number)
    if Permission.IMPORT not in actor.permissions:
        raise RefusedError("Your roles do not let you withdraw files.")
    if known and known.state != KEPT:
        raise RefusedError(
            f"{batch.file_name} is {'withdrawn' if known.state == WITHDRAWN else 'to be withdrawn'} already."
        )
    against = why_not(session, batch)
    if against:
        raise RefusedError(against)
    if not words.strip():
        raise RefusedError(f"Say why {batch.file_name} shall count no more: whoever decides reads it.")
    wish = withdrawals.add_withdrawal(session, number, words.strip(), actor.email, now)
    said = hashlib.sha256(words.strip().encode()).hexdigest()
    audit.note(session, actor.email, now, "ask to withdraw", f"withdrawal {wish}", batch=number, words=said)


def why_not(session: Session, batch: Batch) -> str:
    """Why a file cannot be withdrawn, in words; empty where it can."""
    if batch.kind not in KINDS:
        return f"A file of {batch.kind} is not withdrawn. Take in a newer one that says what holds."
    if batch.kind == Kind.RESULTS and not withdrawals.has_result_history(session, batch.number):
        return "This file was taken in before it was kept what files of results replace. Take in a newer one instead."
    return ""


def confirm(session: Session, actor: Account, number: int, now: datetime) -> int:
    """Let a file that somebody else asked about count no more; gives how many of its statements that changed.

    What files that still count said before counts again. Raises `RefusedError` where nobody asked, or the actor did.
    """
    batch, known = _asked(session, actor, number)
    if known.asked_by == actor.email:
        raise RefusedError(f"You asked that {batch.file_name} be withdrawn. Somebody else must confirm it.")
    withdrawals.mark_decided(session, known.id, WITHDRAWN, actor.email, now)
    without = withdrawals.withdrawn_batches(session)
    change = _withdraw_answers if batch.kind == Kind.ANSWERS else _withdraw_results
    statements = change(session, number, without)
    audit.note(session, actor.email, now, "withdraw", f"batch {number}", withdrawal=known.id, statements=statements)
    return statements


def _asked(session: Session, actor: Account, number: int) -> tuple[Batch, Withdrawal]:
    batch, known = find(session, number)
    if Permission.WITHDRAW_FILES not in actor.permissions:
        raise RefusedError("Your roles do not let you withdraw files.")
    if known is None or known.state != ASKED:
        raise RefusedError(f"Nobody asks that {batch.file_name} be withdrawn.")
    return batch, known


def _withdraw_answers(session: Session, number: int, without: frozenset[int]) -> int:
    keys = responses.current_keys(session, number)
    gone, back = responses.response_states(session, keys), responses.stated_before(session, keys, without)
    responses.withdraw_responses(session, number, gone, back, load_left_out(session))
    return len(gone)


def _withdraw_results(session: Session, number: int, without: frozenset[int]) -> int:
    states = withdrawals.results_without(session, number, without)
    results.restore_results(session, states)
    return len(states)


def keep(session: Session, actor: Account, number: int, now: datetime) -> None:
    """Let a file count on though somebody asked to withdraw it; who asked may take it back so too."""
    _, known = _asked(session, actor, number)
    withdrawals.mark_decided(session, known.id, KEPT, actor.email, now)
    audit.note(session, actor.email, now, "keep", f"withdrawal {known.id}", batch=number)
