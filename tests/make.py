"""Builders: small companies that state only what a test is about."""

import copy
from typing import Any

from comp.calculate import calculate
from comp.plan import Plan
from comp.plan_documents import read_plan
from comp.results import Run
from comp.scenario import Scenario, read_scenario

LINE = {"points": [["0", "0%"], ["200", "200%"]]}


def measure(metric: str = "k", weight: str = "100%", **fields: Any) -> dict[str, Any]:
    """A measure whose score of 100 pays 100 %."""
    return {"metric": metric, "weight": weight, "curve": LINE, **fields}


def plan_document(**fields: Any) -> dict[str, Any]:
    """A plan for the whole company that pays by one stated metric, with these fields changed."""
    document = {
        "id": "p",
        "name": "Plan",
        "starts": "2025-01-01",
        "applies_to": "everyone",
        "pay_code": "LOY",
        "components": [{"id": "c", "name": "Customer", "share": "100%", "measures": [measure()]}],
    }
    return {**document, **fields}


def plan(**fields: Any) -> Plan:
    """The plan of `plan_document`, which must be sound."""
    made, problems = read_plan(plan_document(**fields))
    assert made, problems
    return made


def person(employee: str = "1", **fields: Any) -> dict[str, Any]:
    """A person in unit U with a target of 1,000 EUR a quarter; assignment fields go into the one assignment."""
    own = {"hired", "left", "leaving_reason", "absences", "assignments", "name"}
    assignment = {"unit": "U", "from": "2020-01-01", "currency": "EUR", "target_amount": "4000"}
    assignment |= {key.rstrip("_"): value for key, value in fields.items() if key not in own}
    document = {"employee": employee, "name": f"Person {employee}", "assignments": [assignment]}
    return {**document, **{key: value for key, value in fields.items() if key in own}}


def company(**fields: Any) -> dict[str, Any]:
    """A scenario document: one unit U with a score of 100 in 2025-Q3 and one person, with these fields changed."""
    document = {
        "name": "a company",
        "quarter": "2025-Q3",
        "units": [{"unit": "U", "name": "Unit"}],
        "metrics": {"k": {"statistic": "value", "decimals": 4}},
        "plans": [plan_document()],
        "results": [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "value": "100"}],
        "people": [person()],
    }
    return copy.deepcopy({**document, **fields})


def scenario(**fields: Any) -> Scenario:
    """The scenario of `company`, which must be sound."""
    made, problems = read_scenario(company(**fields))
    assert made, [str(problem) for problem in problems]
    return made


def run(**fields: Any) -> Run:
    """What the company of `company` is paid."""
    return calculate(scenario(**fields).facts)
