"""The weightings of a plan."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

from flask_wtf import FlaskForm
from wtforms import DateField, Field, HiddenField
from wtforms.validators import InputRequired

from comp.explain_unit import UnitExplainer
from comp.plan import Component, Plan
from comp.versions import Version
from web.forms.numbers import ShareField


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
        if not isinstance(field, ShareField) or field.ratio is None:
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
        fields[share_name(component)] = ShareField(f"Share of {component.name}")
        values[share_name(component)] = component.share
        for place, measure in enumerate(component.measures):
            name = weight_name(component, place)
            fields[name] = ShareField(f"Weight of {names.metric(measure.reading.metric)} in {component.name}")
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
