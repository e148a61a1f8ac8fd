"""A proposal with everything that its page shows: the answers, what it would do, and who may decide it."""

from dataclasses import dataclass

from sqlmodel import Session

from comp.exclusion_effect import Effect, without_pay
from comp.exclusions import Act, Kind, Proposal, State, open_acts
from comp.periods import Quarter
from comp.roles import Account, Permission
from comp.services import exclusion_effects, exclusions
from comp.services.answers import AnswerLine, lines_of, may_propose
from comp.store.units import load_units


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as somebody may see it. `lines` is None where the unit has too few answers for them.

    `effect` is what it would do while it waits, and None afterwards: then `seen` are the figures that decided it. With
    `is_own_pay` it changes the reader's own pay, and `may_decide` names who decides instead. `waiting` is the proposal
    that would take it back.
    """

    proposal: Proposal
    unit_name: str
    lines: tuple[AnswerLine, ...] | None
    effect: Effect | None
    seen: tuple[tuple[str, str], ...]
    acts: frozenset[Act]
    is_own_pay: bool
    sees_pay: bool
    may_decide: tuple[str, ...]
    follows: tuple[str, ...]
    waiting: int | None
    may_return: bool

    @property
    def named(self) -> set[str]:
        """Whose pay is told of by name: the largest single changes."""
        if self.effect is None or not self.sees_pay:
            return set()
        return {each.employee for pay in self.effect.pay for each in pay.largest.values()}


def view_proposal(session: Session, actor: Account, number: int) -> ProposalView:
    """A proposal with its effect from what is stored now. Raises `UnseenError` for one that is not for the actor."""
    proposal = exclusions.find(session, actor, number)
    effect = exclusion_effects.effect_of(session, proposal) if proposal.state is State.PROPOSED else None
    is_proposer = may_propose(session, actor, proposal.unit)
    permissions = actor.permissions | ({Permission.PROPOSE_EXCLUSIONS} if is_proposer else set())
    own_pay = effect is not None and actor.employee is not None and actor.employee in effect.employees
    sees_pay = Permission.READ_PAYOUTS in actor.permissions
    lines = lines_of(session, actor, proposal)
    waiting = exclusions.waiting_return(session, proposal)
    leaves_out = proposal.kind is Kind.EXCLUDE and proposal.state is State.GRANTED
    return ProposalView(
        proposal=proposal,
        unit_name={unit.code: unit.name for unit in load_units(session)}[proposal.unit],
        lines=None if lines is None else tuple(lines),
        effect=effect,
        seen=proposal.seen if sees_pay else tuple(without_pay(proposal.seen)),
        acts=open_acts(proposal, actor.email, permissions, own_pay=own_pay),
        is_own_pay=own_pay,
        sees_pay=sees_pay,
        may_decide=tuple(each.name for each in exclusion_effects.who_may_decide(session, proposal, effect))
        if effect
        else (),
        follows=tuple(exclusion_effects.what_follows(session, _quarters(proposal, effect))),
        waiting=waiting,
        may_return=leaves_out and is_proposer and waiting is None,
    )


def _quarters(proposal: Proposal, effect: Effect | None) -> list[Quarter]:
    touched = [pay.quarter for pay in effect.pay] if effect else []
    return touched or [proposal.quarter]
