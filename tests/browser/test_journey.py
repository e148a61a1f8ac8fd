"""The whole way from a file to payroll, with scripts and without."""

import io

import openpyxl
import pytest
from playwright.sync_api import expect

from tests.browser.reader import Reader
from tests.web.company import APPROVER, HR, PAYROLL

pytestmark = pytest.mark.browser

RESULTS = b"""\
unit,quarter,metric,value,answers,promoters,passives,detractors
LIS,2026-Q1,nps,,,62,20,18
LIS,2026-Q1,csat,85,100,,,
LIS,2026-Q1,income,100,,,,
"""
NPS, SATISFACTION = "#weight-customer-0", "#weight-customer-1"


def look(reader: Reader) -> None:
    """Where there are scripts, check what is on the screen."""
    if reader.has_scripts:
        reader.check_look()


def upload(reader: Reader, content: bytes) -> None:
    reader.open("/imports")
    reader.page.get_by_label("What the file holds").select_option("results")
    reader.page.locator("#file").set_input_files({"name": "results.csv", "mimeType": "text/csv", "buffer": content})
    reader.page.get_by_role("button", name="Show the dry run").click()


def take_in_a_file(reader: Reader) -> None:
    upload(reader, RESULTS.replace(b"LIS,2026-Q1,csat", b"NOWHERE,2026-Q1,csat"))
    expect(reader.heading).to_have_text("results.csv cannot be taken in as it is")
    expect(reader.page.get_by_role("row", name="NOWHERE")).to_contain_text("is not a unit")
    assert reader.page.get_by_role("button", name="Accept").count() == 0
    look(reader)

    upload(reader, RESULTS)
    expect(reader.heading).to_have_text("results.csv can be taken in")
    expect(reader.page.get_by_role("row", name="2026-Q1")).to_contain_text("3")
    look(reader)
    reader.page.get_by_role("button", name="Accept 3 rows").click()
    expect(reader.page.get_by_role("status")).to_have_text("results.csv is taken in: 3 new, 0 changed, 0 unchanged.")
    look(reader)


def set_weightings(reader: Reader) -> None:
    reader.open("/plans/service@2026-01-01")
    reader.page.get_by_role("link", name="Change weightings").click()
    reader.page.locator(NPS).fill("59")
    reader.page.get_by_role("button", name="Save draft").click()
    expect(reader.page.get_by_role("alert")).to_contain_text(
        "Weights of Customer loyalty make 99%, not 100%: 1% is left."
    )
    expect(reader.page.locator(NPS)).to_have_value("59")
    look(reader)

    reader.page.locator(NPS).fill("50")
    reader.page.locator(SATISFACTION).fill("50 %")
    reader.page.get_by_role("button", name="Save draft").click()
    expect(reader.page.get_by_role("status")).to_contain_text("is stored. Submit it")
    assert reader.page.get_by_role("button", name="Publish").count() == 0
    look(reader)

    reader.page.get_by_role("link", name="Submit").click()
    expect(reader.heading).to_have_text("Submit Service incentive")
    look(reader)
    for field in reader.page.get_by_label("Why the plan is right all the same").all():
        field.fill("Agreed with the works council.")
    reader.page.get_by_role("button", name="Submit").click()
    expect(reader.page.get_by_role("status")).to_contain_text("is submitted. Somebody else publishes it")
    look(reader)


def publish(reader: Reader) -> None:
    reader.page.get_by_role("link", name="Service incentive, from 1 Jan 2026").click()
    reader.page.get_by_role("button", name="Publish").click()
    expect(reader.page.get_by_role("status")).to_contain_text("Service incentive is published")


def calculate(reader: Reader) -> None:
    expect(reader.heading).to_have_text("2026-Q1 is open")
    reader.page.get_by_role("button", name="Calculate 2026-Q1").click()
    expect(reader.page.get_by_role("status")).to_have_text("Run 1 of 2026-Q1 has 5 payouts. 1 person is held.")
    look(reader)


def open_a_payout(reader: Reader) -> None:
    reader.page.get_by_role("link", name="Payouts").click()
    reader.page.get_by_role("searchbox").fill("1001")
    reader.page.get_by_role("button", name="Find").click()
    expect(reader.page.locator("#rows tbody tr")).to_have_count(1)
    expect(reader.page.locator("#rows tbody")).to_contain_text("1,746.00")
    reader.page.get_by_role("link", name="Ada Alves").click()

    expect(reader.heading).to_have_text("Ada Alves · 2026-Q1")
    expect(reader.page.locator(".figure .big")).to_have_text("1,746.00\u00a0EUR")
    customers = reader.page.locator(".tree .component summary").first
    expect(customers).to_contain_text("92.5")
    score = reader.page.locator(".tree .measure").first
    expect(score).to_contain_text("100 answers in Lisbon.")
    customers.click()
    expect(score).to_be_hidden()
    look(reader)


def take_the_workbook(reader: Reader) -> None:
    reader.page.get_by_role("link", name="Payroll workbook").click()
    expect(reader.page.get_by_role("row", name="EUR – LOYQ")).to_be_visible()
    look(reader)
    with reader.page.expect_download() as download:
        reader.page.get_by_role("link", name="Download the preview").click()
    assert download.value.suggested_filename == "payroll-2026-Q1-R1-preview.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes()))
    assert ("1001", 1746) in {(row[0], row[-1]) for row in amounts(book)}


def amounts(book: openpyxl.Workbook) -> list[tuple[object, object]]:
    header, *rows = book["Payroll"].iter_rows(values_only=True)
    places = header.index("Employee"), header.index("Amount")
    return [(row[places[0]], row[places[1]]) for row in rows]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_from_a_file_to_the_payroll_workbook(scripts, own, read):
    reader = read(own, HR, scripts=scripts)
    take_in_a_file(reader)
    set_weightings(reader)
    reader.sign_out()
    reader.sign_in(APPROVER)
    publish(reader)
    reader.sign_out()
    reader.sign_in(HR)
    calculate(reader)
    open_a_payout(reader)
    reader.sign_out()
    reader.sign_in(PAYROLL)
    take_the_workbook(reader)
