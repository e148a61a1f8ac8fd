"""Payroll's pages: a banner that says why not, a release with its totals typed, bytes that stay, figures typed back."""

import io

import pytest

from comp.db import reading, writing
from comp.paid_check import PaidAmount, expected_totals
from comp.roles import Role
from comp.services import access, settlement, workflow
from comp.services.workflow import Seen
from comp.store import releases
from tests.web.company import APPROVER, AUDITOR, HR, MANAGER, NOW, PAYROLL, Q4

BATCH = "/payroll/batches/2025-Q4-B1"


def approve(database):
    with writing(database) as session:
        hr, approver = (
            access.find_account_by_email(session, email) for email in ("second-hr@aurelia.example", APPROVER)
        )
        workflow.begin_review(session, hr, Q4, NOW)
        run = workflow.counting_run(session, Q4)
        seen = Seen(workflow.life_of(session, Q4).changes, settlement.settle_run(session, run).sha256)
        workflow.approve(session, approver, Q4, seen, NOW)


def test_a_quarter_goes_from_not_ready_over_its_release_to_closed(visit, database):
    payroll = visit(PAYROLL)
    page = payroll.get("/payroll?quarter=2025-Q4")
    assert "Not ready to be released. 2025-Q4 is calculated and not in review" in page.text
    approve(database)
    page = payroll.get("/payroll?quarter=2025-Q4")
    assert "Ready to be released as 2025-Q4-B1, approved by approver@aurelia.example" in page.text
    totals = {row["Currency"]: row["Amount"] for row in page.table("Control totals")}
    page = payroll.get("/payroll/2025-Q4/release")
    wrong = page.submit("Release 2025-Q4-B1", 422, layouts=None, **{f"total-{currency}": "1" for currency in totals})
    assert wrong.errors == [
        "The total that you typed for EUR and JPY and KWD is not what 2025-Q4-B1 pays. Nothing was released."
    ]
    page = page.submit(
        "Release 2025-Q4-B1", layouts=None, **{f"total-{currency}": total for currency, total in totals.items()}
    )
    assert page.heading == "Batch 2025-Q4-B1"
    assert page.notes == ["2025-Q4-B1 is released: 5 people. Its files never change."]
    workbook = f"{BATCH}/files/workbook/payroll-2025-Q4-B1.xlsx"
    assert workbook in page.links()
    first = payroll.fetch(workbook)
    assert (first.data[:2], first.data) == (b"PK", payroll.fetch(workbook).data)
    assert "payroll-2025-Q4-B1.xlsx" in first.headers["Content-Disposition"]
    assert payroll.get("/payroll/2025-Q4/workbook").heading == "Batch 2025-Q4-B1"

    page = page.follow("Confirm what was paid")
    assert not [total for total in totals.values() if total in page.text]
    typed = {"people-EUR": "3", "people-JPY": "1", "people-KWD": "1"}
    typed |= {f"total-{currency}": total for currency, total in totals.items()}
    wrong = page.submit("Confirm", 422, **{**typed, "people-EUR": "4"})
    assert wrong.errors[0].startswith("What you typed for EUR is not what 2025-Q4-B1 holds.")
    counted = _people(database)
    page = page.submit("Confirm", **{**typed, **counted})
    assert page.notes == ["2025-Q4-B1 was paid as it was released."]
    page = payroll.get("/payroll?quarter=2025-Q4").submit("Close 2025-Q4")
    assert page.notes == ["2025-Q4 is closed."]
    assert page.table("Batches")[0]["Paid"] == "as released"
    auditor = visit(AUDITOR).get(BATCH)
    assert auditor.buttons() == visit(AUDITOR).get("/payroll").buttons()


def _people(database):
    """How many people are paid an amount in each currency, as payroll counts them."""
    with reading(database) as session:
        lines = releases.load_lines(session, "2025-Q4-B1")
    found = expected_totals(PaidAmount(line.key.employee, None, line.amount) for line in lines)
    return {f"people-{currency}": str(each.people) for currency, each in found.items()}


@pytest.fixture
def released(visit, database):
    """Payroll, who has released a batch with files for a payroll system."""
    approve(database)
    payroll = visit(PAYROLL)
    page = payroll.get("/payroll/2025-Q4/release")
    shown = {row[0]: row[1] for row in page.rows("What is paid")}
    fields = {f"total-{currency}": total for currency, total in shown.items()}
    answer = payroll.post("/payroll/2025-Q4/release", seen=page.value("seen"), layouts="generic-csv", **fields)
    assert answer.heading == "Batch 2025-Q4-B1", answer.text
    return payroll


