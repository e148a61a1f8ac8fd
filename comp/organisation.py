"""The tree of units: who is above whom."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from comp.errors import Problem
from comp.facts import Unit


class Organisation:
    """The units by code, with the way from each to the top."""

    def __init__(self, units: Iterable[Unit]) -> None:
        """Index the units. One that is stated twice, or is on or below a circle of parents, has no way to the top."""
        stated = sorted(units, key=lambda unit: unit.code)
        self.units = {unit.code: unit for unit in stated}
        self._ways: dict[str, tuple[str, ...] | None] = {
            one.code: None for one, other in pairwise(stated) if one.code == other.code
        }
        self._repeated = frozenset(self._ways)
        for code in self.units:
            self._climb(code)
        self._below: dict[str, list[str]] = {}
        for code, unit in self.units.items():
            if code in self and unit.parent:
                self._below.setdefault(unit.parent, []).append(code)

    def __contains__(self, code: object) -> bool:
        """Whether the unit is known and has a way to the top."""
        return self._ways.get(str(code)) is not None

    def way_up(self, code: str) -> tuple[str, ...]:
        """The unit, its parent, and so on to the top. `KeyError` for units that are not in the organisation."""
        way = self._ways[code]
        if way is None:
            raise KeyError(code)
        return way

    def top(self, code: str) -> str:
        """The unit at the top of the tree that `code` is in."""
        return self.way_up(code)[-1]

    def parent(self, code: str) -> str:
        """The unit above; the top is its own parent."""
        return self.way_up(code)[:2][-1]

    def name(self, code: str) -> str:
        """The unit's name, or its code where it is not known."""
        return self.units[code].name if code in self.units else code

    def from_bottom(self, code: str) -> Iterator[tuple[str, Sequence[str]]]:
        """The unit and all units below it, lower ones first, each with those directly below it."""
        found = [code]
        for place in found:
            found += self._below.get(place, ())
        for place in reversed(found):
            yield place, self._below.get(place, ())

    def from_top(self) -> Iterator[str]:
        """Each unit, followed at once by the units below it."""
        yield from sorted((code for code in self.units if code in self), key=lambda code: self.way_up(code)[::-1])

    def problems(self) -> Iterator[Problem]:
        """Units that are in no tree: stated twice, or their parents run in a circle or do not exist."""
        for code in self.units:
            if code in self._repeated:
                yield Problem("The unit is stated more than once. Keep one of them.", where=f"unit {code}")
            elif code not in self:
                why = "The unit has no way to the top: its parents run in a circle, or one of them is not a unit."
                yield Problem(why, where=f"unit {code}")

    def _climb(self, code: str) -> None:
        trail: list[str] = []
        here: str | None = code
        while here and here in self.units and here not in self._ways and here not in trail:
            trail.append(here)
            here = self.units[here].parent
        known = self._ways.get(here) if here else ()
        for step in reversed(trail):
            known = None if known is None else (step, *known)
            self._ways[step] = known
