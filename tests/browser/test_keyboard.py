"""What can be done without a mouse, and on a phone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.reader import PHONE, Reader
from tests.web.company import HR, PASSWORD

pytestmark = pytest.mark.browser
DRAFT = "/plans/service@2026-01-01/weightings"
_STOP = """() => {
    const at = document.activeElement;
    if (at === document.body) return null;
    const box = at.getBoundingClientRect(), style = getComputedStyle(at.closest("label.menu") ?? at);
    const isOutlined = style.outlineStyle !== "none" && style.outlineWidth !== "0px";
    return [(at.innerText || at.name || at.id).trim(), box.width > 0, isOutlined];
}"""

_SENT_TWICE = """(button) => {
    let arrived = 0;
    addEventListener("submit", (event) => { arrived += event.defaultPrevented ? 0 : 1; event.preventDefault(); });
    button.click();
    button.click();
    return arrived;
}"""


def tab_to(reader: Reader, name: str) -> None:
    """Press Tab until the element with this text, name or id has the focus."""
    for _ in range(60):
        reader.page.keyboard.press("Tab")
        stop = reader.page.evaluate(_STOP)
        if stop and stop[0] == name:
            return
    pytest.fail(f"no Tab leads to {name}")


def tab_stops(reader: Reader) -> Iterator[tuple[str, bool, bool] | None]:
    """Press Tab until the page is through: each stop's name, whether it has a size and an outline."""
    for _ in range(60):
        reader.page.keyboard.press("Tab")
        stop = reader.page.evaluate(_STOP)
        yield stop
        if stop is None:
            return
    pytest.fail("the page holds the focus for more than 60 stops")


def test_signing_in_takes_a_keyboard_only(small, read):
    reader = read(small)
    reader.open("/sign-in")
    reader.page.keyboard.type(HR)
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.type(PASSWORD)
    reader.page.keyboard.press("Enter")
    expect(reader.heading).to_have_text("2025-Q4 is calculated")


