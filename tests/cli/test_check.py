"""`check`: what stands against a quarter, its exit code, and its document."""

from comp.db import connect, reading
from comp.services import audit
from tests.cli.company import QUARTER
from web.database import disposed


def test_errors_end_with_code_1_and_tell_whom_they_hold(run, company):
    told = run("check", QUARTER)
    assert told.code == 1
    assert told.err == f"1 error stands against {QUARTER}.\n"
    assert told.out.startswith("error: ")
    assert "Employee " in told.out
    with disposed(connect(company)) as engine, reading(engine) as session:
        assert audit.search(session, f"payouts {QUARTER}", 1)[0].entry.action == "read"


def test_whoever_the_check_holds_the_calculation_holds(run, company):
    document = run("check", QUARTER, "--json").document
    held = {
        each["employee"]
        for finding in document["findings"]
        if finding["stops"] == "people"
        for each in finding["people"]
    }
    assert held == {hold["employee"] for hold in run("calculate", QUARTER, "--json").document["held"]}
    assert (document["errors"], document["waived"], document["held"]) == (1, 0, 1)
    assert {finding["waiver"] for finding in document["findings"]} == {None}


def test_a_quarter_without_anything_lacks_everything(run, initialised):
    told = run("check", "2026-Q1")
    assert told.code == 1
    assert "Nobody was employed in 2026-Q1." in told.out
    assert told.err == "3 errors stand against 2026-Q1.\n"


def test_what_is_no_quarter_is_a_fault_of_usage(run, initialised):
    assert run("check", "spring").code == 2
