"""A first quarter from files to payroll by commands alone, on SQLite and PostgreSQL."""

import openpyxl

from tests.cli.commands import child, finished
from tests.cli.company import PAID, QUARTER, ROAD, TOTAL, write_files


def test_a_company_goes_from_its_files_to_the_payroll_workbook(empty_url, folder, run, monkeypatch):
    monkeypatch.setenv("LOYALTYPAY_DATABASE_URL", empty_url)
    write_files(folder)
    for step in (("init",), *ROAD):
        told = run(*step)
        assert told.code == 0, step
        assert [line for line in told.err.splitlines() if not line.startswith("  warning: ")] == [], step

    assert run("calculate", QUARTER).out == f"2026-Q1, run 1\n  3 payouts: {TOTAL} EUR\n  held: 1, in no plan: 1\n"
    calculated = run("calculate", QUARTER, "--json").document
    assert (calculated["run"], calculated["payouts"], calculated["problems"]) == (2, PAID, [])
    assert [hold["employee"] for hold in calculated["held"]] == ["10420"]
    assert calculated["outside"] == [{"employee": "000421", "why": "No plan pays HQ, grade T2."}]

    assert run("explain", "10418", QUARTER).out.splitlines()[:2] == ["10418 in 2026-Q1, run 2", "Payout: 455.63 EUR"]
    exported = run("export", "payroll", QUARTER, "--out", ".")
    assert exported.out == "Written to payroll-2026-Q1-R2.xlsx: 3 payroll lines.\n"
    assert openpyxl.load_workbook(folder / "payroll-2026-Q1-R2.xlsx").sheetnames


def test_the_program_is_called_by_its_name_or_as_a_module(folder):
    told = finished(child("--version"))
    assert told.code == 0
    assert told.out.split()[-1][0].isdigit()


def test_results_go_to_stdout_and_what_stands_against_them_to_stderr(company, folder):
    told = finished(child("calculate", QUARTER, cwd=folder))
    assert told.code == 0
    assert told.out.splitlines()[1] == f"  3 payouts: {TOTAL} EUR"
    assert told.err == (
        "  10420 Jo Pinto: No personal score of checks for 10420 in 2026-Q1. "
        "Import the result, or choose another fallback in the plan.\n"
    )
