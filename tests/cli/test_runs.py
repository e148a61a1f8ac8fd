"""`run list` and `run replay`."""

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
