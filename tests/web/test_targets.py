"""Targets on the pages: the grid, what a change would do, blocks out of spreadsheets, and two people at once."""

import io

import pytest

from comp.db import reading
from comp.intake import Kind
from comp.periods import parse_period
from comp.services import audit
from comp.store import results
from tests.web.company import APPROVER, HR, SECOND_HR, take_in
from web.forms.targets import seen_name, target_name

YEAR, Q4 = "/targets?period=2025", "/targets?period=2025-Q4"
LOOK, STORE = "Look at the changes", "Store 1 target"
LIS, AUR = target_name("LIS", "nps"), target_name("AUR", "nps")


def stored(database, period="2025"):
    with reading(database) as session:
        found = results.load_targets(session, [parse_period(period)])
    return {(each.unit, each.metric): str(each.target) for each in found}


def notes(database):
    with reading(database) as session:
        return [each.entry.details for each in audit.search(session, "targets", 1) if each.entry.action == "targets"]


def test_a_target_is_set_after_a_look_at_what_changes(visit, database):
    page = visit(HR).get(YEAR).submit(LOOK, **{LIS: "45.5"})
    assert page.heading == "1 target of 2025 would change"
    assert page.rows("What changes") == [["Lisbon LIS", "Net Promoter Score", "none", "45.5", "new"]]
    assert stored(database) == {("AUR", "nps"): "40"}
    page = page.submit(STORE)
    assert page.notes == ["1 target of 2025 is stored."]
    assert page.value(LIS) == "45.5"
    assert stored(database) == {("AUR", "nps"): "40", ("LIS", "nps"): "91/2"}


def test_the_chain_keeps_how_many_targets_changed_and_hashes_of_before_and_after(visit, database):
    visit(HR).get(YEAR).submit(LOOK, **{LIS: "45", AUR: "41"}).submit("Store 2 targets")
    (details,) = notes(database)
    assert '"changed":1,' in details
    assert '"new":1,' in details
    assert '"removed":0' in details
    assert '"before":"' in details
    assert '"after":"' in details
    assert "45" not in details.partition('"changed"')[2].partition('"new"')[0]


def test_a_unit_without_a_target_shows_the_one_above_and_where_it_comes_from(visit):
    cells = {row[0].split()[0]: row[2] for row in visit(APPROVER).get(Q4).rows()}
    assert "40 from AUR, 2025" in cells["Lisbon"]
    assert "40 from AUR, 2025" in cells["Aurelia"]
    cells = {row[0].split()[0]: row[2] for row in visit(APPROVER).get(YEAR).rows()}
    assert cells["Aurelia"].startswith("40")
    assert "from" not in cells["Aurelia"]
    assert "40 from AUR" in cells["Faro"]


def test_the_year_before_stands_beside_with_its_answers_and_target(visit):
    cells = {row[0].split()[0]: row for row in visit(APPROVER).get("/targets?period=2026-Q4").rows()}
    metrics = ["csat", "nps", "income"]
    lisbon = dict(zip(metrics, cells["Lisbon"][1:], strict=True))
    assert "year before: 44.0 (100), target 40" in lisbon["nps"]
    assert "year before: 85.0 (100)" in lisbon["csat"]
    assert "year before: 100" in lisbon["income"]
    assert "year before: below 5 answers, target 40" in cells["Faro"][2]
    whole = {row[0].split()[0]: row for row in visit(APPROVER).get("/targets?period=2026").rows()}
    assert "year before: 37.0 (200), target 40" in whole["Lisbon"][2]
    assert "2025-Q4: 100" in whole["Lisbon"][3]


@pytest.mark.parametrize(
    "typed", ["NaN", "Infinity", "1_000", "４２", "42,5", "1.234,5", "1,00", "1e3", "+4", "%", "x", "0x1"]
)
def test_what_is_no_number_is_refused_at_its_field(visit, database, typed):
    page = visit(HR).get(YEAR).submit(LOOK, 422, **{LIS: typed})
    assert page.title.startswith("Error: ")
    assert page.errors == ["LIS, Net Promoter Score: Type a number such as 40 or 12.5."]
    assert page.value(LIS) == typed
    assert stored(database) == {("AUR", "nps"): "40"}


@pytest.mark.parametrize(("typed", "target"), [("42", "42"), (" -5.25 ", "-21/4"), ("85 %", "85"), ("007", "7")])
def test_a_number_is_read_exactly(visit, database, typed, target):
    visit(HR).get(YEAR).submit(LOOK, **{LIS: typed}).submit(STORE)
    assert stored(database)["LIS", "nps"] == target


