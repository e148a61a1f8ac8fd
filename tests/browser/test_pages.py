"""Every page of a served company, as each role sees it: nothing breaks, nothing is cut off, nobody is shut out."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.browser.conftest import Site
from tests.browser.reader import Reader
from tests.web.company import EMPLOYEE, HR
from web.demo.story import PASSWORD, PEOPLE

pytestmark = pytest.mark.browser

DOWNLOADS = {
    "api.openapi",
    "audit.extract",
    "data_check.file",
    "payroll.workbook",
    "jobs.take",
    "releases.sign_off",
    "releases.take",
    "statements.pdf",
    "team.file",
    "team.workbook",
    "overtime.template",
    "overtime.workbook",
    "plan_files.download",
    "plan_reading.readers_file",
    "runs.workbook",
    "review.download",
    "targets.file",
    "layout_files.take",
}
NOBODY_AT_ALL = "/nothing-here"
HELD = "/payouts/2026-Q2/010921"
STRANGER = None
ADMIN, MANAGER = PEOPLE[5][0], PEOPLE[7][0]
WORK_OF_HR = {
    "accruals.accounts",
    "accruals.index",
    "api.show",
    "evidence.index",
    "rates.index",
    "statements.show",
    "tokens.index",
    "analysis.index",
    "overtime.index",
    "answers.index",
    "corrections.index",
    "exclusions.index",
    "jobs.index",
    "reviews.index",
    "reviews.limits",
    "team.show",
    "withdrawals.show",
    "home.show",
    "own.show",
    "data_check.index",
    "data_check.show",
    "calendar.index",
    "payouts.index",
    "payouts.show",
    "quarters.index",
    "funding.index",
    "funding.guaranteed",
    "queries.index",
    "queries.ask_payout",
    "queries.ask_score",
    "runs.index",
    "runs.show",
    "runs.compare",
    "scores.index",
    "plans.index",
    "plans.show",
    "guidance.show",
    "plan_reading.compare",
    "plan_reading.document",
    "plan_reading.readers",
    "plan_editor.edit",
    "plan_editor.new",
    "plan_files.choose",
    "plans.weigh",
    "whatif.show",
    "whatif.index",
    "metrics.index",
    "metrics.show",
    "metrics.suggest_new",
    "metrics.edit",
    "metrics.describe_new",
    "metrics.edit_question",
    "targets.index",
    "imports.index",
    "layouts.index",
    "layouts.show",
    "layouts.change",
    "layout_maps.show",
    "help.show",
    "account.show",
    "factors.set_up",
    NOBODY_AT_ALL,
}
"""Every kind of page that links lead HR to."""
ROLES = [STRANGER, *(email for email, _, _ in PEOPLE)]


def pages(site: Site, reader: Reader, most: int, first: tuple[str, ...] = ("/", NOBODY_AT_ALL)) -> Iterator[str]:
    """Open every page that links lead to, of each kind at most so many; gives the kind of the one that stands open."""
    waiting, seen, kinds = list(first), set(first), Counter[str]()
    while waiting:
        path = waiting.pop(0)
        kind = site.endpoint(path) or path
        if kind in DOWNLOADS or kinds[kind] >= most:
            continue
        kinds[kind] += 1
        reader.open(path)
        fresh = [link for link in dict.fromkeys(reader.links()) if link not in seen]
        seen.update(fresh)
        waiting += fresh
        yield kind


_FITTED: set[str] = set()
"""The kinds of pages whose widths were looked at in this process: readers see the same ones."""


@pytest.mark.parametrize("email", ROLES, ids=lambda email: (email or "stranger").partition("@")[0])
def test_every_page_opens_without_a_fault_and_fits_from_a_phone_to_a_wide_screen(email, demo, read):
    reader = read(demo)
    if email:
        reader.sign_in(email, PASSWORD)
    kinds = set()
    for kind in pages(demo, reader, most=1):
        kinds.add(kind)
        for width in () if kind in _FITTED else (320, 390, 700, 1024, 1440):
            reader.check_width(width)
        _FITTED.add(kind)
    assert kinds >= {"home.show", "help.show", NOBODY_AT_ALL}
    assert email != PEOPLE[0][0] or kinds == WORK_OF_HR


def test_axe_finds_nothing_serious_on_any_kind_of_page(demo, read):
    done: set[str] = set()
    for email in (PEOPLE[0][0], PEOPLE[2][0], PEOPLE[4][0], ADMIN, MANAGER, STRANGER):
        reader = read(demo)
        if email:
            reader.sign_in(email, PASSWORD)
        for kind in pages(demo, reader, most=1, first=("/", NOBODY_AT_ALL, HELD)):
            shown = f"{kind} {reader.heading.inner_text()}"
            if shown not in done:
                reader.check_looks()
            done.add(shown)
    assert {shown.partition(" ")[0] for shown in done} >= {
        "delegations.index",
        "own.show",
        "payouts.show",
        "queries.ask_payout",
        "queries.ask_score",
        "queries.index",
        "payroll.index",
        "guidance.show",
        "plan_reading.compare",
        "plan_reading.document",
        "plan_reading.readers",
        "plan_editor.edit",
        "plan_editor.new",
        "plan_files.choose",
        "layouts.index",
        "layouts.show",
        "layouts.change",
        "layout_maps.show",
        "layout_files.preview",
        "plans.weigh",
        "whatif.show",
        "review.index",
        "metrics.edit",
        "metrics.show",
        "targets.index",
        "users.show",
        "/nothing-here",
    }


@pytest.mark.parametrize("email", [HR, EMPLOYEE])
def test_a_company_without_anything_has_pages_that_say_so_and_are_sound(email, empty, read):
    reader = read(empty, email)
    for _ in pages(empty, reader, most=1):
        reader.check_looks()


def test_a_device_with_dark_colours_is_offered_light_ones_and_keeps_them(demo, read):
    reader = read(demo, color_scheme="dark")
    reader.open("/help")
    assert ground(reader) == "rgb(16, 21, 27)"
    assert reader.page.get_by_role("button", name="Dark colours").count() == 0
    reader.page.get_by_role("button", name="Light colours").click()
    reader.page.get_by_role("button", name="Dark colours").wait_for()
    assert ground(reader) == "rgb(245, 246, 248)"


def ground(reader: Reader) -> str:
    colour: str = reader.page.evaluate("getComputedStyle(document.body).backgroundColor")
    return colour


def test_on_paper_there_is_no_menu_and_what_is_folded_is_open(demo, read):
    reader = read(demo)
    reader.sign_in(PEOPLE[0][0], PASSWORD)
    reader.open("/scores")
    rows = reader.page.get_by_role("row", name="Store Tokyo")
    assert rows.count() == 1
    reader.page.emulate_media(media="print")
    assert rows.count() == 5
    assert not reader.page.locator("nav").first.is_visible()
    assert ground(reader) == "rgb(255, 255, 255)"
