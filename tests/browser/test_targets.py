"""A block of cells pasted into the grid of targets fills its fields, and is looked at before anything is stored."""

import pytest

from tests.web.company import HR
from web.forms.targets import target_name

pytestmark = pytest.mark.browser

_PASTE = """(text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    const event = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
    return document.activeElement.dispatchEvent(event);
}"""


def test_cells_out_of_a_spreadsheet_fill_the_grid_from_where_they_are_pasted(own, read):
    reader = read(own, HR)
    reader.open("/targets?period=2026-Q1")
    field = {(unit, metric): reader.page.locator(f'[id="{target_name(unit, metric)}"]') for unit, metric in _CELLS}
    field["FAR", "csat"].focus()
    assert not reader.page.evaluate(_PASTE, "81\t40\t7\t8\r\n82.5\t\r\n")  # the browser's own paste does not follow
    assert {cell: each.input_value() for cell, each in field.items()} == _CELLS
    reader.page.get_by_role("button", name="Look at the changes").click()
    reader.page.get_by_role("button", name="Store 4 targets").click()
    reader.page.get_by_text("4 targets of 2026-Q1 are stored.").wait_for()


def test_a_single_value_is_pasted_as_in_any_field(own, read):
    reader = read(own, HR)
    reader.open("/targets?period=2026-Q1")
    reader.page.locator(f'[id="{target_name("LIS", "nps")}"]').focus()
    assert reader.page.evaluate(_PASTE, "42")


_CELLS = {
    ("AUR", "csat"): "",
    ("FAR", "csat"): "81",
    ("FAR", "nps"): "40",
    ("FAR", "income"): "7",
    ("LIS", "csat"): "82.5",
    ("LIS", "nps"): "",
    ("OPO", "csat"): "",
}
"""What the fields hold then; the fourth cell of the first row has no field and is left out."""
