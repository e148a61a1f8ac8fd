"""Headers, tokens, cookies, keys and limits."""

import io
import re
import shutil
import stat
from concurrent.futures import ThreadPoolExecutor

import pytest

from comp.errors import LoyaltyPayError
from comp.roles import Permission
from tests.web.company import EMPLOYEE, HR, PASSWORD
from tests.web.conftest import make_app
from tests.web.page_rules import nonce_of
from tests.web.visitor import Visitor, parse
from web import access
from web.security import secret_key
from web.settings import Settings

SCRIPT = "/static/vendor/htmx.min.js"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/help", 200),
        ("/", 302),
        ("/sign-in", 200),
        ("/nowhere", 404),
        ("/sign-out", 405),
        ("/help?a=%00", 400),
        (SCRIPT, 200),
        ("/static/nowhere.js", 404),
        ("/static/../app.py", 404),
        ("/static/%2e%2e/app.py", 404),
    ],
)
def test_every_answer_has_its_headers(visit, address, status):
    assert visit().fetch(address).status_code == status  # `fetch` checks the headers


def test_each_answer_has_a_nonce_of_its_own(visit):
    visitor = visit()
    assert len({nonce_of(visitor.fetch("/help")) for _ in range(5)}) == 5


def test_scripts_that_nobody_vouches_for_and_markup_from_strings_are_refused(visit):
    policy = visit().fetch("/help").headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'; trusted-types htmx" in policy
    assert "unsafe" not in policy


