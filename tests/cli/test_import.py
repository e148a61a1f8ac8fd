"""`import`: files in, all or none of them."""

from pathlib import Path

import pytest

from tests.cli.commands import stored
from tests.cli.company import ANSWERS, MAPPED, QUARTER, UNITS

KEYS = ["kind", "tool", "rows", "new", "changed", "unchanged", "refused", "dropped", "quarters", "problems", "accepted"]
NO_UNIT = "response,answered_on,recommend\nx1,2026-02-03,9\n"


def write(name, text):
    Path(name).write_text(text, "utf-8")
    return name


def test_the_document_says_what_became_of_every_row(run, company):
    changed = UNITS.replace("Lisbon", "Lisboa") + "FAR,Faro,ALL,,\n"
    document = run("import", "units", write("units.csv", changed), "--json").document
    assert {key: document[key] for key in KEYS} == {
        "kind": "units",
        "tool": "loyaltypay",
        "rows": 5,
        "new": 1,
        "changed": 1,
        "unchanged": 3,
        "refused": 0,
        "dropped": {},
        "quarters": {},
        "problems": [],
        "accepted": True,
    }


def test_the_document_of_answers_says_which_quarters_the_days_fall_into(run, company):
    more = "response,unit,answered_on,recommend\nx1,LIS,2026-03-31,9\nx2,LIS,2026-04-01,9\nx3,OPO,2026-06-30,9\n"
    document = run("import", "answers", write("more.csv", more), "--json").document
    assert document["quarters"] == {"2026-Q1": 1, "2026-Q2": 2}


def test_the_document_of_a_refused_file_has_every_problem_and_the_exit_code_is_1(run, company):
    told = run("import", "units", write("units.csv", "unit,name,parent\nA,Alpha,NONE\nB,,\n"), "--json")
    assert told.code == 1
    assert told.err == ""
    assert (told.document["refused"], told.document["accepted"]) == (2, False)
    assert told.document["problems"] == [
        {
            "line": 2,
            "column": "parent",
            "value": "NONE",
            "why": "is not a unit: neither this file nor an earlier one has it.",
        },
        {"line": 3, "column": "name", "value": "", "why": "is missing"},
    ]


def test_the_text_says_what_the_document_says(run, company):
    told = run("import", "targets", write("t.csv", "unit,quarter,metric,target,remark\nLIS,2026-Q1,nps,40,x\n"))
    assert told.out == (
        "t.csv: 1 row of targets, read as loyaltypay\n"
        "  new 1, changed 0, unchanged 0\n"
        "  2026-Q1: 1\n"
        "  Taken in as batch 9.\n"
    )
    assert told.err == "  note: line 1, column remark: is not a known column; it is left out.\n"


def test_the_same_file_again_changes_nothing_and_says_when_it_came(run, company):
    before = stored(company)
    told = run("import", "units", "units.csv")
    assert told.code == 0
    assert "  new 0, changed 0, unchanged 4\n" in told.out
    assert "  this very file was taken in on " in told.out
    assert told.out.endswith("  Nothing new: nothing was stored.\n")
    assert stored(company) == before


def test_a_dry_run_tells_what_would_change_and_stores_nothing(run, company):
    before = stored(company)
    more = write("more.csv", "unit,name,parent\nFAR,Faro,ALL\n")
    told = run("import", "units", more, "--dry-run")
    assert told.out == (
        "more.csv: 1 row of units, read as loyaltypay\n"
        "  new 1, changed 0, unchanged 0\n"
        "  A dry run: nothing was stored.\n"
    )
    assert run("import", "units", more, "--dry-run", "--json").document["accepted"] is False
    assert stored(company) == before


def test_a_dry_run_of_a_file_with_a_problem_exits_with_1(run, company):
    assert run("import", "units", write("more.csv", "unit,name\nFAR,\n"), "--dry-run").code == 1


def test_a_file_may_rest_on_the_one_before_it_in_a_dry_run_too(run, company):
    above, below = write("above.csv", "unit,name\nSUL,South\n"), write("below.csv", "unit,name,parent\nFAR,Faro,SUL\n")
    assert run("import", "units", above, below, "--dry-run").code == 0
    assert [each["accepted"] for each in run("import", "units", above, below, "--json").document] == [True, True]


def test_of_several_files_none_is_taken_in_where_one_has_a_problem(run, company):
    before = stored(company)
    good, bad = write("good.csv", "unit,name\nFAR,Faro\n"), write("bad.csv", "unit,name\nFUN,\n")
    told = run("import", "units", good, bad)
    assert told.code == 1
    assert told.out == (
        "good.csv: 1 row of units, read as loyaltypay\n"
        "  new 1, changed 0, unchanged 0\n"
        "  Nothing was stored: another file was refused.\n"
        "bad.csv: 1 row of units, read as loyaltypay\n"
        "  new 0, changed 0, unchanged 0, refused 1\n"
        "  Nothing was stored. Mend the file and import it again.\n"
    )
    assert told.err == "  line 2, column name: is missing\n"
    assert stored(company) == before


def test_rows_that_a_file_drops_are_told_with_the_reason(run, company):
    more = "employee,name,unit,from,currency\n777,Zoe Reis,LIS,2026-01-01,EUR\nTotal,,,,\n"
    told = run("import", "people", write("more.csv", more))
    assert "  left out: 1 row (row of totals)\n" in told.out


