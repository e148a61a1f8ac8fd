"""What a manager and HR say in a review: adjustments, words, which rows, and the limits."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from comp.adjustments import Limits, PersonLimit, Team
from comp.errors import RefusedError
from comp.figures import exact_text
from comp.money import Money, exact, is_currency, minor_unit_decimals, whole_minor_units
from comp.services.adjusting import Wish
from web.forms.numbers import DecimalField, PercentField, read_number
from web.forms.plans import SeenField
from web.locales import NumberFormat, readers

_LONGEST = 2_000
_AT_MOST = Length(max=_LONGEST, message=f"At most {_LONGEST:,} characters.")
_OTHERS = 3
"""How many empty lines for teams with a budget of their own a form has."""


def money_of(plain: str, currency: str) -> Money:
    """The money that a plain decimal text names. Raises `RefusedError` for a finer amount than is paid."""
    minor = whole_minor_units(exact(plain), currency)
    if minor is None:
        raise RefusedError(f"{currency} is paid in {minor_unit_decimals(currency)} decimals; {plain} has more.")
    return Money(minor, currency)


def read_change(typed: str, numbers: NumberFormat) -> str:
    """The plain text of a percentage of either sign, typed with or without its `%`. Raises `ValueError`."""
    return read_number(typed.strip().removesuffix("%").rstrip(), numbers)


class ChangeField(DecimalField):
    """A percentage that is added, or with a minus taken off."""

    reads = staticmethod(read_change)


class AdjustForm(FlaskForm):
    """A proposal to change somebody's pay."""

    seen = SeenField()
    employee = SeenField()
    currency = SelectField("Currency", validate_choice=False)
    amount = DecimalField("Amount")
    percent = ChangeField("Or percent of what was earned")
    reason = SelectField("Reason", validate_choice=False)
    words = TextAreaField("In your words", [DataRequired("Say why: whoever decides reads it."), _AT_MOST])

    def wish(self) -> Wish:
        """What was typed. Only for a form that validated. Raises `RefusedError` for an amount that cannot be paid."""
        currency, amount, percent = self.currency.data or "", self.amount.data or "", self.percent.data or ""
        if not is_currency(currency):
            raise RefusedError("Choose the currency in which the person is paid.")
        return Wish(
            employee=self.employee.data or "",
            currency=currency,
            amount=money_of(amount, currency) if amount.strip() else None,
            percent=exact(percent) / 100 if percent.strip() else None,
            reason=self.reason.data or "",
            words=self.words.data or "",
            seen=self.seen.data or "",
        )


class RowForm(FlaskForm):
    """Something that is said of one row: who it is, the hash of what was seen, and words."""

    employee = SeenField()
    seen = SeenField()
    words = TextAreaField("What is wrong", [_AT_MOST])


class ManyForm(FlaskForm):
    """Rows that are confirmed together: which, how many people and the hash of what was seen."""

    of = SeenField()
    show = SeenField()
    q = SeenField()
    ids = HiddenField()
    count = SeenField()
    sha256 = SeenField()
    told = SeenField()


class LimitField(DecimalField):
    """An amount of 0 or more, or nothing."""

    def pre_validate(self, form: object) -> None:
        """Refuse what is no amount."""
        super().pre_validate(form)
        if (self.data or "").startswith("-"):
            raise ValidationError("Type an amount of 0 or more.")


class LimitsForm(FlaskForm):
    """The limits of a quarter; `limits_form` adds fields for each currency and for teams with their own budget."""

    seen = SeenField()
    reasons = TextAreaField("Reasons to choose from", [_AT_MOST])

    def chosen_reasons(self) -> tuple[str, ...]:
        """The reasons, one of each line."""
        return tuple(line.strip() for line in (self.reasons.data or "").splitlines() if line.strip())


def limits_form(limits: Limits, currencies: Sequence[str], reasons: Iterable[str], seen: str) -> LimitsForm:
    """A form with the limits of each currency and, below, of teams with a budget of their own."""
    fields: dict[str, Field] = {}
    values: dict[str, object] = {"reasons": "\n".join(reasons), "seen": seen}
    for currency in currencies:
        limit = limits.people.get(currency, PersonLimit())
        budget = limits.budgets.get(Team("", currency))
        for name, made, value in (
            ("percent", PercentField(f"Percent a person, {currency}"), _percent_text(limit.percent)),
            ("amount", LimitField(f"Amount a person, {currency}"), str(limit.amount) if limit.amount else None),
            ("budget", LimitField(f"Raises a team, {currency}"), str(budget) if budget else None),
        ):
            fields[f"{name}-{currency}"], values[f"{name}-{currency}"] = made, value
    own = [(team, budget) for team, budget in limits.budgets.items() if team.manager]
    for place in range(len(own) + _OTHERS):
        team, amount = own[place] if place < len(own) else (Team("", ""), None)
        fields |= {
            f"manager-{place}": StringField(f"Manager’s number, line {place + 1}", [Length(max=100)]),
            f"currency-{place}": StringField(f"Currency, line {place + 1}", [Length(max=3)]),
            f"own-{place}": LimitField(f"Raises, line {place + 1}"),
        }
        values |= {f"manager-{place}": team.manager, f"currency-{place}": team.currency}
        values[f"own-{place}"] = str(amount) if amount else None
    made_form = type("ReviewLimitsForm", (LimitsForm,), fields)(data=values)
    assert isinstance(made_form, LimitsForm)  # noqa: S101 - what the line above made
    return made_form


def _percent_text(percent: Fraction | None) -> str | None:
    return None if percent is None else exact_text(percent * 100)


def own_lines(form: LimitsForm) -> int:
    """How many lines for teams with their own budget a form has."""
    return sum(field.name.startswith("own-") for field in form)


def stated_limits(form: LimitsForm, currencies: Sequence[str]) -> Limits:
    """What a form states. Only for one that validated. Raises `RefusedError` for a line that is half filled in.

    A currency in which nothing at all is typed keeps having no room.
    """
    people, budgets = {}, {}
    for currency in currencies:
        percent, amount, budget = (_typed(form, f"{name}-{currency}") for name in ("percent", "amount", "budget"))
        if percent or amount or budget:
            ratio = exact(percent) / 100 if percent else None
            people[currency] = PersonLimit(ratio, money_of(amount, currency) if amount else None)
        if budget:
            budgets[Team("", currency)] = money_of(budget, currency)
    for place in range(own_lines(form)):
        line = [_typed(form, f"{name}-{place}") for name in ("manager", "currency", "own")]
        if any(line):
            team = Team(line[0], line[1].upper())
            if not all(line) or team.currency not in currencies:
                known = ", ".join(currencies)
                raise RefusedError(f"Line {place + 1} of the teams: give a manager, an amount and one of {known}.")
            budgets[team] = money_of(line[2], team.currency)
    return Limits(None, people, budgets)


def _typed(form: LimitsForm, name: str) -> str:
    return (form[name].data or "").strip()


def shown_amount(amount: Money) -> str:
    """An amount as the reader types it."""
    return readers().written(str(amount), grouped=False)
