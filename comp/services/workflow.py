"""Moving a quarter through its life: review, approval and what undoes them."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.data_findings import Stop
from comp.errors import ChangedError, NotFoundError, Problem, RefusedError
from comp.periods import Quarter
from comp.results import StoredRun
from comp.roles import Account
from comp.services import audit, data_check, funding_lines
from comp.services.settlement import settle_run
from comp.settlement import Settlement
from comp.store import quarters, runs
from comp.store.quarters import Deed, Done
from comp.workflow import MOVES, Act, Life, State, moved, stands_against


def life_of(session: Session, quarter: Quarter) -> Life:
    """Where a quarter stands."""
    return quarters.load_life(session, quarter)


def history_of(session: Session, quarter: Quarter) -> list[Done]:
    """Everything that was done to a quarter, in order."""
    return quarters.load_history(session, quarter)


def counting_run(session: Session, quarter: Quarter) -> StoredRun:
    """The run that is reviewed, approved and paid. Raises `NotFoundError` where the quarter was not calculated."""
    found = runs.find_run(session, quarter)
    if found is None:
        raise NotFoundError(f"{quarter} has not been calculated. Run `loyaltypay calculate {quarter}` first.")
    return found


def calculation_act(session: Session, quarter: Quarter) -> Act:
    """What a calculation of a quarter is now: of what was released already it is a correction.

    Raises `RefusedError` where the quarter is approved and waits for its release.
    """
    life = life_of(session, quarter)
    act = Act.CORRECT if life.is_paid else Act.CALCULATE
    against = stands_against(act, str(quarter), life, "")
    if against:
        raise RefusedError(f"{quarter} cannot be calculated: it {against.partition(' ')[2]}")
    return act


def note_calculated(session: Session, run: StoredRun) -> Act:
    """Let a stored run be the one that counts, or a correction of one that was paid."""
    act, origin = calculation_act(session, run.quarter), run.origin
    _move(session, run, Deed(act, origin.calculated_by, origin.calculated_at))
    return act


@dataclass(frozen=True, slots=True)
class Seen:
    """What a page showed: the quarter's moves so far and the hash of the settlement."""

    changes: int
    sha256: str


def require_unmoved(session: Session, quarter: Quarter, changes: str) -> None:
    """Raise `ChangedError` where a quarter was moved since a page showed it after so many moves."""
    life = life_of(session, quarter)
    if changes != str(life.changes):
        raise ChangedError(f"{quarter} was moved since you looked: it is {life.state} now. Look at it, then decide.")


def begin_review(session: Session, actor: Account, quarter: Quarter, now: datetime) -> None:
    """Let managers look at what their teams get. Raises `RefusedError` with what the data check finds against it.

    Whoever is held stands against nobody else's review.
    """
    run = require(session, Act.BEGIN_REVIEW, actor, quarter)
    against = [each for each in data_check.stands_against(session, quarter) if each.stops is not Stop.PEOPLE]
    if against:
        raise RefusedError(
            f"{quarter} cannot be reviewed yet: mend what the data check found, or have it waived.",
            [Problem(f"{each.what} {each.change}", each.place.words) for each in against],
        )
    record(session, run, Deed(Act.BEGIN_REVIEW, actor.email, now))


def end_review(session: Session, actor: Account, quarter: Quarter, words: str, now: datetime) -> None:
    """Take a quarter out of review, and say why."""
    run = require(session, Act.END_REVIEW, actor, quarter, words)
    record(session, run, Deed(Act.END_REVIEW, actor.email, now, words.strip()))


def send_back(session: Session, actor: Account, quarter: Quarter, words: str, now: datetime) -> None:
    """Send a quarter back to HR instead of approving it, and say what is to be mended."""
    run = require(session, Act.SEND_BACK, actor, quarter, words)
    record(session, run, Deed(Act.SEND_BACK, actor.email, now, words.strip()))


