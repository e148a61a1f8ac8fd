"""What is said when something is done to a quarter."""

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from web.forms.plans import SeenField

_LONGEST = 2_000


class QuarterForm(FlaskForm):
    """What a page showed of a quarter: how often it was moved, and the hash of what it pays."""

    changes = SeenField()
    sha256 = SeenField()


class ReasonForm(QuarterForm):
    """Why something is done to a quarter."""

    words = TextAreaField(
        "In your words",
        [
            DataRequired("Say why: whoever goes on with the quarter reads it."),
            Length(max=_LONGEST, message=f"At most {_LONGEST:,} characters."),
        ],
    )
