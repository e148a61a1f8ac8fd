"""Every page that a person of each role can reach by links is sound."""

import pytest

from comp.intake import Kind
from tests.web.company import (
    ADMIN,
    APPROVER,
    AUDITOR,
    DELEGATE,
    DIRECTOR,
    EMPLOYEE,
    HR,
    LEAD,
    MANAGER,
    PAYROLL,
    PEER,
    ROLES,
    UNITS,
    take_in,
)
from tests.web.sight import hidden_names
from tests.web.visitor import Visitor

OPEN = {"/", "/help", "/scores", "/scores?quarter=2025-Q3", "/my-pay", "/metrics", "/metrics/nps"}
PAID = {"/?quarter=2025-Q3", "/payouts", "/payouts?quarter=2025-Q3", "/payouts/2025-Q4/1001", "/payouts/2025-Q4/1003"}
TEAM = {"/payouts", "/payouts?quarter=2025-Q3", "/standing-in"}
PLANNED = {
    "/check",
    "/check?quarter=2025-Q3",
    "/calendar",
    "/calendar?quarter=2025-Q4",
    "/imports",
    "/targets",
    "/targets?period=2026",
    "/targets/file?period=2025",
    "/plans",
    "/plans/service@2025-01-01",
    "/plans/service@2026-01-01",
    "/plans/service@2026-01-01/what-if",
    "/what-if",
}
BOOKED = {"/payroll", "/payroll?quarter=2025-Q3", "/payroll/2025-Q4/workbook"}
DEFINED = {
    "/metrics/new",
    "/metrics/new?question=effort",
    "/metrics/nps/edit",
    "/questions/effort/edit",
    "/questions/new",
}
ADP = "/payroll/layouts/adp-workforce-now"
LAYOUTS = {"/payroll/layouts", ADP, f"{ADP}/maps"}
TAKEN = LAYOUTS | {f"{ADP}/preview", "/payroll/layouts/generic-csv/preview"}
REACHED = {
    HR: OPEN | PAID | PLANNED | DEFINED | LAYOUTS | {f"{ADP}/change", "/plans/service@2026-01-01/weightings"},
    APPROVER: OPEN | PAID | PLANNED,
    PAYROLL: OPEN | PAID | BOOKED | TAKEN | {f"{ADP}/change"},
    AUDITOR: OPEN | PAID | PLANNED | BOOKED | TAKEN,
    ADMIN: OPEN | {"/users", "/users/7", "/access", "/access/file", "/mails"},
    EMPLOYEE: OPEN | {"/payouts/2025-Q4/1004"},
    MANAGER: OPEN | TEAM | {f"/payouts/2025-Q4/{number}" for number in ("1001", "1002", "1004", "1007")},
    DIRECTOR: OPEN | TEAM | PAID - {"/?quarter=2025-Q3"},
    PEER: OPEN | TEAM | {f"/payouts/2025-Q4/{number}" for number in ("1003", "1006", "1007")},
    LEAD: OPEN | {"/payouts/2025-Q4/1007"},
    DELEGATE: OPEN | {f"/payouts/2025-Q4/{number}" for number in ("1002", "1004", "1006", "1007")},
}


@pytest.mark.parametrize("email", REACHED)
def test_links_lead_a_role_to_all_that_is_for_it_and_every_page_there_is_sound(visit, email):
    assert crawl(visit(email)) >= REACHED[email]


@pytest.mark.parametrize("email", REACHED)
def test_no_page_that_links_lead_to_has_a_name_that_is_not_for_the_reader(visit, email):
    hidden = hidden_names(email)
    visitor, told = visit(email), set()
    for address in crawl(visitor):
        told |= {(address, name) for name in hidden if name in visitor.fetch(address, follow_redirects=True).text}
    assert told == set()


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
