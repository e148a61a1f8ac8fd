"""What the page about the API shows: each operation with what it needs, an example to try, and what comes back."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from comp.tokens import Scope
from web.api.document import TITLES, Document, openapi, operations, path_of, tag_of
from web.api.routing import JSON, Operation

_DEEPEST = 6


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body or answer: where it stands, its kind and what it is."""

    name: str
    kind: str
    words: str
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class Described:
    """One operation as people read it."""

    anchor: str
    method: str
    path: str
    summary: str
    words: str
    scope: Scope
    parameters: tuple[Field, ...]
    body: tuple[Field, ...]
    curl: str
    answer: str
    fields: tuple[Field, ...]
    refusals: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """The operations of one resource."""

    title: str
    anchor: str
    operations: tuple[Described, ...]


def resources(server: str) -> tuple[Resource, ...]:
    """Every resource with its operations, with examples for a server."""
    groups = groupby(operations(), tag_of)
    return tuple(Resource(TITLES[tag], tag, tuple(_described(one, server) for one in found)) for tag, found in groups)


def _described(one: Operation, server: str) -> Described:
    found = openapi()["paths"][path_of(one)][one.method.lower()]
    body = found.get("requestBody", {}).get("content", {}).get(JSON, {}).get("schema")
    success = found["responses"][str(one.status)]["content"].get(JSON, {}).get("schema")
    return Described(
        anchor=found["operationId"],
        method=one.method,
        path=path_of(one),
        summary=one.summary,
        words=one.words,
        scope=one.scope,
        parameters=tuple(_parameter(each) for each in found["parameters"]),
        body=tuple(_fields(body)),
        curl=_curl(one, server, found, body),
        answer=_pretty(example_of(success)) if success else "",
        fields=tuple(_fields(success)),
        refusals=tuple(_refusals(one, found)),
    )


def _refusals(one: Operation, found: Document) -> Iterator[tuple[str, str]]:
    for status, told in found["responses"].items():
        if status != str(one.status):
            yield status, told["description"]


def _parameter(each: Document) -> Field:
    schema = each["schema"]
    return Field(
        each["name"], f"{each['in']}, {_kind(schema)}", each.get("description", ""), each.get("required", False)
    )


def _fields(schema: Document | None, before: str = "", depth: int = 0) -> Iterator[Field]:
    """The fields of a shape, those inside of it below their own."""
    shape = _resolved(schema or {})
    needed = shape.get("required", ())
    for name, inner in shape.get("properties", {}).items():
        yield Field(before + name, _kind(inner), _words(inner), name in needed)
        below, sign = _below(inner)
        if below and depth < 3:  # noqa: PLR2004 - a tree opens into itself
            yield from _fields(below, f"{before}{name}{sign}.", depth + 1)


def _below(schema: Document) -> tuple[Document | None, str]:
    """The shape that a field has inside, and the sign of a list of them."""
    schema = _first(schema)
    if schema.get("type") == "array":
        inner = _first(schema.get("items", {}))
        return (inner if "$ref" in inner else None), "[]"
    return (schema if "$ref" in schema else None), ""


def _words(schema: Document) -> str:
    return str(schema.get("description", ""))


def _first(schema: Document) -> Document:
    """The alternative of a field that is not null."""
    found: list[Document] = schema.get("anyOf", [schema])
    return next(each for each in found if each.get("type") != "null")


def _resolved(schema: Document) -> Document:
    schema = _first(schema)
    if "$ref" not in schema:
        return schema
    found: Document = openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return found


def _kind(schema: Document) -> str:
    """What kind of value a field has, in a word or two."""
    found = _resolved(schema)
    kind = str(found.get("type", "any"))
    if kind == "array":
        return "list"
    if "enum" in found:
        return " or ".join(f"“{each}”" for each in found["enum"])
    optional = " or null" if len(schema.get("anyOf", ())) > 1 else ""
    return {"string": "text", "integer": "whole number", "boolean": "true or false"}.get(kind, kind) + optional


def example_of(schema: Document, depth: int = 0) -> Any:  # noqa: ANN401 - whatever JSON a shape holds
    """An example of a shape, put together from those of its fields; a tree opens into itself some times."""
    if "examples" in schema:
        return schema["examples"][0]
    found = _resolved(schema)
    if "examples" in found:
        return found["examples"][0]
    kind = found.get("type")
    if kind == "object":
        fields = found.get("properties", {})
        opened = ((name, inner) for name, inner in fields.items() if "examples" in inner or depth < _DEEPEST)
        return {name: example_of(inner, depth + 1) for name, inner in opened}
    if kind == "array":
        return [example_of(found.get("items", {}), depth + 1)]
    return {"string": found.get("default", ""), "integer": 0, "boolean": True}.get(str(kind))


def _pretty(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _curl(one: Operation, server: str, found: Document, body: Document | None) -> str:
    path = path_of(one)
    for each in found["parameters"]:
        if each["in"] == "path":
            path = path.replace(f"{{{each['name']}}}", str(each["example"]))
    lines = [f"curl {server}{path}", '-H "Authorization: Bearer $LP_TOKEN"']
    lines += [f"-X {one.method}"] if one.is_write else []
    lines += ['-H "Idempotency-Key: $(uuidgen)"'] if one.is_write else []
    lines += ["-H 'If-Match: \"…the ETag that was read…\"'"] if one.method == "PUT" else []
    lines += ["-o " + path.rpartition("/")[2]] if one.gives_file else []
    if body:
        lines += ["-H 'Content-Type: application/json'", f"-d '{_pretty(example_of(body))}'"]
    return " \\\n  ".join(lines)
