"""Calculating a quarter, and reading back what was calculated."""

from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import version

from sqlmodel import Session

from comp.calculate import calculate, uncollected
from comp.errors import NotFoundError, RefusedError
from comp.explain import Explainer
from comp.facts import Facts
from comp.nodes import Node
from comp.periods import Quarter
from comp.results import Origin, Payout, Run, StoredRun
from comp.services import audit
from comp.store import metrics, runs, units
from comp.store.facts import load_facts


def calculate_quarter(session: Session, quarter: Quarter, by: str, now: datetime) -> tuple[StoredRun, Run]:
    """Calculate a quarter from what is stored, and store the run.

    Raises `RefusedError` where there is nothing to calculate from.
    """
    with uncollected():
        return _calculated(session, quarter, by, now)


def _calculated(session: Session, quarter: Quarter, by: str, now: datetime) -> tuple[StoredRun, Run]:
    facts, inputs_sha256 = load_facts(session, quarter)
    lacking = list(_lacking(facts))
    if lacking:
        raise RefusedError(" ".join(lacking))
    run = calculate(facts)
    origin = Origin(inputs_sha256, version("loyaltypay"), tuple(plan.version for plan in facts.plans), by, now)
    stored = runs.save_run(session, run, origin)
    about = f"run {stored.quarter} {stored.number}"
    audit.note(session, by, now, "calculate", about, inputs=inputs_sha256, payouts=len(run.payouts), held=len(run.held))
    return stored, run


def _lacking(facts: Facts) -> Iterator[str]:
    quarter = facts.quarter
    if not facts.people:
        yield f"Nobody was employed in {quarter}. Import people whose assignments reach into it."
    has_results = any(result.quarter == quarter for result in facts.results)
    if not has_results and not any(person.results for person in facts.people):
        yield f"{quarter} has no answers and no results of any kind. Import them first."
    if not facts.plans:
        yield f"No plan is published for {quarter}, so nobody can be paid. Import a plan and publish it."


def last_run(session: Session, quarter: Quarter, employee: str | None = None) -> tuple[StoredRun, Run]:
    """The last run of a quarter, or of it what concerns one employee. Raises `NotFoundError` where there is none."""
    stored = runs.find_run(session, quarter)
    if stored is None:
        raise NotFoundError(f"{quarter} has not been calculated. Run `loyaltypay calculate {quarter}` first.")
    return stored, runs.load_run(session, stored, None if employee is None else [employee])


def explainer(session: Session) -> Explainer:
    """An explainer that knows the company's names."""
    return Explainer(metrics.load_metrics(session), _unit_names(session))


def _unit_names(session: Session) -> dict[str, str]:
    return {unit.code: unit.name for unit in units.load_units(session)}


def explain(session: Session, employee: str, quarter: Quarter) -> tuple[StoredRun, list[Payout], list[Node]]:
    """The trees behind one employee's payouts, or behind the absence of one, in the last run of a quarter.

    Raises `NotFoundError` where the run knows nothing of the employee.
    """
    stored, run = last_run(session, quarter, employee)
    teller = Explainer(run.metrics, _unit_names(session))
    nodes = [teller.payout(payout) for payout in run.payouts]
    nodes += [teller.without_payout(hold) for hold in run.held]
    nodes += [teller.without_payout(person) for person in run.outside]
    if not nodes:
        raise NotFoundError(f"{employee} is not in run {stored.number} of {quarter}: unknown, or not employed then.")
    return stored, list(run.payouts), nodes
