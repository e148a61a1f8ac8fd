"""The moves of a plan version's life: submitted, taken or sent back, published by somebody else, withdrawn."""

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from comp.errors import Problem, RefusedError
from comp.plan import Plan
from comp.plan_life import MOVES, Act, State, stands_against
from comp.roles import COMMAND_LINE
from comp.services import audit
from comp.services.plans import check_plan, is_used
from comp.store import plans
from comp.versions import Acknowledged, Version

AT_THE_COMMAND_LINE = "Shown at the command line, and accepted there."
"""How warnings count as answered where nobody was asked for words."""


def warning_key(problem: Problem) -> str:
    """What names a warning in a form: it changes with what the warning says."""
    return hashlib.sha256(f"{problem.where}\n{problem.why}".encode()).hexdigest()[:16]


def submit(
    session: Session, version: Version, answers: Mapping[str, str], by: str, now: datetime, words: str = ""
) -> Plan:
    """Let a draft wait for somebody who publishes it. `answers` gives words for each of the linter's warnings, by key.

    Raises `RefusedError` where the linter finds errors, a worked example that does not come out among them, or a
    warning is left without words.
    """
    _require(Act.SUBMIT, version, by)
    warnings = _sound(session, version.plan, "submitted")
    answered = [Acknowledged(problem, answers.get(warning_key(problem), "").strip()) for problem in warnings]
    bare = [each.problem for each in answered if not each.words]
    if bare:
        raise RefusedError(
            f"{version.plan.version} has warnings. Say of each why the plan is right all the same, or mend it.", bare
        )
    plans.mark_submitted(session, version.plan, by, now, words.strip(), answered)
    said = "\n".join([words.strip(), *(each.words for each in answered)])
    _note(session, Act.SUBMIT, version, by, now, said, warnings=len(answered))
    return version.plan


def _sound(session: Session, plan: Plan, done: str) -> list[Problem]:
    """The linter's warnings. Raises `RefusedError` with its errors."""
    findings = check_plan(session, plan)
    errors = [finding.problem for finding in findings if finding.is_error]
    if errors:
        raise RefusedError(f"{plan.version} cannot be {done}.", errors)
    return [finding.problem for finding in findings]


def take_back(session: Session, version: Version, by: str, now: datetime) -> Plan:
    """Make one's own submitted version a draft again."""
    _require(Act.TAKE_BACK, version, by)
    plans.mark_draft(session, version.plan, Act.TAKE_BACK, by, now)
    _note(session, Act.TAKE_BACK, version, by, now)
    return version.plan


def send_back(session: Session, version: Version, words: str, by: str, now: datetime) -> Plan:
    """Make somebody else's submitted version a draft again, and say what is to be changed."""
    _require(Act.SEND_BACK, version, by, words)
    plans.mark_draft(session, version.plan, Act.SEND_BACK, by, now, words.strip())
    _note(session, Act.SEND_BACK, version, by, now, words)
    return version.plan


def publish(session: Session, version: Version, by: str, now: datetime) -> Plan:
    """Publish a submitted version, so that it pays from its start on.

    Raises `RefusedError` where it is not submitted, has errors by now, or `by` wrote or submitted it: four eyes see a
    plan before it pays.
    """
    _require(Act.PUBLISH, version, by)
    _sound(session, version.plan, "published")
    plans.mark_published(session, version.plan, by, now)
    _note(session, Act.PUBLISH, version, by, now)
    return version.plan


def publish_at_once(session: Session, version: Version, by: str, now: datetime) -> tuple[Plan, list[Problem]]:
    """Publish a version, and first submit it where it is a draft that the command line wrote; gives its warnings.

    Raises `RefusedError` as `publish` does.
    """
    warnings = _sound(session, version.plan, "published")
    if version.state is State.DRAFT and version.hands == {COMMAND_LINE}:
        answers = {warning_key(problem): AT_THE_COMMAND_LINE for problem in warnings}
        submit(session, version, answers, COMMAND_LINE, now)
        found = plans.find_version(session, version.plan.id, version.plan.starts)
        version = found or version
    return publish(session, version, by, now), warnings


def withdraw(session: Session, version: Version, words: str, by: str, now: datetime) -> Plan:
    """Let a published version that no run has used pay nobody, and say why; its start is free again."""
    _require(Act.WITHDRAW, version, by, words)
    if is_used(session, version):
        raise RefusedError(
            f"{version.plan.version} has paid: a run has used it. Publish a version with a later start instead."
        )
    plans.mark_withdrawn(session, version.plan, by, now, words.strip())
    _note(session, Act.WITHDRAW, version, by, now, words)
    return version.plan


def discard(session: Session, version: Version, by: str, now: datetime) -> Plan:
    """Put a draft aside for good; its start is free again."""
    _require(Act.DISCARD, version, by)
    plans.mark_discarded(session, version.plan, by, now)
    _note(session, Act.DISCARD, version, by, now)
    return version.plan


def _require(act: Act, version: Version, by: str, words: str = "") -> None:
    against = stands_against(act, version.plan.version, version.state, version.hands, by)
    if against:
        raise RefusedError(against)
    if MOVES[act].needs_words and not words.strip():
        raise RefusedError(f"Say why {version.plan.version} is {MOVES[act].done}: who wrote it reads it.")


def _note(session: Session, act: Act, version: Version, by: str, now: datetime, words: str = "", **more: int) -> None:
    """Note an act; of what was said only the hash."""
    said = {"words": hashlib.sha256(words.strip().encode()).hexdigest()} if words.strip() else {}
    audit.note(session, by, now, act, f"plan {version.plan.version}", document=version.sha256, **said, **more)