def test_a_target_that_no_score_can_reach_is_refused(visit, database):
    page = visit(HR).get(YEAR).submit(LOOK, 422, **{LIS: "850"})
    assert "LIS nps" in page.text
    assert "is outside the scale of nps, -100 to 100." in page.text
    assert page.value(LIS) == "850"
    assert stored(database) == {("AUR", "nps"): "40"}


def test_a_field_that_does_not_come_back_is_neither_the_old_target_nor_none(visit, database):
    page = visit(HR).get(YEAR).submit(LOOK, 422, **{AUR: None})
    assert page.errors == ["AUR, Net Promoter Score: Did not come back with the form. Load the page again."]
    assert stored(database) == {("AUR", "nps"): "40"}


def test_a_target_is_removed_only_by_saying_so(visit, database):
    page = visit(HR).get(YEAR).submit(LOOK, **{AUR: ""})
    assert "1 target would be removed" in page.text
    page = page.submit(STORE, 422, removing=None)
    assert page.errors == ["Yes, remove them: Tick it: these targets would be gone."]
    assert stored(database) == {("AUR", "nps"): "40"}
    page.submit(STORE, removing="y")
    assert stored(database) == {}


def test_nothing_changed_is_said_and_nothing_is_stored(visit, database):
    page = visit(HR).get(YEAR).submit(LOOK)
    assert page.notes == ["Nothing is different from what is stored."]
    assert notes(database) == []


def test_a_cell_that_somebody_else_changed_is_not_overwritten(visit, database):
    page = visit(HR).get(YEAR)
    visit(SECOND_HR).get(YEAR).submit(LOOK, **{AUR: "44"}).submit(STORE)
    late = page.submit(LOOK, 409, **{AUR: "45", LIS: "50"})
    assert late.heading == "Somebody was faster"
    assert "AUR nps 2025: you saw 40, now it is 44; you wanted 45" in late.text
    assert stored(database) == {("AUR", "nps"): "44"}


def test_a_change_between_the_look_and_storing_is_not_overwritten_either(visit, database):
    looked_at = visit(HR).get(YEAR).submit(LOOK, **{AUR: "45", LIS: "50"})
    visit(SECOND_HR).get(YEAR).submit(LOOK, **{LIS: "44"}).submit(STORE)
    late = looked_at.submit("Store 2 targets", 409)
    assert "LIS nps 2025: you saw no target, now it is 44; you wanted 50" in late.text
    assert stored(database) == {("AUR", "nps"): "40", ("LIS", "nps"): "44"}


def test_what_another_changed_in_a_cell_that_one_leaves_alone_stays(visit, database):
    page = visit(HR).get(YEAR)
    visit(SECOND_HR).get(YEAR).submit(LOOK, **{AUR: "44"}).submit(STORE)
    page.submit(LOOK, **{LIS: "50"}).submit(STORE)
    assert stored(database) == {("AUR", "nps"): "44", ("LIS", "nps"): "50"}


def test_targets_of_a_calculated_quarter_come_with_a_warning(visit):
    page = visit(HR).get(Q4)
    assert "2025-Q4 is calculated already." in page.text
    assert "2025-Q4 is calculated already." in page.submit(LOOK, **{LIS: "45"}).text
    assert "calculated already" not in visit(HR).get("/targets?period=2026-Q1").text


BLOCK = "unit\tNet Promoter Score\tincome\nLIS\t45\t\nFAR\t-2.5\t105"


def test_a_block_out_of_a_spreadsheet_shows_what_it_changes_before_anything_is_stored(visit, database):
    page = paste(visit, BLOCK)
    assert page.rows("What changes") == [
        ["Lisbon LIS", "Net Promoter Score", "none", "45", "new"],
        ["Faro FAR", "Net Promoter Score", "none", "−2.5", "new"],
        ["Faro FAR", "Operating income", "none", "105", "new"],
    ]
    assert stored(database, "2025-Q4") == {}
    page.submit("Store 3 targets")
    assert stored(database, "2025-Q4") == {("LIS", "nps"): "45", ("FAR", "nps"): "-5/2", ("FAR", "income"): "105"}


def paste(visit, block, status=200, period="2025-Q4", **fields):
    return visit(HR).post(f"/targets/block?period={period}", status, block=block, **fields)


