"""What the data check of a quarter finds: what is wrong where, whom it concerns, and where it is mended."""

import hashlib
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from comp.errors import Problem


class Check(StrEnum):
    """The lasting name of each check."""

    NOBODY_EMPLOYED = "nobody-employed"
    NO_RESULTS = "no-results"
    NO_PLAN_PUBLISHED = "no-plan-published"
    REPEATED_NUMBER = "repeated-number"
    OVERLAPPING_ASSIGNMENTS = "overlapping-assignments"
    OVERLAPPING_ABSENCES = "overlapping-absences"
    UNKNOWN_UNIT = "unknown-unit"
    PLAN_CLASH = "plan-clash"
    NO_SCORE = "no-score"
    NO_METRIC_TARGET = "no-metric-target"
    NO_TARGET = "no-target"
    NO_CURRENCY = "no-currency"
    MANAGER_CIRCLE = "manager-circle"
    MANAGER_NOBODY = "manager-nobody"
    MANAGER_LEFT = "manager-left"
    GAP = "gap"
    OUTSIDE_EMPLOYMENT = "outside-employment"
    NO_PLAN = "no-plan"
    ZERO_TARGET = "zero-target"
    FELL_BELOW_MINIMUM = "fell-below-minimum"
    CONFLICTING_RESULTS = "conflicting-results"
    LOST_UNIT = "lost-unit"
    PEOPLE_DIFFER = "people-differ"
    ANSWERS_DIFFER = "answers-differ"
    UNIT_ANSWERS_DIFFER = "unit-answers-differ"
    TOUCHPOINTS_DIFFER = "touchpoints-differ"
    TARGETS_DIFFER = "targets-differ"
    METRIC_TARGETS_DIFFER = "metric-targets-differ"
    SALARIES_DIFFER = "salaries-differ"


TITLES = {
    Check.NOBODY_EMPLOYED: "Nobody is employed",
    Check.NO_RESULTS: "No answers and no results",
    Check.NO_PLAN_PUBLISHED: "No plan is published",
    Check.REPEATED_NUMBER: "One number for several people",
    Check.OVERLAPPING_ASSIGNMENTS: "Assignments overlap",
    Check.OVERLAPPING_ABSENCES: "Absences overlap",
    Check.UNKNOWN_UNIT: "In a unit that there is not",
    Check.PLAN_CLASH: "Two plans for the same people",
    Check.NO_SCORE: "No usable score",
    Check.NO_METRIC_TARGET: "A curve without its target",
    Check.NO_TARGET: "People without a target",
    Check.NO_CURRENCY: "Not a currency",
    Check.MANAGER_CIRCLE: "Managers in a circle",
    Check.MANAGER_NOBODY: "Managers who are nobody",
    Check.MANAGER_LEFT: "Managers who left",
    Check.GAP: "Days in no assignment",
    Check.OUTSIDE_EMPLOYMENT: "Assigned while not employed",
    Check.NO_PLAN: "People in no plan",
    Check.ZERO_TARGET: "Targets of 0",
    Check.FELL_BELOW_MINIMUM: "Too few answers, and enough before",
    Check.CONFLICTING_RESULTS: "Results that contradict each other",
    Check.LOST_UNIT: "Units in no tree",
    Check.PEOPLE_DIFFER: "Another number of people",
    Check.ANSWERS_DIFFER: "Another number of answers",
    Check.UNIT_ANSWERS_DIFFER: "A unit's number of answers differs",
    Check.TOUCHPOINTS_DIFFER: "Another mix of touchpoints",
    Check.TARGETS_DIFFER: "Pay at target differs",
    Check.METRIC_TARGETS_DIFFER: "Other targets of units",
    Check.SALARIES_DIFFER: "Pay at target of single people differs",
}
"""What each check looks for, in the words of its heading."""


class Stop(StrEnum):
    """What an error does: it stops the run, holds people, or stands against the quarter's review."""

    RUN = "run"
    PEOPLE = "people"
    REVIEW = "review"


class PlaceKind(StrEnum):
    """What a finding is about."""

    QUARTER = "quarter"
    UNIT = "unit"
    PERSON = "person"
    PLAN = "plan"
    METRIC = "metric"


class Place(NamedTuple):
    """Where a finding is: a kind, the code by which it is known, and its name."""

    kind: PlaceKind
    key: str
    name: str = ""

    @property
    def words(self) -> str:
        """The place as people read it: `Repair Lisbon (REP-LIS)`."""
        return f"{self.name} ({self.key})" if self.name and self.name != self.key else self.key


class MendKind(StrEnum):
    """The page on which a finding is mended."""

    IMPORT = "import"
    PLAN = "plan"
    PLANS = "plans"
    TARGETS = "targets"
    SCORES = "scores"


class Mend(NamedTuple):
    """Where a finding is mended: a page, and what it is opened at."""

    kind: MendKind
    key: str = ""


class Concerned(NamedTuple):
    """Somebody whom a finding concerns, and what is particular to them."""

    employee: str
    name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class DataFinding:
    """One finding. A warning, where it stops nothing, asks somebody to look; an error stops something.

    `what` says what is found, `change` what to do next. `figures` are what it rests on besides the people and their
    notes: a finding with other figures is another one.
    """

    check: Check
    place: Place
    what: str
    change: str
    mend: Mend
    stops: Stop | None = None
    figures: tuple[str, ...] = ()
    people: tuple[Concerned, ...] = ()

    @property
    def is_error(self) -> bool:
        """Whether it stops something."""
        return self.stops is not None

    @property
    def severity(self) -> str:
        """The word for how grave it is."""
        return "error" if self.is_error else "warning"

    @property
    def is_waivable(self) -> bool:
        """Whether the quarter may go on in spite of it: without a run there is nothing to go on with."""
        return self.stops in {Stop.PEOPLE, Stop.REVIEW}

    @property
    def held(self) -> tuple[str, ...]:
        """The numbers of those whom it holds."""
        return tuple(person.employee for person in self.people) if self.stops is Stop.PEOPLE else ()

    @property
    def title(self) -> str:
        """What the check looks for."""
        return TITLES[self.check]

    @property
    def key(self) -> tuple[str, str, str]:
        """What stays the same while figures change: the check and the place."""
        return self.check, self.place.kind, self.place.key

    @property
    def id(self) -> str:
        """A name that is the same for as long as check, place, figures and people are."""
        people = sorted([person.employee, person.note] for person in self.people)
        said = json.dumps([*self.key, list(self.figures), people], ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(said.encode()).hexdigest()

    @property
    def problem(self) -> Problem:
        """The finding as a problem among those of files and documents."""
        return Problem(f"{self.what} {self.change}".strip(), where=self.place.words)


def write_data_finding(finding: DataFinding) -> dict[str, object]:
    """What `check --json` prints of a finding."""
    return {
        "id": finding.id,
        "check": str(finding.check),
        "severity": finding.severity,
        "stops": str(finding.stops) if finding.stops else None,
        "place": {"kind": str(finding.place.kind), "key": finding.place.key, "name": finding.place.name},
        "what": finding.what,
        "change": finding.change,
        "mend": {"page": str(finding.mend.kind), "at": finding.mend.key},
        "people": [{"employee": each.employee, "note": each.note} for each in finding.people],
        "holds": len(finding.held),
    }
