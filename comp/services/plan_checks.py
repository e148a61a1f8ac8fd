"""What the linter finds in a plan of this company."""

from sqlmodel import Session

from comp.findings import Finding
from comp.lint import lint, read_and_lint
from comp.plan import Plan
from comp.store.histories import load_lint_facts


def check_plan(session: Session, plan: Plan) -> list[Finding]:
    """Everything that the linter finds in a plan of this company, errors first."""
    return lint(plan, load_lint_facts(session, plan))


def read_checked(session: Session, document: object) -> tuple[Plan | None, list[Finding]]:
    """The plan of a document, where it can be read, and everything that the linter and the reader find."""
    return read_and_lint(document, lambda plan: load_lint_facts(session, plan))
