"""Whose pay each role and relation sees: by a person's address, in lists, fragments, files, searches and counts."""

import csv
import io
import re

import pytest
from sqlalchemy import select

from comp.db import reading, writing
from comp.models import AccountRow, AuditRow, DelegationRow
from tests.web.company import (
    ADMIN,
    AUDITOR,
    DELEGATE,
    DIRECTOR,
    EMPLOYEE,
    HR,
    LEAD,
    MANAGER,
    NAMES,
    PASSWORD,
    PAYROLL,
    PEER,
    PERSONS,
)
from tests.web.page_rules import check_fragment
from tests.web.sight import SEES, hidden_names
from tests.web.signing_in import mails, set_up_app
from tests.web.test_access import MATRIX, _uploaded
from tests.web.visitor import words
from web import paper

NOBODY = "9999"
ABOUT_ONE = {
    "payouts.show": "/payouts/2025-Q4/{employee}",
    "statements.show": "/statements/2025-Q4/{employee}",
    "statements.pdf": "/statement-files/2025-Q4/{employee}",
    "queries.ask_payout": "/queries/new/payout/2025-Q4/{employee}",
}
"""Every page whose address names a person."""

OTHER_NUMBERS = {"users.index", "users.show", "review.index", "review.download"}
"""Pages that tell admins and auditors whose account is whose, by number."""


@pytest.fixture(autouse=True)
def quick_pdfs(monkeypatch):
    """PDFs that take no time: who gets one is what matters here."""
    monkeypatch.setattr(paper, "made", lambda *_, **__: (b"%PDF-1.7", ".pdf"))


def test_every_page_that_names_a_person_has_its_row_here(app):
    about_one = {
        rule.endpoint for rule in app.url_map.iter_rules() if "employee" in rule.arguments and "GET" in rule.methods
    }
    of_the_api = {endpoint for endpoint in about_one if endpoint.startswith("api_")}
    assert about_one - of_the_api == set(ABOUT_ONE), "what tokens open has tests of its own"


@pytest.mark.parametrize("address", ABOUT_ONE.values())
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "fragment"])
@pytest.mark.parametrize("email", SEES)
def test_a_person_is_shown_to_those_who_may_see_them_and_missing_to_all_others(visit, email, headers, address):
    visitor = visit(email)
    got = {
        number: visitor.fetch(address.format(employee=number), headers=headers).status_code
        for number in (*NAMES, NOBODY)
    }
    assert got == {number: 200 if number in SEES[email] else 404 for number in (*NAMES, NOBODY)}


@pytest.mark.parametrize("address", ABOUT_ONE.values())
@pytest.mark.parametrize("email", [EMPLOYEE, MANAGER, PEER, DELEGATE, LEAD, ADMIN])
def test_an_unseen_person_looks_like_one_that_there_is_not(visit, email, address):
    visitor = visit(email)
    missing = _body(visitor.get(address.format(employee=NOBODY), 404))
    unseen = sorted(set(NAMES) - SEES[email])
    assert unseen
    for number in unseen:
        page = visitor.get(address.format(employee=number), 404)
        assert _body(page).replace(number, NOBODY) == missing


@pytest.mark.parametrize("email", SEES)
def test_no_answer_of_any_route_names_anybody_who_is_not_for_the_reader(visit, email):
    visitor = visit(email)
    uploads = {"upload": _uploaded(visit(HR)), "second": "x"}
    for endpoint, method, address, _, _ in MATRIX:
        if method != "GET":
            continue
        for headers in ({}, {"HX-Request": "true"}):
            answer = visitor.fetch(address.format(**uploads), headers=headers)
            told = _text(answer)
            hidden = sorted(set(NAMES) - SEES[email] - ({"1001"} if "1001" in address else set()))
            assert not [name for name in hidden_names(email) if name in told], address
            if endpoint not in OTHER_NUMBERS:
                assert not [number for number in hidden if number in told], address


