"""The audit page: what happened, for the auditor."""

import csv
import io
import sqlite3

from comp.db import writing
from comp.services import audit
from tests.web.company import AUDITOR, HR, NOW
from tests.web.visitor import Visitor


def test_the_auditor_reads_what_happened_newest_first(visit):
    page = visit(AUDITOR).get("/audit")
    assert "calculate run 2025-Q4 1" in page.text
    assert page.text.index("run 2025-Q4 1") < page.text.index("run 2025-Q3 1")
    assert "hr@aurelia.example" not in page.root.xpath("string(//main//table)")


def test_entries_are_found_by_their_text(visit):
    page = visit(AUDITOR).get("/audit?q=publish")
    assert "publish plan service@2025-01-01" in page.text
    assert "calculate" not in page.root.xpath("string(//main//tbody)")
    assert "No entry has “nothing like it” in it." in visit(AUDITOR).get("/audit?q=nothing+like+it").text


def test_older_entries_stand_on_the_next_page(visit, database):
    for number in range(audit.PAGE):
        with writing(database) as session:
            audit.note(session, HR, NOW, "read", f"payout {number}")
    first = visit(AUDITOR).get("/audit?q=payout+9")
    assert "Older" not in first.text
    second = visit(AUDITOR).get("/audit").follow("Older")
    assert "calculate run 2025-Q4 1" in second.text
    assert "payout 99" in second.follow("Newer").text
    assert "No entry has so low a number." in visit(AUDITOR).get("/audit?page=99").text


def test_the_chain_is_proved_on_demand(visit):
    page = visit(AUDITOR).get("/audit").follow("Prove the chain")
    assert "The chain holds." in page.text


def test_a_touched_entry_is_named(visit, database):
    with sqlite3.connect(database.url.database) as connection:
        connection.execute("DROP TRIGGER audit_update")
        connection.execute("UPDATE audit SET actor = 'account 99' WHERE number = 2")
    connection.close()
    assert "The chain is broken at entry 2." in visit(AUDITOR).get("/audit?prove=1").text


def test_the_first_entry_is_of_whoever_signs_in_to_look(empty_app):
    (row,) = Visitor(empty_app, AUDITOR).get("/audit").rows()
    assert row[1].startswith("signed in session 1")


def test_what_a_search_finds_is_taken_as_a_file_oldest_first_and_that_is_noted(visit, database):
    auditor = visit(AUDITOR)
    with writing(database) as session:
        audit.note(session, HR, NOW, "read", "payout =1+1")
    taken = auditor.fetch("/audit/file?q=run+2025")
    assert taken.mimetype == "text/csv"
    rows = list(csv.DictReader(io.StringIO(taken.data.decode("utf-8-sig"))))
    assert [row["about"] for row in rows] == ["run 2025-Q3 1", "run 2025-Q4 1"]
    assert all(len(row["hash"]) == len(row["hash before"]) == 64 for row in rows)
    whole = list(csv.DictReader(io.StringIO(auditor.fetch("/audit/file").data.decode("utf-8-sig"))))
    assert [row["entry"] for row in whole] == [str(number) for number in range(1, len(whole) + 1)]
    assert (whole[-1]["what"], whole[-1]["about"]) == ("download", "audit extract")
    assert "run 2025" not in whole[-1]["details"]
    assert "/audit/file?q=run+2025" in auditor.get("/audit?q=run+2025").links()
