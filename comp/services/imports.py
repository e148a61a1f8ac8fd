"""Taking files in: a dry run that tells what would change, and an acceptance that is all or nothing."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from comp.company import Company
from comp.errors import Problem
from comp.intake import (
    AnyRecord,
    Batch,
    Intake,
    Kind,
    PersonalResultRecord,
    ResponseRecord,
    ResultRecord,
    TargetRecord,
)
from comp.services import audit
from comp.services.access import link_by_email
from comp.services.intakes import Comparison, compare, save
from comp.store import batches, settings
from comp.store.unread import save_unread

Document = dict[str, object]


@dataclass(frozen=True, slots=True)
class DryRun:
    """What accepting a file would do. `refused` counts its rows with problems; `earlier` is the same file's batch."""

    intake: Intake
    new: int
    changed: int
    unchanged: int
    refused: int
    quarters: Mapping[str, int]
    problems: tuple[Problem, ...]
    earlier: Batch | None
    batch: int | None = None

    @property
    def is_acceptable(self) -> bool:
        """Whether nothing stands against the file."""
        return not self.problems


def dry_run(session: Session, intake: Intake) -> DryRun:
    """What accepting a file would do, and everything that stands against it. Nothing is stored."""
    return _looked_at(session, intake)[0]


def accept(session: Session, intake: Intake, by: str, now: datetime) -> DryRun:
    """Take a file in, whole. Where anything stands against it, nothing is stored: the answer has the problems.

    A file that changes nothing is not stored again.
    """
    seen, comparison = _looked_at(session, intake)
    if seen.problems or not (seen.new or seen.changed):
        return seen
    batch = Batch(
        kind=intake.kind,
        tool=intake.tool,
        file_name=intake.file_name,
        sha256=intake.sha256,
        rows=intake.rows,
        new=seen.new,
        changed=seen.changed,
        unchanged=seen.unchanged,
        dropped=dict(intake.dropped),
        accepted_by=by,
        accepted_at=now,
    )
    number = batches.save_batch(session, batch)
    save(session, intake.kind, number, comparison)
    save_unread(session, number, intake.unread)
    audit.note(session, by, now, "import", f"batch {number}", kind=intake.kind, sha256=intake.sha256, rows=intake.rows)
    if intake.kind is Kind.PEOPLE:
        link_by_email(session, by, now)
    return replace(seen, batch=number)


def _looked_at(session: Session, intake: Intake) -> tuple[DryRun, Comparison]:
    company = settings.load_company(session)
    comparison = compare(session, intake.kind, intake.records, company)
    problems = tuple(sorted({*intake.problems, *comparison.problems}, key=_place))
    refused = {problem.line for problem in problems if problem.line and problem.line > 1}
    seen = DryRun(
        intake=replace(intake, warnings=(*intake.warnings, *comparison.notes)),
        new=_sound(comparison.new, refused),
        changed=_sound(comparison.changed, refused),
        unchanged=_sound(comparison.unchanged, refused),
        refused=len(refused),
        quarters=dict(sorted(Counter(_quarters(intake.records, company)).items())),
        problems=problems,
        earlier=batches.find_batch(session, intake.kind, intake.sha256),
    )
    return seen, comparison


def _sound(records: Sequence[AnyRecord], refused: Collection[int]) -> int:
    """How many records nothing stands against: a refused row is neither new nor changed nor unchanged."""
    return sum(record.line not in refused for record in records)


def _place(problem: Problem) -> tuple[int, str, str]:
    return (problem.line or 0, problem.column, problem.why)


def _quarters(records: tuple[AnyRecord, ...], company: Company) -> Iterator[str]:
    """The quarter, or fiscal year, that each record falls into."""
    for record in records:
        match record:
            case ResponseRecord():
                yield str(company.calendar.quarter_of(record.answered_on))
            case ResultRecord() | PersonalResultRecord():
                yield str(record.quarter)
            case TargetRecord():
                yield str(record.period)


def write_dry_run(seen: DryRun, *, accepted: bool) -> Document:
    """What `import --json` prints."""
    return {
        "kind": str(seen.intake.kind),
        "file": seen.intake.file_name,
        "tool": seen.intake.tool,
        "rows": seen.intake.rows,
        "new": seen.new,
        "changed": seen.changed,
        "unchanged": seen.unchanged,
        "refused": seen.refused,
        "dropped": dict(seen.intake.dropped),
        "quarters": dict(seen.quarters),
        "problems": [_problem(problem) for problem in seen.problems],
        "warnings": [_problem(problem) for problem in seen.intake.warnings],
        "accepted": accepted,
    }


def _problem(problem: Problem) -> Document:
    where = {"where": problem.where} if problem.where else {}
    return {"line": problem.line, "column": problem.column, "value": problem.value, "why": problem.why, **where}
