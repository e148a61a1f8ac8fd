"""The weightings of a plan."""

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField, StringField
from wtforms.validators import InputRequired, ValidationError

from comp.explain_unit import UnitExplainer
from comp.figures import decimal_text
from comp.plan import Component, Plan
from comp.versions import Version

_PERCENT = re.compile(r"\d{1,3}(\.\d{1,6})?\s*%?", re.ASCII)
_WHOLE = Fraction(1)


class PercentField(StringField):
    """A percentage typed as `40`, `40 %` or `12.5%`, read exactly; nothing else is taken for a number."""

    ratio: Fraction | None = None

    def process_data(self, value: object) -> None:
        """Show a ratio as a percentage."""
        self.ratio = value if isinstance(value, Fraction) else None
        self.data = "" if self.ratio is None else decimal_text(self.ratio * 100, 6)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; a field that did not come back holds nothing, rather than what it held before."""
        self.data = valuelist[0] if valuelist else ""
        text = self.data.strip()
        self.ratio = Fraction(text.rstrip("% ")) / 100 if _PERCENT.fullmatch(text) else None

    def pre_validate(self, _form: object) -> None:
        """Refuse what is no percentage from 0 to 100."""
        if self.ratio is None or self.ratio > _WHOLE:
            raise ValidationError("Type a percentage from 0 to 100, such as 40 or 12.5.")


class SeenField(HiddenField):
    """The fingerprint of what a form was made of. A form that comes back without one saw nothing."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what came back, and nothing else."""
        self.data = valuelist[0] if valuelist else ""


class WeightingsForm(FlaskForm):
    """The start of a version; `weightings_form` adds the shares and weights of a plan."""

    seen = SeenField()
    starts = DateField("Pays from", [InputRequired("Type the day from which the version pays.")])

    def ratio(self, name: str) -> Fraction:
        """What was typed into a percentage field. Only for a form that validated."""
        field = self[name]
        if not isinstance(field, PercentField) or field.ratio is None:
            raise ValueError(f"{name} holds no percentage")
        return field.ratio


def share_name(component: Component) -> str:
    """The name of the field with a component's share."""
    return f"share-{component.id}"


def weight_name(component: Component, place: int) -> str:
    """The name of the field with the weight of a component's measure."""
    return f"weight-{component.id}-{place}"


def weightings_form(version: Version, names: UnitExplainer, starts: date) -> WeightingsForm:
    """A form with a field for each share and each weight of a version, filled from it and then from what was posted."""
    fields: dict[str, Field] = {}
    values: dict[str, object] = {"starts": starts, "seen": version.fingerprint}
    for component in version.plan.components:
        fields[share_name(component)] = PercentField(f"Share of {component.name}")
        values[share_name(component)] = component.share
        for place, measure in enumerate(component.measures):
            name = weight_name(component, place)
            fields[name] = PercentField(f"Weight of {names.metric(measure.reading.metric)} in {component.name}")
            values[name] = measure.weight
    made = type("PlanWeightingsForm", (WeightingsForm,), fields)(data=values)
    assert isinstance(made, WeightingsForm)  # noqa: S101 - what the line above made
    return made


def reweighed(plan: Plan, form: WeightingsForm) -> Plan:
    """The plan with what the form states. Only for a form that validated."""
    components = (
        replace(
            component,
            share=form.ratio(share_name(component)),
            measures=tuple(
                replace(measure, weight=form.ratio(weight_name(component, place)))
                for place, measure in enumerate(component.measures)
            ),
        )
        for component in plan.components
    )
    return replace(plan, starts=form.starts.data or plan.starts, components=tuple(components))
