"""What the checks of a plan find: what is wrong where, and what to change."""

from dataclasses import dataclass

from comp.errors import Problem


@dataclass(frozen=True, slots=True)
class Odds:
    """How often chance alone carries a unit over a cliff, in quarters in which nothing about it has changed.

    `score` is what its answers of the last eight quarters say, `cliff` the score that must be published, `answers` how
    many a score usually rests on, `basis` what these are; `chance` that the cliff's better side is reached (0 to 1).
    """

    unit: str
    answers: int
    basis: str
    score: float
    cliff: float
    chance: float
    stands_above: bool

    @property
    def luck(self) -> float:
        """The chance of ending on the other side of the cliff than the one on which the unit stands."""
        return 1 - self.chance if self.stands_above else self.chance


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. An error keeps the version from being submitted; a warning asks its author to think.

    `check` is the lasting name of the check; `where` names the place as people do, `path` as the document does
    (`components[0].measures[1].curve`). `what` says what is found and `change` what to do about it.
    """

    check: str
    is_error: bool
    where: str
    path: str
    what: str
    change: str
    odds: tuple[Odds, ...] = ()

    @property
    def severity(self) -> str:
        """The word for how grave it is."""
        return "error" if self.is_error else "warning"

    @property
    def problem(self) -> Problem:
        """The finding as a problem among those of files and documents."""
        return Problem(f"{self.what} {self.change}".strip(), where=self.where)


def unreadable(problem: Problem) -> Finding:
    """The finding for a part of a document that could not be read. Its sentence says what to do, too."""
    shown = f"{problem.value!r}: " if problem.value else ""
    return Finding(
        "unreadable", is_error=True, where=problem.where, path=problem.where, what=shown + problem.why, change=""
    )


def write_finding(finding: Finding) -> dict[str, object]:
    """What `plan check --json` prints of a finding: numbers as text."""
    written: dict[str, object] = {
        "check": finding.check,
        "severity": finding.severity,
        "where": finding.where,
        "path": finding.path,
        "what": finding.what,
        "change": finding.change,
    }
    if finding.odds:
        written["odds"] = [_written(odds) for odds in finding.odds]
    return written


def _written(odds: Odds) -> dict[str, str]:
    return {
        "unit": odds.unit,
        "answers": str(odds.answers),
        "basis": odds.basis,
        "score": f"{odds.score:.1f}",
        "cliff": f"{odds.cliff:.1f}",
        "chance": f"{odds.chance:.3f}",
    }
