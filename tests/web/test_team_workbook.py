"""A manager's workbook of the team: who stands in it for whom, that it adds up, and that it is noted."""

import io
import json

import pytest
from openpyxl import load_workbook

from comp.adjustments import Limits, PersonLimit
from comp.db import reading, writing
from comp.money import Money
from comp.services import access, adjusting, workflow
from comp.store import audit
from tests.office import beside, errors, listed, recalculated
from tests.web.company import DELEGATE, DIRECTOR, HR, MANAGER, NAMES, NOW, PEER, Q4
from tests.web.visitor import Visitor

ADDRESS = "/team/2025-Q4/workbook"
ALL_BELOW = frozenset(NAMES) - {"1005"}
TEAMS = {
    (MANAGER, ""): {"1002", "1004", "1007"},
    (DIRECTOR, ""): ALL_BELOW,
    (DIRECTOR, "1001"): {"1002", "1004", "1007"},
    (DIRECTOR, "1003"): {"1006"},
    (PEER, ""): {"1006"},
    (DELEGATE, ""): {"1002", "1004", "1007"},
    (DELEGATE, "1001"): {"1002", "1004", "1007"},
    (HR, "1001"): {"1002", "1004", "1007"},
}
"""Who stands in whose workbook: of the actor's own team, or of the manager's whom they name."""

UNSEEN = [(MANAGER, "1003"), (MANAGER, "1005"), (PEER, "1001"), (DELEGATE, "1005"), (DELEGATE, "1003"), (HR, "9999")]


def taken(app, email=MANAGER, of=""):
    answer = Visitor(app, email).fetch(ADDRESS, query_string={"of": of} if of else None)
    assert answer.status_code == 200
    return answer.data


def opened(content):
    return load_workbook(io.BytesIO(content))


def everything(book):
    return {str(cell.value) for sheet in book.worksheets for row in sheet.iter_rows() for cell in row if cell.value}


def test_everybody_below_stands_in_it_and_nobody_else_whoever_takes_it(app):
    found, told = {}, {}
    for (email, of), team in TEAMS.items():
        book = opened(taken(app, email, of))
        paid = {row["Employee"] for row in listed(book, "Team") if row["Earned"] is not None or row["Held because"]}
        found[email, of] = paid
        others = set(NAMES) - team
        told[email, of] = everything(book) & (others | {NAMES[each] for each in others})
    in_the_run = {"1001", "1002", "1003", "1004", "1006", "1007"}
    assert found == {key: set(people) & in_the_run for key, people in TEAMS.items()}
    assert not any(told.values()), told


@pytest.mark.parametrize(("email", "of"), UNSEEN)
def test_another_ones_team_looks_like_what_there_is_not(app, email, of):
    visitor = Visitor(app, email)
    unseen, missing = visitor.get(f"{ADDRESS}?of={of}", 404), visitor.get(f"{ADDRESS}?of=8888", 404)
    assert unseen.text == missing.text.replace("8888", of)


@pytest.fixture
def adjusted(app, database):
    """The quarter in review, with an adjustment that the manager proposed and the director approved."""
    with writing(database) as session:
        hr = access.find_account_by_email(session, HR)
        workflow.begin_review(session, hr, Q4, NOW)
        adjusting.set_limits(session, hr, Q4, Limits(None, {"EUR": PersonLimit(None, Money(5_000, "EUR"))}, {}), NOW)
    page = Visitor(app, MANAGER).get("/team/2025-Q4?show=all&row=1002")
    page.submit("Propose", amount="40.00", words="She led the team.", reason="Extra role")
    Visitor(app, DIRECTOR).get("/team/2025-Q4?of=1001&show=all&row=1002").submit("Approve +40.00 EUR")
    return app


def test_what_is_paid_is_what_is_settled_and_the_formulas_agree(adjusted):
    content = taken(adjusted)
    book = recalculated({"team": content})["team"]
    assert not errors(book)
    row = next(each for each in listed(book, "Team") if each["Employee"] == "1002")
    assert (row["Adjustments"], row["Review"]) == (40, "to confirm")
    assert round(row["Earned"] + 40 + row["Added otherwise"], 2) == row["Paid"]
    assert beside(book, "State of the quarter") == "in review"
    totals = [cells for cells in book["Summary"].iter_rows(values_only=True) if cells[8] in {"OK", "DIFF"}]
    assert [(cells[0], cells[8]) for cells in totals] == [("EUR", "OK"), ("KWD", "OK")]


def test_each_amount_can_be_explained_by_its_rules(app):
    rules = [row for row in listed(opened(taken(app)), "Why") if row["Employee"] == "1002"]
    assert [(row["Metric"], row["Score"], row["Answers"]) for row in rules] == [
        ("nps", 44, 100),
        ("csat", 85, 100),
        ("income", 100, None),
    ]
    assert all(row["Interval from"] < row["Score"] < row["Interval to"] for row in rules[:1])
    assert [row["Weight"] for row in rules] == [0.6, 0.4, 1]


def test_whoever_is_held_stands_there_with_the_reason(app):
    row = next(each for each in listed(opened(taken(app, DIRECTOR)), "Team") if each["Employee"] == "1003")
    assert (row["Paid"], row["Review"]) == (None, "not paid")
    assert "nps" in row["Held because"]


def test_taking_it_is_noted_before_it_is_given(app, database):
    taken(app)
    with reading(database) as session:
        last = audit.last_about(session, "download", "team workbook 2025-Q4")
    said = json.loads(last.details)
    assert (said["people"], said["manager"], said["run"]) == (3, "1001", "2025-Q4/1")


def test_the_team_page_offers_it(app):
    page = Visitor(app, DIRECTOR).get("/team/2025-Q4?of=1001")
    assert f"{ADDRESS}?of=1001" in page.links()


def test_who_leads_nobody_is_told_so(app):
    assert "You led nobody" in Visitor(app, HR).get(ADDRESS).text
