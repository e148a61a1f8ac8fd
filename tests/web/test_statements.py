"""Statements on pages, as PDFs, all in one ZIP and told of by mail; and the sign-off of a batch on one page."""

import io
import zipfile
from datetime import UTC, datetime
from threading import Event

import pytest
from sqlalchemy import select, text

from comp.db import queueing, reading, writing
from comp.errors import LoyaltyPayError
from comp.intake import Kind
from comp.models import OutboxRow
from comp.roles import whoever_has_the_machine
from comp.services import access, audit, calculation, jobs
from exports import pdf
from tests.pdfs import facts_of, text_of
from tests.web.company import ADMIN, EMPLOYEE, HR, MANAGER, PAYROLL, PEOPLE, Q4, take_in
from tests.web.test_releases import BATCH, approve, released  # noqa: F401 - a fixture
from tests.web.visitor import Visitor
from web import paper, starting, statement_files
from web.settings import Settings
from web.statement_mails import tell
from web.worker import Worker

OWN, OTHERS = "/my-statement", "/statements/2025-Q4/1006"
ALL = "/statement-files/2025-Q4"


@pytest.fixture
def no_pdf(monkeypatch):
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)


@pytest.fixture
def quick(monkeypatch):
    """Statements that take no time to make, where a test is about who gets them."""
    monkeypatch.setattr(
        paper, "made", lambda _template, _locale, **shown: (b"%PDF " + shown["view"].employee.encode(), ".pdf")
    )
    monkeypatch.setattr(starting, "_AT_ONCE", 0)


def entries(database, email, about):
    """What the chain knows that somebody did about something, the oldest first."""
    with reading(database) as session:
        actor = f"account {access.find_account_by_email(session, email).id}"
        found = [each.entry for each in audit.search(session, about, 1)]
    return [(entry.action, entry.about) for entry in reversed(found) if entry.actor == actor]


def work(database, **settings):
    Worker(database, Settings(**settings), "w", Event(), of_clock=False).run_next()


def test_ones_own_statement_says_what_is_paid_and_every_number_behind_it(visit):
    page = visit(MANAGER).get(OWN)
    assert page.heading == "My statement · 2025-Q4"
    for told in (
        "1,735.20 EUR",
        "96.4 % of the target of 1,800.00 EUR · last quarter 1,584.00 EUR",
        "preliminary This is not final. 2025-Q4 is calculated, and nothing of this is released: it can still change.",
        "100 answers in Lisbon. 95 % interval 27.7 to 57.8. Curve: 10 → 0 %, 50 → 100 %; 44 → 85 %.",
        "60 % × 85 % + 40 % × 100 % = 91 %.",
        "40 % × 91 % + 60 % × 100 % = 96.4 %.",
        "1 Oct – 31 Dec 2025. Target amount 7,200 a year = 7,200 a year × 25 % for this quarter × 92 ⁄ 92 days.",
        "A query is answered within 5 working days. What you ask until",
    ):
        assert told in page.text, told
    assert "/plans/service@2025-01-01/document" in page.links()
    before = page.follow("← Earlier: 2025-Q3")
    assert "1,584.00 EUR" in before.text
    assert before.follow("Later: 2025-Q4 →").heading == page.heading
    assert visit(MANAGER).get(f"{OWN}?quarter=2025-Q3").heading == "My statement · 2025-Q3"
    assert visit(MANAGER).get("/my-pay").follow("My statement").heading == page.heading


def test_amounts_are_written_as_their_currency_and_their_reader_do(visit):
    hana = visit(HR)
    yen, dinar = hana.get(OTHERS).text, hana.get("/statements/2025-Q4/1007").text
    assert "173,520 JPY" in yen
    assert "173,520.0" not in yen
    assert "173.520 KWD" in dinar
    hana.get("/account").submit("Write them so", locale="de")
    assert "173.520 JPY" in hana.get(OTHERS).text
    assert "173,520 JPY" in text_of(visit(PAYROLL).fetch("/statement-files/2025-Q4/1006").data)
    assert "173.520 JPY" in text_of(hana.fetch("/statement-files/2025-Q4/1006").data)


def test_who_has_no_pay_is_told_why_and_who_has_no_statement_that_there_is_none(visit, database):
    held = visit(HR).get("/statements/2025-Q4/1003")
    assert "No usable score of nps for FAR" in held.text
    assert "Your account is nobody’s on file" in visit(ADMIN).get(OWN).text
    take_in(database, Kind.PEOPLE, PEOPLE + "1009,Nia Nobre,LIS,2026-02-01,,7200,EUR,CC1,1005\n")
    with writing(database) as session:
        session.execute(text("UPDATE account SET employee = '1009' WHERE email = :who"), {"who": ADMIN})
    assert "There is no statement of yours yet" in visit(ADMIN).get(OWN).text


def test_a_company_that_calculated_nothing_has_no_statements(empty_app):
    assert Visitor(empty_app, EMPLOYEE).get(OWN).heading == "My statement"


