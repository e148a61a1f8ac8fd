"""Which quarters an analysis has."""

from collections.abc import Sequence

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from comp.periods import Quarter
from comp.services.analysis import MOST_QUARTERS

_USUAL = 4


class AnalysisForm(FlaskForm):
    """The last quarter, and how many there are with those before it."""

    last = SelectField("Last quarter")
    count = IntegerField(
        "Quarters in all",
        [
            InputRequired("Type how many quarters."),
            NumberRange(1, MOST_QUARTERS, message=f"Type a number from 1 to {MOST_QUARTERS}."),
        ],
        default=_USUAL,
    )


def analysis_form(known: Sequence[Quarter]) -> AnalysisForm:
    """A form that offers the quarters that are calculated."""
    form = AnalysisForm()
    form.last.choices = {str(quarter): str(quarter) for quarter in known}
    return form
