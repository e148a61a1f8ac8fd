"""`scenario`: scenario files against the rule of pay, without any database."""

import json
from pathlib import Path

import pytest

from tests.make import company, person

SCENARIOS = Path(__file__).parent.parent / "scenarios"


def write(file, **fields):
    Path(file).write_text(json.dumps(company(**fields)), "utf-8")
    return file


def expecting(**fields):
    return [{"employee": "1", "currency": "EUR", **fields}]


def test_the_published_examples_come_out(shared, run):
    files = sorted((shared / "examples").glob("*.yaml"))
    told = run("scenario", *files)
    assert (told.code, told.err) == (0, "")
    assert len(told.out.splitlines()) == len(files) > 0
    assert all(line.startswith("ok     ") for line in told.out.splitlines())


def test_the_own_scenarios_come_out(run):
    told = run("scenario", *SCENARIOS.glob("*.yaml"))
    assert (told.code, told.err) == (0, "")


def test_what_is_expected_and_does_not_come_out_is_told_and_exits_with_1(run):
    told = run("scenario", write("s.yaml", expect=expecting(pays="999.99")))
    assert told.code == 1
    assert told.out == "FAILED a company\n"
    assert told.err == "       1 should get 999.99 EUR and gets 1000.00\n"


def test_of_several_files_each_says_how_it_went_and_one_failure_fails_all(run):
    right = write("a.yaml", name="right", expect=expecting(pays="1000"))
    wrong = write("b.yaml", name="wrong", expect=expecting(held="reason"))
    told = run("scenario", right, wrong)
    assert (told.code, told.out) == (1, "ok     right\nFAILED wrong\n")
    assert told.err == "       1 should be held for 'reason'; is paid 1000.00 EUR\n"
    documents = run("scenario", right, wrong, "--json").document
    assert [document["name"] for document in documents] == ["right", "wrong"]
    assert [len(document["unmet"]) for document in documents] == [0, 1]


def test_a_scenario_is_a_document_with_amounts_as_text(run):
    people = [person("1"), person("2", unit="NONE")]
    told = run("scenario", write("s.yaml", people=people, expect=expecting(pays="1000.00")), "--json")
    assert told.code == 0
    assert told.document["payouts"] == [{"employee": "1", "currency": "EUR", "amount": "1000.00", "attainment": "100%"}]
    assert [held["employee"] for held in told.document["held"]] == ["2"]
    assert told.document.keys() >= {"payouts", "held", "problems"}


@pytest.mark.parametrize("flag", [(), ("--json",)])
def test_a_scenario_that_cannot_be_read_says_where_and_why(run, flag):
    told = run("scenario", write("s.yaml", quarter="Q3", peeple=[]), *flag)
    assert told.code == 1
    if flag:
        assert told.document["problems"] == [
            {"where": "quarter", "why": "'Q3' is not a quarter; write it like 2026-Q3"},
            {"where": "peeple", "why": "is not a known field; did you mean people?"},
        ]
    else:
        assert told.out == "FAILED s.yaml\n"
        assert "       quarter ('Q3'): 'Q3' is not a quarter; write it like 2026-Q3\n" in told.err


def test_a_scenario_that_is_broken_yaml_says_the_line(run):
    Path("s.yaml").write_text("name: [x\nquarter: 2026-Q1\n", "utf-8")
    told = run("scenario", "s.yaml", "--json")
    assert told.code == 1
    assert [problem["where"] for problem in told.document["problems"]] == ["line 2"]


def test_an_empty_scenario_is_refused(run):
    Path("s.yaml").write_text("", "utf-8")
    told = run("scenario", "s.yaml")
    assert (told.code, told.err) == (1, "       s.yaml is empty.\n")


def test_no_database_is_needed_or_made(run, folder):
    run("scenario", write("s.yaml"))
    assert not (folder / "home").exists()


def test_a_scenario_that_is_not_there_is_a_fault_of_usage(run):
    told = run("scenario", "nowhere.yaml")
    assert told.code == 2
    assert "File 'nowhere.yaml' does not exist." in told.err
