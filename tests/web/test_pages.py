"""What each page says of the small company, to the cent, and of a company that has nothing yet."""

import io
from decimal import Decimal
from urllib.parse import urlencode

import openpyxl
import pytest

from comp.intake import Kind
from comp.plan_words import listed as in_words
from tests.web.company import (
    APPROVER,
    AUDITOR,
    EMPLOYEE,
    HR,
    LEAD,
    PAYROLL,
    ROLES,
    UNITS,
    add_plan,
    make_company,
    take_in,
)
from tests.web.conftest import make_app
from tests.web.page_rules import check_fragment
from tests.web.visitor import Visitor, words

QUARTERS = [f"{n}0 % in quarter {n}" for n in range(1, 5)]
HELD = (
    "No usable score of nps for FAR: 4 answers in 2025-Q4 where the plan needs 30. "
    "Import more results, or choose another fallback in the plan."
)
PEOPLE = {
    # employee: target, attainment, payout and notes in the last quarter
    "1001": ("1,800.00", "96.4 %", "1,735.20 EUR", ""),
    "1002": ("919.57", "96.4 %", "886.46 EUR", ""),
    "1004": ("234.78", "0.0 %", "0.00 EUR", "not eligible"),
    "1006": ("180,000", "96.4 %", "173,520 JPY", ""),
    "1007": ("180.000", "96.4 %", "173.520 KWD", ""),
}


def test_home_tells_what_a_quarter_pays_whom_it_holds_and_what_waits(visit):
    page = visit(HR).get("/")
    assert page.heading == "2025-Q4 is calculated"
    assert "5 payouts in 3 currencies for 1 Oct – 31 Dec 2025. 1 person held" in page.text
    assert "To be paid, EUR 2,621.66 3 payouts · +65.5 % on last quarter" in page.text
    assert "To be paid, JPY 173,520 1 payout" in page.text
    assert "To be paid, KWD 173.520 1 payout" in page.text
    assert "Held 1 person 1 in no plan · look" in page.text
    assert waiting(page) == [
        "Service incentive, from 1 Jan 2026 draft by hr@aurelia.example submit",
        f"1 person {HELD} held",
    ]


def test_home_shows_what_moved_pay(visit):
    page = visit(HR).get("/")
    rows = page.table("What moved pay this quarter")
    assert [(row["Unit"].split()[0], row["NPS"], row["Attainment"], row["Reading"]) for row in rows] == [
        ("Lisbon", "44.0", "96.4 %", "at target"),
        ("Aurelia", "43.3", "–", "at target"),
    ]


def test_home_counts_payouts_by_tenths_of_the_target(visit):
    drawing = visit(HR).get("/").root.xpath("//section[header/h2='How payouts spread']//svg/@aria-label")
    assert [" ".join(text.split()) for text in drawing] == [
        "How many payouts lie in each tenth of the target: 0 to 10 percent 1, 90 to 100 percent 4"
    ]


def test_home_shows_the_quarter_that_was_chosen(visit):
    page = visit(HR).get("/").follow("2025-Q3")
    assert page.heading == "2025-Q3 is calculated"
    assert "1 payout in 1 currency for 1 Jul – 30 Sep 2025." in page.text
    assert "To be paid, EUR 1,584.00 1 payout Held" in page.text


def test_home_of_a_quarter_of_which_nothing_is_known_says_so(visit):
    page = visit(HR).get("/?quarter=2031-Q1")
    assert page.heading == "2031-Q1 is empty"
    assert "Nothing is known of 1 Jan – 31 Mar 2031 yet." in page.text
    assert "Calculate" not in " ".join(page.buttons())


@pytest.mark.parametrize("address", ["/", "/scores", "/payouts", "/payroll"])
@pytest.mark.parametrize(
    "quarter", ["2025", "2025-Q5", "2025-q4", "9999-Q4", "0001-Q1", "٢٠٢٥-Q4", "<script>", "2025-Q4'"]
)
def test_what_is_no_quarter_is_not_found(visit, address, quarter):
    page = visit(AUDITOR).get(f"{address}?quarter={quarter}", 404)
    assert "is not a quarter; write it like 2026-Q3" in page.text


