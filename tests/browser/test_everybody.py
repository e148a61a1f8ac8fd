"""Every page in a real browser as everybody who may come: nothing breaks, and nobody reads whom they may not see."""

import pytest

from comp.db import connect
from tests.browser.conftest import DATABASE
from tests.browser.test_pages import pages
from tests.web.company import ADMIN, DIRECTOR, EMPLOYEE, HR, LEAD, MANAGER, NAMES
from tests.web.sight import LAST_DAYS, OF_ACCOUNTS, SEES, SEES_ALL, not_for, paid_amounts, seen_by
from web.database import disposed

pytestmark = pytest.mark.browser

STRANGER = None
LAST = max(LAST_DAYS.values())


@pytest.fixture(scope="module")
def amounts(small_home):
    with disposed(connect(f"sqlite:///{small_home / DATABASE}")) as engine:
        return paid_amounts(engine)


def test_what_is_hidden_here_is_enough_to_be_a_test(amounts):
    assert {seen_by(email, LAST) == set(NAMES) for email in (*SEES_ALL, DIRECTOR)} == {True}
    assert seen_by(MANAGER, LAST) == {"1001", "1002", "1004", "1007"}
    assert seen_by(LEAD, LAST) == {"1007"}
    assert seen_by(ADMIN, LAST) == seen_by(STRANGER, LAST) == set()
    assert len(amounts) >= 5


def readers():
    """Everybody; those whose pages others have too come in the long run, and without a browser in every run."""
    for email in (STRANGER, *SEES):
        marks = () if email in {STRANGER, HR, MANAGER, EMPLOYEE} else pytest.mark.slow
        yield pytest.param(email, marks=marks, id=(email or "stranger").partition("@")[0])


@pytest.mark.parametrize("email", list(readers()))
def test_nobody_reads_in_any_page_of_whom_they_may_not_see(email, small, read, amounts):
    reader = read(small, email)
    kinds = set()
    for kind in pages(small, reader, most=1):
        kinds.add(kind)
        hidden = not_for(email, amounts, of_accounts=kind in OF_ACCOUNTS)
        told = reader.page.content()
        assert {text for text in hidden if text in told} == set(), reader.page.url
    assert kinds >= ({"home.show", "own.show", "scores.index", "account.show"} if email else {"help.show"})
    assert ("payouts.show" in kinds) is any(seen_by(email, day) for day in LAST_DAYS.values())
