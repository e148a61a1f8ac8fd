"""What is said when a plan version is submitted, sent back or withdrawn."""

from collections.abc import Iterable

from flask_wtf import FlaskForm
from wtforms import Field, TextAreaField
from wtforms.validators import DataRequired, Length

from comp.errors import Problem
from comp.services.plan_moves import warning_key
from web.forms.plans import SeenField

_LONGEST = 2_000
_AT_MOST = Length(max=_LONGEST, message=f"At most {_LONGEST:,} characters.")


class SubmitForm(FlaskForm):
    """What to say to whoever publishes; `submit_form` adds a field for each of the linter's warnings."""

    seen = SeenField()
    words = TextAreaField("Message to whoever publishes", [_AT_MOST])

    def answers(self) -> dict[str, str]:
        """What was said of each warning, by its key."""
        return {name.removeprefix("warning-"): self[name].data or "" for name in self.warning_names}

    @property
    def warning_names(self) -> list[str]:
        """The names of the fields of warnings, in the linter's order."""
        return [field.name for field in self if field.name.startswith("warning-")]


def warning_name(problem: Problem) -> str:
    """The name of the field in which a warning is answered."""
    return f"warning-{warning_key(problem)}"


def submit_form(fingerprint: str, warnings: Iterable[Problem]) -> SubmitForm:
    """A form with a field for each warning."""
    fields: dict[str, Field] = {
        warning_name(problem): TextAreaField(
            "Why the plan is right all the same", [DataRequired("Say it in words, or mend the plan."), _AT_MOST]
        )
        for problem in warnings
    }
    made = type("PlanSubmitForm", (SubmitForm,), fields)(data={"seen": fingerprint})
    assert isinstance(made, SubmitForm)  # noqa: S101 - what the line above made
    return made


class WordsForm(FlaskForm):
    """Why something is done to a version."""

    seen = SeenField()
    words = TextAreaField("In your words", [DataRequired("Say why: who wrote the version reads it."), _AT_MOST])
