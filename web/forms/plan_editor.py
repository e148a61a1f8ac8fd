"""The form of the plan editor: the whole document, with every list as rows that have ids of their own."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, Form, SelectField, StringField
from wtforms.validators import Length

from comp.curves import Axis, Shape
from comp.plan import PARENT, PERSON, TOP, TOTAL, UNIT, Fallback
from comp.plan_documents import EVERYONE
from web.forms.numbers import DecimalField, PercentField
from web.forms.plan_fields import NAMED, SOME, row_of, steps
from web.forms.plans import SeenField
from web.forms.rows import Row, RowsField

_SHORT, _LONG = Length(max=100, message="At most 100 characters."), Length(max=300, message="At most 300 characters.")


class TextField(StringField):
    """A line of text. A field that did not come back holds nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what came back, and nothing else."""
        self.data = valuelist[0] if valuelist else ""


class ChoiceField(SelectField):
    """One of a few, or what the document says though it is not among them: the core judges it."""

    def __init__(self, label: str, choices: Mapping[str, str] | None = None, **options: Any) -> None:  # noqa: ANN401 - WTForms takes what it likes
        """Choices by value; without any they are filled in by `offer`."""
        super().__init__(label, choices=dict(choices or {}), validate_choice=False, **options)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what came back, and nothing else."""
        self.data = valuelist[0] if valuelist else ""

    def offer(self, choices: Mapping[str, str]) -> None:
        """Offer these, and what is chosen already."""
        known = dict(choices)
        if self.data and self.data not in known:
            known[str(self.data)] = str(self.data)
        self.choices = known


class TickField(BooleanField):
    """A box. One that did not come back is not ticked."""


class PointForm(Form):
    """A point of a curve."""

    x = DecimalField("From")
    pays = PercentField("Pays")


class TouchpointForm(Form):
    """A touchpoint's share of a score."""

    touchpoint = TextField("Touchpoint", [_SHORT])
    share = PercentField("Share")


FALLBACKS = {
    "": "choose",
    Fallback.ROLLING_4: "the last four quarters",
    Fallback.PARENT: "the unit above",
    Fallback.RENORMALISE: "leave the measure out",
    Fallback.NEUTRAL: "count it as 100\N{NARROW NO-BREAK SPACE}%",
    Fallback.ZERO: "count it as 0\N{NARROW NO-BREAK SPACE}%",
    Fallback.HOLD: "hold the payout",
}
PLACES = {
    UNIT: "the person's unit",
    PARENT: "the unit above",
    TOP: "the top of the company",
    PERSON: "the person",
    NAMED: "a unit that is named",
}


class FallbackForm(Form):
    """What to do where there are too few answers, after what stands before it."""

    fallback = ChoiceField("Do this", {str(key): label for key, label in FALLBACKS.items()})


class ReadingForm(Form):
    """How a metric is read."""

    metric = ChoiceField("Metric")
    where = ChoiceField("Measured at", PLACES)
    unit = TextField("Unit", [_SHORT])
    min_answers = DecimalField("Answers needed")
    too_few = RowsField(FallbackForm, "With fewer answers, in this order", most=12)
    touchpoints = RowsField(TouchpointForm, "Shares of touchpoints", most=40)


class CurveForm(ReadingForm):
    """A metric with the curve that follows it."""

    shape = ChoiceField("Between points", {Shape.LINEAR: "a straight line", Shape.STEP: "steps"})
    axis = ChoiceField(
        "Points are",
        {
            Axis.SCORE: "scores",
            Axis.POINTS_FROM_TARGET: "points from the unit's target",
            Axis.PERCENT_OF_TARGET: "percent of the unit's target",
        },
    )
    points = RowsField(PointForm, "Points", most=60)
    below = PercentField("Worse than the first point pays")
    above = ChoiceField("Better than the last point", {"last": "pays as the last", "extend": "goes on along the line"})


class MeasureForm(CurveForm):
    """A measure of a component."""

    weight = PercentField("Weight")


class ComponentForm(Form):
    """A part of variable pay."""

    name = TextField("Name", [_LONG])
    id = TextField("Id", [_SHORT])
    share = PercentField("Share of variable pay")
    cap = PercentField("At most")
    measures = RowsField(MeasureForm, "Measures", most=30)


class GateForm(ReadingForm):
    """A condition that caps."""

    at_least = DecimalField("At least")
    at_most = DecimalField("At most")
    cap = PercentField("Otherwise pays at most")
    on = ChoiceField("What it caps")


class ModifierForm(CurveForm):
    """A multiplier that follows a metric."""

    on = ChoiceField("What it multiplies")


class UnitForm(Form):
    """A unit, with all below it."""

    unit = TextField("Unit", [_SHORT])


class GradeForm(Form):
    """A grade."""

    grade = TextField("Grade", [_SHORT])


class AbsenceForm(Form):
    """How much a kind of absence counts."""

    kind = TextField("Kind", [_SHORT])
    counts = PercentField("Counts")


class LeaverForm(Form):
    """A reason of leaving that keeps what was earned."""

    reason = TextField("Reason", [_SHORT])


class ValueForm(Form):
    """A metric's value in a worked example."""

    metric = ChoiceField("Metric")
    value = DecimalField("Value")


class ExampleForm(Form):
    """A worked example."""

    name = TextField("Name", [_LONG])
    scores = RowsField(ValueForm, "Scores", most=60)
    targets = RowsField(ValueForm, "Targets", most=60)
    target = DecimalField("On a quarter's target of")
    currency = TextField("Currency", [_SHORT])
    pays = DecimalField("the plan pays")


