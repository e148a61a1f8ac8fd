"""What differs between two versions of a plan, part by part and in words: nothing only where they are equal."""

from collections.abc import Hashable, Iterator, Sequence
from fractions import Fraction
from functools import partial

from comp.figures import counted, day_text
from comp.plan import Component, Eligibility, Example, Gate, Measure, Modifier, Plan, Scope
from comp.plan_words import Names, example_sentence, follows, listed, number, part_name, percent
from comp.rule_changes import (
    Change,
    curve_changes,
    differs,
    one_sided,
    order,
    paired,
    points_text,
    reading_changes,
    share_changes,
    told_apart,
)

_NONE = "none"
_PLAN, _WHOM, _GATES, _MODIFIERS = "The plan", "Whom it pays", "Conditions", "Multipliers"
_ELIGIBILITY, _ABSENCES, _EXAMPLES = "Joining and leaving", "Absence", "Worked examples"


def changes(before: Plan, after: Plan, names: Names) -> tuple[Change, ...]:
    """Every difference between two versions, in the order in which a plan is read."""
    return (
        *_heads(before, after),
        *_scopes(before.scope, after.scope, names),
        *_components(before.components, after.components, names),
        *_rules(_GATES, "the condition", before, after, Gate, names),
        *_rules(_MODIFIERS, "the multiplier", before, after, Modifier, names),
        *_eligibility(before.eligibility, after.eligibility),
        *share_changes(_ABSENCES, "a day of {}", before.absences, after.absences),
        *_examples(before.examples, after.examples, names),
    )


def _capped(cap: Fraction | None) -> str:
    return _NONE if cap is None else percent(cap)


def _heads(before: Plan, after: Plan) -> Iterator[Change]:
    yield from differs(_PLAN, "id", before.id, after.id, str)
    yield from differs(_PLAN, "name", before.name, after.name, str)
    yield from differs(_PLAN, "pays from", before.starts, after.starts, day_text)
    for place, pair in enumerate(zip(before.quarter_shares, after.quarter_shares, strict=True), start=1):
        yield from differs(_PLAN, f"share of quarter {place}", *pair, percent)
    yield from differs(_PLAN, "calculated elsewhere", before.elsewhere, after.elsewhere, percent)
    yield from differs(_PLAN, "cap", before.cap, after.cap, _capped)
    yield from differs(_PLAN, "pay code", before.pay_code, after.pay_code, lambda code: code or _NONE)


def _scopes(before: Scope | None, after: Scope | None, names: Names) -> Iterator[Change]:
    def units(scope: Scope | None) -> str:
        if scope is None:
            return "nobody stated"
        return listed(names.unit(code) for code in scope.units) or "the whole company"

    def places(scope: Scope | None) -> tuple[str, ...] | None:
        return scope.units if scope else None

    if places(before) != places(after):
        yield Change(_WHOM, "units", *told_apart(units(before), units(after), places(before), places(after)))
    old, new = (scope.grades if scope else None for scope in (before, after))
    yield from differs(_WHOM, "grades", old, new, lambda held: "all" if held is None else listed(held))


def _components(before: Sequence[Component], after: Sequence[Component], names: Names) -> Iterator[Change]:
    pairs, is_reordered = paired(before, after, lambda each: each.id)
    for old, new in pairs:
        if old is None or new is None:
            yield from one_sided("the part", old, new, lambda each: each.name, lambda each: _component(each, names))
        else:
            yield from _component_changes(old, new, names)
    if is_reordered:
        yield order(_PLAN, "order of parts", *([each.name for each in side] for side in (before, after)))


def _component(component: Component, names: Names) -> str:
    measures = listed(f"{percent(each.weight)} {names.metric(each.reading.metric)}" for each in component.measures)
    return f"{percent(component.share)} of variable pay, of which {measures}"


def _component_changes(old: Component, new: Component, names: Names) -> Iterator[Change]:
    yield from differs(new.name, "name", old.name, new.name, str)
    yield from differs(new.name, "share", old.share, new.share, percent)
    yield from differs(new.name, "cap", old.cap, new.cap, _capped)
    pairs, is_reordered = paired(old.measures, new.measures, lambda each: each.reading.metric)
    for before, after in pairs:
        if before is None or after is None:
            yield from one_sided("the measure", before, after, lambda _: new.name, lambda each: _measure(each, names))
        else:
            yield from _measure_changes(new.name, before, after, names)
    if is_reordered:
        sides = ([names.metric(each.reading.metric) for each in side.measures] for side in (old, new))
        yield order(new.name, "order of measures", *sides)


