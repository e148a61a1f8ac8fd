"""Registering an operation of the API: who may, what goes in, what comes out, and how it is done only once."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ValidationError

from comp.db import Session, reading, writing
from comp.services import api_answers
from comp.services.api_answers import Answered, Asked, OtherRequestError
from comp.tokens import Scope
from web import access
from web.api.bearer import bearer
from web.api.problems import ApiError, refuse_invalid
from web.state import engine, now

BASE = "/api/v1"
JSON = "application/json"
View = TypeVar("View", bound=Callable[..., Any])  # a view takes whatever its address holds
_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Answer:
    """What an operation answers besides its shape."""

    shape: BaseModel
    status: int = 200
    location: str = ""
    etag: str = ""

    @property
    def answered(self) -> Answered:
        """The answer as it is kept."""
        return Answered(self.status, self.shape.model_dump_json(by_alias=True), self.location, self.etag)


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation, with everything that its document says of it."""

    endpoint: str
    method: str
    rule: str
    scope: Scope
    summary: str
    words: str
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    refusals: tuple[int, ...] = ()
    files: tuple[str, ...] = ()
    most: int = 0
    is_versioned: bool = False
    gives_file: bool = field(default=False)

    @property
    def is_write(self) -> bool:
        """Whether it changes something, so that it takes an `Idempotency-Key`."""
        return self.method != "GET"


OPERATIONS: dict[str, Operation] = {}
"""Every operation by its endpoint, in the order in which they are registered."""


def operation(
    blueprint: Blueprint,
    rule: str,
    scope: Scope,
    method: str = "GET",
    **told: Any,  # noqa: ANN401 - what `Operation` takes
) -> Callable[[View], View]:
    """Register a view as an operation; the first line of its docstring is its summary, the rest tells more."""

    def register(view: View) -> View:
        summary, _, words = (view.__doc__ or "").strip().partition("\n")
        endpoint = f"{blueprint.name}.{view.__name__}"
        one = Operation(endpoint, method, f"{BASE}{rule}", scope, summary, " ".join(words.split()), **told)
        OPERATIONS[endpoint] = one
        access.token_route(blueprint, one.rule, scope, method)(_answering(one, view))
        return view

    return register


def _answering(one: Operation, view: Callable[..., Any]) -> Callable[..., ResponseReturnValue]:
    """The view with its parameters and body read, and what it gives written."""

    @wraps(view)
    def answer(**place: object) -> ResponseReturnValue:
        if one.query:
            place["query"] = _query(one.query)
        if one.is_write:
            _asked()  # a key that cannot be read is refused, whatever else is asked
        if one.most and len(request.get_data()) > one.most:
            abort(413)
        if one.body and (request.mimetype == JSON or not one.files):
            place["body"] = _body(one.body)
        given = view(**place)
        if isinstance(given, Response):
            return given
        return respond(given.answered if isinstance(given, Answer) else Answer(given).answered)

    return answer


def _query(shape: type[BaseModel]) -> BaseModel:
    try:
        return shape.model_validate(request.args.to_dict())
    except ValidationError as error:
        raise refuse_invalid(error, "part after the `?`") from None


def _body(shape: type[BaseModel]) -> BaseModel:
    require_kind(JSON)
    try:
        return shape.model_validate_json(request.get_data())
    except ValidationError as error:
        raise refuse_invalid(error, "body") from None


def require_kind(*kinds: str) -> None:
    """Raise `ApiError` 415 where the body is of none of these kinds."""
    if request.mimetype not in kinds:
        told = f"The body is {request.mimetype or 'of no kind'}; send {' or '.join(kinds)} and say so in Content-Type."
        raise ApiError(415, "That is not a kind of body that is read here", told)


def respond(answered: Answered) -> Response:
    """An answer as a response."""
    response = Response(answered.body, answered.status, content_type=JSON)
    if answered.location:
        response.headers["Location"] = answered.location
    if answered.etag:
        response.headers["ETag"] = answered.etag
    return response


def once(work: Callable[[Session], Answer]) -> Response:
    """Do something in a transaction, and with an `Idempotency-Key` only once: the same request gets the same answer.

    What is refused stores nothing and is not kept, so that it can be mended and sent again under the same key.
    """
    key = _asked()
    with writing(engine()) as session:
        found = _found(session, key)
        answered = found or work(session).answered
        if key and not found:
            api_answers.keep(session, bearer().token, key, answered, now())
    return _again(answered) if found else respond(answered)


def answered_before() -> Response | None:
    """What the same request was answered, asked before work that takes long; None where it is new."""
    key = _asked()
    with reading(engine()) as session:
        found = _found(session, key)
    return _again(found) if found else None


def _again(answered: Answered) -> Response:
    response = respond(answered)
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _asked() -> Asked | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not _KEY.fullmatch(key):
        told = "An Idempotency-Key has 1 to 200 letters, digits and signs, without spaces. A UUID is a good one."
        raise ApiError(400, "The key cannot be read", told)
    body = request.get_data()
    kind = f"{request.mimetype} {request.headers.get('If-Match', '')}"
    return api_answers.asked(key, request.method, request.full_path, kind, body)


def _found(session: Session, key: Asked | None) -> Answered | None:
    try:
        return api_answers.find(session, bearer().token, key, now()) if key else None
    except OtherRequestError as error:
        raise ApiError(422, "The key belongs to another request", str(error)) from None
