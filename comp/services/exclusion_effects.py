"""What a proposal to leave answers out would do, from what is stored now: to scores, to pay, and who may decide it."""

from collections.abc import Iterable
from dataclasses import replace

from sqlmodel import Session

from comp.exclusion_effect import Change, Counted, Effect, pay_change, score_changes, with_change
from comp.exclusions import Kind, Proposal
from comp.periods import FiscalCalendar, Quarter
from comp.roles import Account, Permission
from comp.services import audit, snapshots, workflow
from comp.store import accounts, answers, runs, settings
from comp.store.answers import Response
from comp.store.exclusions import load_left_out, together
from comp.store.responses import LeftOut, TallyKey, tally_change
from comp.workflow import State

_ROLLING = 3
"""In how many later quarters a plan may still read a quarter's answers."""


def effect_of(session: Session, proposal: Proposal) -> Effect:
    """What a proposal would do now. It calculates both ways, writes nothing, and so keeps nobody waiting."""
    head = audit.head(session)
    responses = answers.load_by_key(session, {each.key for each in proposal.answers})
    tallies = tally_change_of(session, proposal, responses)
    change = _by_quarter(settings.load_company(session).calendar, tallies)
    own = sorted({each.quarter for each in change} or {proposal.quarter})
    effects = [_quarter_effect(session, quarter, change) for quarter in _touched(session, own)]
    return Effect(
        answers=sum(abs(count) for count in tallies.values()),
        responses=len(responses),
        lines=tuple(sorted((each.key, *map(str, each.state)) for each in responses)),
        scores=tuple(score for each in effects for score in each.scores),
        pay=tuple(pay for each in effects for pay in each.pay),
        head=head.number if head else 0,
    )


def tally_change_of(session: Session, proposal: Proposal, responses: Iterable[Response]) -> dict[TallyKey, int]:
    """By how much the tallies change where a proposal is granted."""
    states = {each.key: each.state for each in responses}
    before = load_left_out(session, states)
    return tally_change(states, before, _left_out_then(session, proposal, before))


def _left_out_then(session: Session, proposal: Proposal, before: LeftOut) -> LeftOut:
    if proposal.kind is Kind.EXCLUDE:
        return together(before, proposal.answers)
    return load_left_out(session, {each.key for each in proposal.answers}, but=proposal.undoes)


def _by_quarter(calendar: FiscalCalendar, tallies: dict[TallyKey, int]) -> Change:
    found: dict[Counted, int] = {}
    for (unit, question, month, touchpoint, _, answer), count in tallies.items():
        key = Counted(unit, question, calendar.quarter_of(month), touchpoint, answer)
        found[key] = found.get(key, 0) + count
    return found


def _touched(session: Session, own: Iterable[Quarter]) -> list[Quarter]:
    """The answers' own quarters, and of the next three those that were calculated: they may read four quarters."""
    later = {quarter.plus(ahead) for quarter in own for ahead in range(1, _ROLLING + 1)}
    return sorted({*own, *(quarter for quarter in later if runs.find_run(session, quarter))})


def _quarter_effect(session: Session, quarter: Quarter, change: Change) -> Effect:
    before = snapshots.load(session, quarter).snapshot.facts
    after = with_change(before, change)
    scores = score_changes(before, after, change)
    return replace(_NOTHING, scores=scores, pay=(pay_change(before, after),))


_NOTHING = Effect(0, 0, (), (), (), 0)


def who_may_decide(session: Session, proposal: Proposal, effect: Effect) -> list[Account]:
    """The accounts that may decide a proposal: approvers who did not make it and whose pay it does not touch."""
    return [
        each
        for each in accounts.list_accounts(session)
        if Permission.DECIDE_EXCLUSIONS in each.permissions
        and each.email != proposal.proposed_by
        and each.employee not in effect.employees
    ]


_FOLLOWS = {
    State.OPEN: "is not calculated yet: its first run reads the scores as they are then.",
    State.CALCULATED: "is calculated: its last run stays as it is. Calculate it again to pay on these scores.",
    State.IN_REVIEW: "is in review: its last run stays as it is. Calculate it again to pay on these scores.",
    State.APPROVED: "is approved: reopen it and calculate again before its release, or it is corrected after that.",
    State.RELEASED: "is released: what was paid stays, and a correction run pays or takes back the difference later.",
    State.CLOSED: "is closed: what was paid stays, and a correction run pays or takes back the difference later.",
}


def what_follows(session: Session, quarters: Iterable[Quarter]) -> list[str]:
    """What is to be done once a proposal is granted, quarter by quarter, as sentences."""
    return [f"{quarter} {_FOLLOWS[workflow.life_of(session, quarter).state]}" for quarter in quarters]