def test_the_first_stop_leads_past_the_menu(small, read):
    reader = read(small, HR)
    reader.page.keyboard.press("Tab")
    skip = reader.page.get_by_role("link", name="Go to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("main")).to_be_focused()


def test_the_menu_leads_on_by_keyboard(small, read):
    reader = read(small, HR)
    tab_to(reader, "Plans")
    reader.page.keyboard.press("Enter")
    expect(reader.heading).to_have_text("Plans")


@pytest.mark.parametrize("path", ["/", "/payouts/2025-Q4/1001", "/imports", DRAFT])
def test_whoever_tabs_always_sees_where_they_are(path, small, read):
    reader = read(small, HR)
    reader.open(path)
    stops = [stop for stop in tab_stops(reader) if stop]
    assert len(stops) > 10
    assert [name for name, has_size, is_outlined in stops if not (has_size and is_outlined)] == []


def test_the_menu_of_a_phone_opens_by_keyboard_and_by_touch(small, read):
    reader = read(small, HR, viewport=PHONE, has_touch=True)
    plans = reader.page.get_by_role("link", name="Plans")
    expect(plans).to_be_hidden()
    tab_to(reader, "menu")
    reader.page.keyboard.press("Space")
    expect(plans).to_be_visible()
    reader.check_access()
    reader.page.keyboard.press("Space")
    expect(plans).to_be_hidden()
    reader.page.get_by_text("Menu").tap()
    plans.tap()
    expect(reader.heading).to_have_text("Plans")


def test_the_meter_follows_what_is_typed_and_spreads_what_is_left(small, read):
    reader = read(small, HR)
    reader.open(DRAFT)
    totals = reader.page.locator("output")
    assert [text.replace("\u202f", " ") for text in totals.all_inner_texts()] == ["Total 100 %"] * 3
    reader.page.get_by_label("Net Promoter Score").fill("55")
    expect(totals.nth(1)).to_have_text(re.compile("Total 95\\W%, 5\\W% left"))
    tab_to(reader, "Scale to 100")
    reader.page.keyboard.press("Enter")
    expect(totals.nth(1)).to_have_text(re.compile("Total 100\\W%"))
    expect(reader.page.get_by_label("Net Promoter Score")).to_have_value("57.89")
    expect(reader.page.locator("#weight-customer-1")).to_have_value("42.11")


def test_after_a_refusal_the_reader_is_taken_to_the_problems_and_from_there_to_the_field(small, read):
    reader = read(small, HR)
    reader.open(DRAFT)
    reader.page.get_by_label("Net Promoter Score").fill("a lot")
    reader.page.keyboard.press("Enter")
    problems = reader.page.get_by_role("alert")
    expect(problems).to_be_focused()
    reader.page.keyboard.press("Tab")
    reader.page.keyboard.press("Enter")
    field = reader.page.get_by_label("Net Promoter Score")
    expect(field).to_be_focused()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description("Type a percentage from 0 to 100, such as 40 or 12.5.")
    reader.check_look()


def test_typing_finds_people_while_the_page_stays(small, read):
    reader = read(small, HR)
    reader.open("/payouts?quarter=2025-Q4")
    reader.page.evaluate("window.stayed = true")
    reader.page.get_by_role("searchbox").press_sequentially("alv")
    expect(reader.page.locator("#rows tbody tr")).to_have_count(1)
    expect(reader.page.locator("#rows tbody th")).to_contain_text("Ada Alves")
    expect(reader.page.locator("#told")).to_have_text("1 person found for “alv”")
    assert reader.page.evaluate("window.stayed")
    reader.page.reload()
    expect(reader.page.get_by_role("searchbox")).to_have_value("alv")
    expect(reader.page.locator("#rows tbody tr")).to_have_count(1)
    reader.page.get_by_role("searchbox").fill("nobody")
    expect(reader.page.locator("#rows")).to_contain_text("No number and no name has “nobody” in it.")
    reader.check_look()


def test_whoever_types_after_the_session_ended_is_sent_to_sign_in_and_comes_back(small, read):
    reader = read(small, HR)
    reader.open("/payouts?quarter=2025-Q4")
    reader.context.clear_cookies()
    reader.page.get_by_role("searchbox").fill("alves")
    reader.page.wait_for_url("**/sign-in?**")
    reader.page.get_by_label("E-mail").fill(HR)
    reader.page.get_by_label("Password").fill(PASSWORD)
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("#rows tbody th")).to_contain_text("Ada Alves")


def test_where_the_list_cannot_be_fetched_the_page_says_so_and_keeps_what_it_shows(small, read):
    reader = read(small, HR)
    reader.open("/payouts?quarter=2025-Q4")
    reader.page.route("**/payouts?**", lambda route: route.fulfill(status=503, body="no"))
    reader.page.get_by_role("searchbox").fill("alves")
    expect(reader.page.get_by_role("status")).to_be_visible()
    expect(reader.page.get_by_role("status")).to_contain_text("The list could not be fetched.")
    expect(reader.page.locator("#rows tbody tr")).to_have_count(5)
    assert all(fault.startswith("503 ") for fault in reader.faults)
    reader.faults.clear()


def test_an_explanation_folds_and_unfolds_by_keyboard(small, read):
    reader = read(small, HR)
    reader.open("/payouts/2025-Q4/1001")
    score = reader.page.locator(".tree .measure .what").first
    expect(score).to_be_visible()
    reader.page.locator(".tree .component summary").first.focus()
    reader.page.keyboard.press("Enter")
    expect(score).to_be_hidden()
    reader.page.keyboard.press("Space")
    expect(score).to_be_visible()


def test_a_form_that_is_sent_twice_arrives_once(small, read):
    reader = read(small, HR)
    button = reader.page.get_by_role("button", name="Calculate again")
    assert button.evaluate(_SENT_TWICE) == 1
    expect(button).to_have_attribute("aria-busy", "true")
