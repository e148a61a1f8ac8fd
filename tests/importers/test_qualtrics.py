"""Qualtrics exports: recognised by what is in them, whatever row it is in."""

import json

import pytest

from comp.intake import Kind
from importers.files import read_file
from importers.options import Options

FIELDS = ("EndDate", "Status", "ResponseId", "Q1", "Q2")
IDS = tuple(json.dumps({"ImportId": each}) for each in ("endDate", "status", "_recordId", "QID1", "QID2"))
ROW = ("2026-07-31 10:00:00", "0", "R_1", "9", "5")


def export(*rows, **options):
    """An export of rows of cells, read with `Q1` as the recommendation and all rows of one unit."""
    text = "\n".join("\t".join(row) for row in rows)
    told = {"columns": {"Q1": "recommend"}, "unit": "LIS", **options}
    return read_file(
        Kind.ANSWERS, text.replace('"', '""').replace("{", '"{').replace("}", '}"').encode(), "q.tsv", Options(**told)
    )


def told(problems):
    return [str(problem) for problem in problems]


def three_rows(*rows, ids=IDS, **options):
    return export(FIELDS, FIELDS, ids, *rows, **options)


def test_three_header_rows_are_no_responses():
    intake = three_rows(ROW)
    assert (intake.tool, intake.rows, [record.key for record in intake.records]) == ("qualtrics", 1, ["R_1"])


def test_a_fourth_header_row_is_none_either():
    assert export(FIELDS, FIELDS, FIELDS, IDS, ROW).rows == 1


def test_a_table_that_only_mentions_an_import_id_is_no_export():
    intake = export(("unit", "answered_on", "Q1"), ("LIS", "2026-07-31", "9"), ("ImportId", "2026-07-31", "9"))
    assert intake.tool == "loyaltypay"


@pytest.mark.parametrize("name", ["Q1", "QID1", "How likely?"])
def test_a_column_is_mapped_by_its_name_its_import_id_or_its_label(name):
    labels = ("End Date", "Type", "Id", "How likely?", "How satisfied?")
    intake = export(FIELDS, labels, IDS, ROW, columns={name: "recommend"})
    assert dict(intake.records[0].answers) == {"recommend": 9}


def test_a_mapping_of_a_column_that_is_not_there_is_a_problem():
    assert told(three_rows(ROW, columns={"Q9": "recommend"}).problems) == [
        "line 1, column Q9: is mapped, but the file has no such column."
    ]


def test_the_recorded_day_counts_where_there_is_no_end_and_a_mapped_day_before_both():
    fields = ("StartDate", "RecordedDate", "ResponseId", "Q1", "Q2")
    row = ("2026-06-30 10:00:00", "2026-07-01 10:00:00", "R_1", "9", "5")
    assert str(export(fields, fields, IDS, row).records[0].answered_on) == "2026-07-01"
    mapped = {"Q1": "recommend", "StartDate": "answered_on"}
    assert str(export(fields, fields, IDS, row, columns=mapped).records[0].answered_on) == "2026-06-30"


def test_a_system_column_may_be_mapped_to_something_else():
    fields = ("EndDate", "RecipientEmail", "ResponseId", "Q1", "Q2")
    row = ("2026-07-31 10:00:00", "LIS", "R_1", "9", "5")
    mapped = {"Q1": "recommend", "RecipientEmail": "unit"}
    (response,) = export(fields, fields, IDS, row, columns=mapped, unit=None).records
    assert (response.unit, response.customer) == ("LIS", "")


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("1", "Survey Preview"),
        ("2", "Survey Test"),
        ("8", "Spam"),
        ("9", "Survey Preview Spam"),
        ("12", "Imported Spam"),
        ("17", "Offline Survey Preview"),
        ("40", "EX Spam"),
        ("Survey Preview", "Survey Preview"),
        ("Spam", "Spam"),
    ],
)
def test_previews_tests_and_spam_are_left_out_and_counted(status, reason):
    left_out = (ROW[0], status, "R_2", "0", "1")
    intake = three_rows(ROW, left_out, left_out)
    assert (intake.rows, intake.dropped) == (3, {reason: 2})
    assert [record.key for record in intake.records] == ["R_1"]