@pytest.mark.parametrize("quarter", ["1900-Q1", "2199-Q4"])
def test_the_first_and_the_last_quarter_are_quarters(visit, quarter):
    visitor = visit(AUDITOR)
    for address in ("/", "/scores", "/payouts", "/payroll"):
        visitor.get(f"{address}?quarter={quarter}")


def test_employees_are_welcomed_without_a_word_on_pay(visit):
    page = visit(EMPLOYEE).get("/")
    assert page.heading == "Welcome, Employee"
    assert "2,621.66" not in page.answer.text
    assert page.follow("See the scores").heading == "Scores of 2025-Q4"


def test_calculating_again_makes_the_next_run(visit):
    page = visit(HR).get("/").submit("Calculate again")
    assert page.address == "/"
    assert page.notes == ["Run 2 of 2025-Q4 has 5 payouts. 1 person is held."]
    assert "run 2 · " in page.text


def test_a_quarter_without_data_is_not_calculated(visit):
    page = visit(HR).post("/quarters/2031-Q1/calculate", 422)
    assert page.heading == "That cannot be done"
    assert "2031-Q1 has no answers and no results of any kind. Import them first." in page.text


def test_scores_come_with_their_interval_and_their_answers(visit):
    page = visit(EMPLOYEE).get("/scores")
    assert page.heading == "Scores of 2025-Q4"
    tables = score_tables(page)
    assert list(tables) == ["Net Promoter Score", "Customer satisfaction", "Operating income"]
    nps = {row["Unit"].split()[0]: row for row in tables["Net Promoter Score"]}
    assert nps["Aurelia"]["95 % interval"] == "27.2 to 56.9"
    assert nps["Lisbon"]["Score"].split()[0] == "44.0"
    assert nps["Lisbon"]["95 % interval"] == "27.7 to 57.8"
    assert (nps["Lisbon"]["Answers"], nps["Lisbon"]["Rests on"]) == ("100", "own answers")
    income = {row["Unit"].split()[0]: row["Score"] for row in tables["Operating income"]}
    assert income == {"Lisbon": "100", "Faro": "100"}


def test_a_loyalty_lead_finds_the_own_units_first_and_marked_and_nobody_else_does(visit):
    page = visit(LEAD).get("/scores")
    (nps, *_) = page.root.xpath("//main//details")
    told = [words(row).split(" ")[0] for row in nps.xpath(".//tbody/tr")]
    assert told == ["Units", "Faro", "All", "Aurelia", "Lisbon", "Porto"]
    assert [words(row) for row in nps.xpath(".//tr[@class='part']")] == [
        "Units whose customers you answer for",
        "All other units",
    ]
    (yours,) = nps.xpath(".//tr[.//*[contains(@class, 'tag')][.='yours']]")
    assert words(yours).startswith("Faro FAR yours")
    for email in (EMPLOYEE, HR, AUDITOR):
        assert "yours" not in visit(email).get("/scores").text
        assert "you answer for" not in visit(email).get("/scores").text


def test_fewer_than_five_answers_are_not_shown(visit):
    page = visit(EMPLOYEE).get("/scores")
    faro = next(words(row) for row in page.root.xpath("//tr[th]") if words(row).startswith("Faro FAR"))
    assert faro == "Faro FAR not shown below 5 answers 4 too few to pay on"


def test_scores_that_rest_on_more_than_own_answers_say_so(visit, database):
    add_plan(database, published=True, id="p", applies_to={"units": ["OPO"]}, components=pooled())
    tables = score_tables(visit(EMPLOYEE).get("/scores?quarter=2025-Q4"))
    porto = next(row for row in tables["Net Promoter Score"] if row["Unit"].startswith("Porto"))
    assert porto["Rests on"] == "unit above, AUR"


def test_payouts_are_listed_and_holds_are_grouped_by_their_reason(visit):
    page = visit(HR).get("/payouts")
    assert page.heading == "Payouts of 2025-Q4"
    assert listed(page) == PEOPLE
    assert "1 person is held and not among them." in page.text
    held = page.root.xpath("//section[@id='held']")[0]
    assert f"{HELD} 1 person: Cleo Costa" in words(held)
    assert page.follow("Cleo Costa").address == "/payouts/2025-Q4/1003"


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("ada", ["1001"]),
        ("100", ["1001", "1002", "1004", "1006", "1007"]),
        (" 1007 ", ["1007"]),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'; DROP TABLE run; --", []),
        ("x" * 100_000, []),
        ("Cleo", []),
    ],
)
def test_people_are_found_by_number_and_name(visit, search, found):
    page = visit(HR).get(f"/payouts?{urlencode({'q': search})}")
    assert list(listed(page)) == found
    if not found:
        assert "Nobody found" in page.text