def approve(session: Session, actor: Account, quarter: Quarter, seen: Seen, now: datetime) -> Settlement:
    """Approve what a quarter pays, as it was seen.

    Raises `ChangedError` where it is not what was seen, and `RefusedError` for who calculated it or gave it to review,
    and for whoever is paid by it.
    """
    run = require(session, Act.APPROVE, actor, quarter)
    settlement = settle_run(session, run)
    obstacles = funding_lines.stands_against(session, run)
    if obstacles:
        raise RefusedError(f"{quarter} cannot be approved yet.", [Problem(each) for each in obstacles])
    if settlement.sha256 != seen.sha256:
        raise ChangedError(_difference(session, quarter, seen, settlement))
    if any(each.employee == actor.employee for each in settlement.settled):
        raise RefusedError(f"{quarter} pays you too. Somebody whose own pay is not in it must approve it.")
    record(session, run, Deed(Act.APPROVE, actor.email, now, seen_sha256=settlement.sha256))
    return settlement


def ask_to_reopen(session: Session, actor: Account, quarter: Quarter, words: str, now: datetime) -> None:
    """Ask that an approved quarter be reopened, and say why; somebody else decides."""
    run = require(session, Act.ASK_TO_REOPEN, actor, quarter, words)
    record(session, run, Deed(Act.ASK_TO_REOPEN, actor.email, now, words.strip()))


def reopen(session: Session, actor: Account, quarter: Quarter, now: datetime) -> None:
    """Reopen an approved quarter because somebody else asked for it."""
    asked_by = life_of(session, quarter).doers.get(Act.ASK_TO_REOPEN)
    run = require(session, Act.REOPEN, actor, quarter)
    record(session, run, Deed(Act.REOPEN, actor.email, now, answers=asked_by))


def keep_approved(session: Session, actor: Account, quarter: Quarter, words: str, now: datetime) -> None:
    """Leave a quarter approved though somebody asked to reopen it; who asked may take it back so too."""
    run = require(session, Act.KEEP_APPROVED, actor, quarter)
    record(session, run, Deed(Act.KEEP_APPROVED, actor.email, now, words.strip()))


def require(session: Session, act: Act, actor: Account, quarter: Quarter, words: str = "") -> StoredRun:
    """The run that counts. Raises `RefusedError` where an actor may not do this to its quarter now."""
    life, run = life_of(session, quarter), counting_run(session, quarter)
    if MOVES[act].needs not in actor.permissions:
        raise RefusedError(f"Your roles do not let you {act} {quarter}.")
    against = stands_against(act, str(quarter), life, actor.email)
    if against:
        raise RefusedError(against)
    if MOVES[act].needs_words and not words.strip():
        raise RefusedError(f"Say why {quarter} is {MOVES[act].done}: whoever goes on with it reads it.")
    return run


def record(session: Session, run: StoredRun, deed: Deed) -> None:
    """Store what somebody did to a quarter, which was asked for with `require`, and note it; of words only the hash."""
    _move(session, run, deed)
    said = {"words": hashlib.sha256(deed.words.encode()).hexdigest()} if deed.words else {}
    seen = {"settlement": deed.seen_sha256} if deed.seen_sha256 else {}
    audit.note(session, deed.by, deed.at, deed.act, f"quarter {run.quarter}", run=run.name, **said, **seen)


def _move(session: Session, run: StoredRun, deed: Deed) -> None:
    before = life_of(session, run.quarter)
    quarters.save_move(session, run, before, moved(before, deed.act, deed.by), deed)


def _difference(session: Session, quarter: Quarter, seen: Seen, settlement: Settlement) -> str:
    """What happened since a page was shown, in words."""
    since = history_of(session, quarter)[seen.changes :]
    told = [f"{done.deed.by} {_PAST.get(done.deed.act, f'did “{done.deed.act}”')}" for done in since]
    now = ", ".join(f"{amount} {currency}" for currency, amount in settlement.payable.items())
    happened = "; ".join(told) or "somebody changed what is added to it"
    return f"{quarter} is not what you saw: {happened}. It pays {now or 'nobody'} now. Look at it again, then decide."


_PAST = {Act.CALCULATE: "calculated it", Act.END_REVIEW: "took it out of review", Act.BEGIN_REVIEW: "gave it to review"}


def is_open_for_review(session: Session, quarter: Quarter) -> bool:
    """Whether managers may adjust and confirm."""
    return life_of(session, quarter).state is State.IN_REVIEW
