"""Calculating a quarter, and reading back what was calculated."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from sqlmodel import Session

from comp.calculate import calculate, uncollected
from comp.data_check import lacking
from comp.errors import ChangedError, RefusedError, UnseenError
from comp.explain import Explainer
from comp.explain_settlement import with_added
from comp.explain_unit import LeftOut
from comp.facts import Facts
from comp.nodes import Node
from comp.organisation import Organisation
from comp.periods import Quarter
from comp.plan import Plan
from comp.results import Origin, Payout, Run, StoredRun
from comp.roles import Account, Permission
from comp.scores import Metric
from comp.services import audit, funding_lines, workflow
from comp.services.relations import sight
from comp.services.settlement import settle_run
from comp.settlement import Key
from comp.snapshots import Snapshot, take_snapshot
from comp.store import metrics, people, plans, runs, snapshots, units
from comp.store.answers import PooledCounts, load_run_left_out, pooled_left_out, save_run_left_out
from comp.store.facts import load_facts
from comp.store.visibility import seen_of

ENGINE = version("loyaltypay")
"""The version of the program, which every run keeps."""


@dataclass(frozen=True, slots=True)
class Calculated:
    """A run that is not stored yet, its facts, and the last entry of the audit chain when they were read."""

    run: Run
    origin: Origin
    plans: tuple[Plan, ...]
    snapshot: Snapshot
    seen: int
    left_out: PooledCounts


Told = Callable[[int, int, int], object]
"""Hears which of `STEPS` is under way, counted from 1, and how many people are settled of how many."""

STEPS = ("Read what is known", "Settle everybody", "Keep the facts", "Store the run")
_READ, _SETTLE, _KEEP, STORE = range(1, 5)
_MANY = 5_000
"""How many people are settled in about a second, with all that is read and stored of them."""


def _unheard(_step: int, _done: int, _total: int) -> None:
    """Nobody wants to know."""


def calculate_run(session: Session, quarter: Quarter, by: str, now: datetime, told: Told = _unheard) -> Calculated:
    """Calculate a quarter from what is stored. It takes long, writes nothing, and so keeps nobody waiting.

    Raises `RefusedError` where there is nothing to calculate from, and for a quarter that is approved. What `told`
    raises ends the calculation.
    """
    head = audit.head(session)
    workflow.calculation_act(session, quarter)
    with uncollected():
        told(_READ, 0, 0)
        facts = sufficient_facts(session, quarter)
        run = calculate(facts, lambda done, total: told(_SETTLE, done, total))
        told(_KEEP, 0, 0)
        snapshot = take_snapshot(facts)
    origin = Origin(snapshot.sha256, ENGINE, tuple(plan.version for plan in facts.plans), by, now)
    left_out = pooled_left_out(session, Organisation(facts.units), facts.calendar)
    return Calculated(run, origin, facts.plans, snapshot, head.number if head else 0, left_out)


def sufficient_facts(session: Session, quarter: Quarter) -> Facts:
    """The facts of a quarter. Raises `RefusedError` where they lack what nobody could be paid without."""
    facts, _ = load_facts(session, quarter)
    missing = [f"{finding.what} {finding.change}" for finding in lacking(facts)]
    if missing:
        raise RefusedError(" ".join(missing))
    return facts


def require_calculable(session: Session, quarter: Quarter) -> None:
    """Raise `RefusedError` where a quarter cannot be calculated: it is approved and waits for its release."""
    workflow.calculation_act(session, quarter)


def store_run(session: Session, calculated: Calculated) -> StoredRun:
    """Store what was calculated as the next run of its quarter.

    Raises `ChangedError` where what a calculation looks at was changed since: the run would be out of date at once.
    """
    if audit.is_changed_since(session, calculated.seen):
        raise ChangedError(
            "While this was calculated, somebody imported, published or calculated something. Nothing was stored: "
            "calculate again."
        )
    run, origin = calculated.run, calculated.origin
    with uncollected():
        stored = runs.save_run(session, run, origin)
        plans.note_used(session, stored.id, calculated.plans)
        snapshots.save_snapshot(session, stored, calculated.snapshot)
        save_run_left_out(session, stored.id, calculated.left_out, stored.quarter.last_four())
    act = workflow.note_calculated(session, stored)
    funding_lines.apply(session, stored)
    counts = {"payouts": len(run.payouts), "held": len(run.held)}
    by, at, about = origin.calculated_by, origin.calculated_at, f"run {stored.quarter} {stored.number}"
    audit.note(session, by, at, act, about, inputs=origin.inputs_sha256, **counts)
    return stored


def takes_long(session: Session) -> bool:
    """Whether there are so many people that nobody should wait for a calculation."""
    return people.count_people(session) > _MANY


def calculate_quarter(session: Session, quarter: Quarter, by: str, now: datetime) -> tuple[StoredRun, Run]:
    """Calculate a quarter and store the run, both in the session's transaction. `RefusedError` as `calculate_run`."""
    calculated = calculate_run(session, quarter, by, now)
    return store_run(session, calculated), calculated.run


