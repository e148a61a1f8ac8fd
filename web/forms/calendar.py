"""The calendar of a quarter, and the rule that it is copied from."""

from fractions import Fraction

from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange

from comp.quarter_calendar import CalendarRule, Offset, QuarterCalendar, Step
from comp.services.quarter_calendar import CalendarView, QuarterRules, rules_fingerprint
from web.forms.numbers import ShareField
from web.forms.plans import SeenField

_WORKING, _PLAIN = "working", "plain"


def _day(label: str) -> DateField:
    return DateField(label, [InputRequired("Choose a day.")])


def _days(label: str) -> IntegerField:
    return IntegerField(label, [InputRequired("Type a number of days."), NumberRange(0, 250, "Type 0 to 250.")])


def _kind(label: str) -> SelectField:
    return SelectField(label, choices={_WORKING: "working days", _PLAIN: "days"})


def _escalation() -> IntegerField:
    asked = InputRequired("Type a number of days."), NumberRange(0, 60, "Type 0 to 60.")
    return IntegerField("Days after which a review is escalated", asked)


class DaysForm(FlaskForm):
    """The days of one quarter."""

    seen = SeenField()
    import_by = _day("Import by")
    check_by = _day("Check by")
    review_by = _day("Review by")
    release_by = _day("Release by")
    escalate_after = _escalation()

    def chosen(self) -> QuarterCalendar:
        """The days that were chosen. Only for a form that validated."""
        return QuarterCalendar({step: self[f"{step}_by"].data for step in Step}, self.escalate_after.data or 0)


def days_form(view: CalendarView) -> DaysForm:
    """A form with a quarter's days, whatever was posted."""
    days = {f"{step}_by": view.calendar.days[step] for step in Step}
    escalate_after = view.calendar.escalate_after
    return DaysForm(formdata=None, seen=view.fingerprint, escalate_after=escalate_after, **days)


class RuleForm(FlaskForm):
    """When the steps of any quarter are due, counted from its last day, and which differences the data check tells."""

    seen = SeenField()
    import_days = _days("Import by: days after the quarter’s end")
    import_kind = _kind("Import by: which days count")
    check_days = _days("Check by: days after the quarter’s end")
    check_kind = _kind("Check by: which days count")
    review_days = _days("Review by: days after the quarter’s end")
    review_kind = _kind("Review by: which days count")
    release_days = _days("Release by: days after the quarter’s end")
    release_kind = _kind("Release by: which days count")
    escalation = _escalation()
    swing = ShareField("Differences from the quarter before that the data check tells")

    def chosen(self) -> QuarterRules:
        """The rules that were typed. Only for a form that validated."""
        offsets = {step: Offset(self[f"{step}_days"].data, self[f"{step}_kind"].data == _WORKING) for step in Step}
        swing = self.swing.ratio
        return QuarterRules(CalendarRule(offsets, self.escalation.data or 0), Fraction(0) if swing is None else swing)


def rule_form(rules: QuarterRules) -> RuleForm:
    """A form with the rules, whatever was posted."""
    values: dict[str, object] = {"seen": rules_fingerprint(rules), "swing": rules.swing}
    for step, offset in rules.calendar.offsets.items():
        values |= {f"{step}_days": offset.days, f"{step}_kind": _WORKING if offset.is_working else _PLAIN}
    return RuleForm(formdata=None, escalation=rules.calendar.escalate_after, **values)
