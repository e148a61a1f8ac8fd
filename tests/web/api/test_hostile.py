"""What nobody sends in good faith: it is refused in words, stores nothing, and never is a 5xx."""

import json

import pytest
from sqlalchemy import text

from comp.db import reading
from tests.web.company import HR, plan_document
from web.api.imports import XLSX

JSON = {"Content-Type": "application/json"}
DEEP = "[" * 100_000 + "]" * 100_000
ROW = '{"rows": [{"unit": %s, "name": "N", "parent": "AUR"}]}'


@pytest.fixture
def hr(program):
    return program(HR)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe{", 400),
        (b"null", 422),
        (b"[]", 422),
        (b'{"rows": []}', 422),
        (DEEP.encode(), 400),
        (b'{"rows": ' + DEEP.encode() + b"}", 400),
        ((ROW % "NaN").encode(), 422),
        ((ROW % "1e400").encode(), 422),
        ((ROW % ("9" * 10_000)).encode(), 400),
        ((ROW % '"a\\u0000b"').encode(), 422),
        ((ROW % '"\\ud800"').encode(), 400),
        ((ROW % '"a\\nb"').encode(), 422),
        ((ROW % ('"' + "x" * 2_000 + '"')).encode(), 422),
        (b'{"rows": [{"unit": "A", "name": "N", "parent": "AUR", "admin": "true"}]}', 422),
    ],
)
def test_a_body_that_cannot_be_is_refused_in_words(hr, database, body, status):
    told = hr.post("/imports/units", None, status, data=body, headers=JSON)
    assert told["problems"] or status == 400
    hr.post("/imports/units?dry_run=true", None, status, data=body, headers=JSON)
    with reading(database) as session:
        assert session.execute(text("SELECT count(*) FROM batch")).scalar_one() == 5


PLAN = json.dumps(plan_document(starts="2027-01-01"))[:-1].replace("%", "%%") + ", %s}"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("{", 400),
        (DEEP, 400),
        ("[1]", 422),
        ('{"id": true, "components": 5}', 422),
        (" " * 1_000_001, 413),
        (PLAN % ('"gates": ' + "[" * 40 + "]" * 40), 400),
        (PLAN % '"cap": NaN', 400),
        (PLAN % '"cap": -Infinity', 400),
        (PLAN % ('"cap": ' + "9" * 10_000), 400),
        (PLAN % '"gates": "a\\u0000b"', 400),
        (PLAN % '"gates": ["\\ud800"]', 400),
        (PLAN % '"gates": {"\\udfff": "x"}', 400),
        (PLAN % '"cap": 1e400', 422),
        (PLAN % '"gates": {"a": [{"b": null}]}', 422),
        (PLAN % '"absences": 5', 422),
        (PLAN % '"surprise": 5', 422),
    ],
)
def test_a_plan_that_cannot_be_is_refused_in_words(hr, database, body, status):
    hr.post("/plans", None, status, data=body, headers=JSON)
    with reading(database) as session:
        assert session.execute(text("SELECT count(*) FROM plan_version")).scalar_one() == 2


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", XLSX])
def test_a_body_of_another_kind_is_refused(hr, kind):
    status = 422 if kind == XLSX else 415
    hr.post("/imports/units", None, status, data=json.dumps({"rows": []}), headers={"Content-Type": kind})
    hr.post("/plans", None, 415, data=json.dumps(plan_document()), headers={"Content-Type": kind})


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/people?limit=0", 422),
        ("/people?limit=501", 422),
        ("/people?limit=1e99", 422),
        ("/people?limit=" + "9" * 5_000, 422),
        ("/people?order=name", 422),
        ("/people?cursor=%00", 400),
        ("/people/%00", 400),
        ("/people/%ff%fe", 404),
        ("/people/..%2f..%2fetc", 404),
        ("/people/" + "x" * 5_000, 404),
        ("/runs?quarter=2025-Q5", 422),
        ("/runs/2025-Q4/0", 404),
        ("/runs/2025-Q4/99999999999999999999", 404),
        ("/quarters/0000-Q1", 404),
        ("/jobs/99999999999999999999", 404),
        ("/people/'; DROP TABLE person; --", 404),
        ("/nowhere", 404),
        ("/", 404),
    ],
)
def test_an_address_that_leads_nowhere_is_told_so(hr, address, status):
    hr.get(address, status)


def test_an_address_answers_to_its_methods_alone(hr):
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS"):
        assert hr.ask(method, "/units", 405).headers["Allow"] in {"GET, HEAD", "HEAD, GET"}
    assert hr.ask("HEAD", "/units").data == b""


def test_what_is_larger_than_an_upload_may_be_is_refused(hr, app, monkeypatch):
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000)
    hr.post("/imports/units", None, 413, data=b"x" * 1_001, headers={"Content-Type": "text/csv"})
    hr.post("/imports/units", None, 413, data=b" " * 1_001, headers=JSON)


def test_a_database_that_does_not_answer_is_told_as_a_problem(hr, app, monkeypatch):
    from comp.errors import UnavailableError
    from comp.services import directory

    def fail(_session):
        raise UnavailableError("no disk")

    monkeypatch.setattr(directory, "list_units", fail)
    assert "database" in hr.get("/units", 503)["detail"]


def test_what_nobody_foresaw_is_told_without_its_trace(hr, app, monkeypatch):
    from comp.services import directory

    monkeypatch.setattr(directory, "list_units", lambda _session: 1 // 0)
    told = hr.get("/units", 500)
    assert "ZeroDivision" not in json.dumps(told)
