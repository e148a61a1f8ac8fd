"""What came late: by what the facts of a quarter differ from those that its pay was calculated from."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import NamedTuple

from comp.facts import Assignment, Facts, Person
from comp.periods import Span

_NAMED = 5


class LateKind(StrEnum):
    """What kind of thing is not what it was."""

    SCORES = "scores"
    TARGETS = "targets"
    PLANS = "plan versions"
    DEFINITIONS = "metrics"
    UNITS = "units"
    ASSIGNMENTS = "assignments"
    EMPLOYMENT = "employment"
    ABSENCES = "absences"
    OWN_RESULTS = "own results"


class Late(NamedTuple):
    """Everything of one kind that differs: how many things, and the first of them by their codes or numbers."""

    kind: LateKind
    total: int
    named: tuple[str, ...]


def late_data(old: Facts, new: Facts, days: Span) -> tuple[Late, ...]:
    """By what two states of a quarter's facts differ. `days` are the quarter's: what lies beyond them pays nothing."""
    was, now = ({person.employee: person for person in facts.people} for facts in (old, new))
    found = {
        LateKind.SCORES: _differing(*(_results(facts) for facts in (old, new))),
        LateKind.TARGETS: _differing(*(_targets(facts) for facts in (old, new))),
        LateKind.PLANS: _differing(*({plan.version: plan for plan in facts.plans} for facts in (old, new))),
        LateKind.DEFINITIONS: _differing(*({metric.id: metric for metric in facts.metrics} for facts in (old, new))),
        LateKind.UNITS: _differing(*({unit.code: (unit.parent,) for unit in facts.units} for facts in (old, new))),
        LateKind.EMPLOYMENT: _differing(_part(was, _employment(days)), _part(now, _employment(days))),
        LateKind.ASSIGNMENTS: _differing(_part(was, _assigned(days)), _part(now, _assigned(days))),
        LateKind.ABSENCES: _differing(_part(was, _absent(days)), _part(now, _absent(days))),
        LateKind.OWN_RESULTS: _differing(_part(was, _own_results), _part(now, _own_results)),
    }
    return tuple(Late(kind, len(names), tuple(names[:_NAMED])) for kind, names in found.items() if names)


def _differing(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def _results(facts: Facts) -> dict[str, object]:
    """Each unit's samples and values of a metric and quarter, whatever their order."""
    found: dict[str, list[object]] = {}
    for each in facts.results:
        found.setdefault(f"{each.unit} {each.metric} {each.quarter}", []).append(each)
    return {name: frozenset(own) for name, own in found.items()}


def _targets(facts: Facts) -> dict[str, object]:
    return {f"{each.unit} {each.metric} {each.period}": each.target for each in facts.targets}


def _part(people: Mapping[str, Person], of: Callable[[Person], object]) -> dict[str, object]:
    """One part of everybody; who has nothing of it is as somebody who is not there."""
    parts = ((employee, of(person)) for employee, person in people.items())
    return {employee: part for employee, part in parts if part}


def _employment(days: Span) -> Callable[[Person], object]:
    return lambda person: (person.employment.meet(days), person.leaving_reason)


def _assigned(days: Span) -> Callable[[Person], object]:
    return lambda person: tuple(sorted(map(repr, _within(person.assignments, days))))


def _within(assignments: Iterable[Assignment], days: Span) -> Iterator[Assignment]:
    """The assignments as far as they lie in the quarter. Managers and cost centres only say where pay is booked."""
    for each in assignments:
        span = each.span.meet(days)
        if span.days:
            yield replace(each, span=span, manager="", cost_centre="")


def _absent(days: Span) -> Callable[[Person], object]:
    def absent(person: Person) -> object:
        cut = ((each.span.meet(days), each.kind) for each in person.absences)
        return tuple(sorted(each for each in cut if each[0].days))

    return absent


def _own_results(person: Person) -> object:
    return tuple(sorted((each.quarter, each.metric, each.value) for each in person.results))
