"""The page that tells those who decide on a plan what chance does to it, and the findings on the plan's own page."""

from comp.intake import Kind
from tests.web.company import AUDITOR, HR, add_plan, take_in
from tests.web.visitor import Visitor, words

GUIDANCE = "/plans/guidance?plan=service@2026-01-01"


def test_units_are_told_with_their_answers_and_what_chance_pays_them(visit):
    page = visit(HR).get(GUIDANCE)
    assert page.heading == "What chance does to pay"
    rows = page.table("Net Promoter Score in Customer loyalty")
    lisbon = next(row for row in rows if row["Unit"] == "Lisbon")
    assert (lisbon["Answers a quarter"], lisbon["Paid on"]) == ("100", "own answers")
    assert lisbon["Strays by"].startswith("±15")
    assert lisbon["Pay in 19 of 20 quarters"] == "65 % – 100 %"
    faro = next(row for row in rows if row["Unit"] == "Faro")
    assert (faro["Paid on"], faro["Pay in 19 of 20 quarters"]) == ("none", "–")


def test_three_ways_to_pay_the_same_unit_stand_below_each_other(visit):
    page = visit(HR).get(GUIDANCE).follow("Lisbon")
    ways = [
        row for row in page.rows("Net Promoter Score in Customer loyalty") if row[0] in {"All or nothing", "A line"}
    ]
    assert [row[0] for row in ways] == ["All or nothing", "A line"]
    assert "A unit truly at 50.0 with 100 answers would be paid" in page.text
    assert page.root.xpath("//svg[starts-with(@aria-label, 'A line: between')]")


def test_the_checklist_stands_below(visit):
    found = visit(AUDITOR).get(GUIDANCE).table("Before pay hangs on surveys")
    assert found[0]["Condition"].startswith("A year of answers is known")
    assert {row["State"] for row in found} == {"met", "not met", "ask yourselves"}


def test_without_a_plan_named_the_one_that_pays_is_shown_and_others_can_be_chosen(visit):
    page = visit(HR).get("/plans/guidance")
    assert page.root.xpath("//option[@selected]/@value") == ["service@2025-01-01"]
    assert len(page.root.xpath("//option")) == 2
    assert visit(HR).get("/plans/service@2026-01-01").follow("What chance does to this plan's pay").address


def test_a_plan_that_there_is_not_is_not_found(visit):
    visit(HR).get("/plans/guidance?plan=nothing", 404)


def test_a_plan_without_surveys_says_so(visit, database):
    income = [{"metric": "income", "weight": "100%", "curve": {"points": [["80", "50%"], ["100", "100%"]]}}]
    parts = [{"id": "financial", "name": "Operating income", "share": "100%", "measures": income}]
    add_plan(database, published=False, id="money", components=parts, applies_to={"units": ["OPO"]})
    page = visit(HR).get("/plans/guidance?plan=money")
    assert "This plan pays by no survey" in page.text


def test_findings_on_a_plans_page_say_where_what_and_what_to_change(visit):
    page = visit(HR).get("/plans/service@2026-01-01")
    found = [words(each) for each in page.root.xpath("//div[contains(@class, 'finding')]")]
    assert any(each.startswith("warning component customer nps") for each in found)
    assert all("To change:" in each for each in found)


def test_the_odds_of_units_stand_below_a_cliff(visit, database):
    counts = "unit,quarter,metric,promoters,passives,detractors\n" + "\n".join(
        f"LIS,{quarter},nps,52,34,14" for quarter in ("2025-Q1", "2025-Q2")
    )
    take_in(database, Kind.RESULTS, counts)
    step = {"shape": "step", "points": [["40", "100%"]]}
    measures = [{"metric": "nps", "weight": "100%", "curve": step}]
    parts = [{"id": "customer", "name": "Customer loyalty", "share": "100%", "measures": measures}]
    add_plan(database, published=False, starts="2026-04-01", components=parts)
    page = visit(HR).get("/plans/service@2026-04-01")
    (details,) = page.root.xpath("//details[summary[contains(., 'Odds of 2 units')]]")
    rows = [words(row) for row in details.xpath(".//tbody/tr")]
    assert any(row.startswith("LIS answers of a quarter 100 ") for row in rows)
    assert all(row.endswith("of quarters") for row in rows)


def test_a_company_without_plans_is_told_so(empty_app):
    assert "No plan yet" in Visitor(empty_app, HR).get("/plans/guidance").text
