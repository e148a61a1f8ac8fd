"""The document that a plan version is written as: read with all its problems, and written back."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from comp.curves import Axis, Curve, Point, Shape
from comp.documents import Fields, positive_percent
from comp.errors import Problem
from comp.figures import exact_text
from comp.money import exact, is_currency
from comp.plan import (
    TOTAL,
    UNIT,
    Component,
    Eligibility,
    Example,
    Fallback,
    Gate,
    Measure,
    Modifier,
    Plan,
    Reading,
    Scope,
    plan_problems,
)

Document = dict[str, object]
EVERYONE = "everyone"
"""How a document says that its plan is for the whole company."""

_PAIR = 2


def read_plan(document: object, path: str = "") -> tuple[Plan | None, list[Problem]]:
    """The plan that a document states, or None with every problem that stands against it.

    `path` comes before the place of each problem, for a plan inside a larger document.
    """
    problems: list[Problem] = []
    fields = Fields(document, problems, path)
    plan = _plan(fields)
    if not problems:
        problems += plan_problems(plan)
    return (None if problems else plan), problems


def _plan(fields: Fields) -> Plan:
    plan = Plan(
        id=fields.text("id"),
        name=fields.text("name"),
        starts=fields.day("starts"),
        scope=_scope(fields),
        quarter_shares=_quarter_shares(fields),
        pay_code=fields.text("pay_code", default=""),
        components=tuple(_component(each) for each in fields.each("components")),
        gates=tuple(_gate(each) for each in fields.each("gates")),
        modifiers=tuple(_modifier(each) for each in fields.each("modifiers")),
        cap=fields.optional("cap", positive_percent),
        eligibility=_eligibility(fields.inner("eligibility")),
        absences=_percents(fields.inner("absences")),
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
        id=fields.text("id"),
        name=fields.text("name", default="") or fields.text("id", default=""),
        share=fields.percent("share"),
        cap=fields.optional("cap", positive_percent),
        measures=tuple(_measure(each) for each in fields.each("measures")),
    )
    fields.finish()
    return component


def _measure(fields: Fields) -> Measure:
    measure = Measure(_reading(fields), fields.percent("weight"), _curve(fields.inner("curve")))
    fields.finish()
    return measure


def _gate(fields: Fields) -> Gate:
    otherwise = fields.inner("otherwise")
    gate = Gate(
        reading=_reading(fields),
        at_least=fields.optional("at_least", exact),
        at_most=fields.optional("at_most", exact),
        cap=otherwise.percent("cap"),
        on=otherwise.text("on", default=TOTAL),
    )
    otherwise.finish()
    fields.finish()
    return gate


def _modifier(fields: Fields) -> Modifier:
    modifier = Modifier(_reading(fields), _curve(fields.inner("curve"), _multiplier), fields.text("on", default=TOTAL))
    fields.finish()
    return modifier


def _reading(fields: Fields) -> Reading:
    standard = Reading("")
    return Reading(
        metric=fields.text("metric"),
        measured_at=fields.text("measured_at", default=UNIT),
        min_answers=fields.whole("min_answers", default=standard.min_answers),
        too_few=_too_few(fields) or standard.too_few,
        touchpoints=_percents(fields.inner("touchpoints")),
    )


def _too_few(fields: Fields) -> tuple[Fallback, ...]:
    chain = []
    for text in fields.texts("too_few"):
        try:
            chain.append(Fallback(text))
        except ValueError:
            fields.problem(f"{text!r} is not one of {', '.join(Fallback)}", "too_few")
    return tuple(chain)


def _curve(fields: Fields, read_height: Callable[[str], Fraction] = positive_percent) -> Curve:
    curve = Curve(
        points=_points(fields, read_height),
        shape=Shape(fields.choice("shape", list(Shape), default=Shape.LINEAR)),
        axis=Axis(fields.choice("x", list(Axis), default=Axis.SCORE)),
        below=fields.value("below", read_height, Fraction(0), default=Fraction(0)),
        extends=fields.choice("above", ["last", "extend"], default="last") == "extend",
    )
    fields.finish()
    return curve


def _points(fields: Fields, read_height: Callable[[str], Fraction]) -> tuple[Point, ...]:
    stated = fields.raw("points")
    if not isinstance(stated, list | tuple) or not stated:
        fields.problem("should be a list of points such as [40, 100%]", "points")
        return ()
    points = []
    for index, pair in enumerate(stated):
        try:
            points.append(_point(pair, read_height))
        except ValueError as error:
            fields.problem(str(error), f"points[{index}]", pair)
    return tuple(points)


def _point(pair: object, read_height: Callable[[str], Fraction]) -> Point:
    if not isinstance(pair, list | tuple) or len(pair) != _PAIR:
        raise ValueError("a point is a score and an attainment, such as [40, 100%]")
    if any(isinstance(part, float) for part in pair):
        raise ValueError("write the numbers as text: a floating-point number is not exact")
    return exact(str(pair[0])), read_height(str(pair[1]))


def _multiplier(text: str) -> Fraction:
    """What a modifier's curve gives: `110%` and `1.1` both multiply by eleven tenths."""
    return positive_percent(text) if text.strip().endswith("%") else exact(text)


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


