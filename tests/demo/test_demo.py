"""The sample company, played once for all tests: its story, and one payout for everybody wherever it is shown."""

import csv
import json
import re
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from openpyxl import load_workbook

from comp.db import connect, reading
from comp.errors import LoyaltyPayError
from comp.periods import Quarter, Span
from comp.results import Payout, Run, StoredRun
from comp.roles import whoever_has_the_machine
from comp.run_documents import write_run
from comp.services import confirmations, releases
from comp.store import plans, runs
from comp.store.quarters import load_lives
from exports.evidence import verify, verify_everything
from tests.cli.commands import child, finished
from tests.exports.books import disagreements, money
from tests.office import beside, errors, listed, recalculated
from tests.web.visitor import Visitor
from web import evidence
from web.app import create_app
from web.database import disposed
from web.demo.story import PASSWORD, PEOPLE, Told, play
from web.settings import Settings

HR = PEOPLE[0][0]
LAST = Quarter(2026, 2)
Paid = dict[tuple[str, str], str]


REAL = {
    "smtp_url": "smtps://mail.company.example",
    "mail_from": "pay@company.example",
    "oidc_issuer": "https://id.company.example",
    "oidc_client_id": "pay",
    "oidc_client_secret": "s",
    "local_sign_in": False,
}
"""Settings of a machine on which a real company is served, too."""


@dataclass(frozen=True)
class Played:
    """The demo in a folder of its own, what it said and what it made."""

    told: Told
    said: list[str]
    folder: Path

    @property
    def files(self) -> Path:
        """The files that it wrote and took in."""
        return self.folder / "files"

    @property
    def paid(self) -> Paid:
        """Everybody's payout of the last quarter, as plain text."""
        return {(p.employee, p.amount.currency): str(p.amount) for p in self.told.run.payouts}


def played(home: Path) -> Played:
    said: list[str] = []
    return Played(play(Settings(home=home, database_url="", **REAL), said.append), said, home / "demo")


@pytest.fixture(scope="session")
def demo(tmp_path_factory) -> Played:
    return played(tmp_path_factory.mktemp("sample"))


def test_no_real_person_gets_its_mails_or_signs_in_to_it(demo):
    machine = demo.told.machine
    assert (machine.smtp_url, machine.oidc_issuer, machine.local_sign_in) == ("", "", True)


