"""Signing in with the company's identity provider in a real browser, whose rules for forms and cookies hold there."""

import shutil

import pytest

from tests.browser.conftest import DATABASE, served
from tests.browser.reader import PHONE, WIDE
from tests.idp import CLIENT, SECRET, idp
from tests.web.company import EMPLOYEE, HR
from web.settings import Settings

pytestmark = pytest.mark.browser
WAYS = pytest.mark.parametrize(
    ("scripts", "viewport"), [(True, WIDE), (False, PHONE)], ids=["with scripts", "without them on a phone"]
)


@pytest.fixture
def at_provider():
    with idp(sub="hr-1", email=HR, email_verified=True) as running:
        yield running


@pytest.fixture
def site(at_provider, small_home, tmp_path):
    """Gives the small company with the provider, and these settings beside."""
    shutil.copy(small_home / DATABASE, tmp_path)

    def machine(**settings):
        told = {"oidc_issuer": at_provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
        return served(tmp_path, Settings(home=tmp_path, oidc_name="Aurelia", **told, **settings))

    return machine


@WAYS
def test_a_button_goes_to_the_provider_and_comes_back_to_the_page_that_was_asked_for(site, read, scripts, viewport):
    with site() as pages:
        reader = read(pages, scripts=scripts, viewport=viewport)
        reader.open("/payouts?quarter=2025-Q3")
        if scripts:
            reader.check_looks()
        reader.page.get_by_role("link", name="Sign in with Aurelia").click()
        reader.page.wait_for_url("**/payouts?quarter=2025-Q3")
        assert "Payouts" in reader.heading.inner_text()


def test_whoever_is_not_known_sees_a_page_that_says_so_and_leads_back(site, at_provider, read):
    at_provider.claims["email"] = EMPLOYEE.replace("employee", "nobody")
    with site(local_sign_in=False) as pages:
        reader = read(pages)
        reader.open("/")
        reader.check_looks()
        assert reader.page.locator("main form").count() == 0
        reader.page.get_by_role("link", name="Sign in with Aurelia").click()
        reader.page.get_by_role("heading", name="Your company account opens nothing here").wait_for()
        reader.check_looks()
        reader.page.get_by_role("link", name="Back to signing in").click()
        reader.page.get_by_role("link", name="Sign in with Aurelia").wait_for()


@WAYS
def test_signing_out_goes_by_the_provider_and_comes_back_signed_out_of_both(site, at_provider, read, scripts, viewport):
    with site() as pages:
        reader = read(pages, scripts=scripts, viewport=viewport)
        reader.open("/help")
        reader.open("/sign-in")
        reader.page.get_by_role("link", name="Sign in with Aurelia").click()
        reader.page.wait_for_url("**/")
        reader.page.goto("/sign-out/company", wait_until="commit")
        reader.page.wait_for_url("**/sign-in")
        assert not at_provider.is_signed_in
        at_provider.is_signed_in = True
        reader.open("/account")
        if viewport == PHONE:
            reader.page.get_by_text("Menu", exact=True).click()
        reader.page.get_by_role("button", name="Sign out").click()
        reader.page.wait_for_url("**/sign-in")
        assert not at_provider.is_signed_in
        reader.open("/my-pay")
        assert reader.heading.inner_text() == "Sign in"
