"""Pools and guarantees in a browser: set by HR, confirmed by an approver."""

from tests.web.company import APPROVER, HR, PAYROLL
from tests.web.visitor import Visitor

FUNDING = "/funding?quarter=2025-Q4"


def set_pool(app, **told):
    typed = {"currency": "EUR", "amount": "2000", "minimum": "100", "words": "The year was hard.", **told}
    return Visitor(app, HR).get(FUNDING).submit("Set the pool", **typed)


def test_a_pool_is_set_by_one_person_and_confirmed_by_another(app):
    page = set_pool(app)
    assert "waits for a second person" in page.text
    page = Visitor(app, APPROVER).get(FUNDING).submit("Confirm the pool in EUR")
    assert "in force" in page.text
    assert "Earned together" in page.text
    ended = Visitor(app, APPROVER).get(FUNDING).submit("End the pool in EUR")
    assert ended.rows("Pools that are over")[0][1] == "2,000.00"


def test_what_is_no_amount_or_no_currency_is_told_at_its_field(app):
    page = Visitor(app, HR).get(FUNDING)
    wrong = page.submit("Set the pool", 422, currency="EUR", amount="1e5", words="x")
    assert "Pool: Type a number such as 40 or 12.5." in wrong.errors
    wrong = page.submit("Set the pool", 422, currency="ABC", amount="1", words="x")
    assert "Currency: Type a currency by its three letters, such as EUR." in wrong.errors
    wrong = page.submit("Set the pool", 422, currency="EUR", amount="0.001", words="x")
    assert "Pool: type an amount of 0 or more with at most 2 decimals." in wrong.errors
    wrong = page.submit("Set the pool", 422, currency="EUR", amount="1", minimum="999999", words="x")
    assert any("Raise the pool" in each for each in wrong.errors)


def test_a_guarantee_is_set_confirmed_and_ended(app):
    hr = Visitor(app, HR)
    page = hr.get("/guarantees")
    assert "Nobody is guaranteed anything" in page.text
    told = {"employee": "1001", "promise": "draw", "amount": "5000", "currency": "EUR", "words": "New here."}
    page = page.submit("Set the guarantee", first="2025-10-01", **told)
    assert page.rows("Who is guaranteed what")[0][1] == "draw"
    page = Visitor(app, APPROVER).get("/guarantees").submit("Confirm")
    assert "in force" in page.text
    assert "Choose a day from today on" in Visitor(app, APPROVER).post("/guarantees/1/end", 422, day="2020-01-01").text
    ended = Visitor(app, APPROVER).post("/guarantees/1/end", day="2999-01-01")
    assert "Guarantee 1 of 1001 ends." in ended.notes


def test_a_guarantee_that_is_none_is_told(app):
    page = Visitor(app, HR).get("/guarantees")
    told = {"employee": "1001", "currency": "EUR", "words": "x", "first": "2025-10-01"}
    assert "For a whole quarter: type more than 0." in page.submit("Set the guarantee", 422, amount="0", **told).errors
    late = page.submit("Set the guarantee", 422, amount="1", last="2025-09-01", **told)
    assert "The last day comes before the first one." in late.errors
    nobody = page.submit("Set the guarantee", 422, amount="1", **{**told, "employee": "77"})
    assert any("Nobody has the employee number 77" in each for each in nobody.errors)


def test_payroll_reads_pools_and_guarantees_and_changes_none(app):
    payroll = Visitor(app, PAYROLL)
    assert "Set the pool" not in payroll.get(FUNDING).buttons()
    assert "Set the guarantee" not in payroll.get("/guarantees").buttons()


def test_without_a_quarter_funding_says_what_comes_first(empty_app):
    assert "There is no quarter yet" in Visitor(empty_app, HR).get("/funding").text
