"""What is said when somebody asks for a waiver, or decides one."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import AnyOf, DataRequired, Length

from comp.services.waivers import LONGEST, Seen
from comp.waivers import Outcome
from web.forms.plans import SeenField

_AT_MOST = Length(max=LONGEST, message=f"At most {LONGEST:,} characters.")
_DECIDED = [str(Outcome.GRANTED), str(Outcome.REFUSED)]


class AskForm(FlaskForm):
    """For which finding a waiver is asked, as it was seen, and why."""

    finding = SeenField()
    about = SeenField()
    reason = TextAreaField("Why the quarter may go on", [DataRequired("Say why: an approver reads it."), _AT_MOST])

    @property
    def seen(self) -> Seen:
        """The finding as it was seen."""
        return Seen(self.finding.data or "", self.about.data or "")


class DecideForm(FlaskForm):
    """What is decided of a waiver, and in which words."""

    outcome = SeenField(validators=[AnyOf(_DECIDED, message="Grant it or refuse it.")])
    words = TextAreaField("In your words", [DataRequired("Say why: who asked for it reads it."), _AT_MOST])
