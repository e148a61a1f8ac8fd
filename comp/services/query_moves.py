"""What is done with a query: raised, answered, asked back, replied to, handed on, closed, accepted, withdrawn."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.errors import ChangedError, RefusedError
from comp.queries import (
    ANSWERED_BY,
    LONGEST,
    MOVES,
    About,
    Act,
    Outcome,
    State,
    due_day,
    stands_against,
    stands_against_outcome,
)
from comp.roles import Account
from comp.services import audit, relations
from comp.services.queries import QueryView, first_owner, may_ask
from comp.services.query_mails import Where, tell_asker, tell_owner
from comp.store import queries, settings

HR = "HR"
"""What stands for the owner where all of HR owns a query."""

_NUMBER = re.compile(r"[\w@./-]{1,60}", re.ASCII)
_TOLD = {
    Act.ANSWER: "Your query is answered",
    Act.ASK_BACK: "Your query waits for you",
    Act.CLOSE: "Your query is closed",
}


@dataclass(frozen=True, slots=True)
class By:
    """Who does something with a query, when, and where mails say that it stands."""

    actor: Account
    now: datetime
    where: Where


def raise_query(session: Session, by: By, choices: list[About], chosen: str, seen: str, words: str) -> int:
    """Raise a query about one of the things that somebody may ask about; gives its number.

    `seen` is the hash of what they were shown of these. Raises `RefusedError` for what they have asked and is not over,
    `ChangedError` where the figures are others by now.
    """
    about = next((each for each in choices if each.key == chosen), None)
    if about is None:
        raise RefusedError("Choose what the query is about.")
    _require_askable(session, by.actor, about)
    if seen != seen_of(choices):
        raise ChangedError(
            f"What is known of {about.quarter} has changed since you loaded the page. Nothing was sent: look at the "
            "figures as they are now, and send it again."
        )
    said = _clean(words)
    number = _store(session, by, about, said)
    audit.note(
        session, by.actor.email, by.now, Act.RAISE, f"query {number}", of=about.key, seen=about.sha256, **_hash(said)
    )
    tell_owner(session, queries.load(session, number), by.where, by.now)
    return number


def _store(session: Session, by: By, about: About, said: str) -> int:
    owner = first_owner(session, by.actor, about)
    owner_id, name = (owner.id, owner.name) if owner else (None, HR)
    number = queries.add(session, about, by.actor.id, owner_id, _new_due(session, by.now), by.now)
    queries.add_message(session, number, Act.RAISE, by.actor.id, by.now, said, owner=name)
    return number


def seen_of(choices: list[About]) -> str:
    """The hash of everything that the form for a query shows."""
    return hashlib.sha256("".join(each.sha256 for each in choices).encode()).hexdigest()


def _require_askable(session: Session, actor: Account, about: About) -> None:
    if not may_ask(actor, about.employee):
        raise RefusedError("An auditor changes nothing, and asks about their own pay alone.")
    living = queries.find_living(session, actor.id, about.key)
    if living is not None:
        raise RefusedError(f"You have asked about this already: query {living} is not over. Write to that one.")


def say(session: Session, by: By, view: QueryView, act: Act, words: str) -> None:
    """Answer, ask back or reply. A reply that lets a query wait for its owner again gives it a new day."""
    said = _require(view, act, words)
    is_anew = act is Act.REPLY and view.query.state is not State.OPEN
    due = {"due_on": _new_due(session, by.now)} if is_anew else {}
    queries.change(session, view.query.id, state=MOVES[act].end, **due)
    _note(session, by, view, act, said)
    query = queries.load(session, view.query.id)
    if act is Act.REPLY:
        tell_owner(session, query, by.where, by.now)
    else:
        tell_asker(session, query, _TOLD[act], by.where, by.now)


def hand_on(session: Session, by: By, view: QueryView, owner: str, words: str) -> str:
    """Let somebody else answer a query, by the account's number, or `HR`; gives the new owner's name."""
    said = _require(view, Act.HAND_ON, words)
    chosen = next((each for each in view.owners if str(each.id) == owner), None)
    if chosen is None and (owner != HR or view.query.owner_id is None):
        raise RefusedError("Choose who is to answer it.")
    owner_id, name = (chosen.id, chosen.name) if chosen else (None, HR)
    queries.change(session, view.query.id, state=MOVES[Act.HAND_ON].end, owner_id=owner_id)
    _note(session, by, view, Act.HAND_ON, said, owner=name)
    tell_owner(session, queries.load(session, view.query.id), by.where, by.now)
    return name


def close(session: Session, by: By, view: QueryView, outcome: Outcome, answered_by: str, words: str) -> None:
    """Close a query with what became of it. `answered_by` is the number of what answered it, where something did."""
    said = _require(view, Act.CLOSE, words)
    number = answered_by.strip()
    against = stands_against_outcome(outcome, number, view.parts)
    if against or (number and not _NUMBER.fullmatch(number)):
        raise RefusedError(against or "The number of what answered it has letters, digits and @ . / _ - only.")
    answered = f"{ANSWERED_BY[outcome]} {number}" if number else ""
    _end(session, by, view, outcome, answered)
    _note(session, by, view, Act.CLOSE, said, outcome=outcome, answered=answered)
    tell_asker(session, queries.load(session, view.query.id), _TOLD[Act.CLOSE], by.where, by.now)


def accept(session: Session, by: By, view: QueryView) -> None:
    """Take an answer as the end of one's own query: it is explained."""
    _require(view, Act.ACCEPT, "")
    _end(session, by, view, Outcome.EXPLAINED, "")
    _note(session, by, view, Act.ACCEPT, "", outcome=Outcome.EXPLAINED)


