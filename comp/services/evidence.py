"""The evidence pack of a quarter: everything that an auditor needs to come to what was paid without the product."""

import platform
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sqlmodel import Session

from comp.chain import Anchor
from comp.company import write_company
from comp.errors import UnseenError
from comp.evidence import FORMAT, Evidence, File, PlanDocument, Table
from comp.evidence_settlement import payable, rounding, settlement_lines
from comp.evidence_trace import PAYOUTS, TRACE, TraceRows
from comp.payroll_layouts import WORKBOOK
from comp.periods import Quarter
from comp.releases import Release
from comp.results import Run, StoredRun
from comp.roles import Account, Permission
from comp.services import audit, evidence_exceptions, evidence_tables
from comp.services.calculation import ENGINE
from comp.services.evidence_tables import Doers
from comp.services.payout_holds import with_holds
from comp.services.settlement import settle_run
from comp.services.workflow import counting_run, life_of
from comp.settlement import Key, Settlement
from comp.store import audit as chain
from comp.store import plans, quarters, releases, runs, schema, settings
from comp.workflow import State

_SETTINGS = ("fiscal_year_starts", "fiscal_year_named_for", "time_zone", "overpaid")


def require_run(session: Session, quarter: Quarter) -> StoredRun:
    """The run that a pack would be of. Raises `NotFoundError` where the quarter was not calculated."""
    return counting_run(session, quarter)


@dataclass(frozen=True, slots=True)
class Offer:
    """A quarter of which a pack can be made: where it stands, the run that counts, and its batches."""

    run: StoredRun
    state: State
    batches: tuple[str, ...]


def offers(session: Session) -> list[Offer]:
    """Every quarter that was calculated, the newest first."""
    lives, batches = quarters.load_lives(session), releases.list_releases(session)
    return [
        Offer(run, lives[quarter][0], tuple(each.name for each in reversed(batches) if each.quarter == quarter))
        for quarter, run in runs.counting_runs(session).items()
    ]


def gather(
    session: Session, actor: Account, quarter: Quarter, now: datetime, anchors: Collection[Anchor] = ()
) -> Evidence:
    """What a quarter's pack holds. Its tables are read while they are written, so the session stays open till then.

    `anchors` are heads of the audit chain that were kept elsewhere; those that batches carry are known.

    Raises `NotFoundError` where the quarter was not calculated, and `UnseenError` for who may not take packs.
    """
    if Permission.TAKE_EVIDENCE not in actor.permissions:
        raise UnseenError(f"The evidence of {quarter} is not for you to take.", "quarter", str(quarter))
    stored = counting_run(session, quarter)
    run, settlement = runs.load_outline(session, stored), settle_run(session, stored)
    used = plans.load_used_versions(session, stored.id)
    made = releases.list_releases(session, quarter)[::-1]
    return Evidence(
        quarter=quarter,
        about={
            **_about(session, stored, settlement, made),
            "chain": _chain(session, made, anchors),
            "made_by": actor.email,
            "made_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        },
        plans=tuple(PlanDocument(version.plan, text) for version, text in used),
        metrics=run.metrics,
        tables=_tables(session, stored, run, settlement, made),
        chain=chain.read_from(session, _first_entry(session, quarter)),
        files=_files(session, made) if Permission.TAKE_PAYROLL in actor.permissions else (),
    )


def note_made(session: Session, actor: Account, quarter: Quarter, now: datetime, sha256: str, size: int) -> None:
    """Note in the audit chain that a pack was made, and what it is known by."""
    audit.note(session, actor.email, now, "make", f"evidence {quarter}", sha256=sha256, size=size)


def _about(session: Session, stored: StoredRun, settlement: Settlement, made: list[Release]) -> dict[str, object]:
    """What the manifest says before the list of files."""
    kind, revision = schema.about(session)
    company = write_company(settings.load_company(session))
    return {
        "format": FORMAT,
        "quarter": str(stored.quarter),
        "state": str(life_of(session, stored.quarter).state),
        "run": stored.name,
        "inputs_sha256": stored.origin.inputs_sha256,
        "settlement_sha256": settlement.sha256,
        "batches": [each.name for each in made],
        "product": f"Loyalty Pay {ENGINE}",
        "calculated_with": f"Loyalty Pay {stored.origin.engine}",
        "python": platform.python_version(),
        "database": {"kind": kind, "schema": revision},
        "settings": {name: company[name] for name in _SETTINGS},
    }


def _chain(session: Session, made: list[Release], anchors: Collection[Anchor]) -> dict[str, object]:
    """The head of the audit chain, and what was written down of it elsewhere."""
    head, carried = audit.head(session), (Anchor.parse(each.anchor) for each in made if each.anchor)
    known = sorted({*carried, *anchors})
    return {"head": str(head) if head else "", "anchors": [str(each) for each in known]}


def _tables(
    session: Session, stored: StoredRun, run: Run, settlement: Settlement, made: list[Release]
) -> Iterator[Table]:
    """The tables in the order in which they are written: what payouts say of themselves comes after the trace."""
    doers = Doers(session)
    yield evidence_tables.run_table(session, stored, doers)
    yield evidence_tables.inputs(session, stored, doers)
    yield evidence_tables.plan_table(session, stored, doers)
    yield rounding(settlement, dict(run.round_to))
    traced = TraceRows()
    about = "Each piece × rule of the run: score, answers, target, days, curve, weight and what comes out."
    yield Table("trace", about, TRACE, traced.rows(runs.read_payouts(session, stored.id)))
    yield Table("payouts", "What the run gives, by pay code and cost centre.", PAYOUTS, traced.payouts)
    yield settlement_lines(settlement)
    yield payable(with_holds(session, settlement), _released(session, stored.quarter))
    yield evidence_exceptions.exceptions(session, run, settlement, traced.nothing, doers)
    yield evidence_tables.moves(session, stored.quarter, doers)
    yield evidence_exceptions.correction_table(session, settlement, doers)
    yield from evidence_tables.batch_tables(session, made, doers)


def _released(session: Session, quarter: Quarter) -> dict[Key, int]:
    """What all batches of a quarter paid each person, in minor units."""
    released: dict[Key, int] = {}
    for line in releases.released_lines(session, quarter).values():
        released[line.whose] = released.get(line.whose, 0) + line.amount.minor
    return released


def _first_entry(session: Session, quarter: Quarter) -> int:
    """The entry before the first of the quarter's days, or of its first run where that was calculated earlier."""
    start = settings.load_company(session).calendar.span(quarter).start
    first = chain.first_of(session, datetime.combine(start, time(), UTC), f"run {quarter} ")
    return max(1, (first or 1) - 1)


def _files(session: Session, made: list[Release]) -> Iterator[File]:
    """The workbooks of batches, as they were released."""
    for release in made:
        for file in releases.list_files(session, release.name):
            if file.layout == WORKBOOK and file.name.endswith(".xlsx"):
                content = releases.load_file(session, release.name, file.layout, file.name) or b""
                yield File(f"batches/{release.name}/{file.name}", content)