@pytest.mark.parametrize("email", [MANAGER, DIRECTOR, PEER, DELEGATE, HR])
def test_a_list_has_those_who_are_for_the_reader_and_counts_no_others(visit, email):
    page = visit(email).get("/payouts")
    paid = SEES[email] - {"1003", "1005"}  # the one is held, the other in no plan
    assert {row["Employee"] for row in page.table()} == paid
    assert f"{len(paid)} people" in page.text
    assert ("Cleo Costa" in page.text) == ("1003" in SEES[email])
    assert ("held" in page.text) == ("1003" in SEES[email])


@pytest.mark.parametrize("search", ["Fumi", "1006", "uda", "Cleo"])
def test_a_search_finds_nobody_who_is_not_for_the_reader(visit, search):
    visitor = visit(MANAGER)
    rows = check_fragment(visitor.fetch(f"/payouts?q={search}", headers={"HX-Request": "true"}))
    nothing = check_fragment(visitor.fetch("/payouts?q=Nobody", headers={"HX-Request": "true"}))
    assert words(rows).replace(search, "Nobody") == words(nothing)


def test_a_later_manager_sees_what_was_before_and_an_earlier_one_what_was_theirs(visit):
    addresses = {"Gita who moved after the quarter": "1007", "Fumi who moved within it": "1006"}
    got = {
        (email, who): visit(email).fetch(f"/payouts/2025-Q4/{number}").status_code
        for email in (MANAGER, PEER)
        for who, number in addresses.items()
    }
    assert got == {
        (MANAGER, "Gita who moved after the quarter"): 200,
        (MANAGER, "Fumi who moved within it"): 404,
        (PEER, "Gita who moved after the quarter"): 200,
        (PEER, "Fumi who moved within it"): 200,
    }


def test_employees_see_their_own_pay_of_all_quarters_and_each_opens(visit):
    page = visit(MANAGER).get("/my-pay")
    assert [row[:5] for row in page.rows("Quarters")] == [
        ["2025-Q4 Lisbon", "Lisbon", "1,800.00", "96.4 %", "1,735.20 EUR"],
        ["2025-Q3 Lisbon", "Lisbon", "1,800.00", "88.0 %", "1,584.00 EUR"],
    ]
    assert page.follow("2025-Q3").heading == "Ada Alves · 2025-Q3"


def test_own_pay_that_is_held_says_why_and_opens(visit):
    page = visit(PEER).get("/my-pay")
    assert "No usable score of nps for FAR" in page.rows("Quarters")[0][1]
    assert page.follow("2025-Q4").heading == "Cleo Costa · 2025-Q4"


def test_an_account_of_nobody_on_file_is_told_so(visit):
    page = visit(ADMIN).get("/my-pay")
    assert "Your account is nobody’s on file" in page.text


def test_the_way_back_leads_employees_to_their_pay_and_managers_to_the_list(visit):
    assert visit(EMPLOYEE).get("/payouts/2025-Q4/1004").follow("My pay").address == "/my-pay"
    assert visit(MANAGER).get("/payouts/2025-Q4/1004").follow("Payouts").address == "/payouts"


@pytest.mark.parametrize(
    ("email", "places"),
    [
        (EMPLOYEE, ["Home", "My pay", "Queries", "Scores", "Metrics"]),
        (MANAGER, ["Home", "My pay", "Queries", "My team", "Payouts", "Runs", "Standing in", "Scores", "Metrics"]),
        (DELEGATE, ["Home", "My pay", "Queries", "My team", "Payouts", "Runs", "Scores", "Metrics"]),
        (LEAD, ["Home", "My pay", "Queries", "Scores", "Answers", "Metrics"]),
        (
            ADMIN,
            ["Home", "My pay", "Queries", "Scores", "Metrics", "Users and roles", "Access review", "Mails", "Jobs"],
        ),
    ],
)
def test_the_rail_shows_the_places_that_somebody_may_go_to(visit, email, places):
    assert [words(link) for link in visit(email).get("/").root.xpath("//nav[@aria-label='Main']/a")] == places


