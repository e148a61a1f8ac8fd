"""What the workbook says in all, against the rows of the run in the database."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from comp.db import Engine, reading
from comp.errors import NotFoundError
from comp.models import RunPayoutRow
from comp.money import Money
from comp.services import payroll
from comp.sheets import PayrollLine, PayrollSheets, Total, control_totals
from comp.store.bulk import columns_of
from tests.exports.books import sheets
from tests.make import person, plan_document
from tests.stored import EVERYBODY, NOW, Q3, calculated, company, publish

PEOPLE = """
    employee,name,unit,from,to,target_amount,currency,cost_centre
    0007,Ann,U,2020-01-01,,4001.01,EUR,A
    0008,Bob,U,2020-01-01,2025-08-14,4000.03,EUR,A
    0008,Bob,V,2025-08-15,,4000.03,EUR,B
    9,Cem,V,2020-01-01,,777777,JPY,
    10,Dia,V,2020-01-01,,1234.567,KWD,C
"""


@pytest.fixture
def stored(engine: Engine) -> PayrollSheets:
    """What the workbook of a stored run with three currencies is made of."""
    company(engine, people=PEOPLE)
    publish(engine)
    calculated(engine)
    with reading(engine) as session:
        return payroll.payroll_sheets(session, EVERYBODY, Q3, NOW)


def test_control_totals_agree_with_the_database(engine, stored):
    table = columns_of(RunPayoutRow)
    query = select(table.currency, func.count(), func.sum(table.amount_minor)).group_by(table.currency)
    with reading(engine) as session:
        rows = {currency: (people, int(minor)) for currency, people, minor in session.execute(query)}
    assert rows == {"EUR": (2, 174482), "JPY": (1, 97222), "KWD": (1, 154321)}
    assert {total.amount.currency: (total.people, total.amount.minor) for total in stored.totals} == rows


def test_lines_are_one_for_each_person_pay_code_and_cost_centre_and_add_up(stored):
    """Bob earns 1,000.0075 × 45 ÷ 92 at 100 % and × 47 ÷ 92 at 50 %: 744.57 in two cost centres."""
    assert [(line.employee, line.cost_centre, str(line.amount)) for line in stored.lines] == [
        ("0007", "A", "1000.25"),
        ("0008", "A", "489.13"),
        ("0008", "B", "255.44"),
        ("10", "C", "154.321"),
        ("9", "", "97222"),
    ]
    assert stored.totals[0] == Total("LOY", 2, 3, Money(174482, "EUR"))
    assert stored.people == 4


def test_the_batch_is_named_by_quarter_and_run(stored):
    assert (stored.batch, stored.file_name) == ("2025-Q3-R1", "payroll-2025-Q3-R1.xlsx")
    assert (stored.prepared_by, stored.prepared_at) == ("command line", NOW)


def test_a_quarter_without_a_run_has_no_workbook(sqlite_engine):
    with reading(sqlite_engine) as session, pytest.raises(NotFoundError, match="2025-Q3 has not been calculated"):
        payroll.payroll_sheets(session, EVERYBODY, Q3, NOW)


def line(employee="1", pay_code="LOY", cost_centre="", minor=100, currency="EUR"):
    return PayrollLine(employee, "Name", pay_code, cost_centre, Money(minor, currency))


def test_totals_are_kept_apart_by_currency_and_pay_code_and_count_people_once():
    lines = [line("2", "B"), line("1", "A"), line("1", "A", "X", 50), line("1", "A", currency="JPY"), line("3", "A")]
    assert control_totals(lines) == (
        Total("A", 2, 3, Money(250, "EUR")),
        Total("B", 1, 1, Money(100, "EUR")),
        Total("A", 1, 1, Money(100, "JPY")),
    )


def test_the_hash_of_lines_changes_with_any_of_them_and_not_with_their_order():
    made = sheets(people=[person("1"), person("2")])
    first, second = made.lines
    assert replace(made, lines=(second, first)).content_sha256 == made.content_sha256
    for change in (
        {"employee": "3"},
        {"pay_code": "X"},
        {"cost_centre": "X"},
        {"amount": Money(100001, "EUR")},
        {"amount": Money(100000, "USD")},
    ):
        assert replace(made, lines=(replace(first, **change), second)).content_sha256 != made.content_sha256


def test_the_hash_of_employees_tells_who_is_in_and_not_what_they_get():
    made = sheets(people=[person("1"), person("2")])
    more = sheets(people=[person("1", target_amount="9000"), person("2")])
    fewer = sheets(people=[person("1")])
    assert made.employees_sha256 == more.employees_sha256 != fewer.employees_sha256


def test_totals_of_a_run_are_by_currency(engine):
    company(engine, people=PEOPLE)
    publish(engine)
    _, run = calculated(engine)
    assert payroll.totals(run) == (
        Total("", 2, 2, Money(174482, "EUR")),
        Total("", 1, 1, Money(97222, "JPY")),
        Total("", 1, 1, Money(154321, "KWD")),
    )


def test_only_plans_that_pay_somebody_stand_in_the_workbook():
    plans = [plan_document(), plan_document(id="q", applies_to={"units": ["U"], "grades": ["X"]})]
    assert [plan.version for plan in sheets(plans=plans).plans] == ["p@2025-01-01"]
