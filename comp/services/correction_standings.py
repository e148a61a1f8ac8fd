"""What was done so far for a paid quarter: what was released, what was decided since, what was written off."""

from collections.abc import Collection, Iterable
from typing import NamedTuple

from sqlmodel import Session

from comp.correction_records import Approved
from comp.corrections import Policy, Standing, entitlements
from comp.errors import RefusedError
from comp.periods import Quarter
from comp.results import StoredRun
from comp.services.correction_lines import Recovery, all_recoveries
from comp.services.settlement import settle_own
from comp.settlement import Key
from comp.store import corrections, quarters, runs
from comp.store.runs import Whose
from comp.workflow import PAID


def paid_quarters(session: Session) -> list[Quarter]:
    """The quarters of which something was released, the newest first."""
    lives = quarters.load_lives(session)
    return sorted((quarter for quarter, (state, _) in lives.items() if state in PAID), reverse=True)


def settled_run(session: Session, quarter: Quarter) -> StoredRun:
    """The run by which a quarter was settled last: its own, or its last approved correction's.

    Raises `RefusedError` where nothing of it was released yet.
    """
    own = runs.find_run(session, quarter)
    if own is None or not quarters.load_life(session, quarter).is_paid:
        raise RefusedError(
            f"Nothing of {quarter} was released yet, so there is nothing to correct: calculate it again instead."
        )
    last = corrections.last_settled_run(session, quarter)
    return runs.get_run(session, last) if last else own


def released_for(session: Session, quarter: Quarter, whose: Whose = None) -> dict[Key, int]:
    """Everything that was released for a quarter, in minor units: by its own release, and as corrections by later ones.

    What its own release holds back counts too: it goes out with the quarter's next batch, and not a second time.
    """
    return {key: standing.released for key, standing in standings(session, quarter, whose).items()}


def standings(session: Session, quarter: Quarter, whose: Whose = None) -> dict[Key, Standing]:
    """What was released, decided and written off for everybody in a paid quarter."""
    run = runs.find_run(session, quarter)
    own = entitlements(settle_own(session, run, whose)) if run else {}
    found = {key: Standing(amount.minor) for key, amount in own.items()}
    for done in _decided(session, quarter, whose):
        delta, was = done.line.line.delta, found.get(done.line.line.delta.key, Standing())
        written_off = done.line.line.policy is Policy.WRITE_OFF
        found[delta.key] = Standing(
            was.released + done.released,
            was.pending + (0 if written_off else delta.amount.minor - done.released),
            delta.forgiven.minor - (delta.amount.minor if written_off else 0),
        )
    return found


class _Done(NamedTuple):
    """A line of an approved correction, and what of it came into releases, in minor units."""

    line: Approved
    released: int


def _decided(session: Session, quarter: Quarter, whose: Whose) -> Iterable[_Done]:
    """The lines of a quarter's approved corrections, the oldest first."""
    approved = corrections.load_approved(session, corrects=quarter, whose=whose)
    recovered = all_recoveries(session, settle_own, whose) if any(each.is_claim for each in approved) else []
    by_claim = {(each.claim.line.correction, each.claim.line.delta.key): each for each in recovered}
    paid = set(paid_quarters(session))
    for each in approved:
        recovery = by_claim.get((each.line.correction, each.line.delta.key))
        yield _Done(each, _released(each, recovery, paid))


def _released(each: Approved, recovery: Recovery | None, paid: Collection[Quarter]) -> int:
    if recovery is not None:
        return -sum(minor for quarter, minor in recovery.parts.items() if quarter in paid)
    is_paid = each.pays_with in paid and each.line.policy is not Policy.WRITE_OFF
    return each.line.delta.amount.minor if is_paid else 0
