"""The overtime companion: off until HR turns it on, hours taken in, what is owed, and formulas that agree."""

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook

from comp.db import connect, reading, writing
from comp.intake import Kind
from comp.overtime import Rule
from comp.services import access, calculation, overtime
from comp.store import audit
from tests.exports.books import changed
from tests.office import beside, errors, listed, recalculated
from tests.web.company import APPROVER, AUDITOR, HR, MANAGER, NOW, PAYROLL, Q4, make_company, take_in
from tests.web.conftest import make_app
from tests.web.visitor import Visitor
from web.database import disposed

PEOPLE = """\
employee,name,unit,from,to,target_amount,currency,cost_centre,manager
0017,=Ann Ames,LIS,2020-01-01,,7200,USD,US1,1001
0018,Bob Bell,LIS,2025-11-15,,7200,USD,US1,1001
0019,Cy Cole,LIS,2020-01-01,,7200,USD,US1,1001
"""
WEEKS = [date(2025, 9, 28) + timedelta(weeks=number) for number in range(14)]
"""The workweeks from Sunday that touch the last quarter of 2025, which begins on a Wednesday and ends on one."""


@pytest.fixture(scope="module")
def american(sqlite_template, tmp_path_factory):
    """The small company with three people in dollars."""
    path = tmp_path_factory.mktemp("american") / "company.db"
    path.write_bytes(sqlite_template.read_bytes())
    with disposed(connect(f"sqlite:///{path}")) as engine:
        make_company(engine)
        take_in(engine, Kind.PEOPLE, PEOPLE, "america.csv")
        with writing(engine) as session:
            calculation.calculate_quarter(session, Q4, HR, NOW)
    return path


@pytest.fixture
def database(american, tmp_path):
    path = tmp_path / "company.db"
    path.write_bytes(american.read_bytes())
    with disposed(connect(f"sqlite:///{path}")) as engine:
        yield engine


@pytest.fixture
def app(database, tmp_path):
    return make_app(database, tmp_path)


@pytest.fixture
def on(app):
    turn_on(app)
    return app


def turn_on(app, **fields):
    page = Visitor(app, HR).get("/overtime")
    return page.submit("Save", is_on="y", units="LIS", excepted="0019", **fields)


def rows(employee="0017", hours=40, **others):
    """Hours for all weeks, the usual ones but for some by the number of the week."""
    return "\n".join(f"{employee},{week},{others.get(f'week_{place}', hours)}" for place, week in enumerate(WEEKS))


def test_it_is_off_until_somebody_of_hr_turns_it_on_which_is_noted(app, database):
    page = Visitor(app, PAYROLL).get("/overtime")
    assert "It is off" in page.text
    assert "Save" not in page.buttons()
    assert "it is off" in Visitor(app, PAYROLL).get("/overtime/2025-Q4/workbook", 422).text
    assert turn_on(app).notes == ["Overtime is looked at."]
    with reading(database) as session:
        said = audit.last_about(session, "settings", "overtime").details
    assert '"state":"on"' in said.replace(" ", "")


def test_whoever_is_not_of_hr_cannot_turn_it_on_by_any_way(database):
    with writing(database) as session:
        approver = access.find_account_by_email(session, APPROVER)
        with pytest.raises(Exception, match="Your roles do not let you say whose overtime"):
            overtime.set_rule(session, approver, Rule(is_on=True, units=("LIS",)), NOW)
        with pytest.raises(Exception, match="Your roles do not let you state hours"):
            overtime.state_hours(session, approver, Q4, [], b"", NOW)


def test_units_and_people_that_there_are_not_are_refused(app):
    page = Visitor(app, HR).get("/overtime")
    told = page.submit("Save", 422, is_on="y", units="NOWHERE", people="4711").text
    assert "unit NOWHERE: There is no such unit." in told
    assert "employee 4711: There is nobody with this number." in told
    assert "Choose at least one unit or person" in page.submit("Save", 422, is_on="y").text


def test_those_in_dollars_are_looked_at_without_whoever_is_excepted(on):
    page = Visitor(on, PAYROLL).get("/overtime?quarter=2025-Q4")
    assert [row[0] for row in page.rows("People")] == ["=Ann Ames 0017", "Bob Bell 0018"]
    assert [row[4] for row in page.rows("People")] == ["14 weeks missing", "8 weeks missing"]
    assert "For review by counsel: not legal advice." in page.text


def test_a_person_may_be_chosen_by_number(app):
    page = Visitor(app, HR).get("/overtime")
    after = page.submit("Save", is_on="y", people="0019, 1002")
    assert [row[0] for row in after.rows("People")] == ["Cy Cole 0019"]


def stated(app, text, status=200):
    page = Visitor(app, PAYROLL).get("/overtime?quarter=2025-Q4")
    return page.submit("Take the hours in", status, typed=text)


