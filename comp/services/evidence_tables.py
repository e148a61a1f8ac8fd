"""The tables of an evidence pack beside the trace: what a run read, who moved it, and what was released."""

from collections.abc import Iterable, Iterator, Sequence

from sqlmodel import Session

from comp.evidence import Cell, Table
from comp.periods import Quarter
from comp.releases import Release
from comp.results import StoredRun
from comp.services import audit
from comp.sheets import control_totals, payroll_lines
from comp.store import batches, plans, quarters, releases, runs, withdrawals

Rows = Iterator[Sequence[Cell]]


class Doers:
    """Who did something, as a pack tells it: the address, and how the audit chain calls the same account."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, str] = {}

    def of(self, by: str | None) -> tuple[str, str]:
        """The address and the chain's word for it; both empty where nobody did it."""
        if not by:
            return "", ""
        if by not in self._known:
            self._known[by] = audit.actor_text(self._session, by)
        return by, self._known[by]


def run_table(session: Session, counting: StoredRun, doers: Doers) -> Table:
    """Every run of the quarter, and which of them counts."""
    columns = "run", "counts", "inputs_sha256", "calculated_with", "calculated_by", "account", "calculated_at"
    rows = (
        (
            each.name,
            each.id == counting.id,
            each.origin.inputs_sha256,
            each.origin.engine,
            *doers.of(each.origin.calculated_by),
            each.origin.calculated_at,
        )
        for each in reversed(runs.list_runs(session, counting.quarter))
    )
    return Table("runs", "Every run of the quarter; what is paid is of the one that counts.", columns, rows)


def inputs(session: Session, stored: StoredRun, doers: Doers) -> Table:
    """Every file that was taken in before the run, without its bytes."""
    columns = "number", "kind", "file", "sha256", "rows", "new", "changed", "accepted_by", "account", "accepted_at"
    found = list(batches.load_accepted_by(session, stored.origin.calculated_at))
    ended = withdrawals.load_withdrawals(session, [each.number for each in found])

    def rows() -> Rows:
        for each in found:
            counts = each.number, each.kind, each.file_name, each.sha256, each.rows, each.new, each.changed
            gone = ended.get(each.number)
            ended_at = gone.decided_at if gone and gone.state == withdrawals.WITHDRAWN else None
            yield (*counts, *doers.of(each.accepted_by), each.accepted_at, ended_at)

    about = "Every file that was taken in before the run, by its hash; one withdrawn before it was not read."
    return Table("inputs", about, (*columns, "withdrawn_at"), rows())


def plan_table(session: Session, stored: StoredRun, doers: Doers) -> Table:
    """The plan versions that the run used, with the hash of each that it keeps."""
    hashes = plans.load_used(session, stored.id)
    people = "author", "submitted_by", "published_by"
    columns = "plan", "sha256", *(name for each in people for name in (each, f"{each}_account")), "published_at"
    rows = (
        (
            version.plan.version,
            hashes[version.plan.version],
            *doers.of(version.author),
            *doers.of(version.submitted_by),
            *doers.of(version.published_by),
            version.published_at,
        )
        for version, _ in plans.load_used_versions(session, stored.id)
    )
    return Table("plans", "The plan versions that the run used, and the hashes that it kept.", columns, rows)


def moves(session: Session, quarter: Quarter, doers: Doers) -> Table:
    """What was done to the quarter, by whom, and the hash of what they saw."""
    columns = "act", "from_state", "to_state", "run", "by", "account", "at", "saw_sha256", "words", "answers"
    names = {each.id: each.name for each in runs.list_runs(session, quarter)}
    rows = (
        (
            str(done.deed.act),
            str(done.start),
            str(done.end),
            names.get(done.run_id or 0, ""),
            *doers.of(done.deed.by),
            done.deed.at,
            done.deed.seen_sha256,
            done.deed.words,
            done.deed.answers,
        )
        for done in quarters.load_history(session, quarter)
    )
    return Table("moves", "Who calculated, reviewed, approved and released, and what they saw.", columns, rows)


def batch_tables(session: Session, made: list[Release], doers: Doers) -> Iterator[Table]:
    """The batches of the quarter: what each is known by, its lines, its control totals and its files."""
    columns = "batch", "run", "people", "lines", "pay_date", "content_sha256", "employees_sha256"
    hashes = "approved_sha256", "settlement_sha256", "anchor"
    people = "approved_by", "approved_account", "released_by", "released_account", "released_at"
    rows = (
        (
            *(each.name, runs.get_run(session, each.run_id).name, each.people, each.lines, each.pay_date),
            *(each.content_sha256, each.employees_sha256),
            *(each.approved_sha256, each.settlement_sha256, each.anchor),
            *(*doers.of(each.approved_by), *doers.of(each.released_by), each.released_at),
        )
        for each in made
    )
    yield Table("batches", "What was released, and by what each batch is known.", (*columns, *hashes, *people), rows)
    of_line = "batch", "place", "employee", "currency", "kind", "quarter", "pay_code", "cost_centre", "unit", "amount"
    yield Table("batch_lines", "Every line of every batch.", of_line, _batch_lines(session, made))
    of_total = "batch", "pay_code", "currency", "people", "lines", "amount"
    yield Table("control_totals", "What each batch comes to.", of_total, _totals(session, made))
    of_file = "batch", "layout", "file", "sha256", "bytes"
    files = ((each.name, *file) for each in made for file in releases.list_files(session, each.name))
    yield Table("batch_files", "The files of each batch, by their hashes.", of_file, files)


def _batch_lines(session: Session, made: Iterable[Release]) -> Rows:
    for release in made:
        for place, line in enumerate(releases.load_lines(session, release.name), start=1):
            key = line.key
            yield (
                *(release.name, place, key.employee, key.currency, str(key.kind), str(key.quarter)),
                *(*key.place, line.amount),
            )


def _totals(session: Session, made: Iterable[Release]) -> Rows:
    for release in made:
        lines = payroll_lines(release.quarter, releases.load_lines(session, release.name))
        for total in control_totals(lines):
            amount = total.amount
            yield release.name, total.pay_code, amount.currency, total.people, total.lines, amount
