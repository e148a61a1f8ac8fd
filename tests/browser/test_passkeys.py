"""Passkeys, with an authenticator that Chromium itself plays; and one's own account as it looks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import CDPSession, expect

from tests.browser.conftest import Site
from tests.browser.reader import PHONE, Reader
from tests.web.company import APPROVER, HR, submit_plan
from tests.web.signing_in import app_code, set_back

pytestmark = pytest.mark.browser


@pytest.fixture
def here(own) -> Site:
    """The small company under a name, as passkeys belong to names."""
    return replace(own, address=own.address.replace("127.0.0.1", "localhost"))


def authenticator(reader: Reader, **options: object) -> tuple[CDPSession, str]:
    """A device that the person touches whenever it asks."""
    device = reader.context.new_cdp_session(reader.page)
    device.send("WebAuthn.enable")
    usual = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    return device, device.send("WebAuthn.addVirtualAuthenticator", {"options": {**usual, **options}})["authenticatorId"]


def add_passkey(reader: Reader, name: str = "work laptop") -> None:
    reader.open("/account")
    reader.page.get_by_label("Name of the new passkey").fill(name)
    reader.page.get_by_role("button", name="Add a passkey").click()


def told(reader: Reader, text: str) -> None:
    expect(reader.page.get_by_role("status")).to_have_text(text)


def test_a_passkey_is_added_opens_the_account_proves_it_and_is_removed(here, read):
    submit_plan(here.app.extensions["loyaltypay"].engine)
    reader = read(here, APPROVER)
    authenticator(reader)
    add_passkey(reader)
    told(reader, "The passkey is added. You may sign in with it from now on.")
    reader.check_look()
    reader.sign_out()

    reader.open("/plans/service@2026-01-01")
    reader.page.get_by_role("button", name="Use a passkey").click()
    expect(reader.heading).to_contain_text("Service incentive")

    set_back(here.app.extensions["loyaltypay"].engine, "proved_at", timedelta(minutes=10))
    reader.page.get_by_role("button", name="Publish").click()
    expect(reader.heading).to_have_text("Is it still you?")
    reader.check_look()
    reader.page.get_by_role("button", name="Use a passkey").click()
    expect(reader.heading).to_contain_text("Service incentive")
    reader.page.get_by_role("button", name="Publish").click()
    expect(reader.page.get_by_role("status")).to_contain_text("is published")

    reader.open("/account")
    reader.page.get_by_role("button", name="Remove work laptop").click()
    told(reader, "The passkey is removed.")
    reader.sign_out()
    reader.page.get_by_role("button", name="Use a passkey").click()
    expect(reader.page.get_by_role("alert")).to_contain_text("The passkey did not open anything.")


def test_a_device_that_does_not_know_its_person_makes_and_opens_nothing(here, read):
    reader = read(here, HR)
    device, number = authenticator(reader)
    add_passkey(reader)
    told(reader, "The passkey is added. You may sign in with it from now on.")
    reader.sign_out()
    device.send("WebAuthn.setUserVerified", {"authenticatorId": number, "isUserVerified": False})
    reader.page.get_by_role("button", name="Use a passkey").click()
    expect(reader.page.get_by_text("That did not work. Try it again, or use your password.")).to_be_visible()
    expect(reader.heading).to_have_text("Sign in")


def test_an_answer_opens_once_and_only_for_its_own_challenge(here, read):
    reader = read(here, HR)
    authenticator(reader)
    add_passkey(reader)
    told(reader, "The passkey is added. You may sign in with it from now on.")
    reader.sign_out()
    sent: list[str] = []
    reader.page.on(
        "request", lambda request: sent.append(request.post_data or "") if "/sign-in/" in request.url else None
    )
    reader.page.get_by_role("button", name="Use a passkey").click()
    reader.page.wait_for_url("**/")
    reader.sign_out()
    form = reader.page.locator("form[data-passkey]")
    token = form.locator("[name=csrf_token]").input_value()
    body = "&".join(f"csrf_token={token}" if part.startswith("csrf_token") else part for part in sent[0].split("&"))
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Referer": f"{here.address}/sign-in"}
    answer = reader.context.request.post(f"{here.address}/sign-in/passkey", data=body, headers=headers)
    assert answer.status == 422
    assert "The passkey did not open anything." in answer.text()


def test_adding_a_passkey_long_after_the_last_proof_asks_for_one(here, read):
    reader = read(here, HR)
    authenticator(reader)
    set_back(here.app.extensions["loyaltypay"].engine, "proved_at", timedelta(minutes=10))
    add_passkey(reader)
    expect(reader.heading).to_have_text("Is it still you?")
    reader.page.get_by_label("Password").fill("correct horse battery")
    reader.page.get_by_role("button", name="Go on").click()
    expect(reader.heading).to_have_text("Your account")


def test_without_scripts_there_is_no_button_that_would_do_nothing(here, read):
    reader = read(here, HR, scripts=False)
    reader.open("/account")
    assert reader.page.get_by_role("button", name="Add a passkey").count() == 0
    expect(reader.page.get_by_role("button", name="Change the password")).to_be_visible()


def test_what_one_does_to_ones_account_is_open_to_everybody(here, read):
    reader = read(here, HR, viewport=PHONE)
    reader.open("/account")
    reader.check_looks()
    reader.page.get_by_role("button", name="Change the password").click()
    expect(reader.page.get_by_role("alert")).to_contain_text("Type the password that you have now.")
    reader.check_looks()
    reader.open("/account/app")
    reader.check_looks()
    secret = app_secret(here, reader)
    reader.page.get_by_label("Code").fill(app_code(here.app, secret))
    reader.page.get_by_role("button", name="Ask for codes from now on").click()
    expect(reader.heading).to_have_text("Your recovery codes")
    reader.check_looks()
    code = reader.page.locator(".codes code").first.inner_text()
    reader.open("/account")
    reader.check_looks()
    reader.page.get_by_text("Menu").click()
    reader.sign_out()
    reader.page.get_by_label("E-mail").fill(HR)
    reader.page.get_by_label("Password").fill("correct horse battery")
    reader.page.get_by_role("button", name="Sign in").click()
    expect(reader.heading).to_have_text("The code of your app")
    reader.check_looks()
    reader.page.get_by_label("Code").fill(code)
    reader.page.get_by_role("button", name="Go on").click()
    reader.page.wait_for_url("**/")


def app_secret(site: Site, reader: Reader) -> str:
    """The secret that the signed cookie holds, encrypted."""
    cookie = next(each for each in reader.context.cookies() if each["name"] == "loyaltypay")
    serializer = site.app.session_interface.get_signing_serializer(site.app)
    return str(serializer.loads(cookie["value"])["app secret"])


def test_asking_for_a_new_password_is_open_to_everybody(here, read):
    reader = read(here)
    for page in ("/forgot", "/reset/made-up", "/sign-in"):
        reader.open(page)
        reader.check_looks()
    reader.open("/forgot")
    reader.page.get_by_label("E-mail").fill(HR)
    reader.page.get_by_role("button", name="Send the link").click()
    expect(reader.page.get_by_role("status")).to_contain_text("If this address has an account")
    reader.check_looks()