def withdraw(session: Session, by: By, view: QueryView) -> None:
    """Take one's own query back."""
    _require(view, Act.WITHDRAW, "")
    queries.change(session, view.query.id, state=MOVES[Act.WITHDRAW].end)
    _note(session, by, view, Act.WITHDRAW, "")


def _end(session: Session, by: By, view: QueryView, outcome: Outcome, answered: str) -> None:
    queries.change(
        session,
        view.query.id,
        state=MOVES[Act.CLOSE].end,
        outcome=outcome,
        answered_by=answered,
        closed_by=by.actor.id,
        closer_employee=by.actor.employee,
        closed_at=by.now,
    )


def _require(view: QueryView, act: Act, words: str) -> str:
    """What was said, where the act is possible."""
    if act not in view.acts:
        raise RefusedError(stands_against(act, view.query.state, view.parts) or "An auditor changes nothing.")
    return _clean(words) if MOVES[act].needs_words or words.strip() else ""


def _clean(words: str) -> str:
    said = words.replace("\r\n", "\n").strip()
    if not said:
        raise RefusedError("Say it in words: whoever is concerned reads them.")
    if len(said) > LONGEST or "\0" in said:
        raise RefusedError(f"A message is text of at most {LONGEST:,} characters.")
    return said


def _new_due(session: Session, now: datetime) -> date:
    return due_day(relations.today(session, now), settings.load_company(session).query_days)


def _note(session: Session, by: By, view: QueryView, act: Act, said: str, **more: str) -> None:
    """Keep an act in the thread and in the audit chain; of what was said the chain has only the hash."""
    told = {key: more[key] for key in ("owner", "outcome") if key in more}
    queries.add_message(session, view.query.id, act, by.actor.id, by.now, said, **told)
    coded = {key: str(value) for key, value in more.items() if key != "owner" and value}
    audit.note(session, by.actor.email, by.now, act, f"query {view.query.id}", **coded, **_hash(said))


def _hash(said: str) -> dict[str, str]:
    return {"words": hashlib.sha256(said.encode()).hexdigest()} if said else {}
