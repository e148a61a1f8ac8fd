"""Files that were taken in and are withdrawn: what was said before counts again, and tallies follow exactly."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.db import reading, writing
from comp.errors import RefusedError, UnseenError
from comp.roles import Role
from comp.services import withdrawals
from tests.paid import APPROVER, HR, PAYROLL, account
from tests.services.test_exclusions import counting, granted, proposed
from tests.services.test_exclusions import make as with_exclusions
from tests.services.test_tallies import kept
from tests.stored import NOW, company, taken

SECOND_HR = account(7, Role.HR)
FIRST = "response,unit,answered_on,recommend\nr1,U,2025-07-01,9\nr2,U,2025-07-02,3\n"
SECOND = "response,unit,answered_on,recommend\nr2,V,2025-07-02,10\nr3,V,2025-08-01,7\n"
THIRD = "response,unit,answered_on,recommend\nr2,V,2025-07-02,1\n"


@pytest.fixture
def files(filled):
    return filled(fill)


def fill(engine):
    company(engine, results="")


def withdraw(engine, number, words="It was last year's file."):
    with writing(engine) as session:
        withdrawals.ask(session, HR, number, words, NOW)
    with writing(engine) as session:
        return withdrawals.confirm(session, SECOND_HR, number, NOW)


def tallies(engine):
    with reading(engine) as session:
        rows = session.execute(text('SELECT unit, answer, "count" FROM tally WHERE "count" > 0 ORDER BY unit, answer'))
        return [tuple(row) for row in rows]


def counted(engine):
    with reading(engine) as session:
        query = "SELECT key, unit, answers FROM response WHERE replaced_by IS NULL ORDER BY key"
        return [tuple(row) for row in session.execute(text(query))]


def results(engine):
    with reading(engine) as session:
        return [tuple(row) for row in session.execute(text("SELECT unit, value FROM result ORDER BY unit"))]


def test_answers_that_are_withdrawn_count_no_more_and_those_before_them_again(files):
    first = taken(files, "answers", FIRST).batch
    before = tallies(files), counted(files)
    second = taken(files, "answers", SECOND).batch
    assert tallies(files) != before[0]
    assert withdraw(files, second) == 2
    assert (tallies(files), counted(files)) == before
    assert withdraw(files, first) == 2
    assert (tallies(files), counted(files)) == ([], [])


def test_what_a_later_file_said_stays_and_what_comes_back_is_of_a_file_that_counts(files):
    taken(files, "answers", FIRST)
    second, third = taken(files, "answers", SECOND).batch, taken(files, "answers", THIRD).batch
    assert withdraw(files, second) == 1
    assert tallies(files) == [("U", 9, 1), ("V", 1, 1)]
    assert withdraw(files, third) == 1
    assert tallies(files) == [("U", 3, 1), ("U", 9, 1)]


def test_a_withdrawn_file_can_be_taken_in_again(files):
    number = taken(files, "answers", FIRST).batch
    before = tallies(files)
    withdraw(files, number)
    assert taken(files, "answers", FIRST).new == 2
    assert tallies(files) == before


def test_results_are_what_the_last_file_that_counts_says(files):
    numbers = [
        taken(files, "results", f"unit,quarter,metric,value\n{rows}").batch
        for rows in ("U,2025-Q3,k,1\n", "U,2025-Q3,k,2.5\nV,2025-Q3,k,7\n", "U,2025-Q3,k,3\n")
    ]
    assert withdraw(files, numbers[1]) == 2
    assert results(files) == [("U", "3")]
    assert withdraw(files, numbers[2]) == 1
    assert results(files) == [("U", "1")]
    assert withdraw(files, numbers[0]) == 1
    assert results(files) == []


def test_withdrawing_takes_two_people_and_words(files):
    number = taken(files, "answers", FIRST).batch
    with writing(files) as session:
        for actor, words, why in ((HR, " ", "Say why"), (APPROVER, "x", "roles do not let you")):
            with pytest.raises(RefusedError, match=why):
                withdrawals.ask(session, actor, number, words, NOW)
        with pytest.raises(RefusedError, match="Nobody asks that"):
            withdrawals.confirm(session, SECOND_HR, number, NOW)
        withdrawals.ask(session, HR, number, "It was last year's file.", NOW)
        for actor, why in ((HR, "Somebody else must confirm"), (PAYROLL, "roles do not let you")):
            with pytest.raises(RefusedError, match=why):
                withdrawals.confirm(session, actor, number, NOW)
        with pytest.raises(RefusedError, match="to be withdrawn already"):
            withdrawals.ask(session, SECOND_HR, number, "Indeed.", NOW)
        withdrawals.keep(session, HR, number, NOW)
    withdraw(files, number)
    with writing(files) as session, pytest.raises(RefusedError, match="is withdrawn already"):
        withdrawals.ask(session, HR, number, "Again.", NOW)


def test_files_that_cannot_be_withdrawn_say_why(files):
    number = taken(files, "results", "unit,quarter,metric,value\nU,2025-Q3,k,1\n").batch
    with writing(files) as session:
        with pytest.raises(RefusedError, match="A file of metrics is not withdrawn"):
            withdrawals.ask(session, HR, 1, "x", NOW)
        with pytest.raises(UnseenError, match="No file with the number 99"):
            withdrawals.ask(session, HR, 99, "x", NOW)
        columns = "kind, tool, file_name, sha256, rows, new, changed, unchanged, dropped, accepted_by, accepted_at"
        copied = f"INSERT INTO batch (id, {columns}) SELECT 99, {columns} FROM batch WHERE id = {number}"  # noqa: S608
        session.execute(text(copied))
        with pytest.raises(RefusedError, match="before it was kept what files of results replace"):
            withdrawals.ask(session, HR, 99, "x", NOW)


def test_the_database_itself_holds_the_four_eyes_of_a_withdrawal(files):
    number = taken(files, "answers", FIRST).batch
    with writing(files) as session:
        withdrawals.ask(session, HR, number, "x", NOW)
    own = "UPDATE batch_withdrawal SET state = 'withdrawn', decided_by = asked_by"
    for statement in (own, "DELETE FROM batch_withdrawal"):
        with pytest.raises(DatabaseError), writing(files) as session:
            session.execute(text(statement))
    with writing(files) as session:
        withdrawals.confirm(session, SECOND_HR, number, NOW)
    with pytest.raises(DatabaseError), writing(files) as session:
        session.execute(text("UPDATE batch_withdrawal SET state = 'kept'"))


def test_an_answer_that_is_left_out_stays_so_whatever_file_it_counts_from(sqlite_engine, quick_passwords):
    with_exclusions(sqlite_engine)
    granted(sqlite_engine, proposed(sqlite_engine, "r1", "r2"))
    before = counting(sqlite_engine)
    restated = "response,unit,answered_on,recommend\nr1,U,2025-07-01,0\nr3,U,2025-07-03,0\n"
    number = taken(sqlite_engine, "answers", restated).batch
    assert kept(sqlite_engine) == counting(sqlite_engine) != before
    assert withdraw(sqlite_engine, number) == 2
    assert kept(sqlite_engine) == counting(sqlite_engine) == before
