"""The rows of payroll files: amounts that add up to the run, under the codes of the maps, and what the maps lack."""

from datetime import date

import pytest

from comp.calculate import calculate
from comp.errors import Problem
from comp.facts import Unit
from comp.money import Money
from comp.organisation import Organisation
from comp.payroll_maps import Companies, CompanyRule, PayrollMaps
from comp.payroll_rows import Batch, make_rows, people_text
from comp.periods import Quarter, Span
from tests.booked import earned_lines
from tests.exports.payroll_cases import layout_document, layout_of
from tests.make import person, plan_document, scenario

BATCH = Batch(Quarter(2025, 3), Span(date(2025, 7, 1), date(2025, 10, 1)), 1, date(2025, 10, 28), "25Q3R1")
UNITS = [Unit("TOP", "Top"), Unit("U", "Unit", "TOP"), Unit("V", "Other", "U")]
CODED = [*layout_document()["columns"], {"field": "pay_code"}, {"field": "company_code"}]
EVERYBODY = CompanyRule("ALL")


def rows(layout, *rules, people=None, plans=None, **maps):
    """The rows of a small company, whose one pay code LOY is B unless said."""
    named = {
        "people": people or [person()],
        "units": [{"unit": u.code, "name": u.name, "parent": u.parent} for u in UNITS],
    }
    results = [{"unit": unit, "quarter": "2025-Q3", "metric": "k", "value": "100"} for unit in ("U", "V", "TOP")]
    run = calculate(scenario(**named, results=results, **({"plans": plans} if plans else {})).facts)
    assert not run.held
    made = PayrollMaps(**{"pay_codes": {"LOY": "B"}, **maps})
    return make_rows(layout, earned_lines(run), BATCH, made, Companies(rules, Organisation(UNITS)))


def moved(unit="V", **fields):
    """Somebody who is in U for 45 days and then elsewhere for 47."""
    common = {"currency": "EUR", "target_amount": "4000"}
    first = {"unit": "U", "from": "2020-01-01", "to": "2025-08-14", **common}
    second = {"unit": unit, "from": "2025-08-15", **common, **fields}
    return person("1", assignments=[first, second])


def said(made):
    return [(row.employee, row.company_code, row.cost_centre, str(row.amount)) for row in made.rows]


def test_a_row_has_what_the_maps_say():
    (row,) = rows(layout_of(columns=CODED), EVERYBODY, numbers={"1": "0077"}).rows
    assert row.payroll_number == "0077"
    assert (row.plan_pay_code, row.pay_code, row.company_code) == ("LOY", "B", "ALL")
    assert row.amount == Money(100000, "EUR")


def test_without_numbers_of_its_own_payroll_knows_people_by_hrs():
    assert rows(layout_of()).rows[0].payroll_number == "1"


def test_names_have_no_line_ends_in_them():
    assert rows(layout_of(), people=[person(name="Ann\r\n\tB\x0bO")]).rows[0].name == "Ann B O"


def test_a_person_has_one_row_for_each_pay_code_unless_cost_centres_are_kept():
    somebody = [moved("U", cost_centre="C2")]
    assert said(rows(layout_of(), people=somebody)) == [("1", "", "", "1000.00")]
    columns = [*layout_document()["columns"], {"field": "cost_centre"}]
    kept = rows(layout_of(columns=columns, rows={"one_for": "cost centre"}), people=somebody)
    assert said(kept) == [("1", "", "", "489.13"), ("1", "", "C2", "510.87")]


def test_a_person_who_moves_between_companies_is_paid_by_both_to_the_cent():
    made = rows(layout_of(columns=CODED), CompanyRule("A1", unit="U"), CompanyRule("B2", unit="V"), people=[moved()])
    assert said(made) == [("1", "A1", "", "489.13"), ("1", "B2", "", "510.87")]


def test_plans_under_one_code_are_added_up_unless_the_file_names_the_plans_code():
    plans = [
        plan_document(applies_to={"units": ["U"]}),
        plan_document(id="q", pay_code="LOX", applies_to={"units": ["V"]}),
    ]
    codes = {"LOY": "B", "LOX": "B"}
    together = rows(layout_of(columns=CODED), EVERYBODY, plans=plans, people=[moved()], pay_codes=codes)
    assert said(together) == [("1", "ALL", "", "1000.00")]
    apart = layout_of(columns=[*layout_document()["columns"], {"field": "plan_pay_code"}])
    named = rows(apart, plans=plans, people=[moved()], pay_codes=codes).rows
    assert [(row.plan_pay_code, str(row.amount)) for row in named] == [("LOY", "489.13"), ("LOX", "510.87")]