def test_what_changes_with_its_content_is_kept_for_good_and_pages_are_not_kept_at_all(visit):
    visitor = visit(HR)
    link = visitor.get("/").root.xpath("//link[@rel='stylesheet']/@href")[0]
    assert re.fullmatch(r"/static/\S+\?v=[0-9a-f]{12}", link)
    kept = visitor.fetch(link).headers
    assert kept["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in kept
    assert "immutable" not in visitor.fetch(SCRIPT).headers["Cache-Control"]
    page = visitor.fetch("/").headers
    assert (page["Cache-Control"], page["Vary"]) == ("no-store", "Cookie, HX-Request")


@pytest.mark.parametrize("token", [None, "", "not-the-token"])
def test_a_form_without_its_token_is_refused_with_a_page_that_says_what_to_do(visit, token):
    visitor = visit(HR)
    fields = {} if token is None else {"csrf_token": token}
    answer = visitor.send("/quarters/2025-Q4/calculate", fields)
    page = visitor._page(answer, 400)
    assert page.heading == "This page has been open for too long"
    assert "Load it again and repeat what you did." in page.text
    assert "run 1" in visitor.get("/").text


def test_a_token_of_another_session_is_refused(visit):
    assert visit(HR).send("/sign-out", {"csrf_token": visit(HR).token()}).status_code == 400


def test_htmx_may_send_the_token_as_a_header(visit):
    visitor = visit(HR)
    answer = visitor.send("/sign-out", {}, headers={"X-CSRFToken": visitor.token(), "HX-Request": "true"})
    assert answer.status_code == 302


def test_over_https_a_form_of_this_site_is_taken_and_one_of_another_is_not(database, tmp_path):
    visitor = Visitor(make_app(database, tmp_path, secure_cookies=True, trusted_hosts=("pay.example",)))
    there = {"base_url": "https://pay.example"}
    token = parse(visitor.fetch("/sign-in", **there)).xpath("//input[@name='csrf_token']/@value")[0]
    fields = {"csrf_token": token, "email": HR, "password": PASSWORD}
    for referrer, status in (("https://evil.example/", 400), (None, 400), ("https://pay.example/sign-in", 302)):
        headers = {"Referer": referrer} if referrer else {}
        assert visitor.send("/sign-in", fields, headers=headers, **there).status_code == status


def test_the_session_is_kept_in_a_cookie_that_scripts_and_other_sites_cannot_use(visit):
    visitor = visit()
    fields = {"csrf_token": visitor.token(), "email": HR, "password": PASSWORD}
    cookies = visitor.send("/sign-in", fields).headers.getlist("Set-Cookie")
    assert sorted(cookie.partition("=")[0] for cookie in cookies) == ["device", "loyaltypay"]
    for cookie in cookies:
        assert cookie.endswith("; HttpOnly; Path=/; SameSite=Lax")
        assert "Secure" not in cookie


def test_behind_https_cookies_and_pages_stay_there(database, tmp_path):
    app = make_app(database, tmp_path, secure_cookies=True, trusted_hosts=("pay.example",))
    answer = Visitor(app).fetch("/sign-in", base_url="https://pay.example")
    assert re.fullmatch(
        r"__Host-loyaltypay=[^;]+; Secure; HttpOnly; Path=/; SameSite=Lax", answer.headers["Set-Cookie"]
    )
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_colours_are_remembered_as_they_were_chosen(visit):
    visitor = visit(HR)
    page = visitor.get("/payouts?q=Ada")
    assert page.root.get("data-theme") == "auto"
    answer = visitor.send("/theme", {"csrf_token": visitor.token(), "theme": "dark", "next": "/payouts?q=Ada"})
    assert answer.location == "/payouts?q=Ada"
    assert re.fullmatch(r"theme=dark; .*Max-Age=31536000; HttpOnly; Path=/; SameSite=Lax", answer.headers["Set-Cookie"])
    assert visitor.get("/").root.get("data-theme") == "dark"


def test_behind_https_colours_are_remembered_for_this_host_alone(database, tmp_path):
    visitor = Visitor(make_app(database, tmp_path, secure_cookies=True, trusted_hosts=("pay.example",)))
    there = {"base_url": "https://pay.example"}
    token = parse(visitor.fetch("/help", **there)).xpath("//input[@name='csrf_token']/@value")[0]
    fields, headers = {"csrf_token": token, "theme": "dark"}, {"Referer": "https://pay.example/help"}
    answer = visitor.send("/theme", fields, headers=headers, **there)
    assert re.fullmatch(r"__Host-theme=dark; .*Secure; HttpOnly; Path=/; SameSite=Lax", answer.headers["Set-Cookie"])
    assert parse(visitor.fetch("/help", **there)).get("data-theme") == "dark"


def test_colours_that_there_are_not_are_not_remembered(visit):
    visitor = visit()
    assert "Set-Cookie" not in visitor.send("/theme", {"csrf_token": visitor.token(), "theme": "pink"}).headers
    visitor.client.set_cookie("theme", '"><script>alert(1)</script>')
    assert visitor.get("/help").root.get("data-theme") == "auto"


def test_a_key_is_made_once_for_its_owner_only(tmp_path):
    machine = Settings(home=tmp_path / "home")
    key = secret_key(machine)
    assert len(key) == 64
    assert secret_key(machine) == key
    assert stat.S_IMODE((machine.home / "secret.key").stat().st_mode) == 0o600


def test_of_many_that_start_at_once_all_have_the_same_key(tmp_path):
    machine = Settings(home=tmp_path)
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: secret_key(machine), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["secret.key"]


def test_the_key_of_the_environment_comes_first(tmp_path):
    assert secret_key(Settings(home=tmp_path, secret_key="k" * 32)) == "k" * 32
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("source", ["LOYALTYPAY_SECRET_KEY", "secret.key"])
def test_a_key_that_can_be_guessed_is_refused(tmp_path, source):
    (tmp_path / "secret.key").write_text(f"{'k' * 31}\n")
    machine = Settings(home=tmp_path, secret_key="k" * 31 if source == "LOYALTYPAY_SECRET_KEY" else "")
    with pytest.raises(LoyaltyPayError, match=rf"{source} needs at least 32 characters. Write a longer one, or"):
        secret_key(machine)


def test_a_file_that_is_too_large_is_refused_with_a_page(database, tmp_path):
    visitor = Visitor(make_app(database, tmp_path, largest_upload=1_000_000), HR)
    file = io.BytesIO(b"x" * 1_000_001), "units.csv"
    page = visitor.get("/imports").submit("Show the dry run", 413, kind="units", file=file)
    assert page.heading == "That is more than can be taken at once"
    assert "Split the file, or save only the sheet with data." in page.text


def test_a_form_with_thousands_of_fields_is_refused_with_a_page(visit):
    visitor = visit(HR)
    fields = {f"field-{n}": "1" for n in range(2_001)} | {"file": (io.BytesIO(b"x"), "units.csv")}
    assert visitor._page(visitor.send("/imports", fields), 413).heading == "That is more than can be taken at once"


def test_a_text_of_megabytes_is_refused_with_a_page(visit):
    visitor = visit(HR)
    fields = {"csrf_token": visitor.token(), "columns": "x" * 2_000_001, "file": (io.BytesIO(b"x"), "units.csv")}
    assert visitor._page(visitor.send("/imports", fields), 413).heading == "That is more than can be taken at once"


def test_a_null_character_is_refused_wherever_it_stands(visit):
    visitor = visit(HR)
    token = visitor.token()
    for address in ("/payouts?q=%00", "/payouts/2025-Q4/%00", "/plans/%00", "/sign-in?next=/%00"):
        assert visitor.get(address, 400).heading == "That did not arrive as a form"
    file = io.BytesIO(b"unit,name\nA,B\n"), "units\0.csv"
    assert visitor.send("/imports", {"csrf_token": token, "kind": "units", "file": file}).status_code == 400
    assert visitor.send("/sign-in", {"csrf_token": token, "email": "a\0", "password": "b"}).status_code == 400


def test_what_nobody_foresaw_is_told_without_its_trace(own_app, monkeypatch, caplog):
    monkeypatch.setitem(access._NEEDS, "boom", Permission.READ_SCORES)
    own_app.add_url_rule("/boom", "boom", lambda: 1 // 0)
    page = Visitor(own_app, EMPLOYEE).get("/boom", 500)
    assert page.heading == "Something went wrong that the program did not foresee"
    assert "ZeroDivisionError" not in page.answer.text
    assert "Traceback" not in page.answer.text
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_does_not_answer_is_told_without_its_address(visit, tmp_path, database, caplog):
    visitor = visit(HR)
    database.dispose()
    shutil.rmtree(tmp_path)
    page = visitor.get("/payouts", 503)
    assert page.heading == "That does not work just now"
    assert str(tmp_path) not in page.answer.text
    assert "the database cannot be used" in caplog.text
    assert visitor.fetch(SCRIPT).status_code == 200
