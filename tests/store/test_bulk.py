"""Bulk reads and writes keep every text exactly, on both databases."""

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from comp.db import connect, reading, writing
from comp.models import ResponseRow, UnitRow
from comp.periods import Quarter
from comp.services import payouts
from comp.services.calculation import last_run
from comp.store.bulk import chunks, columns_of, insert, put
from comp.store.units import load_units
from tests.databases import administer, drop_database, postgresql_url
from tests.stored import EVERYBODY, NOW, calculated, company, publish, taken
from web.database import disposed

NASTY = [
    'it\'s "quoted"',
    "two\nlines\r\nand a tab\tand a bell\a",
    r"back\slash \n \N \.",
    "\\.",
    "\\N",
    "",
    " spaces ",
    "emoji 👩‍👩‍👧 and ｆｕｌｌ width",
    "e\u0301 is not é",
    "right \u202eto left",
    "%s ? :name {} $1",
    "; DROP TABLE unit; --",
    "x" * 100_000,
]


def names(engine):
    with reading(engine) as session:
        table = columns_of(UnitRow)
        return [name for (name,) in session.execute(select(table.name).order_by(table.code))]


@pytest.mark.parametrize("write", [insert, lambda session, *rest: put(session, rest[0], ["code"], *rest[1:])])
def test_nasty_text_comes_back_as_it_was(engine, write):
    with writing(engine) as session:
        write(session, UnitRow, ["code", "name"], ((f"{n:02}", text) for n, text in enumerate(NASTY)))
    assert names(engine) == NASTY


def test_a_comment_that_a_customer_wrote_comes_back_as_it_was(engine):
    company(engine, people="", results="")
    quoted = '"he said ""no""\nand \\left; 👍"'
    taken(engine, "answers", f"response,unit,answered_on,recommend,comment\nr1,U,2025-07-01,9,{quoted}")
    with reading(engine) as session:
        assert session.scalars(select(ResponseRow.comment)).one() == 'he said "no"\nand \\left; 👍'


def test_nothing_and_the_empty_text_are_different(engine):
    with writing(engine) as session:
        insert(session, UnitRow, ["code", "name", "loyalty_lead"], [("A", "A", None), ("B", "B", "")])
    with reading(engine) as session:
        table = columns_of(UnitRow)
        assert session.scalars(select(table.loyalty_lead).order_by(table.code)).all() == [None, ""]


def test_put_replaces_what_has_the_same_key_and_keeps_the_rest(engine):
    with writing(engine) as session:
        insert(session, UnitRow, ["code", "name", "currency"], [("A", "old", "EUR"), ("B", "other", "JPY")])
        put(session, UnitRow, ["code"], ["code", "name"], [("A", "new"), ("C", "third")])
        put(session, UnitRow, ["code"], ["code", "name"], [])
    with reading(engine) as session:
        table = columns_of(UnitRow)
        rows = session.execute(select(table.code, table.name, table.currency).order_by(table.code)).all()
    assert rows == [("A", "new", "EUR"), ("B", "other", "JPY"), ("C", "third", None)]


def test_a_bulk_write_with_one_wrong_row_stores_nothing(engine):
    rows = [("A", "A", None), ("B", "B", "A"), ("A", "again", None)]
    with pytest.raises(DatabaseError), writing(engine) as session:
        insert(session, UnitRow, ["code", "name", "parent"], rows)
    assert names(engine) == []


def test_a_null_character_never_reaches_a_database(engine):
    company(engine, people="", results="")
    seen = taken(engine, "answers", "response,unit,answered_on,recommend,comment\nr1,U,2025-07-01,9,a\0b")
    with reading(engine) as session:
        assert "\0" not in session.scalars(select(ResponseRow.comment)).one()
    assert seen.new == 1


def test_values_are_asked_for_in_lists_that_every_database_takes():
    assert [len(some) for some in chunks(map(str, range(1001)))] == [500, 500, 1]
    assert list(chunks([])) == []


def test_text_sorts_by_code_point_whatever_the_servers_language(postgresql, tmp_path):
    """A server that sorts as people do would page and number differently from SQLite and from the calculation."""
    administer(
        postgresql,
        "CREATE DATABASE spoken TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C.UTF-8'",
    )
    from comp.services.company import initialise

    codes = ["10", "9", "A-1", "A1", "B", "Zoë", "a", "b-2", "Ä"]
    with disposed(connect(postgresql_url(postgresql, "spoken"))) as engine:
        with writing(engine) as session:
            initialise(session, None)
            insert(session, UnitRow, ["code", "name"], ((code, "U") for code in codes))
        with reading(engine) as session:
            assert [unit.code for unit in load_units(session)] == sorted(codes)
            assert session.scalars(select(UnitRow.code).order_by(UnitRow.name, UnitRow.code)).all() == sorted(codes)
    drop_database(postgresql, "spoken")


PEOPLE = """
    employee,name,unit,from,target_amount,currency
    1,Mehmet Özil,U,2020-01-01,4000,EUR
    2,ÉLODIE 100%_sure,V,2020-01-01,4000,EUR
    b-3,Straße \\ Weg,V,2020-01-01,4000,EUR
"""


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("özil", ["1"]),
        ("OZIL", ["1"]),
        ("elodie", ["2"]),
        ("100%_", ["2"]),
        ("%", ["2"]),
        ("_", ["2"]),
        ("strasse \\", ["b-3"]),
        ("B-3", ["b-3"]),
        (" mehmet ", ["1"]),
        ("", ["1", "2", "b-3"]),
        ("nobody", []),
    ],
)
def test_people_are_found_without_regard_to_case_and_accents(engine, search, found):
    company(engine, people=PEOPLE)
    publish(engine)
    calculated(engine)
    with reading(engine) as session:
        stored, _ = last_run(session, EVERYBODY, Quarter(2025, 3))
        page = payouts.list_payouts(session, EVERYBODY, stored, search, 1, NOW)
    assert ([row.employee for row in page.rows], page.total) == (found, len(found))
