"""Starting: from the environment alone, and on both databases from the first file to the workbook."""

import io

import openpyxl
import pytest

from comp.db import connect, writing
from comp.errors import LoyaltyPayError, NotFoundError, RefusedError
from comp.services.company import initialise
from tests.web.company import APPROVER, HR, PAYROLL, SECOND_HR, make_company, submit_plan
from tests.web.conftest import make_app
from tests.web.test_crawl import PAID, PLANNED, crawl
from tests.web.visitor import Visitor
from web.app import create_app
from web.database import disposed, open_engine, open_ready
from web.settings import Settings, read_settings
from web.state import account


@pytest.fixture
def home(tmp_path, monkeypatch):
    """The environment of a machine that has nothing but a home."""
    monkeypatch.setenv("LOYALTYPAY_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("LOYALTYPAY_DATABASE_URL", raising=False)
    return tmp_path / "home"


def test_the_environment_is_all_that_starting_needs(home):
    with disposed(open_engine(read_settings())) as engine, writing(engine) as session:
        initialise(session, None)
    app = create_app()
    try:
        assert Visitor(app).get("/").heading == "Sign in"
        assert {path.name for path in home.iterdir()} >= {"loyaltypay.db", "secret.key"}
    finally:
        app.extensions["loyaltypay"].engine.dispose()


def test_without_a_database_nothing_starts(home):
    with pytest.raises(NotFoundError, match=r"There is no database in .*home. Run `loyaltypay init` first."):
        create_app()


def test_an_empty_database_is_not_taken_for_a_company(tmp_path):
    machine = Settings(home=tmp_path, database_url=f"sqlite:///{tmp_path / 'other.db'}")
    connect(machine.database).dispose()
    with pytest.raises(LoyaltyPayError, match="Run `loyaltypay init` first"):
        open_ready(machine)


def test_a_home_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(LoyaltyPayError, match="file/home cannot be made: Not a directory"):
        open_engine(Settings(home=tmp_path / "file" / "home"))


def test_a_setting_that_cannot_be_is_told_by_its_name(monkeypatch):
    monkeypatch.setenv("LOYALTYPAY_LARGEST_UPLOAD", "5")
    with pytest.raises(RefusedError) as refused:
        read_settings()
    assert [problem.where for problem in refused.value.problems] == ["LOYALTYPAY_LARGEST_UPLOAD"]


def test_only_a_route_that_needs_somebody_may_ask_who_it_is(app):
    with app.test_request_context(), pytest.raises(RuntimeError, match="nobody is signed in"):
        account()


def test_pages_are_alike_on_both_databases(engine, tmp_path):
    make_company(engine)
    app = make_app(engine, tmp_path)
    hr = Visitor(app, HR)
    assert set(crawl(hr)) >= PAID | PLANNED
    for search, found in (("ADA", "Ada Alves"), ("%", "Nobody found"), ("\\", "Nobody found")):
        assert found in hr.get(f"/payouts?q={search}").text
    hr.get("/payouts?page=999999999999999999999")
    hr.get("/payouts?q=%00", 400)


def test_a_quarter_goes_from_file_to_payroll_on_both_databases(engine, tmp_path):
    make_company(engine)
    app = make_app(engine, tmp_path)
    hr, other = Visitor(app, HR), Visitor(app, SECOND_HR)
    file = io.BytesIO(b"unit,quarter,metric,promoters,passives,detractors\nFAR,2025-Q4,nps,50,0,50\n"), "results.csv"
    dry_run = hr.get("/imports").submit("Show the dry run", kind="results", file=file)
    other.get(dry_run.address, 404)
    assert dry_run.submit("Accept 1 row").notes == ["results.csv is taken in: 0 new, 1 changed, 0 unchanged."]
    draft = "/plans/service@2026-01-01"
    first, second = hr.get(f"{draft}/weightings"), other.get(f"{draft}/weightings")
    second.submit("Save draft", starts="2025-10-01", **{"share-customer": "50", "share-financial": "50"})
    first.submit("Save draft", 404)
    submit_plan(engine, "service@2025-10-01", SECOND_HR)
    Visitor(app, APPROVER).get("/plans/service@2025-10-01").submit("Publish")
    assert hr.get("/").submit("Calculate again").notes == ["Run 2 of 2025-Q4 has 6 payouts. Nobody is held."]
    book = openpyxl.load_workbook(io.BytesIO(Visitor(app, PAYROLL).fetch("/payroll/2025-Q4/workbook").data))
    header, *rows = book["Payroll"].iter_rows(values_only=True)
    amounts = {row[header.index("Employee")]: row[header.index("Amount")] for row in rows}
    # Lisbon: 50 % of 91 % and 50 % of 100 %; Faro: NPS 0 pays nothing, satisfaction 40 %
    assert (amounts["1001"], amounts["1003"]) == (1719, 1260)


@pytest.mark.parametrize("address", ["pay.example", "ftp://a.example", "https://a.example/b", "https://a b", "x"])
def test_an_address_that_mails_could_not_lead_to_is_told(monkeypatch, address):
    monkeypatch.setenv("LOYALTYPAY_ADDRESS", address)
    with pytest.raises(RefusedError) as refused:
        read_settings()
    (problem,) = refused.value.problems
    assert str(problem) == "LOYALTYPAY_ADDRESS: Write it like https://pay.company.example, without a path."


@pytest.mark.parametrize("address", ["https://pay.example/", "http://localhost:8000", ""])
def test_an_address_is_kept_without_its_last_slash(monkeypatch, address):
    monkeypatch.setenv("LOYALTYPAY_ADDRESS", address)
    assert read_settings().address == address.rstrip("/")
