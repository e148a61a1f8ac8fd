"""`scores`, `calculate`, `explain` and `export payroll`."""

import openpyxl
import pytest

from comp.db import connect, reading
from comp.services import audit
from tests.cli.commands import stored
from tests.cli.company import PAID, QUARTER, TOTAL
from web.database import disposed

ROLLING = """\
response,unit,answered_on,recommend
a1,OPO,2025-11-03,9
a2,OPO,2025-11-04,9
a3,OPO,2025-11-05,1
"""


def score(*values):
    return dict(zip(("unit", "metric", "value", "answers", "low", "high", "basis"), values, strict=True))


def test_scores_are_text_and_say_what_they_rest_on(run, company):
    assert run("scores", QUARTER, "--json").document == {
        "quarter": "2026-Q1",
        "scores": [
            score("ALL", "nps", "36.4", "22", "1.697", "62.303", "own"),
            score("LIS", "nps", "30.0", "20", "-5.724", "57.897", "own"),
            score("OPO", "nps", "36.4", "22", "1.697", "62.303", "parent ALL"),
            score("ALL", "income", "105.0", None, None, None, "stated"),
            score("LIS", "income", "105.0", None, None, None, "stated"),
            score("OPO", "income", "105.0", None, None, None, "stated"),
        ],
    }


def test_a_score_of_four_quarters_says_so(run, company, folder):
    (folder / "a.csv").write_text(ROLLING, "utf-8")
    run("import", "answers", "a.csv")
    plan = (folder / "plan.yaml").read_text("utf-8").replace("2026-01-01", "2026-01-02")
    (folder / "plan.yaml").write_text(plan.replace("[parent, hold]", "[rolling-4, hold]"), "utf-8")
    assert run("plan", "publish", "plan.yaml").code == 0
    porto = run("scores", QUARTER, "--json").document["scores"][2]
    assert (porto["unit"], porto["value"], porto["answers"], porto["basis"]) == ("OPO", "60.0", "5", "rolling-4")


def test_scores_as_text_have_a_line_for_each_unit_and_metric(run, company):
    assert run("scores", QUARTER).out.splitlines() == [
        "nps              Whole company                          36.4  1.7 to 62.3        22 answers     own",
        "nps                Lisbon                               30.0  -5.7 to 57.9       20 answers     own",
        "nps                Porto                                36.4  1.7 to 62.3        22 answers     parent ALL",
        "income           Whole company                         105.0                                    stated",
        "income             Lisbon                              105.0                                    stated",
        "income             Porto                               105.0                                    stated",
    ]


def test_a_run_is_a_document_with_amounts_as_text(run, company):
    assert run("calculate", QUARTER, "--json").document == {
        "run": 1,
        "payouts": PAID,
        "held": [
            {
                "employee": "10420",
                "why": "No personal score of checks for 10420 in 2026-Q1. "
                "Import the result, or choose another fallback in the plan.",
            }
        ],
        "outside": [{"employee": "000421", "why": "No plan pays HQ, grade T2."}],
        "problems": [],
    }


def test_calculating_again_makes_the_next_run_and_keeps_the_first(run, company):
    run("calculate", QUARTER)
    first = stored(company)
    assert run("calculate", QUARTER).out.startswith("2026-Q1, run 2\n")
    second = stored(company)
    assert len(second["run"]) == 2
    assert set(first["run_payout"]) < set(second["run_payout"])


def test_problems_of_the_data_are_told_beside_the_run(run, company, folder):
    (folder / "m.yaml").write_text("metrics: {income: {name: I, question: recommend, statistic: nps}}", "utf-8")
    run("import", "metrics", "m.yaml")
    why = (
        "ALL states a value of income in 2026-Q1 and has answers too: no score is usable. "
        "Withdraw the stated value or the answers."
    )
    told = run("calculate", QUARTER)
    assert told.code == 0
    assert f"  income of ALL in 2026-Q1: {why}\n" in told.err
    assert run("calculate", QUARTER, "--json").document["problems"] == [
        {"where": "income of ALL in 2026-Q1", "why": why}
    ]


