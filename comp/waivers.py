"""Waivers: that a quarter goes on in spite of an error, asked for with a reason and granted by somebody else."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from comp.data_findings import DataFinding


class Outcome(StrEnum):
    """What became of a waiver. Only whoever asked for it withdraws it; only others grant or refuse it."""

    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided about a waiver, and in which words."""

    outcome: Outcome
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Waiver:
    """A waiver for one finding of a quarter, as the finding was when it was asked for.

    `finding` is the finding's id, which changes with its figures: a waiver says nothing of other figures.
    """

    id: int
    quarter: str
    finding: str
    check: str
    place_kind: str
    place: str
    what: str
    reason: str
    asked_by: str
    asked_at: datetime
    decision: Decision | None = None

    @property
    def is_granted(self) -> bool:
        """Whether the quarter may go on in spite of the finding."""
        return self.decision is not None and self.decision.outcome is Outcome.GRANTED

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody's decision."""
        return self.decision is None

    @property
    def key(self) -> tuple[str, str, str]:
        """The check and the place, which stay the same while figures change."""
        return self.check, self.place_kind, self.place


def in_force(findings: Iterable[DataFinding], waivers: Iterable[Waiver]) -> Mapping[str, Waiver]:
    """The last waiver of each finding that stands, by the finding's id; those of other figures have lapsed."""
    standing = {finding.id for finding in findings if finding.is_waivable}
    ordered = sorted(waivers, key=lambda waiver: waiver.id)
    return {waiver.finding: waiver for waiver in ordered if waiver.finding in standing}


def unwaived(findings: Iterable[DataFinding], waivers: Iterable[Waiver]) -> list[DataFinding]:
    """The errors that stand against a quarter: those for which no waiver was granted."""
    errors = [finding for finding in findings if finding.is_error]
    granted = {finding for finding, waiver in in_force(errors, waivers).items() if waiver.is_granted}
    return [finding for finding in errors if finding.id not in granted]


def against_asking(finding: DataFinding, known: Waiver | None) -> str:
    """What stands against asking for a waiver, in words; empty where nothing does. `known` is the finding's last."""
    if not finding.is_error:
        return "A warning stops nothing, so that nothing is to be waived."
    if not finding.is_waivable:
        return f"{finding.what} Without that there is nothing to go on with. {finding.change}"
    if known and known.is_open:
        return f"{known.asked_by} has asked for this waiver already. It waits for an approver."
    if known and known.is_granted:
        return "This is waived already."
    return ""


def against_deciding(waiver: Waiver, finding: DataFinding | None, by: str, employee: str | None) -> str:
    """What stands against granting or refusing a waiver, in words; empty where nothing does.

    `finding` is what it is about, where that still stands; `employee` the person who decides.
    """
    if waiver.decision:
        return f"{waiver.decision.by} has {waiver.decision.outcome} it already."
    if by == waiver.asked_by:
        return "You asked for this waiver. Somebody else must decide it."
    if finding and employee in {person.employee for person in finding.people}:
        return "This is about your own pay. Somebody else must decide it."
    return ""


def against_withdrawing(waiver: Waiver, by: str) -> str:
    """What stands against taking a waiver back, in words; empty where nothing does."""
    if waiver.decision:
        return f"{waiver.decision.by} has {waiver.decision.outcome} it already."
    return "" if by == waiver.asked_by else f"{waiver.asked_by} asked for it, and only they may withdraw it."
