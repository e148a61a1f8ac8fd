"""`run list`, `run replay` and `compare`."""

from comp.db import connect, writing
from tests.cli.company import QUARTER, TOTAL
from tests.services.test_replays import without_triggers
from web.database import disposed


def test_runs_are_listed_the_newest_first_with_what_they_pay(run, company):
    assert run("run", "list").out == "Nothing has been calculated yet.\n"
    run("calculate", QUARTER)
    run("calculate", QUARTER)
    lines = run("run", "list").out.splitlines()
    assert [line.split()[0] for line in lines[::2]] == ["2026-Q1/2", "2026-Q1/1"]
    assert lines[1] == f"  3 payouts {TOTAL} EUR; held: 1, in no plan: 1"


def test_the_list_as_a_document_has_what_each_run_was_made_of(run, company):
    run("calculate", QUARTER)
    (listed,) = run("run", "list", "--json").document["runs"]
    assert (listed["run"], listed["plans"], listed["held"]) == ("2026-Q1/1", ["service@2026-01-01"], 1)
    assert listed["totals"] == [{"currency": "EUR", "people": 3, "amount": "3052.13"}]
    assert len(listed["inputs_sha256"]) == 64


def test_a_run_is_replayed_identically_after_its_facts_changed(run, company, folder):
    run("calculate", QUARTER)
    results = folder / "results.csv"
    results.write_text(results.read_text().replace("105", "120"))
    assert run("import", "results", "results.csv").code == 0
    told = run("run", "replay", f"{QUARTER}/1")
    assert (told.code, told.out.partition(":")[0]) == (0, "Run 2026-Q1/1 is identical for 5 people")
    told = run("run", "replay", QUARTER, "--json")
    assert (told.code, told.document["identical"], told.document["differences"]) == (0, True, [])


def test_a_run_that_was_changed_in_the_database_is_told_person_by_person(run, company):
    run("calculate", QUARTER)
    with disposed(connect(company)) as engine:
        without_triggers(engine, "UPDATE run_payout SET amount_minor = amount_minor + 1 WHERE employee = '10419'")
    told = run("run", "replay", QUARTER)
    assert told.code == 1
    assert "Run 2026-Q1/1 comes out otherwise in 1 place." in told.err
    assert "employee 10419: 810.01 EUR in the run, 810.00 in the replay." in told.err
    told = run("run", "replay", QUARTER, "--json")
    assert (told.code, told.document["count"]) == (1, 1)
    assert told.document["differences"][0] == {
        "employee": "10419",
        "stored": "810.01",
        "replayed": "810.00",
        "why": "810.01 EUR in the run, 810.00 in the replay.",
    }


def test_a_run_of_another_version_of_the_program_says_so(run, company):
    run("calculate", QUARTER)
    with disposed(connect(company)) as engine:
        without_triggers(engine, "UPDATE run SET engine = '0.0.9'")
    told = run("run", "replay", QUARTER)
    assert told.code == 0
    assert "It was calculated by version 0.0.9, replayed by " in told.out


def test_runs_that_there_are_not_are_told_in_words(run, company):
    assert "2026-Q1 has not been calculated." in run("run", "replay", QUARTER).err
    assert "There is no run 2026-Q1/7." in run("run", "replay", f"{QUARTER}/7").err
    told = run("run", "replay", "yesterday/0")
    assert (told.code, "'yesterday/0' is not a run; write it like 2026-Q3/2" in told.err) == (2, True)


def test_a_replay_stands_in_the_audit_chain(run, company):
    run("calculate", QUARTER)
    run("run", "replay", QUARTER)
    with disposed(connect(company)) as engine, writing(engine) as session:
        said = session.connection().exec_driver_sql("SELECT about, details FROM audit WHERE action = 'replay'").one()
    assert said[0] == "run 2026-Q1 1"
    assert '"differences":0' in said[1]


def calculated_twice(run, folder):
    run("calculate", QUARTER)
    results = folder / "results.csv"
    results.write_text(results.read_text().replace("105", "110"))
    assert run("import", "results", "results.csv").code == 0
    run("calculate", QUARTER)


def test_two_runs_are_compared_in_all_and_person_by_person(run, company, folder):
    calculated_twice(run, folder)
    told = run("compare", f"{QUARTER}/1", QUARTER)
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0] == "2026-Q1/1 → 2026-Q1/2: 3 payouts of 3 differ"
    assert lines[1] == "3,052.13 EUR → 3,280.88 EUR: +228.75 EUR"
    assert lines[2].split() == ["Scores", "+228.75", "3", "people"]
    assert lines[4].split() == ["10417", "Ana", "Silva", "+135.00", "mostly", "scores"]


def test_one_persons_difference_is_told_in_sentences(run, company, folder):
    calculated_twice(run, folder)
    told = run("compare", f"{QUARTER}/1", QUARTER, "--person", "10417")
    assert told.out.splitlines() == [
        "10417 Ana Silva, 2026-Q1/1 → 2026-Q1/2",
        "  1,786.50 EUR → 1,921.50 EUR: +135.00 EUR",
        "           +135.00  Operating income rose from 105.0 to 110.0.",
    ]
    told = run("compare", QUARTER, QUARTER, "--person", "10417")
    assert told.out.splitlines()[-1] == "    Nothing that pays differs."


def test_two_people_are_compared(run, company, folder):
    run("calculate", QUARTER)
    told = run("compare", QUARTER, QUARTER, "--person", "10417", "--person", "10419")
    assert told.out.splitlines()[0] == "10417 in 2026-Q1/1 → 10419 in 2026-Q1/1"
    assert "The year’s target fell from 7,200 to 3,600." in told.out


def test_comparisons_as_documents_have_amounts_as_text(run, company, folder):
    calculated_twice(run, folder)
    document = run("compare", f"{QUARTER}/1", QUARTER, "--json").document
    assert document["currencies"] == [
        {
            "currency": "EUR",
            "before": "3052.13",
            "after": "3280.88",
            "difference": "228.75",
            "causes": {"score": "228.75"},
        }
    ]
    assert document["changes"][0] == {
        "employee": "10417",
        "currency": "EUR",
        "before": "1786.50",
        "after": "1921.50",
        "difference": "135.00",
        "parts": [{"cause": "score", "metric": "income", "change": "135.00"}],
    }
    document = run("compare", f"{QUARTER}/1", QUARTER, "--person", "10417", "--json").document
    assert document["new"] == {"run": "2026-Q1/2", "employee": "10417"}
    assert document["changes"][0]["sentences"] == ["Operating income rose from 105.0 to 110.0."]


def test_a_workbook_of_the_changes_can_be_written(run, company, folder):
    calculated_twice(run, folder)
    told = run("compare", f"{QUARTER}/1", QUARTER, "--out", "changes.xlsx")
    assert told.out.splitlines()[-1] == "Written to changes.xlsx."
    assert (folder / "changes.xlsx").read_bytes()[:2] == b"PK"


def test_too_many_people_or_a_workbook_of_one_are_refused(run, company):
    for options in (["--person", "1"] * 3, ["--person", "1", "--out", "x.xlsx"]):
        told = run("compare", QUARTER, QUARTER, *options)
        assert (told.code, "Give --person at most twice" in told.err) == (2, True)


def test_comparing_what_there_is_not_is_told_in_words(run, company):
    assert "2026-Q1 has not been calculated." in run("compare", QUARTER, QUARTER).err
    run("calculate", QUARTER)
    assert "99 is not in run 2026-Q1/1" in run("compare", QUARTER, QUARTER, "--person", "99").err
