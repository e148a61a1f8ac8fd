"""A manager goes through the team by keyboard: moves, selects, confirms, sends back, and switches single keys off."""

import pytest
from playwright.sync_api import expect

from tests.web.company import DIRECTOR, HR

pytestmark = pytest.mark.browser


def test_a_team_is_reviewed_without_a_mouse(own, read):
    hr = read(own, HR)
    hr.open("/quarters?quarter=2025-Q4")
    hr.page.get_by_role("button", name="Begin the review").click()
    reader = read(own, DIRECTOR)
    reader.open("/team/2025-Q4?show=all")
    page, told = reader.page, reader.page.locator("[data-told]")
    reader.check_look()
    rows = page.locator("tr[data-row]")
    first, second = (rows.nth(place).get_attribute("data-row") for place in (0, 1))
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f"[id='row-{second}'] th a")).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(f"[id='row-{first}'] th a")).to_be_focused()
    page.locator("tr[data-row]:has(input[name=e]) th a").first.focus()
    page.keyboard.press("x")
    expect(told).to_contain_text("1 selected · ")
    page.keyboard.press("?")
    expect(page.locator("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("tr[data-row]:has(input[name=e]) th a").first.focus()
    page.keyboard.press("b")
    expect(page.locator("#wrong")).to_be_focused()
    page.keyboard.type("a j x")
    expect(page.locator("#wrong")).to_have_value("a j x")
    page.locator("tr[data-row]:has(input[name=e]) th a").first.focus()
    page.keyboard.press("a")
    expect(page.get_by_role("status").first).to_contain_text("is confirmed.")
    page.locator("[data-keys] input").uncheck()
    page.locator("tr[data-row] th a").first.focus()
    page.keyboard.press("j")
    expect(page.locator(f"[id='row-{first}'] th a")).to_be_focused()
