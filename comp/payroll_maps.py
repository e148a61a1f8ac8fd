"""How payroll's codes and numbers are found: pay codes, company codes down the unit tree, employees' numbers."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from comp.organisation import Organisation

ELSEWHERE = "-"
"""The company code of those whom another system pays: their rows are left out, counted and added up."""


@dataclass(frozen=True, slots=True)
class CompanyRule:
    """Which company code pays a unit and all below it, a currency, a cost centre; a blank one means any."""

    code: str
    unit: str = ""
    currency: str = ""
    cost_centre: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """What the rule is for. No two rules of one layout are for the same."""
        return self.cost_centre, self.unit, self.currency


@dataclass(frozen=True, slots=True)
class PayrollMaps:
    """One layout's maps: codes by the plans' pay codes, rules for company codes, payroll's numbers by HR's.

    Without any number payroll knows people by HR's; as soon as there is one, everybody needs one.
    """

    pay_codes: Mapping[str, str] = field(default_factory=dict)
    companies: tuple[CompanyRule, ...] = ()
    numbers: Mapping[str, str] = field(default_factory=dict)

    def number(self, employee: str) -> str:
        """The number that payroll knows somebody by; empty where the map lacks it."""
        return self.numbers.get(employee, "") if self.numbers else employee


class Companies:
    """Finds company codes: a rule for the cost centre first, then the nearest unit's, then the currency's."""

    def __init__(self, rules: Sequence[CompanyRule], organisation: Organisation) -> None:
        self._codes = {rule.place: rule.code for rule in rules}
        self._organisation = organisation
        self._found: dict[tuple[str, str, str], str] = {}

    def code(self, unit: str, currency: str, cost_centre: str) -> str:
        """The company code, or an empty text where no rule fits."""
        asked = (cost_centre, unit, currency)
        if asked not in self._found:
            codes = (self._codes[place] for place in self._places(*asked) if place in self._codes)
            self._found[asked] = next(codes, "")
        return self._found[asked]

    def _places(self, cost_centre: str, unit: str, currency: str) -> Iterator[tuple[str, str, str]]:
        way = self._organisation.way_up(unit) if unit in self._organisation else (unit,)
        for centre in dict.fromkeys((cost_centre, "")):
            for place in (*way, ""):
                yield from ((centre, place, each) for each in (currency, ""))
