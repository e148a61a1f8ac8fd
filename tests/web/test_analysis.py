"""HR's analysis: one workbook of several quarters, at once or by a job, masked for whoever does not prepare pay."""

import io
import re

from openpyxl import load_workbook

from comp.db import reading, writing
from comp.intake import Kind
from comp.roles import whoever_has_the_machine
from comp.services import analysis as analyses
from comp.services import calculation
from comp.store import audit
from exports.analysis_workbook import About, write_analysis
from tests.office import errors, listed, recalculated
from tests.web.company import AUDITOR, HR, MANAGER, NOW, PAYROLL, Q4, take_in
from tests.web.test_long_work import work
from tests.web.visitor import Visitor
from web import starting
from web.views import analysis

TITLE = re.compile(r"[a-z_]+")


def asked(app, email=HR, **fields):
    visitor = Visitor(app, email)
    known = {"last": "2025-Q4", "count": "2", **fields}
    answer = visitor.send("/analysis", {"csrf_token": visitor.token(), **known})
    assert answer.status_code == 200, answer.text
    return answer


def opened(content):
    return load_workbook(io.BytesIO(content))


def test_it_has_every_quarter_that_was_asked_for_and_one_row_for_each_person_and_currency(app):
    answer = asked(app)
    assert "analysis-2025-Q3-to-2025-Q4.xlsx" in answer.headers["Content-Disposition"]
    book = opened(answer.data)
    assert book.sheetnames == ["About", "Charts", "Payouts", "Unit scores", "Measures", "Chart data"]
    rows = listed(book, "Payouts")
    assert {row["quarter"] for row in rows} == {"2025-Q3", "2025-Q4"}
    assert len({(row["quarter"], row["employee"], row["currency"]) for row in rows}) == len(rows)
    ben = next(row for row in rows if (row["quarter"], row["employee"]) == ("2025-Q4", "1002"))
    assert (ben["unit_name"], ben["currency"], ben["state"]) == ("Lisbon", "EUR", "calculated")
    assert round(ben["earned"] + ben["adjustments"] + ben["added_otherwise"], 2) == ben["paid"]
    assert next(row for row in rows if row["employee"] == "1003" and row["quarter"] == "2025-Q4")["held"]


def test_titles_can_be_typed_into_a_pivot_numbers_are_numbers_and_quarters_sort_as_text(app):
    book = opened(asked(app).data)
    for sheet in ("Payouts", "Unit scores", "Measures"):
        titles = [cell.value for cell in book[sheet][1]]
        assert all(TITLE.fullmatch(title) for title in titles)
        assert len(set(titles)) == len(titles)
        (table,) = book[sheet].tables.values()
        assert " " not in table.displayName
        assert [column.name for column in table.tableColumns] == titles
    rows = listed(book, "Measures")
    assert all(isinstance(row["score"], int | float) for row in rows)
    assert all(isinstance(row["employee"], str) for row in rows)


def test_a_measure_stands_there_with_score_interval_and_weight_and_a_units_score_with_what_it_attained(app):
    book = opened(asked(app, count="1").data)
    ben = [row for row in listed(book, "Measures") if row["employee"] == "1002"]
    assert [(row["metric"], row["component"], row["weight"]) for row in ben] == [
        ("nps", "Customer loyalty", 0.6),
        ("csat", "Customer loyalty", 0.4),
        ("income", "Operating income", 1),
    ]
    lisbon = next(row for row in listed(book, "Unit scores") if (row["unit"], row["metric"]) == ("LIS", "nps"))
    assert (lisbon["score"], lisbon["answers"], lisbon["attainment"]) == (44, 100, 0.85)
    assert lisbon["interval_low"] < 44 < lisbon["interval_high"]
    top = next(row for row in listed(book, "Unit scores") if (row["unit"], row["metric"]) == ("AUR", "nps"))
    assert (top["source"], top["attainment"]) == ("scores of now", None)


def test_scores_from_few_answers_are_shown_to_hr_and_not_to_auditors(app):
    def faro(email):
        rows = listed(opened(asked(app, email, count="1").data), "Unit scores")
        return {row["unit"]: (row["score"], row["rests_on"]) for row in rows if row["metric"] == "nps"}

    assert faro(HR)["FAR"] == (25, "own")
    masked = faro(AUDITOR)
    assert masked["FAR"] == (None, "fewer than 5 answers, or next to one of those")
    assert masked["LIS"][0] is None  # else Faro could be worked out from Lisbon and the whole company
    assert masked["AUR"][0] is not None


def test_each_currency_has_a_chart_of_its_own_and_spreadsheets_open_them(app):
    content = asked(app).data
    assert len(opened(content)["Charts"]._charts) == 8  # trends, the spread, three currencies, against scores
    book = recalculated({"analysis": content})["analysis"]
    assert not errors(book)
    told = [str(row[0]) for row in book["Chart data"].iter_rows(values_only=True) if row[0]]
    assert [text for text in told if text.startswith("Paid in")] == ["Paid in EUR", "Paid in JPY", "Paid in KWD"]


def test_a_list_goes_on_to_a_further_sheet_where_one_is_full(app, database):
    with reading(database) as session:
        (run,) = analyses.runs_of(session, Q4, 1)
        part = analyses.load_slice(session, whoever_has_the_machine(), run, NOW)
    target = io.BytesIO()
    write_analysis(target, About(["2025-Q4"], "me", NOW), [part], most_rows=4)
    book = opened(target.getvalue())
    assert [name for name in book.sheetnames if name.startswith("Payouts")] == ["Payouts", "Payouts 2"]
    assert [len(listed(book, name)) for name in ("Payouts", "Payouts 2")] == [3, len(part.pay) - 3]
    assert {table.displayName for sheet in book.worksheets for table in sheet.tables.values()} >= {"Payouts_2"}


def test_names_that_look_like_formulas_stay_text(app, database):
    take_in(database, Kind.UNITS, "unit,name,parent\nLIS,=1+1,AUR\n")
    with writing(database) as session:
        calculation.calculate_quarter(session, Q4, HR, NOW)
    cells = [cell for row in opened(asked(app).data)["Payouts"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert cells
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def test_of_many_people_a_worker_makes_it_and_its_page_offers_it(app, visit, database, monkeypatch):
    monkeypatch.setattr(analysis, "LARGE", 0)
    monkeypatch.setattr(starting, "_AT_ONCE", 0)
    page = visit(HR).get("/analysis").submit("Make the workbook", last="2025-Q4", count="2")
    assert page.heading == "Job 1"
    work(database)
    hana = visit(HR)
    assert "analysis-2025-Q3-to-2025-Q4.xlsx is made. It is kept until" in hana.get("/jobs/1").text
    taken = hana.fetch("/jobs/1/file")
    assert {row["quarter"] for row in listed(opened(taken.data), "Payouts")} == {"2025-Q3", "2025-Q4"}


def test_taking_it_is_noted_and_it_is_for_those_who_may(app, database):
    asked(app)
    with reading(database) as session:
        assert audit.last_about(session, "download", "analysis 2025-Q3 to 2025-Q4")
    for email in (MANAGER, PAYROLL):
        Visitor(app, email).get("/analysis", 404)


def test_a_number_of_quarters_that_cannot_be_is_refused(app):
    page = Visitor(app, HR).get("/analysis").submit("Make the workbook", 422, count="0")
    assert "Type a number from 1 to 20." in page.text


def test_before_anything_is_calculated_it_says_so(empty_app):
    assert "Nothing is calculated yet" in Visitor(empty_app, HR).get("/analysis").text
