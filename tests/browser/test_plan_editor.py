"""The plan editor in a browser: a plan from nothing by keyboard and mouse, without scripts, and with German numbers."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.reader import PHONE, Reader
from tests.web.company import HR

pytestmark = pytest.mark.browser
DRAFT = "/plans/service@2026-01-01/edit"
MEASURE = "components.r1.measures.r1"


def field(reader: Reader, name: str):
    """A field of the form by its name."""
    return reader.page.locator(f"[id='{name}']")


def fill(reader: Reader, values: dict[str, str]) -> None:
    """Type into fields, or choose from their lists."""
    for name, value in values.items():
        here = field(reader, name)
        if here.evaluate("each => each.tagName") == "SELECT":
            here.select_option(value)
        else:
            here.fill(value)


def rows(reader: Reader, name: str):
    """The list of rows with a name."""
    return reader.page.locator(f"[data-rows='{name}']")


def add(reader: Reader, name: str) -> None:
    """Press the button that adds a row, by the keyboard."""
    button = rows(reader, name).locator(":scope > .row-end button")
    button.focus()
    reader.page.keyboard.press("Enter")


def remove(reader: Reader, name: str, row: str) -> None:
    """Press the button that takes a row out."""
    rows(reader, name).locator(f"button[value='remove:{name}.{row}']").click()


def write_a_plan(reader: Reader) -> None:
    """Everything that a plan from nothing needs, with rows added and one in the middle taken out again."""
    reader.open("/plans/new")
    head = {"name": "Porto", "id": "porto", "starts": "2026-04-01", "pay_code": "OPO", "units.r1.unit": "OPO"}
    fill(reader, head)
    fill(reader, {"components.r1.name": "Customers", "components.r1.id": "customers", f"{MEASURE}.metric": "nps"})
    points = f"{MEASURE}.points"
    add(reader, points)
    expect(field(reader, f"{points}.r3.x")).to_be_visible()
    fill(reader, {f"{points}.r1.x": "10", f"{points}.r2.x": "20", f"{points}.r3.x": "50", f"{points}.r3.pays": "150"})
    remove(reader, points, "r2")
    expect(field(reader, f"{points}.r2.x")).to_have_count(0)
    expect(field(reader, f"{points}.r3.x")).to_have_value("50")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_plan_is_written_from_nothing(own, read, scripts):
    reader = read(own, HR, scripts=scripts)
    write_a_plan(reader)
    reader.page.locator(".act").get_by_role("button", name="Save draft").first.click()
    expect(reader.heading).to_have_text("Porto")
    expect(reader.page.locator("main")).to_contain_text(re.compile(r"50\s*150"))


def test_the_curve_follows_what_is_typed_and_is_the_one_that_the_server_draws(own, read):
    reader = read(own, HR)
    write_a_plan(reader)
    line = reader.page.locator(f"[data-curve]:has([id='{MEASURE}.points']) polyline")
    drawn = line.get_attribute("points")
    field(reader, f"{MEASURE}.points.r3.pays").fill("90")
    assert line.get_attribute("points") != drawn
    for name, value in {"shape": "step", "above": "extend", "below": "10"}.items():
        before = line.get_attribute("points")
        fill(reader, {f"{MEASURE}.{name}": value})
        here = line.get_attribute("points")
        assert (here != before) or name == "above"
    fill(reader, {f"{MEASURE}.shape": "linear"})
    typed = line.get_attribute("points")
    reader.page.get_by_role("button", name="Check without saving").click()
    expect(line).to_have_attribute("points", re.compile("."))
    assert coordinates(line.get_attribute("points")) == pytest.approx(coordinates(typed), abs=0.11)


def coordinates(points: str) -> list[float]:
    """The numbers of a line."""
    return [float(each) for each in re.split("[ ,]", points)]


def test_the_meter_tells_what_is_left_and_shares_it_out(small, read):
    reader = read(small, HR)
    reader.open(DRAFT)
    add(reader, "components")
    fill(reader, {"components.r1.share": "30", "components.r2.share": "45"})
    meter = rows(reader, "components").locator(":scope > .meter")
    expect(meter.locator("output")).to_have_text(re.compile("Total 75\\W%, 25\\W% left"))
    meter.get_by_role("button", name="Spread rest").click()
    expect(field(reader, "components.r3.share")).to_have_value("25")
    expect(meter.locator("output")).to_have_text(re.compile("Total 100\\W%"))
    fill(reader, {"components.r1.share": "40"})
    meter.get_by_role("button", name="Scale to 100").click()
    expect(field(reader, "components.r1.share")).to_have_value("36.36")
    fill(reader, {"elsewhere": "50"})
    expect(meter.locator("output")).to_have_text(re.compile("Total 150\\W%, 50\\W% too much"))


def test_a_german_reader_types_commas_and_is_told_of_points(own, read):
    reader = read(own, HR)
    reader.open("/account")
    reader.page.get_by_label("Numbers and days as in").select_option("de")
    reader.page.get_by_role("button", name="Write them so").click()
    reader.open(DRAFT)
    fill(reader, {"components.r1.share": "40,5", "components.r2.share": "59.5"})
    meter = rows(reader, "components").locator(":scope > .meter output")
    expect(meter).to_have_text("Type percentages such as 40 or 12,5")
    reader.page.locator(".act").get_by_role("button", name="Save draft").first.click()
    expect(reader.page.get_by_role("alert")).to_be_focused()
    expect(reader.page.get_by_role("alert")).to_contain_text("“59.5” could be mistaken")
    reader.page.get_by_role("alert").get_by_role("link").first.click()
    expect(field(reader, "components.r2.share")).to_be_focused()
    reader.page.keyboard.press("Control+A")
    reader.page.keyboard.type("59,5")
    expect(meter).to_have_text(re.compile("Total 100\\W%"))
    reader.page.keyboard.press("Enter")
    expect(reader.page.locator("main")).to_contain_text("40,5")


def test_whoever_leaves_with_something_typed_is_asked(small, read):
    reader, asked = read(small, HR), []
    reader.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    reader.open(DRAFT)
    reader.page.get_by_role("link", name="Cancel").click()
    expect(reader.heading).to_have_text("Service incentive")
    assert asked == []
    reader.open(DRAFT)
    field(reader, "pay_code").click()
    reader.page.keyboard.type("X")
    reader.page.get_by_role("link", name="Cancel").click()
    expect(reader.page).to_have_url(re.compile("2026-01-01$"))
    assert asked == ["beforeunload"]


def test_the_editor_is_open_to_everybody_and_fits_a_phone(small, read):
    reader = read(small, HR)
    for path in ("/plans/new", DRAFT, "/plans/from-file"):
        reader.open(path)
        reader.page.eval_on_selector_all("main details", "all => all.forEach((each) => { each.open = true; })")
        reader.check_look()
    phone = read(small, HR, viewport=PHONE, has_touch=True)
    phone.open(DRAFT)
    rows(phone, f"{MEASURE}.points").locator(":scope > .row-end button").tap()
    expect(field(phone, f"{MEASURE}.points.r3.x")).to_be_focused()
