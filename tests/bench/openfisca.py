"""The rival of the core: the same rules as an OpenFisca-core model, fed with the same facts.

Scores are tallied and pooled, read with the last four quarters as fallback, put on the curve, weighted, capped; pieces
are cut by assignment, less unpaid days, checked for eligibility and summed for each employee. OpenFisca computes in
32-bit floating point. Units are a group entity, so that attainment is computed once for each of them.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from comp.facts import Facts
from comp.periods import Quarter
from tests.bench.company import ASKED, DAYS, QUARTER, XS, YS

MONTH = "2026-01"
_ENOUGH = 30

Piece = build_entity("piece", "pieces", "", is_person=True)
BusinessUnit = build_entity("unit", "units", "", roles=[{"key": "member", "plural": "members", "label": ""}])
Employee = build_entity("employee", "employees", "", roles=[{"key": "job", "plural": "jobs", "label": ""}])


def _variable(name: str, entity: Any, formula: Any = None) -> type[Variable]:
    body = {"value_type": float, "entity": entity, "definition_period": DateUnit.MONTH, "label": name}
    return type(name, (Variable,), body | ({"formula": formula} if formula else {}))


def _score(n: int) -> Any:
    def formula(unit: Any, period: Any, _parameters: Any) -> Any:
        points, answers = unit(f"points_{n}", period), unit(f"answers_{n}", period)
        rolled, older = unit(f"rolled_points_{n}", period), unit(f"rolled_answers_{n}", period)
        own = points / np.maximum(answers, 1)
        score = np.where(answers >= _ENOUGH, own, rolled / np.maximum(older, 1))
        return np.sign(score) * np.floor(np.abs(score) * 10 + 0.5) / 10

    return formula


def _attainment(source: str) -> Any:
    def formula(unit: Any, period: Any, _parameters: Any) -> Any:
        score = unit(source, period)
        return np.where(score < XS[0], 0, np.interp(score, XS, np.array(YS) / 100))

    return formula


def _customer(unit: Any, period: Any, _parameters: Any) -> Any:
    return np.minimum(1.2, sum(unit(f"attainment_{n}", period) for n in range(len(ASKED))) * 0.25)


def _financial(unit: Any, period: Any, _parameters: Any) -> Any:
    return 0.5 * unit("attainment_kpi", period) + 0.5 * unit("attainment_income", period)


def _total(unit: Any, period: Any, _parameters: Any) -> Any:
    return np.minimum(1.3, 0.4 * unit("customer", period) + 0.6 * unit("financial", period))


def _target(piece: Any, period: Any, _parameters: Any) -> Any:
    days = piece("days", period) - piece("unpaid_days", period)
    annual = piece("salary", period) * piece("fte", period) * piece("percent", period)
    return annual * 0.25 * days / DAYS.days


def _amount(piece: Any, period: Any, _parameters: Any) -> Any:
    eligible = (piece("employed_days", period) >= _ENOUGH) * piece("on_last_day", period)
    return piece("target", period) * piece.unit("total", period) * eligible


def _payout(employee: Any, period: Any, _parameters: Any) -> Any:
    return np.floor(employee.sum(employee.members("amount", period)) * 100 + 0.5) / 100


def _system() -> TaxBenefitSystem:
    system = TaxBenefitSystem([Piece, BusinessUnit, Employee])
    inputs = [
        f"{name}_{n}" for n in range(len(ASKED)) for name in ("points", "answers", "rolled_points", "rolled_answers")
    ]
    variables = [_variable(name, BusinessUnit) for name in (*inputs, "score_kpi", "score_income")]
    variables += [
        _variable(name, Piece)
        for name in ("salary", "fte", "percent", "days", "unpaid_days", "employed_days", "on_last_day")
    ]
    for n in range(len(ASKED)):
        variables.append(_variable(f"score_{n}", BusinessUnit, _score(n)))
        variables.append(_variable(f"attainment_{n}", BusinessUnit, _attainment(f"score_{n}")))
    variables += [
        _variable("attainment_kpi", BusinessUnit, _attainment("score_kpi")),
        _variable("attainment_income", BusinessUnit, _attainment("score_income")),
        _variable("customer", BusinessUnit, _customer),
        _variable("financial", BusinessUnit, _financial),
        _variable("total", BusinessUnit, _total),
        _variable("target", Piece, _target),
        _variable("amount", Piece, _amount),
        _variable("payout", Employee, _payout),
    ]
    system.add_variables(*variables)
    return system


SYSTEM = _system()


@dataclass(slots=True)
class Arrays:
    """The facts as the arrays that OpenFisca wants."""

    units: dict[str, Any]
    pieces: dict[str, Any]
    unit_of_piece: Any
    employee_of_piece: Any
    unit_count: int
    employee_count: int


def arrays(facts: Facts) -> Arrays:
    """Turn facts into arrays: what an application has to do before OpenFisca can start."""
    worked_in = {assignment.unit for person in facts.people for assignment in person.assignments}
    places = {unit: n for n, unit in enumerate(sorted(worked_in))}
    pieces: list[tuple[float, ...]] = []
    unit_of, employee_of = [], []
    for number, person in enumerate(facts.people):
        employment = person.employment
        employed = employment.meet(DAYS).days
        on_last_day = employment.end >= DAYS.end
        for assignment in person.assignments:
            span = assignment.span.meet(DAYS).meet(employment)
            unpaid = sum(absence.span.meet(span).days for absence in person.absences if absence.kind == "unpaid")
            pieces.append(
                (
                    float(assignment.annual_salary or 0),
                    float(assignment.fte),
                    float(assignment.target_percent or 0),
                    span.days,
                    unpaid,
                    employed,
                    on_last_day,
                )
            )
            unit_of.append(places[assignment.unit])
            employee_of.append(number)
    table = np.array(pieces)
    names = ("salary", "fte", "percent", "days", "unpaid_days", "employed_days", "on_last_day")
    return Arrays(
        units=_unit_arrays(facts, places),
        pieces={name: table[:, n] for n, name in enumerate(names)},
        unit_of_piece=np.array(unit_of),
        employee_of_piece=np.array(employee_of),
        unit_count=len(places),
        employee_count=len(facts.people),
    )


def _unit_arrays(facts: Facts, places: dict[str, int]) -> dict[str, Any]:
    numbers = {metric.id: n for n, metric in enumerate(ASKED)}
    made = {
        f"{name}_{n}": np.zeros(len(places))
        for n in range(len(ASKED))
        for name in ("points", "answers", "rolled_points", "rolled_answers")
    }
    made |= {"score_kpi": np.zeros(len(places)), "score_income": np.zeros(len(places))}
    window: tuple[Quarter, ...] = QUARTER.last_four()
    for result in facts.results:
        place = places.get(result.unit, -1)
        if result.sample and result.quarter in window:
            n = numbers[result.metric]
            made[f"rolled_points_{n}"][place] += result.sample.points
            made[f"rolled_answers_{n}"][place] += result.sample.answers
            if result.quarter == QUARTER:
                made[f"points_{n}"][place] += result.sample.points
                made[f"answers_{n}"][place] += result.sample.answers
        elif result.metric == "income":
            made["score_income"][:] = float(result.value or 0)
        else:
            made["score_kpi"][place] = float(result.value or 0)
    return made


def simulate(found: Arrays) -> Any:
    """Everybody's payout; the trace that explains it is kept."""
    builder = SimulationBuilder()
    builder.create_entities(SYSTEM)
    builder.declare_person_entity("piece", np.arange(len(found.unit_of_piece)))
    for name, role, count, members in (
        ("unit", "member", found.unit_count, found.unit_of_piece),
        ("employee", "job", found.employee_count, found.employee_of_piece),
    ):
        instance = builder.declare_entity(name, np.arange(count))
        builder.join_with_persons(instance, members, roles=np.full(len(members), role))
    simulation: Simulation = builder.build(SYSTEM)
    simulation.trace = True
    for name, values in {**found.units, **found.pieces}.items():
        simulation.set_input(name, MONTH, values)
    return simulation.calculate("payout", MONTH)