def test_htmx_gets_the_rows_alone(visit):
    answer = visit(HR).fetch("/payouts?q=ada", headers={"HX-Request": "true"})
    rows = check_fragment(answer)
    assert [words(row)[:9] for row in rows.xpath(".//tbody/tr")] == ["Ada Alves"]
    assert not rows.xpath("//h1")


def test_long_lists_have_pages_and_after_the_last_comes_itself(visit, database):
    lines = "".join(f"{number},Person {number},LIS,2020-01-01,4000,EUR\n" for number in range(2000, 2046))
    take_in(database, Kind.PEOPLE, f"employee,name,unit,from,target_amount,currency\n{lines}", "more.csv")
    visitor = visit(HR)
    page = visitor.get("/").submit("Calculate again").follow("Payouts")
    assert len(listed(page)) == 50
    assert "51 people" in page.text
    assert "page 1 of 2" in page.text
    page = page.follow("Later")
    assert list(listed(page)) == ["2045"]
    for beyond in ("3", "1000000000000000000000000", "-5", "x"):
        page = visitor.get(f"/payouts?page={beyond}")
        assert f"page {'2' if beyond.isdigit() else '1'} of 2" in page.text
    assert len(visitor.get("/payouts?page=2").follow("Earlier").rows()) == 50


@pytest.mark.parametrize("employee", PEOPLE)
def test_the_figures_of_a_payout_add_up_to_what_is_paid(visit, employee):
    page = visit(HR).get(f"/payouts/2025-Q4/{employee}")
    paid = PEOPLE[employee][2].split()[0]
    table = page.root.xpath("//table[contains(@class, 'steps-table')]")[0]
    steps = [words(cell) for cell in table.xpath("tbody/tr/td[@class='n']")]
    assert [words(cell) for cell in table.xpath("tfoot/tr/td[@class='n']")] == [paid]
    assert sum(map(number, steps)) == number(paid)
    booked = [row[-1] for row in page.rows("Booked as")]
    assert sum(map(number, booked)) == number(paid)
    assert words(page.root.xpath("//*[@class='big']")[0]) == PEOPLE[employee][2]


@pytest.mark.parametrize("employee", PEOPLE)
def test_the_drawing_of_a_payout_says_the_same_as_its_table(visit, employee):
    page = visit(HR).get(f"/payouts/2025-Q4/{employee}")
    table = page.root.xpath("//table[contains(@class, 'steps-table')]")[0]
    drawing = page.root.xpath("//svg[contains(@aria-label, 'From target to payout')]")[0]
    amounts = [words(text) for text in drawing.xpath(".//text[@class='strong']")]
    rows = table.xpath("tbody/tr|tfoot/tr")
    assert amounts == [words(row.xpath("td[@class='n']")[0]) for row in rows]
    told = ", ".join(f"{words(row.xpath('th')[0])} {words(row.xpath('td')[-1])}" for row in rows)
    assert " ".join(drawing.get("aria-label").split()) == f"From target to payout: {told}"
    assert len(drawing.xpath(".//rect")) == len(rows)


def test_a_payout_opens_into_the_numbers_that_made_it(visit):
    page = visit(HR).get("/payouts/2025-Q4/1001")
    assert page.heading == "Ada Alves · 2025-Q4"
    assert "96.4 % of the target of 1,800.00 EUR · last quarter 1,584.00 EUR" in page.text
    assert [(step["Step"], step["EUR"]) for step in page.table("From target to payout")] == [
        ("Target", "1,800.00"),
        ("Net Promoter Score", "−64.80"),
    ]
    tree = words(page.root.xpath("//ul[@class='tree']")[0])
    assert "Rounded once, half up, from 1,735.2 EUR." in tree
    assert "Net Promoter Score 44.0 85 % 100 answers in Lisbon. 95 % interval 27.7 to 57.8." in tree
    assert "0.4 × 91 % + 0.6 × 100 % = 96.4 %." in tree
    assert "run 1 · service@2025-01-01" in page.text