def test_the_pdf_says_what_the_page_says_byte_for_byte_each_time(visit):
    ada = visit(MANAGER)
    first = ada.fetch("/statement-files/2025-Q4/1001")
    assert (first.mimetype, first.data) == ("application/pdf", ada.fetch("/statement-files/2025-Q4/1001").data)
    assert first.headers["Content-Disposition"] == "attachment; filename=statement-2025-Q4-1001.pdf"
    told = text_of(first.data)
    assert "Aurelia · statement of 2025-Q4 · preliminary" in told
    assert "1,735.20 EUR" in told
    assert "40 % × 91 % + 60 % × 100 % = 96.4 %" in told
    assert facts_of(first.data)["Title"] == "Statement 2025-Q4, 1001"


def test_looking_at_anothers_statement_is_noted_and_at_ones_own_is_not(visit, database):
    manager = visit(MANAGER)
    for address in (OWN, "/statement-files/2025-Q4/1001", "/statements/2025-Q4/1004", "/statement-files/2025-Q4/1004"):
        manager.fetch(address)
    assert entries(database, MANAGER, "2025-Q4 100") == [
        ("read", "payout 2025-Q4 1004"),
        ("download", "statement 2025-Q4 1004"),
    ]


@pytest.mark.usefixtures("no_pdf")
def test_without_the_extra_the_link_leads_to_the_page_and_says_so(visit):
    page = visit(MANAGER).get(OWN).follow("PDF or print")
    assert page.heading == "My statement · 2025-Q4"
    assert page.notes[0].startswith("PDFs cannot be made here")


ODD = {
    "1001": '"""><script>alert(1)</script><img src=http://127.0.0.1:9/x.png>"',
    "1002": "\u202eغيداء بنت عبد الرحمن\u202c شلومو",
    "1004": "Wolfeschlegelsteinhausenbergerdorff" * 4,
    "1006": "{{ 7 * 7 }} & <b>=1+1</b>",
}


def test_names_break_neither_a_page_nor_a_pdf_and_run_nothing(visit, database, caplog):
    renamed = PEOPLE
    for number, name in ODD.items():
        old = next(line.split(",")[1] for line in PEOPLE.splitlines() if line.startswith(number))
        renamed = renamed.replace(f",{old},", f",{name},")
    take_in(database, Kind.PEOPLE, renamed)
    with writing(database) as session:
        calculation.calculate_quarter(session, Q4, HR, datetime.now(UTC))
    hana = visit(HR)
    for number in ("1001", "1002", "1004", "1006"):
        page = hana.get(f"/statements/2025-Q4/{number}")
        content = hana.fetch(f"/statement-files/2025-Q4/{number}").data
        assert content.startswith(b"%PDF-")
    assert "49" not in page.heading
    assert "{{ 7 * 7 }} & <b>=1+1</b>" in text_of(content)
    assert "is not fetched" not in caplog.text


def test_all_statements_of_a_quarter_come_as_one_zip(visit, database, quick):
    payroll = visit(PAYROLL)
    page = payroll.get("/payouts?quarter=2025-Q4").submit("All statements (ZIP)")
    assert page.heading == "Job 1"
    work(database, address="https://pay.company.example")
    page = payroll.get("/jobs/1")
    assert "5 statements of 2025-Q4. It is kept until" in page.text
    taken = payroll.fetch("/jobs/1/file")
    assert taken.headers["Content-Disposition"] == "attachment; filename=statements-2025-Q4.zip"
    with zipfile.ZipFile(io.BytesIO(taken.data)) as made:
        assert {name: made.read(name) for name in made.namelist()} == {
            f"2025-Q4/{number}.pdf": f"%PDF {number}".encode() for number in ("1001", "1002", "1004", "1006", "1007")
        }
    assert entries(database, PAYROLL, "statements 2025-Q4") == [("download", "statements 2025-Q4")]
    assert visit(HR).fetch("/jobs/1/file").status_code == 404


@pytest.mark.usefixtures("no_pdf")
def test_where_no_pdf_can_be_made_the_zip_has_pages_that_stand_by_themselves(database, tmp_path):
    path, heard = tmp_path / "all.zip", []
    wanted = statement_files.Wanted(whoever_has_the_machine(), Q4, "https://pay.company.example")
    with path.open("wb") as file:
        number = statement_files.write_zip(database, wanted, file, datetime.now(UTC), lambda *told: heard.append(told))
    assert (number, heard[0], heard[-1]) == (5, (0, 5), (5, 5))
    with zipfile.ZipFile(path) as made:
        page = made.read("2025-Q4/1001.html").decode()
    assert "https://pay.company.example/statements/2025-Q4/1001" in page
    assert [each for each in ("http://", "<script", "<link", "url(") if each in page] == []


def ask(database, email=PAYROLL, quarter="2025-Q4"):
    with queueing(database) as session:
        actor = access.find_account_by_email(session, email)
        return jobs.ask(session, actor, "statements", {"quarter": quarter}, datetime.now(UTC))


