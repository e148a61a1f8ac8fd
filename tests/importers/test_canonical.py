"""The product's own layouts: what is read, and what no row may leave out."""

from fractions import Fraction

import pytest

from comp.intake import Kind
from comp.periods import Span
from importers.canonical import fields_of
from importers.files import read_file

PAY = "annual_salary target_percent target_amount fte cost_centre"


def read(kind, *rows):
    return read_file(kind, "\n".join(rows).encode(), "file.csv")


def told(intake):
    return [str(problem) for problem in intake.problems]


@pytest.mark.parametrize(
    ("kind", "required", "optional"),
    [
        (Kind.UNITS, "unit name", "parent loyalty_lead currency"),
        (
            Kind.PEOPLE,
            "employee name unit from currency",
            f"to hired left leaving_reason email manager grade {PAY}",
        ),
        (Kind.ABSENCES, "employee from to kind", ""),
        (Kind.RESULTS, "unit quarter metric", "value answers promoters passives detractors"),
        (Kind.PERSONAL_RESULTS, "employee quarter metric value", ""),
        (Kind.TARGETS, "unit quarter metric target", ""),
    ],
)
def test_a_required_column_that_is_not_there_is_a_problem_and_an_optional_one_is_not(kind, required, optional):
    assert set(fields_of(kind)) == {*required.split(), *optional.split()}
    problems = read(kind, "something else", "x").problems
    assert {problem.column for problem in problems if problem.line == 1} == set(required.split())


def test_identifiers_keep_their_zeros():
    (person,) = read(
        Kind.PEOPLE,
        "employee,name,unit,from,currency,manager,cost_centre",
        "000123,Ana,007,2026-01-01,eur,0001,0010",
    ).records
    assert (person.employee, person.unit, person.manager, person.cost_centre) == ("000123", "007", "0001", "0010")
    assert person.currency == "EUR"


@pytest.mark.parametrize("last", ["Total,,,,", "TOTALS:,,,,", "Grand total,,,,", ",Summe,,,", "Gesamt,x,y,z,t"])
def test_a_row_of_totals_at_the_end_is_no_employee(last):
    intake = read(Kind.PEOPLE, "employee,name,unit,from,currency", "1,Ana,LIS,2026-01-01,EUR", last)
    assert (len(intake.records), intake.dropped, told(intake), intake.rows) == (1, {"row of totals": 1}, [], 2)


def test_a_person_called_total_is_an_employee():
    intake = read(Kind.PEOPLE, "employee,name,unit,from,currency", "1,Total,LIS,2026-01-01,EUR")
    assert (len(intake.records), intake.dropped) == (1, {})


def test_a_row_of_totals_in_the_middle_is_not_passed_over():
    rows = ("Total,,,,", "1,Ana,LIS,2026-01-01,EUR")
    assert len(told(read(Kind.PEOPLE, "employee,name,unit,from,currency", *rows))) == 4


def test_only_a_file_of_people_has_a_row_of_totals():
    assert read(Kind.UNITS, "unit,name", "LIS,Lisbon", "TOTAL,Everything").dropped == {}
    assert read(Kind.PEOPLE, "name,unit", "Total,x").dropped == {}


@pytest.mark.parametrize(
    ("fte", "share"), [("", "1"), ("1", "1"), ("0.8", "0.8"), ("80%", "0.8"), ("12,5 %", "0.125"), ("n/a", "1")]
)
def test_a_share_of_full_time_is_read(fte, share):
    (person,) = read(Kind.PEOPLE, "employee;name;unit;from;currency;fte", f"1;A;U;2026-01-01;EUR;{fte}").records
    assert person.fte == Fraction(share)


def test_a_share_of_full_time_with_a_sign_does_not_change_one_without():
    header = "employee,name,unit,from,currency,fte"
    people = read(Kind.PEOPLE, header, "1,A,U,2026-01-01,EUR,80%", "2,B,U,2026-01-01,EUR,1").records
    assert [person.fte for person in people] == [Fraction(4, 5), 1]


@pytest.mark.parametrize("fte", ["0", "1.5", "80", "120%", "-1"])
def test_a_share_of_full_time_that_cannot_be_is_a_problem(fte):
    (problem,) = read(Kind.PEOPLE, "employee,name,unit,from,currency,fte", f"1,A,U,2026-01-01,EUR,{fte}").problems
    assert problem.why == "is not a share of full time above 0 and up to 1, such as 0.8"


