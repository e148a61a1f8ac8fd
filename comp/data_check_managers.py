"""Checks of the tree of managers, as it stands on the quarter's last day: the tree in which payouts are reviewed."""

from collections.abc import Iterator

from comp.data_check_grounds import Grounds
from comp.data_findings import Check, Concerned, DataFinding, Mend, MendKind, Place, PlaceKind, Stop
from comp.facts import Person
from comp.figures import day_text
from comp.stretches import Presence

_PEOPLE = Mend(MendKind.IMPORT, "people")


def check_managers(grounds: Grounds) -> Iterator[DataFinding]:
    """Circles of managers, managers whom nobody knows, and managers who left while their people stayed."""
    above = {
        person.employee: manager for person, presence in grounds.present if (manager := _manager(person, presence))
    }
    people = {person.employee: (person, presence) for person, presence in grounds.present}
    for circle in _circles(above):
        yield _circle([people[employee][0] for employee in circle])
    below: dict[str, list[tuple[Person, Presence]]] = {}
    for employee, manager in above.items():
        below.setdefault(manager, []).append(people[employee])
    for manager, team in sorted(below.items()):
        if manager not in people:
            yield _nobody(grounds, manager, [person for person, _ in team])
        elif people[manager][1].left:
            stay = [person for person, presence in team if not presence.left]
            yield from [_left(people[manager], stay)] if stay else []


def _manager(person: Person, presence: Presence) -> str:
    """The manager on the last of the quarter's days on which somebody is employed; empty for none."""
    last = presence.days.last
    return next((each.manager for each in person.assignments if last in each.span), "")


def _circles(above: dict[str, str]) -> Iterator[list[str]]:
    """Every circle once, from its lowest number on. Everybody has one manager, so a walk up ends or goes round."""
    done: set[str] = set()
    for start in above:
        trail: dict[str, None] = {}
        here = start
        while here in above and here not in done and here not in trail:
            trail[here] = None
            here = above[here]
        if here in trail:
            circle = list(trail)[list(trail).index(here) :]
            first = circle.index(min(circle))
            yield circle[first:] + circle[:first]
        done.update(trail)


def _circle(people: list[Person]) -> DataFinding:
    way = " under ".join([*(person.employee for person in people), people[0].employee])
    change = "Import one of them with another manager on the quarter's last day, so that each team has one reviewer."
    place = Place(PlaceKind.PERSON, people[0].employee, people[0].name)
    what = f"Managers in a circle: {way}."
    return DataFinding(
        Check.MANAGER_CIRCLE, place, what, change, _PEOPLE, Stop.REVIEW, people=tuple(map(_concerned, people))
    )


def _nobody(grounds: Grounds, manager: str, team: list[Person]) -> DataFinding:
    what = f"{_people(team)} report to {manager}, who was not employed on a day of {grounds.facts.quarter}."
    change = "Import them with the manager who reviews them, or the manager's own row."
    return DataFinding(
        Check.MANAGER_NOBODY,
        Place(PlaceKind.PERSON, manager),
        what.replace("1 person report ", "1 person reports "),
        change,
        _PEOPLE,
        Stop.REVIEW,
        people=tuple(map(_concerned, team)),
    )


def _left(manager: tuple[Person, Presence], team: list[Person]) -> DataFinding:
    person, presence = manager
    what = f"{_people(team)} report to somebody whose last day was {day_text(presence.days.last)}."
    change = "Import them with the manager who reviews them now."
    return DataFinding(
        Check.MANAGER_LEFT,
        Place(PlaceKind.PERSON, person.employee, person.name),
        what.replace("1 person report ", "1 person reports "),
        change,
        _PEOPLE,
        people=tuple(map(_concerned, team)),
    )


def _people(team: list[Person]) -> str:
    return "1 person" if len(team) == 1 else f"{len(team):,} people"


def _concerned(person: Person) -> Concerned:
    return Concerned(person.employee, person.name)