def test_columns_are_mapped_to_fields_and_questions(run, initialised):
    write("units.csv", UNITS)
    run("import", "units", "units.csv")
    told = run("import", "answers", write("a.csv", ANSWERS), *MAPPED, "--date-order", "dmy")
    assert told.code == 0, told.err
    assert "  2026-Q1: 22\n" in told.out


def test_a_mapping_is_saved_under_a_name_and_used_again(run, company):
    again = ANSWERS.replace("\nr", "\nagain")
    told = run("import", "answers", write("again.csv", again), "--mapping", "shops", "--date-order", "dmy")
    assert told.code == 0, told.err
    assert "  new 22, changed 0, unchanged 0\n" in told.out


def test_a_mapping_is_not_saved_with_a_file_that_is_refused(run, company):
    bad = ANSWERS.replace("LIS", "NOWHERE")
    assert (
        run("import", "answers", write("bad.csv", bad), *MAPPED, "--mapping", "other", "--date-order", "dmy").code == 1
    )
    assert run("import", "answers", "bad.csv", "--mapping", "other").code == 1
    assert run("import", "answers", "bad.csv", "--mapping", "other").err == (
        "No mapping is saved as 'other'. Give --map with --mapping other once to save it.\n"
    )


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--map", "Q12"), "--map 'Q12' should have the form A=B."),
        (
            ("--map", "Q12=recommend", "--map", "Q12=satisfaction"),
            "--map says twice what 'Q12' is. Keep one of the two.",
        ),
        (("--date-order", "ydm"), "'ydm' is not one of 'dmy', 'mdy', 'ymd'."),
    ],
)
def test_options_that_cannot_be_are_faults_of_usage(run, company, options, why):
    told = run("import", "answers", "answers.csv", *options)
    assert told.code == 2
    assert why in " ".join(told.err.split())


def test_a_column_whose_name_has_an_equals_sign_can_be_mapped(run, company):
    odd = "unit,answered_on,score (10=best)\nLIS,2026-02-03,9\n"
    told = run("import", "answers", write("odd.csv", odd), "--map", " score (10=best) = recommend ")
    assert (told.code, told.err) == (0, "")


def test_one_unit_is_given_to_all_rows_of_answers(run, company):
    told = run("import", "answers", write("a.csv", NO_UNIT), "--unit", "OPO")
    assert (told.code, told.err) == (0, "")
    assert {row["unit"]: row["answers"] for row in run("scores", QUARTER, "--json").document["scores"][:1]} == {
        "ALL": "23"
    }


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("results", "quarter,metric,value\n2026-Q2,income,99\n"),
        ("targets", "quarter,metric,target\n2026-Q2,income,99\n"),
        ("people", "employee,name,from,currency\n555,Lia Melo,2026-01-01,EUR\n"),
    ],
)
def test_one_unit_is_given_to_all_rows_of_other_kinds_too(run, company, kind, text):
    told = run("import", kind, write("file.csv", text), "--unit", "OPO")
    assert (told.code, told.err) == (0, "")
    assert any("'OPO'" in row and ("99" in row or "555" in row) for rows in stored(company).values() for row in rows)


def test_a_unit_in_the_file_stands_before_the_one_that_is_told(run, company):
    told = run(
        "import", "results", write("r.csv", "unit,quarter,metric,value\nLIS,2026-Q2,income,98765\n"), "--unit", "OPO"
    )
    assert told.code == 0
    assert [row for row in stored(company)["result"] if "98765" in row and "'LIS'" in row]


@pytest.mark.parametrize("kind", ["units", "absences", "personal-results", "metrics"])
def test_a_unit_for_rows_that_belong_to_none_is_a_fault_of_usage(run, company, kind):
    told = run("import", kind, "units.csv", "--unit", "OPO")
    assert told.code == 2
    assert f"--unit is for people, answers, results, targets: rows of {kind} belong to no unit." in told.err


def test_the_order_of_days_is_taken_as_told(run, company):
    one = "response,unit,answered_on,recommend\nx1,LIS,03/04/2026,9\n"
    assert run("import", "answers", write("a.csv", one), "--date-order", "dmy", "--dry-run", "--json").document[
        "quarters"
    ] == {"2026-Q2": 1}
    assert run("import", "answers", "a.csv", "--date-order", "mdy", "--dry-run", "--json").document["quarters"] == {
        "2026-Q1": 1
    }


def test_the_50_first_problems_are_told_and_the_number_of_the_others(run, company):
    many = "unit,name\n" + "".join(f"U{number},\n" for number in range(60))
    told = run("import", "units", write("many.csv", many))
    assert told.err.splitlines()[49:] == [
        "  line 51, column name: is missing",
        "  … and 10 more; --json lists them all.",
    ]
    assert len(run("import", "units", "many.csv", "--json").document["problems"]) == 60


def test_who_imports_is_on_record(run, company, monkeypatch):
    monkeypatch.setenv("LOYALTYPAY_ACTOR", "ines@company.example")
    run("import", "units", write("more.csv", "unit,name\nFAR,Faro\n"))
    assert "'ines@company.example'" in stored(company)["batch"][-1]
