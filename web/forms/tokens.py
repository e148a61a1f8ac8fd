"""Making a token."""

from flask_wtf import FlaskForm
from wtforms import IntegerField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from comp.tokens import LONGEST_NAME, MOST_DAYS, USUAL_DAYS, Scope


class TokenForm(FlaskForm):
    """What a token is for, what it opens and how long."""

    name = StringField(
        "Name",
        [
            InputRequired("Type what the token is for, such as the name of the system."),
            Length(max=LONGEST_NAME, message=f"At most {LONGEST_NAME} characters."),
        ],
    )
    days = IntegerField(
        "Days",
        [
            InputRequired(f"Type how many days it lasts, at most {MOST_DAYS}."),
            NumberRange(1, MOST_DAYS, f"A token lasts 1 to {MOST_DAYS} days."),
        ],
        default=USUAL_DAYS,
    )
    scopes = SelectMultipleField(
        "What it opens",
        choices={scope.value: scope.words for scope in Scope},
        validators=[InputRequired("Tick at least one thing that the token opens.")],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    def chosen(self) -> list[Scope]:
        """The scopes that were ticked."""
        return [Scope(each) for each in self.scopes.data or ()]
