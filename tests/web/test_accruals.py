"""Pages for finance: exchange rates, accruals with their journal, the accounts that they are booked on."""

import io
from threading import Event

import pytest
from openpyxl import load_workbook

from comp.db import reading
from comp.services import audit
from tests.web.company import APPROVER, AUDITOR, HR, PAYROLL
from web.settings import Settings
from web.worker import Worker

RATES, ACCRUALS, ACCOUNTS = "/rates?quarter=2025-Q4", "/accruals?quarter=2025-Q4", "/accruals/accounts"
MAP = {"expenses": "CC1 = 6240\n* = 6200", "liabilities": "* = 2610"}


@pytest.fixture
def payroll(visit):
    return visit(PAYROLL)


def with_group(payroll, currency="EUR"):
    return payroll.get(RATES).submit("Set the group currency", currency=currency)


def with_rates(payroll):
    with_group(payroll)
    rates = {"rate-JPY": "0.006", "source-JPY": "ECB 2025-12-31", "rate-KWD": "2.9"}
    return payroll.get(RATES).submit("Store the rates", **rates)


def worked_out(payroll, day="2025-12-31"):
    return payroll.get(ACCRUALS).submit("Work it out", as_of=day)


def test_rates_are_typed_and_what_is_missing_is_said(payroll, visit):
    assert "What 1 unit is worth" not in payroll.get(RATES).text
    assert "JPY, KWD have no rate yet" in with_group(payroll, "eur").text
    page = with_rates(payroll)
    assert "2 rates of 2025-Q4 stored." in page.text
    assert "1 JPY = 0.006 EUR" in page.text
    assert "have no rate yet" not in page.text
    assert "ECB 2025-12-31" in visit(AUDITOR).get(RATES).text


def test_what_is_no_rate_comes_back_with_its_reason(payroll):
    with_group(payroll)
    page = payroll.get(RATES)
    assert "Type a number such as" in page.submit("Store the rates", **{"rate-JPY": "much"}, status=422).text
    assert "must be above 0" in page.submit("Store the rates", **{"rate-JPY": "0"}, status=422).text
    assert "three letters" in page.submit("Set the group currency", currency="EURO", status=422).text
    doubtful = page.submit("Store the rates", **{"rate-JPY": "163"}, status=422)
    assert "looks turned around" in doubtful.text
    assert "1 rate of 2025-Q4 stored." in doubtful.submit("Store the rates", is_sure="y").text


def test_rates_are_pasted_as_a_block_all_or_none(payroll):
    with_group(payroll)
    page = payroll.get(RATES)
    assert "Paste at least one line" in page.submit("Store what is pasted", status=422).text
    wrong = page.submit("Store what is pasted", block="JPY\t0.006\tECB\nKWD\t2,9", status=422)
    assert "Nothing of the block is stored." in wrong.text
    doubtful = page.submit("Store what is pasted", block="JPY 163", status=422)
    assert "looks turned around" in doubtful.text
    assert "2 rates of 2025-Q4 stored." in page.submit("Store what is pasted", block="JPY\t0.006\tECB\nKWD;2.9").text
    assert "are as they were" in payroll.get(RATES).submit("Store the rates").text


def test_who_saw_other_rates_overwrites_nothing(payroll, visit):
    with_group(payroll)
    page = payroll.get(RATES)
    other = visit(HR).get(RATES).submit("Store the rates", **{"rate-JPY": "0.0061"})
    assert "1 rate of 2025-Q4 stored." in other.text
    assert "were set meanwhile: JPY 0.0061" in page.submit("Store the rates", **{"rate-JPY": "0.006"}, status=409).text


def test_totals_stand_in_the_group_currency_with_the_rates_used(payroll, visit):
    with_group(payroll)
    run = "/runs/2025-Q4/1"
    assert "No total in EUR: the rate of JPY, KWD for 2025-Q4 is not set." in payroll.get(run).text
    with_rates(payroll)
    for address, who in ((run, APPROVER), ("/?quarter=2025-Q4", HR)):
        text = visit(who).get(address).text
        assert "for information, in EUR at the rates of 2025-Q4" in text
        assert "1 JPY = 0.006 EUR (ECB 2025-12-31), 1 KWD = 2.9 EUR" in text
        assert "No payout is converted." in text


def test_accounts_are_typed_as_lines_and_what_is_wrong_is_told(payroll, visit):
    page = payroll.get(ACCOUNTS)
    assert "Write each line as a code" in page.submit("Store the accounts", expenses="CC1 6240", status=422).text
    assert "neither a cost centre nor a unit" in page.submit("Store the accounts", expenses="X = 1", status=422).text
    assert "The accounts are stored." in page.submit("Store the accounts", **MAP).text
    assert "changed the accounts meanwhile" in page.submit("Store the accounts", **MAP, status=409).text
    assert "CC1 = 6240" in visit(APPROVER).get(ACCOUNTS).text


def test_an_accrual_is_worked_out_mapped_taken_and_reversed_by_the_next(payroll, database, visit):
    unmapped = worked_out(payroll, "2025-10-31")
    assert "No expense account for cost centre CC1." in unmapped.text
    refused = payroll.post("/accruals/2025-Q4/1/take", status=422)
    assert "Type the accounts that are missing" in refused.text
    payroll.get(ACCOUNTS).submit("Store the accounts", **MAP)
    taken = worked_out(payroll, "2025-11-30").submit("Take it to be booked")
    assert "2025-Q4-A2 is taken." in taken.text
    assert "was taken already" in payroll.post("/accruals/2025-Q4/2/take", status=422).text
    page = worked_out(payroll)
    assert "The reversal takes back accrual 2 of 30 Nov 2025" in page.text
    assert "held" in page.text.casefold()
    assert "before" not in visit(AUDITOR).get(ACCRUALS).heading
    with reading(database) as session:
        assert audit.verify(session, ()).broken is None
        acts = [each.entry.action for each in reversed(audit.search(session, "accrual 2025-Q4-A2", 1))]
    assert acts[:2] == ["work out", "read"], "who was shown what units cost is noted"
    assert "take" in acts


def test_days_that_do_not_fit_are_refused_in_words(payroll):
    assert "nothing has accrued" in payroll.get(ACCRUALS).submit("Work it out", as_of="2025-09-30", status=422).text
    assert "Type a day" in payroll.get(ACCRUALS).submit("Work it out", as_of="", status=422).text
    nothing = payroll.get("/accruals?quarter=2030-Q1").submit("Work it out", as_of="2030-01-31", status=422)
    assert "has no answers and no results" in nothing.text


def test_the_workbook_carries_what_the_page_shows(payroll):
    with_rates(payroll)
    worked_out(payroll)
    answer = payroll.fetch("/accruals/2025-Q4/1/workbook")
    assert answer.headers["Content-Disposition"].endswith("accrual-2025-Q4-A1-preview.xlsx")
    book = load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Summary", "Accrual", "Journal", "Delta", "Rules"]


def test_what_takes_long_is_a_job_whose_result_is_the_accrual(payroll, database, monkeypatch):
    monkeypatch.setattr("comp.services.calculation._MANY", 0)
    waiting = payroll.get(ACCRUALS).submit("Work it out", as_of="2025-12-31")
    assert "Work out an accrual: 2025-Q4, 2025-12-31" in waiting.text
    Worker(database, Settings(), "w", Event(), of_clock=False).run_next()
    done = payroll.get(waiting.address)
    assert "2025-Q4-A1 is worked out" in done.text
    assert "Accrued at 31 Dec 2025" in payroll.get("/accruals/2025-Q4/1").text
