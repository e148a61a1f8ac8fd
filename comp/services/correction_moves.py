"""The moves of a correction: made from a correction run, changed person by person, proposed, and decided by another."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.correction_life import Act, Correction, State, stands_against
from comp.correction_records import Line
from comp.corrections import Policy, fingerprint
from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.periods import Quarter
from comp.results import StoredRun
from comp.roles import Account, Permission
from comp.services import audit
from comp.services.correction_standings import settled_run
from comp.services.corrections import Owing, find, lines_of, next_to_pay, owing
from comp.settlement import Key
from comp.store import corrections, runs, settings


@dataclass(frozen=True, slots=True)
class Prepared:
    """A correction that is not stored yet, with its lines, and how many corrections were approved before it."""

    correction: Correction
    lines: tuple[Line, ...]
    owing: Owing
    approved: int


def prepare(session: Session, actor: Account, run: StoredRun, now: datetime) -> Prepared:
    """What a correction by a run would be. It may read long, writes nothing, and keeps nobody waiting."""
    found = owing(session, actor, run, now)
    usual = settings.load_company(session).overpaid
    draft = Correction(0, run.quarter, run.id, found.before.id, State.DRAFT, usual, actor.email, now)
    return Prepared(draft, tuple(lines_of(session, found, usual)), found, _approved(session, run.quarter))


def _approved(session: Session, quarter: Quarter) -> int:
    return sum(each.state is State.APPROVED for each in corrections.list_corrections(session, quarter))


def keep(session: Session, actor: Account, prepared: Prepared, now: datetime) -> int:
    """Store a prepared correction as a draft; gives its number.

    Raises `RefusedError` where nobody is owed anything, or another one of the quarter waits, and `ChangedError` where
    one was approved since it was prepared.
    """
    draft, run = prepared.correction, prepared.owing.run
    if Permission.PROPOSE_CORRECTIONS not in actor.permissions:
        raise RefusedError("Your roles do not let you make a correction.")
    require_none_waiting(session, draft.quarter)
    if not prepared.lines:
        raise RefusedError(f"Run {run.name} owes nobody anything: there is nothing to correct.")
    if _approved(session, draft.quarter) != prepared.approved:
        raise ChangedError(f"Another correction of {draft.quarter} was approved meanwhile. Calculate a new one.")
    number = corrections.add_correction(session, draft, prepared.lines)
    audit.note(session, actor.email, now, "draft", f"correction {number}", run=run.name, lines=len(prepared.lines))
    return number


def require_none_waiting(session: Session, quarter: Quarter) -> None:
    """Raise `RefusedError` where another correction of a quarter waits, or nothing of it was paid."""
    settled_run(session, quarter)
    waiting = corrections.find_open(session, quarter)
    if waiting is not None:
        raise RefusedError(f"{waiting.name} is {waiting.state}. Decide about it, or put it aside, before the next.")


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to be done about what one person was paid too much, and why where it is not the usual."""

    employee: str
    currency: str
    policy: Policy
    reason: str = ""


def choose(session: Session, actor: Account, number: int, choice: Choice, now: datetime) -> None:
    """Let something else be done about one person's negative amount than the company does as a rule.

    Raises `RefusedError` without a reason, and for one's own pay; `NotFoundError` for somebody who owes nothing.
    """
    correction = _require(session, actor, number, Act.CHANGE)
    if choice.employee == actor.employee:
        raise RefusedError("This is your own pay. Somebody else says what is done about it.")
    is_usual, reason = choice.policy is correction.usual, choice.reason.strip()
    if not is_usual and not reason:
        raise RefusedError(f"Say why it is to be {_DONE[choice.policy]}: whoever approves it reads it.")
    key, by = Key(choice.employee, choice.currency), None if is_usual else actor.email
    if not corrections.change_policy(session, number, key, choice.policy, "" if is_usual else reason, by):
        raise NotFoundError(f"{choice.employee} owes nothing in {choice.currency} by {correction.name}.")
    said = {} if is_usual else {"words": _hash(reason)}
    audit.note(
        session,
        actor.email,
        now,
        "choose",
        f"correction {number}",
        employee=choice.employee,
        policy=choice.policy,
        **said,
    )


