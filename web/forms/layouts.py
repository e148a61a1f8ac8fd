"""Payroll layouts and their maps."""

from collections.abc import Iterator
from datetime import date

from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, Field, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from comp.payroll_layouts import Layout
from comp.payroll_maps import CompanyRule
from comp.services.payroll import Told
from comp.services.payroll_maps import LONGEST, MapsView
from web.forms.plans import SeenField

_FREE_ROWS = 3
_MOST_ROWS = 400
_LONGEST_DOCUMENT = 200_000


class LayoutForm(FlaskForm):
    """A layout as its document."""

    seen = SeenField()
    document = TextAreaField("The layout", [InputRequired("Type the layout."), Length(max=_LONGEST_DOCUMENT)])


class RemoveForm(FlaskForm):
    """What is to be removed, as it was seen."""

    seen = SeenField()


class ToldField(StringField):
    """A text field that holds what came back, and nothing where nothing came."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what came back, and nothing else."""
        self.data = valuelist[0] if valuelist else None


class ChosenField(SelectField):
    """A list that holds what came back, and nothing where nothing came."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what came back, and nothing else."""
        self.data = valuelist[0] if valuelist else None


class CountField(HiddenField):
    """How many rows a form has. A form that comes back without it has none that could be stored."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what came back, and nothing else."""
        self.data = valuelist[0] if valuelist else ""


class PayCodesForm(FlaskForm):
    """The payroll system's code for each pay code; `pay_codes_form` adds them."""

    seen = SeenField()

    def codes(self, view: MapsView) -> dict[str, str] | None:
        """What was typed for each pay code; None where the form came back without one of them."""
        typed = {pay_code: self[_code_name(place)].data for place, pay_code in enumerate(view.pay_codes)}
        return None if None in typed.values() else typed


def pay_codes_form(view: MapsView, *, is_posted: bool = False) -> PayCodesForm:
    """A form with a field for each pay code that there is, filled from the map, or from what was posted."""
    fields: dict[str, Field] = {}
    values: dict[str, object] = {"seen": view.seen_pay_codes}
    for place, pay_code in enumerate(view.pay_codes):
        name = _code_name(place)
        fields[name] = ToldField(pay_code or "plans without a pay code", [Length(max=LONGEST)])
        values[name] = view.maps.pay_codes.get(pay_code, "")
    made = _made(PayCodesForm, fields, values, is_posted=is_posted)
    assert isinstance(made, PayCodesForm)  # noqa: S101 - what the line above made
    return made


def _code_name(place: int) -> str:
    return f"code-{place}"


def _made(form: type[FlaskForm], fields: dict[str, Field], values: dict[str, object], *, is_posted: bool) -> FlaskForm:
    """A form with more fields, which reads what was posted only where that was meant for it."""
    more = type(f"More{form.__name__}", (form,), fields)
    return more(data=values) if is_posted else more(formdata=None, data=values)


class CompaniesForm(FlaskForm):
    """Rules for company codes; `companies_form` adds their rows. A row without a code is no rule."""

    seen = SeenField()
    rows = CountField()

    def numbers(self) -> range:
        """The numbers of its rows."""
        return range(_row_count(self.rows.data))

    def rules(self) -> list[CompanyRule] | None:
        """What was typed; None where the form came back without a part of it."""
        typed = [[self[name].data for name in _names(number)] for number in self.numbers()]
        if not typed or any(None in row for row in typed):
            return None
        rows = ([text.strip() for text in row] for row in typed)
        return [CompanyRule(code, unit, currency.upper(), centre) for centre, unit, currency, code in rows if code]


def companies_form(view: MapsView, posted_rows: str | None = None) -> CompaniesForm:
    """A form with a row for each rule and some free ones; with as many as came back where one was posted."""
    rules = view.maps.companies
    count = min(len(rules) + _FREE_ROWS, _MOST_ROWS) if posted_rows is None else _row_count(posted_rows)
    choices = {"": "all units", **{unit.code: f"{unit.code} {unit.name}" for unit in view.units}}
    fields: dict[str, Field] = {}
    values: dict[str, object] = {"seen": view.seen_companies, "rows": str(count)}
    for number in range(count):
        centre, unit, currency, code = _names(number)
        fields[centre] = ToldField(f"Cost centre, row {number + 1}", [Length(max=LONGEST)])
        fields[unit] = ChosenField(f"Unit, row {number + 1}", choices=choices, default="")
        fields[currency] = ToldField(f"Currency, row {number + 1}", [Length(max=3)])
        fields[code] = ToldField(f"Company code, row {number + 1}", [Length(max=LONGEST)])
        if number < len(rules):
            rule = rules[number]
            values |= {centre: rule.cost_centre, unit: rule.unit, currency: rule.currency, code: rule.code}
        else:
            values |= dict.fromkeys(_names(number), "")
    made = _made(CompaniesForm, fields, values, is_posted=posted_rows is not None)
    assert isinstance(made, CompaniesForm)  # noqa: S101 - what the line above made
    return made


def _names(number: int) -> tuple[str, str, str, str]:
    return f"centre-{number}", f"unit-{number}", f"currency-{number}", f"company-{number}"


def company_fields(form: CompaniesForm) -> Iterator[tuple[Field, ...]]:
    """The fields of each row: cost centre, unit, currency, code."""
    yield from (tuple(form[name] for name in _names(number)) for number in form.numbers())


def _row_count(text: str | None) -> int:
    known = (text or "").isascii() and (text or "").isdigit() and len(text or "") <= len(str(_MOST_ROWS))
    return min(int(text or "0"), _MOST_ROWS) if known else 0


class NumbersForm(FlaskForm):
    """A table of payroll's numbers."""

    seen = SeenField()
    file = FileField("Table of numbers", [FileRequired("Choose a file.")])


class TakeForm(Form):
    """Of which quarter, and what payroll wants to read in the file."""

    quarter = SelectField("Quarter")
    pay_date = DateField("Day of payment", [Optional()])
    batch = StringField("Batch number", [Regexp(r"(?a:\s*\w{0,25}\s*)\Z", message="Type up to 25 letters and digits.")])

    def told(self) -> Told:
        """What was typed. Only for a form that validated."""
        day = self.pay_date.data
        return Told(day if isinstance(day, date) else None, self.batch.data or "")


def is_shared(layout: Layout) -> bool:
    """Whether a layout uses the maps of another."""
    return layout.maps_of != layout.id
