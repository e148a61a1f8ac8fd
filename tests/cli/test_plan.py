"""`plan check | import | export | publish`."""

from tests.cli.commands import stored
from tests.cli.company import PLAN


def write(folder, text):
    (folder / "plan.yaml").write_text(text, encoding="utf-8")


def test_a_sound_plan_is_called_sound_and_its_examples_are_counted(run, company):
    before = stored(company)
    told = run("plan", "check", "plan.yaml")
    assert (told.code, told.err) == (0, "")
    assert told.out.endswith("\nservice@2026-01-01 is sound. Its worked examples come out (1).\n")
    assert stored(company) == before


def test_findings_stand_at_their_places_with_what_to_change_and_the_odds_of_units(run, company, folder):
    write(folder, PLAN.replace("[[0, 50%]", "[[25, 50%]"))
    told = run("plan", "check", "plan.yaml")
    assert told.code == 0
    lines = told.out.splitlines()
    assert lines[0] == "Warnings: think about these, and say why they stay when you submit the plan."
    here = lines.index("  components[0].measures[0].curve · cliff")
    assert "At 25 attainment jumps from 0\u202f% to 50\u202f%: a cliff of 25\u202f% of the target." in lines[here + 1]
    assert lines[here + 2].startswith("    To change: Begin the line at 0\u202f% (`shape: linear`)")
    assert lines[here + 3].startswith(
        "      LIS: 20 answers of a quarter, 5.0 points past 25: misses it by bad luck in"
    )


def test_errors_come_first_and_stop(run, company, folder):
    write(folder, PLAN.replace("pay_code: LOYQ\n", ""))
    told = run("plan", "check", "plan.yaml")
    assert (told.code, told.err) == (1, "plan.yaml cannot pay anybody as it stands.\n")
    assert told.out.startswith("Errors: with these the plan cannot be submitted.\n\n  pay_code · no-pay-code\n")
    assert "\nWarnings: " in told.out


def test_findings_are_printed_as_one_document(run, company, folder):
    write(folder, PLAN.replace("pay_code: LOYQ\n", "").replace("[[0, 50%]", "[[25, 50%]"))
    told = run("plan", "check", "plan.yaml", "--json")
    assert told.code == 1
    assert told.document["plan"] == "service@2026-01-01"
    first = told.document["findings"][0]
    assert (first["check"], first["severity"], first["path"]) == ("no-pay-code", "error", "pay_code")
    assert first["change"] == "State the code under which payroll books it."
    cliff = next(each for each in told.document["findings"] if "odds" in each)
    assert cliff["odds"][0]["unit"] == "LIS"
    write(folder, "- a list\n")
    assert run("plan", "check", "plan.yaml", "--json").document["plan"] is None


def test_a_stored_version_is_checked_by_its_name(run, company):
    told = run("plan", "check", "service@2026-01-01")
    assert told.out.endswith("service@2026-01-01 is sound. Its worked examples come out (1).\n")


def test_what_is_no_file_and_no_plan_is_told(run, company):
    told = run("plan", "check", "nothing")
    assert (told.code, told.err) == (1, "There is no plan nothing. Plans: service@2026-01-01.\n")


def test_what_is_doubtful_is_told_and_does_not_stop(run, company, folder):
    write(folder, PLAN[: PLAN.index("examples:")])
    told = run("plan", "check", "plan.yaml")
    assert told.code == 0
    assert told.out.endswith("\nservice@2026-01-01 is sound. It has no worked example.\n")
    assert "  examples · example-missing\n    No worked example proves the plan.\n" in told.out


def test_without_a_database_the_document_alone_is_checked_and_that_is_said(run, folder):
    write(folder, PLAN)
    told = run("plan", "check", "plan.yaml")
    assert (told.code, told.out) == (0, "service@2026-01-01 can be read and is complete.\n")
    assert told.err == (
        "There is no database here that is ready: the names of units and metrics, and the worked examples, were not "
        "checked.\n"
    )
    assert not (folder / "home").exists()


def test_without_a_database_a_plan_for_nobody_is_refused_all_the_same(run, folder):
    write(folder, PLAN.replace("applies_to: {units: [ALL]}\n", ""))
    told = run("plan", "check", "plan.yaml")
    assert told.code == 1
    assert "  applies_to · no-scope\n    The plan does not say whom it pays.\n" in told.out
    assert told.err == "plan.yaml cannot pay anybody as it stands.\n"


def test_a_document_that_is_no_plan_is_refused_without_a_database_too(run, folder):
    write(folder, "- a list\n")
    told = run("plan", "check", "plan.yaml")
    assert told.code == 1
    assert told.err.endswith("plan.yaml cannot pay anybody as it stands.\n")


def test_a_draft_is_stored_and_the_way_to_publish_it_told(run, company, folder):
    write(folder, PLAN.replace("2026-01-01", "2027-01-01"))
    told = run("plan", "import", "plan.yaml")
    assert told.out == (
        "service@2027-01-01 is stored as a draft. Publish it with `loyaltypay plan publish service@2027-01-01`.\n"
    )
    told = run("plan", "publish", "service@2027-01-01")
    assert told.out == "service@2027-01-01 is published: it pays from 2027-01-01 on.\n"


def test_a_file_is_imported_and_published_in_one_step_with_its_warnings(run, company, folder):
    write(folder, PLAN[: PLAN.index("examples:")].replace("2026-01-01", "2027-01-01"))
    told = run("plan", "publish", "plan.yaml")
    assert (told.code, told.out) == (0, "service@2027-01-01 is published: it pays from 2027-01-01 on.\n")
    assert told.err.startswith("  warning: ")


