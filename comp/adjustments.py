"""Adjustments of pay: within which limits they are proposed, how they end, and who decides about them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from comp.money import Money, paid
from comp.periods import Quarter


class State(StrEnum):
    """Where an adjustment stands. Only an approved one is paid."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    TAKEN_BACK = "taken back"


class Act(StrEnum):
    """What ends a proposal."""

    APPROVE = "approve"
    REFUSE = "refuse"
    TAKE_BACK = "take back"


ENDS: Mapping[Act, State] = {
    Act.APPROVE: State.APPROVED,
    Act.REFUSE: State.REFUSED,
    Act.TAKE_BACK: State.TAKEN_BACK,
}
"""What each act makes of a proposal."""

REASONS = ("Exceptional service", "Extra role", "Data known to be wrong", "Other")
"""The reasons that a company starts with; HR may keep a list of its own."""


class PersonLimit(NamedTuple):
    """How much one person's adjustments may come to, up or down: a share of what was earned, and an amount.

    Both hold where both are set; None of one sets no such limit.
    """

    percent: Fraction | None = None
    amount: Money | None = None


class Team(NamedTuple):
    """The people who answer to one manager, and are paid in one currency. Without a manager it is any other team."""

    manager: str
    currency: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What managers may propose in a quarter: by currency for a person, by team for all raises together.

    `quarter` is the one that they were set for, None where they never were. A currency that has no limit set for a
    person has no room at all: what nobody decided is not open.
    """

    quarter: Quarter | None = None
    people: Mapping[str, PersonLimit] = field(default_factory=dict)
    budgets: Mapping[Team, Money] = field(default_factory=dict)

    def budget(self, team: Team) -> Money | None:
        """What the raises of a team may come to together; None where that is not limited."""
        return self.budgets.get(team) or self.budgets.get(Team("", team.currency))


class Asked(NamedTuple):
    """What somebody proposes, and what there is already.

    `others` is what the person's other adjustments come to, `raised` what the raises of the team do; both count what is
    proposed and what is approved.
    """

    amount: Money
    earned: Money
    others: Money
    raised: Money
    team: Team


def amount_of(percent: Fraction, earned: Money) -> Money:
    """What a percentage of an amount that was earned comes to, rounded half up to the minor unit."""
    exact = earned.amount * percent
    return paid(exact.numerator, exact.denominator, earned.currency)


def beyond(limits: Limits, asked: Asked) -> tuple[str, ...]:
    """What of a proposal is beyond the limits, in sentences; nothing where it is within them."""
    return tuple(_beyond(limits, asked))


def _beyond(limits: Limits, asked: Asked) -> Iterator[str]:
    currency = asked.amount.currency
    limit = limits.people.get(currency)
    if limit is None:
        yield f"HR has set no limits for adjustments in {currency}."
        return
    together = Money(abs(asked.others.minor + asked.amount.minor), currency)
    if limit.amount is not None and together > limit.amount:
        yield f"A person's adjustments may come to {limit.amount} {currency}; these come to {together}."
    share = None if limit.percent is None else amount_of(limit.percent, _size(asked.earned))
    if share is not None and together > share:
        yield f"A person's adjustments may come to {share} {currency}, a share of what was earned; these to {together}."
    budget = limits.budget(asked.team)
    raised = Money(asked.raised.minor + max(0, asked.amount.minor), currency)
    if budget is not None and asked.amount.minor > 0 and raised > budget:
        yield f"The team may be raised by {budget} {currency} together; with this it is {raised}."


def _size(amount: Money) -> Money:
    return Money(abs(amount.minor), amount.currency)


@dataclass(frozen=True, slots=True)
class End:
    """How a proposal ended: by whom, when and with which words."""

    act: Act
    by: str
    at: datetime
    words: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An amount that somebody proposed to add to a person's pay for a quarter, or with a minus to take off.

    `team` is the person's manager then, `proposed_as` the proposer's own employee number, `run` the run that they
    looked at. One that is `beyond` the limits is decided by an approver.
    """

    id: int
    quarter: Quarter
    employee: str
    amount: Money
    percent: Fraction | None
    reason: str
    words: str
    beyond: bool
    team: str
    run: str
    proposed_by: str
    proposed_as: str | None
    proposed_at: datetime
    end: End | None = None

    @property
    def state(self) -> State:
        """Where it stands."""
        return ENDS[self.end.act] if self.end else State.PROPOSED

    @property
    def counts(self) -> bool:
        """Whether it takes room within the limits: while it is undecided, and once it is approved."""
        return self.state in {State.PROPOSED, State.APPROVED}


class Decider(NamedTuple):
    """Somebody who would end a proposal; `employee` is their own number, where they have one."""

    email: str
    employee: str | None
    is_hr: bool
    is_approver: bool


def stands_against(act: Act, adjustment: Adjustment, by: Decider, above: Sequence[str]) -> str:
    """What stands against ending a proposal, in words; empty where nothing does.

    `above` are the managers above the person, from the nearest one up.
    """
    if adjustment.end:
        return f"It was {adjustment.state} by {adjustment.end.by} already."
    if act is Act.TAKE_BACK:
        return "" if by.email == adjustment.proposed_by else "Only who proposed it takes it back."
    if by.email == adjustment.proposed_by or (by.employee and by.employee == adjustment.proposed_as):
        return "You proposed it: somebody else decides."
    if by.employee == adjustment.employee:
        return "It is your own pay: somebody else decides."
    if adjustment.beyond:
        return "" if by.is_approver else "It is beyond the limits: an approver decides."
    is_above = by.employee in _above_the_proposer(adjustment, above)
    return "" if by.is_hr or is_above else "A manager above the one who proposed it decides, or HR."


def _above_the_proposer(adjustment: Adjustment, above: Sequence[str]) -> Sequence[str]:
    if adjustment.proposed_as in above:
        return above[above.index(adjustment.proposed_as) + 1 :]
    return above


def raised(adjustments: Sequence[Adjustment], team: Team) -> Money:
    """What the raises of a team come to, proposed and approved. What is taken off somebody gives others no room."""
    ours = (each for each in adjustments if each.counts and (each.team, each.amount.currency) == team)
    return Money(sum(max(0, each.amount.minor) for each in ours), team.currency)


def sum_of(adjustments: Sequence[Adjustment], employee: str, currency: str) -> Money:
    """What a person's adjustments in one currency come to, proposed and approved."""
    theirs = (each.amount for each in adjustments if each.counts and each.employee == employee)
    return Money(sum(amount.minor for amount in theirs if amount.currency == currency), currency)