@pytest.mark.parametrize("status", ["0", "32", "48", "IP Address", ""])
def test_answers_of_customers_stay(status):
    intake = three_rows((ROW[0], status, *ROW[2:]))
    assert (intake.dropped, len(intake.records)) == ({}, 1)


@pytest.mark.parametrize("status", ["4", "16", "Imported", "Offline"])
def test_answers_that_an_employee_could_have_entered_stay_and_are_told(status):
    intake = three_rows(ROW, (ROW[0], status, "R_2", "10", "5"))
    assert len(intake.records) == 2
    assert intake.warnings[0].why == (
        "Imported or entered offline, as an employee can do: 1 of the responses. Check their source."
    )


def test_an_export_of_nothing_but_tests_says_so_and_is_no_error():
    intake = three_rows((ROW[0], "2", "R_1", "", ""))
    assert (intake.rows, intake.records, intake.dropped, intake.problems) == (1, (), {"Survey Test": 1}, ())


def test_an_export_without_a_status_keeps_every_row():
    fields = ("EndDate", "Mood", "ResponseId", "Q1", "Q2")
    assert len(export(fields, fields, IDS, (ROW[0], "1", *ROW[2:])).records) == 1


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Denver", "2026-08-01"),
        ("UTC", "2026-07-31"),
        ("Mars/Olympus", "2026-07-31"),
        ("America", "2026-07-31"),
        ("../../etc/passwd", "2026-07-31"),
        ("x" * 5_000, "2026-07-31"),
        (7, "2026-07-31"),
    ],
)
def test_moments_are_in_the_zone_of_the_import_ids(zone, day):
    ids = (json.dumps({"ImportId": "endDate", "timeZone": zone}), *IDS[1:])
    intake = three_rows(("2026-07-31 23:00:00", *ROW[1:]), ids=ids)
    assert str(intake.records[0].answered_on) == day
    assert bool(intake.warnings) is (zone not in {"America/Denver", "UTC"})


def test_an_export_that_states_no_zone_is_warned_of():
    assert told(three_rows(ROW).warnings) == [
        "line 1: The export states no time zone: each answer counts for the day that the file writes."
    ]


@pytest.mark.parametrize(
    "import_id", ["{'ImportId': 'QID1'}", '{"ImportId": "QID1"}', "{'ImportId'}", '{"ImportId": ' + "[" * 50_000 + "}"]
)
def test_import_ids_are_read_as_json_as_python_wrote_them_or_not_at_all(import_id):
    intake = three_rows(ROW, ids=(*IDS[:3], import_id, IDS[4]), columns={"QID1": "recommend"})
    assert bool(intake.records[0].answers) is ("QID1" in import_id)


def test_the_older_layout_has_its_names_in_the_second_row():
    columns = ("V1", "V2", "V3", "Q1")
    names = ("ResponseID", "EndDate", "Status", "How likely?")
    intake = export(columns, names, ("R_1", "2016-07-18 08:28:48", "0", "9"), columns={"How likely?": "recommend"})
    assert (intake.tool, intake.records[0].key, dict(intake.records[0].answers)) == (
        "qualtrics",
        "R_1",
        {"recommend": 9},
    )


def test_a_table_that_begins_with_v1_is_not_yet_the_older_layout():
    assert export(("V1", "unit"), ("x", "LIS")).tool == "loyaltypay"


@pytest.mark.parametrize(
    ("score", "group", "fits"),
    [
        ("6", "1", True),
        ("6", "Detractor", True),
        ("7", "2", True),
        ("8", "Neutral", True),
        ("8", "Passive", True),
        ("9", "3", True),
        ("10", "Promoter", True),
        ("9", "2", False),
        ("6", "Promoter", False),
        ("7", "1", False),
        ("", "1", True),
        ("9", "", True),
    ],
)
def test_a_group_that_is_not_the_scores_is_a_problem(score, group, fits):
    fields = ("EndDate", "Q1_NPS_GROUP", "ResponseId", "Q1", "Q2")
    problems = export(fields, fields, IDS, (ROW[0], group, "R_1", score, "")).problems
    expected = f"is not the group of a score of {score}. One of the two columns is wrong."
    assert [problem.why for problem in problems] == ([] if fits else [expected])