def _measure(measure: Measure, names: Names) -> str:
    return f"{percent(measure.weight)} {follows(measure.reading, names)}; {points_text(measure.curve.points)}"


def _measure_changes(part: str, old: Measure, new: Measure, names: Names) -> Iterator[Change]:
    metric = names.metric(new.reading.metric)
    yield from differs(part, f"weight of {metric}", old.weight, new.weight, percent)
    yield from reading_changes(part, metric, old.reading, new.reading, names)
    yield from curve_changes(part, metric, old.curve, new.curve)


def _rules(
    part: str, what: str, before: Plan, after: Plan, kind: type[Gate] | type[Modifier], names: Names
) -> Iterator[Change]:
    sides = [[rule for rule in plan.rules if isinstance(rule, kind)] for plan in (before, after)]
    pairs, is_reordered = paired(sides[0], sides[1], _on)
    for old, new in pairs:
        if old and new:
            yield from _rule_changes(part, _named(after, new, names), old, new, names)
        else:
            plan = before if old else after
            yield from one_sided(what, old, new, lambda _: part, partial(_rule, plan, names))
    if is_reordered:
        both = zip((before, after), sides, strict=True)
        yield order(part, "order", *([_named(plan, rule, names) for rule in side] for plan, side in both))


def _on(rule: Gate | Modifier) -> Hashable:
    return rule.reading.metric, rule.on


def _named(plan: Plan, rule: Gate | Modifier, names: Names) -> str:
    return f"{names.metric(rule.reading.metric)} for {part_name(plan, rule.on)}"


def _rule(plan: Plan, names: Names, rule: Gate | Modifier) -> str:
    if isinstance(rule, Modifier):
        return f"{_named(plan, rule, names)}; {points_text(rule.curve.points)}"
    limits = [f"at least {number(rule.at_least)}"] if rule.at_least is not None else []
    limits += [f"at most {number(rule.at_most)}"] if rule.at_most is not None else []
    return f"{_named(plan, rule, names)} {' and '.join(limits)}, otherwise at most {percent(rule.cap)}"


def _rule_changes(part: str, name: str, old: Gate | Modifier, new: Gate | Modifier, names: Names) -> Iterator[Change]:
    if isinstance(old, Gate) and isinstance(new, Gate):
        yield from differs(part, f"{name} at least", old.at_least, new.at_least, _limit)
        yield from differs(part, f"{name} at most", old.at_most, new.at_most, _limit)
        yield from differs(part, f"{name}, otherwise at most", old.cap, new.cap, percent)
    if isinstance(old, Modifier) and isinstance(new, Modifier):
        yield from curve_changes(part, name, old.curve, new.curve)
    yield from reading_changes(part, name, old.reading, new.reading, names)


def _limit(value: Fraction | None) -> str:
    return _NONE if value is None else number(value)


def _eligibility(old: Eligibility, new: Eligibility) -> Iterator[Change]:
    days = "fewest employed days"
    yield from differs(_ELIGIBILITY, days, old.minimum_days, new.minimum_days, lambda count: counted(count, "day"))
    last = ("not asked for", "asked for")
    yield from differs(
        _ELIGIBILITY, "employed on the last day", old.on_last_day, new.on_last_day, lambda asked: last[asked]
    )
    leavers = "reasons of leaving that pay until the last day"
    yield from differs(
        _ELIGIBILITY, leavers, old.prorated_leavers, new.prorated_leavers, lambda kept: listed(sorted(kept)) or _NONE
    )


def _examples(before: Sequence[Example], after: Sequence[Example], names: Names) -> Iterator[Change]:
    def told(example: Example) -> str:
        return example_sentence(example, names)

    pairs, is_reordered = paired(before, after, lambda each: each.name)
    for old, new in pairs:
        example = new or old
        what = f"“{example.name if example else ''}”"
        if old is None or new is None:
            yield from one_sided(what, old, new, lambda _: _EXAMPLES, told)
        elif _figures(old) != _figures(new):
            yield Change(_EXAMPLES, what, told(old), told(new))
    if is_reordered:
        yield order(_EXAMPLES, "order", *([each.name for each in side] for side in (before, after)))


def _figures(example: Example) -> object:
    return dict(example.scores), dict(example.targets), example.target, example.pays, example.currency
