"""What is said and chosen when a paid quarter is corrected, or a file withdrawn."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from comp.corrections import Policy
from comp.services.correction_moves import Choice
from web.forms.plans import SeenField

_LONGEST, _SHORT = 2_000, 300
_AT_MOST = Length(max=_LONGEST, message=f"At most {_LONGEST:,} characters.")
POLICIES = {
    Policy.RECOVER: "recover at once",
    Policy.CARRY: "cap at zero and carry",
    Policy.WRITE_OFF: "write off",
}
"""How what is done about negative amounts is called where people read."""


class ChoiceForm(FlaskForm):
    """What is done about one person's negative amount."""

    employee = HiddenField("Employee", [InputRequired("Say whose amount it is.")])
    currency = HiddenField("Currency", [InputRequired("Say in which currency.")])
    policy = SelectField("What is done", choices={str(policy): words for policy, words in POLICIES.items()})
    reason = StringField("Why", [Length(max=_SHORT, message=f"At most {_SHORT} characters.")])

    def choice(self) -> Choice:
        """What was chosen, of a form that is sound."""
        return Choice(
            self.employee.data or "", self.currency.data or "", Policy(self.policy.data), self.reason.data or ""
        )


class ProposeForm(FlaskForm):
    """A word to whoever decides."""

    words = TextAreaField("Message to whoever approves", [_AT_MOST])


class DecideForm(FlaskForm):
    """An approval of what was seen, or a refusal with words."""

    seen = SeenField()
    words = TextAreaField("Why it is refused", [_AT_MOST])


class WithdrawForm(FlaskForm):
    """Why a file shall count no more."""

    words = TextAreaField("Why", [DataRequired("Say why the file shall count no more."), _AT_MOST])
