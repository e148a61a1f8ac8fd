"""The pages of payroll layouts: the list, plain words, copying and changing, codes and numbers, a look, files."""

import csv
import hashlib
import io
import json
import re
import zipfile
from datetime import date

import pytest

from comp.db import reading, writing
from comp.intake import Kind
from comp.services import payroll, payroll_maps
from comp.services.payroll import Told
from comp.store import audit
from exports.control_file import control_files
from exports.payroll_files import payroll_files
from importers.payroll_layouts import built_in_layouts
from tests.stored import EVERYBODY
from tests.web.company import AUDITOR, HR, NOW, PAYROLL, Q4, take_in
from tests.web.visitor import Visitor

BASE = "/payroll/layouts"
GENERIC, ADP, SAP = f"{BASE}/generic-csv", f"{BASE}/adp-workforce-now", f"{BASE}/sap-infotype-0015"
OWN = f"{BASE}/generic-csv-own-1"
OWN_TABLE = "Your own"


@pytest.fixture
def petra(visit) -> Visitor:
    return visit(PAYROLL)


def copied(visitor, **changes):
    """A copy of the plain layout, with texts of its document replaced."""
    page = visitor.get(f"{GENERIC}/change")
    document = page.root.xpath("//textarea[@name='document']")[0].text.strip()
    for old, new in changes.items():
        assert old in document
        document = document.replace(old, new)
    return page.submit("Store the layout", document=document)


def entries(database, action):
    with reading(database) as session:
        return [sealed.entry for sealed in audit.read_chain(session) if sealed.entry.action == action]


def test_the_list_has_every_system_with_what_about_it_is_not_confirmed(petra):
    page = petra.get(BASE)
    rows = page.table("Ready to use")
    assert [row["System"].split()[0] for row in rows][:2] == ["Generic", "ADP"]
    assert len(rows) == len(built_in_layouts())
    assert "No layout of your own yet" in page.text


def test_a_layout_is_told_in_plain_words_with_its_sources(petra):
    page = petra.get(ADP)
    assert page.table("Columns")[2] == {
        "No": "3",
        "Header": "File #",
        "Says": "employee number, as payroll knows it",
        "May hold": "required, exactly 6 wide, filled with '0', digits, 51 to 999999",
    }
    assert "One for each company code." in page.text
    assert "Only USD and CAD can be paid." in page.text
    assert "Batch ID: sources say 2, 8 and 25 characters" in page.text
    assert "https://support.equusoft.com/en/articles/631454" in page.text


@pytest.mark.parametrize("name", built_in_layouts())
def test_every_layout_that_comes_with_the_product_has_its_pages(petra, name):
    assert petra.get(f"{BASE}/{name}").heading == built_in_layouts()[name].name
    petra.get(f"{BASE}/{name}/preview")
    petra.get(f"{BASE}/{name}/maps")


def test_a_layout_is_copied_changed_used_and_removed(petra, database):
    page = copied(petra, **{"header: Amount": "header: Betrag", "mark: point": "mark: comma"})
    assert page.notes == ["The layout Generic CSV (own) is stored."]
    assert page.address == OWN
    assert petra.get(BASE).table(OWN_TABLE)[0]["System"] == "Generic CSV (own) generic-csv-own-1"
    assert entries(database, "write")[-1].about == "payroll layout generic-csv-own-1"
    shown = petra.get(f"{OWN}/preview").table("payroll-2025-Q4-R1.csv")
    assert shown[0]["Betrag"] == "1735,20"
    changed = petra.get(f"{OWN}/change")
    text = changed.root.xpath("//textarea")[0].text.strip()
    assert changed.submit("Store the layout", document=text.replace("Betrag", "Brutto")).notes
    assert "Brutto" in petra.get(OWN).text
    gone = petra.get(OWN).submit("Remove the layout")
    assert gone.notes == ["The layout Generic CSV (own) is removed."]
    petra.get(OWN, 404)


def test_every_problem_of_a_document_stands_at_its_line(petra):
    page = petra.get(f"{GENERIC}/change")
    document = (
        "id: mine\nname: Mine\nfile:\n  name: p.csv\n  encoding: ebcdic\ncolumns:\n  - {header: A, field: amont}\n"
    )
    wrong = page.submit("Store the layout", 422, document=document)
    assert wrong.errors == ["The layout was not stored."]
    assert wrong.table("Problems, at their lines") == [
        {
            "Line": "5",
            "What stands there": "encoding: ebcdic",
            "What is wrong, and where": "file.encoding ebcdic 'ebcdic' is not one of utf-8, ascii, cp1252, iso-8859-1, "
            "utf-16-le",
        }
    ]
    again = wrong.submit("Store the layout", 422, document=document.replace("ebcdic", "ascii"))
    assert [row["Line"] for row in again.table("Problems, at their lines")] == ["6", "6", "7"]
    broken = again.submit("Store the layout", 422, document="id: [\n")
    assert broken.errors == ["the layout cannot be read as YAML."]
    assert broken.table("Problems, at their lines")[0]["Line"] == "2"
    assert broken.submit("Store the layout", 422, document="").errors == ["The layout: Type the layout."]


