import io
import re
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from openpyxl import load_workbook

from comp.batch_changes import Change
from comp.calculate import calculate
from comp.chain import Anchor
from comp.money import Money
from comp.organisation import Organisation
from comp.paid_lines import settled_run
from comp.payroll_maps import Companies, CompanyRule
from comp.settlement import Key
from comp.sheets import Paying, Signature, make_sheets
from exports.layout import numbered
from exports.payroll_workbook import payroll_workbook, write_payroll_workbook
from tests.booked import earned_lines
from tests.exports.books import MOMENT, book, component, result, sheets, sheets_of, trace_rows
from tests.make import measure, person, plan_document, scenario
from tests.office import beside, listed, recalculated

NASTY = ["=cmd|' /C calc'!A0", "+1", "-2", "@SUM(A1)", "#N/A", "＝1+1", "＠sum"]
UNPAID = [{"from": "2025-07-01", "to": "2025-09-30", "kind": "unpaid"}]


def parts(content: bytes) -> dict[str, str]:
    """The parts of a workbook as text, by name."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: archive.read(name).decode() for name in archive.namelist()}


def test_the_sheets_stand_in_the_order_in_which_they_are_read():
    assert book(sheets()).sheetnames == [
        "Summary",
        "Payroll",
        "Trace",
        "Settlement",
        "Rules",
        "Changes",
        "Exceptions",
        "Sign-off",
    ]


def test_payroll_is_flat_with_its_header_on_row_1_values_only_and_no_totals():
    made = book(sheets(people=[person("0017", name="Ana Silva", cost_centre="CC1"), person("18")]))
    assert list(made["Payroll"].values) == [
        ("Quarter", "Employee", "Name", "Company", "Pay code", "Cost centre", "Currency", "Amount"),
        ("2025-Q3", "0017", "Ana Silva", None, "LOY", "CC1", "EUR", 1000),
        ("2025-Q3", "18", "Person 18", None, "LOY", None, "EUR", 1000),
    ]
    assert all(cell.data_type != "f" for row in made["Payroll"].iter_rows() for cell in row)
    assert made["Payroll"].max_row == 3


def test_numbers_of_people_stay_text_with_their_zeros():
    cell = book(sheets(people=[person("000017")]))["Payroll"]["B2"]
    assert (cell.value, cell.data_type, cell.number_format) == ("000017", "s", "@")


def test_each_currency_is_named_and_shown_at_its_decimals():
    people = [person("1"), person("2", currency="JPY"), person("3", currency="KWD", target_amount="4.444")]
    rows = list(book(sheets(people=people))["Payroll"].iter_rows(min_row=2, min_col=7))
    assert [(currency.value, amount.value, amount.number_format.partition(";")[0]) for currency, amount in rows] == [
        ("EUR", 1000, "#,##0.00"),
        ("JPY", 1000, "#,##0"),
        ("KWD", 1.111, "#,##0.000"),
    ]


def test_a_person_with_two_pay_codes_has_a_row_for_each():
    half = {"currency": "EUR", "target_amount": "4000"}
    moved = [
        {**half, "unit": "U", "from": "2020-01-01", "to": "2025-08-15"},
        {**half, "unit": "V", "from": "2025-08-16"},
    ]
    plans = [plan_document(), plan_document(id="q", pay_code="LOX", applies_to={"units": ["V"]})]
    units = [{"unit": "U", "name": "Unit"}, {"unit": "V", "name": "Other", "parent": "U"}]
    rows = listed(book(sheets(units=units, plans=plans, people=[person("1", assignments=moved)])), "Payroll")
    assert [(row["Pay code"], row["Amount"]) for row in rows] == [("LOY", 500), ("LOX", 500)]


def test_names_that_look_like_formulas_stay_text_on_every_sheet():
    people = [person(str(number), name=name, cost_centre=name) for number, name in enumerate(NASTY)]
    people.append(person("99", name="=held()", currency="USD", assignments=[]))
    content = payroll_workbook(sheets(people=people, plans=[plan_document(name="=plan()", pay_code="=1+1")]))
    written = parts(content)
    assert "<f>" not in written["xl/worksheets/sheet2.xml"]
    formulas = re.findall("<f>([^<]*)</f>", "".join(written.values()))
    assert formulas
    assert not [formula for formula in formulas if "cmd" in formula or "plan()" in formula]
    rows = load_workbook(io.BytesIO(content))["Payroll"].iter_rows(min_row=2)
    cells = [(row[2].value, row[2].data_type, row[2].quotePrefix) for row in rows]
    assert cells == [(name, "s", name != "#N/A") for name in NASTY]


def test_every_list_has_its_header_frozen_a_filter_and_a_name():
    made = book(
        sheets(people=[person("1"), person("2", absences=UNPAID)], plans=[plan_document(absences={"unpaid": "0%"})])
    )
    assert {
        sheet.title: (sheet.freeze_panes, [(table.name, table.ref) for table in sheet.tables.values()])
        for sheet in made.worksheets
    } == {
        "Summary": (None, []),
        "Payroll": ("D2", [("Payroll", "A1:H3")]),
        "Trace": ("C2", [("Trace", "A1:AK3")]),
        "Settlement": ("C2", [("Settlement", "A1:H3")]),
        "Rules": ("D2", [("Rules", "A1:T11")]),
        "Changes": ("F2", []),
        "Exceptions": ("D2", [("Exceptions", "A1:D2")]),
        "Sign-off": (None, []),
    }
    tables = [table for sheet in made.worksheets for table in sheet.tables.values()]
    assert all(table.autoFilter.ref == table.ref for table in tables)
    with_tables = [sheet for sheet in made.worksheets if sheet.tables]
    for sheet, table in zip(with_tables, tables, strict=True):
        assert table.column_names == [cell.value for cell in sheet[1]]


def test_every_sheet_prints_on_a4_as_wide_as_it_says_with_its_name_and_page():
    made = book(sheets())
    setup = {
        sheet.title: (sheet.page_setup.orientation, sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight)
        for sheet in made.worksheets
    }
    assert setup == {
        "Summary": ("portrait", 1, 0),
        "Payroll": ("portrait", 1, 0),
        "Trace": ("landscape", 3, 0),
        "Settlement": ("landscape", 1, 0),
        "Rules": ("landscape", 2, 0),
        "Changes": ("landscape", 1, 0),
        "Exceptions": ("landscape", 1, 0),
        "Sign-off": ("landscape", 1, 0),
    }
    for sheet in made.worksheets:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert int(sheet.page_setup.paperSize) == 9
        assert (sheet.oddHeader.left.text, sheet.oddHeader.right.text) == ("Payroll 2025-Q3", "Confidential")
        footer = sheet.oddFooter
        texts = (footer.left.text, footer.center.text, footer.right.text)
        assert texts == ("Loyalty Pay 2025-Q3-R1", sheet.title, "Page &P of &N")
        assert sheet.print_title_rows == (None if sheet.title in {"Summary", "Sign-off"} else "$1:$1")


def test_titles_of_numbers_stand_to_the_right_like_the_numbers():
    sheet = book(sheets())["Trace"]
    sides = {cell.value: cell.alignment.horizontal for cell in sheet[1]}
    assert {sides[title] for title in ("Employee", "Name", "Unit", "Rule", "Basis")} == {"left"}
    assert {sides[title] for title in ("Score", "Weight", "Piece earns", "Payout", "Check")} == {"right"}


def test_columns_are_as_wide_as_their_longest_text_within_reason():
    long, endless = "A name of twenty-nine letters", "x" * 300
    assert book(sheets(people=[person(name=long)]))["Payroll"].column_dimensions["C"].width == 31
    assert book(sheets(people=[person(name=endless)]))["Payroll"].column_dimensions["C"].width == 60


def test_every_font_is_named():
    styles = parts(payroll_workbook(sheets()))["xl/styles.xml"]
    fonts = re.findall("<font>.*?</font>", styles)
    assert len(fonts) >= 4
    assert all('<name val="Calibri"' in font for font in fonts)


def test_the_document_properties_carry_the_batch_and_its_control_figures():
    made = sheets()
    opened = book(made)
    properties = opened.properties
    assert (properties.title, properties.subject) == ("Payroll 2025-Q3", "Batch 2025-Q3-R1, 1 line")
    assert (properties.creator, properties.created.replace(tzinfo=UTC)) == (
        "Loyalty Pay",
        MOMENT.replace(microsecond=0),
    )
    assert {each.name: each.value for each in opened.custom_doc_props.props} == {
        "BatchId": "2025-Q3-R1",
        "Status": "preview",
        "RowCount": "1",
        "PeopleCount": "1",
        "EmployeesSha256": made.employees_sha256,
        "RulesVersion": "p@2025-01-01",
        "ContentSha256": made.content_sha256,
    }


def test_the_summary_states_counts_totals_and_where_the_figures_come_from():
    people = [person("1"), person("2"), person("3", currency="JPY"), person("4", unit="NOWHERE")]
    made = sheets(people=people)
    opened = book(made)
    said = {label: beside(opened, label) for label in ("Batch", "Payroll lines", "People", "Payouts")}
    assert said == {"Batch": "2025-Q3-R1", "Payroll lines": 3, "People": 3, "Payouts": 3}
    assert beside(opened, "Held, not in this batch") == 1
    assert beside(opened, "Hash of employee numbers") == made.employees_sha256
    assert beside(opened, "Hash of payroll lines") == made.content_sha256
    assert beside(opened, "Hash of the run's inputs") == "ab" * 32
    assert beside(opened, "Calculated") == "2025-10-06 09:30 UTC by hr@example.com"
    assert beside(opened, "Prepared") == "2025-10-06 09:30 UTC by payroll@example.com"
    assert beside(opened, "Calculated with") == "Loyalty Pay 1.0"
    assert beside(opened, "Plan versions") == "p@2025-01-01"
    assert [[cell.value for cell in row[:6]] for row in opened["Summary"]["A17:H19"]] == [
        ["Control totals", "Company", "Pay code", "People", "Lines", "Amount"],
        ["EUR", None, "LOY", 2, 2, 2000],
        ["JPY", None, "LOY", 1, 1, 1000],
    ]


def test_exceptions_name_the_held_those_who_get_nothing_and_those_in_no_plan():
    plans = [plan_document(applies_to={"units": ["U"]}, absences={"unpaid": "0%"}, eligibility={"minimum_days": 30})]
    units = [{"unit": "TOP", "name": "Top"}, {"unit": "U", "name": "Unit", "parent": "TOP"}]
    people = [
        person("1"),
        person("2", absences=UNPAID),
        person("3", hired="2025-09-20", from_="2025-09-20"),
        person("4", unit="TOP"),
        person("5", unit="NOWHERE"),
    ]
    assert list(book(sheets(units=units, plans=plans, people=people))["Exceptions"].values) == [
        ("What", "Employee", "Name", "Why, and what would lift it"),
        ("held", "5", "Person 5", "NOWHERE is not a unit of the company, or has no way to the top. Import the units."),
        ("pays 0", "2", "Person 2", "The rules give 0: see the Trace."),
        ("pays 0", "3", "Person 3", "Employed for 11 days of the quarter; the plan asks for 30."),
        ("in no plan", "4", "Person 4", "No plan pays TOP."),
    ]


def test_a_run_that_pays_nobody_has_a_workbook_that_opens():
    made = book(sheets(people=[person(unit="NOWHERE")]))
    assert [sheet.max_row for sheet in made.worksheets] == [26, 1, 1, 1, 1, 1, 2, 13]
    assert beside(made, "Payouts") == 0


def test_the_trace_goes_on_to_further_sheets_when_one_is_full():
    people = [person(str(number)) for number in range(1, 6)]
    content = payroll_workbook(sheets(people=people), most_rows=3)
    made = load_workbook(io.BytesIO(content))
    assert [name for name in made.sheetnames if name.startswith("Trace")] == ["Trace", "Trace 2", "Trace 3"]
    assert [row["Employee"] for row in trace_rows(made)] == ["1", "2", "3", "4", "5"]
    counted = beside(made, "Of them recalculated by the formulas of Trace")
    assert counted == (
        "=COUNTIF('Trace'!$AK$2:$AK$3,\"OK\")+COUNTIF('Trace 2'!$AK$2:$AK$3,\"OK\")"
        "+COUNTIF('Trace 3'!$AK$2:$AK$2,\"OK\")"
    )
    names = [table.name for sheet in made.worksheets for table in sheet.tables.values()]
    assert names == [
        "Payroll",
        "Payroll_2",
        "Payroll_3",
        "Trace",
        "Trace_2",
        "Trace_3",
        "Settlement",
        "Settlement_2",
        "Settlement_3",
        "Rules",
    ]


def test_lines_and_exceptions_go_on_to_further_sheets_and_the_totals_hold_over_all():
    people = [person(str(number)) for number in range(1, 6)] + [person(str(n), target_amount="0") for n in (6, 7, 8, 9)]
    made = sheets(people=people)
    content = payroll_workbook(made, most_rows=4)
    calculated = recalculated({"payroll": content})["payroll"]
    names = calculated.sheetnames
    assert [name for name in names if name.startswith("Exceptions")] == ["Exceptions", "Exceptions 2"]
    payroll = [name for name in names if name.startswith("Payroll")]
    assert payroll == ["Payroll", "Payroll 2", "Payroll 3"]
    with_tableslines = [row["Employee"] for name in payroll for row in listed(calculated, name)]
    assert with_tableslines == [line.employee for line in made.lines]
    assert [name for name in names if name.startswith("Trace")] == ["Trace", "Trace 2", "Trace 3"]
    assert [name for name in names if name.startswith("Settlement")] == ["Settlement", "Settlement 2", "Settlement 3"]
    for differences in (
        "Totals that differ from the sheet Payroll",
        "Payouts that differ from their formulas",
        "Amounts paid that differ from their settlement",
    ):
        assert beside(calculated, differences) == 0
    assert beside(calculated, "Of them recalculated by the formulas of Trace") == 9
    lists = ("Payroll", "Exc", "Trace", "Settlement", "Changes")
    assert max(sheet.max_row for sheet in calculated.worksheets if sheet.title.startswith(lists)) <= 4


def test_how_far_the_workbook_is_is_told_payout_by_payout():
    told = []
    made = sheets(people=[person("1"), person("2"), person("3")])
    write_payroll_workbook(made, io.BytesIO(), lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_errors_that_a_spreadsheet_knows_stay_text_as_names_and_codes():
    named = [person(str(place), name=name, cost_centre=name) for place, name in enumerate(["#REF!", "#N/A", "#NAME?"])]
    made = book(sheets(people=named))
    assert [row["Name"] for row in listed(made, "Payroll")] == ["#REF!", "#N/A", "#NAME?"]
    assert {cell.data_type for row in made["Payroll"]["C2:C4"] for cell in row} == {"s"}


def test_control_characters_and_lone_surrogates_leave_a_workbook_that_opens():
    made = sheets(people=[person("7\udc80", name="A\x00nn\x0b \ufffe\ud800!")])
    (row,) = listed(book(made), "Payroll")
    assert (row["Name"], row["Employee"]) == ("Ann !", "7")
    assert len(made.content_sha256) == len(made.employees_sha256) == 64


def test_figures_are_kept_from_slips_and_rules_and_signatures_are_free_to_be_written_in():
    made = book(sheets())
    free = {sheet.title for sheet in made.worksheets if not sheet.protection.sheet}
    assert free == {"Rules", "Sign-off"}
    payroll = made["Payroll"].protection
    assert (payroll.autoFilter, payroll.sort, payroll.password) == (False, False, None), "both are allowed"


def test_no_text_of_users_names_a_sheet_or_reaches_a_header_or_footer():
    made = book(sheets(plans=[plan_document(id="q", name="[a]:*?/\\&D")], people=[person(name="&P [1]")]))
    assert made.sheetnames == book(sheets()).sheetnames
    printed = {sheet.oddHeader.left.text + sheet.oddFooter.left.text for sheet in made.worksheets}
    assert printed == {"Payroll 2025-Q3Loyalty Pay 2025-Q3-R1"}


def test_companies_stand_beside_lines_and_totals_are_by_them(paid_by_companies):
    opened = recalculated({"payroll": payroll_workbook(paid_by_companies)})["payroll"]
    lines = [(row["Employee"], row["Company"], row["Amount"]) for row in listed(opened, "Payroll")]
    assert lines == [("1", "DE", 1000), ("2", "PT", 1000), ("3", "PT", 1000), ("4", None, 100000)]
    totals = [[cell.value for cell in row] for row in opened["Summary"]["A18:H20"]]
    assert totals == [
        ["EUR", "DE", "LOY", 1, 1, 1000, 1000, "OK"],
        ["EUR", "PT", "LOY", 2, 2, 2000, 2000, "OK"],
        ["JPY", None, "LOY", 1, 1, 100000, 100000, "OK"],
    ]
    assert beside(opened, "Totals that differ from the sheet Payroll") == 0


@pytest.fixture
def paid_by_companies():
    people = [
        person("1", cost_centre="CC1"),
        person("2"),
        person("3"),
        person("4", currency="JPY", target_amount="400000"),
    ]
    facts = scenario(people=people).facts
    rules = [CompanyRule("DE", cost_centre="CC1"), CompanyRule("PT", currency="EUR")]
    paid = Paying(settled_run(calculate(facts)), earned_lines(calculate(facts)))
    paid = replace(paid, companies=Companies(rules, Organisation(facts.units)))
    return make_sheets(sheets_of(facts).run, calculate(facts), "p@example.com", MOMENT, paid)


def test_whoever_left_in_the_quarter_is_an_exception_and_whoever_changed_currency_is_none():
    moved = [
        {"unit": "U", "from": "2020-01-01", "to": "2025-08-15", "currency": "JPY", "target_amount": "400000"},
        {"unit": "U", "from": "2025-08-16", "currency": "EUR", "target_amount": "4000"},
    ]
    facts = scenario(people=[person("1", left="2025-08-14"), person("2", assignments=moved), person("3")]).facts
    run = calculate(facts)
    paid = Paying(settled_run(run), earned_lines(run), last_day=date(2025, 9, 30))
    made = make_sheets(sheets_of(facts).run, run, "p@example.com", MOMENT, paid)
    (row,) = listed(book(made), "Exceptions")
    assert tuple(row.values())[:3] == ("left", "1", "Person 1")
    assert row["Why, and what would lift it"].startswith("Employed until 2025-08-1")


def test_changes_tell_how_far_they_go_and_what_to_look_at():
    moved = [
        Change("2025-Q2", "changed", Key(str(number), "EUR"), "Ann", before and Money(before, "EUR"), now, "")
        for number, (before, now) in enumerate(
            [(30000, Money(10000, "EUR")), (30000, Money(39000, "EUR")), (100, Money(0, "EUR")), (0, None)]
        )
    ]
    made = replace(sheets(), changes=tuple(moved), swing=Fraction(3, 10))
    rows = [(row["Delta"], row["Delta %"], row["Look at"]) for row in listed(book(made), "Changes")]
    assert rows == [
        (-200, -0.666667, "over 30\u202f%"),
        (90, 0.3, None),
        (-1, -1, "pays 0"),
        (0, None, None),
    ]


def test_whoever_stands_for_a_batch_is_named_with_the_address():
    signed = Signature("approved", "rui@example.com", "Rui Okafor", MOMENT, "")
    made = book(replace(sheets(), signatures=(signed,)))
    assert beside(made, "Approved") == "2025-10-06 09:30 UTC by Rui Okafor (rui@example.com)"


def test_titles_of_sheets_fit_however_many_there_are():
    titles = [numbered(title, 1_000) for title in ("Payroll", "Trace", "Exceptions")]
    assert titles == ["Payroll 1000", "Trace 1000", "Exceptions 1000"]
    assert max(map(len, titles)) <= 31


RICH = plan_document(
    components=[
        component(
            measure("k", "60%", curve={"points": [["0", "0%"], ["50", "80%"], ["100", "100%"]], "above": "extend"}),
            measure("t", "40%", curve={"x": "points_from_target", "shape": "step", "points": [["0", "100%"]]}),
            share="70%",
            cap="150%",
        )
    ],
    gates=[{"metric": "k", "at_least": "1", "at_most": "200", "otherwise": {"cap": "10%"}}],
    modifiers=[{"metric": "k", "curve": {"points": [["0", "100%"]]}, "on": "c"}],
    cap="120%",
    elsewhere="30%",
    applies_to={"units": ["U"], "grades": ["T1", "T2"]},
    eligibility={"minimum_days": 30, "on_last_day": True, "leavers": {"retired": "prorate", "died": "prorate"}},
    absences={"unpaid": "0%", "sick": "50%"},
)


@pytest.fixture
def rich():
    return book(
        sheets(
            metrics={"k": {"statistic": "value", "decimals": 1}, "t": {"statistic": "value", "decimals": 1}},
            results=[result("k", "93.7"), result("t", "88.2")],
            targets=[{"unit": "U", "quarter": "2025", "metric": "t", "target": "98"}],
            plans=[RICH],
            people=[person("1", grade="T1", currency="JPY")],
            settings={"round_to": {"JPY": 100}},
        )
    )


def test_rules_state_every_number_of_a_plan_with_its_conditions(rich):
    rows = [
        (row["Part"], row["Rule"], row["Metric"], row["Share or weight"], row["Cap"]) for row in listed(rich, "Rules")
    ]
    assert rows == [
        ("total", "plan: Plan", None, None, 1.2),
        (None, "share of the year, Q1", None, 0.25, None),
        (None, "share of the year, Q2", None, 0.25, None),
        (None, "share of the year, Q3", None, 0.25, None),
        (None, "share of the year, Q4", None, 0.25, None),
        ("c", "component: Customer", None, 0.7, 1.5),
        ("c", "measure", "k", 0.6, None),
        ("c", "measure", "t", 0.4, None),
        ("total", "gate", "k", None, 0.1),
        ("c", "modifier", "k", None, None),
        (None, "pays U, grades T1, T2; pay code LOY", None, None, None),
        (None, "paid elsewhere", None, 0.3, None),
        (None, "eligible: days employed in the quarter", None, None, None),
        (None, "eligible: employed on the last day", None, None, None),
        (None, "leaving pays pro rata: died, retired", None, None, None),
        (None, "an absent day counts: unpaid", None, 0, None),
        (None, "an absent day counts: sick", None, 0.5, None),
        (None, "rounded half up, JPY", None, 100, None),
    ]


def test_rules_state_curves_point_by_point_and_limits_of_gates(rich):
    rows = listed(rich, "Rules")
    curve = {title: value for title, value in rows[6].items() if value is not None}
    assert curve == {
        "Plan version": "p@2025-01-01",
        "Part": "c",
        "Rule": "measure",
        "Metric": "k",
        "Read along": "score",
        "Shape": "lines",
        "Above the last point": "the last slope goes on",
        "Better": "higher",
        "Measured at": "unit",
        "With fewer answers": "rolling-4, parent, hold",
        "Fewest answers": 50,
        "Share or weight": 0.6,
        "Below the first point": 0,
        "Point 1": 0,
        "Point 2": 50,
        "Point 3": 100,
        "Pays 1": 0,
        "Pays 2": 0.8,
        "Pays 3": 1,
    }
    assert (rows[7]["Read along"], rows[7]["Shape"]) == ("points from target", "steps")
    assert rows[7]["Above the last point"] == "pays the last point"
    assert (rows[8]["At least"], rows[8]["At most"]) == (1, 200)
    assert rows[12]["At least"] == 30


def test_the_trace_names_the_part_that_a_gate_or_modifier_works_on(rich):
    rows = trace_rows(rich)
    assert [(row["Part"], row["Rule"], row["Metric"], row["Score"]) for row in rows] == [
        ("Customer", "measure", "k", 93.7),
        ("Customer", "measure", "t", 88.2),
        ("Customer", "modifier", "k", 93.7),
        ("total", "gate", "k", 93.7),
    ]


def test_the_trace_says_why_somebody_earns_nothing():
    plans = [plan_document(eligibility={"minimum_days": 30})]
    made = book(sheets(plans=plans, people=[person("3", hired="2025-09-20", from_="2025-09-20")]))
    (row,) = trace_rows(made)
    assert row["Rule"] == "Employed for 11 days of the quarter; the plan asks for 30."
    assert (row["Eligible"], row["Payout"]) == (0, 0)
    assert (row["From"], row["To"]) == (datetime(2025, 9, 20), datetime(2025, 9, 30))  # noqa: DTZ001 - as openpyxl reads


def test_the_trace_carries_answers_and_interval_of_a_score():
    made = book(
        sheets(
            metrics={"nps": {"question": "recommend", "statistic": "nps", "decimals": 1}},
            results=[
                {"unit": "U", "quarter": "2025-Q3", "metric": "nps", "promoters": 50, "passives": 30, "detractors": 20}
            ],
            plans=[plan_document(components=[component(measure("nps"))])],
        )
    )
    (row,) = trace_rows(made)
    titles = ("Measured at", "Basis", "Score", "Answers", "Interval from", "Interval to")
    assert [row[title] for title in titles] == ["U", "own", 30, 100, 14.1, 44.2]


def test_the_summary_has_the_head_of_the_audit_chain():
    anchor = Anchor(1204, "ab" * 32)
    made = load_workbook(io.BytesIO(payroll_workbook(replace(sheets(), anchor=anchor))))
    assert beside(made, "Head of the audit chain") == f"1204:{'ab' * 32}"
    assert beside(book(sheets()), "Head of the audit chain") == "empty"
