"""`export team | analysis | overtime`."""

import csv
import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from comp.db import connect, reading, writing
from comp.overtime import Rule
from comp.periods import Quarter
from comp.roles import whoever_has_the_machine
from comp.services import overtime
from comp.store import audit
from tests.cli.company import QUARTER
from web.database import disposed

NOW = datetime(2026, 4, 3, 9, 30, tzinfo=UTC)
ME = whoever_has_the_machine()
AMERICAN = """\
employee,name,unit,from,manager,target_amount,currency
20001,Amy Adams,LIS,2020-01-01,10417,7200.00,USD
"""


@pytest.fixture
def calculated(run, company, folder):
    (folder / "america.csv").write_text(AMERICAN)
    assert run("import", "people", "america.csv").code == 0
    (folder / "checks.csv").write_text(f"employee,quarter,metric,value\n20001,{QUARTER},checks,100\n")
    assert run("import", "personal-results", "checks.csv").code == 0
    assert run("calculate", QUARTER).code == 0


def stored():
    return disposed(connect("sqlite:///home/loyaltypay.db"))


def noted(about):
    with stored() as engine, reading(engine) as session:
        return audit.last_about(session, "download", about)


def sheet(path, name):
    rows = load_workbook(path)[name].iter_rows(values_only=True)
    titles = next(rows)
    return [dict(zip(titles, row, strict=True)) for row in rows]


def test_a_teams_workbook_has_everybody_below_the_manager(run, calculated, folder):
    told = run("export", "team", QUARTER, "--of", "10417", "--out", ".")
    assert (told.code, told.err) == (0, "")
    assert told.out == f"Written to team-{QUARTER}-10417.xlsx: 4 people.\n"
    names = {row["Employee"] for row in sheet(folder / f"team-{QUARTER}-10417.xlsx", "Team")}
    assert names == {"10418", "10419", "10420", "20001"}
    assert noted(f"team workbook {QUARTER}")


def test_a_team_that_there_is_not_is_told_and_nothing_is_written(run, calculated, folder):
    told = run("export", "team", QUARTER, "--of", "10418", "--out", "team.xlsx")
    assert (told.code, told.err) == (1, f"10418 leads nobody whose pay in {QUARTER} is for you to see.\n")
    assert run("export", "team", QUARTER, "--of", "", "--out", "team.xlsx").code == 1
    assert not (folder / "team.xlsx").exists()


def test_an_analysis_has_the_quarters_that_are_calculated(run, calculated, folder):
    told = run("export", "analysis", QUARTER, "--quarters", "3", "--out", "analysis.xlsx")
    assert (told.code, told.out) == (0, "Written to analysis.xlsx: 1 quarter.\n")
    assert {row["quarter"] for row in sheet(folder / "analysis.xlsx", "Payouts")} == {QUARTER}
    assert noted(f"analysis {QUARTER} to {QUARTER}")


def test_an_analysis_of_what_was_never_calculated_is_told(run, calculated):
    told = run("export", "analysis", "2024-Q1", "--out", ".")
    assert (told.code, told.err.startswith("Nothing up to 2024-Q1 has been calculated.")) == (1, True)


def test_overtime_is_off_until_it_is_turned_on(run, calculated):
    told = run("export", "overtime", QUARTER, "--out", ".")
    assert (told.code, "it is off" in told.err) == (1, True)


def test_overtime_takes_hours_in_and_writes_what_is_owed(run, calculated, folder):
    with stored() as engine:
        with writing(engine) as session:
            overtime.set_rule(session, ME, Rule(is_on=True, units=("ALL",)), NOW)
        with reading(engine) as session:
            (amy,) = overtime.overtime_sheets(session, ME, Quarter.parse(QUARTER), NOW).companions
    text = io.StringIO()
    csv.writer(text).writerows([("employee", "week", "hours"), *(("20001", week.span.start, 50) for week in amy.weeks)])
    (folder / "hours.csv").write_text(text.getvalue())
    missing = run("export", "overtime", QUARTER, "--out", ".")
    assert missing.out == f"Written to overtime-{QUARTER}.xlsx: 1 person; hours of 1 person are missing.\n"
    told = run("export", "overtime", QUARTER, "--hours", "hours.csv", "--out", ".")
    assert told.out == (
        f"hours.csv: {len(amy.weeks)} new, 0 changed, 0 unchanged.\nWritten to overtime-{QUARTER}.xlsx: 1 person.\n"
    )
    assert told.err == "For review by counsel: not legal advice.\n"
    (row,) = sheet(folder / f"overtime-{QUARTER}.xlsx", "People")
    assert row["Owed"] == pytest.approx(row["Bonus"] / 10, abs=0.005)  # a tenth: half of the rise for 10 of 50 hours
    assert noted(f"overtime companion {QUARTER}")


def test_hours_of_nobody_who_is_looked_at_are_told_with_their_line(run, calculated, folder):
    with stored() as engine, writing(engine) as session:
        overtime.set_rule(session, ME, Rule(is_on=True, people=("20001",)), NOW)
    (folder / "hours.csv").write_text("employee,week,hours\n10418,2026-01-04,50\n")
    told = run("export", "overtime", QUARTER, "--hours", "hours.csv", "--out", ".")
    assert told.code == 1
    assert "line 2, column employee ('10418'): is not looked at in this quarter" in told.err