def test_a_job_that_is_cancelled_or_finds_the_quarter_changed_makes_no_file(visit, database, quick, monkeypatch):
    number, usual = ask(database), statement_files.statement_file

    def changed(view, locale, address):
        if view.employee == "1007":
            with writing(database) as session:
                calculation.calculate_quarter(session, Q4, HR, datetime.now(UTC))
        return usual(view, locale, address)

    monkeypatch.setattr(statement_files, "statement_file", changed)
    work(database)
    payroll = visit(PAYROLL)
    assert "was changed while its statements were made" in payroll.get(f"/jobs/{number}").text
    assert payroll.fetch(f"/jobs/{number}/file").status_code == 404

    def cancelled(view, locale, address):
        payroll.post(f"/jobs/{second}/cancel")
        return usual(view, locale, address)

    second = ask(database)
    monkeypatch.setattr(statement_files, "statement_file", cancelled)
    monkeypatch.setattr("web.work._TOLD_EVERY", 0)
    work(database)
    assert "It was cancelled. Nothing of it was stored." in payroll.get(f"/jobs/{second}").text


def test_whoever_may_not_any_more_and_a_quarter_that_pays_nobody_get_no_file(visit, database, quick, monkeypatch):
    number = ask(database, EMPLOYEE)
    work(database)
    assert "Your roles do not let you take everybody's statements" in visit(EMPLOYEE).get(f"/jobs/{number}").text
    monkeypatch.setattr("comp.services.statements.people_of", lambda *_: [])
    number = ask(database)
    work(database)
    assert "pays nobody" in visit(PAYROLL).get(f"/jobs/{number}").text


def test_a_full_disk_is_told_and_leaves_nothing(database, tmp_path, quick):
    def full(*_):
        raise OSError(28, "No space left on device")

    wanted = statement_files.Wanted(whoever_has_the_machine(), Q4, "")
    with pytest.raises(LoyaltyPayError, match=r"No space left on device\. Nothing is left of them"):
        statement_files.write_zip(database, wanted, io.BytesIO(), datetime.now(UTC), full)


def test_whom_a_batch_pays_is_told_by_mail_with_a_link_to_their_own_statement(released, visit, database):  # noqa: F811
    settings, moment = Settings(address="https://pay.company.example"), datetime.now(UTC)
    with reading(database) as session:
        before = len(session.scalars(select(OutboxRow)).all())
    assert tell(database, settings, moment, lambda: False) == "Nobody was to be told."
    assert tell(database, settings, moment, lambda: True) == "4 mails queued."
    assert tell(database, Settings(), moment, lambda: True) == "Nobody was to be told."
    with reading(database) as session:
        sent = [(row.subject, row.body) for row in session.scalars(select(OutboxRow).order_by(OutboxRow.id))][before:]
    assert {subject for subject, _ in sent} == {"Your statement for 2025-Q4 is there"}
    assert all("https://pay.company.example/my-statement?quarter=2025-Q4\n" in body for _, body in sent)
    assert "4 people were told by mail" in released.get(BATCH).text
    page = visit(EMPLOYEE).get("/my-statement?quarter=2025-Q4")
    assert "final 2025-Q4 is released." in page.text
    assert "with batch 2025-Q4-B1" in page.text


def test_the_sign_off_of_a_batch_is_one_page_and_the_same_each_time(released, database):  # noqa: F811
    page = released.get(BATCH)
    address = next(link for link in page.links() if link.endswith("/sign-off"))
    first = released.fetch(address)
    assert first.data == released.fetch(address).data
    assert first.headers["Content-Disposition"] == "attachment; filename=sign-off-2025-Q4-B1.pdf"
    told = text_of(first.data)
    for said in ("Sign-off of 2025-Q4-B1", "173,520 JPY to 1 person", "approved", "Approver", "released", "Payroll"):
        assert said in told, said
    assert "control-2025-Q4-B1-generic-csv.json says" in told
    assert facts_of(first.data)["Pages"] == "1"
    assert entries(database, PAYROLL, "sign-off 2025-Q4-B1") == [("download", "sign-off 2025-Q4-B1")] * 2


def test_a_sign_off_without_layouts_and_pdfs_is_a_page_with_totals_by_pay_code(visit, database, no_pdf):
    approve(database)
    payroll = visit(PAYROLL)
    totals = {row["Currency"]: row["Amount"] for row in payroll.get("/payroll?quarter=2025-Q4").table("Control totals")}
    fields = {f"total-{currency}": total for currency, total in totals.items()}
    payroll.get("/payroll/2025-Q4/release").submit("Release 2025-Q4-B1", layouts=None, **fields)
    answer = payroll.fetch(f"{BATCH}/sign-off")
    assert (answer.mimetype, answer.text.count("<h1>")) == ("text/html", 1)
    assert "control-2025-Q4-B1-workbook.json" in answer.text
    assert "Nobody was told by mail" in payroll.get(BATCH).text
