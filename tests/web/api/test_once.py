"""Idempotency keys as programs use them: sent again where no answer came, twice at once, or with something else."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import text

from comp.db import reading
from tests.web.api.program import Program, token_of
from tests.web.company import HR, SECOND_HR, plan_document

CALCULATE = "/quarters/2025-Q4/runs"
KEY = {"Idempotency-Key": "7d9f3a52-0c0e-4f3b-9a51-2b1d8a0c6f11"}
ROWS = {"rows": [{"unit": "NEW", "name": "New", "parent": "AUR"}]}


def counted(database, table):
    with reading(database) as session:
        return session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()  # noqa: S608 - of this test


def test_a_request_that_is_sent_again_gets_the_same_answer_and_does_nothing(program, database):
    hr = program(HR)
    first = hr.ask("POST", "/imports/units", json=ROWS, headers=KEY)
    again = hr.ask("POST", "/imports/units", json=ROWS, headers=KEY)
    assert again.data == first.data
    assert first.get_json()["batch"] == 6
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert counted(database, "batch") == 6


def test_the_answer_has_its_status_its_location_and_its_etag_again(program):
    hr = program(HR)
    first, again = (hr.ask("POST", "/plans", 201, json=plan_document(starts="2027-01-01"), headers=KEY) for _ in "ab")
    assert (again.headers["Location"], again.headers["ETag"]) == (first.headers["Location"], first.headers["ETag"])


def test_a_calculation_asked_for_again_later_is_the_same_job(program, database):
    hr = program(HR)
    first = hr.post(CALCULATE, status=202, headers=KEY)
    with database.begin() as connection:
        connection.execute(text("UPDATE job SET state = 'cancelled', ended_at = asked_at"))
    assert hr.post(CALCULATE, status=202, headers=KEY) == first
    assert hr.post(CALCULATE, status=202)["job"] == 2


def test_a_key_with_another_body_or_address_is_refused_and_another_tokens_is_its_own(program, database):
    hr = program(HR)
    hr.post("/imports/units", ROWS, headers=KEY)
    other = {"rows": [{"unit": "OTHER", "name": "Other", "parent": "AUR"}]}
    assert "came with another request" in hr.post("/imports/units", other, 422, headers=KEY)["detail"]
    hr.post("/imports/units?unit=LIS", ROWS, 422, headers=KEY)
    hr.post(CALCULATE, status=422, headers=KEY)
    assert program(SECOND_HR).post("/imports/units", other, headers=KEY)["new"] == 1
    assert counted(database, "api_answer") == 2


def test_what_was_refused_may_be_mended_and_sent_under_its_key(program):
    hr = program(HR)
    wrong = {"rows": [{"unit": "NEW", "name": "New", "parent": "XX"}]}
    hr.post("/imports/units", wrong, 422, headers=KEY)
    assert hr.post("/imports/units", ROWS, headers=KEY)["accepted"]


def test_a_dry_run_is_kept_under_no_key(program, database):
    hr = program(HR)
    hr.post("/imports/units?dry_run=true", ROWS, headers=KEY)
    assert counted(database, "api_answer") == 0
    assert hr.post("/imports/units", ROWS, headers=KEY)["accepted"]


def test_a_key_that_cannot_be_read_is_refused(program):
    hr = program(HR)
    for key in ("", "a b", "x" * 201, "ü"):
        headers = {"Idempotency-Key": key.encode().decode("latin-1")}
        assert "1 to 200" in hr.post(CALCULATE, status=400, headers=headers)["detail"]
        hr.post("/imports/units?dry_run=true", ROWS, 400, headers=headers)


def test_of_two_at_once_one_is_done_and_both_get_its_answer(app, database):
    token, start = token_of(database, HR), Barrier(3)

    def ask(_number):
        start.wait()
        return Program(app, token).ask("POST", "/imports/units", json=ROWS, headers=KEY)

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(ask, range(3)))
    assert {answer.data for answer in answers} == {answers[0].data}
    assert sum("Idempotent-Replayed" in answer.headers for answer in answers) == 2
    assert counted(database, "batch") == 6
