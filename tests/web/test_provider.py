"""Signing in with the company's identity provider: there and back, and everything that must not open anything."""

import json
import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey
from sqlalchemy import text

from comp.db import reading, writing
from comp.roles import Role
from comp.services import audit
from tests.idp import CLIENT, SECRET, foreign_key, idp, secret_key
from tests.web.company import EMPLOYEE, HR, PASSWORD
from tests.web.conftest import make_app
from tests.web.signing_in import set_back
from tests.web.visitor import Page, Visitor

START, BACK = "/sign-in/company", "/sign-in/company/back"
UNPROVED, UNKNOWN = "You are not signed in", "Your company account opens nothing here"
NOTED = {"sign-in refused", "added account", "linked identity", "signed in by provider"}
ANA = {"sub": "ana-1", "email": EMPLOYEE, "email_verified": True, "name": "Ana"}


@pytest.fixture
def at_provider():
    """A provider at which the small company's employee is signed in."""
    with idp(**ANA) as running:
        yield running


@pytest.fixture
def come(at_provider, database, tmp_path):
    """Gives somebody whose company has the provider, with these settings beside."""

    def make(**settings) -> Visitor:
        machine = {
            "oidc_issuer": at_provider.issuer,
            "oidc_client_id": CLIENT,
            "oidc_client_secret": SECRET,
            "oidc_name": "Aurelia",
        }
        return Visitor(make_app(database, tmp_path, **machine, **settings))

    return make


def go(visitor: Visitor, start: str = START) -> str:
    """Press the button, and let the provider send one back; gives the address to come back to."""
    leaving = visitor.fetch(start)
    assert leaving.status_code == 302, leaving.text
    sent_back = requests.get(leaving.location, allow_redirects=False, timeout=30)
    assert sent_back.status_code == 302, sent_back.text
    return sent_back.headers["Location"]


def path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def sign_in(visitor: Visitor, status: int = 200):
    return visitor.get(path(go(visitor)), status)


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.fetch("/").status_code == 200


def entries(database):
    """What the audit chain says of signing in, the newest last."""
    with reading(database) as session:
        found = [sealed.entry for sealed in audit.search(session, "", 1) if sealed.entry.action in NOTED]
    return [(entry.actor.split()[0], entry.action, json.loads(entry.details)) for entry in reversed(found)]


def test_the_button_leads_to_the_provider_and_back_to_the_page_that_was_asked_for(come):
    visitor = come()
    page = visitor.get("/scores?quarter=2025-Q3")
    [link] = page.root.xpath("//a[normalize-space()='Sign in with Aurelia']/@href")
    back = go(visitor, link)
    page = visitor.get(path(back))
    assert page.answer.request.full_path == "/scores?quarter=2025-Q3"
    assert is_signed_in(visitor)


def test_the_provider_is_asked_for_a_code_with_proof_of_possession_and_for_this_one_sign_in(come, at_provider):
    visitor = come(oidc_scopes="openid email")
    first, second = go(visitor), go(visitor)
    asked = at_provider.asked[0]
    assert {key: asked[key] for key in ("client_id", "response_type", "scope", "code_challenge_method")} == {
        "client_id": CLIENT,
        "response_type": "code",
        "scope": "openid email",
        "code_challenge_method": "S256",
    }
    assert asked["redirect_uri"] == f"http://localhost{BACK}"
    for once in ("state", "nonce", "code_challenge"):
        assert len({each[once] for each in at_provider.asked}) == 2
        assert len(asked[once]) >= 20
    assert SECRET not in str(at_provider.asked)
    assert path(first) != path(second)


def test_behind_https_the_provider_is_told_so(come, at_provider):
    visitor = come(secure_cookies=True, trusted_hosts=("pay.example",))
    visitor.fetch(START, base_url="http://pay.example")
    requests.get(visitor.fetch(START, base_url="http://pay.example").location, allow_redirects=False, timeout=30)
    assert at_provider.asked[0]["redirect_uri"] == f"https://pay.example{BACK}"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_nobody_is_sent_on_to_another_site(come, elsewhere):
    visitor = come()
    answer = visitor.fetch(path(go(visitor, f"{START}?next={elsewhere}")))
    assert (answer.status_code, answer.location) == (302, "/")


