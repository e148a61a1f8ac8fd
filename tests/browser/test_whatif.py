"""The sliders of a what-if, as somebody moves them."""

import pytest
from playwright.sync_api import expect

from tests.browser.reader import PHONE, WIDE
from tests.web.company import HR

pytestmark = pytest.mark.browser

IN_Q4 = "/plans/service@2026-01-01/what-if?quarter=2025-Q4"


def test_a_slider_moves_its_number_and_the_estimate_follows_without_loading_the_page(small, read):
    reader = read(small, HR)
    reader.open(IN_Q4)
    page = reader.page
    expect(page.locator("#depth table")).to_have_count(3)
    page.evaluate("window.marked = true")
    page.get_by_label("Customer loyalty, slider", exact=True).fill("50")
    expect(page.locator("#share-customer")).to_have_value("50")
    expect(page.locator("#estimate")).to_contain_text("not 100%: 10% is too much")
    page.locator("#share-financial").fill("50")
    expect(page.get_by_label("Operating income, slider", exact=True)).to_have_value("50")
    expect(page.locator("#estimate")).to_contain_text("−24.48")
    expect(page.locator("#told")).to_contain_text("on now")
    assert page.evaluate("window.marked")
    assert "share-customer=50" in page.url
    reader.check_access()


def test_the_others_give_or_take_by_a_link(small, read):
    reader = read(small, HR)
    reader.open(f"{IN_Q4}&share-customer=50")
    reader.page.get_by_role("link", name="Let the others give or take").click()
    expect(reader.page.locator("#share-financial")).to_have_value("50")
    expect(reader.page.locator("#estimate")).to_contain_text("−24.48")


@pytest.mark.parametrize("look", [{"viewport": WIDE}, {"viewport": PHONE, "color_scheme": "dark"}])
def test_with_a_goal_a_budget_and_everything_open_the_page_is_sound(small, read, look):
    reader = read(small, HR, **look)
    reader.open(f"{IN_Q4}&budget=2600&currency=EUR&goal=share:customer&deep=yes")
    expect(reader.page.locator("#estimate")).to_contain_text("Put the sliders there")
    reader.check_look()


def test_without_scripts_a_button_estimates_and_a_link_goes_deeper(small, read):
    reader = read(small, HR, scripts=False)
    reader.open(IN_Q4)
    page = reader.page
    assert not page.get_by_label("Customer loyalty, slider", exact=True).is_visible()
    page.locator("#share-customer").fill("50")
    page.locator("#share-financial").fill("50")
    page.get_by_role("button", name="Estimate").click()
    expect(page.locator("#estimate")).to_contain_text("−24.48")
    page.get_by_role("link", name="Work it out").click()
    expect(page.locator("#depth")).to_contain_text("Calculated in full")
    expect(page.locator("#share-customer")).to_have_value("50")


def test_a_what_if_is_kept_and_a_draft_is_saved(own, read):
    reader = read(own, HR)
    reader.open(f"{IN_Q4}&share-customer=50&share-financial=50")
    reader.page.get_by_label("Name").fill("Half")
    reader.page.get_by_role("button", name="Keep as scenario").click()
    expect(reader.heading).to_have_text("Kept scenarios")
    reader.check_look()
    reader.open(f"{IN_Q4}&share-customer=50&share-financial=50")
    reader.page.get_by_role("button", name="Save as draft").click()
    expect(reader.page.get_by_role("status")).to_contain_text("is stored with these values")
