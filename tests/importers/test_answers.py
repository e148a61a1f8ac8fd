"""Customers' answers: what is an answer, what is missing, and what is neither."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from comp.intake import Kind
from comp.scores import Question
from importers.files import read_file
from importers.options import Options

HEADER = "response,unit,answered_on"
ROW = "r{},LIS,2026-07-31"


def read(text, **options):
    return read_file(Kind.ANSWERS, text.encode(), "answers.csv", Options(**options))


def column(question, *cells, **options):
    rows = (f'{ROW.format(index)},"{cell}"' for index, cell in enumerate(cells))
    return read("\n".join([f"{HEADER},{question}", *rows]), **options)


def answers(question, *cells, **options):
    intake = column(question, *cells, **options)
    assert intake.problems == ()
    return [dict(record.answers).get(question) for record in intake.records]


def test_blanks_refusals_and_negative_codes_are_missing_and_never_zero():
    cells = [
        "",
        "NA",
        "n/a",
        "NULL",
        "-",
        "nan",
        "Don't know",
        "don’t know",
        "Not applicable",
        "No answer",
        "-99",
        "-1",
    ]
    assert answers("recommend", *cells, "0") == [*[None] * len(cells), 0]


def test_a_response_without_any_answer_is_kept_for_its_comment():
    (response,) = read(f"{HEADER},recommend,comment\n{ROW.format(1)},,Thank you\n").records
    assert (response.answers, response.comment) == ((), "Thank you")


@pytest.mark.parametrize(
    ("cell", "answer"),
    [
        ("10", 10),
        ("9.0", 9),
        ("07", 7),
        ("10 - Extremely likely", 10),
        ("0 = not at all", 0),
        ("8: likely", 8),
        ("5 (neutral)", 5),
        ("5.", None),
    ],
)
def test_an_answer_is_a_number_with_or_without_its_words(cell, answer):
    if answer is None:
        assert column("recommend", cell).problems
    else:
        assert answers("recommend", cell) == [answer]


@pytest.mark.parametrize(
    ("question", "cell", "scale"),
    [
        ("recommend", "11", "0 to 10"),
        ("recommend", "99", "0 to 10"),
        ("satisfaction", "0", "1 to 5"),
        ("satisfaction", "6", "1 to 5"),
        ("effort", "8 - easy", "1 to 7"),
    ],
)
def test_a_score_outside_its_scale_is_a_problem(question, cell, scale):
    (problem,) = column(question, "", cell).problems
    assert str(problem) == f"line 3, column {question} ({cell!r}): is outside the scale of {question}, {scale}"


@pytest.mark.parametrize("cell", ["good", "3.5", "4,5", "1e1", "３"])
def test_a_text_that_is_no_answer_says_how_to_make_it_one(cell):
    (problem,) = column("satisfaction", cell).problems
    assert problem.why == (
        "is not an answer to satisfaction, whose scale is 1 to 5. Give the text a label in the metrics file."
    )


def test_choice_texts_are_read_by_the_questions_labels():
    mood = Question("mood", -1, 1, labels=(("bad", -1), ("great", 1), ("so-so", 0)))
    assert answers("mood", "GREAT", "so-so", "Bad", "-1", questions=(mood,)) == [1, 0, -1, -1]
    (problem,) = column("mood", "-99", questions=(mood,)).problems
    assert problem.why == "is outside the scale of mood, -1 to 1"


def test_yes_and_no_answer_a_question_of_two_answers_and_no_other():
    assert answers("buy-only", "Yes", "no", "TRUE", "false", "1") == [1, 0, 1, 0, 1]
    assert column("recommend", "yes").problems


def test_many_answers_without_a_zero_are_warned_of_as_a_scale_of_1_to_10():
    ten = column("recommend", *["1", "10"] * 250)
    assert [str(each) for each in ten.warnings] == [
        "line 1, column recommend: has no 0 among 500 answers. Is its scale 1 to 10? Then it is no Net Promoter scale."
    ]
    assert column("recommend", *["1", "10"] * 249, "10").warnings == ()
    assert column("recommend", *["1", "10"] * 250, "0").warnings == ()
    assert column("satisfaction", *["1", "5"] * 250).warnings == ()


def test_a_file_without_any_question_is_warned_of():
    assert [str(each) for each in read(f"{HEADER}\n{ROW.format(1)}\n").warnings] == [
        "line 1: No column is a known question, so no score comes of this file. Map one, as in --map Q1=recommend."
    ]


def test_units_and_days_are_required_and_each_problem_says_what_to_do():
    unit, day = read("response,recommend\nr1,9\n").problems
    told = "is required in an answers file and is not there. Add the column, or"
    assert str(unit) == f"line 1, column unit: {told} give all rows one unit with --unit."
    assert str(day) == f"line 1, column answered_on: {told} map a column to it."


def test_one_unit_is_given_to_all_rows_that_name_none():
    text = "response,unit,answered_on,recommend\nr1,,2026-07-31,9\nr2,POR,2026-07-31,9\n"
    assert [record.unit for record in read(text, unit="LIS").records] == ["LIS", "POR"]
    assert [(each.line, each.why) for each in read(text).problems] == [(2, "is missing")]
    without = "response,answered_on,recommend\nr1,2026-07-31,9\n"
    assert [record.unit for record in read(without, unit="LIS").records] == ["LIS"]


@pytest.mark.parametrize("blank", ["", "n/a"])
def test_a_response_without_a_day_does_not_vanish(blank):
    intake = read(f"{HEADER},recommend\nr1,LIS,{blank},9\n")
    assert [str(each).partition(" (")[0].partition(":")[0] for each in intake.problems] == [
        "line 2, column answered_on"
    ]


def test_a_moment_counts_for_the_day_in_the_companys_zone():
    text = "response,unit,answered_on,recommend\nr1,LIS,2026-06-30T23:30:00Z,9\n"
    (response,) = read(text, zone=ZoneInfo("Europe/Lisbon")).records
    assert response.answered_on == date(2026, 7, 1)


def test_the_order_of_days_is_told_with_an_option():
    text = "response,unit,answered_on,recommend\nr1,LIS,03/04/2026,9\n"
    assert read(text).problems
    assert read(text, date_order="mdy").problems == ()
    assert read(text, date_order="mdy").records[0].answered_on == date(2026, 3, 4)


def test_rows_without_an_id_are_known_by_their_content_and_how_often_it_came():
    text = "unit,answered_on,recommend\nLIS,2026-07-31,9\nLIS,2026-07-31,9\nLIS,2026-07-31,8\n"
    first, second, third = (record.key for record in read(text).records)
    assert first.endswith(":1")
    assert second == f"{first[:-1]}2"
    assert third.endswith(":1")
    assert third != first
    assert [record.key for record in read(text).records] == [first, second, third]


def test_control_characters_in_a_comment_are_read_as_blanks_and_told():
    text = f"{HEADER},comment\n{ROW.format(1)},first\x0bsecond\n{ROW.format(2)},fine\n"
    intake = read(text)
    assert [record.comment for record in intake.records] == ["first second", "fine"]
    assert "line 2, column comment: has control characters, which are read as blanks." in map(str, intake.warnings)


def test_a_comment_may_start_as_it_likes():
    intake = read(f"{HEADER},recommend,comment\n{ROW.format(1)},9,=great\n")
    assert (intake.records[0].comment, intake.warnings) == ("=great", ())
