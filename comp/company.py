"""The settings of a company: what pay depends on, and how long what customers wrote is kept."""

from dataclasses import dataclass, field
from fractions import Fraction
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from comp.corrections import USUAL, Policy
from comp.documents import Fields, whole_number
from comp.figures import exact_text
from comp.money import is_currency, minor_unit_decimals
from comp.periods import FiscalCalendar

Document = dict[str, object]
_CLIFF = Fraction(1, 10)
_QUERY_DAYS, _MOST_QUERY_DAYS = 5, 60
_FOR_GOOD = "for good"
_LONGEST_KEPT = 1200


@dataclass(frozen=True, slots=True)
class Company:
    """The fiscal calendar, coarser rounding steps by currency (in main units), and the zone in which days begin.

    `cliff` is the share of the target from which on a jump of pay at one score is told to a plan's author.
    `query_days` is how many working days the owner of a query has to answer it; `comments_kept` for how many months
    customers' comments are kept, for good where it is None. `overpaid` is what is done as a rule about what a
    correction finds to be paid too much.
    """

    calendar: FiscalCalendar = field(default_factory=FiscalCalendar)
    round_to: tuple[tuple[str, Fraction], ...] = ()
    time_zone: str = "UTC"
    cliff: Fraction = _CLIFF
    query_days: int = _QUERY_DAYS
    comments_kept: int | None = None
    overpaid: Policy = Policy.RECOVER

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which a moment becomes a day."""
        return ZoneInfo(self.time_zone)


def read_company(fields: Fields) -> Company:
    """The settings that a document states; what it leaves out has its usual value."""
    calendar = FiscalCalendar(
        fields.value("fiscal_year_starts", _month, 1, default=1),
        "end" if fields.choice("fiscal_year_named_for", ["start", "end"], default="start") == "end" else "start",
    )
    steps = fields.inner("round_to")
    round_to = tuple((currency, _step(steps, currency)) for currency, _ in steps.entries())
    company = Company(
        calendar,
        round_to,
        fields.value("time_zone", _zone, "UTC", default="UTC"),
        fields.percent("cliff", default=_CLIFF),
        fields.value("query_days", _working_days, _QUERY_DAYS, default=_QUERY_DAYS),
        fields.optional("comments_kept", _months),
        Policy(fields.choice("overpaid", [*USUAL], default=Policy.RECOVER)),
    )
    fields.finish()
    return company


def write_company(company: Company) -> Document:
    """The document of a company's settings."""
    return {
        "fiscal_year_starts": str(company.calendar.first_month),
        "fiscal_year_named_for": company.calendar.named_for,
        "round_to": {currency: exact_text(step) for currency, step in company.round_to},
        "time_zone": company.time_zone,
        "cliff": f"{exact_text(company.cliff * 100)}%",
        "query_days": str(company.query_days),
        "comments_kept": _FOR_GOOD if company.comments_kept is None else str(company.comments_kept),
        "overpaid": str(company.overpaid),
    }


def _month(text: str) -> int:
    month = whole_number(text)
    FiscalCalendar(month)
    return month


def _working_days(text: str) -> int:
    days = whole_number(text)
    if not 1 <= days <= _MOST_QUERY_DAYS:
        raise ValueError(f"should be from 1 to {_MOST_QUERY_DAYS} working days")
    return days


def _months(text: str) -> int | None:
    if text == _FOR_GOOD:
        return None
    months = whole_number(text)
    if not 1 <= months <= _LONGEST_KEPT:
        raise ValueError(f"{text} is no number of months from 1 to {_LONGEST_KEPT}; write {_FOR_GOOD} to keep all")
    return months


def _step(fields: Fields, currency: str) -> Fraction:
    step = fields.number(currency)
    if not is_currency(currency):
        fields.problem("is not an ISO 4217 currency", currency)
    elif step <= 0 or (step * 10 ** minor_unit_decimals(currency)).denominator != 1:
        fields.problem("should be a multiple of the currency's minor unit", currency, step)
    return step


def _zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{text!r} is not a time zone; write one like Europe/Lisbon") from None
    return text
