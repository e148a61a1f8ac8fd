"""Accruals: worked out and kept, taken by finance to be booked, each with its difference from the one before."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.accrual_accounts import ANY, Accounts, Booker
from comp.accrual_band import Range, Spot
from comp.accrual_sheets import Accrual, AccrualLine, Bounds, StoredAccrual
from comp.accruals import Basis, Place, accrued, elapsed
from comp.errors import ChangedError, NotFoundError, Problem, RefusedError
from comp.figures import day_text
from comp.money import is_currency, minor_unit_decimals
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.roles import Account
from comp.services import audit
from comp.services.accrual_costs import Costs, Told, costs_of
from comp.services.exchange import require_sight
from comp.store import accruals, people, settings, units
from comp.store.accruals import Listed, TypedAccounts


def _unheard(_step: int, _done: int, _total: int) -> None:
    """Nobody wants to know."""


def work_out(session: Session, actor: Account, quarter: Quarter, as_of: date, told: Told = _unheard) -> Accrual:
    """What a quarter has accrued at the end of a day, with what is known now. It takes long and writes nothing.

    Raises `RefusedError` for a day before the quarter or before the accrual that was taken last, and where there is
    nothing to calculate from; `UnseenError` for whoever may not see everybody's pay.
    """
    require_sight(actor, quarter)
    days = settings.load_company(session).calendar.span(quarter)
    try:
        share = elapsed(days, as_of)
    except ValueError as error:
        raise RefusedError(str(error)) from None
    before = accruals.find_before(session, quarter)
    if before and as_of < before.as_of:
        raise RefusedError(
            f"The accrual of {day_text(before.as_of)} was taken already. Choose that day or a later one."
        )
    costs = costs_of(session, quarter, told)
    share = elapsed(days, days.last) if costs.basis is Basis.RELEASED else share
    typed = accruals.load_accounts(session).accounts
    booker = Booker(typed, Organisation(units.load_units(session)))
    found = _Places(costs, booker)
    return Accrual(
        quarter=quarter,
        days=days,
        as_of=as_of,
        basis=costs.basis,
        run=costs.run,
        share=share,
        draws=costs.spread.draws,
        people=costs.everybody,
        held=costs.held,
        unpriced=costs.unpriced,
        notes=costs.notes,
        has_companies=bool(typed.companies),
        lines=tuple(found.lines(accrued(found.costs, share))),
        bounds=tuple(_bounds(costs)),
        before=before,
    )


class _Places:
    """The spots of a quarter's costs with the company of each, and its accounts."""

    def __init__(self, costs: Costs, booker: Booker) -> None:
        self._found = costs
        self._booker = booker
        self._spots = {_place(spot, booker): spot for spot in costs.costs}
        self.costs = {place: costs.costs[spot] for place, spot in self._spots.items()}

    def lines(self, minors: dict[Place, int]) -> Iterator[AccrualLine]:
        """A line for each place."""
        for place, spot in sorted(self._spots.items()):
            expected, fixed = _both(self._found, (spot,))
            low, high = _ends(self._found.spread.spots.get(spot), expected, fixed, spot.currency)
            booking = self._booker.booking(place, minors[place])
            yield AccrualLine(booking, expected, low, high, self._found.people[spot])


def _place(spot: Spot, booker: Booker) -> Place:
    return Place(booker.company(spot.unit, spot.cost_centre), spot.currency, spot.cost_centre, spot.unit)


def _both(costs: Costs, spots: Sequence[Spot]) -> tuple[int, int]:
    """What spots cost together, and how much of that no score moves."""
    expected = sum(costs.costs[spot].whole for spot in spots)
    return expected, expected - sum(costs.scored.get(spot, 0) for spot in spots)


def _ends(found: Range | None, expected: int, fixed: int, currency: str) -> tuple[int, int]:
    """A band in minor units, at least so wide that what is expected lies in it."""
    if found is None:
        return expected, expected
    scale = 10 ** minor_unit_decimals(currency)
    low, high = (round(end * scale) + fixed for end in found)
    return min(low, expected), max(high, expected)


def _bounds(costs: Costs) -> Iterator[Bounds]:
    currencies = {spot.currency for spot in costs.costs} | costs.at_risk.keys() | costs.waiting.keys()
    for currency in sorted(currencies):
        expected, fixed = _both(costs, [spot for spot in costs.costs if spot.currency == currency])
        low, high = _ends(costs.spread.currencies.get(currency), expected, fixed, currency)
        worst, best = _ends(costs.spread.extremes.get(currency), expected, fixed, currency)
        at_risk, waiting = costs.at_risk.get(currency, 0), costs.waiting.get(currency, 0)
        yield Bounds(currency, low, high, min(worst, low), max(best, high), at_risk, waiting)


