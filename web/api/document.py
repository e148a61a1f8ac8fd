"""The OpenAPI 3.1 document of the API, made of the very registrations and shapes that serve it."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from comp.services.calculation import ENGINE
from web.api.problems import MEDIA_TYPE, ProblemDocument
from web.api.routing import JSON, OPERATIONS, Operation
from web.api.shapes import QUARTER_PATTERN

Document = dict[str, Any]  # JSON, as OpenAPI has it
_PLACE = re.compile(r"<(?:(\w+)(?:\(([^)]*)\))?:)?(\w+)>")
_REF = "#/components/schemas/{model}"
_REASONS = {
    202: "It takes longer: a worker does it, and `Location` leads to the job.",
    304: "Nothing was done to it since.",
    400: "The request cannot be read.",
    401: "No living token came with the request; cookies open nothing here.",
    403: "The token is not for this, or its owner may not do this any more.",
    404: "There is nothing, or it is not for the token's owner: the answer is the same.",
    409: "There is one already.",
    412: "Something was done to it since it was read; the problems tell what differs.",
    413: "That is more than can be taken at once.",
    415: "The body is of another kind.",
    422: "It was understood and refused; the problems tell what, where and what next.",
    428: "`If-Match` is missing.",
    429: "Too many requests within a minute; `Retry-After` says how long to wait.",
    503: "The database does not answer; nothing was stored.",
}
TITLES = {
    "units": "Units",
    "people": "People",
    "imports": "Imports",
    "scores": "Scores",
    "plans": "Plans",
    "quarters": "Quarters",
    "runs": "Runs",
    "payouts": "Payouts",
    "releases": "Batches",
    "jobs": "Jobs",
}
"""The resources, in the order in which they are told."""

_ABOUT = """People, results, plans, runs, payouts and batches for HR and payroll systems.

