"""Files in: a dry run first, every problem named, acceptance whole, and nobody else's files."""

import io

import openpyxl
import pytest

from comp.db import reading
from comp.errors import NotFoundError
from comp.services import uploads
from tests.web.company import AUDITOR, HR, SECOND_HR
from tests.web.visitor import Visitor
from web.forms.imports import UploadForm

METRICS = """\
questions: {easy: {scale: 1-7, text: How easy was it}}
metrics: {ease: {name: Ease, question: easy, statistic: mean, decimals: 2}}
"""
KINDS = {
    # kind: a file that brings something new, and how many rows of it
    "units": ("unit,name,parent\nBRA,Braga,AUR\n", 1),
    "people": ("employee,name,unit,from,target_amount,currency\n1008,Hugo Horta,OPO,2025-01-01,1000,EUR\n", 1),
    "absences": ("employee,from,to,kind\n1001,2025-10-01,2025-10-10,parental\n", 1),
    "metrics": (METRICS, 2),
    "targets": ("unit,quarter,metric,target\nLIS,2025-Q4,csat,80\nLIS,2025,nps,45\n", 2),
    "answers": ("response,unit,answered_on,recommend\nr1,OPO,2025-11-01,9\nr2,OPO,2025-11-02,3\n", 2),
    "results": ("unit,quarter,metric,value\nOPO,2025-Q4,income,100\n", 1),
    "personal-results": ("employee,quarter,metric,value\n1001,2025-Q4,income,90\n", 1),
}

