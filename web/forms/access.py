"""Who may do what: roles, whose account it is, standing in."""

from datetime import date

from flask_wtf import FlaskForm
from wtforms import DateField, EmailField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from comp.roles import Account, Role

ROLES = {
    Role.HR: "HR: imports files, writes plans, calculates",
    Role.APPROVER: "Approver: publishes plans that somebody else wrote, approves what quarters pay, grants waivers",
    Role.PAYROLL: "Payroll: releases and closes quarters, takes payroll’s files",
    Role.AUDITOR: "Auditor: reads everything, changes nothing",
    Role.ADMIN: "Admin: accounts and roles, no pay",
}


class RolesForm(FlaskForm):
    """The roles that an account holds, and no others."""

    roles = SelectMultipleField("Roles", choices={str(role): label for role, label in ROLES.items()})

    def chosen(self) -> tuple[Role, ...]:
        """The roles that were ticked."""
        return tuple(Role(role) for role in self.roles.data or ())


class PersonForm(FlaskForm):
    """Whose account it is."""

    employee = StringField("Employee number", [Length(max=100)])

    def chosen(self) -> str | None:
        """The number, or None where it is nobody's."""
        return (self.employee.data or "").strip() or None


def stored_roles(account: Account) -> RolesForm:
    """A form with an account's roles ticked, whatever was posted."""
    return RolesForm(formdata=None, roles=[str(role) for role in account.roles])


def stored_person(account: Account) -> PersonForm:
    """A form with the number of the person whose account it is, whatever was posted."""
    return PersonForm(formdata=None, employee=account.employee or "")


class DelegationForm(FlaskForm):
    """Who stands in, from which day to which."""

    email = EmailField("E-mail of the colleague", [InputRequired("Type an e-mail address."), Length(max=200)])
    first = DateField("First day", [InputRequired("Choose the first day.")])
    last = DateField("Last day", [InputRequired("Choose the last day.")])

    def chosen(self) -> tuple[str, date, date]:
        """What was typed. Only for a form that validated."""
        assert self.first.data is not None  # noqa: S101 - it is required
        assert self.last.data is not None  # noqa: S101 - it is required
        return self.email.data or "", self.first.data, self.last.data
