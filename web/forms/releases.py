"""Releasing a batch, confirming what was paid of it, answering differences, holding back one payout."""

from collections.abc import Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, Field, IntegerField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp, ValidationError

from comp.errors import RefusedError
from comp.money import Money, minor_unit_decimals, whole_minor_units
from comp.paid_check import AnswerKind, Stated
from comp.services.payroll import Told
from web.forms.numbers import DecimalField
from web.forms.plans import SeenField

_MOST = 2_000
_AT_MOST = Length(max=_MOST, message=f"At most {_MOST:,} characters.")
_MOST_PEOPLE = 100_000_000


class TotalField(DecimalField):
    """An amount of one currency, typed without a sign for it. `data` is its plain text."""

    def __init__(self, label: str, currency: str, **told: Any) -> None:  # noqa: ANN401 - what WTForms passes on
        super().__init__(label, [InputRequired(f"Type the total in {currency}.")], **told)
        self._currency = currency

    def pre_validate(self, form: object) -> None:
        """Refuse what is no amount of the currency."""
        super().pre_validate(form)
        if self.data and self.money is None:
            raise ValidationError(f"{self._currency} has {minor_unit_decimals(self._currency)} decimals.")

    @property
    def money(self) -> Money | None:
        """The amount; None for what is none."""
        if self.fault or not (self.data or "").strip():
            return None
        minor = whole_minor_units(Fraction(self.data or ""), self._currency)
        return None if minor is None else Money(minor, self._currency)


class ReleaseForm(FlaskForm):
    """What whoever releases says; `release_form` adds a field for the total of each currency."""

    seen = SeenField()
    layouts = SelectMultipleField("Files for payroll systems", [Optional()])
    pay_date = DateField("Day of payment", [Optional()])
    batch = StringField("Number in payroll", [Regexp(r"(?a:\s*\w{0,25}\s*)\Z", message="Up to 25 letters and digits.")])

    def told(self) -> Told:
        """The day and number that payroll reads. Only for a form that validated."""
        day = self.pay_date.data
        return Told(day if isinstance(day, date) else None, self.batch.data or "")

    def totals(self) -> dict[str, str]:
        """The totals that were typed, by currency. Only for a form that validated."""
        typed = {name.removeprefix("total-"): self[name].money for name in self.total_names}
        return {currency: str(money) for currency, money in typed.items() if money is not None}

    @property
    def total_names(self) -> list[str]:
        """The names of the fields for totals."""
        return [field.name for field in self if field.name.startswith("total-")]


def release_form(seen: str, currencies: Iterable[str], layouts: Mapping[str, str]) -> ReleaseForm:
    """A form with a field for the total of each currency, and the layouts that there are."""
    fields: dict[str, Field] = {
        f"total-{currency}": TotalField(f"Total in {currency}", currency) for currency in currencies
    }
    made = type("BatchReleaseForm", (ReleaseForm,), fields)(data={"seen": seen})
    assert isinstance(made, ReleaseForm)  # noqa: S101 - what the line above made
    made.layouts.choices = dict(layouts)
    return made


class StatedForm(FlaskForm):
    """What payroll paid, typed without the batch's figures; `stated_form` adds two fields for each currency."""

    def stated(self) -> dict[str, Stated]:
        """What was typed, by currency. Only for a form that validated."""
        found = {}
        for currency in self.currencies:
            money = self[f"total-{currency}"].money
            found[currency] = Stated(int(self[f"people-{currency}"].data or 0), money or Money(0, currency))
        return found

    @property
    def currencies(self) -> list[str]:
        """The currencies that there are fields for."""
        return [field.name.removeprefix("total-") for field in self if field.name.startswith("total-")]


def stated_form(currencies: Iterable[str]) -> StatedForm:
    """A form with a count of people and a total for each currency."""
    fields: dict[str, Field] = {}
    for currency in currencies:
        required = InputRequired(f"Type how many people were paid in {currency}.")
        bounds = NumberRange(0, _MOST_PEOPLE, message="Type a whole number such as 40.")
        fields[f"people-{currency}"] = IntegerField(f"People paid in {currency}", [required, bounds])
        fields[f"total-{currency}"] = TotalField(f"Total paid in {currency}", currency)
    made = type("PaidStatedForm", (StatedForm,), fields)()
    assert isinstance(made, StatedForm)  # noqa: S101 - what the line above made
    return made


class PaidFileForm(FlaskForm):
    """Payroll's list of paid amounts."""

    file = FileField("File of paid amounts", [FileRequired("Choose a file.")])


class AnswerForm(FlaskForm):
    """What became of a difference."""

    answer = RadioField(
        "What became of it",
        [InputRequired("Choose what became of it.")],
        choices={str(kind): str(kind).capitalize() for kind in AnswerKind},
    )
    words = TextAreaField(
        "In your words", [DataRequired("Say what became of it, and where that can be seen."), _AT_MOST]
    )


def require_sound(form: FlaskForm) -> None:
    """Raise `RefusedError` with everything that is wrong in a small form, which has no page of its own."""
    if not form.validate():
        raise RefusedError(" ".join(str(message) for field in form for message in field.errors))


class HoldForm(FlaskForm):
    """Why somebody's pay is held back."""

    seen = SeenField()
    why = TextAreaField("Why it is held back", [DataRequired("Say why: whoever lifts it reads it."), _AT_MOST])


class LiftForm(FlaskForm):
    """Why pay that was held back is paid after all."""

    words = TextAreaField("Why it is paid now", [DataRequired("Say why it is paid now."), _AT_MOST])