def test_a_layout_that_somebody_changed_in_between_is_not_overwritten(petra, visit):
    copied(petra)
    mine, theirs = petra.get(f"{OWN}/change"), visit(HR).get(f"{OWN}/change")
    text = mine.root.xpath("//textarea")[0].text
    theirs.submit("Store the layout", document=text.replace("header: Name", "header: Nome"))
    late = mine.submit("Store the layout", 409, document=text.replace("header: Name", "header: Nom"))
    assert "has changed the layout generic-csv-own-1 since you loaded it" in late.errors[0]
    assert "header: Nom" in late.root.xpath("//textarea")[0].text
    petra.post(f"{OWN}/change", 409, document=text, seen="made up")
    petra.post(f"{OWN}/remove", 409)
    assert "Nome" in petra.get(OWN).text


def test_pay_codes_are_mapped_in_a_form(petra, database):
    page = petra.get(f"{SAP}/maps").submit("Store the pay codes", **{"code-0": "2300"})
    assert page.notes == ["The pay codes of SAP infotype 0015 are stored."]
    assert page.value("code-0") == "2300"
    assert entries(database, "map")[-1].about == "pay codes of payroll layout sap-infotype-0015"
    emptied = page.submit("Store the pay codes", **{"code-0": ""})
    assert emptied.value("code-0") == ""


def test_a_form_without_one_of_its_fields_stores_nothing(petra):
    page = petra.get(f"{SAP}/maps")
    page.submit("Store the pay codes", **{"code-0": "2300"})
    again = petra.get(f"{SAP}/maps")
    assert (
        "came back without some of its fields" in again.submit("Store the pay codes", 422, **{"code-0": None}).errors[0]
    )
    for name in ("unit-0", "centre-0", "currency-0", "company-0"):
        assert "came back" in again.submit("Store the company codes", 422, **{name: None}).errors[0]
    assert "came back" in again.submit("Store the company codes", 422, rows="").errors[0]
    assert "came back" in again.submit("Store the company codes", 422, rows="many").errors[0]
    assert petra.get(f"{SAP}/maps").value("code-0") == "2300"


def test_company_codes_are_mapped_in_a_form_and_rules_go_when_their_code_does(petra):
    fields = {
        "unit-0": "LIS",
        "company-0": "A1",
        "currency-1": "jpy",
        "company-1": "-",
        "centre-2": "CC2",
        "company-2": "B",
    }
    page = petra.get(f"{ADP}/maps").submit("Store the company codes", **fields)
    assert page.notes == ["The company codes of ADP Workforce Now are stored."]
    assert sorted(page.root.xpath("//input[starts-with(@name, 'company-')]/@value")) == ["", "", "", "-", "A1", "B"]
    codes = {page.value(f"company-{place}"): place for place in range(3)}
    assert page.value(f"currency-{codes['-']}") == "JPY"
    fewer = page.submit("Store the company codes", **{f"company-{codes['A1']}": ""})
    assert sorted(fewer.root.xpath("//input[starts-with(@name, 'company-')]/@value")) == ["", "", "", "-", "B"]


def test_two_codes_for_one_place_are_refused_and_what_was_typed_stays(petra):
    fields = {"company-0": "A", "company-1": "B"}
    wrong = petra.get(f"{ADP}/maps").submit("Store the company codes", 422, **fields)
    assert wrong.errors == ["The company codes were not stored.", "everybody: has two company codes; keep one"]
    assert [wrong.value("company-0"), wrong.value("company-1")] == ["A", "B"]
    assert wrong.submit("Store the company codes", 422, **{"currency-0": "EURO"}).errors


def table(text):
    return io.BytesIO(text.encode()), "numbers.csv"


def test_payrolls_numbers_come_in_a_table_and_go_again(petra, database):
    page = petra.get(f"{SAP}/maps").submit(
        "Take the table in", file=table("employee,payroll_number\n1001,77\n1002,78\n")
    )
    assert page.notes == ["The employee numbers of SAP infotype 0015 are stored."]
    assert page.table("Payroll’s numbers of people")[0] == {"Employee": "1001", "Payroll’s number": "77"}
    assert "1001" not in entries(database, "map")[-1].details
    gone = page.submit("Back to HR’s numbers")
    assert gone.notes == ["SAP infotype 0015 knows people by HR's numbers."]
    assert "Payroll knows people by the numbers that HR has" in gone.text