TAKEN_IN = [
    ["5", "targets.csv targets", "1", "1", "0"],
    ["4", "results.csv results", "9", "9", "0"],
    ["3", "people.csv people", "9", "9", "0"],
    ["2", "metrics.yaml metrics", "1", "1", "0"],
    ["1", "units.csv units", "4", "4", "0"],
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_file_is_shown_first_and_stored_when_it_is_accepted(visit, kind):
    content, rows = KINDS[kind]
    visitor = visit(HR)
    page = upload(visitor, kind, content)
    assert page.heading == f"{kind}.txt can be taken in"
    assert figures(page) == {"Rows": rows, "New": rows, "Changed": 0, "Unchanged": 0, "Refused": 0}
    assert "Nothing is stored yet." in page.text
    assert history(visitor) == TAKEN_IN
    page = page.submit(f"Accept {rows} row{'s' if rows > 1 else ''}")
    assert page.notes == [f"{kind}.txt is taken in: {rows} new, 0 changed, 0 unchanged."]
    assert history(visitor)[0] == ["6", f"{kind}.txt {kind}", str(rows), str(rows), "0"]
    again = upload(visitor, kind, content)
    assert figures(again)["Unchanged"] == rows
    assert "It says nothing new: there is nothing to store." in again.text
    assert "This very file was taken in on" in again.text
    assert not [button for button in again.buttons() if button.startswith("Accept")]


def test_the_kinds_here_are_all_that_the_form_offers(app):
    with app.test_request_context():
        assert [value for value, *_ in UploadForm().kind.iter_choices()] == [
            "units",
            "people",
            "absences",
            "metrics",
            "targets",
            "answers",
            "results",
            "personal-results",
        ]


def test_the_quarters_that_rows_fall_into_are_told(visit):
    content = "unit,answered_on,recommend\nOPO,2025-09-30,9\nOPO,2025-10-01,9\nOPO,2025-12-31,3\n"
    page = upload(visit(HR), "answers", content)
    assert page.rows("Into which quarters the rows fall") == [["2025-Q3", "1"], ["2025-Q4", "2"]]


def test_a_workbook_is_read_like_a_text(visit):
    book = openpyxl.Workbook()
    for row in (["unit", "name", "parent"], ["BRA", "Braga", "AUR"]):
        book.active.append(row)
    content = io.BytesIO()
    book.save(content)
    page = upload(visit(HR), "units", content.getvalue(), "units.xlsx")
    assert figures(page)["New"] == 1


def test_every_problem_is_told_with_line_column_and_value(visit):
    content = "unit,quarter,metric,value\nLIS,2025-Q5,csat,80\nNOW,2025-Q4,csat,80\nLIS,2025-Q4,csat,\uff18\uff10\n"
    visitor = visit(HR)
    page = upload(visitor, "results", content)
    assert page.heading == "results.txt cannot be taken in as it is"
    assert page.title == "Error: Dry run · Loyalty Pay"
    assert [row[:3] for row in page.rows("Problems")] == [
        ["2", "quarter", "2025-Q5"],
        ["3", "unit", "NOW"],
        ["4", "value", "\uff18\uff10"],
    ]
    assert figures(page)["Refused"] == 3
    assert "3 problems below: mend the file, then upload it again. Nothing is stored." in page.text
    assert page.buttons()[-1] == "Put aside"
    assert history(visitor) == TAKEN_IN


def test_a_file_with_problems_is_not_accepted_even_when_it_is_asked_for(visit):
    visitor = visit(HR)
    page = upload(visitor, "units", "unit,name,parent\nBRA,Braga,NOWHERE\n")
    page = visitor.post(f"{page.address}/accept")
    assert page.heading == "units.txt cannot be taken in as it is"
    assert history(visitor) == TAKEN_IN


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"", "units.csv", "units.csv is empty."),
        (b"\xd0\xcf\x11\xe0old", "units.xls", "Save it as .xlsx without a password."),
        (b"PK\x03\x04broken", "units.xlsx", "units.xlsx is damaged"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(visit, content, name, told):
    page = upload(visit(HR), "units", content, name)
    assert page.heading == f"{name} cannot be taken in as it is"
    assert told in page.text


def test_at_most_two_hundred_problems_are_shown(visit):
    lines = "".join(f"X{number},2025-Q4,csat,80\n" for number in range(250))
    page = upload(visit(HR), "results", f"unit,quarter,metric,value\n{lines}")
    assert len(page.rows("Problems")) == 200
    assert "The first 200 of 250 are shown." in page.text


def test_what_does_not_stand_in_the_way_is_told_too(visit):
    page = upload(visit(HR), "units", "unit,name,parent,colour\nBRA,Braga,AUR,blue\n")
    assert page.heading == "units.txt can be taken in"
    assert len(page.rows("Worth knowing")) == 1


def test_columns_with_other_names_one_unit_and_the_order_of_days_can_be_told(visit):
    content = "When,Would you?\n03/04/2025,9\n"
    told = {"columns": "When = answered_on\nWould you? = recommend\n\nnonsense\n = x\nx =\n", "unit": "OPO"}
    page = upload(visit(HR), "answers", content, **told, date_order="mdy")
    assert page.rows("Into which quarters the rows fall") == [["2025-Q1", "1"]]
    page = upload(visit(HR), "answers", content, **told, date_order="dmy")
    assert page.rows("Into which quarters the rows fall") == [["2025-Q2", "1"]]


def test_days_that_can_be_read_in_two_ways_ask_for_their_order(visit):
    page = upload(visit(HR), "answers", "unit,answered_on,recommend\nOPO,03/04/2025,9\n")
    assert page.heading == "answers.txt cannot be taken in as it is"


def test_a_form_without_a_file_or_with_another_kind_is_refused(visit):
    visitor = visit(HR)
    page = visitor.get("/imports").submit("Show the dry run", 422)
    assert page.errors == ["File: Choose a file."]
    assert page.title == "Error: Imports · Loyalty Pay"
    page = visitor.get("/imports").submit("Show the dry run", 422, kind="salaries", file=in_hand(b"x", "a.csv"))
    assert page.errors == ["What the file holds: Not a valid choice."]
    page = visitor.get("/imports").submit("Show the dry run", 422, date_order="ydm", file=in_hand(b"x", "a.csv"))
    assert page.errors == ["Days are written: Not a valid choice."]


def test_accepting_twice_stores_once(visit):
    visitor = visit(HR)
    page = upload(visitor, "units", "unit,name,parent\nBRA,Braga,AUR\n")
    page.submit("Accept 1 row")
    again = page.submit("Accept 1 row", 404)
    assert again.heading == "There is nothing here"
    assert "it was taken in, put aside, or is older than three days" in again.text
    assert len(history(visitor)) == 6


def test_two_files_with_the_same_rows_are_told_apart_when_they_are_accepted(visit):
    visitor, other = visit(HR), visit(SECOND_HR)
    content = "unit,name,parent\nBRA,Braga,AUR\n"
    pages = upload(visitor, "units", content), upload(other, "units", content)
    pages[0].submit("Accept 1 row")
    assert pages[1].submit("Accept 1 row").notes == ["units.txt says nothing new: nothing was stored."]
    assert len(history(visitor)) == 6


def test_a_file_that_was_put_aside_is_gone(visit, database):
    visitor = visit(HR)
    page = upload(visitor, "units", "unit,name,parent\nBRA,Braga,AUR\n")
    assert page.submit("Put aside").notes == ["The file was put aside; nothing was stored."]
    visitor.get(page.address, 404)
    page.submit("Put aside", 404)
    with reading(database) as session, pytest.raises(NotFoundError):
        uploads.find_upload(session, page.address.rpartition("/")[2], HR)
    assert history(visitor) == TAKEN_IN


def test_another_ones_file_stays_theirs(visit):
    mine, other = visit(HR), visit(SECOND_HR)
    page = upload(mine, "units", "unit,name,parent\nBRA,Braga,AUR\n")
    other.get(page.address, 404)
    other.post(f"{page.address}/accept", 404)
    other.post(f"{page.address}/put-aside", 404)
    assert mine.get(page.address).heading == "units.txt can be taken in"


def test_those_who_only_read_see_what_was_taken_in_and_no_form(visit):
    page = visit(AUDITOR).get("/imports")
    assert [row[:5] for row in page.rows("What was taken in")] == TAKEN_IN
    assert "Show the dry run" not in page.buttons()


def test_no_half_of_a_mapping_is_taken_for_one(app):
    typed = "Q12 = recommend\nStore=unit\n  spaced  =  answered_on \na = b = segment\n= x\ny =\nz"
    with app.test_request_context(method="POST", data={"columns": typed}):
        assert UploadForm().mapping() == {
            "Q12": "recommend",
            "Store": "unit",
            "spaced": "answered_on",
            "a = b": "segment",
        }
    with app.test_request_context():
        assert UploadForm().mapping() == {}


def upload(visitor: Visitor, kind: str, content: str | bytes, name: str | None = None, **told):
    content = content.encode() if isinstance(content, str) else content
    file = in_hand(content, name or f"{kind}.txt")
    return visitor.get("/imports").submit("Show the dry run", kind=kind, file=file, **told)


def in_hand(content: bytes, name: str) -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def figures(page) -> dict[str, int]:
    """The figures at the top of a dry run."""
    boxes = page.root.xpath("//div[contains(@class, 'figure ') or contains(concat(' ', @class, ' '), ' figure ')]")
    return {box.findtext("span"): int(box.findtext("b").replace(",", "")) for box in boxes}


def history(visitor: Visitor) -> list[list[str]]:
    """What was taken in: batch, file and kind, rows, new, changed."""
    return [row[:5] for row in visitor.get("/imports").rows("What was taken in")]
