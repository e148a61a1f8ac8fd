"""The plan linter: what makes a version unfit to publish, and what its author should think about."""

from collections.abc import Callable, Iterator

from comp.findings import Finding, unreadable
from comp.lint_answers import idle_gates, lost_fallbacks, never_enough, single_metric
from comp.lint_caps import unreachable_caps
from comp.lint_cliffs import cliffs
from comp.lint_curves import beyond_scale, falling, zero_weights
from comp.lint_examples import failing_examples, no_examples
from comp.lint_facts import LintFacts
from comp.lint_grounds import Grounds
from comp.lint_names import completeness, unknown_names
from comp.lint_scope import calculated_already, missing_targets, nobody, odd_quarters, overlapping_scopes
from comp.plan import Plan
from comp.plan_documents import read_unchecked_plan
from comp.plan_problems import plan_problems

__all__ = ["Finding", "completeness", "lint", "read_alone", "read_and_lint"]

_CHECKS: tuple[Callable[[Grounds], Iterator[Finding]], ...] = (
    overlapping_scopes,
    nobody,
    cliffs,
    falling,
    beyond_scale,
    unreachable_caps,
    idle_gates,
    never_enough,
    lost_fallbacks,
    missing_targets,
    single_metric,
    zero_weights,
    odd_quarters,
    calculated_already,
    no_examples,
)


def lint(plan: Plan, facts: LintFacts) -> list[Finding]:
    """Everything the linter finds in a plan, errors first. Where its parts do not fit together, only that is told."""
    findings = list(plan_problems(plan))
    if findings:
        return findings
    grounds = Grounds(plan, facts)
    findings = [*unknown_names(grounds), *completeness(plan)]
    if not findings:
        findings += failing_examples(grounds)
    for check in _CHECKS:
        findings += check(grounds)
    return sorted(findings, key=lambda finding: not finding.is_error)


def read_and_lint(document: object, facts: Callable[[Plan], LintFacts]) -> tuple[Plan | None, list[Finding]]:
    """The plan of a document, where it can pay, and everything found in it. `facts` are asked for once it is read."""
    plan, findings = _read(document)
    return plan, lint(plan, facts(plan)) if plan else findings


def read_alone(document: object) -> tuple[Plan | None, list[Finding]]:
    """The plan of a document, where it can pay, and what can be found without knowing its company."""
    plan, findings = _read(document)
    return plan, list(completeness(plan)) if plan else findings


def _read(document: object) -> tuple[Plan | None, list[Finding]]:
    plan, problems = read_unchecked_plan(document)
    if plan is None:
        return None, [unreadable(problem) for problem in problems]
    findings = list(plan_problems(plan))
    return (None, findings) if findings else (plan, [])