@pytest.mark.parametrize("field", ["annual_salary", "target_amount", "target_percent"])
def test_amounts_below_zero_are_problems(field):
    value = "-5%" if field == "target_percent" else "-5"
    (problem,) = read(
        Kind.PEOPLE, f"employee,name,unit,from,currency,{field}", f"1,A,U,2026-01-01,EUR,{value}"
    ).problems
    assert (problem.column, problem.why) == (field, "is below 0")


def test_a_row_whose_days_cannot_be_read_seems_to_overlap_nothing():
    rows = ("1,A,U,soon,,EUR", "1,A,U,2026-01-01,later,EUR", "1,A,U,2026-05-01,2026-01-01,EUR")
    intake = read(Kind.PEOPLE, "employee,name,unit,from,to,currency", *rows)
    assert {record.span.days for record in intake.records} == {0}
    assert len(told(intake)) == 3


def test_a_last_day_that_is_not_given_leaves_the_span_open():
    spans = [
        record.span.last.year
        for record in read(
            Kind.PEOPLE,
            "employee,name,unit,from,to,currency",
            "1,A,U,2026-01-01,,EUR",
            "2,B,U,2026-01-01,9999-12-31,EUR",
            "3,C,U,2026-01-01,2026-12-31,EUR",
        ).records
    ]
    assert spans == [9999, 9999, 2026]


@pytest.mark.parametrize("blank", ["", "n/a", "-"])
@pytest.mark.parametrize(
    ("kind", "header", "row", "field"),
    [
        (Kind.PEOPLE, "employee,name,unit,currency,from", "1,A,U,EUR", "from"),
        (Kind.ABSENCES, "employee,from,kind,to", "1,2026-01-01,unpaid", "to"),
        (Kind.RESULTS, "unit,metric,value,quarter", "U,nps,1", "quarter"),
        (Kind.PERSONAL_RESULTS, "employee,quarter,metric,value", "1,2026-Q1,calls", "value"),
        (Kind.PERSONAL_RESULTS, "employee,value,metric,quarter", "1,5,calls", "quarter"),
        (Kind.TARGETS, "unit,quarter,metric,target", "U,2026-Q1,nps", "target"),
    ],
)
def test_no_row_vanishes_because_a_number_or_a_day_says_nothing(kind, header, row, field, blank):
    assert [(problem.column, problem.why) for problem in read(kind, header, f"{row},{blank}").problems] == [
        (field, "is missing")
    ]


def test_a_unit_may_be_called_na():
    assert told(read(Kind.UNITS, "unit,name", "NA,North America")) == []


HEADER = "unit,quarter,metric,value,answers,promoters,passives,detractors"


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (",,,,", "value", "give either a value, or promoters, passives and detractors"),
        ("n/a,,,,", "value", "give either a value, or promoters, passives and detractors"),
        (
            "50,,6,2,1",
            "value",
            "stands beside counts of promoters, passives and detractors. Keep one of the two.",
        ),
        (",,6,2,", "detractors", "is missing: state all three of promoters, passives and detractors, 0 too"),
        (",,,,1", "promoters", "is missing: state all three of promoters, passives and detractors, 0 too"),
        (",12,6,2,1", "value", "12 answers are stated, but promoters, passives and detractors are 9."),
        (",,6.5,2,1", "promoters", "is not a whole number of at least 0"),
    ],
)
def test_a_result_is_a_value_or_three_counts(row, column, why):
    (problem,) = read(Kind.RESULTS, HEADER, f"LIS,2026-Q3,nps,{row}").problems
    assert (problem.column, problem.why) == (column, why)


def test_counts_of_zero_are_counts():
    (result,) = read(Kind.RESULTS, HEADER, "LIS,2026-Q3,nps,,9,9,0,0").records
    assert (result.groups, result.answers, result.value) == ((9, 0, 0), 9, None)


def test_a_stated_value_may_bear_a_percent_sign_and_a_sign():
    values = read(Kind.RESULTS, HEADER, "LIS,2026-Q3,ftf,86.5 %,,,,", "LIS,2026-Q3,income,-3,,,,").records
    assert [result.value for result in values] == [Fraction("86.5"), -3]


def test_the_last_day_of_an_absence_is_included():
    (absence,) = read(Kind.ABSENCES, "employee,from,to,kind", "1,2026-01-31,2026-01-31,sick").records
    assert absence.span.days == 1
    assert isinstance(absence.span, Span)
