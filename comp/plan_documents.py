"""The document that a plan version is written as: read with all its problems, and written back."""

from fractions import Fraction

from comp.documents import Fields, positive_percent
from comp.errors import Problem
from comp.money import exact, is_currency
from comp.plan import Component, Eligibility, Example, Measure, Plan, Scope
from comp.plan_problems import plan_problems
from comp.rule_documents import (
    number_or_none,
    only_stated,
    percent_or_none,
    read_curve,
    read_gate,
    read_modifier,
    read_reading,
    write_curve,
    write_gate,
    write_modifier,
    write_reading,
)

Document = dict[str, object]
EVERYONE = "everyone"
"""How a document says that its plan is for the whole company."""


def read_plan(document: object, path: str = "") -> tuple[Plan | None, list[Problem]]:
    """The plan that a document states, or None with every problem that stands against it.

    `path` comes before the place of each problem, for a plan inside a larger document.
    """
    plan, problems = read_unchecked_plan(document, path)
    if plan:
        problems += [finding.problem for finding in plan_problems(plan)]
    return (None if problems else plan), problems


def read_unchecked_plan(document: object, path: str = "") -> tuple[Plan | None, list[Problem]]:
    """The plan that a document states, however little its parts fit together; None where one cannot be read."""
    problems: list[Problem] = []
    plan = _plan(Fields(document, problems, path))
    return (None if problems else plan), problems


def _plan(fields: Fields) -> Plan:
    plan = Plan(
        id=fields.identifier("id"),
        name=fields.text("name"),
        starts=fields.day("starts"),
        scope=_scope(fields),
        quarter_shares=_quarter_shares(fields),
        pay_code=fields.text("pay_code", default=""),
        components=tuple(_component(each) for each in fields.each("components")),
        gates=tuple(read_gate(each) for each in fields.each("gates")),
        modifiers=tuple(read_modifier(each) for each in fields.each("modifiers")),
        cap=fields.optional("cap", positive_percent),
        eligibility=_eligibility(fields.inner("eligibility")),
        absences=fields.percents("absences"),
        elsewhere=fields.percent("elsewhere", default=Fraction(0)),
        examples=tuple(_example(each) for each in fields.each("examples")),
    )
    fields.finish()
    return plan


def _scope(fields: Fields) -> Scope | None:
    if not fields.has("applies_to"):
        return None
    if fields.raw("applies_to") == EVERYONE:
        return Scope()
    inner = fields.inner("applies_to")
    grades = inner.texts("grades") if inner.has("grades") else None
    if grades == ():
        inner.problem("names no grade; leave the field out for all grades", "grades")
    scope = Scope(inner.texts("units"), grades)
    inner.finish()
    if not scope.units and scope.grades is None:
        return None
    return scope


def _quarter_shares(fields: Fields) -> tuple[Fraction, ...]:
    inner = fields.inner("quarter_shares")
    stated = fields.has("quarter_shares")
    shares = tuple(inner.percent(f"Q{n}", default=Fraction(0) if stated else Fraction(1, 4)) for n in range(1, 5))
    inner.finish()
    return shares


def _component(fields: Fields) -> Component:
    component = Component(
        id=fields.identifier("id"),
        name=fields.text("name", default="") or fields.text("id", default=""),
        share=fields.percent("share"),
        cap=fields.optional("cap", positive_percent),
        measures=tuple(_measure(each) for each in fields.each("measures")),
    )
    fields.finish()
    return component


def _measure(fields: Fields) -> Measure:
    measure = Measure(read_reading(fields), fields.percent("weight"), read_curve(fields.inner("curve")))
    fields.finish()
    return measure


def _eligibility(fields: Fields) -> Eligibility:
    leavers = fields.inner("leavers")
    treatments = {reason: str(treatment) for reason, treatment in leavers.entries()}
    for reason, treatment in treatments.items():
        if treatment not in {"prorate", "forfeit"}:
            leavers.problem("is neither prorate nor forfeit", reason, treatment)
    eligibility = Eligibility(
        minimum_days=fields.whole("minimum_days", default=0),
        on_last_day=fields.flag("on_last_day", default=False),
        prorated_leavers=frozenset(reason for reason, treatment in treatments.items() if treatment == "prorate"),
    )
    fields.raw("leavers")
    fields.finish()
    return eligibility


def _example(fields: Fields) -> Example:
    target, currency = fields.value("target", _amount, (Fraction(0), ""))
    pays, paid_currency = fields.value("pays", _amount, (Fraction(0), currency))
    if paid_currency != currency:
        fields.problem(f"is in {paid_currency}, the target in {currency}", "pays")
    example = Example(
        name=fields.text("name"),
        scores=fields.numbers("scores"),
        targets=fields.numbers("targets"),
        target=target,
        pays=pays,
        currency=currency,
    )
    fields.finish()
    return example


def _amount(text: str) -> tuple[Fraction, str]:
    number, _, currency = text.partition(" ")
    if not is_currency(currency.strip()):
        raise ValueError(f"{text!r} is not an amount with its currency, such as 1000.00 EUR")
    return exact(number), currency.strip()


def write_plan(plan: Plan) -> Document:
    """The document of a plan, with every field that says something, in the order in which people read it."""
    document: Document = {
        "id": plan.id,
        "name": plan.name,
        "starts": str(plan.starts),
        "applies_to": _written_scope(plan.scope),
        "quarter_shares": {f"Q{n}": percent_or_none(share) for n, share in enumerate(plan.quarter_shares, start=1)},
        "pay_code": plan.pay_code,
        "components": [_written_component(component) for component in plan.components],
        "gates": [write_gate(gate) for gate in plan.gates],
        "modifiers": [write_modifier(modifier) for modifier in plan.modifiers],
        "cap": percent_or_none(plan.cap),
        "eligibility": _written_eligibility(plan.eligibility),
        "absences": {kind: percent_or_none(counted) for kind, counted in plan.absences},
        "elsewhere": percent_or_none(plan.elsewhere),
        "examples": [_written_example(example) for example in plan.examples],
    }
    return only_stated(document)


def _written_scope(scope: Scope | None) -> object:
    if scope == Scope():
        return EVERYONE
    grades = list(scope.grades) if scope and scope.grades is not None else None
    return only_stated({"units": list(scope.units), "grades": grades}) if scope else None


def _written_component(component: Component) -> Document:
    return only_stated(
        {
            "id": component.id,
            "name": component.name,
            "share": percent_or_none(component.share),
            "cap": percent_or_none(component.cap),
            "measures": [
                only_stated(
                    {
                        "metric": measure.reading.metric,
                        "weight": percent_or_none(measure.weight),
                        **write_reading(measure.reading),
                        "curve": write_curve(measure.curve),
                    }
                )
                for measure in component.measures
            ],
        }
    )


def _written_eligibility(eligibility: Eligibility) -> Document:
    return only_stated(
        {
            "minimum_days": str(eligibility.minimum_days),
            "on_last_day": "true" if eligibility.on_last_day else "false",
            "leavers": dict.fromkeys(sorted(eligibility.prorated_leavers), "prorate"),
        }
    )


def _written_example(example: Example) -> Document:
    return only_stated(
        {
            "name": example.name,
            "scores": {metric: number_or_none(score) for metric, score in example.scores},
            "targets": {metric: number_or_none(target) for metric, target in example.targets},
            "target": f"{number_or_none(example.target)} {example.currency}",
            "pays": f"{number_or_none(example.pays)} {example.currency}",
        }
    )