A token (`Authorization: Bearer lp_…`) acts as its owner, within its scopes, and never with more rights than its owner
has at that moment. Money is text with a currency, quarters are written `2026-Q2`, days `2026-04-01`. No token approves,
publishes or releases anything: people do, on pages."""


@cache
def openapi() -> Document:
    """The whole document."""
    definitions, schemas = _schemas()
    paths: Document = {}
    for one in operations():
        paths.setdefault(path_of(one), {})[one.method.lower()] = _operation(one, definitions)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Loyalty Pay", "version": ENGINE, "summary": "The REST API.", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": tag, "description": title} for tag, title in TITLES.items()],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "A token made on the page Account."}
            },
        },
    }


def operations() -> list[Operation]:
    """Every operation, resource by resource."""
    order = list(TITLES)
    return sorted(OPERATIONS.values(), key=lambda one: order.index(tag_of(one)))


def tag_of(one: Operation) -> str:
    """The resource that an operation is of."""
    return one.endpoint.partition(".")[0].removeprefix("api_")


def path_of(one: Operation) -> str:
    """The address of an operation as OpenAPI writes it."""
    return _PLACE.sub(r"{\3}", one.rule)


_Definitions = dict[type[BaseModel], Document]


def _schemas() -> tuple[_Definitions, Document]:
    """Where each shape is described, and all descriptions: of bodies as read, of answers as written."""
    bodies: set[type[BaseModel]] = {one.body for one in OPERATIONS.values() if one.body}
    answers: set[type[BaseModel]] = {ProblemDocument, *(one.answer for one in OPERATIONS.values() if one.answer)}
    answers |= {shape_of_202() for one in OPERATIONS.values() if 202 in one.refusals}  # noqa: PLR2004 - accepted
    wanted: list[tuple[type[BaseModel], JsonSchemaMode]] = [(shape, "validation") for shape in bodies]
    wanted += [(shape, "serialization") for shape in answers]
    found, top = models_json_schema(
        sorted(wanted, key=lambda each: each[0].__name__),
        ref_template=_REF,
    )
    return {shape: found[shape, mode] for shape, mode in wanted}, top["$defs"]


def shape_of_202() -> type[BaseModel]:
    """What is answered where a worker goes on."""
    from web.api.jobs import JobShape

    return JobShape


def _operation(one: Operation, definitions: _Definitions) -> Document:
    found: Document = {
        "operationId": one.endpoint.removeprefix("api_").replace(".", "_"),
        "tags": [tag_of(one)],
        "summary": one.summary,
        "description": f"{one.words}\n\nNeeds the scope `{one.scope}`; its owner must be allowed to "
        f"{one.scope.needs if one.scope.needs != 'signed in' else 'sign in'}.".strip(),
        "security": [{"token": [str(one.scope)]}],
        "x-scope": str(one.scope),
        "x-permission": str(one.scope.needs),
        "parameters": [*_places(one), *_questions(one), *_headers(one)],
        "responses": dict(_responses(one, definitions)),
    }
    if one.body:
        kinds = {JSON: {"schema": definitions[one.body]}}
        kinds |= {kind: {"schema": {"type": "string", "format": "binary"}} for kind in one.files if kind != JSON}
        found["requestBody"] = {"required": True, "content": kinds}
    return found


def _places(one: Operation) -> Iterator[Document]:
    for kind, limits, name in _PLACE.findall(one.rule):
        schema: Document = {"type": "string", "minLength": 1}
        if kind == "quarter":
            schema = {"type": "string", "pattern": QUARTER_PATTERN, "examples": ["2026-Q2"]}
        if kind == "int":
            most = re.search(r"max=(\d+)", limits)
            schema = {"type": "integer", "minimum": 1, "maximum": int(most[1]) if most else 1, "examples": [1]}
        yield {"name": name, "in": "path", "required": True, "schema": schema, "example": _EXAMPLES.get(name, 1)}


_EXAMPLES = {
    "quarter": "2026-Q2",
    "employee": "30417",
    "version": "service-incentive@2026-04-01",
    "release": "2026-Q2-B1",
    "layout": "workbook",
    "name": "payroll-2026-Q2-B1.xlsx",
}


def _questions(one: Operation) -> Iterator[Document]:
    schema = one.query.model_json_schema() if one.query else {}
    for name, field in schema.get("properties", {}).items():
        told = {key: value for key, value in field.items() if key not in {"title", "description"}}
        yield {"name": name, "in": "query", "description": field.get("description", ""), "schema": told}


def _headers(one: Operation) -> Iterator[Document]:
    if one.is_write:
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "description": "Any text that is new for each thing to be done: the same request with the same key is done "
            "once and answered alike for 48 hours, with another body it is refused.",
            "schema": {
                "type": "string",
                "pattern": "^[!-~]{1,200}$",
                "examples": ["7d9f3a52-0c0e-4f3b-9a51-2b1d8a0c6f11"],
            },
        }
    if 428 in one.refusals:  # noqa: PLR2004 - precondition required
        yield {
            "name": "If-Match",
            "in": "header",
            "description": "The `ETag` of what was read.",
            "schema": {"type": "string"},
        }


def _responses(one: Operation, definitions: _Definitions) -> Iterator[tuple[str, Document]]:
    content: Document = {}
    if one.answer:
        content = {JSON: {"schema": definitions[one.answer]}}
    if one.gives_file:
        content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    yield str(one.status), {"description": "It is done." if one.is_write else "It is there.", "content": content}
    for status in sorted({*_usual(one), *one.refusals}):
        yield str(status), _refusal(status, definitions)


def _usual(one: Operation) -> set[int]:
    """What may come of any operation, or of any like this one."""
    found = {400, 401, 403, 429, 503}
    found |= {422} if one.query else set()
    found |= {404} if "<" in one.rule else set()
    found |= {304} if one.is_versioned and not one.is_write else set()
    found |= {413, 415, 422} if one.body else {422} if one.is_write else set()
    return found


def _refusal(status: int, definitions: Mapping[type[BaseModel], Document]) -> Document:
    if status == 304:  # noqa: PLR2004 - not modified
        return {"description": _REASONS[status]}
    if status == 202:  # noqa: PLR2004 - accepted
        return {"description": _REASONS[status], "content": {JSON: {"schema": definitions[shape_of_202()]}}}
    return {"description": _REASONS[status], "content": {MEDIA_TYPE: {"schema": definitions[ProblemDocument]}}}