def test_files_of_payroll_systems_are_frozen_with_the_batch_and_come_as_one_zip(released):
    page = released.get(BATCH)
    names = [row[0] for row in page.rows("Files")]
    assert names == [
        "payroll-2025-Q4-B1.xlsx",
        "control-2025-Q4-B1-workbook.json",
        "control-2025-Q4-B1-workbook.csv",
        "payroll-2025-Q4-B1.csv",
        "control-2025-Q4-B1-generic-csv.json",
        "control-2025-Q4-B1-generic-csv.csv",
    ]
    assert released.fetch(f"{BATCH}/files/generic-csv/all.zip").data[:2] == b"PK"
    assert b"Ada Alves" in released.fetch(f"{BATCH}/files/generic-csv/payroll-2025-Q4-B1.csv").data
    released.get(f"{BATCH}/files/generic-csv/other.csv", 404)
    page = released.get("/payroll/layouts/generic-csv/2025-Q4/payroll-2025-Q4-R1.csv", 422)
    assert "Take the files of its batches, which never change" in page.text


def test_differences_of_a_file_are_listed_and_answered_on_the_page(released):
    page = released.get(f"{BATCH}/paid")
    wrong = page.submit("Compare", 422, file=(io.BytesIO(b"employee,amount\n1,2\n"), "paid.csv"))
    assert "should have the columns employee, currency and amount" in wrong.errors[0]
    content = b"employee,currency,amount\n1001,EUR,1.00\n"
    page = page.submit("Compare", file=(io.BytesIO(content), "paid.csv"))
    assert page.notes[0].startswith("paid.csv is taken in: it differs in ")
    rows = page.table("Differences")
    assert (rows[0]["Employee"], rows[0]["What"], rows[0]["Paid"]) == ("1001 EUR", "other amount", "1.00")
    page = page.submit("Keep the answer", answer="explained", words="Paid by hand.")
    assert "explained Paid by hand. payroll@aurelia.example" in page.table("Differences")[0]["What became of it"]
    against = released.get("/payroll?quarter=2025-Q4").text
    assert "Not ready to be closed. Not answered between batches and payments:" in against
    again = released.get(f"{BATCH}/paid").submit("Compare", 422, file=(io.BytesIO(content), "paid.csv"))
    assert "was confirmed by payroll@aurelia.example" in again.errors[0]


def test_pay_is_held_back_and_lifted_on_the_payouts_page(visit, database):
    hr, approver = visit(HR), visit(APPROVER)
    page = hr.get("/payouts/2025-Q4/1001").submit("Hold it back", why="Bank details are missing.")
    assert "Held back: Bank details are missing." in page.text
    assert "Somebody else lifts it." in page.text
    assert "Hold it back" not in page.buttons()
    assert "Bank details are missing." in visit(PAYROLL).get("/payroll?quarter=2025-Q4").text
    own = visit(MANAGER).get("/payouts/2025-Q4/1001").text
    assert "This pay is held back. Ask HR why" in own
    assert "Bank details" not in own
    page = approver.get("/payouts/2025-Q4/1001").submit("Let it be paid", words="They are here.")
    assert "lifted on" in page.text
    assert "it is paid now" in visit(MANAGER).get("/payouts/2025-Q4/1001").text


def test_somebody_who_was_faster_is_told_with_what_is_paid_now(visit, database):
    approve(database)
    payroll = visit(PAYROLL)
    page = payroll.get("/payroll/2025-Q4/release")
    fields = {f"total-{row[0]}": row[1] for row in page.rows("What is paid")}
    visit(HR).get("/payouts/2025-Q4/1001").submit("Hold it back", why="Asked.")
    told = page.submit("Release 2025-Q4-B1", 409, layouts=None, **fields)
    assert told.heading == "Somebody was faster"
    assert "2025-Q4 is not what you saw" in told.answer.text


def test_whoever_approved_it_is_told_that_somebody_else_releases_it(visit, database):
    with writing(database) as session:
        account = access.find_account_by_email(session, APPROVER)
        admin = access.find_account_by_email(session, "admin@aurelia.example")
        access.grant_roles(session, admin, account, (Role.APPROVER, Role.PAYROLL), NOW)
    approve(database)
    page = visit(APPROVER).get("/payroll?quarter=2025-Q4")
    assert "Somebody else must release it: four eyes see what is paid." in page.text