def test_hours_that_were_typed_say_what_is_owed_to_the_cent(on):
    after = stated(on, rows(week_4=50))
    assert after.notes == ["The hours are taken in: 14 new, 0 changed, 0 unchanged."]
    ann = after.table("People")[0]
    # 1,735.20 for 92 days: 132.0260... a week, of which 50 hours; half of it for each of 10 hours
    assert (ann["Bonus"], ann["Owed"]) == ("1,735.20", "13.20")
    again = stated(on, rows(week_4=60))
    assert again.notes == ["The hours are taken in: 0 new, 1 changed, 13 unchanged."]


def test_hours_that_cannot_be_are_told_line_by_line_and_none_is_kept(on):
    text = f"employee,week,hours\n0019,{WEEKS[0]},40\n0017,{WEEKS[0]},40\n0017,{WEEKS[0]},41\n0017,2025-10-06,40\n"
    page = stated(on, text + "0017,2026-01-11,40\n", 422)
    assert [(row[0], row[3]) for row in page.rows("What is wrong in the hours")] == [
        ("2", "is not looked at in this quarter: not chosen, or paid no bonus in dollars."),
        ("4", "stands on line 3 already for 0017. Keep one of the two."),
        ("5", "is a Monday: a workweek is named by its first day, a Sunday."),
        ("6", "begins no workweek of their bonus, which go from 2025-09-28 to 2025-12-28."),
    ]
    assert Visitor(on, PAYROLL).get("/overtime?quarter=2025-Q4").table("People")[0]["Owed"] == "14 weeks missing"


def test_the_weeks_to_fill_in_are_taken_in_as_they_were_given(on):
    visitor = Visitor(on, PAYROLL)
    given = visitor.fetch("/overtime/2025-Q4/hours.csv").data.decode("utf-8-sig")
    filled = given.replace('"0017","\'=Ann Ames","2025-10-05",""', '"0017","\'=Ann Ames","2025-10-05","44.5"')
    assert filled != given
    file = (io.BytesIO(filled.encode()), "hours.csv")
    page = visitor.post("/overtime/2025-Q4/hours", file=file)
    assert page.notes == ["The hours are taken in: 1 new, 0 changed, 0 unchanged."]
    assert '"2025-10-05","44.5"' in visitor.fetch("/overtime/2025-Q4/hours.csv").data.decode()


def test_a_file_without_hours_is_refused(on):
    assert "is empty" in stated(on, "", 422).text


def workbook(app, email=PAYROLL):
    answer = Visitor(app, email).fetch("/overtime/2025-Q4/workbook")
    assert answer.status_code == 200
    return answer.data


def test_the_formulas_agree_with_the_engine_and_go_on_from_hours_that_are_typed_into_the_workbook(on):
    stated(on, rows(week_0=47, week_4=50, week_13=63.5))
    content = workbook(on)
    first_of_bob = 2 + len(WEEKS)
    typed = content
    for place in range(8):
        typed = changed(typed, "Weeks", first_of_bob + place, "Hours", 45)
    books = recalculated({"given": content, "typed": typed, "wrong": changed(content, "Weeks", 6, "Hours", 99)})
    given = books["given"]
    assert not any(errors(book) for book in books.values())
    assert [row["Check"] for row in listed(given, "People")] == ["OK", "MISSING"]
    assert {row["Check"] for row in listed(given, "Weeks")} == {"OK", "MISSING"}
    assert beside(given, "People who differ from their formulas") == 0
    assert beside(given, "Owed by formulas, USD") == beside(given, "Owed, USD") > 0
    ann, bob = listed(given, "People")
    assert ann["Owed by formula"] == pytest.approx(ann["Owed"])
    assert (ann["Parts come to"], bob["Owed"]) == (pytest.approx(ann["Bonus"]), None)
    later = listed(books["typed"], "People")[1]
    assert (later["Check"], later["Owed by formula"] > 0) == ("NOT STORED", True)
    assert beside(books["wrong"], "People who differ from their formulas") == 1


def test_the_workbook_is_labelled_for_counsel_and_names_stay_text(on, database):
    book = load_workbook(io.BytesIO(workbook(on)))
    assert book["Summary"]["A2"].value == "For review by counsel: not legal advice."
    assert "not legal advice" in book["Weeks"].oddHeader.left.text
    assert "778.209" in book["Summary"]["A3"].value
    name = book["People"]["B2"]
    assert (name.value, name.data_type, name.quotePrefix) == ("=Ann Ames", "s", True)
    with reading(database) as session:
        assert audit.last_about(session, "download", "overtime companion 2025-Q4")


def test_who_may_not_read_overtime_finds_nothing(on):
    assert Visitor(on, AUDITOR).get("/overtime?quarter=2025-Q4").rows("People")
    for email in (MANAGER, APPROVER):
        Visitor(on, email).get("/overtime", 404)


def test_a_company_without_dollars_is_told_that_nobody_is_meant(app):
    Visitor(app, HR).get("/overtime").submit("Save", is_on="y", units="FAR")
    assert "Nobody is paid a bonus in dollars" in Visitor(app, HR).get("/overtime").text
