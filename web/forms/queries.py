"""Queries: raising one, and what is written to, handed on and closed."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from comp.errors import RefusedError
from comp.queries import ANSWERED_BY, LONGEST, About, Act, Outcome
from comp.roles import Account
from comp.services.queries import QueryView
from comp.services.query_moves import HR
from web.forms.plans import SeenField

_AT_MOST = Length(max=LONGEST, message=f"At most {LONGEST:,} characters.")
_SAYS = {Act.ANSWER: "An answer", Act.ASK_BACK: "A question back", Act.REPLY: "A reply"}


def _single_ends(text: str | None) -> str | None:
    """Browsers send two characters for the end of a line, and count one."""
    return text and text.replace("\r\n", "\n")


class AskForm(FlaskForm):
    """What a query is about, and what is asked."""

    seen = SeenField()
    about = SelectField("What is it about?", validate_choice=False)
    words = TextAreaField(
        "Your question", [DataRequired("Say what you think is wrong, or want to know."), _AT_MOST], [_single_ends]
    )


def ask_form(choices: Iterable[About], chosen: str) -> AskForm:
    """A form to ask about one of some things, of which one is chosen from the start."""
    form = AskForm(data={"about": chosen})
    form.about.choices = {each.key: each.title for each in choices}
    return form


class SeenForm(FlaskForm):
    """A button for a query as it was seen."""

    seen = SeenField()


class SayForm(SeenForm):
    """Words for the thread, and what they are."""

    act = SelectField("This is", validate_choice=False)
    words = TextAreaField("In your words", [DataRequired("Write something."), _AT_MOST], [_single_ends])

    @property
    def chosen(self) -> Act:
        """What the words are. Raises `RefusedError` for nothing that words can be."""
        if self.act.data not in set(map(str, _SAYS)):
            raise RefusedError("Choose what this is: an answer, a question back or a reply.")
        return Act(self.act.data)


class HandForm(SeenForm):
    """Who is to answer a query, and what they should know."""

    owner = SelectField("To whom", validate_choice=False)
    note = TextAreaField("What they should know", [_AT_MOST], [_single_ends])


class CloseForm(SeenForm):
    """What became of a query."""

    outcome = SelectField("Outcome", choices={str(each): str(each).capitalize() for each in Outcome})
    answered_by = StringField("Number of what answered it", [Length(max=60)])
    reason = TextAreaField(
        "In your words", [DataRequired("Say what became of it: whoever asked reads it."), _AT_MOST], [_single_ends]
    )

    @property
    def chosen(self) -> Outcome:
        """What became of it. Only for a form that validated."""
        return Outcome(self.outcome.data)


class Forms:
    """The forms of one query's page, filled from what was posted.

    What may be chosen is checked where it is done, after whether the query is still as it was seen.
    """

    def __init__(self, view: QueryView) -> None:
        self.say, self.hand, self.close, self.seen = SayForm(), HandForm(), CloseForm(), SeenForm()
        self.say.act.choices = {str(act): words for act, words in _SAYS.items() if act in view.acts}
        all_of_hr = {} if view.query.owner_id is None else {HR: "Anybody in HR"}
        self.hand.owner.choices = {str(each.id): _owner_words(each) for each in view.owners} | all_of_hr


def _owner_words(account: Account) -> str:
    return f"{account.name}, HR" if account.roles else account.name


KINDS = ", ".join(ANSWERED_BY.values())
"""The kinds of things that answer a query, for the hint at the number."""