def test_where_local_sign_in_is_off_the_button_is_all_there_is(come):
    visitor = come(local_sign_in=False)
    page = visitor.get("/sign-in")
    assert page.root.xpath("//main//form") == []
    assert "Sign in with Aurelia" in page.text
    fields = {"csrf_token": visitor.token(), "email": HR, "password": "correct horse battery"}
    assert visitor.send("/sign-in", fields).status_code == 404
    assert sign_in(visitor).address == "/"


def test_without_a_provider_there_is_neither_button_nor_address(visit):
    assert "Sign in with" not in visit().get("/sign-in").text
    for address in (START, BACK):
        assert visit().get(address, 404).heading == "There is nothing here"


def test_a_page_of_signing_in_lets_forms_go_nowhere_else(come):
    assert "form-action 'self';" in come().fetch("/sign-in").headers["Content-Security-Policy"]


def spoilt(**claims):
    """Puts these over the claims before they are signed; None takes one out."""

    def spoil(signed):
        signed.update(claims)
        for name in [name for name, value in claims.items() if value is None]:
            del signed[name]

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(spoilt(nonce="another"), id="another nonce"),
        pytest.param(spoilt(nonce=None), id="no nonce"),
        pytest.param(spoilt(exp=1), id="expired"),
        pytest.param(spoilt(exp=None), id="without end"),
        pytest.param(spoilt(exp="9999999999"), id="an end that is text"),
        pytest.param(spoilt(nbf=9999999999), id="not yet"),
        pytest.param(spoilt(iat=9999999999), id="of the future"),
        pytest.param(spoilt(iss="https://other.example"), id="another issuer"),
        pytest.param(spoilt(iss=None), id="no issuer"),
        pytest.param(spoilt(aud="another"), id="another audience"),
        pytest.param(spoilt(aud="another", azp=CLIENT), id="another audience for us"),
        pytest.param(spoilt(aud=[CLIENT, "another"]), id="two audiences without a party"),
        pytest.param(spoilt(aud=[CLIENT, "another"], azp="another"), id="another party"),
        pytest.param(spoilt(aud=None), id="no audience"),
        pytest.param(spoilt(sub=None), id="no subject"),
        pytest.param(spoilt(sub=""), id="empty subject"),
        pytest.param(spoilt(sub=7), id="a number for a subject"),
        pytest.param(spoilt(sub="ana\0"), id="a null character"),
        pytest.param(spoilt(sub="a" * 256), id="a long subject"),
        pytest.param(spoilt(at_hash="AAAAAAAAAAAAAAAAAAAAAA"), id="another access token"),
        pytest.param(spoilt(unsigned=True), id="no token at all"),
    ],
)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(come, at_provider, database, caplog, spoil):
    at_provider.spoil = spoil
    visitor = come()
    page = sign_in(visitor, 400)
    assert page.heading == UNPROVED
    assert not is_signed_in(visitor)
    assert entries(database) == [("unknown", "sign-in refused", {"why": "not proved"})]
    assert "a sign-in at the identity provider failed" in caplog.text


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        pytest.param(foreign_key(), "RS256", id="a key that is not the provider's"),
        pytest.param(RSAKey.generate_key(2048, auto_kid=True), "RS256", id="a key that nobody knows"),
        pytest.param(secret_key(), "HS256", id="the client's own secret"),
        pytest.param(None, "none", id="no signature"),
    ],
)
def test_a_signature_that_is_not_the_providers_opens_nothing(come, at_provider, key, alg):
    at_provider.key, at_provider.alg = key, alg
    visitor = come()
    assert sign_in(visitor, 400).heading == UNPROVED
    assert not is_signed_in(visitor)


def test_a_token_for_several_that_names_us_as_its_party_is_taken(come, at_provider):
    at_provider.spoil = spoilt(aud=[CLIENT, "another"], azp=CLIENT)
    assert sign_in(come()).address == "/"


def test_a_provider_may_change_its_keys_while_we_run(come, at_provider):
    visitor = come()
    sign_in(visitor)
    at_provider.use_elliptic_key()
    assert sign_in(visitor).address == "/"


def test_another_state_opens_nothing_and_is_noted(come, database):
    visitor = come()
    back = path(go(visitor)).replace("state=", "state=x")
    assert visitor.get(back, 400).heading == UNPROVED
    assert entries(database) == [("unknown", "sign-in refused", {"why": "not proved"})]


