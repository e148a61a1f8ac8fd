"""What is said when answers are proposed to be left out, and when that is decided."""

import json
from collections.abc import Mapping

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import DataRequired, Length

from comp.exclusion_effect import Effect
from comp.exclusions import REASONS, WHOLE, Reason
from web.forms.plans import SeenField

_LONGEST = 2_000
_AT_MOST = Length(max=_LONGEST, message=f"At most {_LONGEST:,} characters.")
_WHOLE = "all answers of each response"


class ProposeForm(FlaskForm):
    """Which answers shall not count, and why. `everything` stands for all that the list's filter finds."""

    quarter = HiddenField()
    unit = HiddenField()
    sign = HiddenField()
    answer = SelectMultipleField("Answers", coerce=int, validate_choice=False)
    everything = BooleanField("All that the list shows, on every page")
    question = SelectField("What shall not count")
    reason = SelectField("Reason", validate_choice=True)
    words = TextAreaField("In your words", [DataRequired("Say why: whoever decides reads it."), _AT_MOST])


def propose_form(questions: tuple[str, ...], values: Mapping[str, object] | None = None) -> ProposeForm:
    """A form with the questions that the unit's customers were asked."""
    form = ProposeForm(data=values)
    form.question.choices = [(WHOLE, _WHOLE), *((each, f"only the answer to {each}") for each in questions)]
    form.reason.choices = [(str(reason), text) for reason, text in REASONS.items() if reason is not Reason.MISTAKEN]
    return form


class DecideForm(FlaskForm):
    """What whoever decides says, with the hash of the effect that they saw and its figures."""

    seen = SeenField()
    figures = SeenField()
    words = TextAreaField("In your words", [DataRequired("Say why: who proposed it reads it."), _AT_MOST])

    def seen_figures(self) -> list[tuple[str, str]]:
        """The figures that came back, to tell what differs; none where they are not what the page had sent."""
        try:
            pairs = json.loads(self.figures.data or "[]")
            return [(str(label), str(text)) for label, text in pairs]
        except (TypeError, ValueError):
            return []


def decide_form(effect: Effect) -> DecideForm:
    """A form that carries what is shown."""
    return DecideForm(data={"seen": effect.fingerprint, "figures": json.dumps(effect.figures, ensure_ascii=False)})


class ReturnForm(FlaskForm):
    """Why answers that are left out shall count again."""

    words = TextAreaField("Why they shall count again", [DataRequired("Say why: whoever decides reads it."), _AT_MOST])