def test_reads_of_others_pay_files_and_refusals_are_noted_and_ones_own_pay_is_not(visit, database):
    start = len(_audit(database))
    manager = visit(MANAGER)
    for address in ("/my-pay", "/payouts/2025-Q4/1001", "/payouts/2025-Q4/1002", "/payouts?q=Ben", "/payouts"):
        manager.get(address)
    manager.get("/payouts/2025-Q4/1003", 404)
    manager.get("/payouts/2025-Q4/Somebody", 404)
    manager.get("/users", 404)
    visit(PAYROLL).fetch("/payroll/2025-Q4/workbook")
    noted = [entry for entry in _audit(database)[start:] if entry[1] != "signed in"]
    assert [entry[:3] for entry in noted[:4]] == [
        ("account 8", "read", "payout 2025-Q4 1002"),
        ("account 8", "read", "payout 2025-Q4 1002"),
        ("account 8", "read", "payouts 2025-Q4"),
        ("account 8", "refuse", "employee 1003"),
    ]
    assert noted[2][3] == '{"people":3}'
    assert re.fullmatch(r"employee [0-9a-f]{16}", noted[4][2])
    assert [entry[1:] for entry in noted[5:]] == [
        ("refuse", "users.index", '{"place":"users.index"}'),
        ("download", "payroll workbook 2025-Q4", '{"batch":"2025-Q4-R1"}'),
    ]


def test_an_unlinked_number_opens_nothing(visit, database):
    visitor = visit(EMPLOYEE)
    assert visitor.get("/payouts/2025-Q4/1004")
    visit(ADMIN).get("/users/7").submit("Store the number", employee="")
    assert visitor.get("/payouts/2025-Q4/1004", 404)


# Standing in


def test_a_manager_hands_over_and_ends_it_early(visit, database):
    visitor, colleague = visit(MANAGER), visit(EMPLOYEE)
    assert colleague.fetch("/payouts/2025-Q4/1002").status_code == 404
    page = visitor.get("/standing-in").submit("Hand over", email=EMPLOYEE, **_days(database))
    assert page.notes[0].startswith("Dora Dias stands in for you: ")
    assert "You stand in for Ada Alves until" in colleague.get("/payouts").text
    assert {row["Employee"] for row in colleague.get("/payouts").table()} == {"1002", "1004", "1007"}
    for address in ("/payroll", "/standing-in", "/users", "/payouts/2025-Q4/1001"):
        colleague.get(address, 404)
    page = visitor.post("/standing-in/2/end")
    assert page.notes == ["Dora Dias does not stand in for you any more."]
    assert colleague.fetch("/payouts/2025-Q4/1002").status_code == 404
    assert [entry[1:3] for entry in _audit(database) if entry[2].startswith("delegation ")] == [
        ("hand over", "delegation 2"),
        ("end", "delegation 2"),
    ]


@pytest.mark.parametrize(
    ("email", "first", "last", "why"),
    [
        ("nobody@aurelia.example", 0, 1, "Nobody else who could stand in for you has this address."),
        (ADMIN, 0, 1, "Nobody else who could stand in for you has this address."),
        (MANAGER, 0, 1, "Nobody else who could stand in for you has this address."),
        (EMPLOYEE, -1, 1, "The days start within a year from today, and the last is not before the first."),
        (EMPLOYEE, 2, 1, "The days start within a year from today, and the last is not before the first."),
        (EMPLOYEE, 366, 367, "The days start within a year from today, and the last is not before the first."),
        (EMPLOYEE, 0, 92, "At most 92 days can be handed over at once. Do it again when they are over."),
    ],
)
def test_what_cannot_be_handed_over_is_refused_in_words(visit, database, email, first, last, why):
    page = visit(MANAGER).get("/standing-in")
    page = page.submit("Hand over", 422, email=email, **_days(database, first, last))
    assert page.errors == [why]


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "yesterday", "2026-02-30"])
def test_odd_days_are_refused(visit, day):
    assert visit(MANAGER).get("/standing-in").submit("Hand over", 422, email=EMPLOYEE, first=day, last=day).errors


def test_what_somebody_else_handed_over_looks_like_what_there_is_not(visit):
    visitor = visit(PEER)
    pages = [visitor.post(f"/standing-in/{number}/end", 404) for number in ("1", "77")]
    assert _body(pages[0]) == _body(pages[1])


