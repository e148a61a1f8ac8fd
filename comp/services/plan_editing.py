"""Editing a plan as a whole: what there is to choose from, what a worked example pays, and storing it as a draft."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from comp.errors import ChangedError, RefusedError
from comp.findings import Finding
from comp.lint_examples import example_pays
from comp.organisation import Organisation
from comp.plan import Plan
from comp.plan_changes import changes
from comp.plan_documents import Document
from comp.plan_places import Place
from comp.rule_changes import Change
from comp.services import plans
from comp.services.calculation import explainer
from comp.store import metrics, units
from comp.versions import Version


@dataclass(frozen=True, slots=True)
class Choices:
    """What a plan may name: units by code as the tree has them, metrics by id, and which way is better in each."""

    units: Mapping[str, str]
    metrics: Mapping[str, str]
    better: Mapping[str, str]


def choices(session: Session) -> Choices:
    """What the company has that a plan may name."""
    known = metrics.load_metrics(session)
    organisation = Organisation(units.load_units(session))
    names = {code: unit.name for code, unit in organisation.units.items()}
    ways = {code: organisation.way_up(code)[::-1] for code in names if code in organisation}
    in_order = sorted(ways, key=lambda code: ways[code])
    labels = {code: " / ".join(names[each] for each in ways[code]) for code in in_order}
    return Choices(labels, {each.id: each.name for each in known}, {each.id: each.better for each in known})


def save(session: Session, version: Version | None, seen: str, document: Document, by: str, now: datetime) -> Plan:
    """Store a document as a draft: of a plan from nothing, or in place of a version as it was `seen`.

    Raises `RefusedError` where the document cannot be read or another draft would be lost, `ChangedError` where
    anything was done to the version in between.
    """
    if version is None:
        return _save_new(session, document, by, now)
    current = plans.require_unchanged(session, version.plan.version, seen)
    plan, _ = plans.read_checked(session, document)
    if plan is None:
        return plans.save_draft(session, document, by, now)[0]
    if plan.id != current.plan.id:
        raise RefusedError(f"The id {current.plan.id} stays with its plan. Make a new plan for {plan.id}.")
    return plans.save_reweighed(session, current, plan, by, now)


def _save_new(session: Session, document: Document, by: str, now: datetime) -> Plan:
    plan, _ = plans.read_checked(session, document)
    known = plans.list_versions(session).get(plan.id, []) if plan else []
    if plan and any(each.plan.starts == plan.starts and not each.is_over for each in known):
        raise ChangedError(f"There is a version {plan.version} already. Edit that one, or choose another id or day.")
    return plans.save_draft(session, document, by, now)[0]


def differences(session: Session, version: Version, document: Document) -> tuple[Change, ...]:
    """What a document would change in a version as it is now; nothing where it cannot be read."""
    plan, _ = plans.read_checked(session, document)
    return changes(version.plan, plan, explainer(session).units) if plan else ()


def pays(session: Session, document: Document, place: int) -> tuple[str | None, list[Finding]]:
    """What the plan pays in one of its worked examples, as plain text, or why that cannot be told."""
    examples = document.get("examples")
    stated = dict(examples[place]) if isinstance(examples, list) else {}
    currency = str(stated.get("target", "")).rpartition(" ")[2]
    plan, findings = plans.read_checked(session, {**document, "examples": [{**stated, "pays": f"0 {currency}"}]})
    if plan is None:
        return None, [_at(finding, place) for finding in findings]
    paid = example_pays(plan, metrics.load_metrics(session), plan.examples[0])
    if isinstance(paid, str):
        return None, [Place("", f"examples[{place}]").error("example-fails", paid, "")]
    return str(paid), []


def _at(finding: Finding, place: int) -> Finding:
    """A finding about the only example, where that stands among the others."""
    return replace(finding, path=finding.path.replace("examples[0]", f"examples[{place}]"))