def test_an_address_to_come_back_to_opens_nothing_in_another_browser_and_leaves_no_note(come, database):
    back = path(go(come()))
    stranger = come()
    for address in (back, BACK, f"{BACK}?code=x&state=y"):
        assert stranger.get(address, 400).heading == UNPROVED
    assert not is_signed_in(stranger)
    assert entries(database) == []


def test_an_address_to_come_back_to_opens_nothing_twice(come):
    visitor = come()
    back = path(go(visitor))
    visitor.get(back)
    visitor.get("/").submit("Sign out")
    assert visitor.get(back, 400).heading == UNPROVED
    assert not is_signed_in(visitor)


def test_of_two_sign_ins_that_a_browser_began_the_last_counts(come):
    visitor = come()
    first, second = go(visitor), go(visitor)
    assert visitor.get(path(second)).address == "/"
    other = come()
    first, second = go(other), go(other)
    assert other.get(path(first), 400).heading == UNPROVED


def test_a_code_cannot_be_changed_for_another_ones(come):
    visitor, eve = come(), come()
    own, theirs = (parse_qs(urlsplit(go(each)).query) for each in (visitor, eve))
    assert visitor.get(f"{BACK}?code={theirs['code'][0]}&state={own['state'][0]}", 400).heading == UNPROVED


def test_whoever_says_no_at_the_provider_is_told_plainly(come, at_provider):
    visitor = come()
    state = parse_qs(urlsplit(go(visitor)).query)["state"][0]
    told = "&error_description=<b>Ana%20said%20no</b>"
    page = visitor.get(f"{BACK}?error=access_denied&state={state}{told}", 400)
    assert page.heading == UNPROVED
    assert "Ana said no" not in page.answer.text
    assert page.follow("Back to signing in").address == "/sign-in"


@pytest.mark.parametrize(("iss", "status"), [("https://other.example", 400), ("", 400), (None, 200)])
def test_where_a_provider_names_itself_on_the_way_back_it_is_held_to_that(come, at_provider, iss, status):
    at_provider.described["authorization_response_iss_parameter_supported"] = True
    at_provider.told["iss"] = at_provider.issuer if iss is None else iss
    sign_in(come(), status)


def test_a_provider_that_names_another_on_the_way_back_is_not_believed(come, at_provider):
    at_provider.told["iss"] = "https://other.example"
    sign_in(come(), 400)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://other.example"},
        {"authorization_endpoint": None},
        {"token_endpoint": "http://id.example/token"},
        {"jwks_uri": "http://id.example/keys"},
        {"userinfo_endpoint": "ftp://id.example"},
    ],
)
def test_a_provider_that_is_not_the_one_that_was_set_is_not_gone_to_until_it_is_mended(come, at_provider, described):
    at_provider.described = described
    visitor = come()
    page = visitor.get(START, 503)
    assert page.heading == "Signing in does not work just now"
    at_provider.described = {}
    assert sign_in(visitor).address == "/"


