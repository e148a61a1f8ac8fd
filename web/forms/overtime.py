"""Whose overtime is looked at, and hours that were worked."""

import re

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import Length

from comp.overtime import WEEKDAYS, Rule

_MOST = 20_000
_AT_MOST = [Length(max=_MOST, message=f"At most {_MOST:,} characters.")]
_BETWEEN = re.compile(r"[\s,;]+")


class RuleForm(FlaskForm):
    """Whose overtime is looked at, and on which day workweeks begin."""

    is_on = BooleanField("Look at overtime")
    first_day = SelectField("A workweek begins on", choices=dict(zip(WEEKDAYS, WEEKDAYS, strict=True)))
    units = TextAreaField("Units, with all below them", _AT_MOST)
    people = TextAreaField("People", _AT_MOST)
    excepted = TextAreaField("Without these people", _AT_MOST)

    def rule(self) -> Rule:
        """What was typed. Only for a form that validated."""
        listed = (_listed(field.data) for field in (self.units, self.people, self.excepted))
        return Rule(bool(self.is_on.data), WEEKDAYS.index(self.first_day.data), *listed)


def rule_form(rule: Rule, **told: None) -> RuleForm:
    """A form that shows a rule, or what was posted of it; with `formdata=None` the rule whatever was posted."""
    lists = {name: "\n".join(getattr(rule, name)) for name in ("units", "people", "excepted")}
    return RuleForm(data={"is_on": rule.is_on, "first_day": rule.first_day, **lists}, **told)


def _listed(text: str | None) -> tuple[str, ...]:
    """Codes between blanks, commas or line ends, each once."""
    return tuple(dict.fromkeys(each for each in _BETWEEN.split(text or "") if each))


class HoursForm(FlaskForm):
    """Hours worked: a file, or rows that were typed or pasted."""

    file = FileField("File of hours")
    typed = TextAreaField("Or type or paste rows", _AT_MOST)

    def stated(self) -> tuple[bytes, str]:
        """What was given and what it is called: the file where there is one, else the rows with a header."""
        if self.file.data:
            return self.file.data.read(), self.file.data.filename or "the file"
        typed = (self.typed.data or "").strip()
        has_header = typed.casefold().startswith("employee")
        separator = "\t" if "\t" in typed else ","
        header = "" if has_header else separator.join(("employee", "week", "hours")) + "\n"
        return (header + typed if typed else "").encode(), "what was typed"