def test_blank_cells_of_a_block_remove_nothing_unless_that_is_said(visit, database):
    block = "unit,nps,income\nAUR,,50"
    paste(visit, block, period="2025").submit(STORE)
    assert stored(database)["AUR", "nps"] == "40"
    page = paste(visit, "unit,nps\nAUR,\n", period="2025", blanks="y")
    assert "1 target would be removed" in page.text
    assert "different" in paste(visit, "unit,nps\nAUR,\n", period="2025").text


@pytest.mark.parametrize(
    ("block", "problems"),
    [
        ("unit\tnps\nXXX\t4", [["2", "unit", "XXX", "is not a unit. Correct the code, or import the units first."]]),
        ("unit\tnps\tfun\nLIS\t4\t5", [["1", "column 3", "fun", "is not a metric. Metrics: csat, income, nps."]]),
        (
            "unit\tnps\tNet Promoter Score\nLIS\t4\t5",
            [["1", "", "Net Promoter Score", "stands twice in the header. Keep one of the two."]],
        ),
        ("unit\tnps\nLIS\t4\nLIS\t5", [["3", "unit", "LIS", "stands on line 2 already. Keep one of the two."]]),
        ("unit\tnps\nLIS\t4\t9", [["2", "unit", "LIS", "has 3 cells, the header 2."]]),
        (
            "unit\tnps\nLIS\t4,5\nFAR\tmany",
            [[line, "nps", text, "Type a number such as 40 or 12.5."] for line, text in (("2", "4,5"), ("3", "many"))],
        ),
        (
            "where\tnps\nLIS\t4",
            [
                [
                    "1",
                    "",
                    "where",
                    "should be `unit`: the first row is the header, and the first column has the units' codes.",
                ]
            ],
        ),
        ("unit\tnps\nLIS\t101", [["", "LIS nps", "101", "is outside the scale of nps, -100 to 100."]]),
    ],
)
def test_problems_of_a_block_are_told_with_row_and_column_and_nothing_is_taken(visit, database, block, problems):
    page = paste(visit, block, 422)
    assert page.rows("Problems") == problems
    assert "".join(page.root.xpath("//textarea/text()")).strip() == block
    assert stored(database, "2025-Q4") == {}


@pytest.mark.parametrize("block", ["", "LIS", "unit\tnps", "unit\nLIS", 'unit,nps\n"LIS,4'])
def test_what_is_no_block_is_refused_with_words(visit, block):
    page = paste(visit, block, 422)
    assert len(page.errors) == 1


def test_a_block_that_is_too_large_is_refused(visit):
    rows = "\n".join(f"LIS{n}\t1" for n in range(120_000))
    assert "longer than 1,000,000 characters" in paste(visit, "unit\tnps\n" + rows, 422).errors[0]


def test_the_file_of_a_grid_comes_back_unchanged(visit, database):
    visitor = visit(HR)
    visitor.get(YEAR).submit(LOOK, **{LIS: "-12.5"}).submit(STORE)
    answer = visitor.fetch("/targets/file?period=2025")
    assert answer.mimetype == "text/csv"
    assert answer.data.decode("utf-8-sig").splitlines()[:3] == [
        '"unit","name","csat","nps","income"',
        '"AUR","Aurelia","","40",""',
        '"FAR","Faro","","",""',
    ]
    page = visitor.post("/targets/block?period=2025", file=(io.BytesIO(answer.data), "targets.csv"))
    assert page.notes == ["Nothing is different from what is stored."]
    changed = answer.data.replace(b"'-12.5", b"44")
    page = visitor.post("/targets/block?period=2025", file=(io.BytesIO(changed), "targets.csv"))
    assert page.rows("What changes") == [["Lisbon LIS", "Net Promoter Score", "−12.5", "44", "changed"]]


def test_a_file_that_is_not_utf_8_is_refused_with_words(visit):
    sent = io.BytesIO("unit,nps\nMÜN,4".encode("cp1252")), "t.csv"
    page = visit(HR).post("/targets/block?period=2025", 422, file=sent)
    assert page.errors == ["The file is not CSV in UTF-8. Save it as “CSV UTF-8”, or paste its cells."]


@pytest.mark.parametrize(
    "changes",
    [
        "",
        "{}",
        "[]",
        "[1]",
        '[["LIS","2025","nps","",5]]',
        '[["LIS","soon","nps","","5"]]',
        '[["LIS","2025","nps","","x"]]',
    ],
)
def test_changes_that_no_page_of_ours_made_are_refused(visit, database, changes):
    visit(HR).post("/targets/save", 400, changes=changes)
    assert stored(database) == {("AUR", "nps"): "40"}