class PlanForm(FlaskForm):
    """A whole plan."""

    seen = SeenField()
    name = TextField("Name", [_LONG])
    id = TextField("Id", [_SHORT])
    starts = TextField("Pays from")
    pay_code = TextField("Pay code", [_SHORT])
    who = ChoiceField("Pays", {EVERYONE: "the whole company", SOME: "the units and grades below"})
    units = RowsField(UnitForm, "Units, each with all below it", most=200)
    grades = RowsField(GradeForm, "Grades", most=100)
    Q1 = PercentField("Q1")
    Q2 = PercentField("Q2")
    Q3 = PercentField("Q3")
    Q4 = PercentField("Q4")
    components = RowsField(ComponentForm, "Parts of variable pay", most=20)
    elsewhere = PercentField("Calculated elsewhere")
    cap = PercentField("The whole pays at most")
    gates = RowsField(GateForm, "Gates", most=30)
    modifiers = RowsField(ModifierForm, "Modifiers", most=30)
    minimum_days = DecimalField("Employed days needed in the quarter")
    on_last_day = TickField("Only for those who are employed on the quarter's last day")
    leavers = RowsField(LeaverForm, "Except those who left for these reasons", most=40)
    absences = RowsField(AbsenceForm, "Days of absence", most=40)
    examples = RowsField(ExampleForm, "Worked examples", most=40)


_MEASURED: dict[str, object] = {
    "where": UNIT,
    "min_answers": "50",
    "too_few": [{"fallback": str(each)} for each in (Fallback.ROLLING_4, Fallback.PARENT, Fallback.HOLD)],
}
_CURVED: dict[str, object] = {
    **_MEASURED,
    "shape": str(Shape.LINEAR),
    "axis": str(Axis.SCORE),
    "above": "last",
    "points": [{"x": "", "pays": "0"}, {"x": "", "pays": "100"}],
}
NEW_ROWS: dict[str, dict[str, object]] = {
    "components": {"measures": [_CURVED]},
    "measures": _CURVED,
    "gates": {**_MEASURED, "cap": "0", "on": TOTAL},
    "modifiers": {**_CURVED, "points": [{"x": "", "pays": "100"}, {"x": "", "pays": "100"}], "on": TOTAL},
    "examples": {"scores": [{}], "currency": "EUR"},
}
"""What a new row of a list starts with; nothing where a list is not named."""

_FIRST: dict[str, object] = {**_CURVED, "weight": "100"}
NEW_PLAN: dict[str, object] = {
    "who": SOME,
    "units": [{}],
    "Q1": "25",
    "Q2": "25",
    "Q3": "25",
    "Q4": "25",
    "minimum_days": "0",
    "components": [{"share": "100", "measures": [_FIRST]}],
}
"""What a plan from nothing starts with."""


def offer(form: Form, metrics: Mapping[str, str], parts: Mapping[str, str]) -> None:
    """Let every list of metrics and parts in a form offer those that there are."""
    for field in form:
        if isinstance(field, ChoiceField) and field.short_name == "metric":
            field.offer({"": "choose", **metrics})
        elif isinstance(field, ChoiceField) and field.short_name == "on":
            field.offer({TOTAL: "the whole", **parts})
        elif isinstance(field, ChoiceField):
            field.offer(dict(field.choices) if isinstance(field.choices, dict) else {})
        elif isinstance(field, RowsField):
            for row in field:
                offer(row.form, metrics, parts)


def parts_of(form: PlanForm) -> dict[str, str]:
    """The components that the form states: what gates and modifiers may work on."""
    rows = (row.form for row in form.components)
    return {str(row["id"].data): str(row["name"].data or row["id"].data) for row in rows if row["id"].data}


def prototypes() -> Iterator[tuple[str, Row]]:
    """An empty row of each list, under a name that a script replaces."""
    seen: set[str] = set()
    waiting: list[type[Form]] = [PlanForm]
    while waiting:
        for name, unbound in vars_of(waiting.pop()):
            if name not in seen:
                seen.add(name)
                waiting.append(unbound)
                made = unbound(formdata=None, data=NEW_ROWS.get(name, {}), prefix=f"@{name}@.@id@.")
                yield name, Row("@id@", made)


def vars_of(form: type[Form]) -> list[tuple[str, type[Form]]]:
    """The lists of a form by name, each with the form of its rows."""
    found = ((name, getattr(form, name)) for name in dir(form) if not name.startswith("_"))
    fields = ((name, each) for name, each in found if getattr(each, "field_class", None) is RowsField)
    return [(name, unbound.args[0]) for name, unbound in fields]


def field_at(form: Form, path: str) -> Field | None:
    """The field that a place in the document is edited in, or the list of rows that is meant; None for no place."""
    here, rows = form, None
    for step in steps(path):
        if rows is not None:
            place = row_of(rows.rows_data, rows.short_name, step)
            if place is None:
                return rows
            here, rows = rows.entries[place].form, None
        elif isinstance(step, str) and step in here:
            found = here[step]
            if not isinstance(found, RowsField):
                return found
            rows = found
        else:
            break
    return rows or (None if here is form else _first_of(here))


def _first_of(form: Form) -> Field | None:
    """The first field of a row that somebody can type into."""
    return next((field for field in form if not isinstance(field, RowsField)), None)