@pytest.fixture(scope="session")
def run(demo) -> Run:
    return demo.told.run


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def values_of(workbook: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every cell but the head of the audit chain, which knows the hashes of workbooks and so the second they are of."""
    sheets = {sheet.title: list(sheet.values) for sheet in load_workbook(workbook).worksheets}
    heads = {"Head of the audit chain", "Audit chain"}
    return {title: [row for row in rows if row[0] not in heads] for title, rows in sheets.items()}


# One payout, wherever it is shown


@pytest.fixture(scope="session")
def calculated(demo, tmp_path_factory) -> dict[str, Any]:
    """What `loyaltypay calculate --json` gives for the last quarter, in a copy of the company."""
    home = tmp_path_factory.mktemp("copy") / "demo"
    shutil.copytree(demo.folder, home)
    told = finished(child("calculate", str(LAST), "--json", env={"LOYALTYPAY_HOME": str(home)}, cwd=home))
    assert told.code == 0, told.err
    return told.document


@pytest.fixture(scope="session")
def workbook(demo):
    """The demo's workbook after LibreOffice has calculated every formula of it."""
    return recalculated({"payroll": demo.told.workbook.read_bytes()})["payroll"]


def by_employee(rows: list[dict[str, Any]], title: str) -> Paid:
    """What each person gets by the rows of a list; those of one person add up."""
    minor: Counter[tuple[str, str]] = Counter()
    amounts = {(row["Employee"], row["Currency"]): money(0, row["Currency"]) for row in rows}
    for row in rows:
        if row[title] is not None:
            minor[row["Employee"], row["Currency"]] += money(row[title], row["Currency"]).minor
    return {key: str(type(nothing)(minor[key], nothing.currency)) for key, nothing in amounts.items()}


def test_the_command_line_gives_everybody_the_same_payout(demo, calculated):
    assert {(p["employee"], p["currency"]): p["amount"] for p in calculated["payouts"]} == demo.paid
    assert calculated == {"run": 2, **write_run(demo.told.run)}


def test_the_payout_page_shows_everybody_the_same_payout(demo):
    shown: Paid = {}
    app = create_app(demo.told.machine)
    visitor = Visitor(app)
    visitor.sign_in(HR, PASSWORD)
    for employee, currency in demo.paid:
        page = lxml.html.fromstring(visitor.fetch(f"/payouts/{LAST}/{employee}").text)
        texts = page.xpath("//section[span='Payout']/b/text() | //tr[th='Payout']/td[last()]/text()")
        (shown[employee, currency],) = {re.sub(r"[^\d.]", "", text) for text in texts}
    app.extensions["loyaltypay"].engine.dispose()
    assert shown == demo.paid


def test_the_workbook_books_everybody_the_same_payout(demo, workbook):
    written = load_workbook(demo.told.workbook)
    assert by_employee(listed(written, "Payroll"), "Amount") == demo.paid
    assert by_employee(listed(workbook, "Payroll"), "Amount") == demo.paid


def test_libreoffice_calculates_the_same_payout_for_everybody(demo, workbook):
    assert by_employee(listed(workbook, "Trace"), "Payout by formula") == demo.paid
    assert disagreements(workbook, demo.told.run) == []
    assert errors(workbook) == []
    assert beside(workbook, "Of them recalculated by the formulas of Trace") == 282
    assert beside(workbook, "Payouts that differ from their formulas") == 0
    assert beside(workbook, "Totals that differ from the sheet Payroll") == 0


def test_the_run_in_the_database_is_the_one_that_was_told(demo):
    with disposed(connect(demo.told.machine.database)) as engine, reading(engine) as session:
        stored = runs.find_run(session, LAST)
        assert isinstance(stored, StoredRun)
        assert write_run(runs.load_run(session, stored)) == write_run(demo.told.run)


# The same company every time


def test_played_again_in_the_same_folder_it_gives_the_same_to_the_last_cell(demo, tmp_path):
    """In a copy, so that the other tests' company stays."""
    shutil.copytree(demo.folder, tmp_path / "demo")
    again = played(tmp_path)
    assert json.dumps(write_run(again.told.run)) == json.dumps(write_run(demo.told.run))
    assert values_of(again.told.workbook) == values_of(demo.told.workbook)
    assert again.said[:-1] == demo.said[:-1]
    files = {path.name: path.read_bytes() for path in demo.files.iterdir()}
    assert {path.name: path.read_bytes() for path in again.files.iterdir()} == files


def test_a_folder_that_the_demo_did_not_make_is_left_alone(tmp_path):
    (tmp_path / "demo").mkdir()
    (tmp_path / "demo" / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(LoyaltyPayError, match="has files that the demo did not make"):
        played(tmp_path)
    assert [path.name for path in (tmp_path / "demo").iterdir()] == ["mine.txt"]


# The story


def test_units_stand_in_three_levels(demo):
    parents = {row["unit"]: row["parent"] for row in rows_of(demo.files / "units.csv")}
    depths = Counter(depth(unit, parents) for unit in parents)
    assert depths == {0: 1, 1: 4, 2: 16}


def depth(unit: str, parents: dict[str, str]) -> int:
    return 1 + depth(parents[unit], parents) if parents[unit] else 0


def test_about_four_hundred_people_work_in_four_countries_and_three_currencies(demo):
    people = rows_of(demo.files / "people.csv")
    assert len({row["employee"] for row in people}) == 406
    assert {row["cost_centre"][:2] for row in people} == {"PT", "DE", "US", "JP"}
    assert {row["currency"] for row in people} == {"EUR", "USD", "JPY"}


def test_six_quarters_of_an_april_fiscal_year_were_calculated(demo, run):
    with disposed(connect(demo.told.machine.database)) as engine, reading(engine) as session:
        known = [stored.quarter for stored in runs.list_runs(session)]
    assert known == [Quarter(2025, 1).plus(later) for later in range(5, -1, -1)]
    assert run.payouts[0].pieces[0].stretch.span == Span(date(2026, 7, 1), date(2026, 10, 1))


def test_earlier_quarters_went_through_their_whole_life_by_three_people_and_the_last_is_calculated(demo):
    with disposed(connect(demo.told.machine.database)) as engine, reading(engine) as session:
        lives = {quarter: state for quarter, (state, _) in load_lives(session).items()}
        made = releases.list_releases(session)
        paid = confirmations.list_confirmations(session, made)
    assert lives == {Quarter(2025, 1).plus(later): "closed" if later < 5 else "calculated" for later in range(6)}
    assert {(each.approved_by, each.released_by) for each in made} == {(PEOPLE[1][0], PEOPLE[2][0])}
    assert {name: each.differences for name, each in paid.items()} == {each.name: 0 for each in made}
    assert len(made) == 5


def test_about_thirty_thousand_responses_came_through_two_tools(demo):
    taken = [re.fullmatch(r"  (\S+): ([\d,]+) rows of answers(, 15 previews left out)?", line) for line in demo.said]
    counts = {found[1]: int(found[2].replace(",", "")) for found in taken if found}
    assert len(counts) == 12
    assert sum(counts.values()) == 30057
    assert {name.split("-")[0] for name in counts} == {"qualtrics", "answers"}
    assert (demo.files / "qualtrics-service-2026-Q2.tsv").read_bytes().startswith(b"\xff\xfe")


def test_the_service_group_hangs_two_fifths_on_customers_and_the_stores_begin_with_a_tenth(demo):
    with disposed(connect(demo.told.machine.database)) as engine, reading(engine) as session:
        versions = {each.plan.version: each.plan for each in plans.load_versions(session)}
    assert {version: plan.components[0].share for version, plan in versions.items()} == {
        "service-incentive@2025-04-01": Fraction(2, 5),
        "service-incentive@2026-04-01": Fraction(2, 5),
        "stores-start@2026-04-01": Fraction(1, 10),
    }
    assert {plan.components[0].id for plan in versions.values()} == {"customer"}


def payout_of(run: Run, name: str) -> Payout:
    (found,) = (payout for payout in run.payouts if payout.name == name)
    return found


def test_somebody_moved_to_another_unit_with_a_rise_and_is_paid_for_both(run):
    moved = payout_of(run, "Marta Brandt")
    assert [(p.assignment.unit, p.stretch.span.days) for p in moved.pieces] == [("REP-LIS", 45), ("CC-OPO", 47)]
    before, after = (piece.assignment.annual_salary for piece in moved.pieces)
    assert after - before == 2400


def test_somebody_left_and_gets_nothing_and_somebody_retired_and_is_paid_for_the_days(run):
    early = [p for p in run.payouts if p.pieces[-1].stretch.span.end < date(2026, 10, 1)]
    resigned, retired = sorted(early, key=lambda payout: payout.amount.minor)
    why = "Left on 31 August 2026 (resigned); the plan pays those employed on the quarter's last day."
    assert (resigned.pieces[0].stretch.forfeited, str(resigned.amount)) == (why, "0.00")
    assert (retired.pieces[0].stretch.forfeited, retired.pieces[0].stretch.counted_days) == ("", 46)
    assert retired.amount.minor > 0


def test_an_unpaid_leave_costs_its_days_and_a_sick_leave_none(run):
    away = {
        (each.kind, each.days, piece.stretch.counted_days)
        for payout in run.payouts
        for piece in payout.pieces
        for each in piece.stretch.absent
    }
    assert away == {("unpaid", 31, 61), ("sick", 12, 92), ("parental", 68, 92)}


def test_a_unit_with_too_few_answers_is_paid_on_its_last_four_quarters(run):
    bases = {
        (piece.assignment.unit, measure.score.basis)
        for payout in run.payouts
        for piece in payout.pieces
        for component in piece.stretch.attainment.components
        for measure in component.measures
        if measure.score and measure.score.basis not in {"own", "stated"}
    }
    assert bases == {("ST-FNC", "rolling-4")}


def test_a_payout_is_capped_and_a_unit_is_held(run):
    capped = {
        piece.assignment.unit
        for payout in run.payouts
        for piece in payout.pieces
        if piece.stretch.attainment.total == piece.stretch.plan.cap < piece.stretch.attainment.earned
    }
    assert capped == {"SERVICE", "REP-AUS", "REP-MUC", "REP-OSA"}
    assert len(run.held) == 9
    assert {hold.why.partition(":")[0] for hold in run.held} == {"No usable score of first-time-fix for FIELD-DE"}


def test_the_readmes_worked_payout_is_the_sample_companys(demo):
    told = finished(child("explain", "010048", str(LAST), env={"LOYALTYPAY_HOME": str(demo.folder)}))
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    for amount in ("398.64", "536.41", "456.178533", "556.796739", "1,012.975272", "1,012.98"):
        assert amount in readme
        assert amount in told.out
    for score, gives in (("44.2", "110.5"), ("26.8", "67"), ("82.8", "104"), ("78.0", "60"), ("86.2", "106")):
        assert re.search(rf"\| {score}\b[^|]*→ {gives} %", readme)
        assert f"{score}: {gives}" in told.out


@pytest.mark.parametrize("quarter", [LAST.plus(-back) for back in range(6)], ids=str)
def test_the_evidence_of_every_quarter_is_recomputed_by_a_script_without_the_product(demo, quarter, tmp_path, capsys):
    path = tmp_path / "pack.zip"
    with disposed(connect(demo.told.machine.database)) as engine, path.open("wb") as file:
        evidence.write(engine, demo.told.machine, whoever_has_the_machine(), quarter, file, lambda _name, _rows: None)
    for script in (verify, verify_everything):
        assert script.main(str(path)) == 0
        assert capsys.readouterr().out.endswith("Nothing differs.\n")