def test_rows_of_zero_are_left_out_and_counted_unless_they_are_written():
    nothing = [person(from_="2025-09-30"), person("2")]
    plans = [plan_document(eligibility={"minimum_days": "30"})]
    made = rows(layout_of(), people=nothing, plans=plans)
    assert (said(made), made.left_out) == ([("2", "", "", "1000.00")], 1)
    written = rows(layout_of(rows={"zero": "write"}), people=nothing, plans=plans)
    assert (len(written.rows), written.left_out) == (2, 0)


def test_a_minus_sign_for_a_company_code_leaves_people_to_another_system():
    rule = CompanyRule("-", unit="V")
    made = rows(layout_of(), rule, people=[person(), person("2", unit="V")])
    assert [row.employee for row in made.rows] == ["1"]
    assert [(row.employee, row.amount) for row in made.elsewhere] == [("2", Money(100000, "EUR"))]


def test_what_the_maps_lack_is_told_with_counts_and_names():
    people = [person(str(number), unit="V" if number > 6 else "U", cost_centre="C") for number in range(1, 8)]
    layout = layout_of(columns=CODED)
    made = rows(layout, CompanyRule("A", unit="V"), people=people, pay_codes={}, numbers={"1": "9"})
    first, others = (", ".join(f"{n} Person {n}" for n in range(start, start + 5)) for start in (1, 2))
    assert made.refused == (
        Problem(f"has no code in Small: 7 people ({first} and 2 more).", "pay code LOY"),
        Problem(f"has no company code: 6 people ({first} and 1 more).", "unit U, cost centre C, EUR"),
        Problem(f"The map of employee numbers lacks 6 people ({others} and 1 more).", "employee numbers"),
    )


def test_a_plan_without_a_pay_code_is_named_as_such():
    made = rows(layout_of(columns=CODED), EVERYBODY, plans=[plan_document(pay_code="")])
    assert made.refused == (Problem("has no code in Small: 1 person (1 Person 1).", "plans without a pay code"),)
    sound = rows(layout_of(columns=CODED), EVERYBODY, plans=[plan_document(pay_code="")], pay_codes={"": "B"})
    assert sound.refused == ()


def test_nobody_who_gets_nothing_keeps_a_file_from_being_made():
    plans = [plan_document(eligibility={"minimum_days": "365"})]
    made = rows(layout_of(columns=CODED), plans=plans, pay_codes={}, numbers={"9": "9"})
    assert (made.rows, made.refused, made.left_out) == ((), (), 1)
    writes = layout_of(columns=CODED, rows={"zero": "write"})
    assert len(rows(writes, plans=plans, pay_codes={}, numbers={"9": "9"}).refused) == 3


@pytest.mark.parametrize(
    ("rules", "asked", "code"),
    [
        ([], ("V", "EUR", ""), ""),
        ([CompanyRule("A")], ("V", "EUR", "C"), "A"),
        ([CompanyRule("A"), CompanyRule("B", unit="TOP")], ("V", "EUR", "C"), "B"),
        ([CompanyRule("A", unit="U"), CompanyRule("B", unit="TOP")], ("V", "EUR", ""), "A"),
        ([CompanyRule("A", unit="V"), CompanyRule("B", unit="U")], ("V", "EUR", ""), "A"),
        ([CompanyRule("A", unit="U"), CompanyRule("B", unit="V", currency="JPY")], ("V", "EUR", ""), "A"),
        ([CompanyRule("A", unit="U"), CompanyRule("B", unit="V", currency="JPY")], ("V", "JPY", ""), "B"),
        ([CompanyRule("A", unit="V"), CompanyRule("B", cost_centre="C")], ("V", "EUR", "C"), "B"),
        ([CompanyRule("A", unit="V"), CompanyRule("B", cost_centre="C")], ("V", "EUR", "D"), "A"),
        ([CompanyRule("A", currency="EUR"), CompanyRule("B")], ("V", "EUR", ""), "A"),
        ([CompanyRule("A", unit="GONE"), CompanyRule("B")], ("GONE", "EUR", ""), "A"),
        ([CompanyRule("A", unit="TOP"), CompanyRule("B")], ("GONE", "EUR", ""), "B"),
    ],
)
def test_a_cost_centre_comes_first_then_the_nearest_unit_then_the_currency(rules, asked, code):
    companies = Companies(rules, Organisation(UNITS))
    assert [companies.code(*asked), companies.code(*asked)] == [code, code]


def test_a_person_is_named_once():
    assert people_text([("1", "Ann"), ("1", "Ann")]) == "1 person (1 Ann)"
    assert people_text([("1", "")]) == "1 person (1)"
