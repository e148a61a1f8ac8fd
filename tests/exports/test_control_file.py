"""The control file: it says the same as the files and as the workbook's Summary, and refuses what does not add up."""

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest

from comp.calculate import calculate
from comp.errors import LoyaltyPayError
from comp.money import Money
from comp.organisation import Organisation
from comp.payroll_maps import Companies, CompanyRule, PayrollMaps
from comp.payroll_rows import make_rows
from comp.sheets import make_sheets
from exports.archive import archive
from exports.control_file import control_document, control_files
from exports.payroll_files import payroll_files
from exports.payroll_workbook import payroll_workbook
from tests.booked import earned_lines
from tests.exports.books import MOMENT, sheets_of
from tests.exports.payroll_cases import BATCH, layout_document, layout_of
from tests.make import person, plan_document, scenario
from tests.office import recalculated

CODED = [
    *layout_document()["columns"],
    {"header": "Code", "field": "pay_code"},
    {"header": "Co", "field": "company_code"},
]
UNITS = [{"unit": "U", "name": "Unit"}]
PEOPLE = [
    person("001", cost_centre="C1"),
    person("2", currency="JPY", target_amount="400000"),
    person("3", cost_centre="C2"),
    person("4", cost_centre="OTHER"),
    person("5", from_="2025-09-30"),
]


@pytest.fixture
def made():
    """Files for two companies, some people paid elsewhere, somebody paid nothing; and the workbook's content."""
    plans = [plan_document(eligibility={"minimum_days": "30"})]
    facts = scenario(people=PEOPLE, plans=plans).facts
    run = calculate(facts)
    layout = layout_of(columns=CODED, file={"name": "P{company_code}.csv"}, rows={"split": ["company_code"]})
    rules = [CompanyRule("A"), CompanyRule("B", cost_centre="C2"), CompanyRule("-", cost_centre="OTHER")]
    companies = Companies(rules, Organisation(facts.units))
    rows = make_rows(layout, earned_lines(run), BATCH, PayrollMaps({"LOY": "BONUS"}), companies)
    sheets = make_sheets(sheets_of(facts).run, run, "payroll@example.com", MOMENT)
    return payroll_files(layout, rows), sheets


def test_it_says_what_is_in_the_files(made):
    export, sheets = made
    said = control_document(export, sheets)
    assert (said["batch"], said["released"], said["batch_number"]) == ("2025-Q3-R1", False, "26Q2R3")
    assert (said["people"], said["rows"], said["people_paid_elsewhere"], said["rows_of_zero_left_out"]) == (3, 3, 1, 1)
    total = {"company_code": "A", "pay_code": "BONUS", "people": 1, "rows": 1}
    assert said["totals"] == [
        {**total, "currency": "EUR", "amount": "1000.00"},
        {**total, "currency": "JPY", "amount": "100000"},
        {**total, "company_code": "B", "currency": "EUR", "amount": "1000.00"},
    ]
    assert said["paid_elsewhere"] == [{**total, "company_code": "-", "currency": "EUR", "amount": "1000.00"}]
    for file, content in zip(said["files"], export.contents().values(), strict=True):
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert said["employees_sha256"] == hashlib.sha256(b"001\n2\n3").hexdigest()


def test_it_agrees_with_the_workbooks_summary(made):
    export, sheets = made
    said = control_document(export, sheets)["workbook"]
    summary = recalculated({"payroll": payroll_workbook(sheets)})["payroll"]["Summary"]
    rows = [[cell.value for cell in row] for row in summary.iter_rows()]
    start = next(place for place, row in enumerate(rows) if row[0] == "Control totals") + 1
    totals = rows[start : start + len(said["totals"])]
    assert [(row[0], row[1], row[2], row[3], float(row[4]), row[6]) for row in totals] == [
        (each["currency"], each["pay_code"], each["people"], each["lines"], float(each["amount"]), "OK")
        for each in said["totals"]
    ]
    facts = {row[0]: row[1] for row in rows if row[0]}
    assert (said["lines"], said["people"], said["held"]) == (facts["Payroll lines"], facts["People"], 0)
    assert facts["Hash of employee numbers"] == said["employees_sha256"]
    assert facts["Hash of payroll lines"] == said["lines_sha256"]


def test_it_is_there_as_json_and_as_a_table_that_say_the_same(made):
    export, sheets = made
    files = control_files(export, sheets)
    assert list(files) == ["control-2025-Q3-R1-small.json", "control-2025-Q3-R1-small.csv"]
    json_bytes, csv_bytes = files.values()
    said = json.loads(json_bytes)
    assert said == control_document(export, sheets)
    table = list(csv.DictReader(io.StringIO(csv_bytes.decode("utf-8-sig"), newline="")))
    assert {row["About"]: row["Value"] for row in table if row["Value"] and not row["File"]} == {
        key: str(value) for key, value in said.items() if not isinstance(value, list | dict)
    }
    assert {row["File"]: row["Value"] for row in table if row["About"] == "file"} == {
        file["name"]: file["sha256"] for file in said["files"]
    }
    for about, totals in (
        ("total", said["totals"]),
        ("paid elsewhere", said["paid_elsewhere"]),
        ("workbook total", said["workbook"]["totals"]),
        ("file total", [total for file in said["files"] for total in file["totals"]]),
    ):
        assert [row["Amount"] for row in table if row["About"] == about] == [total["amount"] for total in totals]


def test_negative_totals_stay_numbers_in_the_table(made):
    export, sheets = made
    (line, *rest), (file, *files) = sheets.lines, export.files
    less = Money(-100000, "EUR")
    moved = replace(file, rows=tuple(row._replace(amount=less) if row.employee == "001" else row for row in file.rows))
    content = control_files(
        replace(export, files=(moved, *files)), replace(sheets, lines=(replace(line, amount=less), *rest))
    )["control-2025-Q3-R1-small.csv"]
    assert b'"-1000.00"' in content
    assert b"'-1000.00" not in content


def test_files_that_do_not_add_up_to_the_run_are_never_given_away(made):
    export, sheets = made
    with pytest.raises(LoyaltyPayError, match="do not add up to what the batch pays"):
        control_files(replace(export, files=export.files[1:]), sheets)
    with pytest.raises(LoyaltyPayError, match="do not add up"):
        control_document(replace(export, elsewhere=()), sheets)


def test_an_archive_of_the_same_files_has_the_same_bytes_and_only_its_owner_reads_them():
    files = {"a.csv": b"one", "b.csv": "zwei é".encode()}
    content = archive(files)
    assert content == archive(files)
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        assert {name: opened.read(name) for name in opened.namelist()} == files
        assert {entry.external_attr >> 16 for entry in opened.infolist()} == {0o600}
        assert {entry.date_time for entry in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