def last_run(session: Session, actor: Account, quarter: Quarter) -> tuple[StoredRun, Run]:
    """The run of a quarter that counts, whole. Raises `NotFoundError` where there is none, or not for the actor."""
    stored = workflow.counting_run(session, quarter)
    if Permission.READ_PAYOUTS not in actor.permissions:
        raise UnseenError(f"The payouts of {quarter} are not for you to see.", "run", str(quarter))
    return stored, runs.load_run(session, stored)


def explainer(session: Session) -> Explainer:
    """An explainer that knows the company's names."""
    return Explainer(metrics.load_metrics(session), _unit_names(session))


def _unit_names(session: Session) -> dict[str, str]:
    return {unit.code: unit.name for unit in units.load_units(session)}


def explain(
    session: Session, actor: Account, employee: str, quarter: Quarter, now: datetime
) -> tuple[StoredRun, list[Payout], list[Node]]:
    """The trees behind one employee's payouts, or behind the absence of one, in the run of a quarter that counts.

    Raises `UnseenError` where the run knows nothing of the employee, and where the actor may not see what it knows.
    """
    stored = workflow.counting_run(session, quarter)
    run = runs.load_run(session, stored, seen_of(session, sight(session, actor, quarter, now), [employee]))
    teller = run_explainer(session, stored, run.metrics)
    settled = {each.key: each for each in settle_run(session, stored, [employee]).settled} if run.payouts else {}
    keys = (Key(payout.employee, payout.amount.currency) for payout in run.payouts)
    nodes = [with_added(teller.payout(payout), settled.get(key)) for payout, key in zip(run.payouts, keys, strict=True)]
    nodes += [teller.without_payout(hold) for hold in run.held]
    nodes += [teller.without_payout(person) for person in run.outside]
    if not nodes:
        why = "unknown, not employed then, or not for you to see"
        raise UnseenError(f"{employee} is not in run {stored.number} of {quarter}: {why}.", "employee", employee)
    return stored, list(run.payouts), nodes


def run_explainer(session: Session, stored: StoredRun, used: Sequence[Metric]) -> Explainer:
    """An explainer that knows the metrics that a run used, and how many answers it left out."""
    return Explainer(used, _unit_names(session), _left_out(session, stored, used))


def _left_out(session: Session, stored: StoredRun, used: Iterable[Metric]) -> LeftOut:
    """How many answers the run left out, by metric and unit."""
    counts = load_run_left_out(session, stored.id)
    asked = [(metric.id, metric.question.id) for metric in used if metric.question]
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for (unit, quarter, question), count in counts.items():
        for metric in (id_ for id_, of in asked if of == question):
            of_one, of_four = found.get((metric, unit), (0, 0))
            found[metric, unit] = of_one + count * (quarter == stored.quarter), of_four + count
    return found
