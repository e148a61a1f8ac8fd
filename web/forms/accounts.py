"""Signing in, and what one does to one's own account."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, InputRequired, Length

from comp.locales import LOCALES
from comp.services.passwords import LONGEST, SHORTEST

_NEW_PASSWORD = (
    InputRequired("Type a new password."),
    Length(SHORTEST, LONGEST, f"A password has {SHORTEST} to {LONGEST:,} characters."),
)


class SignInForm(FlaskForm):
    """An address and a password."""

    email = EmailField("E-mail", [InputRequired("Type your e-mail address.")])
    password = PasswordField("Password", [InputRequired("Type your password.")])


class CodeForm(FlaskForm):
    """A code of an authenticator app, or a recovery code."""

    code = StringField("Code", [InputRequired("Type the code that your app shows, or a recovery code.")])


class ProofForm(FlaskForm):
    """A password or a code: either tells that it is still the same person."""

    password = PasswordField("Password")
    code = StringField("Code")


class ForgotForm(FlaskForm):
    """An address that a link is sent to."""

    email = EmailField("E-mail", [InputRequired("Type your e-mail address.")])


class NewPasswordForm(FlaskForm):
    """A new password, by a link that was sent."""

    password = PasswordField("New password", _NEW_PASSWORD)


class PasswordForm(FlaskForm):
    """A new password in place of the present one."""

    current = PasswordField("Present password", [InputRequired("Type the password that you have now.")])
    password = PasswordField("New password", _NEW_PASSWORD)


class NameForm(FlaskForm):
    """The name that pages show."""

    name = StringField("Name", [DataRequired("Type your name."), Length(max=100, message="At most 100 characters.")])


class LocaleForm(FlaskForm):
    """How numbers and days are written."""

    locale = SelectField("Numbers and days as in", choices=LOCALES)
