"""Every page that a person of each role can reach by links is sound."""

import pytest

from tests.web.company import ADMIN, APPROVER, AUDITOR, EMPLOYEE, HR, PAYROLL
from tests.web.visitor import Visitor


@pytest.mark.parametrize(
    ("email", "pages"), [(HR, 30), (APPROVER, 20), (PAYROLL, 20), (AUDITOR, 20), (ADMIN, 3), (EMPLOYEE, 3)]
)
def test_every_page_that_can_be_reached_by_links_is_sound(visit, email, pages):
    seen = crawl(visit(email))
    assert len(seen) >= pages


def test_every_page_of_an_empty_company_is_sound(empty_app):
    seen = crawl(Visitor(empty_app, HR))
    assert {"/", "/payouts", "/plans", "/scores", "/imports", "/help"} <= seen


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
