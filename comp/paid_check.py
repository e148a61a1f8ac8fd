"""Whether payroll paid what a batch says: figures typed back, or a list of paid amounts, held against it."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from comp.money import Money


class PaidAmount(NamedTuple):
    """A row of payroll's list: what somebody was paid, under a pay code where the list names them."""

    employee: str
    pay_code: str | None
    amount: Money


class Stated(NamedTuple):
    """What payroll types back for one currency: how many people were paid, and how much in all."""

    people: int
    amount: Money


class DifferenceKind(StrEnum):
    """In which way a payment differs from the batch."""

    MISSING = "missing"
    EXTRA = "extra"
    OTHER_AMOUNT = "other amount"


class PaidKey(NamedTuple):
    """Whose payment in which currency, under which pay code; None where the list names no pay codes."""

    employee: str
    currency: str
    pay_code: str | None


class Difference(NamedTuple):
    """A payment that is not as the batch says; None is not there."""

    key: PaidKey
    kind: DifferenceKind
    expected: Money | None
    paid: Money | None


class AnswerKind(StrEnum):
    """What became of a difference. One that is outstanding keeps a quarter from being closed."""

    EXPLAINED = "explained"
    CORRECTED = "put right by a correction"
    OUTSTANDING = "outstanding"


def expected_totals(lines: Iterable[PaidAmount]) -> dict[str, Stated]:
    """What payroll should count in each currency: people with an amount, and the amounts together."""
    people: dict[str, set[str]] = {}
    minor: dict[str, int] = {}
    for key, amount in _added(lines, by_pay_code=False).items():
        people.setdefault(key.currency, set()).update({key.employee} if amount.minor else ())
        minor[key.currency] = minor.get(key.currency, 0) + amount.minor
    return {each: Stated(len(people[each]), Money(minor[each], each)) for each in sorted(people)}


def mismatches(stated: Mapping[str, Stated], expected: Mapping[str, Stated]) -> list[str]:
    """The currencies for which what was typed is not what the batch holds; never by how much."""
    return sorted(each for each in {*stated, *expected} if stated.get(each) != expected.get(each))


def differences(lines: Iterable[PaidAmount], paid: Sequence[PaidAmount]) -> list[Difference]:
    """Every payment that is not as the batch's lines say, by person. A payment of 0 is as good as none."""
    by_pay_code = any(each.pay_code is not None for each in paid)
    expected, found = _added(lines, by_pay_code=by_pay_code), _added(paid, by_pay_code=by_pay_code)
    keys = sorted({*expected, *found}, key=lambda key: (key.employee, key.currency, key.pay_code or ""))
    compared = (_difference(key, expected.get(key), found.get(key)) for key in keys)
    return [each for each in compared if each is not None]


def _added(amounts: Iterable[PaidAmount], *, by_pay_code: bool) -> dict[PaidKey, Money]:
    found: dict[PaidKey, Money] = {}
    for each in amounts:
        key = PaidKey(each.employee, each.amount.currency, (each.pay_code or "") if by_pay_code else None)
        before = found.get(key)
        found[key] = Money(each.amount.minor + (before.minor if before else 0), each.amount.currency)
    return found


def _difference(key: PaidKey, expected: Money | None, paid: Money | None) -> Difference | None:
    wanted, got = (money if money and money.minor else None for money in (expected, paid))
    if wanted == got:
        return None
    if got is None:
        return Difference(key, DifferenceKind.MISSING, wanted, None)
    if wanted is None:
        return Difference(key, DifferenceKind.EXTRA, None, got)
    return Difference(key, DifferenceKind.OTHER_AMOUNT, wanted, got)