def test_a_zero_says_why(visit):
    page = visit(HR).get("/payouts/2025-Q4/1004")
    assert [(step["Step"], step["EUR"]) for step in page.table("From target to payout")] == [
        ("Target", "234.78"),
        ("Not eligible", "−234.78"),
    ]
    tree = words(page.root.xpath("//ul[@class='tree']")[0])
    assert "Employed for 12 days of the quarter; the plan asks for 30." in tree
    assert page.table("Days") == [{"Unit": "LIS 20 Dec – 31 Dec 2025", "Days": "12", "Count": "12"}]


def test_a_hold_says_what_lifts_it(visit):
    page = visit(HR).get("/payouts/2025-Q4/1003")
    assert page.heading == "Cleo Costa · 2025-Q4"
    assert "Employee 1003 has no payout in run 1 of 2025-Q4." in page.text
    assert "Import more results, or choose another fallback in the plan." in page.text
    assert not page.root.xpath("//svg[@role='img']")


def test_somebody_in_no_plan_is_told_so(visit):
    page = visit(HR).get("/payouts/2025-Q4/1005")
    assert page.heading == "Eva Esteves · 2025-Q4"
    assert "No plan pays OPO." in page.text


@pytest.mark.parametrize("address", ["/payouts/2025-Q4/9999", "/payouts/2031-Q1/1001", "/payouts/2025-Q4/1001/2"])
def test_a_payout_that_there_is_not_is_not_found(visit, address):
    assert visit(HR).get(address, 404).heading == "There is nothing here"


@pytest.mark.parametrize("address", ["/payouts/2025-Q7/1001", "/payouts/0000-Q1/1001", "/payroll/2025/workbook"])
def test_an_address_without_a_quarter_is_not_found(visit, address):
    assert "The page does not exist, or it is not for you." in visit(AUDITOR).get(address, 404).text


def test_numbers_with_slashes_and_signs_lead_to_their_person(visit, database):
    lines = "".join(
        f'"{number}",Odd {number},LIS,2020-01-01,4000,EUR\n' for number in ("A/1", "B?2", "C#3", "D 4%", "Ü5")
    )
    take_in(database, Kind.PEOPLE, f"employee,name,unit,from,target_amount,currency\n{lines}", "odd.csv")
    page = visit(HR).get("/").submit("Calculate again").follow("Payouts")
    for number in ("A/1", "B?2", "C#3", "D 4%", "Ü5"):
        assert page.follow(f"Odd {number}").heading == f"Odd {number} · 2025-Q4"


def test_plans_show_their_versions(visit):
    page = visit(APPROVER).get("/plans")
    assert [nobreak(row[:4]) for row in page.rows()] == [
        ["1 Jan 2026", "draft", "Customer loyalty 40 %, Operating income 60 %", "LIS, FAR"],
        ["1 Jan 2025", "in force", "Customer loyalty 40 %, Operating income 60 %", "LIS, FAR"],
    ]


def test_a_plan_is_told_in_plain_words_with_its_curves(visit):
    page = visit(APPROVER).get("/plans").follow("1 Jan 2025")
    assert page.heading == "Service incentive"
    assert "published by approver@aurelia.example on 5 Jan 2026" in page.text
    assert [nobreak(row) for row in page.rows("Customer loyalty")] == [
        ["10", "0 %"],
        ["50", "100 %"],
        ["70", "0 %"],
        ["85", "100 %"],
    ]
    assert len(page.root.xpath("//svg[contains(@class, 'chart')]")) == 3
    rules = told_rules(page)
    assert rules["Whom it pays"] == ["This plan pays everybody in Lisbon and Faro and in all units below."]
    assert (
        rules["Joining and leaving"][1]
        == "Whoever is employed for fewer than 30 days of a quarter gets nothing for it."
    )
    assert ["Pay code", "LOYQ"] in page.rows("History")
    assert "60 % of this part follows your unit’s Net Promoter Score." in nobreak([page.text])[0]


def told_rules(page):
    """The page's rules: the sentences under each title."""
    found = {}
    for element in page.root.xpath("//dl[@class='rules']/*"):
        if element.tag == "dt":
            title = words(element)
        else:
            found[title] = nobreak([words(sentence) for sentence in element.xpath("p")])
    return found