def test_a_table_with_a_problem_is_not_taken_in_at_all(petra):
    page = petra.get(f"{SAP}/maps")
    wrong = page.submit("Take the table in", 422, file=table("employee,payroll_number\n1001,\n"))
    assert wrong.errors[1] == "line 2, column payroll_number: is empty. Fill it in, or take the row out."
    strange = page.submit("Take the table in", 422, file=table("employee,payroll_number\n9999,1\n"))
    assert strange.errors[1] == "employee ('9999'): is no employee here"
    assert page.submit("Take the table in", 422, file=(io.BytesIO(b""), "")).errors == [
        "Table of numbers: Choose a file."
    ]


def test_maps_that_somebody_changed_in_between_are_not_overwritten(petra, visit):
    mine, theirs = petra.get(f"{SAP}/maps"), visit(HR).get(f"{SAP}/maps")
    theirs.submit("Store the pay codes", **{"code-0": "2300"})
    late = mine.submit("Store the pay codes", 409, **{"code-0": "2400"})
    assert "Somebody has changed the maps of SAP infotype 0015" in late.errors[0]
    assert petra.get(f"{SAP}/maps").value("code-0") == "2300"


def test_an_auditor_reads_codes_and_changes_none(visit, petra):
    petra.get(f"{ADP}/maps").submit("Store the company codes", **{"company-0": "A1"})
    page = visit(AUDITOR).get(f"{ADP}/maps")
    assert not any(button.startswith(("Store", "Take")) for button in page.buttons())
    assert page.table("Company codes") == [
        {"Cost centre": "any", "Unit": "any", "Currency": "any", "Company code": "A1"}
    ]
    assert "no code yet" in page.text
    assert "No rule yet." in visit(AUDITOR).get(f"{SAP}/maps").text


def test_a_copy_says_whose_codes_it_uses(petra):
    copied(petra)
    assert "uses the codes and numbers of generic-csv" in petra.get(f"{OWN}/maps").text


def test_a_look_shows_the_first_rows_as_a_table_and_as_the_files_text(petra, database):
    page = petra.get(f"{GENERIC}/preview")
    assert page.table("payroll-2025-Q4-R1.csv")[0] == {
        "Quarter": "2025-Q4",
        "Batch": "25Q4R1",
        "Employee": "1001",
        "Name": "Ada Alves",
        "Pay code": "LOYQ",
        "Cost centre": "CC1",
        "Currency": "EUR",
        "Amount": "1735.20",
        "Pay date": "2025-12-31",
    }
    assert '"2025-Q4","25Q4R1","1001","Ada Alves","LOYQ","CC1","EUR","1735.20","2025-12-31"' in page.text
    assert "not released" in page.text
    assert entries(database, "read")[-1].about == "payouts 2025-Q4"


def test_a_look_takes_another_quarter_day_and_number(petra):
    page = petra.get(f"{GENERIC}/preview?quarter=2025-Q3&pay_date=2025-10-28&batch=7A")
    shown = page.table("payroll-2025-Q3-R1.csv")[0]
    assert (shown["Quarter"], shown["Batch"], shown["Pay date"]) == ("2025-Q3", "7A", "2025-10-28")
    wrong = petra.get(f"{GENERIC}/preview?pay_date=tomorrow&batch=a+b", 422)
    assert [error.split(":")[0] for error in wrong.errors] == ["Day of payment", "Batch number"]
    petra.get(f"{GENERIC}/preview?quarter=2024-Q1", 404)
    petra.get(f"{GENERIC}/preview?quarter=soon", 404)


def test_what_would_be_refused_is_told_with_names_and_no_file_is_given(petra):
    page = petra.get(f"{ADP}/preview")
    told = {row["Where"]: row["Why, and for whom"] for row in page.table("What would be refused")}
    assert re.match(r"has no code in ADP Workforce Now: \d people \(1001 Ada Alves, ", told["pay code LOYQ"])
    assert "unit LIS, cost centre CC1, EUR" in told
    assert "missing" in page.text
    assert "Download with control file (ZIP)" not in page.text
    refused = petra.get(f"{ADP}/2025-Q4/payroll-2025-Q4-R1-adp-workforce-now.zip", 422)
    assert "The files for ADP Workforce Now cannot be made yet." in refused.text


def contents(database, name):
    """What the layout's files and control files should be."""
    with reading(database) as session:
        layout = built_in_layouts()[name]
        sheets, rows = payroll.payroll_rows(session, EVERYBODY, Q4, layout, Told(), NOW)
    made = payroll_files(layout, rows)
    return made.contents() | control_files(made, sheets)