_DONE = {Policy.RECOVER: "recovered at once", Policy.CARRY: "carried", Policy.WRITE_OFF: "written off"}


def propose(session: Session, actor: Account, number: int, words: str, now: datetime) -> None:
    """Let a draft wait for somebody who approves it; its lines never change from then on."""
    _require(session, actor, number, Act.PROPOSE)
    lines = fingerprint(corrections.decided_lines(session, number))
    corrections.mark_proposed(session, number, actor.email, now, words.strip(), lines)
    said = {"words": _hash(words.strip())} if words.strip() else {}
    audit.note(session, actor.email, now, "propose", f"correction {number}", lines=lines, **said)


def put_aside(session: Session, actor: Account, number: int, now: datetime) -> None:
    """Let a correction that nobody decided about pay nobody. The next one says anew who is owed what."""
    _require(session, actor, number, Act.PUT_ASIDE)
    corrections.mark_put_aside(session, number)
    audit.note(session, actor.email, now, "put aside", f"correction {number}")


def refuse(session: Session, actor: Account, number: int, words: str, now: datetime) -> None:
    """Let somebody else's correction pay nobody, and say why."""
    correction = _require(session, actor, number, Act.REFUSE)
    if not words.strip():
        raise RefusedError(f"Say why {correction.name} is refused: whoever proposed it reads it.")
    corrections.mark_refused(session, number, actor.email, now, words.strip())
    audit.note(session, actor.email, now, "refuse correction", f"correction {number}", words=_hash(words.strip()))


def approve(session: Session, actor: Account, number: int, seen: str, now: datetime) -> Quarter:
    """Let somebody else's correction be paid, as it was seen; gives the quarter with which it is.

    Raises `ChangedError` where it is not what was seen, and `RefusedError` for whoever made it, changed it or
    calculated its run, and for whoever is paid by it.
    """
    correction = _require(session, actor, number, Act.APPROVE)
    pays_with = next_to_pay(session, correction.quarter)
    if seen_sha256(correction, pays_with) != seen:
        raise ChangedError(
            f"{correction.name} is not what you saw: it would be paid with {pays_with} now. Look at it again, then "
            "decide."
        )
    if fingerprint(corrections.decided_lines(session, number)) != correction.lines_sha256:
        raise RefusedError(f"The lines of {correction.name} are not those that were proposed. Put it aside.")
    if runs.get_run(session, correction.run_id).origin.calculated_by == actor.email:
        raise RefusedError(f"You calculated the run of {correction.name}. Somebody else must approve it.")
    if actor.employee and corrections.is_in(session, number, actor.employee):
        raise RefusedError(f"{correction.name} changes your pay too. Somebody whose own pay is not in it approves it.")
    corrections.mark_approved(session, number, actor.email, now, seen, pays_with)
    audit.note(session, actor.email, now, "approve", f"correction {number}", seen=seen, pays_with=str(pays_with))
    return pays_with


def what_is_seen(session: Session, number: int) -> str:
    """The hash of what whoever looks at a proposed correction now sees. Raises `NotFoundError` where there is none."""
    correction = corrections.find_correction(session, number)
    if correction is None:
        raise NotFoundError(f"There is no correction {number}.")
    return seen_sha256(correction, next_to_pay(session, correction.quarter))


def seen_sha256(correction: Correction, pays_with: Quarter) -> str:
    """The hash of what an approver sees: every line as it was proposed, and the quarter that it is paid with."""
    return hashlib.sha256(f"{correction.id} {correction.lines_sha256} {pays_with}".encode()).hexdigest()


def _require(session: Session, actor: Account, number: int, act: Act) -> Correction:
    correction = find(session, actor, number)
    against = stands_against(act, correction, actor.email, actor.permissions)
    if against:
        raise RefusedError(against)
    return correction


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()