@pytest.mark.parametrize(
    "line", ['["XXX","2025","nps","","5"]', '["LIS","2025","fun","","5"]', '["LIS","2025","nps","","999"]']
)
def test_changes_that_cannot_be_are_refused_when_they_are_stored_too(visit, database, line):
    visit(HR).post("/targets/save", 422, changes=f"[{line}]")
    assert stored(database) == {("AUR", "nps"): "40"}


def test_only_who_writes_plans_gets_fields(visit):
    page = visit(APPROVER).get(YEAR)
    assert not page.root.xpath("//table//input")
    assert LOOK not in page.buttons()
    visit(APPROVER).post("/targets?period=2025", 404)


def test_units_are_found_by_name_and_by_the_unit_above_and_in_pages(visit, database):
    rows = "".join(f"U{n:03},Unit {n},LIS\n" for n in range(120))
    take_in(database, Kind.UNITS, f"unit,name,parent\n{rows}")
    visitor = visit(HR)
    assert "124 units" in visitor.get(YEAR).text
    assert len(visitor.get(YEAR).rows()) == 50
    page = visitor.get(f"{YEAR}&under=LIS&page=3")
    assert "121 units from LIS down" in page.text
    assert len(page.rows()) == 21
    assert "page 3 of 3" in page.text
    found = visitor.get(f"{YEAR}&q=unit 11")
    assert [row[0].split()[-1] for row in found.rows()] == ["U011", *(f"U{n}" for n in range(110, 120))]
    assert "No code and no name has “zzz” in it." in visitor.get(f"{YEAR}&q=zzz").text
    visitor.get(f"{YEAR}&under=NOPE", 404)
    visitor.get("/targets?period=soon", 404)
    late = found.submit(LOOK, **{target_name("U115", "nps"): "12"}).submit(STORE)
    assert late.notes == ["1 target of 2025 is stored."]


def test_a_unit_whose_code_has_signs_of_addresses_and_formulas_has_a_target_too(visit, database):
    take_in(database, Kind.UNITS, "unit,name,parent\n=A/1:b c&d,Odd,AUR\n")
    name = target_name("=A/1:b c&d", "nps")
    visitor = visit(HR)
    visitor.get(YEAR).submit(LOOK, **{name: "3"}).submit(STORE)
    assert stored(database)["=A/1:b c&d", "nps"] == "3"
    answer = visitor.fetch("/targets/file?period=2025")
    page = visitor.post("/targets/block?period=2025", file=(io.BytesIO(answer.data), "targets.csv"))
    assert page.notes == ["Nothing is different from what is stored."]


def test_a_form_shows_again_what_it_saw_and_refuses_what_was_changed_on_the_way(visit):
    visit(HR).get(YEAR).submit(LOOK, 422, **{seen_name("AUR", "nps"): "forty"})


def test_periods_are_those_with_targets_or_data_and_the_next(visit):
    page = visit(HR).get("/targets")
    assert page.heading == "Targets of 2025"
    links = [link for link in page.links() if link.startswith("/targets?")]
    assert "/targets?period=2026" in links
    assert "/targets?period=2025-Q1" in links
    assert visit(HR).get("/targets?year=2026").heading == "Targets of 2026"
    assert visit(HR).get("/targets?year=2031").heading == "Targets of 2031"


def test_numbers_are_read_and_shown_as_the_reader_writes_them(visit, database):
    visitor = visit(HR)
    visitor.post("/account/numbers", locale="de")
    page = visitor.get(YEAR)
    late = page.submit(LOOK, 422, **{LIS: "42.5"})
    assert "could be mistaken: your numbers are written as in German" in late.errors[0]
    page = page.submit(LOOK, **{LIS: "42,5"}).submit(STORE)
    assert page.value(LIS) == "42,5"
    assert page.value(seen_name("LIS", "nps")) == "42.5"
    assert stored(database)["LIS", "nps"] == "85/2"
    answer = visitor.fetch("/targets/file?period=2025")
    assert '"LIS","Lisbon","","42,5",""' in answer.data.decode("utf-8-sig")
    page = visitor.post("/targets/block?period=2025", file=(io.BytesIO(answer.data), "targets.csv"))
    assert page.notes == ["Nothing is different from what is stored."]