def test_fields_that_no_form_has_change_nothing(visit, database):
    extra = {"manager": "1005", "made_by": "x", "id": "77", "delegate": "1003", "start_on": "2000-01-01"}
    visit(MANAGER).post("/standing-in", email=EMPLOYEE, **_days(database), **extra)
    admin = visit(ADMIN)
    fields = {"employee": "1005", "epoch": "0", "is_active": "", "email": "x@x", "granted_by": "x", "id": "8"}
    admin.post("/users/7/roles", roles="payroll", **fields)
    with reading(database) as session:
        made = session.get_one(DelegationRow, 2)
        assert (made.manager, made.delegate, made.made_by) == ("1001", "1004", MANAGER)
        account = session.get_one(AccountRow, 7)
        assert (account.employee, account.email, account.is_active) == ("1004", EMPLOYEE, True)


@pytest.mark.parametrize(
    ("email", "address", "fields"),
    [
        (ADMIN, "/users/7/roles", {"account_id": "8", "roles": "hr"}),
        (ADMIN, "/users/7/person", {"account_id": "8", "employee": "1001"}),
        (MANAGER, "/standing-in/1/end", {"delegation_id": "2"}),
        (HR, "/quarters/2025-Q4/calculate", {"quarter": "2025-Q3"}),
    ],
)
def test_a_form_that_names_another_thing_than_its_address_is_refused(visit, database, email, address, fields):
    visitor = visit(email)
    before = len(_audit(database))
    assert visitor.post(address, 400, **fields).heading == "That did not arrive as a form"
    assert len(_audit(database)) == before


# Users, roles, and the review


def test_an_admin_grants_and_revokes_roles(visit, database):
    page = visit(ADMIN).get("/users").follow("Employee")
    page = page.visitor.post("/users/7/roles", roles=["hr", "approver"])
    assert page.notes == ["The roles of Employee are stored. Whoever uses the account signs in again."]
    assert "The roles approver and hr should not be held together." in page.text
    assert page.root.xpath("//input[@name='roles'][@checked]/@value") == ["hr", "approver"]
    assert _audit(database)[-1] == ("account 6", "grant", "account 7", '{"after":"approver, hr","before":""}')
    assert visit(EMPLOYEE).get("/imports").heading == "Imports"


@pytest.mark.parametrize(
    ("roles", "why"),
    [
        (["auditor", "payroll"], "The roles auditor and payroll cannot be held together. An auditor changes nothing"),
        (["admin", "hr"], "The roles admin and hr cannot be held together. An admin grants roles and sees no pay"),
    ],
)
def test_roles_that_do_not_go_together_are_refused(visit, roles, why):
    page = visit(ADMIN).post("/users/7/roles", 422, roles=roles)
    assert page.errors[0].startswith(why)
    assert visit(EMPLOYEE).fetch("/payroll").status_code == 404


def test_nobody_changes_what_their_own_account_may_do(visit):
    visitor = visit(ADMIN)
    assert "This is your own account" in visitor.get("/users/6").text
    for address, fields in (("/users/6/roles", {"roles": "auditor"}), ("/users/6/person", {"employee": "1005"})):
        assert visitor.post(address, 422, **fields).errors == [
            "Nobody changes what their own account may see and do. Another admin does."
        ]


def test_an_admin_closes_an_account_and_whoever_used_it_is_out(visit, database):
    employee = visit(EMPLOYEE)
    page = visit(ADMIN).get("/users/7").submit("Close this account for good")
    assert page.notes == ["The account of Employee is closed. Whoever used it is signed out everywhere."]
    assert page.address == "/users"
    assert EMPLOYEE not in page.text
    assert employee.get("/my-pay").address == "/sign-in"
    assert visit().get("/sign-in").submit("Sign in", 422, email=EMPLOYEE, password=PASSWORD).errors
    assert _audit(database)[-2][:3] == ("account 6", "account closed", "account 7")
    page.visitor.post("/users/7/close", 404)


def test_an_admin_takes_lost_factors_away_and_the_person_is_told(visit, app, database):
    employee = visit(EMPLOYEE)
    set_up_app(app, employee)
    page = visit(ADMIN).get("/users/7").submit("Take the second factors away")
    assert page.notes == ["Employee signs in with the password alone until a factor is set up anew."]
    assert employee.get("/my-pay").address == "/sign-in"
    assert visit(EMPLOYEE).get("/account").address == "/account"
    assert mails(database)[-1][:2] == (EMPLOYEE, "Your second factors were reset")


