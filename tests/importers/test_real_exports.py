"""Exports that people made with real tools, and the figures that must come out of them."""

import csv
import io
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest

from comp.admission_people import person_problems
from comp.errors import RefusedError
from comp.intake import Kind
from comp.scores import STANDARD_QUESTIONS, Metric, Question, Statistic, sample
from importers.files import read_file
from importers.options import Options
from importers.tables import read_grid

LEGITIMACY = Question("legitimacy", 1, 6)
POLARISED = Question("polarised", 1, 5, labels=(("not polarized", 1), ("low polarized", 2), ("neutral", 3)))


@pytest.fixture
def read(shared):
    """Read a file of the folder of real exports as answers."""

    def reading(name, columns=None, questions=(), **options):
        options = Options(columns or {}, "LIS", questions=(*STANDARD_QUESTIONS, *questions), **options)
        return read_file(Kind.ANSWERS, (shared / "data" / name).read_bytes(), name, options)

    return reading


def tally(intake, question):
    return Counter(answer for record in intake.records for asked, answer in record.answers if asked == question)


def test_02_three_header_rows_the_second_in_german_are_one_response(read):
    intake = read("02_qualtrics_3header_localised_de.csv", {"Q1": "satisfaction", "Q2": "comment"})
    assert (intake.tool, intake.rows, intake.dropped, intake.problems) == ("qualtrics", 1, {}, ())
    (response,) = intake.records
    assert (response.key, str(response.answered_on)) == ("R_2YPOQ602ER1jkf1", "2017-07-18")
    assert (dict(response.answers), response.comment) == ({"satisfaction": 2}, "Hello World!")


def test_02b_the_older_layout_is_the_same_response_in_spite_of_its_phantom_column(read):
    intake = read(
        "variants/02b_qualtrics_legacy_V1_bom_trailing_comma.csv",
        {"This is a multiple choice question.": "satisfaction", "This is a free text question.": "comment"},
    )
    assert (intake.tool, intake.rows, intake.dropped, intake.problems) == ("qualtrics", 1, {}, ())
    newer = read("02_qualtrics_3header_localised_de.csv", {"Q1": "satisfaction", "Q2": "comment"})
    assert [replace(record, line=0) for record in intake.records] == [
        replace(record, line=0) for record in newer.records
    ]


NUMERIC = "03_qualtrics_3header_numeric_redacted.csv"
CHOICE_TEXT = "variants/03b_qualtrics_3header_choicetext_redacted.csv"
UTF16 = "variants/03c_qualtrics_tsv_utf16le_bom_DERIVED.tsv"


@pytest.mark.parametrize("name", [NUMERIC, CHOICE_TEXT, UTF16])
def test_03_has_156_responses_however_it_is_exported(read, name):
    intake = read(name)
    assert (intake.tool, intake.rows, intake.dropped, intake.problems) == ("qualtrics", 156, {}, ())
    assert len({record.key for record in intake.records}) == len(intake.records) == 156


def test_03_and_its_choice_texts_are_the_same_responses_on_the_same_days(read):
    def known(name):
        return {(record.key, record.answered_on) for record in read(name).records}

    assert known(NUMERIC) == known(CHOICE_TEXT) == known(UTF16)


def test_03_in_utf16_with_tabs_equals_03_answer_by_answer(read):
    told = {"legitimacy_1_1": "legitimacy", "polarization_1": "polarised", "QID35": "comment"}
    questions = (LEGITIMACY, POLARISED)
    assert read(UTF16, told, questions).records == read(NUMERIC, told, questions).records


def test_03_gives_the_tally_that_its_column_has(read, shared):
    intake = read(NUMERIC, {"legitimacy_1_1": "legitimacy"}, (LEGITIMACY,))
    rows = list(csv.reader(io.StringIO((shared / "data" / NUMERIC).read_text("utf-8-sig"), newline="")))
    place = rows[0].index("legitimacy_1_1")
    expected = Counter(int(row[place]) for row in rows[3:] if row[place])
    assert sum(expected.values()) > 100
    assert tally(intake, "legitimacy") == expected


def test_03_states_its_zone_so_that_days_are_the_companys(read):
    utc, denver = read(NUMERIC), read(NUMERIC, zone=ZoneInfo("America/Denver"))
    assert all("time zone" not in problem.why for problem in utc.warnings)
    assert [record.answered_on for record in utc.records] != [record.answered_on for record in denver.records]


def test_12_an_import_row_as_python_wrote_it_is_recognised_and_its_tests_are_left_out(read):
    intake = read("variants/12_qualtrics_2016_python_repr_importid.csv", {"QID1": "satisfaction"})
    assert (intake.tool, intake.rows) == ("qualtrics", 15)
    assert (intake.dropped, intake.records, intake.problems) == ({"Survey Test": 15}, (), ())


def test_12_minus_one_and_minus_two_are_missing(shared):
    content = (shared / "data/variants/12_qualtrics_2016_python_repr_importid.csv").read_bytes()
    as_customers = content.replace(b",1,2,", b",1,0,")
    options = Options(
        {"QID1": "expectation", "QID4-1": "mood"}, "LIS", questions=(*STANDARD_QUESTIONS, Question("mood", 1, 3))
    )
    intake = read_file(Kind.ANSWERS, as_customers, "12.csv", options)
    assert (intake.rows, intake.dropped, intake.problems, len(intake.records)) == (15, {}, (), 15)
    assert set(tally(intake, "expectation")) == set(tally(intake, "mood")) == {1, 2, 3}
    assert sum(tally(intake, "mood").values()) < 15


