"""A query in a browser: asked by keyboard, answered, and sound on a phone in the dark."""

import pytest

from tests.browser.reader import PHONE
from tests.web.company import DIRECTOR, PEER

pytestmark = pytest.mark.browser


def test_a_query_is_asked_and_answered_and_its_pages_are_sound(own, read):
    asker = read(own, PEER, color_scheme="dark", viewport=PHONE)
    asker.open("/queries/new/payout/2025-Q4/1003")
    asker.check_access()
    asker.page.get_by_label("Your question").fill("Why am I held?")
    asker.page.keyboard.press("Tab")
    asker.page.keyboard.press("Enter")
    asker.page.get_by_text("Query 1 is sent.").wait_for()
    manager = read(own, DIRECTOR)
    manager.open("/queries")
    manager.page.get_by_role("link", name="1 · Cleo Costa, 2025-Q4").click()
    manager.page.get_by_role("heading", name="Hand on").click()
    manager.page.get_by_role("heading", name="Close", exact=True).click()
    manager.check_access()
    manager.page.get_by_label("In your words").first.fill("Faro has too few answers.")
    manager.page.get_by_role("button", name="Send").click()
    manager.page.get_by_text("Whoever asked is told by mail.").wait_for()
    asker.open("/queries/1")
    asker.check_access()
    for width in (320, 390, 1024):
        asker.check_width(width)