def test_an_explanation_opens_an_amount_down_to_its_answers(run, company):
    run("calculate", QUARTER)
    lines = [line.strip() for line in run("explain", "10418", QUARTER).out.splitlines()]
    assert lines[0] == "10418 in 2026-Q1, run 1"
    assert "Rounded once, half up, from 455.625 EUR." in lines
    assert "22 answers in Whole company above: Porto has fewer than 5 of its own." in lines


def test_an_explanation_is_a_document_too(run, company):
    run("calculate", QUARTER)
    document = run("explain", "10418", QUARTER, "--json").document
    assert (document["employee"], document["quarter"], document["run"]) == ("10418", "2026-Q1", 1)
    assert len(document["explanations"]) == 1


@pytest.mark.parametrize(("employee", "first"), [("10420", "Held: no payout yet"), ("000421", "In no plan: no payout")])
def test_whoever_gets_no_payout_has_an_explanation(run, company, employee, first):
    run("calculate", QUARTER)
    assert run("explain", employee, QUARTER).out.splitlines()[1] == first


@pytest.mark.parametrize("employee", ["99999", "421"])
def test_an_unknown_employee_is_refused(run, company, employee):
    run("calculate", QUARTER)
    told = run("explain", employee, QUARTER, "--json")
    assert (told.code, told.out) == (1, "")
    assert told.err == f"{employee} is not in run 1 of 2026-Q1: unknown, not employed then, or not for you to see.\n"


@pytest.mark.parametrize("text", ["Q1", "2026", "2026-Q5", "2026-q1", ""])
@pytest.mark.parametrize("command", [("scores",), ("calculate",), ("explain", "1"), ("export", "payroll")])
def test_what_is_no_quarter_is_a_fault_of_usage(run, command, text):
    told = run(*command, text)
    assert told.code == 2
    assert f"Invalid value for 'QUARTER': {text!r} is not a quarter; write it like 2026-Q3" in told.err


def test_the_workbook_is_written_under_the_name_that_is_given(run, company, folder):
    run("calculate", QUARTER)
    told = run("export", "payroll", QUARTER, "--layout", "workbook", "--out", "pay.xlsx")
    assert told.out == "Written to pay.xlsx: 3 payroll lines.\n"
    assert openpyxl.load_workbook(folder / "pay.xlsx").sheetnames


def test_a_workbook_cannot_be_written_where_there_is_no_folder(run, company, folder):
    run("calculate", QUARTER)
    told = run("export", "payroll", QUARTER, "--out", "nowhere/pay.xlsx")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("nowhere/pay.xlsx cannot be written: No such file or directory.")


def test_the_total_of_each_currency_is_told(run, company):
    assert f"  3 payouts: {TOTAL} EUR\n" in run("calculate", QUARTER).out


def test_what_the_command_line_shows_of_pay_is_in_the_audit_chain(run, company):
    run("calculate", QUARTER)
    before = len(noted(company))
    run("scores", QUARTER)
    assert noted(company)[before:] == []
    run("explain", "10418", QUARTER)
    run("explain", "10418", QUARTER, "--json")
    run("calculate", QUARTER, "--json")
    run("export", "payroll", QUARTER, "--out", "payroll.xlsx")
    assert noted(company)[before:] == [
        ("command line", "read", f"payout {QUARTER} 10418"),
        ("command line", "read", f"payout {QUARTER} 10418"),
        ("command line", "calculate", f"run {QUARTER} 2"),
        ("command line", "read", f"payouts {QUARTER}"),
        ("command line", "download", f"payroll workbook {QUARTER}"),
    ]
    run("explain", "99999", QUARTER)
    assert len(noted(company)) == before + 5


def noted(url):
    with disposed(connect(url)) as engine, reading(engine) as session:
        entries = [sealed.entry for sealed in audit.search(session, "", 1)]
        return [(entry.actor, entry.action, entry.about) for entry in reversed(entries)]