def test_a_provider_that_does_not_answer_is_told_plainly(come, at_provider, database, tmp_path):
    visitor = come()
    back = path(go(visitor))
    at_provider.token_status = 500
    assert visitor.get(back, 503).heading == "Signing in does not work just now"
    nobody = {"oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    with idp() as gone:
        nobody["oidc_issuer"] = gone.issuer
    assert (
        Visitor(make_app(database, tmp_path, **nobody)).get(START, 503).heading == "Signing in does not work just now"
    )


def test_somebody_unknown_learns_nothing_but_that(come, at_provider, database):
    """Whether an address is unknown, closed, another one's or not verified, the page is the same."""
    sign_in(come())
    with writing(database) as session:
        session.execute(text("UPDATE account SET is_active = false WHERE email = :email"), {"email": HR})
    pages, whys = set(), []
    for changes in (
        {"sub": "x", "email": "nobody@aurelia.example"},
        {"sub": "x", "email": HR},
        {"sub": "x", "email": EMPLOYEE},
        {"sub": "x", "email": "approver@aurelia.example", "email_verified": False},
        {"sub": "x", "email": "approver@aurelia.example", "email_verified": "true"},
        {"sub": "x", "email": ["approver@aurelia.example"]},
    ):
        at_provider.claims = {**ANA, **changes}
        visitor = come()
        page = sign_in(visitor, 403)
        assert page.heading == UNKNOWN
        assert not is_signed_in(visitor)
        pages.add(page.text)
        whys.append(entries(database)[-1])
    assert len(pages) == 1
    assert whys == [
        ("unknown", "sign-in refused", {"why": why})
        for why in ("unknown", "closed", "address of another", *["address not verified"] * 3)
    ]


def test_an_address_that_the_provider_tells_only_when_asked_is_asked_for(come, at_provider):
    at_provider.claims = {"sub": "ana-1"}
    at_provider.userinfo = ANA
    assert sign_in(come()).address == "/"
    at_provider.userinfo = {**ANA, "sub": "eve"}
    assert sign_in(come(), 400).heading == UNPROVED


@pytest.mark.parametrize(
    ("claim", "claims", "roles"),
    [
        ("groups", {"groups": ["lp-hr", "lp-pay", "others"]}, {Role.HR, Role.PAYROLL}),
        ("groups", {"groups": "lp-hr"}, {Role.HR}),
        ("groups", {"groups": ["LP-HR", 7, None]}, set()),
        ("groups", {}, set()),
        ("realm.roles", {"realm": {"roles": ["lp-pay"]}}, {Role.PAYROLL}),
        ("realm.roles", {"realm": "lp-pay"}, set()),
        ("https://aurelia.example/groups", {"https://aurelia.example/groups": ["lp-hr"]}, {Role.HR}),
    ],
)
def test_roles_are_those_of_the_claim_where_one_is_read(come, at_provider, database, claim, claims, roles):
    at_provider.claims = {**ANA, **claims}
    visitor = come(oidc_roles_claim=claim, oidc_role_map={"lp-hr": Role.HR, "lp-pay": Role.PAYROLL})
    sign_in(visitor)
    assert visitor.fetch("/imports").status_code == (200 if Role.HR in roles else 404)
    assert visitor.fetch("/payroll").status_code == (200 if Role.PAYROLL in roles else 404)
    with reading(database) as session:
        query = "SELECT role FROM account_role JOIN account ON account.id = account_id WHERE email = :email"
        held = session.execute(text(query), {"email": EMPLOYEE})
        assert {row.role for row in held} == roles


def test_without_a_claim_roles_are_kept_in_the_product(come, at_provider):
    at_provider.claims = {**ANA, "sub": "hr-1", "email": HR.upper(), "groups": []}
    visitor = come()
    sign_in(visitor)
    assert visitor.fetch("/imports").status_code == 200


def test_the_secret_and_the_tokens_are_in_no_log_and_no_page(come, at_provider, caplog):
    caplog.set_level("INFO")
    at_provider.spoil = spoilt(aud="another")
    page = sign_in(come(), 400)
    for kept in (SECRET, *at_provider.codes, EMPLOYEE, "eyJ"):
        assert kept not in caplog.text
        assert kept not in page.answer.text


def test_an_account_is_made_where_that_is_allowed(come, at_provider, database):
    at_provider.claims = {
        "sub": "new-1",
        "email": "New@Aurelia.example",
        "email_verified": True,
        "name": "New\n <b>One",
    }
    visitor = come(oidc_create_accounts=True)
    page = sign_in(visitor)
    assert "New <b>One" in page.root.xpath("string(//*[@class='who'])")
    assert [action for _, action, _ in entries(database)] == [
        "added account",
        "linked identity",
        "signed in by provider",
    ]


# Proofs: a provider that knows somebody from this morning vouches without asking


SENSITIVE = "/account/app"


def ask_again(visitor):
    """Want something sensitive, go to the provider for a proof, and come back; gives the page that opens."""
    page = visitor.get(SENSITIVE)
    assert page.heading == "Is it still you?"
    [link] = page.root.xpath("//a[normalize-space()='Confirm with Aurelia']/@href")
    return visitor.fetch(path(go(visitor, link)), follow_redirects=True)


@pytest.mark.parametrize("proved_at", [None, 1_700_000_000])
def test_whoever_the_provider_lets_pass_without_a_proof_is_asked_for_one_before_what_is_sensitive(
    come, at_provider, proved_at
):
    at_provider.proved_at = proved_at
    visitor = come()
    sign_in(visitor)
    answer = ask_again(visitor)
    assert (answer.status_code, answer.request.path) == (200, SENSITIVE)
    assert (at_provider.asked[-1]["prompt"], at_provider.asked[-1]["max_age"]) == ("login", "0")
    assert "prompt" not in at_provider.asked[0]


def test_whoever_just_proved_themselves_at_the_provider_is_not_asked_again(come, at_provider):
    at_provider.proved_at = int(time.time())
    visitor = come()
    sign_in(visitor)
    assert visitor.get(SENSITIVE).address == SENSITIVE


def test_a_provider_that_does_not_ask_again_opens_nothing_sensitive(come, at_provider):
    at_provider.proved_at, at_provider.asks_again = 1_700_000_000, False
    visitor = come()
    sign_in(visitor)
    answer = ask_again(visitor)
    assert answer.status_code == 403
    assert "You were not asked again" in answer.text
    assert visitor.get(SENSITIVE).heading == "Is it still you?"


def test_a_proof_from_the_future_lasts_no_longer_than_one_of_now(come, at_provider, database):
    at_provider.proved_at = int(time.time()) + 10**9
    visitor = come()
    sign_in(visitor)
    set_back(database, "proved_at", timedelta(minutes=10))
    assert visitor.get(SENSITIVE).heading == "Is it still you?"
    at_provider.claims = {**ANA, "auth_time": 10**30}
    sign_in(visitor, 400)


def test_an_account_with_a_password_may_confirm_with_either(come, at_provider, database):
    at_provider.claims = {"sub": "hr-1", "email": HR, "email_verified": True}
    visitor = come()
    sign_in(visitor)
    page = visitor.get(SENSITIVE)
    assert "Confirm with Aurelia" in page.text
    assert page.submit("Go on", password=PASSWORD).address == SENSITIVE
    no_local = come(local_sign_in=False)
    sign_in(no_local)
    page = no_local.get("/confirm")
    assert (page.buttons(), "Confirm with Aurelia" in page.text) == ([], True)
    assert no_local.post("/confirm", 200, password=PASSWORD).heading == "Is it still you?"


# Signing out there too


def test_whoever_came_by_the_provider_is_signed_out_there_too(come, at_provider):
    visitor = come()
    sign_in(visitor)
    answer = visitor.send("/sign-out", {"csrf_token": visitor.token()}, follow_redirects=True)
    assert (answer.status_code, answer.request.path) == (200, "/sign-out/company")
    there = answer.headers["Refresh"].removeprefix("0; url=")
    [link] = Page(visitor, answer).root.xpath("//a[normalize-space()='Sign out of Aurelia']/@href")
    assert there == link
    assert there.startswith(f"{at_provider.issuer}/end?from=discovery&")
    back = requests.get(there, allow_redirects=False, timeout=30)
    assert back.headers["Location"] == "http://localhost/sign-in"
    assert at_provider.asked[-1] == {
        "from": "discovery",
        "client_id": CLIENT,
        "post_logout_redirect_uri": "http://localhost/sign-in",
    }
    assert not is_signed_in(visitor)
    assert requests.get(visitor.fetch(START).location, timeout=30).text == "Who are you?"


@pytest.mark.parametrize("told", ["", "http://elsewhere.example/end", "javascript:alert(1)", None])
def test_where_the_provider_tells_no_place_to_sign_out_one_is_signed_out_here(come, at_provider, told):
    at_provider.described = {"end_session_endpoint": told}
    visitor = come()
    sign_in(visitor)
    assert visitor.post("/sign-out").address == "/sign-in"
    assert not is_signed_in(visitor)


def test_where_the_provider_does_not_answer_one_is_signed_out_here(come, at_provider):
    visitor = come()
    sign_in(visitor)
    at_provider.described = {"issuer": "https://another.example"}
    visitor.client.application.extensions["authlib.integrations.flask_client"].create_client(
        "company"
    ).server_metadata = {}
    assert visitor.post("/sign-out").address == "/sign-in"
    assert not is_signed_in(visitor)


def test_whoever_signed_in_with_a_password_stays_signed_in_at_the_provider(come, at_provider):
    visitor = come()
    visitor.sign_in(HR)
    assert visitor.post("/sign-out").address == "/sign-in"
    assert at_provider.is_signed_in
