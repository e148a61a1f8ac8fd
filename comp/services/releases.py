"""Releasing: what a quarter pays is frozen as a batch, once, with its lines, its files and their hashes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.errors import ChangedError, NotFoundError, RefusedError, UnseenError
from comp.money import Money
from comp.payroll_layouts import WORKBOOK, Layout
from comp.payroll_rows import Batch, PayrollRows
from comp.periods import Quarter
from comp.releases import MadeFile, Release, ReleasedFile, read_batch_name
from comp.roles import Account, Permission
from comp.services import audit, payroll
from comp.services.batch_content import BatchContent, batch_content, name_of, paying
from comp.services.payout_holds import payable
from comp.services.payroll import Told
from comp.services.workflow import counting_run, history_of, life_of, record, require
from comp.settlement import Settlement
from comp.sheets import PayrollSheets, Signature, make_sheets, named
from comp.store import quarters, releases
from comp.store.quarters import Deed
from comp.workflow import MOVES, PAID, Act, State, stands_against


@dataclass(frozen=True, slots=True)
class Ready:
    """Whether a quarter's next batch can be released, by whom asks; `against` says why not.

    `seen` names all that was looked at: it changes with everything that a batch rests on.
    """

    content: BatchContent
    act: Act
    against: tuple[str, ...]
    seen: str


def ready(session: Session, actor: Account, quarter: Quarter) -> Ready:
    """The next batch of a quarter and what stands against its release.

    Raises `NotFoundError` where the quarter was not calculated, or not for the actor.
    """
    content, act = batch_content(session, actor, quarter), _act(session, quarter)
    seen = _seen(session, quarter, content.settlement)
    return Ready(content, act, tuple(_against(session, actor, content, act)), seen)


def _act(session: Session, quarter: Quarter) -> Act:
    return Act.RELEASE_MORE if life_of(session, quarter).state in PAID else Act.RELEASE


def _against(session: Session, actor: Account, content: BatchContent, act: Act) -> list[str]:
    quarter = content.stored.quarter
    by = actor.email if MOVES[act].needs in actor.permissions else ""
    found = [stands_against(act, str(quarter), life_of(session, quarter), by)]
    if not found[0] and act is Act.RELEASE and content.entitled != quarters.approved_sha256(session, quarter):
        found.append(f"What {quarter} pays was changed after it was approved. Reopen it, and let it be approved again.")
    if not content.lines:
        found.append(f"There is nothing to pay: {quarter} has no line that was not released.")
    return [why for why in found if why]


def _seen(session: Session, quarter: Quarter, settlement: Settlement) -> str:
    moves, batches = life_of(session, quarter).changes, len(releases.list_releases(session, quarter))
    return hashlib.sha256(f"{settlement.sha256} {moves} {batches}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Prepared:
    """A batch that is about to be released: its content for files, what they share, and the rows of each layout."""

    release: Release
    content: BatchContent
    sheets: PayrollSheets
    batch: Batch
    rows: tuple[tuple[Layout, PayrollRows], ...]
    act: Act
    seen: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What whoever releases says: the totals as typed, the layouts, what payroll reads in files, and what was seen.

    `totals` is None where they were held against what was seen already.
    """

    totals: Mapping[str, str] | None
    layouts: tuple[Layout, ...]
    told: Told
    seen: str


def prepare(session: Session, actor: Account, quarter: Quarter, wish: Wish, now: datetime) -> Prepared:
    """Everything that a batch's files are made of. It may take long, writes nothing, and so keeps nobody waiting.

    Raises `RefusedError` with what stands against the release or where the typed totals are others, and `ChangedError`
    where the quarter is not what was seen.
    """
    found = ready(session, actor, quarter)
    _require_seen(session, quarter, found.seen, wish.seen)
    require(session, found.act, actor, quarter)
    if found.against:
        raise RefusedError(" ".join(found.against))
    if wish.totals is not None:
        require_totals(found.content, wish.totals)
    content = found.content
    batch = payroll.file_batch(session, content, wish.told)
    rows = tuple((layout, payroll.layout_rows(session, content, layout, batch)) for layout in wish.layouts)
    signed = Signature(MOVES[found.act].done, actor.email, actor.name, now, content.settlement.sha256)
    by = named(actor.name, actor.email)
    sheets = make_sheets(content.stored, content.run, by, now, paying(session, content, signed))
    release = Release(
        name=content.name,
        quarter=quarter,
        number=content.number,
        run_id=content.stored.id,
        approved_by=life_of(session, quarter).doers[Act.APPROVE],
        released_by=actor.email,
        released_at=now,
        approved_sha256=quarters.approved_sha256(session, quarter) or "",
        settlement_sha256=content.settlement.sha256,
        content_sha256=sheets.content_sha256,
        employees_sha256=sheets.employees_sha256,
        people=content.people,
        lines=len(sheets.lines),
        pay_date=batch.pay_date,
        payroll_number=batch.number,
        anchor=str(sheets.anchor) if sheets.anchor else "",
    )
    return Prepared(release, content, sheets, batch, rows, found.act, found.seen)


