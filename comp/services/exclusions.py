"""Leaving answers out of scores: proposed by HR or who answers for the unit, decided by somebody it does not pay."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from comp.errors import ChangedError, RefusedError, UnseenError
from comp.exclusion_effect import Effect
from comp.exclusions import MOST_ANSWERS, WHOLE, Act, Kind, Named, Proposal, Reason, State, stands_against
from comp.periods import Quarter
from comp.roles import Account, Permission
from comp.services import audit
from comp.services.answers import may_propose, require_sight
from comp.services.exclusion_effects import tally_change_of
from comp.services.relations import units_led
from comp.store import answers, exclusions, settings
from comp.store.exclusions import is_out, load_left_out
from comp.store.responses import change_tallies

PAGE = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks to be left out: responses of a unit and quarter by number, all of each or one question."""

    unit: str
    quarter: Quarter
    numbers: Collection[int]
    question: str
    reason: Reason
    words: str


def propose(session: Session, actor: Account, asked: Asked, now: datetime) -> int:
    """Propose to leave answers out; gives the proposal's number. Everything counts until somebody else grants it.

    Raises `RefusedError` for answers that are not there, are left out already or are too many, and without words.
    """
    _require_proposer(session, actor, asked.unit)
    if not asked.words.strip():
        raise RefusedError("Say in words why these answers shall not count: whoever decides reads it.")
    proposal = Proposal(
        id=0,
        kind=Kind.EXCLUDE,
        unit=asked.unit,
        quarter=asked.quarter,
        reason=asked.reason,
        words=asked.words.strip(),
        proposed_by=actor.email,
        proposed_at=now,
        state=State.PROPOSED,
        answers=_named(session, asked),
    )
    return _add(session, proposal)


def _named(session: Session, asked: Asked) -> tuple[Named, ...]:
    wanted = set(asked.numbers)
    if not 0 < len(wanted) <= MOST_ANSWERS:
        raise RefusedError(f"Tick at least one answer, and at most {MOST_ANSWERS}: {len(wanted)} are ticked.")
    days = settings.load_company(session).calendar.span(asked.quarter)
    here = [each for each in answers.load_responses(session, asked.unit, days) if each.number in wanted]
    if len(here) < len(wanted):
        raise ChangedError(
            "Some of these answers are not there any more: an import restated them. Look at the list again."
        )
    told = [each for each in here if asked.question == WHOLE or asked.question in each.answers]
    left_out = load_left_out(session, [each.key for each in told])
    named = tuple(Named(each.key, asked.question) for each in told)
    counting = tuple(each for each in named if not is_out(left_out, each))
    if not counting:
        raise RefusedError("None of these answers counts now: they are left out already, or the question has none.")
    return counting


def propose_return(session: Session, actor: Account, number: int, words: str, now: datetime) -> int:
    """Propose to let answers count again that are left out; gives the new proposal's number."""
    granted = find(session, actor, number)
    _require_proposer(session, actor, granted.unit)
    if granted.kind is not Kind.EXCLUDE or granted.state is not State.GRANTED:
        raise RefusedError(f"Proposal {number} leaves nothing out now.")
    waiting = exclusions.restored_by(session, number)
    if waiting is not None:
        raise RefusedError(f"Proposal {waiting} waits to take proposal {number} back already.")
    if not words.strip():
        raise RefusedError("Say in words why these answers shall count again: whoever decides reads it.")
    reopened = Proposal(
        id=0,
        kind=Kind.RESTORE,
        unit=granted.unit,
        quarter=granted.quarter,
        reason=Reason.MISTAKEN,
        words=words.strip(),
        proposed_by=actor.email,
        proposed_at=now,
        state=State.PROPOSED,
        answers=granted.answers,
        undoes=number,
    )
    return _add(session, reopened)


def _require_proposer(session: Session, actor: Account, unit: str) -> None:
    require_sight(session, actor, unit)
    if not may_propose(session, actor, unit):
        raise UnseenError(f"The answers of {unit} are not yours to propose.", "unit", unit)


def _add(session: Session, proposal: Proposal) -> int:
    number = exclusions.add_proposal(session, proposal)
    audit.note(
        session,
        proposal.proposed_by,
        proposal.proposed_at,
        "propose exclusion",
        f"proposal {number}",
        kind=proposal.kind,
        answers=len(proposal.answers),
        quarter=str(proposal.quarter),
        reason=proposal.reason,
        words=_sha256(proposal.words),
    )
    return number