@pytest.mark.parametrize("act", ["close", "factors"])
def test_nobody_closes_or_resets_their_own_account(visit, act):
    page = visit(ADMIN).post(f"/users/6/{act}", 422)
    assert "Nobody does this to their own account. Another admin does." in page.text


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (NOBODY, "Nobody has the employee number 9999. Import people first."),
        ("1001", f"1001 has the account {MANAGER} already. Take the number off that one first."),
        ("x" * 101, "Employee number: Field cannot be longer than 100 characters."),
    ],
)
def test_a_number_that_cannot_be_an_accounts_is_refused(visit, number, why):
    page = visit(ADMIN).get("/users/7").submit("Store the number", 422, employee=number)
    assert page.errors == [why]


@pytest.mark.parametrize("address", ["/users/99", "/users/99999999999999999999", "/users/x"])
def test_an_account_that_there_is_not_is_not_found(visit, address):
    assert visit(ADMIN).get(address, 404).heading == "There is nothing here"


def test_a_role_that_there_is_not_is_refused(visit):
    assert visit(ADMIN).post("/users/7/roles", 422, roles="king").errors


def test_the_review_tells_who_holds_what_and_why(visit, database):
    admin = visit(ADMIN)
    admin.post("/users/8/roles", roles="hr")
    held = {words(row[0]): words(row[1]) for row in _cells(visit(AUDITOR).get("/access"))}
    day = _today(database)
    assert held[f"Manager {MANAGER}"].split(" from ")[0] == (
        f"role hr granted by {ADMIN} on {day} own pay is employee 1001 "
        "pay of the team manages 2 people lets 1006 stand in"
    )
    assert held[f"Delegate {DELEGATE}"].startswith(
        "own pay is employee 1006 pay of the team of 1001 stands in from 2020-01-01"
    )
    assert held[f"Hr {HR}"] == "role hr granted when it was added"
    assert held[f"Director {DIRECTOR}"] == "own pay is employee 1005 pay of the team manages 6 people"


def test_the_review_as_a_file_has_a_row_for_each_thing_and_no_formula(visit, database):
    with writing(database) as session:
        session.get_one(AccountRow, 1).name = "=cmd|' /C calc'!A0"
    answer = visit(AUDITOR).fetch("/access/file")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.mimetype == "text/csv"
    assert [row["name"] for row in rows if row["account"] == HR] == ["'=cmd|' /C calc'!A0"]
    assert [(row["holds"], row["why"]) for row in rows if row["account"] == PEER] == [
        ("own pay", "is employee 1003"),
        ("pay of the team", "manages 2 people"),
    ]
    assert _audit(database)[-1][1:3] == ("download", "access review")


def test_an_account_is_linked_to_one_person_alone(database):
    with reading(database) as session:
        linked = dict(session.execute(select(AccountRow.email, AccountRow.employee)).all())
    assert {email: number for email, number in linked.items() if number} == PERSONS


def _text(answer):
    """What an answer tells: its text, or nothing of a workbook, which only those get who see everybody."""
    return answer.text if answer.mimetype in {"text/html", "text/csv"} else ""


def _cells(page):
    return [row.xpath("th|td") for row in page.root.xpath("//table/tbody/tr")]


def _body(page):
    return re.sub(r'nonce="[^"]*"|name="(csrf_token|next)" value="[^"]*"', "", page.answer.text)


def _audit(database):
    with reading(database) as session:
        columns = AuditRow.actor, AuditRow.action, AuditRow.about, AuditRow.details
        return [tuple(row) for row in session.execute(select(*columns).order_by(AuditRow.number))]


def _today(database):
    from comp.services.relations import today
    from web.state import now

    with reading(database) as session:
        return today(session, now())


def _days(database, first=0, last=6):
    from datetime import timedelta

    day = _today(database)
    return {"first": str(day + timedelta(first)), "last": str(day + timedelta(last))}
