"""Exchange rates of a quarter: a field for each currency that is paid, or a pasted block."""

from collections.abc import Iterable
from fractions import Fraction

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from comp.errors import Problem
from comp.exchange import Rate
from comp.exchange_checks import LONGEST_SOURCE, read_block, sound
from comp.figures import exact_text
from comp.money import exact, is_currency
from comp.services.exchange import RatesView
from web.forms.numbers import DecimalField, read_number
from web.forms.plans import SeenField
from web.locales import readers

_LONGEST_BLOCK = 20_000
_SURE = "These are meant as they are typed"


class GroupForm(FlaskForm):
    """The currency in which the group adds up totals."""

    currency = StringField("Group currency", [InputRequired("Type a currency such as EUR.")])

    @property
    def code(self) -> str:
        """The currency that was typed."""
        return (self.currency.data or "").strip().upper()

    def validate_currency(self, _field: Field) -> None:
        """Refuse what is no currency."""
        if not is_currency(self.code):
            raise ValidationError("Type a currency by its three letters, such as EUR.")


class RatesForm(FlaskForm):
    """Rates with where they are from; `rates_form` adds the currencies."""

    seen = SeenField()
    is_sure = BooleanField(_SURE)

    def rates(self, currencies: Iterable[str]) -> list[Rate]:
        """The rates that were typed; a field that was left empty sets none. Faults are told at their fields."""
        found = []
        for code in currencies:
            field, source = self[f"rate-{code}"], self[f"source-{code}"]
            if (field.data or "").strip():
                try:
                    found.append(sound(Rate(code, exact(field.data), (source.data or "").strip())))
                except ValueError as error:
                    field.errors = (*field.errors, str(error))
        return found


def rates_form(view: RatesView, *, is_posted: bool = False) -> RatesForm:
    """A form with two fields for each currency that is paid or has a rate, filled as it is or as it was posted."""
    fields: dict[str, Field] = {}
    values: dict[str, object] = {"seen": view.seen}
    for code in currencies_of(view):
        known = view.rates.get(code)
        fields[f"rate-{code}"] = DecimalField(f"1 {code} in {view.group_currency}")
        fields[f"source-{code}"] = StringField(f"Where the rate of {code} is from", [Length(max=LONGEST_SOURCE)])
        values[f"rate-{code}"] = exact_text(known.rate.rate) if known else ""
        values[f"source-{code}"] = known.rate.source if known else ""
    more = type("MoreRatesForm", (RatesForm,), fields)
    made = more(data=values) if is_posted else more(formdata=None, data=values)
    assert isinstance(made, RatesForm)  # noqa: S101 - what the line above made
    return made


def currencies_of(view: RatesView) -> list[str]:
    """The currencies that are paid or have a rate, in order."""
    return sorted({*view.paid, *view.rates})


class BlockForm(FlaskForm):
    """Rates as they are pasted out of a table."""

    seen = SeenField()
    block = TextAreaField("Rates", [DataRequired("Paste at least one line."), Length(max=_LONGEST_BLOCK)])
    is_sure = BooleanField(_SURE)

    def rates(self) -> tuple[list[Rate], list[Problem]]:
        """What the block says, its numbers read as whoever pasted it writes them."""
        return read_block(self.block.data or "", _number)


def _number(typed: str) -> Fraction:
    return exact(read_number(typed, readers()))