def store(session: Session, actor: Account, accrual: Accrual, now: datetime) -> StoredAccrual:
    """Keep what was worked out; it is booked only once somebody takes it.

    Raises `ChangedError` where another one was taken meanwhile.
    """
    _require_before(session, accrual)
    number = accruals.save_accrual(session, accrual, actor.email, now)
    stored = find(session, actor, accrual.quarter, number)
    audit.note(
        session,
        actor.email,
        now,
        "work out",
        f"accrual {stored.name}",
        as_of=accrual.as_of.isoformat(),
        basis=accrual.basis,
        lines=len(accrual.lines),
        accrued=" ".join(f"{total.accrued} {total.currency}" for total in accrual.totals),
    )
    return stored


def _require_before(session: Session, accrual: Accrual) -> None:
    last = accruals.find_before(session, accrual.quarter)
    if (last.number if last else 0) != (accrual.before.number if accrual.before else 0):
        raise ChangedError(
            "Another accrual of this quarter was taken meanwhile, so that this one states the wrong difference. "
            "Work it out again."
        )


def find(session: Session, actor: Account, quarter: Quarter, number: int) -> StoredAccrual:
    """An accrual by its quarter and number. Raises `NotFoundError` where there is none, or not for the actor."""
    require_sight(actor, quarter)
    days = settings.load_company(session).calendar.span(quarter)
    found = accruals.find_accrual(session, quarter, number, days)
    if found is None:
        raise NotFoundError(f"There is no accrual {number} of {quarter}.")
    return found


def list_of(session: Session, actor: Account, quarter: Quarter) -> list[Listed]:
    """The accruals of a quarter, the newest first."""
    require_sight(actor, quarter)
    return accruals.list_accruals(session, quarter)


def take(session: Session, actor: Account, quarter: Quarter, number: int, now: datetime) -> StoredAccrual:
    """Note that finance books an accrual: the next one of the quarter states its difference from it.

    Raises `RefusedError` where accounts are missing, with their names, or it was taken already; `ChangedError` where
    another one was taken since it was worked out.
    """
    stored = find(session, actor, quarter, number)
    if stored.taken_by is not None:
        raise RefusedError(f"{stored.name} was taken already, by {stored.taken_by}.")
    _require_before(session, stored.accrual)
    if stored.accrual.unmapped:
        problems = (Problem(why) for why in stored.accrual.unmapped)
        raise RefusedError("Type the accounts that are missing, then work it out again.", problems)
    accruals.take(session, stored.id, actor.email, now)
    changes = " ".join(f"{total.change} {total.currency}" for total in stored.accrual.totals)
    audit.note(session, actor.email, now, "take", f"accrual {stored.name}", change=changes)
    return find(session, actor, quarter, number)


@dataclass(frozen=True, slots=True)
class AccountsView:
    """The map of accounts, and what can be mapped."""

    typed: TypedAccounts
    centres: tuple[str, ...]
    units: tuple[str, ...]


def view_accounts(session: Session) -> AccountsView:
    """The map of accounts, with the cost centres and units that there are."""
    codes = tuple(sorted(unit.code for unit in units.load_units(session)))
    return AccountsView(accruals.load_accounts(session), tuple(sorted(people.cost_centres(session))), codes)


def save_accounts(session: Session, actor: Account, accounts: Accounts, seen: str, now: datetime) -> None:
    """Store a map of accounts in place of the one before, which stays in the history.

    Raises `ChangedError` where somebody typed another one since it was seen, and `RefusedError` for keys that there are
    not.
    """
    known = accruals.load_accounts(session)
    if seen != str(known.number):
        raise ChangedError(f"{known.set_by} changed the accounts meanwhile. Look at them, then repeat what you typed.")
    problems = list(_unknown(session, accounts))
    if problems:
        raise RefusedError("The accounts were not stored.", problems)
    document = accruals.save_accounts(session, accounts, actor.email, now)
    sha256 = hashlib.sha256(document.encode()).hexdigest()
    audit.note(session, actor.email, now, "set", "accrual accounts", sha256=sha256)


def _unknown(session: Session, accounts: Accounts) -> Iterator[Problem]:
    places = {*people.cost_centres(session), *(unit.code for unit in units.load_units(session)), ANY}
    for what, pairs in (("expense accounts", accounts.expenses), ("companies", accounts.companies)):
        for key in pairs:
            if key not in places:
                yield Problem("is neither a cost centre nor a unit here", what, value=key)
    companies = set(accounts.companies.values())
    for key in accounts.liabilities:
        company, _, currency = key.rpartition(" ")
        is_company = (company or key) in companies
        if not (key == ANY or is_currency(key) or (is_company and (not company or is_currency(currency)))):
            yield Problem("is neither a currency, a company nor both", "liability accounts", value=key)
