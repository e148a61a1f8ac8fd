"""A large company made up for benchmarks: the same one every time for the same sizes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from random import Random

from comp.facts import Absence, Assignment, Facts, Person, Result, Target, Unit
from comp.periods import FiscalCalendar, Quarter, Span
from comp.plan import Plan
from comp.plan_documents import read_plan
from comp.scores import Metric, Question, Statistic, groups_tally, sample

QUARTER = Quarter(2026, 1)
DAYS = FiscalCalendar().span(QUARTER)
GROUPS = 8
ASKED = tuple(Metric(f"nps-{n}", Statistic.NPS, 1, question=Question(f"q{n}", 0, 10)) for n in range(4))
KPI, INCOME = Metric("kpi", Statistic.VALUE, 4), Metric("income", Statistic.VALUE, 4)
METRICS = (*ASKED, KPI, INCOME)
XS, YS = (0, 20, 40, 60), (0, 50, 100, 150)
"""The one curve of all measures: scores, and what they pay in percent."""


@dataclass(frozen=True, slots=True)
class Size:
    """How many people work in how many units."""

    people: int
    units: int


def plan_document(group: int) -> dict[str, object]:
    """A plan with six measures in two components, a cap on each level, and an eligibility rule."""
    curve = {"points": [[str(x), f"{y}%"] for x, y in zip(XS, YS, strict=True)]}
    asked = [{"metric": metric.id, "weight": "25%", "min_answers": "30", "curve": curve} for metric in ASKED]
    stated = [
        {"metric": "kpi", "weight": "50%", "curve": curve},
        {"metric": "income", "weight": "50%", "measured_at": "top", "curve": curve},
    ]
    return {
        "id": f"plan-{group}",
        "name": f"Plan {group}",
        "starts": "2025-01-01",
        "applies_to": {"units": [f"G{group}"]},
        "pay_code": "LOY",
        "components": [
            {"id": "customer", "name": "Customer", "share": "40%", "cap": "120%", "measures": asked},
            {"id": "financial", "name": "Financial", "share": "60%", "measures": stated},
        ],
        "cap": "130%",
        "absences": {"unpaid": "0%"},
        "eligibility": {"minimum_days": "30", "on_last_day": "true"},
    }


def plans() -> tuple[Plan, ...]:
    """One plan for each group of units."""
    made = [read_plan(plan_document(group)) for group in range(GROUPS)]
    return tuple(plan for plan, _ in made if plan)


def leaves(size: Size) -> list[str]:
    """The units in which people work."""
    return [f"U{n}" for n in range(size.units)]


def units(size: Size) -> tuple[Unit, ...]:
    """A company of groups of units."""
    groups = [Unit(f"G{n}", f"Group {n}", "CO") for n in range(GROUPS)]
    return (
        Unit("CO", "Company"),
        *groups,
        *(Unit(u, f"Unit {u}", f"G{n % GROUPS}") for n, u in enumerate(leaves(size))),
    )


def tallies(size: Size) -> Iterator[tuple[str, Metric, Quarter, tuple[int, int, int]]]:
    """Promoters, passives and detractors of each unit, question and quarter."""
    chance = Random(1)
    for metric in ASKED:
        for unit in leaves(size):
            for quarter in QUARTER.last_four():
                yield unit, metric, quarter, (chance.randint(10, 60), chance.randint(5, 40), chance.randint(2, 30))


def kpis(size: Size) -> Iterator[tuple[str, Fraction]]:
    """Each unit's stated value."""
    chance = Random(2)
    yield from ((unit, Fraction(chance.randint(0, 700), 10)) for unit in leaves(size))


def results(size: Size) -> Iterator[Result]:
    """Everything that is known of the units."""
    for unit, metric, quarter, groups in tallies(size):
        yield Result(unit, quarter, metric.id, sample(metric, groups_tally(*groups)))
    yield from (Result(unit, QUARTER, "kpi", value=value) for unit, value in kpis(size))
    yield Result("CO", QUARTER, "income", value=Fraction(35))


def people(size: Size) -> Iterator[Person]:
    """Everybody: one in five moves to another unit within the quarter, one in twenty is away for nine days."""
    chance, places = Random(3), leaves(size)
    for number in range(size.people):
        salary = Fraction(chance.randint(2_000_000, 9_000_000), 100)
        place, start = chance.choice(places), date(2020, 1, 1)
        if number % 5 == 0:
            moved = DAYS.start + timedelta(days=chance.randint(1, 80))
            assignments: tuple[Assignment, ...] = (
                Assignment(place, Span(start, moved), "EUR", salary, Fraction(12, 100)),
                Assignment(chance.choice(places), Span(moved), "EUR", salary, Fraction(15, 100)),
            )
        else:
            assignments = (Assignment(place, Span(start), "EUR", salary, Fraction(12, 100)),)
        away = Absence(Span(date(2026, 2, 1), date(2026, 2, 10)), "unpaid")
        absences = (away,) if number % 20 == 0 else ()
        yield Person(f"{number:06}", f"Person {number}", assignments, absences, hired=start)


def facts(size: Size) -> Facts:
    """The whole company in memory."""
    return Facts(
        quarter=QUARTER,
        units=units(size),
        metrics=METRICS,
        plans=plans(),
        results=tuple(results(size)),
        people=tuple(people(size)),
        targets=(Target("CO", QUARTER, "income", Fraction(100)),),
    )
