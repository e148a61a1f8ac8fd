"""For every layout and whatever rows: files add up to the run, every line says its row again, bytes stay the same."""

import string
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from comp.calculate import calculate
from comp.money import Money
from comp.organisation import Organisation
from comp.payroll_layouts import Layout
from comp.payroll_maps import Companies, CompanyRule, PayrollMaps
from comp.payroll_rows import PayrollRow, make_rows
from comp.sheets import make_sheets
from exports.archive import archive
from exports.control_file import control_document
from exports.payroll_files import payroll_files
from importers.payroll_layouts import built_in_layouts
from tests.booked import earned_lines
from tests.exports.books import MOMENT, sheets_of
from tests.exports.payroll_cases import ALL, BATCH, CODES, filled, made_rows, values
from tests.make import person, scenario

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), max_size=20)
NAMES = st.one_of(TEXT, st.sampled_from(["=cmd", "'=1", "''+x", "+1", "-2", "@x", " =1", "'t Hooft", 'a"b', "a,b;c|d"]))
LAYOUTS = st.sampled_from([filled(layout) for layout in built_in_layouts().values()])


@st.composite
def layouts_and_rows(draw, layouts=LAYOUTS) -> tuple[Layout, tuple[PayrollRow, ...]]:
    layout = draw(layouts)
    pay_code, companies = CODES.get(layout.id, ("LOYALTY", ("A1", "B2")))
    named = "currency" in layout.names
    currencies = layout.currencies or (("EUR", "JPY", "KWD") if named else ("EUR",))
    numbers = draw(st.lists(st.integers(51, 99_999), min_size=1, max_size=6, unique=True))
    made = []
    for number in numbers:
        centre = draw(st.text(string.ascii_letters + string.digits, max_size=6))
        currency = draw(st.sampled_from(currencies))
        made.append(
            PayrollRow(
                f"E{number}",
                " ".join(draw(NAMES).split()),
                str(number),
                "LOYQ",
                pay_code,
                draw(st.sampled_from(companies)) if "company_code" in layout.names else "",
                centre if layout.rows.keeps_cost_centres else "",
                Money(draw(st.integers(-9_999_999, 99_999_999)), currency),
            )
        )
    return layout, tuple(made)


@given(layouts_and_rows())
def test_every_line_says_its_row_again_and_the_files_add_up(drawn):
    layout, rows = drawn
    made = payroll_files(layout, made_rows(rows))
    assert made.refused == ()
    said = [(row, each) for file in made.files for row, each in zip(file.rows, values(layout, file), strict=True)]
    assert sorted(row for row, _ in said) == sorted(rows)
    for row, each in said:
        assert each["amount"] == row.amount
        assert each["payroll_number"].lstrip("0") == row.payroll_number
        for field in each.keys() & {"name", "pay_code", "plan_pay_code", "company_code", "cost_centre"}:
            assert each[field] == getattr(row, field)
    for currency in {row.amount.currency for row in rows}:
        written = sum(each["amount"].minor for row, each in said if row.amount.currency == currency)
        assert written == sum(row.amount.minor for row in rows if row.amount.currency == currency)


@given(layouts_and_rows())
def test_the_same_rows_give_the_same_bytes(drawn):
    layout, rows = drawn
    first, second = (payroll_files(layout, made_rows(rows)).contents() for _ in range(2))
    assert first == second
    assert archive(first) == archive(second)


@given(layouts_and_rows(st.just(filled(built_in_layouts()["datev-lodas"]))), NAMES)
def test_a_file_without_quotes_never_holds_what_it_could_not_give_back(drawn, name):
    layout, rows = drawn
    made = payroll_files(layout, made_rows((rows[0]._replace(cost_centre=" ".join(name.split())), *rows[1:])))
    if made.refused:
        assert {problem.where for problem in made.refused} == {"kostenstelle#bwd"}
    else:
        said = [each for file in made.files for each in values(layout, file)]
        assert " ".join(name.split()) in {each["cost_centre"] for each in said}


SALARIES = st.fractions(min_value=0, max_value=100_000, max_denominator=100)


@given(
    st.sampled_from(ALL),
    st.lists(
        st.tuples(SALARIES, st.sampled_from(["U", "V"]), st.sampled_from(["U", "V"]), st.booleans()),
        min_size=1,
        max_size=6,
    ),
    st.booleans(),
)
def test_for_every_layout_the_files_and_what_others_pay_add_up_to_the_run(name, people, leaves_some):
    layout = filled(built_in_layouts()[name])
    currency = layout.currencies[0] if layout.currencies else "EUR"
    facts = scenario(
        units=[{"unit": "T", "name": "T"}, *({"unit": unit, "name": unit, "parent": "T"} for unit in "UV")],
        results=[
            {"unit": "U", "quarter": "2025-Q3", "metric": "k", "value": "100"},
            {"unit": "V", "quarter": "2025-Q3", "metric": "k", "value": "33.3333"},
        ],
        people=[_person(place, currency, *each) for place, each in enumerate(people)],
    ).facts
    run = calculate(facts)
    code, companies = CODES.get(name, ("LOYALTY", ("A1", "B2")))
    rules = [CompanyRule(companies[0], unit="U"), CompanyRule("-" if leaves_some else companies[1], unit="V")]
    maps = PayrollMaps({"LOY": code})
    rows = make_rows(layout, earned_lines(run), BATCH, maps, Companies(rules, Organisation(facts.units)))
    made = payroll_files(layout, rows)
    sheets = make_sheets(sheets_of(facts).run, run, "p", MOMENT)
    control = control_document(made, sheets)
    paid = sum((payout.amount.minor for payout in run.payouts), 0)
    totals = [Fraction(each["amount"]) for key in ("totals", "paid_elsewhere") for each in control[key]]
    assert sum(totals) * 100 == paid
    assert {problem.where for problem in made.refused} <= {"rows"}


def _person(place, currency, target, first, then, is_split):
    common = {"currency": currency, "target_amount": str(int(target * 100) / 100), "cost_centre": first}
    if not is_split:
        return person(str(100 + place), unit=first, **common)
    stays = [
        {"unit": first, "from": "2020-01-01", "to": "2025-08-14", **common},
        {"unit": then, "from": "2025-08-15", **common},
    ]
    return person(str(100 + place), assignments=stays)
