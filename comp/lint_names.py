"""Checks of what a plan names, and of what it lacks that it cannot pay without."""

from collections.abc import Iterator

from comp.findings import Finding
from comp.lint_grounds import Grounds
from comp.plan import PARENT, PERSON, TOP, UNIT, Plan
from comp.plan_places import field, readings

_GENERAL = {UNIT, PARENT, TOP, PERSON}


def unknown_names(grounds: Grounds) -> Iterator[Finding]:
    """Metrics and units that the company does not have."""
    codes = {unit.code for unit in grounds.facts.units}
    for place, reading in readings(grounds.plan):
        if reading.metric not in grounds.metrics:
            what = f"{reading.metric!r} is not a known metric."
            change = "Import its definition first, or correct the name."
            yield place.at("metric").error("unknown-metric", what, change)
        if reading.measured_at not in _GENERAL | codes:
            yield place.at("measured_at").error("unknown-unit", *_no_unit(reading.measured_at))
    for number, code in enumerate(grounds.plan.people.units):
        if code not in codes:
            place = field("applies_to")
            yield place.at(f"units[{number}]").error("unknown-unit", *_no_unit(code))


def _no_unit(code: str) -> tuple[str, str]:
    return f"{code!r} is not a unit.", "Import the units first, or correct the code."


def completeness(plan: Plan) -> Iterator[Finding]:
    """What a plan lacks that it cannot pay without, whatever the company."""
    if plan.scope is None:
        change = "Name units (`applies_to: {units: [SERVICE]}`), or write `applies_to: everyone` for the whole company."
        yield field("applies_to").error("no-scope", "The plan does not say whom it pays.", change)
    if not plan.pay_code:
        what = "The plan has no pay code, so payroll could not book its payouts."
        yield field("pay_code").error("no-pay-code", what, "State the code under which payroll books it.")
