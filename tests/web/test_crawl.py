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
from tests.web.sight import OF_ACCOUNTS, not_for, paid_amounts
from tests.web.visitor import Page, Visitor

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
def test_links_lead_a_role_to_all_that_is_for_it_and_nothing_there_tells_what_is_not(visit, app, database, email):
    told, amounts = crawl(visit(email)), paid_amounts(database)
    assert set(told) >= REACHED[email]
    for address, text in told.items():
        endpoint, _ = app.url_map.bind("").match(address.partition("?")[0])
        hidden = not_for(email, amounts, of_accounts=endpoint in OF_ACCOUNTS)
        assert {each for each in hidden if each in text} == set(), address


@pytest.mark.parametrize("email", ROLES)
def test_every_page_of_an_empty_company_is_sound(empty_app, email):
    assert {"/", "/scores", "/help"} <= set(crawl(Visitor(empty_app, email)))


@pytest.mark.parametrize("email", ROLES)
def test_every_page_of_a_company_before_its_first_run_is_sound(empty_app, sqlite_engine, email):
    take_in(sqlite_engine, Kind.UNITS, UNITS)
    take_in(sqlite_engine, Kind.RESULTS, "unit,quarter,metric,promoters,passives,detractors\nLIS,2025-Q4,nps,2,1,0\n")
    assert {"/", "/scores", "/help"} <= set(crawl(Visitor(empty_app, email)))


def crawl(visitor):
    """What stands at each address that links lead to; every page on the way is sound."""
    told, waiting = {}, ["/"]
    while waiting:
        address = waiting.pop().partition("#")[0]
        if address in told:
            continue
        answer = visitor.fetch(address, follow_redirects=True)
        assert answer.status_code == 200, address
        told[address] = answer.data.decode(errors="replace")
        if answer.mimetype == "text/html":
            waiting += Page(visitor, answer).links()
    return told
