"""What approved corrections add to a quarter's settlement: amounts owed, and what is set against pay and carried on."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from sqlmodel import Session

from comp.correction_records import Approved
from comp.correction_words import recovered
from comp.corrections import Claim, Policy, set_against
from comp.money import Money
from comp.periods import Quarter
from comp.results import StoredRun
from comp.settlement import Key, LineKind, SettledLine, Settlement
from comp.store import corrections, quarters, runs
from comp.store.runs import Whose

SettleOwn = Callable[[Session, StoredRun, Whose], Settlement]
"""What a run comes to for its own quarter."""

Lines = dict[Key, list[SettledLine]]
_FEW = 10_000


def correction_lines(
    session: Session, run: StoredRun, settlement: Settlement, whose: Whose, settle_own: SettleOwn
) -> tuple[Lines, dict[str, str]]:
    """The lines that corrections add to a settlement, and the names of those whom they pay."""
    owed = corrections.load_approved(session, pays_with=run.quarter, is_claim=False, whose=whose)
    claims = [
        each for each in corrections.load_approved(session, is_claim=True, whose=whose) if each.pays_with <= run.quarter
    ]
    lines = _owed_lines(owed)
    if claims:
        now = Turn(run.quarter, _payables(settlement, lines))
        turns = [*_turns(session, claims, quarters_before(session, run.quarter), settle_own), now]
        for each in recoveries(claims, turns):
            if run.quarter in each.parts:
                lines.setdefault(each.claim.line.delta.key, []).append(_recovery_line(each, run.quarter))
    return lines, {each.line.delta.employee: each.line.delta.name for each in (*owed, *claims)}


def _owed_lines(owed: Iterable[Approved]) -> Lines:
    lines: Lines = {}
    for each in owed:
        source = f"correction {each.line.correction}"
        amount = each.line.delta.amount
        paid = Money(0, amount.currency) if each.line.policy is Policy.WRITE_OFF else amount
        line = SettledLine(LineKind.CORRECTION, paid, each.quarter, each.line.about, source)
        lines.setdefault(each.line.delta.key, []).append(line)
    return lines


def quarters_before(session: Session, quarter: Quarter) -> list[Quarter]:
    """The quarters that were approved before one was, or all that are where it is not, in the order of approval.

    In that order claims are set against pay: so no later approval changes what an earlier one was of.
    """
    approved = quarters.approval_order(session)
    return approved[: approved.index(quarter)] if quarter in approved else approved


class Turn(NamedTuple):
    """What a quarter pays some people before anything is set against it, in minor units."""

    quarter: Quarter
    payables: Mapping[Key, int]


def _turns(
    session: Session, claims: Sequence[Approved], earlier: Iterable[Quarter], settle_own: SettleOwn
) -> list[Turn]:
    first = min(claim.pays_with for claim in claims)
    employees = sorted({claim.line.delta.employee for claim in claims})
    whose = employees if len(employees) < _FEW else None
    return [_turn(session, quarter, whose, settle_own) for quarter in earlier if quarter >= first]


def _turn(session: Session, quarter: Quarter, whose: Collection[str] | None, settle_own: SettleOwn) -> Turn:
    run = runs.find_run(session, quarter)
    owed = _owed_lines(corrections.load_approved(session, pays_with=quarter, is_claim=False, whose=whose))
    return Turn(quarter, _payables(settle_own(session, run, whose), owed) if run else {})


class Recovery(NamedTuple):
    """A claim, and how much of it was set against what each quarter pays, in minor units."""

    claim: Approved
    parts: Mapping[Quarter, int]

    @property
    def rest(self) -> Money:
        """What is left of it after all of these quarters."""
        amount = self.claim.line.delta.amount
        return Money(-amount.minor - sum(self.parts.values()), amount.currency)


def recoveries(claims: Iterable[Approved], turns: Sequence[Turn]) -> list[Recovery]:
    """What the quarters, in order, recover of each claim."""
    by_key: dict[Key, list[Approved]] = {}
    for each in claims:
        by_key.setdefault(each.line.delta.key, []).append(each)
    return [recovery for key, own in by_key.items() for recovery in _of_one(key, own, turns)]


def _of_one(key: Key, own: Sequence[Approved], turns: Iterable[Turn]) -> Iterator[Recovery]:
    claims = [Claim(each.line.correction, each.pays_with, -each.line.delta.amount.minor) for each in own]
    taken = set_against(claims, [(turn.quarter, turn.payables.get(key, 0)) for turn in turns])
    for each in own:
        parts = {quarter: by[each.line.correction] for quarter, by in taken.items() if each.line.correction in by}
        yield Recovery(each, parts)


def _recovery_line(each: Recovery, quarter: Quarter) -> SettledLine:
    claim = each.claim
    since, currency = claim.pays_with, claim.line.delta.amount.currency
    part = Money(-each.parts[quarter], currency)
    about = recovered(claim.line.about, part, each.rest, since, quarter)
    kind = LineKind.CORRECTION if since == quarter else LineKind.CARRIED
    return SettledLine(kind, part, claim.quarter, about, f"correction {claim.line.correction}")


def all_recoveries(session: Session, settle_own: SettleOwn, whose: Whose = None) -> list[Recovery]:
    """Every claim with what the quarters that are approved or paid recover of it."""
    claims = corrections.load_approved(session, is_claim=True, whose=whose)
    turns = _turns(session, claims, quarters.approval_order(session), settle_own) if claims else []
    return recoveries(claims, turns)


def _payables(settlement: Settlement, owed: Lines) -> dict[Key, int]:
    payables = {each.key: each.payable.minor for each in settlement.settled}
    for key, lines in owed.items():
        payables[key] = payables.get(key, 0) + sum(line.amount.minor for line in lines)
    return payables
