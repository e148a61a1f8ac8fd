"""Forms of funding pools and of guaranteed pay."""

from datetime import timedelta

from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError

from comp.funding import Pool
from comp.guarantees import Guarantee, Promise
from comp.money import Money, exact, is_currency, minor_unit_decimals, whole_minor_units
from comp.periods import FOREVER, Span
from web.forms.numbers import DecimalField

_LONGEST = 2_000
_WORDS = [
    DataRequired("Say why: whoever confirms it reads it."),
    Length(max=_LONGEST, message=f"At most {_LONGEST:,} characters."),
]


class _MoneyForm(FlaskForm):
    """A form with amounts of one currency."""

    currency = StringField("Currency", [InputRequired("Type a currency such as EUR.")])

    def validate_currency(self, field: StringField) -> None:
        """Refuse what is no currency."""
        if not is_currency((field.data or "").strip().upper()):
            raise ValidationError("Type a currency by its three letters, such as EUR.")

    def money(self, field: DecimalField) -> Money:
        """The amount of a field. Raises `ValueError` with a sentence for one that the currency does not have."""
        currency = (self.currency.data or "").strip().upper()
        decimals = minor_unit_decimals(currency)
        minor = whole_minor_units(exact(field.data or "0"), currency)
        if minor is None or minor < 0:
            raise ValueError(f"{field.label.text}: type an amount of 0 or more with at most {decimals} decimals.")
        return Money(minor, currency)


class PoolForm(_MoneyForm):
    """What may be paid for a quarter in one currency."""

    amount = DecimalField("Pool", [InputRequired("Type what may be paid together.")])
    minimum = DecimalField("Protected minimum for each person")
    scales_up = BooleanField("Pay all of it, also where people earned less together")
    words = TextAreaField("Why", _WORDS)

    def pool(self) -> Pool:
        """What was typed. Raises `ValueError` with a sentence for the user."""
        return Pool(self.money(self.amount), self.money(self.minimum), bool(self.scales_up.data))


class GuaranteeForm(_MoneyForm):
    """What somebody gets at least for a quarter, on some days."""

    employee = StringField("Employee number", [InputRequired("Type whose pay it is.")])
    promise = RadioField(
        "Kind",
        choices={
            "minimum": "Minimum: topped up where less is earned, and never given back",
            "draw": "Draw: an advance, given back out of what is earned above it later",
        },
        default="minimum",
    )
    amount = DecimalField("For a whole quarter", [InputRequired("Type what is guaranteed for a whole quarter.")])
    floor = DecimalField("Left by every recovery, at least")
    first = DateField("First day", [InputRequired("Type the first day.")])
    last = DateField("Last day", [Optional()])
    words = TextAreaField("Why", _WORDS)

    def guarantee(self) -> Guarantee:
        """What was typed. Raises `ValueError` with a sentence for the user."""
        start, end = self.first.data, self.last.data + timedelta(days=1) if self.last.data else FOREVER
        if start is None or start >= end:
            raise ValueError("The last day comes before the first one.")
        amount = self.money(self.amount)
        if not amount.minor:
            raise ValueError("For a whole quarter: type more than 0.")
        return Guarantee(Promise(self.promise.data), amount, Span(start, end), self.money(self.floor))


class EndForm(FlaskForm):
    """From which day on a guarantee pays nothing more."""

    day = DateField("First day without it", [InputRequired("Type the first day without it.")])