def _require_seen(session: Session, quarter: Quarter, now: str, seen: str) -> None:
    """Raise `ChangedError` with what happened where a quarter is not what was seen."""
    if now == seen:
        return
    others = releases.list_releases(session, quarter)
    last = history_of(session, quarter)[-1].deed
    told = f"{last.by} {MOVES[last.act].done} it at {last.at:%H:%M} UTC" if last.act in MOVES else "somebody changed it"
    made = f" {others[0].released_by} released {others[0].name} at {others[0].released_at:%H:%M} UTC." if others else ""
    paid = payable(session, counting_run(session, quarter)).payable
    totals = ", ".join(f"{amount} {currency}" for currency, amount in paid.items()) or "nobody"
    raise ChangedError(
        f"{quarter} is not what you saw: the last that was done is that {told}.{made} It pays {totals} now. Look at it "
        "again, then decide."
    )


def require_totals(content: BatchContent, typed: Mapping[str, str]) -> None:
    """Raise `RefusedError` for a currency whose total was not typed as it is."""
    wrong = [currency for currency, total in content.totals.items() if typed.get(currency) != str(total)]
    if wrong:
        raise RefusedError(
            f"The total that you typed for {' and '.join(wrong)} is not what {content.name} pays. Nothing was released."
        )


def store(session: Session, actor: Account, prepared: Prepared, files: Sequence[MadeFile], now: datetime) -> Release:
    """Store a batch with the bytes of its files: from here on it is what was paid.

    Raises `ChangedError` where anything that it rests on was changed while its files were made.
    """
    quarter, release = prepared.release.quarter, prepared.release
    settlement = payable(session, counting_run(session, quarter))
    _require_seen(session, quarter, _seen(session, quarter, settlement), prepared.seen)
    run = require(session, prepared.act, actor, quarter)
    releases.save_release(session, release, prepared.content.lines, files)
    record(session, run, Deed(prepared.act, actor.email, now, seen_sha256=settlement.sha256))
    workbook = next(file for file in files if file.layout == WORKBOOK)
    audit.note(
        session,
        actor.email,
        now,
        "freeze",
        f"release {release.name}",
        people=release.people,
        lines=release.lines,
        content=release.content_sha256,
        workbook=hashlib.sha256(workbook.content).hexdigest(),
        files=len(files),
    )
    return release


def list_releases(session: Session, quarter: Quarter | None = None) -> list[Release]:
    """Every batch, or those of a quarter, the newest first."""
    return releases.list_releases(session, quarter)


def find(session: Session, actor: Account, name: str) -> Release:
    """A batch by its name. Raises `UnseenError` where there is none, or not for the actor."""
    release = releases.find_release(session, name) if _is_name(name) else None
    if release is None or Permission.READ_PAYOUTS not in actor.permissions:
        raise UnseenError(f"There is no batch {name}.", "release", name)
    return release


def _is_name(text: str) -> bool:
    try:
        read_batch_name(text)
    except ValueError:
        return False
    return True


def totals(session: Session, release: Release) -> list[tuple[int, Money]]:
    """What a batch pays in each currency, and to how many people."""
    return [(count, amount) for _, count, amount in releases.released_totals(session, release.name)]


def list_files(session: Session, release: Release) -> list[ReleasedFile]:
    """The files of a batch, in the order in which they were made."""
    return releases.list_files(session, release.name)


def load_files(session: Session, release: Release, layout: str, name: str = "") -> dict[str, bytes]:
    """The bytes of a batch's files of one layout by name, or of one of them, each as it was stored.

    Raises `NotFoundError` where there is none, and `RefusedError` for bytes that are not those that were released.
    """
    wanted = [file for file in list_files(session, release) if file.layout == layout and name in {"", file.name}]
    if not wanted:
        raise NotFoundError(f"{release.name} has no file {name or layout}.")
    return {file.name: _bytes(session, release, file) for file in wanted}


def _bytes(session: Session, release: Release, file: ReleasedFile) -> bytes:
    content = releases.load_file(session, release.name, file.layout, file.name) or b""
    if hashlib.sha256(content).hexdigest() != file.sha256:
        raise RefusedError(f"{file.name} of {release.name} is not what was released: its bytes have another hash.")
    return content


def is_released(session: Session, quarter: Quarter) -> bool:
    """Whether anything of a quarter was released."""
    return life_of(session, quarter).state in {State.RELEASED, State.CLOSED}


def names_of(session: Session, release: Release) -> dict[str, str]:
    """The names of those who approved and released a batch, by address."""
    return {by: name_of(session, by) for by in (release.approved_by, release.released_by)}
