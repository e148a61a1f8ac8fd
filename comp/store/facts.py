"""The facts of a quarter, read from the tables in one state of the data."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from sqlmodel import Session

from comp.facts import Facts
from comp.periods import FiscalYear, Quarter, Span
from comp.plan import Plan
from comp.plan_documents import write_plan
from comp.store.bulk import Reader
from comp.store.metrics import load_metrics
from comp.store.people import load_people
from comp.store.plans import published_plans
from comp.store.results import load_results, load_targets
from comp.store.settings import load_company
from comp.store.units import load_units


def load_frame(session: Session, quarter: Quarter) -> Facts:
    """The facts of a quarter without results and people: what pages that show only scores and targets need."""
    company = load_company(session)
    return Facts(
        quarter=quarter,
        units=load_units(session),
        metrics=load_metrics(session, quarter),
        plans=tuple(_in_force(published_plans(session), company.calendar.span(quarter))),
        results=(),
        people=(),
        targets=load_targets(session, (quarter, FiscalYear(quarter.year))),
        calendar=company.calendar,
        round_to=company.round_to,
    )


def _in_force(plans: Iterable[Plan], days: Span) -> Iterator[Plan]:
    """The versions that are in force on one of the days: of each plan the last before they begin, and those within."""
    found: dict[str, list[Plan]] = {}
    for plan in sorted(plans, key=lambda plan: plan.starts):
        if plan.starts <= days.start:
            found[plan.id] = [plan]
        elif plan.starts < days.end:
            found.setdefault(plan.id, []).append(plan)
    for _, versions in sorted(found.items()):
        yield from versions


def load_facts(session: Session, quarter: Quarter, plans: tuple[Plan, ...] | None = None) -> tuple[Facts, str]:
    """Everything that a calculation of the quarter may look at, and the SHA-256 of it.

    `plans` stand in for the published ones where a draft is tried out.
    """
    frame, reader = load_frame(session, quarter), Reader(session)
    calendar = frame.calendar
    facts = replace(
        frame,
        plans=frame.plans if plans is None else plans,
        results=tuple(load_results(reader, quarter.last_four(), calendar, frame.metrics)),
        people=tuple(load_people(reader, quarter, calendar.span(quarter))),
    )
    documents = [write_plan(plan) for plan in facts.plans]
    reader.note(quarter, calendar, facts.round_to, facts.units, facts.metrics, documents, facts.targets)
    return facts, reader.digest()
