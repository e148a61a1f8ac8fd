"""An error of a quarter's data is waived by two people, each at their own screen."""

import pytest

from tests.browser.reader import PHONE
from tests.web.company import APPROVER, HR

pytestmark = pytest.mark.browser


def test_hr_asks_for_a_waiver_and_an_approver_grants_it_on_a_phone(own, read):
    asker = read(own, HR)
    asker.open("/check")
    asker.check_access()
    asker.page.locator("summary", has_text="Ask for a waiver").click()
    asker.page.get_by_label("Why the quarter may go on").fill("The answers come on Monday.")
    asker.page.get_by_role("button", name="Ask for a waiver").click()
    asker.page.get_by_text("waiver asked for").wait_for()
    asker.open("/calendar")
    asker.check_access()
    decider = read(own, APPROVER, color_scheme="dark", viewport=PHONE)
    decider.open("/check")
    decider.page.locator("summary", has_text="Grant or refuse it").click()
    decider.check_access()
    decider.page.get_by_label("In your words").fill("Agreed.")
    decider.page.get_by_role("button", name="Grant the waiver").click()
    decider.page.get_by_text("The waiver is granted").wait_for()
    decider.check_access()
