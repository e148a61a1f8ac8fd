"""Small companies for the data check, and what it finds in them."""

from comp.data_check import check_data
from tests.make import plan_document, scenario


def facts(**fields):
    return scenario(**fields).facts


def found(check, **fields):
    """The findings of one check in the company with these fields changed."""
    return [finding for finding in check_data(facts(**fields)) if finding.check is check]


def the(check, **fields):
    (finding,) = found(check, **fields)
    return finding


def numbers(finding):
    return [each.employee for each in finding.people]


def asked(**fields):
    """A plan that pays by answers to `nps`, of which it asks for 50."""
    line = {"points": [["0", "0%"], ["100", "100%"]]}
    made = {"metric": "nps", "weight": "100%", "curve": line, **fields}
    return plan_document(components=[{"id": "c", "name": "C", "share": "100%", "measures": [made]}])


def answers(unit, quarter, count):
    return {"unit": unit, "quarter": quarter, "metric": "nps", "promoters": count, "passives": 0, "detractors": 0}


NPS = {"nps": {"question": "recommend", "statistic": "nps", "decimals": 1}}
TREE = [{"unit": "CO", "name": "Company"}, {"unit": "U", "name": "Unit", "parent": "CO"}]
