"""`init`: the database and the company's settings."""

import pytest

from comp.db import connect, reading
from comp.store.settings import load_company
from tests.cli.commands import stored
from tests.cli.company import QUARTER
from tests.databases import administer, create_database, drop_database
from web.database import disposed


def settings_of(url):
    with disposed(connect(url)) as engine, reading(engine) as session:
        company = load_company(session)
    return company.calendar.first_month, company.calendar.named_for, dict(company.round_to), company.time_zone


def url_of(folder):
    return f"sqlite:///{folder / 'home' / 'loyaltypay.db'}"


def test_without_options_the_usual_settings_are_stored(run, folder):
    told = run("init")
    assert told.code == 0
    assert told.out == (f"The database is ready: {url_of(folder)}\nFiscal year from month 1, days in UTC.\n")
    assert settings_of(url_of(folder)) == (1, "start", {}, "UTC")


def test_every_setting_can_be_stated(run, folder):
    stated = ("--fiscal-year-starts", 4, "--fiscal-year-named-for", "end", "--time-zone", "Asia/Tokyo")
    run("init", *stated, "--round-to", "JPY=100", "--round-to", "EUR=0.05")
    assert settings_of(url_of(folder)) == (4, "end", {"JPY": 100, "EUR": pytest.approx(0.05)}, "Asia/Tokyo")


def test_a_setting_that_is_said_later_leaves_the_others_as_they_are(run, folder):
    run("init", "--fiscal-year-starts", 4, "--round-to", "JPY=100")
    run("init", "--time-zone", "Europe/Lisbon")
    run("init", "--round-to", "KRW=1000")
    assert settings_of(url_of(folder)) == (4, "start", {"JPY": 100, "KRW": 1000}, "Europe/Lisbon")


def test_the_working_days_for_a_query_are_five_unless_said(run, folder):
    for told, days in (((), 5), (("--query-days", 8), 8), (("--time-zone", "Asia/Tokyo"), 8)):
        assert run("init", *told).code == 0
        with disposed(connect(url_of(folder))) as engine, reading(engine) as session:
            assert load_company(session).query_days == days


def test_init_again_keeps_everything(run, company):
    before = stored(company)
    assert run("init").code == 0
    assert stored(company) == before


def test_wrong_settings_are_all_told_and_make_no_database(run, folder):
    told = run(
        "init", "--fiscal-year-starts", 13, "--round-to", "EUR=0.001", "--round-to", "XXQ=5", "--time-zone", "Mars"
    )
    assert told.code == 1
    assert told.err.splitlines() == [
        "These settings cannot be. Nothing was changed.",
        "  fiscal_year_starts ('13'): A fiscal year starts in a month from 1 to 12, not 13.",
        "  round_to.EUR ('1/1000'): should be a multiple of the currency's minor unit",
        "  round_to.XXQ: is not an ISO 4217 currency",
        "  time_zone ('Mars'): 'Mars' is not a time zone; write one like Europe/Lisbon",
    ]
    assert not (folder / "home").exists()


@pytest.mark.parametrize("text", ["EUR", "=5", "EUR=", "="])
def test_a_rounding_step_without_its_two_parts_is_a_fault_of_usage(run, text):
    told = run("init", "--round-to", text)
    assert told.code == 2
    assert f"--round-to {text!r} should have the form A=B." in told.err


def test_the_fiscal_calendar_stays_once_a_quarter_was_calculated(run, company):
    run("calculate", QUARTER)
    before = stored(company)
    told = run("init", "--fiscal-year-starts", 4)
    assert told.code == 1
    assert told.err.startswith("The fiscal calendar cannot change after a quarter was calculated")
    assert stored(company) == before


def test_no_password_is_shown(run, postgresql, monkeypatch):
    url = create_database(postgresql, "with_a_password").replace("postgres@", "postgres:geheim@")
    monkeypatch.setenv("LOYALTYPAY_DATABASE_URL", url)
    told = run("init")
    assert told.code == 0
    assert told.out.startswith("The database is ready: postgresql+psycopg://postgres:***@")
    assert "geheim" not in told.out + told.err


def test_a_role_of_postgresql_may_serve_the_pages_and_of_the_chain_only_append(run, folder, monkeypatch, postgresql):
    owned = create_database(postgresql, "serving")
    administer(postgresql, "CREATE ROLE serving LOGIN")
    monkeypatch.setenv("LOYALTYPAY_DATABASE_URL", owned)
    assert run("init", "--grant-to", "serving").out.endswith("The role serving may serve the pages.\n")
    monkeypatch.setenv("LOYALTYPAY_DATABASE_URL", owned.replace("postgres@", "serving@"))
    (folder / "units.csv").write_text("unit,name\nLIS,Lisbon\n", "utf-8")
    assert run("import", "units", "units.csv").code == 0
    assert run("audit", "verify").out.startswith("The chain holds: 1:")
    drop_database(postgresql, "serving")


def test_sqlite_has_no_roles_to_grant_to(run, folder):
    told = run("init", "--grant-to", "pages")
    assert (told.code, told.out) == (1, "")
    assert told.err == "SQLite has no roles: whoever may write the file may write all of it.\n"