def test_every_rule_of_a_plan_is_told(visit, database):
    add_plan(database, published=False, **full_plan())
    page = visit(HR).get("/plans/full@2025-01-01")
    assert told_rules(page) == {
        "Whom it pays": ["This plan pays everybody in the company with grade A or B."],
        "The four quarters": [f"Of the year’s target it pays {in_words(QUARTERS)}."],
        "What else there is": ["50 % of variable pay is calculated elsewhere."],
        "Conditions": [
            "If your unit’s result in Customer satisfaction is below 70 or above 99, Customer pays at most 0 %."
        ],
        "Multipliers": ["Your unit’s result in Operating income multiplies the whole payout."],
        "The most that it pays": ["Together the parts pay at most 150 % of the target."],
        "Joining and leaving": [
            "Days before somebody joins and after somebody leaves pay nothing; the other days pay their part.",
            (
                "Whoever is not employed on a quarter’s last day gets nothing for it, unless the reason of leaving is "
                "redundant or retired: then the days until the last one are paid."
            ),
        ],
        "Absence": ["A day of unpaid absence counts 0 %.", "Any other absence counts in full."],
    }
    assert "at most 120 %" in page.text
    assert "at target. With " in page.text
    assert "comes out" in page.text
    assert "37.5" not in page.text


@pytest.mark.parametrize("name", ["nothing", "service@2031-01-01", "service@x", "a/b", "<b>", "%20"])
def test_a_plan_that_there_is_not_is_not_found(visit, name):
    page = visit(HR).get(f"/plans/{name}", 404)
    assert page.heading == "There is nothing here"


def test_payroll_shows_control_totals(visit):
    page = visit(PAYROLL).get("/payroll")
    assert page.heading == "Payroll of 2025-Q4"
    assert page.rows("Control totals") == [
        ["EUR", "–", "LOYQ", "3", "3", "2,621.66"],
        ["JPY", "–", "LOYQ", "1", "1", "173,520"],
        ["KWD", "–", "LOYQ", "1", "1", "173.520"],
    ]
    facts = {row[0]: row[1] for row in page.rows("How both sides can tell that nothing was lost")}
    assert (facts["Held, not in this batch"], facts["In no plan, not in this batch"]) == ("1", "1")
    assert facts["Calculated"] == f"5 Jan 2026, 09:30 UTC by {HR}"


def test_the_payroll_workbook_is_a_workbook_with_the_amounts(visit):
    answer = visit(PAYROLL).fetch("/payroll/2025-Q4/workbook")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert answer.headers["Content-Disposition"] == "attachment; filename=payroll-2025-Q4-R1-preview.xlsx"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.data))["Payroll"]
    header, *rows = sheet.iter_rows(values_only=True)
    amounts = {row[header.index("Employee")]: row[header.index("Amount")] for row in rows}
    assert amounts == {"1001": 1735.2, "1002": 886.46, "1004": 0, "1006": 173520, "1007": 173.52}


def test_a_quarter_that_was_not_calculated_has_no_workbook(visit):
    page = visit(PAYROLL).get("/payroll/2031-Q1/workbook", 404)
    assert "2031-Q1 has not been calculated." in page.text
    assert visit(PAYROLL).get("/payroll?quarter=2031-Q1").heading == "Payroll"


def test_help_is_open_to_everybody(visit):
    for visitor in (visit(), visit(EMPLOYEE)):
        assert visitor.get("/help").heading == "How a payout comes about"


@pytest.mark.parametrize(
    ("address", "heading", "told"),
    [
        ("/", "Welcome, Auditor", "No quarter has data yet"),
        ("/scores", "Scores", "No scores yet"),
        ("/payouts", "Payouts", "No quarter has data yet"),
        ("/plans", "Plans", "No plan yet"),
        ("/imports", "Imports", "Nothing yet"),
        ("/payroll", "Payroll", "Nothing is calculated yet"),
    ],
)
def test_a_company_that_has_nothing_yet_is_told_what_comes_first(empty_app, address, heading, told):
    page = Visitor(empty_app, AUDITOR).get(address)
    assert page.heading == heading
    assert told in page.text


def test_the_first_steps_are_shown_to_those_who_take_them(empty_app):
    page = Visitor(empty_app, HR).get("/")
    assert "Units and people" in page.text
    assert page.follow("Import a file").heading == "Imports"


