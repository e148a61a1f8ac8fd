"""Accruals: the day that one is for, and the map of accounts."""

from flask_wtf import FlaskForm
from wtforms import DateField, TextAreaField
from wtforms.validators import InputRequired, Length

from comp.accrual_accounts import Accounts, read_pairs, write_pairs
from comp.errors import Problem
from comp.services.accruals import AccountsView
from web.forms.plans import SeenField

_LONGEST = 200_000


class DayForm(FlaskForm):
    """The day at whose end something has accrued."""

    as_of = DateField("Accrued at the end of", [InputRequired("Type a day, such as 2026-08-31.")])


class AccountsForm(FlaskForm):
    """The three maps as lines `key = account`."""

    seen = SeenField()
    expenses = TextAreaField("Expense accounts", [Length(max=_LONGEST)])
    liabilities = TextAreaField("Accrued liability accounts", [Length(max=_LONGEST)])
    companies = TextAreaField("Companies", [Length(max=_LONGEST)])

    def accounts(self) -> tuple[Accounts, list[Problem]]:
        """What was typed, and what of it cannot be read."""
        fields = (self.expenses, self.liabilities, self.companies)
        read = [read_pairs(field.data or "", field.label.text) for field in fields]
        return Accounts(*(pairs for pairs, _ in read)), [problem for _, problems in read for problem in problems]


def accounts_form(view: AccountsView) -> AccountsForm:
    """The form filled with the map that counts."""
    known = view.typed.accounts
    blocks = {name: write_pairs(getattr(known, name)) for name in ("expenses", "liabilities", "companies")}
    return AccountsForm(formdata=None, data={"seen": str(view.typed.number), **blocks})
