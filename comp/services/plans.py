"""Plans: taking a document in as a draft, publishing a version, finding one."""

from datetime import datetime

from sqlmodel import Session

from comp.errors import ChangedError, NotFoundError, Problem, RefusedError
from comp.lint import Finding, lint
from comp.plan import Plan
from comp.plan_documents import read_plan, write_plan
from comp.roles import COMMAND_LINE
from comp.services import audit
from comp.store import metrics, plans, units
from comp.versions import Version


def check_plan(session: Session, plan: Plan) -> list[Finding]:
    """Everything that the linter finds in a plan of this company."""
    return lint(plan, metrics.load_metrics(session), [unit.code for unit in units.load_units(session)])


def read_checked(session: Session, document: object) -> tuple[Plan | None, list[Finding]]:
    """The plan of a document, where it can be read, and everything that the linter and the reader find."""
    plan, problems = read_plan(document)
    if plan is None:
        return None, [Finding(problem, is_error=True) for problem in problems]
    return plan, check_plan(session, plan)


def save_draft(session: Session, document: object, by: str, now: datetime) -> tuple[Plan, list[Problem]]:
    """Store a document as a draft, in place of an earlier draft with the same start; gives the linter's warnings.

    Raises `RefusedError` with every error, or where a published version has the same start.
    """
    plan, findings = read_checked(session, document)
    errors = [finding.problem for finding in findings if finding.is_error]
    if plan is None or errors:
        raise RefusedError("The plan was not stored: it cannot pay anybody as it stands.", errors)
    stored = plans.find_version(session, plan.id, plan.starts)
    if stored and stored.is_published:
        raise RefusedError(
            f"{plan.version} is published and cannot change. Give the new version another start date (`starts`)."
        )
    plans.save_draft(session, plan, by, now)
    audit.note(session, by, now, "write", f"plan {plan.version}", document=_fingerprint(session, plan))
    return plan, [finding.problem for finding in findings]


def save_reweighed(session: Session, seen: Version, plan: Plan, by: str, now: datetime) -> Plan:
    """Store a version with other shares, weights and start as a draft. A draft with another start moves there.

    Raises `RefusedError` as `save_draft` does, or where another draft would be lost.
    """
    moves = plan.starts != seen.plan.starts
    there = plans.find_version(session, plan.id, plan.starts)
    if moves and there and not there.is_published:
        raise RefusedError(
            f"{there.author} has written a draft that pays from {plan.starts}. Change that one, or choose another day."
        )
    saved, _ = save_draft(session, write_plan(plan), by, now)
    if moves and not seen.is_published:
        plans.forget_draft(session, seen.plan)
        audit.note(session, by, now, "forget", f"plan {seen.plan.version}", document=seen.fingerprint)
    return saved


def require_unchanged(session: Session, name: str, fingerprint: str) -> Version:
    """The version as it was seen. Raises `ChangedError` where it was changed or published in between."""
    plan, _, starts = name.partition("@")
    found = [version for version in plans.load_versions(session, plan) if str(version.plan.starts) == starts]
    if not found:
        raise NotFoundError(f"There is no version {name}, or not any more. Load the plans again.")
    version = found[0]
    if version.fingerprint != fingerprint:
        by, did = (version.published_by, "published") if version.is_published else (version.author, "changed")
        raise ChangedError(f"{by} has {did} {name} since you loaded it. Nothing was stored: load it again.")
    return version


def _fingerprint(session: Session, plan: Plan) -> str:
    version = plans.find_version(session, plan.id, plan.starts)
    return version.fingerprint if version else ""


def list_versions(session: Session) -> dict[str, list[Version]]:
    """Every version of every plan, by plan and start."""
    found: dict[str, list[Version]] = {}
    for version in plans.load_versions(session):
        found.setdefault(version.plan.id, []).append(version)
    return found


def publish(session: Session, version: Version, by: str, now: datetime) -> Plan:
    """Publish a draft, so that it pays from its start on.

    Raises `RefusedError` where it is published already, has errors by now, or `by` wrote it: four eyes see a plan
    before it pays. Only the command line may publish what it imported: who has it has the database in hand.
    """
    plan = version.plan
    if version.is_published:
        raise RefusedError(f"{plan.version} is published already.")
    if by == version.author != COMMAND_LINE:
        raise RefusedError(f"{plan.version} was written by {by}. Somebody else must publish it.")
    errors = [finding.problem for finding in check_plan(session, plan) if finding.is_error]
    if errors:
        raise RefusedError(f"{plan.version} cannot be published.", errors)
    plans.mark_published(session, plan, by, now)
    audit.note(session, by, now, "publish", f"plan {plan.version}", document=_fingerprint(session, plan))
    return plan


def find_plan(session: Session, name: str) -> Version:
    """A version by `service-incentive@2026-04-01`, or by its id alone: the only draft, else the latest version.

    Raises `NotFoundError` for what there is not, `RefusedError` where several drafts could be meant.
    """
    plan, _, starts = name.partition("@")
    versions = plans.load_versions(session, plan)
    if starts:
        versions = [version for version in versions if str(version.plan.starts) == starts]
    if not versions:
        known = ", ".join(sorted({version.plan.version for version in plans.load_versions(session)})) or "none yet"
        raise NotFoundError(f"There is no plan {name}. Plans: {known}.")
    drafts = [version for version in versions if not version.is_published]
    if len(drafts) > 1:
        names = ", ".join(version.plan.version for version in drafts)
        raise RefusedError(f"{plan} has several drafts: {names}. Name one of them.")
    return (drafts or versions)[-1]