def _percents(fields: Fields) -> tuple[tuple[str, Fraction], ...]:
    return tuple((name, fields.percent(name)) for name, _ in fields.entries())


def _example(fields: Fields) -> Example:
    target, currency = fields.value("target", _amount, (Fraction(0), ""))
    pays, paid_currency = fields.value("pays", _amount, (Fraction(0), currency))
    if paid_currency != currency:
        fields.problem(f"is in {paid_currency}, the target in {currency}", "pays")
    example = Example(
        name=fields.text("name"),
        scores=_numbers(fields.inner("scores")),
        targets=_numbers(fields.inner("targets")),
        target=target,
        pays=pays,
        currency=currency,
    )
    fields.finish()
    return example


def _numbers(fields: Fields) -> tuple[tuple[str, Fraction], ...]:
    return tuple((name, fields.number(name)) for name, _ in fields.entries())


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
        "quarter_shares": {f"Q{n}": _percent(share) for n, share in enumerate(plan.quarter_shares, start=1)},
        "pay_code": plan.pay_code,
        "components": [_written_component(component) for component in plan.components],
        "gates": [_written_gate(gate) for gate in plan.gates],
        "modifiers": [_written_modifier(modifier) for modifier in plan.modifiers],
        "cap": _percent(plan.cap),
        "eligibility": _written_eligibility(plan.eligibility),
        "absences": {kind: _percent(counted) for kind, counted in plan.absences},
        "elsewhere": _percent(plan.elsewhere),
        "examples": [_written_example(example) for example in plan.examples],
    }
    return _stated(document)


def _written_scope(scope: Scope | None) -> object:
    if scope == Scope():
        return EVERYONE
    grades = list(scope.grades) if scope and scope.grades is not None else None
    return _stated({"units": list(scope.units), "grades": grades}) if scope else None


def _written_component(component: Component) -> Document:
    return _stated(
        {
            "id": component.id,
            "name": component.name,
            "share": _percent(component.share),
            "cap": _percent(component.cap),
            "measures": [
                _stated(
                    {
                        "metric": measure.reading.metric,
                        "weight": _percent(measure.weight),
                        **_written_reading(measure.reading),
                        "curve": _written_curve(measure.curve),
                    }
                )
                for measure in component.measures
            ],
        }
    )


def _written_gate(gate: Gate) -> Document:
    return _stated(
        {
            "metric": gate.reading.metric,
            "at_least": _number(gate.at_least),
            "at_most": _number(gate.at_most),
            "otherwise": {"cap": _percent(gate.cap), "on": gate.on},
            **_written_reading(gate.reading),
        }
    )


def _written_modifier(modifier: Modifier) -> Document:
    reading = _written_reading(modifier.reading)
    curve = _written_curve(modifier.curve)
    return _stated({"metric": modifier.reading.metric, "on": modifier.on, **reading, "curve": curve})


def _written_reading(reading: Reading) -> Document:
    return {
        "measured_at": reading.measured_at,
        "min_answers": str(reading.min_answers),
        "too_few": [str(fallback) for fallback in reading.too_few],
        "touchpoints": {touchpoint: _percent(share) for touchpoint, share in reading.touchpoints},
    }


def _written_curve(curve: Curve) -> Document:
    return _stated(
        {
            "shape": str(curve.shape),
            "x": str(curve.axis),
            "points": [[_number(x), _percent(attainment)] for x, attainment in curve.points],
            "below": _percent(curve.below) if curve.below else None,
            "above": "extend" if curve.extends else None,
        }
    )


def _written_eligibility(eligibility: Eligibility) -> Document:
    return _stated(
        {
            "minimum_days": str(eligibility.minimum_days),
            "on_last_day": "true" if eligibility.on_last_day else "false",
            "leavers": dict.fromkeys(sorted(eligibility.prorated_leavers), "prorate"),
        }
    )


def _written_example(example: Example) -> Document:
    return _stated(
        {
            "name": example.name,
            "scores": {metric: _number(score) for metric, score in example.scores},
            "targets": {metric: _number(target) for metric, target in example.targets},
            "target": f"{_number(example.target)} {example.currency}",
            "pays": f"{_number(example.pays)} {example.currency}",
        }
    )


def _stated(document: Mapping[str, object]) -> Document:
    return {key: value for key, value in document.items() if value not in (None, "", [], {})}


def _percent(ratio: Fraction | None) -> str | None:
    return None if ratio is None else f"{exact_text(ratio * 100)}%"


def _number(value: Fraction | None) -> str | None:
    return None if value is None else exact_text(value)
