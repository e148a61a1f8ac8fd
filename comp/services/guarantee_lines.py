"""What guarantees add to a quarter's pay, and what draws take back of it."""

from collections.abc import Callable, Iterator, Sequence

from sqlmodel import Session

from comp.figures import money_text
from comp.guarantees import Promise, Settled, balance_after, settle_guarantee
from comp.money import Money
from comp.periods import Quarter, Span
from comp.results import StoredRun
from comp.settlement import Additions, Key, LineKind, SettledLine, Settlement
from comp.store import guarantees, quarters, runs, settings
from comp.store.guarantees import StoredGuarantee
from comp.workflow import PAID

Before = Callable[[StoredRun, Sequence[str]], Settlement]
"""What a run pays some employees before guarantees are looked at."""


def lines(session: Session, run: StoredRun, settlement: Settlement, before: Before) -> Additions:
    """What guarantees and draws add to a settlement, of the people in it whom a plan pays."""
    employees = {each.employee for each in settlement.settled}
    in_force = [each for each in guarantees.load_guarantees(session, employees) if each.is_in_force]
    if not in_force:
        return {}
    calendar = settings.load_company(session).calendar
    earned = {each.key: each.payable for each in settlement.settled}
    added: dict[Key, list[SettledLine]] = {}
    for stored in in_force:
        key = Key(stored.employee, stored.guarantee.amount.currency)
        if key in earned:
            balance = _balance(session, stored, run.quarter, before)
            done = settle_guarantee(stored.guarantee, calendar.span(run.quarter), earned[key], balance)
            added.setdefault(key, []).extend(_lines(run.quarter, calendar.span(run.quarter), stored, done))
    return added


def _balance(session: Session, stored: StoredGuarantee, quarter: Quarter, before: Before) -> Money:
    """What a draw is ahead when a quarter begins: made of the quarters before it that were paid."""
    if stored.guarantee.promise is Promise.MINIMUM:
        return Money(0, stored.guarantee.amount.currency)
    return balance_after(stored.guarantee, _earlier(session, stored, quarter, before))


def _earlier(
    session: Session, stored: StoredGuarantee, quarter: Quarter, before: Before
) -> Iterator[tuple[Span, Money]]:
    """The paid quarters since a draw began, each with what was earned in it."""
    calendar = settings.load_company(session).calendar
    first = calendar.quarter_of(stored.guarantee.days.start)
    lives = sorted(quarters.load_lives(session).items())
    for each in (each for each, (state, _) in lives if first <= each < quarter and state in PAID):
        run = runs.find_run(session, each)
        if run:
            settled = before(run, [stored.employee]).settled
            currency = stored.guarantee.amount.currency
            earned = sum(one.payable.minor for one in settled if one.currency == currency)
            yield calendar.span(each), Money(earned, currency)


def balance(session: Session, stored: StoredGuarantee, before: Before) -> Money:
    """What a draw is ahead after everything that was paid."""
    last = max(quarters.load_lives(session), default=None)
    return _balance(session, stored, last.plus(1), before) if last else Money(0, stored.guarantee.amount.currency)


def _lines(quarter: Quarter, days: Span, stored: StoredGuarantee, done: Settled) -> Iterator[SettledLine]:
    guarantee, source = stored.guarantee, f"guarantee {stored.id}"
    promised = money_text(guarantee.of(days))
    if guarantee.promise is Promise.MINIMUM:
        yield SettledLine(LineKind.GUARANTEE, done.added, quarter, f"You are guaranteed {promised} here.", source)
        return
    told = f"Your draw is {promised} here; {money_text(done.balance)} of it is ahead of what you earned so far."
    yield SettledLine(LineKind.GUARANTEE, done.added, quarter, told, source)
    taken = f"Given back of your draw; {money_text(done.balance)} is left."
    yield SettledLine(LineKind.RECOVERY, Money(-done.recovered.minor, done.recovered.currency), quarter, taken, source)