def test_a_published_version_cannot_be_replaced_or_published_again(run, company):
    before = stored(company)
    again = run("plan", "import", "plan.yaml")
    assert (again.code, again.err) == (
        1,
        "service@2026-01-01 is published and cannot change. Give the new version another start date (`starts`).\n",
    )
    twice = run("plan", "publish", "service")
    assert (twice.code, twice.err) == (1, "service@2026-01-01 is published already.\n")
    assert stored(company) == before


def test_whoever_wrote_a_plan_does_not_publish_it(run, company, folder, monkeypatch):
    monkeypatch.setenv("LOYALTYPAY_ACTOR", "ines@company.example")
    write(folder, PLAN.replace("2026-01-01", "2027-01-01"))
    run("plan", "import", "plan.yaml")
    told = run("plan", "publish", "service")
    assert (told.code, told.err) == (1, "service@2027-01-01 is a draft. Submit it first.\n")
    told = run("plan", "submit", "service", "--because", "agreed")
    assert told.out == "service@2027-01-01 is submitted. Somebody else publishes it, or sends it back.\n"
    told = run("plan", "publish", "service")
    assert told.code == 1
    assert told.err == (
        "service@2027-01-01 was written or submitted by ines@company.example. Somebody else must publish it.\n"
    )
    monkeypatch.setenv("LOYALTYPAY_ACTOR", "rui@company.example")
    assert run("plan", "publish", "service").code == 0


def test_a_draft_with_errors_is_stored_and_told_and_neither_submitted_nor_published(run, company, folder):
    write(folder, PLAN.replace("2026-01-01", "2027-01-01").replace("units: [ALL]", "units: [NOWHERE]"))
    told = run("plan", "import", "plan.yaml")
    assert (told.code, told.out) == (
        0,
        "service@2027-01-01 is stored as a draft. It cannot be submitted before its errors are mended.\n",
    )
    assert told.err.startswith("  error: applies_to: 'NOWHERE' is not a unit.")
    for act, word in (("submit", "submitted"), ("publish", "published")):
        told = run("plan", act, "service@2027-01-01")
        assert told.code == 1
        assert f"service@2027-01-01 cannot be {word}." in told.err
        assert "applies_to: 'NOWHERE' is not a unit." in told.err


def test_a_document_that_cannot_be_read_is_not_imported(run, company, folder):
    before = stored(company)
    write(folder, PLAN.replace("share: 50%", "share: 49%").replace("2026-01-01", "2027-01-01"))
    told = run("plan", "import", "plan.yaml")
    assert (told.code, told.out) == (1, "")
    assert "The plan was not stored: it cannot pay anybody as it stands." in told.err
    assert stored(company) == before


def test_warnings_need_words_before_a_plan_is_submitted(run, company, folder):
    write(folder, PLAN[: PLAN.index("examples:")].replace("2026-01-01", "2027-01-01"))
    run("plan", "import", "plan.yaml")
    told = run("plan", "submit", "service@2027-01-01")
    assert told.code == 1
    assert "Say of each why the plan is right all the same, or mend it." in told.err
    told = run("plan", "submit", "service@2027-01-01", "--because", "agreed with the council")
    assert told.code == 0
    assert told.err.startswith("  warning: ")


def test_a_published_plan_that_no_run_has_used_is_withdrawn_and_its_start_is_free_again(run, company, folder):
    told = run("plan", "withdraw", "service@2026-01-01", "--because", "agreed otherwise")
    assert told.out == ("service@2026-01-01 is withdrawn: it pays nobody. Its start is free for another version.\n")
    assert run("plan", "withdraw", "service@2026-01-01", "--because", "again").err == (
        "service@2026-01-01 is withdrawn already.\n"
    )
    assert run("plan", "publish", "plan.yaml").code == 0


def test_a_plan_is_not_withdrawn_without_a_reason(run, company):
    assert run("plan", "withdraw", "service").code == 2
    told = run("plan", "withdraw", "service", "--because", " ")
    assert (told.code, told.err) == (1, "Say why service@2026-01-01 is withdrawn: who wrote it reads it.\n")


def test_two_versions_are_compared_in_words(run, company, folder):
    write(folder, PLAN.replace("2026-01-01", "2027-01-01"))
    run("plan", "import", "plan.yaml")
    told = run("plan", "compare", "service@2026-01-01", "service@2027-01-01")
    assert (told.code, told.out) == (0, "The plan: pays from 1 January 2026 → 1 January 2027\n")
    told = run("plan", "compare", "service@2026-01-01", "service@2026-01-01")
    assert told.out == "Nothing differs between service@2026-01-01 and service@2026-01-01.\n"


def test_an_exported_plan_imports_as_the_same_plan(run, company, folder):
    first = run("plan", "export", "service").out
    write(folder, first.replace("2026-01-01", "2027-01-01"))
    run("plan", "import", "plan.yaml")
    told = run("plan", "export", "service@2027-01-01", "--out", "out.yaml")
    assert told.out == "Written to out.yaml.\n"
    assert (folder / "out.yaml").read_text("utf-8") == first.replace("2026-01-01", "2027-01-01")


def test_a_plan_that_there_is_not_is_refused_with_those_that_there_are(run, company):
    told = run("plan", "export", "nobody")
    assert (told.code, told.err) == (1, "There is no plan nobody. Plans: service@2026-01-01.\n")


def test_a_plan_cannot_be_written_where_there_is_no_folder(run, company):
    told = run("plan", "export", "service", "--out", "nowhere/plan.yaml")
    assert (told.code, told.out) == (1, "")
    assert told.err.startswith("nowhere/plan.yaml cannot be written: No such file or directory.")


def test_a_plan_cannot_be_written_over_a_folder(run, company):
    told = run("plan", "export", "service", "--out", ".")
    assert told.code == 2
    assert "File '.' is a directory." in told.err
