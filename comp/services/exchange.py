"""The group currency, the rates of quarters, and totals in the group currency. Nothing is paid by them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.errors import ChangedError, Problem, RefusedError, UnseenError
from comp.exchange import GroupTotal, Rate, in_group
from comp.exchange_checks import doubts
from comp.figures import exact_text
from comp.money import Money, is_currency
from comp.periods import Quarter
from comp.roles import Account, Permission
from comp.services import audit
from comp.store import exchange, people, run_totals, runs, settings
from comp.store.exchange import SetRate


@dataclass(frozen=True, slots=True)
class RatesView:
    """The rates of a quarter. `paid` are the currencies that need one; `seen` names the state of what is shown."""

    quarter: Quarter
    group_currency: str
    rates: dict[str, SetRate]
    paid: tuple[str, ...]
    history: tuple[SetRate, ...]
    seen: str

    @property
    def missing(self) -> tuple[str, ...]:
        """The paid currencies whose rate nobody has set."""
        return tuple(each for each in self.paid if each not in self.rates)


def view(session: Session, actor: Account, quarter: Quarter) -> RatesView:
    """The rates of a quarter, with those that are missing. Raises `UnseenError` for who may not see everybody's pay."""
    require_sight(actor, quarter)
    group = exchange.find_group_currency(session)
    rates = exchange.load_rates(session, quarter, group)
    run = runs.find_run(session, quarter)
    days = settings.load_company(session).calendar.span(quarter)
    paid = {*people.currencies(session, days), *(run_totals.earned_totals(session, run.id) if run else ())} - {group}
    history = tuple(reversed(exchange.load_history(session, quarter)))
    return RatesView(quarter, group, rates, tuple(sorted(paid)), history, _seen(session, quarter, group))


def require_sight(actor: Account, quarter: Quarter) -> None:
    """Raise `UnseenError` for whoever may not see everybody's pay."""
    if Permission.READ_PAYOUTS not in actor.permissions:
        raise UnseenError(f"What {quarter} costs is not for you to see.", "run", str(quarter))


def _seen(session: Session, quarter: Quarter, group: str) -> str:
    return f"{quarter} {exchange.last_number(session, quarter)} {group}"


def set_group_currency(session: Session, actor: Account, currency: str, now: datetime) -> None:
    """Let totals be added up in a currency. Rates that were set in another one no longer count.

    Raises `RefusedError` for what is no currency.
    """
    if not is_currency(currency):
        raise RefusedError(f"{currency!r} is not an ISO 4217 currency such as EUR.")
    if currency != exchange.find_group_currency(session):
        exchange.save_group_currency(session, currency, actor.email, now)
        audit.note(session, actor.email, now, "set", "rates group", currency=currency)


@dataclass(frozen=True, slots=True)
class Typed:
    """Rates that somebody typed, the state of what they saw, and whether they looked twice at what is doubtful."""

    rates: Sequence[Rate]
    seen: str
    is_sure: bool = False


class DoubtfulError(RefusedError):
    """Rates that are stored only once somebody says that they are meant."""


def set_rates(session: Session, actor: Account, quarter: Quarter, typed: Typed, now: datetime) -> int:
    """Store those rates of a quarter that are new or changed; gives how many.

    Raises `ChangedError` where others were set since, `DoubtfulError` where a rate looks wrong and nobody said that it
    is meant, and `RefusedError` without a group currency or for a rate of it.
    """
    group = exchange.find_group_currency(session)
    if not group:
        raise RefusedError("Set the group currency first: a rate says what a currency is worth in it.")
    if any(rate.currency == group for rate in typed.rates):
        raise RefusedError(f"{group} is the group currency: it needs no rate.")
    known = {code: each.rate for code, each in exchange.load_rates(session, quarter, group).items()}
    if typed.seen != _seen(session, quarter, group):
        raise ChangedError(
            f"Rates of {quarter} were set meanwhile: {_told(known.values())}. Look at them, then repeat."
        )
    changed = [rate for rate in typed.rates if known.get(rate.currency) != rate]
    before = {code: each.rate for code, each in exchange.load_rates(session, quarter.plus(-1), group).items()}
    found = list(doubts(changed, group, before))
    if found and not typed.is_sure:
        why = "Nothing is stored yet: look again at what is below, and say so where it is meant."
        raise DoubtfulError(why, (Problem(doubt) for doubt in found))
    for rate in changed:
        exchange.save_rate(session, quarter, rate, group, actor.email, now)
        audit.note(
            session,
            actor.email,
            now,
            "set",
            f"rates {quarter}",
            currency=rate.currency,
            rate=exact_text(rate.rate),
            group=group,
        )
    return len(changed)


def _told(rates: Iterable[Rate]) -> str:
    return ", ".join(f"{rate.currency} {exact_text(rate.rate)}" for rate in rates) or "there are none any more"


def group_total(session: Session, quarter: Quarter, totals: Iterable[Money]) -> GroupTotal | None:
    """Totals in the group currency at the quarter's rates; None where there is none, or nothing to convert."""
    group = exchange.find_group_currency(session)
    if not group:
        return None
    rates = {code: each.rate for code, each in exchange.load_rates(session, quarter, group).items()}
    found = in_group(quarter, group, rates, totals)
    return found if found.says_more else None
