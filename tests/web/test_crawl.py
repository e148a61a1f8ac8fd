"""Every page that a person of each role can reach by links is sound."""

import pytest

from comp.intake import Kind
from tests.web.company import ADMIN, APPROVER, AUDITOR, EMPLOYEE, HR, PAYROLL, ROLES, UNITS, take_in
from tests.web.visitor import Visitor

OPEN = {"/", "/help", "/scores", "/scores?quarter=2025-Q3"}
PAID = {"/?quarter=2025-Q3", "/payouts", "/payouts?quarter=2025-Q3", "/payouts/2025-Q4/1001", "/payouts/2025-Q4/1003"}
PLANNED = {"/imports", "/plans", "/plans/service@2025-01-01", "/plans/service@2026-01-01"}
BOOKED = {"/payroll", "/payroll?quarter=2025-Q3", "/payroll/2025-Q4/workbook"}
REACHED = {
    HR: OPEN | PAID | PLANNED | {"/plans/service@2026-01-01/weightings"},
    APPROVER: OPEN | PAID | PLANNED,
    PAYROLL: OPEN | PAID | BOOKED,
    AUDITOR: OPEN | PAID | PLANNED | BOOKED,
    ADMIN: OPEN,
    EMPLOYEE: OPEN,
}


@pytest.mark.parametrize("email", REACHED)
def test_links_lead_a_role_to_all_that_is_for_it_and_every_page_there_is_sound(visit, email):
    assert crawl(visit(email)) >= REACHED[email]


@pytest.mark.parametrize("email", ROLES)
def test_every_page_of_an_empty_company_is_sound(empty_app, email):
    assert {"/", "/scores", "/help"} <= crawl(Visitor(empty_app, email))


@pytest.mark.parametrize("email", ROLES)
def test_every_page_of_a_company_before_its_first_run_is_sound(empty_app, sqlite_engine, email):
    take_in(sqlite_engine, Kind.UNITS, UNITS)
    take_in(sqlite_engine, Kind.RESULTS, "unit,quarter,metric,promoters,passives,detractors\nLIS,2025-Q4,nps,2,1,0\n")
    assert {"/", "/scores", "/help"} <= crawl(Visitor(empty_app, email))


def crawl(visitor):
    seen, waiting = set(), ["/"]
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in seen:
            continue
        seen.add(address)
        answer = visitor.fetch(address, follow_redirects=True)
        assert answer.status_code == 200, address
        if answer.mimetype == "text/html":
            waiting += visitor.get(address).links()
    return seen