def find(session: Session, actor: Account, number: int) -> Proposal:
    """A proposal by its number. Raises `UnseenError` where there is none, or none of a unit that the actor sees."""
    found = exclusions.find_proposal(session, number)
    sees_all = Permission.READ_ANSWERS in actor.permissions
    if found is None or not (sees_all or found.unit in units_led(session, actor)):
        raise UnseenError("There is no such proposal, or it is not for you to see.", "proposal", str(number))
    return found


def list_for(session: Session, actor: Account, page: int) -> list[tuple[Proposal, int]]:
    """A page of the proposals that an actor may see with how many answers each names, those that wait first.

    One more than `PAGE` tells that there are older ones.
    """
    units = None if Permission.READ_ANSWERS in actor.permissions else units_led(session, actor)
    found = exclusions.list_proposals(session, units, PAGE + 1, (page - 1) * PAGE)
    counts = exclusions.count_answers(session, [each.id for each in found])
    return [(each, counts.get(each.id, 0)) for each in found]


def list_waiting(session: Session, actor: Account) -> list[Proposal]:
    """The proposals that wait for somebody to decide them, of those that an actor may see; at most a page of them."""
    return [each for each, _ in list_for(session, actor, 1)[:PAGE] if each.state is State.PROPOSED]


def waiting_return(session: Session, proposal: Proposal) -> int | None:
    """The number of the proposal that waits to take an exclusion back; None where none does."""
    return exclusions.restored_by(session, proposal.id)


def grant(session: Session, actor: Account, number: int, words: str, effect: Effect, now: datetime) -> Proposal:
    """Let a proposal hold: its answers count for nothing, or count again, from this transaction on.

    `effect` is what the actor saw. Raises `RefusedError` for whoever proposed it or whose pay it touches, and
    `ChangedError` where anything that the effect rests on was changed since it was worked out.
    """
    proposal = _decidable(session, actor, Act.GRANT, number, words, effect)
    responses = answers.load_by_key(session, {each.key for each in proposal.answers})
    change_tallies(session, tally_change_of(session, proposal, responses))
    decided = replace(
        proposal,
        decided_by=actor.email,
        decided_at=now,
        decided_words=words.strip(),
        seen=effect.figures,
        seen_sha256=effect.fingerprint,
    )
    exclusions.mark_granted(session, decided)
    audit.note(
        session,
        actor.email,
        now,
        "grant exclusion",
        f"exclusion {number}",
        kind=proposal.kind,
        answers=effect.answers,
        seen=effect.fingerprint,
        words=_sha256(words),
    )
    return exclusions.find_proposal(session, number) or decided


def refuse(session: Session, actor: Account, number: int, words: str, effect: Effect, now: datetime) -> Proposal:
    """Turn a proposal down, with words. Raises as `grant` does."""
    proposal = _decidable(session, actor, Act.REFUSE, number, words, effect)
    exclusions.mark_decided(session, proposal, State.REFUSED, actor.email, now, words.strip())
    _note_end(session, actor, "refuse exclusion", number, words, now)
    return replace(proposal, state=State.REFUSED)


def withdraw(session: Session, actor: Account, number: int, now: datetime) -> Proposal:
    """Take one's own proposal back before anybody decides it."""
    proposal = find(session, actor, number)
    against = stands_against(Act.WITHDRAW, proposal, actor.email)
    if against:
        raise RefusedError(against)
    exclusions.mark_decided(session, proposal, State.WITHDRAWN, actor.email, now, "")
    _note_end(session, actor, "withdraw exclusion", number, "", now)
    return replace(proposal, state=State.WITHDRAWN)


def _decidable(session: Session, actor: Account, act: Act, number: int, words: str, effect: Effect) -> Proposal:
    proposal = find(session, actor, number)
    own = actor.employee is not None and actor.employee in effect.employees
    against = stands_against(act, proposal, actor.email, touches_own_pay=own)
    if against:
        raise RefusedError(against)
    if not words.strip():
        raise RefusedError("Say in words why: who proposed it reads it, and so do auditors.")
    if audit.is_changed_since(session, effect.head):
        raise ChangedError(
            "While you decided, somebody imported, published or calculated something. Nothing was stored: look at the "
            "effect again."
        )
    return proposal


def _note_end(session: Session, actor: Account, action: str, number: int, words: str, now: datetime) -> None:
    said = {"words": _sha256(words)} if words.strip() else {}
    audit.note(session, actor.email, now, action, f"proposal {number}", **said)


def _sha256(words: str) -> str:
    return hashlib.sha256(words.strip().encode()).hexdigest()
