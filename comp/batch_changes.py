"""What a payroll batch pays otherwise than what was paid before: who is new, changed or gone, by how much and why."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from comp.money import Money
from comp.paid_lines import PaidLine
from comp.periods import Quarter
from comp.settlement import Key


@dataclass(slots=True)
class Standing:
    """What one person is paid in one currency: each kind of line with its minor units."""

    name: str
    parts: dict[str, int] = field(default_factory=dict)

    @property
    def minor(self) -> int:
        """What the parts come to."""
        return sum(self.parts.values())


Standings = Mapping[Key, Standing]


@dataclass(frozen=True, slots=True)
class Change:
    """What one person is paid otherwise than before. `against` names what it is held against; None is not paid then."""

    against: str
    what: str
    key: Key
    name: str
    before: Money | None
    now: Money | None
    why: str

    @property
    def delta(self) -> Money:
        """What is paid more, or with a minus sign less."""
        return Money((self.now.minor if self.now else 0) - (self.before.minor if self.before else 0), self.key.currency)

    @property
    def share(self) -> Fraction | None:
        """The change as a share of what was paid before; None where nothing was."""
        return Fraction(self.delta.minor, abs(self.before.minor)) if self.before and self.before.minor else None


def standings(quarter: Quarter, *lines: Iterable[PaidLine]) -> dict[Key, Standing]:
    """What lines come to for each person, by kind; corrections of other quarters under the quarter's name."""
    found: dict[Key, Standing] = {}
    for each in lines:
        for line in each:
            standing = found.setdefault(line.whose, Standing(line.name))
            part = _part(quarter, line)
            standing.parts[part] = standing.parts.get(part, 0) + line.amount.minor
    return found


def _part(quarter: Quarter, line: PaidLine) -> str:
    return str(line.key.kind) if line.key.quarter == quarter else f"{line.key.kind} of {line.key.quarter}"


def changes(against: str, before: Standings, now: Standings, known: Mapping[Key, str]) -> Iterator[Change]:
    """Everybody who is paid otherwise than before, by number. `known` are reasons that parts do not tell."""
    for key in sorted({*before, *now}):
        old, new = before.get(key), now.get(key)
        if old is None or new is None or old.minor != new.minor:
            yield _change(against, key, old, new, known.get(key, ""))


def _change(against: str, key: Key, old: Standing | None, new: Standing | None, known: str) -> Change:
    what = "new" if old is None else "gone" if new is None else "changed"
    name = (new or old or Standing("")).name
    why = known or (_parts_text(key, old, new) if old and new else "")
    return Change(against, what, key, name, _money(old, key), _money(new, key), why)


def _money(standing: Standing | None, key: Key) -> Money | None:
    return Money(standing.minor, key.currency) if standing else None


def _parts_text(key: Key, old: Standing, new: Standing) -> str:
    """Which parts differ, and by how much: `earned +12.00, adjustment -3.00`."""
    told = []
    for part in dict.fromkeys([*old.parts, *new.parts]):
        delta = new.parts.get(part, 0) - old.parts.get(part, 0)
        if delta:
            told.append(f"{part} {'+' if delta > 0 else ''}{Money(delta, key.currency)}")
    return ", ".join(told)
