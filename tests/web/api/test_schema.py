"""Whatever a program sends that its document allows or forbids: no 5xx, and every answer is as the document says."""

import json
import shutil

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from comp.db import connect
from comp.tokens import Scope
from tests.web.api.program import token_of
from tests.web.api.test_resources import released
from tests.web.company import HR, PAYROLL
from tests.web.conftest import make_app
from web.api import document, units
from web.api.imports import CSV, XLSX
from web.api.routing import OPERATIONS
from web.database import disposed

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    unsupported_method,
]
PLACES = sorted({(document.path_of(one), one.method) for one in OPERATIONS.values()})
KNOWN = {
    "quarter": "2025-Q4",
    "number": 1,
    "employee": "1001",
    "version": "service@2026-01-01",
    "release": "2025-Q4-B1",
    "layout": "workbook",
    "name": "payroll-2025-Q4-B1.xlsx",
    "job": 1,
}
_BOUNDED = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
}


@schemathesis.serializer(CSV, XLSX)
def as_bytes(_context, value):
    """A file is sent as the bytes that it is."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@pytest.fixture(scope="module")
def company(company_template, tmp_path_factory):
    """The application on a small company of this module's own, and tokens for everything and for little."""
    folder = tmp_path_factory.mktemp("fuzzed")
    path = shutil.copy(company_template, folder / "company.db")
    with disposed(connect(f"sqlite:///{path}")) as database:
        released(database)
        app = make_app(database, folder, api_requests_a_minute=10_000_000)
        few = token_of(database, HR, (Scope.UNITS_READ, Scope.JOBS_READ))
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
        yield schema, {"hr": token_of(database, HR), "payroll": token_of(database, PAYROLL), "few": few}


def try_operation(company, place, whose, examples):
    """Send an operation what its document allows and what it forbids, with so many examples."""
    schema, tokens = company
    path, method = place
    one = schema[path][method]
    headers = {"Authorization": f"Bearer {tokens[whose]}"}

    allowed, forbidden = (one.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode)

    @given(st.one_of(allowed.map(at_something_known), allowed, forbidden))
    @settings(max_examples=examples, **_BOUNDED)
    def check(case):
        case.call_and_validate(headers=headers, checks=CHECKS)

    check()


def at_something_known(case):
    """Let a request be about something that there is."""
    case.path_parameters = {name: KNOWN[name] for name in case.path_parameters or {}}
    return case


def owner_for(path):
    return "payroll" if "/releases" in path else "hr"


@pytest.mark.parametrize("place", PLACES, ids=" ".join)
def test_no_answer_breaks_the_document(company, place):
    try_operation(company, place, owner_for(place[0]), 6)
    try_operation(company, place, "few", 2)


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES, ids=" ".join)
def test_no_answer_breaks_the_document_in_the_long_run(company, place):
    try_operation(company, place, owner_for(place[0]), 150)
    try_operation(company, place, "few", 20)


def test_an_answer_that_breaks_the_document_is_found(company, monkeypatch):
    monkeypatch.setattr(units.UnitList, "model_dump_json", lambda *_, **__: '{"units": 5}')
    with pytest.raises(BaseExceptionGroup) as found:
        try_operation(company, ("/api/v1/units", "GET"), "hr", 2)
    assert "JsonSchemaError" in {type(each).__name__ for each in found.value.exceptions}