def test_files_are_taken_one_by_one_or_all_with_the_control_file_and_each_is_noted(petra, database):
    expected = contents(database, "generic-csv")
    page = petra.get(f"{GENERIC}/preview")
    links = [link for link in page.links() if f"{GENERIC}/2025-Q4/" in link]
    assert len(links) == 4
    for link in links:
        answer = petra.fetch(link)
        name = link.partition("?")[0].rpartition("/")[2]
        assert answer.headers["Content-Disposition"] == f"attachment; filename={name}"
        if name.endswith(".zip"):
            with zipfile.ZipFile(io.BytesIO(answer.data)) as opened:
                assert {each: opened.read(each) for each in opened.namelist()} == expected
        else:
            assert answer.data == expected[name]
    noted = [entry for entry in entries(database, "download") if "generic-csv" in entry.about]
    assert [entry.about for entry in noted] == ["payroll file 2025-Q4 generic-csv"] * 4
    assert json.loads(noted[0].details)["batch"] == "2025-Q4-R1"


def test_the_control_totals_on_the_page_are_those_of_the_control_file(petra, database):
    said = json.loads(contents(database, "generic-csv")["control-2025-Q4-R1-generic-csv.json"])
    page = petra.get(f"{GENERIC}/preview")
    shown = [row["Amount"].replace(",", "") for row in page.table("Control totals")]
    assert shown == [total["amount"] for total in said["totals"]]
    (file,) = said["files"]
    content = contents(database, "generic-csv")[file["name"]]
    assert file["sha256"] == hashlib.sha256(content).hexdigest()
    assert len(list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == file["rows"] + 1


def test_a_file_that_the_layout_does_not_make_is_not_there(petra):
    petra.get(f"{GENERIC}/2025-Q4/passwords.csv", 404)
    petra.get(f"{GENERIC}/2024-Q1/payroll-2024-Q1-R1.csv", 404)
    petra.get(f"{GENERIC}/2025-Q4/payroll-2025-Q4-R1.csv?batch=a+b", 400)
    petra.get(f"{GENERIC}/2025-Q4/payroll-2025-Q4-R1.csv?pay_date=x", 400)


def test_people_whom_another_system_pays_are_counted_and_added_up(petra, database):
    with writing(database) as session:
        layout = built_in_layouts()["sap-infotype-0015"]
        payroll_maps.save_pay_codes(session, layout, {"LOYQ": "2300"}, None, HR, NOW)
    fields = {"currency-0": "EUR", "company-0": "-", "company-1": "X"}
    petra.get(f"{SAP}/maps").submit("Store the company codes", **fields)
    page = petra.get(f"{SAP}/preview")
    elsewhere = [row for row in page.table("Control totals") if row["Company"] == "paid elsewhere"]
    assert [row["Currency"] for row in elsewhere] == ["EUR"]
    assert "by another system, as the company codes say" in page.text


def test_a_company_without_a_run_has_a_page_that_says_so(empty_app):
    page = Visitor(empty_app, PAYROLL).get(f"{GENERIC}/preview")
    assert "Nothing is calculated yet" in page.text
    assert "No plan has a pay code yet." in Visitor(empty_app, PAYROLL).get(f"{GENERIC}/maps").text


def test_names_that_look_like_formulas_reach_the_plain_file_with_an_apostrophe(petra, database):
    people = "employee,name,unit,from,target_amount,currency\n1008,=cmd|' /C calc'!A0,LIS,2025-10-01,7200,EUR\n"
    take_in(database, Kind.PEOPLE, people)
    petra.client.get("/")
    from comp.services import calculation

    with writing(database) as session:
        calculation.calculate_quarter(session, Q4, HR, NOW)
    page = petra.get(f"{GENERIC}/preview")
    shown = {row["Employee"]: row["Name"] for row in page.table("payroll-2025-Q4-R2.csv")}
    assert shown["1008"] == "'=cmd|' /C calc'!A0"


def test_the_day_of_payment_is_the_quarters_last_unless_said(petra):
    assert petra.get(f"{GENERIC}/preview").table("payroll-2025-Q4-R1.csv")[0]["Pay date"] == str(date(2025, 12, 31))


def test_companies_of_the_workbook_are_mapped_like_a_layouts_and_stand_in_its_totals(petra):
    page = petra.get("/payroll/layouts").follow("Companies in the workbook")
    assert page.heading == "Codes and numbers for Payroll workbook"
    assert "Payroll’s numbers" not in page.text
    page = page.submit("Store the company codes", **{"company-0": "AUR", "currency-0": "EUR"})
    assert "The company codes of Payroll workbook are stored." in page.text
    totals = petra.get("/payroll?quarter=2025-Q4").table("Control totals")
    assert {row["Currency"]: row["Company"] for row in totals}["EUR"] == "AUR"
