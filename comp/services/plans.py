"""Plans: taking a document in as a draft, checking one, finding a version."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from comp.errors import ChangedError, NotFoundError, RefusedError
from comp.findings import Finding
from comp.periods import FOREVER
from comp.plan import Plan
from comp.plan_changes import changes
from comp.plan_documents import write_plan
from comp.plan_life import Act, Standing, State, stands_against
from comp.plan_members import version_days
from comp.rule_changes import Change
from comp.services import audit
from comp.services.calculation import explainer
from comp.services.plan_checks import check_plan, read_checked
from comp.services.relations import today
from comp.store import plans
from comp.versions import Version

__all__ = ["check_plan", "read_checked"]


def save_draft(session: Session, document: object, by: str, now: datetime) -> tuple[Plan, list[Finding]]:
    """Store a document as a draft, in place of an earlier draft with the same start; gives what the linter finds.

    The linter's errors keep a draft from being submitted, not from being stored. Raises `RefusedError` where the
    document cannot be read as a plan, or where a version with the same start is submitted or published.
    """
    plan, findings = read_checked(session, document)
    if plan is None:
        problems = [finding.problem for finding in findings]
        raise RefusedError("The plan was not stored: it cannot pay anybody as it stands.", problems)
    _require_free(session, plan, by)
    sha256 = plans.save_draft(session, plan, by, now)
    audit.note(session, by, now, Act.WRITE, f"plan {plan.version}", document=sha256)
    return plan, findings


def _require_free(session: Session, plan: Plan, by: str) -> None:
    stored = plans.find_version(session, plan.id, plan.starts)
    against = stored and stands_against(Act.WRITE, plan.version, stored.state, stored.hands, by)
    if against:
        raise RefusedError(against)


def save_reweighed(session: Session, seen: Version, plan: Plan, by: str, now: datetime) -> Plan:
    """Store a version with other contents and perhaps another start as a draft. A draft with another start moves there.

    Raises `RefusedError` as `save_draft` does, or where another draft would be lost.
    """
    if plan.starts != seen.plan.starts:
        there = plans.find_version(session, plan.id, plan.starts)
        if there and there.state is State.DRAFT:
            raise RefusedError(
                f"{there.author} has written a draft that pays from {plan.starts}. Change that one, or choose another "
                "day."
            )
        _require_free(session, plan, by)
        if seen.state is State.DRAFT:
            plans.move_draft(session, seen.plan, plan.starts)
            audit.note(session, by, now, "move", f"plan {seen.plan.version}", to=str(plan.starts))
    return save_draft(session, write_plan(plan), by, now)[0]


def require_unchanged(session: Session, name: str, fingerprint: str) -> Version:
    """The version as it was seen. Raises `ChangedError` where anything was done to it in between."""
    plan, _, starts = name.partition("@")
    found = [version for version in plans.load_versions(session, plan) if str(version.plan.starts) == starts]
    if not found:
        raise NotFoundError(f"There is no version {name}, or not any more. Load the plans again.")
    version = next((version for version in found if version.fingerprint == fingerprint), None)
    if version is None:
        last = found[-1].last
        raise ChangedError(f"{last.by} has {last.word} {name} since you loaded it. Nothing was stored: load it again.")
    return version


def is_used(session: Session, version: Version) -> bool:
    """Whether any run has used a version: then it cannot be withdrawn."""
    return plans.is_used(session, version.id)


def list_versions(session: Session) -> dict[str, list[Version]]:
    """Every version of every plan, by plan and start."""
    found: dict[str, list[Version]] = {}
    for version in plans.load_versions(session):
        found.setdefault(version.plan.id, []).append(version)
    return found


@dataclass(frozen=True, slots=True)
class VersionView:
    """What there is to know of a version besides itself.

    `until` is the last day that a published one pays; `earlier` is the published version before it, and `differences`
    what differs from that.
    """

    findings: tuple[Finding, ...]
    standing: Standing
    until: date | None
    is_used: bool
    earlier: Version | None
    differences: tuple[Change, ...]


def view(session: Session, version: Version, now: datetime) -> VersionView:
    """A version with what the linter finds, where it stands today, and what changes with it."""
    siblings = plans.load_versions(session, version.plan.id)
    published = [each.plan for each in siblings if each.is_published]
    end = version_days(version.plan, published).last
    earlier = version_before(session, version)
    return VersionView(
        tuple(check_plan(session, version.plan)),
        version.standing(siblings, today(session, now)),
        end if version.is_published and end != FOREVER else None,
        is_used(session, version),
        earlier,
        changes(earlier.plan, version.plan, explainer(session).units) if earlier else (),
    )


def compare(session: Session, before: str, after: str) -> tuple[Version, Version, tuple[Change, ...]]:
    """Two versions by name, and everything that differs between their documents."""
    old, new = find_plan(session, before), find_plan(session, after)
    return old, new, changes(old.plan, new.plan, explainer(session).units)


def version_before(session: Session, version: Version) -> Version | None:
    """The published version of the same plan that starts last before a version; None for a plan's first."""
    others = [each for each in plans.load_versions(session, version.plan.id) if each.is_published]
    return next((each for each in reversed(others) if each.plan.starts < version.plan.starts), None)


def find_plan(session: Session, name: str, sha256: str = "") -> Version:
    """A version by `service-incentive@2026-04-01`, or by its id alone: the only open one, else the latest version.

    `sha256` tells versions apart of which one was withdrawn or discarded: the beginning of the document's hash.

    Raises `NotFoundError` for what there is not, `RefusedError` where several drafts could be meant.
    """
    plan, _, starts = name.partition("@")
    versions = plans.load_versions(session, plan)
    if starts:
        versions = [version for version in versions if str(version.plan.starts) == starts]
        versions = [version for version in versions if version.sha256.startswith(sha256)] or versions
    if not versions:
        known = ", ".join(sorted({version.plan.version for version in plans.load_versions(session)})) or "none yet"
        raise NotFoundError(f"There is no plan {name}. Plans: {known}.")
    drafts = [version for version in versions if version.is_open]
    if len(drafts) > 1:
        names = ", ".join(version.plan.version for version in drafts)
        raise RefusedError(f"{plan} has several drafts: {names}. Name one of them.")
    living = [version for version in versions if not version.is_over]
    return (drafts or living or versions)[-1]
