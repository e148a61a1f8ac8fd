"""What the API says when something does not work: a problem document (RFC 9457) with what, where and what next."""

from collections.abc import Iterable, Mapping

from flask import Response, request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from comp.errors import LoyaltyPayError, Problem

PREFIX = "/api/"
MEDIA_TYPE = "application/problem+json"


class OneProblem(BaseModel):
    """One thing that is wrong, as `import --json` tells it."""

    model_config = ConfigDict(extra="forbid")

    why: str = Field(description="What is wrong, and what to do.", examples=["is required and is not there"])
    where: str = Field(default="", description="The place in a document.", examples=["rows[3].unit"])
    line: int | None = Field(default=None, description="The line of a file, from 1.", examples=[4])
    column: str = Field(default="", description="The column of a file.", examples=["unit"])
    value: str = Field(default="", description="What stands there.", examples=["LIX"])


class ProblemDocument(BaseModel):
    """Something that did not work."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(examples=["That cannot be done"])
    status: int = Field(examples=[422])
    detail: str = Field(
        description="What happened and what to do next.", examples=["Mend the rows and send them again."]
    )
    problems: list[OneProblem] = Field(default=[], description="Everything that is wrong, where it is several things.")


class ApiError(LoyaltyPayError):
    """A request that is answered with a status, and with headers that tell what it lacks."""

    def __init__(
        self,
        status: int,
        title: str,
        detail: str,
        problems: Iterable[Problem] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status, self.title, self.problems, self.headers = status, title, tuple(problems), dict(headers or {})


def is_api() -> bool:
    """Whether a program asks, and not a browser."""
    return request.path.startswith(PREFIX)


def problem(status: int, title: str, detail: str, problems: Iterable[Problem] = ()) -> tuple[Response, int]:
    """The answer that says what is wrong."""
    document = ProblemDocument(title=title, status=status, detail=detail, problems=[*map(written, problems)])
    return Response(document.model_dump_json(), content_type=MEDIA_TYPE), status


def written(each: Problem) -> OneProblem:
    """A problem as the API tells it."""
    return OneProblem(why=each.why, where=each.where, line=each.line, column=each.column, value=each.value)


def refuse_invalid(error: ValidationError, of: str) -> ApiError:
    """What is wrong with a body or with parameters that are not as the document of the API says."""
    found = [_of_field(each["loc"], each["msg"]) for each in error.errors(include_url=False, include_input=False)]
    if any(each["type"] == "json_invalid" for each in error.errors(include_url=False, include_input=False)):
        return ApiError(400, "That is not JSON", f"{found[0].why}. Send one JSON document in UTF-8.")
    told = f"The {of} is not as it should be. /api/v1/openapi.json and the page /help/api say what goes where."
    return ApiError(422, "That cannot be read", told, found)


def _of_field(place: tuple[int | str, ...], why: str) -> Problem:
    path = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in place).lstrip(".")
    return Problem(why.encode("utf-8", "replace").decode(), where=path)
