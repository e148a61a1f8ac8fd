"""Plans: their versions as documents, and drafts written over what was seen."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from pydantic import Field, JsonValue

from comp.db import Session, reading
from comp.errors import ChangedError, Problem, RefusedError
from comp.findings import write_finding
from comp.plan_documents import write_plan
from comp.services import plan_editing, plans
from comp.tokens import Scope
from comp.versions import Version
from web.api.documents import read_document
from web.api.problems import ApiError
from web.api.routing import JSON, Answer, once, operation
from web.api.shapes import Day, Moment, Sha256, Shape
from web.state import account, engine, now

blueprint = Blueprint("api_plans", __name__)
_LARGEST = 1_000_000
_EXAMPLE = {
    "id": "service-incentive",
    "name": "Service group quarterly incentive",
    "starts": "2027-04-01",
    "applies_to": {"units": ["SERVICE"]},
    "pay_code": "LOYQ",
    "components": [
        {
            "id": "customer",
            "name": "Customer loyalty",
            "share": "100%",
            "measures": [
                {
                    "metric": "nps",
                    "weight": "100%",
                    "min_answers": 50,
                    "too_few": ["rolling-4", "parent", "hold"],
                    "curve": {"points": [[20, "50%"], [40, "100%"], [60, "150%"]]},
                }
            ],
        }
    ],
}


class PlanLine(Shape):
    """A version of a plan."""

    version: str = Field(examples=["service-incentive@2026-04-01"])
    plan: str = Field(examples=["service-incentive"])
    name: str = Field(examples=["Service group quarterly incentive"])
    starts: Day
    state: str = Field(
        description="`draft`, `submitted`, `published`, `withdrawn` or `discarded`.", examples=["published"]
    )
    sha256: Sha256 = Field(description="Of the document.")
    author: str = Field(examples=["ines@company.example"])
    saved_at: Moment
    published_by: str | None = Field(examples=["rui@company.example"])


class PlanList(Shape):
    """Every version of every plan, by plan and start."""

    versions: list[PlanLine]


class FindingShape(Shape):
    """What the linter finds: an error keeps the version from being submitted, a warning asks for words."""

    check: str = Field(examples=["cliff"])
    severity: str = Field(examples=["warning"])
    where: str
    path: str = Field(description="The place in the document.", examples=["components[0].measures[0].curve"])
    what: str
    change: str
    odds: list[dict[str, str]] = Field(default=[], examples=[[]])


class PlanShape(PlanLine):
    """A version with its document. Its `ETag` changes with everything that is done to it."""

    document: dict[str, JsonValue] = Field(examples=[_EXAMPLE])
    findings: list[FindingShape]


class PlanDocument(Shape):
    """A plan as the page Help shows one: shares and numbers as text or exact numbers."""

    id: str = Field(examples=[_EXAMPLE["id"]])
    name: str = Field(examples=[_EXAMPLE["name"]])
    starts: Day = Field(examples=[_EXAMPLE["starts"]])
    applies_to: Any = Field(default=None, examples=[_EXAMPLE["applies_to"]])
    pay_code: Any = Field(default=None, examples=[_EXAMPLE["pay_code"]])
    components: list[Any] = Field(min_length=1, examples=[_EXAMPLE["components"]])
    quarter_shares: Any = None
    gates: Any = None
    modifiers: Any = None
    cap: Any = None
    eligibility: Any = None
    absences: Any = None
    elsewhere: Any = None
    examples: Any = None


@operation(blueprint, "/plans", Scope.PLANS_READ, answer=PlanList)
def list_plans() -> PlanList:
    """List plans."""
    with reading(engine()) as session:
        found = plans.list_versions(session)
    return PlanList(versions=[PlanLine(**_line(each)) for versions in found.values() for each in versions])


@operation(
    blueprint,
    "/plans/<version:version>",
    Scope.PLANS_READ,
    answer=PlanShape,
    refusals=(404, 422),
    is_versioned=True,
)
def find_plan(version: str) -> Answer | Response:
    """Read a version of a plan.

    By `service-incentive@2026-04-01`, or by the plan's id alone: its open version, else the latest. With the `ETag` of
    what one has in `If-None-Match` the answer is 304 and empty while nothing was done to it.
    """
    with reading(engine()) as session:
        found = plans.find_plan(session, version)
        answer = _answer(session, found)
    if answer.etag in request.headers.get("If-None-Match", ""):
        return Response(status=304, headers={"ETag": answer.etag})
    return answer


@operation(
    blueprint,
    "/plans",
    Scope.PLANS_WRITE,
    "POST",
    body=PlanDocument,
    files=(JSON,),
    most=_LARGEST,
    answer=PlanShape,
    status=201,
    refusals=(409, 422),
    is_versioned=True,
)
def write_plan_anew(body: object = None) -> Response:  # noqa: ARG001 - the document is read exactly, not as a shape
    """Write the first draft of a version.

    It pays nobody before somebody submits it and somebody else publishes it, both on pages. 409 where there is a
    version with the same id and start already.
    """
    document = read_document()

    def work(session: Session) -> Answer:
        plan = plan_editing.save(session, None, "", document, account().email, now())
        return _answer(session, plans.find_plan(session, plan.version), 201)

    return once(work)


@operation(
    blueprint,
    "/plans/<version:version>",
    Scope.PLANS_WRITE,
    "PUT",
    body=PlanDocument,
    files=(JSON,),
    most=_LARGEST,
    answer=PlanShape,
    refusals=(404, 412, 422, 428),
    is_versioned=True,
)
def write_plan_over(version: str, body: object = None) -> Response:  # noqa: ARG001 - as above
    """Write a draft in place of what was seen.

    `If-Match` bears the `ETag` of the version as it was read. Where anything was done to it since, the answer is 412
    with what differs between the version as it is now and what was sent, and nothing is stored.
    """
    seen, document = _seen(), read_document()

    def work(session: Session) -> Answer:
        found = plans.find_plan(session, version)
        _require_same(found, document)
        try:
            plan = plan_editing.save(session, found, seen, document, account().email, now())
        except ChangedError as changed:
            raise _changed(session, found, document, changed) from None
        return _answer(session, plans.find_plan(session, plan.version))

    return once(work)


def _seen() -> str:
    tag = request.headers.get("If-Match", "")
    if not tag:
        told = "Read the version first, and send its ETag as If-Match: so nobody's work is overwritten unseen."
        raise ApiError(428, "What did you see?", told)
    return tag.strip().strip('"')


def _require_same(found: Version, document: dict[str, object]) -> None:
    there = f"{document.get('id')}@{document.get('starts')}"
    if there != found.plan.version:
        raise RefusedError(
            f"The document is {there}, the address {found.plan.version}. Send a new version to /api/v1/plans instead."
        )


def _changed(session: Session, found: Version, document: dict[str, object], changed: ChangedError) -> ApiError:
    differences = plan_editing.differences(session, found, document)
    problems = [Problem(each.sentence, where=each.part) for each in differences]
    return ApiError(412, "Somebody was faster", str(changed), problems, {"ETag": _tag(found)})


def _answer(session: Session, found: Version, status: int = 200) -> Answer:
    findings = [FindingShape.model_validate(write_finding(each)) for each in plans.check_plan(session, found.plan)]
    shape = PlanShape(**_line(found), document=_plain(write_plan(found.plan)), findings=findings)
    there = url_for("api_plans.find_plan", version=found.plan.version) if status == 201 else ""  # noqa: PLR2004 - created
    return Answer(shape, status, location=there, etag=_tag(found))


def _tag(found: Version) -> str:
    return f'"{found.fingerprint}"'


def _plain(value: Any) -> Any:  # noqa: ANN401 - a document of any depth
    """A document whose numbers and days are text."""
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, str | bool | int) else str(value)


def _line(found: Version) -> dict[str, Any]:
    return {
        "version": found.plan.version,
        "plan": found.plan.id,
        "name": found.plan.name,
        "starts": found.plan.starts.isoformat(),
        "state": found.state.value,
        "sha256": found.sha256,
        "author": found.author,
        "saved_at": f"{found.saved_at:%Y-%m-%dT%H:%M:%SZ}",
        "published_by": found.published_by,
    }
