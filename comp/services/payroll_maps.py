"""The maps by which payroll's codes and numbers are found: what there is to map, and saving what was mapped."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlmodel import Session

from comp.errors import ChangedError, Problem, RefusedError
from comp.facts import Unit
from comp.money import is_currency
from comp.payroll_layouts import Layout
from comp.payroll_maps import CompanyRule, PayrollMaps
from comp.services import audit
from comp.store import payroll, people, plans, units

Key = TypeVar("Key")
LONGEST = 60
"""How long a code or number may be; what a system takes of it is the layout's to say."""


@dataclass(frozen=True, slots=True)
class MapsView:
    """A layout's maps, with what there is to map and a fingerprint of each map as it was seen."""

    maps: PayrollMaps
    pay_codes: tuple[str, ...]
    units: tuple[Unit, ...]
    seen_pay_codes: str
    seen_companies: str
    seen_numbers: str


def view_maps(session: Session, layout: Layout) -> MapsView:
    """A layout's maps. Every pay code of a plan has its place, mapped or not."""
    maps = payroll.load_maps(session, layout.maps_of)
    of_plans = {version.plan.pay_code for version in plans.load_versions(session)}
    return MapsView(
        maps=maps,
        pay_codes=tuple(sorted(of_plans | set(maps.pay_codes))),
        units=units.load_units(session),
        seen_pay_codes=_seen_pay_codes(maps),
        seen_companies=_seen_companies(maps),
        seen_numbers=_seen_numbers(maps),
    )


def _seen_pay_codes(maps: PayrollMaps) -> str:
    return payroll.fingerprint(sorted(maps.pay_codes.items()))


def _seen_companies(maps: PayrollMaps) -> str:
    return payroll.fingerprint(sorted((rule.place, rule.code) for rule in maps.companies))


def _seen_numbers(maps: PayrollMaps) -> str:
    return payroll.fingerprint(sorted(maps.numbers.items()))


def save_pay_codes(
    session: Session, layout: Layout, codes: Mapping[str, str], seen: str | None, by: str, now: datetime
) -> PayrollMaps:
    """Store which code each pay code has; a blank one has none. Raises `ChangedError` where it was changed since."""
    stated = {pay_code: code.strip() for pay_code, code in codes.items() if code.strip()}
    _require_sound((f"pay code {pay_code}", code) for pay_code, code in stated.items())
    before = _require_seen(session, layout, seen, _seen_pay_codes)
    payroll.save_pay_codes(session, layout.maps_of, stated)
    return _noted(session, layout, "pay codes", _differing(before.pay_codes, stated), by, now)


def save_companies(
    session: Session, layout: Layout, rules: Iterable[CompanyRule], seen: str | None, by: str, now: datetime
) -> PayrollMaps:
    """Store the rules for company codes. Raises `RefusedError` for two rules of one place and for unknown units."""
    stated = sorted(rules, key=lambda rule: rule.place)
    _require_sound((_place(rule), rule.code) for rule in stated)
    problems = [*_unknown(session, stated), *_repeated(stated)]
    if problems:
        raise RefusedError("The company codes were not stored.", problems)
    before = _require_seen(session, layout, seen, _seen_companies)
    payroll.save_companies(session, layout.maps_of, stated)
    changed = _differing({rule.place: rule.code for rule in before.companies}, {r.place: r.code for r in stated})
    return _noted(session, layout, "company codes", changed, by, now)


def save_numbers(
    session: Session, layout: Layout, numbers: Mapping[str, str], seen: str | None, by: str, now: datetime
) -> PayrollMaps:
    """Store payroll's numbers in place of all that there were; none means that payroll knows people by HR's.

    Raises `RefusedError` for employees whom nobody knows.
    """
    _require_sound((f"employee {employee}", number) for employee, number in numbers.items())
    known = people.employees(session)
    unknown = [Problem("is no employee here", "employee", value=each) for each in sorted(set(numbers) - known)]
    if unknown:
        raise RefusedError("The numbers were not stored: some are of people who are not here.", unknown)
    before = _require_seen(session, layout, seen, _seen_numbers)
    payroll.save_numbers(session, layout.maps_of, numbers)
    return _noted(session, layout, "employee numbers", _differing(before.numbers, numbers), by, now)


def _require_sound(codes: Iterable[tuple[str, str]]) -> None:
    problems = [Problem(why, where, value=code) for where, code in codes if (why := _fault(code))]
    if problems:
        raise RefusedError("Nothing was stored.", problems)


def _fault(code: str) -> str:
    if not code.strip():
        return "has no code"
    if len(code) > LONGEST:
        return f"is longer than {LONGEST} characters"
    return "" if code.isprintable() else "has a control character in it"


def _place(rule: CompanyRule) -> str:
    parts = [f"cost centre {rule.cost_centre}"] if rule.cost_centre else []
    parts += [f"unit {rule.unit}"] if rule.unit else []
    parts += [rule.currency] if rule.currency else []
    return ", ".join(parts) or "everybody"


def _unknown(session: Session, rules: Iterable[CompanyRule]) -> list[Problem]:
    known = {unit.code for unit in units.load_units(session)} | {""}
    found = [Problem("is no unit", _place(rule), value=rule.unit) for rule in rules if rule.unit not in known]
    wrong = (rule for rule in rules if rule.currency and not is_currency(rule.currency))
    return [*found, *(Problem("is not an ISO 4217 currency", _place(rule), value=rule.currency) for rule in wrong)]


def _repeated(rules: Iterable[CompanyRule]) -> list[Problem]:
    places = Counter(_place(rule) for rule in rules)
    return [Problem("has two company codes; keep one", place) for place, count in places.items() if count > 1]


def _require_seen(
    session: Session, layout: Layout, seen: str | None, fingerprint: Callable[[PayrollMaps], str]
) -> PayrollMaps:
    maps = payroll.load_maps(session, layout.maps_of)
    if seen is not None and fingerprint(maps) != seen:
        raise ChangedError(
            f"Somebody has changed the maps of {layout.name} since you loaded them. Nothing was stored: load them "
            "again."
        )
    return maps


def _differing(before: Mapping[Key, str], after: Mapping[Key, str]) -> int:
    """How many codes are new, changed or gone."""
    return sum(before.get(key) != after.get(key) for key in {*before, *after})


def _noted(session: Session, layout: Layout, what: str, changed: int, by: str, now: datetime) -> PayrollMaps:
    """Note that a map was saved; what is in it by hash alone, as it names people."""
    maps = payroll.load_maps(session, layout.maps_of)
    sha256 = {
        "pay codes": _seen_pay_codes,
        "company codes": _seen_companies,
        "employee numbers": _seen_numbers,
    }[what](maps)
    about = f"{what} of payroll layout {layout.maps_of}"
    audit.note(session, by, now, "map", about, changed=changed, sha256=sha256)
    return maps