def test_a_quarter_with_data_waits_for_a_plan_and_then_for_its_calculation(empty_app, sqlite_engine):
    take_in(sqlite_engine, Kind.UNITS, UNITS)
    take_in(sqlite_engine, Kind.RESULTS, "unit,quarter,metric,promoters,passives,detractors\nLIS,2025-Q4,nps,2,1,0\n")
    visitor = Visitor(empty_app, HR)
    page = visitor.get("/")
    assert page.heading == "2025-Q4 is open"
    assert "Publish a plan, then calculate." in page.text
    assert "No unit has five answers in 2025-Q4." in page.text
    assert "No plan is published" in page.submit("Calculate 2025-Q4", 422).text
    add_plan(sqlite_engine, published=True, components=pooled())
    assert "Calculate to see what they pay." in visitor.get("/").text


TRICK = "<script>alert('x')</script>\"'&amp; {{ 7 * 7 }}"


@pytest.mark.parametrize("email", ROLES)
def test_markup_in_names_stays_text_on_every_page(sqlite_engine, tmp_path, email):
    make_company(sqlite_engine, lambda name: f"{name}{TRICK}")
    visitor = Visitor(make_app(sqlite_engine, tmp_path), email)
    pages = [visitor.fetch(address) for address in ("/", "/scores", *MARKED[:: 1 if email == AUDITOR else 9])]
    assert all("<script>alert" not in page.text for page in pages)
    told = sum("&lt;script&gt;alert" in page.text for page in pages)
    assert told >= (len(pages) - 1 if email == AUDITOR else 2)


MARKED = [
    "/payouts",
    "/payouts?q=<script>",
    "/payouts/2025-Q4/1001",
    "/payouts/2025-Q4/1003",
    "/payouts/2025-Q4/1005",
    "/plans",
    "/plans/service@2025-01-01",
    "/imports",
    "/payroll",
]


def waiting(page):
    return [words(item) for item in page.root.xpath("//section[header/h2='Waiting']//li")]


def score_tables(page):
    found = {}
    for part in page.root.xpath("//main//details[summary/h2]"):
        columns = [words(cell) for cell in part.xpath(".//thead//th")]
        rows = ([words(cell) for cell in row.xpath("th|td")] for row in part.xpath(".//tbody/tr"))
        found[words(part.xpath("summary/h2")[0])] = [dict(zip(columns, cells, strict=False)) for cells in rows]
    return found


def listed(page):
    """Of each payout in a list, by employee: target, attainment, payout and notes."""
    if "Nobody found" in page.text:
        return {}
    columns = ("Target", "Attainment", "Payout", "Notes")
    return {row["Employee"]: tuple(row[column] for column in columns) for row in page.table()}


def nobreak(cells):
    return [" ".join(cell.split()) for cell in cells]


def number(text):
    return Decimal(text.replace(",", "").replace("−", "-").replace("+", ""))


def pooled():
    curve = {"points": [["0", "0%"], ["100", "100%"]]}
    measure = {"metric": "nps", "weight": "100%", "curve": curve, "min_answers": "30", "too_few": ["parent"]}
    return [{"id": "c", "name": "Customer", "share": "100%", "measures": [measure]}]


def full_plan():
    line = {"points": [["0", "0%"], ["100", "100%"]]}
    nps = {"metric": "nps", "weight": "100%", "curve": line, "measured_at": "top"}
    return {
        "id": "full",
        "applies_to": {"grades": ["A", "B"]},
        "pay_code": "X",
        "components": [{"id": "c", "name": "Customer", "share": "50%", "cap": "120%", "measures": [nps]}],
        "elsewhere": "50%",
        "cap": "150%",
        "quarter_shares": {"Q1": "10%", "Q2": "20%", "Q3": "30%", "Q4": "40%"},
        "gates": [{"metric": "csat", "at_least": "70", "at_most": "99", "otherwise": {"cap": "0%", "on": "c"}}],
        "modifiers": [{"metric": "income", "curve": {"points": [["0", "1"], ["100", "1"]]}}],
        "eligibility": {"on_last_day": True, "leavers": {"retired": "prorate", "redundant": "prorate"}},
        "absences": {"unpaid": "0%"},
        "examples": [
            {
                "name": "at target",
                "scores": {"nps": "100", "csat": "80", "income": "1"},
                "target": "1000.00 EUR",
                "pays": "500.00 EUR",
            }
        ],
    }
