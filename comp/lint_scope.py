"""Checks of whom a plan pays and from when: rivals, units without people or targets, quarters that are over."""

from collections.abc import Iterator, Sequence

from comp.curves import Axis
from comp.figures import counted, day_text, listed
from comp.findings import Finding
from comp.lint_grounds import Grounds
from comp.plan import Plan
from comp.plan_places import curves, field


def overlapping_scopes(grounds: Grounds) -> Iterator[Finding]:
    """Published plans that fit the same people at the same place on the same days."""
    place, version = field("applies_to"), grounds.plan.version
    told: set[str] = set()
    for days, clash, people in grounds.overlaps:
        others = [other for other in clash.plans if other != version]
        told.update(others)
        what = (
            f"{listed(others)} {'pays' if len(others) == 1 else 'pay'} {clash.place} too. From {day_text(days.start)} "
            f"on neither would decide, and {counted(people, 'payout')} would be held."
        )
        change = "Narrow the units or grades of one of them, or start this version under the other's id."
        yield place.error("scope-overlap", what, change)
    for other, where in _rivals(grounds):
        if other.version not in told:
            what = (
                f"{other.version} pays {where} too, for the same grades. Nobody is in both now; whoever comes is held."
            )
            change = "Narrow the units or grades of one of them."
            yield place.warning("scope-overlap", what, change)


def _rivals(grounds: Grounds) -> Iterator[tuple[Plan, str]]:
    """The plans of other ids that are in force beside this one and fit at one of its places, each with that place."""
    plan = grounds.plan
    beside = {other for span in grounds.scopes.spans for other in grounds.scopes.in_force(span) if other.id != plan.id}
    for other in sorted(beside, key=lambda other: other.version):
        shared = sorted(set(plan.people.units) & set(other.people.units))
        both_everywhere = not plan.people.units and not other.people.units
        if (shared or both_everywhere) and _share_grades(plan, other):
            yield other, f"unit {shared[0]}" if shared else "the whole company"


def _share_grades(one: Plan, other: Plan) -> bool:
    return any(other.people.fits(grade) for grade in one.people.grades or other.people.grades or ("",))


def nobody(grounds: Grounds) -> Iterator[Finding]:
    """Units that the plan names and in which it pays nobody. Silent while the company has no people at all."""
    if not grounds.facts.people:
        return
    for number, unit in enumerate(grounds.plan.people.units):
        if unit in grounds.organisation and not _pays_below(grounds, unit):
            what = f"{unit} and the units below it have nobody whom the plan would pay from {grounds.plan.starts} on."
            change = "Import its people, correct the grades, or leave the unit out."
            yield field("applies_to").at(f"units[{number}]").warning("nobody", what, change)
    if not grounds.plan.people.units and not grounds.people:
        what = f"The plan would pay nobody from {grounds.plan.starts} on: other plans decide for everybody."
        yield field("applies_to").warning("nobody", what, "Name the units and grades that it is for.")


def _pays_below(grounds: Grounds, unit: str) -> bool:
    held = {overlap.clash.place for overlap in grounds.overlaps}
    below = (place for place, _ in grounds.organisation.from_bottom(unit))
    return f"unit {unit}" in held or any(place in grounds.people for place in below)


def missing_targets(grounds: Grounds) -> Iterator[Finding]:
    """Curves that are read from the target where units have none, or none that a percentage can be taken of."""
    quarter = max(grounds.first_quarter, grounds.latest)
    targets = grounds.targets_of(quarter)
    for place, reading, curve, _ in curves(grounds.plan):
        if curve.axis is Axis.SCORE:
            continue
        known = {unit: targets.find(reading.metric, unit) for unit in grounds.places(reading)}
        without = sorted(unit for unit, target in known.items() if target is None)
        if without:
            what = f"{listed(without)} {_have(without)} no target of {reading.metric} for {quarter}: people are held."
            change = "Import the targets, or read the curve by score (`x: score`)."
            yield place.at("x").warning("no-target", what, change)
        zero = sorted(unit for unit, target in known.items() if target is not None and target <= 0)
        if zero and curve.axis is Axis.PERCENT_OF_TARGET:
            what = (
                f"{listed(zero)} {_have(zero)} a target of {reading.metric} of 0 or less: no percentage can be taken."
            )
            yield place.at("x").warning("no-target", what, "Use `x: points_from_target`, or set targets above 0.")


def odd_quarters(grounds: Grounds) -> Iterator[Finding]:
    """Quarters in which nothing can be earned."""
    for number, share in enumerate(grounds.plan.quarter_shares, start=1):
        if not share:
            what = f"Nothing can be earned in Q{number}: its share of the year is 0\u202f%."
            change = "If that is meant, say so when you submit the plan; else give every quarter a share."
            yield field("quarter_shares").at(f"Q{number}").warning("quarter-shares", what, change)


def calculated_already(grounds: Grounds) -> Iterator[Finding]:
    """A version that starts in a quarter that has been calculated without it."""
    if grounds.plan in grounds.facts.published:
        return
    quarter = grounds.first_quarter
    late = sorted(done for done in grounds.facts.calculated if done >= quarter)
    if late:
        what = (
            f"The plan starts in {quarter}, and {listed([str(done) for done in late])} {_have(late)} been calculated."
        )
        change = "Start it with a quarter that is still open, or know that these quarters need another run."
        yield field("starts").warning("starts-in-calculated-quarter", what, change)


def _have(names: Sequence[object]) -> str:
    return "has" if len(names) == 1 else "have"