RECOMMEND = STANDARD_QUESTIONS[0]
SHOP = "01_retail_fr_nps_sat_intention_latin1.csv"


def test_01_names_the_bytes_that_are_in_no_encoding(read, shared):
    with pytest.raises(RefusedError) as caught:
        read(SHOP)
    lines = (shared / "data" / SHOP).read_bytes().split(b"\n")
    assert {problem.value for problem in caught.value.problems} == {"byte 0x90"}
    assert all(b"\x90" in lines[problem.line - 1] for problem in caught.value.problems)


def test_01_leaves_blanks_out_of_its_score_and_warns_of_its_scale(shared):
    """The file has no days and bytes in no encoding: both are mended here, and nothing else."""
    text = (shared / "data" / SHOP).read_bytes().replace(b"\x90", b"").decode("cp1252")
    header, *rows = csv.reader(io.StringIO(text, newline=""))
    mended = io.StringIO(newline="")
    csv.writer(mended).writerows([[*header, "answered_on"], *([*row, "2026-07-31"] for row in rows)])
    options = Options({"nps": "recommend"}, "FR", questions=(RECOMMEND, Question("satisfaction", 1, 10)))
    intake = read_file(Kind.ANSWERS, mended.getvalue().encode(), SHOP, options)
    result = sample(Metric("nps", Statistic.NPS, 4, question=RECOMMEND), tally(intake, "recommend"))
    assert (intake.rows, len(intake.records), result.answers, intake.problems) == (13_954, 13_954, 13_612, ())
    assert round(result.score, 4) == Fraction("53.4161")
    assert [str(warning) for warning in intake.warnings if warning.column == "nps"] == [
        "line 1, column nps: has no 0 among 13,612 answers. Is its scale 1 to 10? Then it is no Net Promoter scale."
    ]


def grid(shared, name):
    return read_grid((shared / "data" / name).read_bytes(), name)


def test_04_windows_1252_is_read_without_a_replacement_character(shared):
    rows = grid(shared, "04_surveymonkey_2header_cp1252_starwars.csv").rows
    letters = {letter for row in rows for text in row.cells for letter in text if not letter.isascii()}
    assert (len(rows) - 2, letters) == (1_186, {"æ", "Œ"})


def test_05_days_of_which_two_orders_fit_are_asked_about_and_then_in_november(read):
    score = "Dans quelle mesure, êtes-vous prêt(e)  à recommander cette marque auprès de vos proches ? "
    told = {"Horodateur": "answered_on", "Marque": "unit", score: "recommend"}
    asked = read("05_googleforms_fr_horodateur_brand_nps.csv", told)
    (problem,) = asked.problems
    assert problem.why.startswith("may mean 08 November 2021 (dmy) or 11 August 2021 (mdy)")
    intake = read("05_googleforms_fr_horodateur_brand_nps.csv", told, date_order="dmy")
    assert (intake.rows, len(intake.records), intake.problems) == (93, 93, ())
    assert {f"{record.answered_on:%Y-%m}" for record in intake.records} == {"2021-11"}
    assert sum(tally(intake, "recommend").values()) == 93


def test_10_columns_of_the_same_name_survive(shared):
    header, *rows = grid(shared, "10_typeform_2016_wide_multiselect_first1000.csv").rows
    assert (len(rows), header.cells.count("Other")) == (1_000, 4)


def test_11_a_federal_export_with_a_byte_order_mark_has_four_responses(shared):
    header, *rows = grid(shared, "variants/11_gsa_touchpoints_cx_bom.csv").rows
    assert (len(rows), header.cells[0]) == (4, "external_id")


def test_the_roster_has_89_rows_with_a_number_that_somebody_else_has(shared):
    name = "employee_roster_bu_bonus_exit.xlsx"
    columns = {"EEID": "employee", "Full Name": "name", "Business Unit": "unit", "Hire Date": "from"}
    pay = {"Exit Date": "left", "Annual Salary": "annual_salary", "Bonus %": "target_percent"}
    options = Options(columns | pay)
    intake = read_file(Kind.PEOPLE, (shared / "data/hr" / name).read_bytes(), name, options)
    assert (intake.rows, len(intake.records)) == (1_000, 1_000)
    assert [(problem.column, problem.line) for problem in intake.problems] == [("currency", 1)]
    people = [replace(record, currency="USD") for record in intake.records]
    problems = list(person_problems(people, {record.unit for record in people}, set(), {}))
    assert sum("stands for two people" in problem.why for problem in problems) == len(problems) == 89


def test_a_workbook_of_odd_types_is_read_as_a_person_would(shared):
    header, first, *_ = grid(shared, "hr/import_exotic_types.xlsx").rows
    assert header.cells[:4] == ["int as text", "Text formatting", "int as number", "float as number"]
    assert first.cells[:6] == ["1", "bananas", "123", "12.3", "1995-01-27", "27/01/95"]


@pytest.mark.parametrize(
    ("name", "rows", "hidden"),
    [("import_hidden_merged.xlsx", 10, (3, 2)), ("import_filters_hidden_rows_formulas.xlsx", 24, (10, 4))],
)
def test_hidden_rows_of_real_workbooks_are_read_and_told(shared, name, rows, hidden):
    read = grid(shared, f"hr/{name}")
    told = f"line {hidden[0]}: is hidden in the sheet and read like the others; hidden rows in all: {hidden[1]}."
    assert (len(read.rows), [str(warning) for warning in read.warnings]) == (rows, [told])
