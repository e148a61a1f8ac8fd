"""What managers say of their teams' pay: confirmed as it was seen, one by one or together, or sent back with words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from comp.errors import ChangedError, RefusedError
from comp.periods import Quarter
from comp.review import Row, Said, Selection, Show, Sort, Standing, arranged, selected
from comp.roles import Account
from comp.services import audit, team_scope, teams, workflow
from comp.services.adjusting import require_in_review, require_seen_as_is
from comp.store import reviews
from comp.store.reviews import Saying
from comp.store.visibility import Some


def confirm(session: Session, actor: Account, quarter: Quarter, employee: str, seen: str, now: datetime) -> Row:
    """Confirm what somebody is paid, as it was seen.

    Raises `UnseenError` for somebody out of sight, `ChangedError` where it is not what was seen or somebody was
    quicker, and `RefusedError` for who may not, and while an adjustment waits to be decided.
    """
    row = _require_row(session, actor, quarter, employee, now)
    require_seen_as_is(quarter, row, seen)
    if row.standing is Standing.CONFIRMED and row.mark:
        raise ChangedError(f"{row.mark.by} confirmed the pay of {row.name} already.")
    if row.standing is Standing.NOT_PAID:
        raise RefusedError(f"{row.name} is held: {row.held} There is nothing to confirm.")
    if "adjustment proposed" in row.flags:
        raise RefusedError(f"An adjustment of the pay of {row.name} is not decided. It is decided first.")
    _save(session, quarter, _saying(Said.CONFIRM, actor, now), [(employee, seen)])
    audit.note(session, actor.email, now, Said.CONFIRM, f"review {quarter} {employee}", sha256=seen)
    return row


def send_back(
    session: Session, actor: Account, quarter: Quarter, row_seen: tuple[str, str], words: str, now: datetime
) -> Row:
    """Send somebody's pay back to HR, and say what is wrong; `row_seen` is the employee, and the hash that was seen."""
    employee, seen = row_seen
    row = _require_row(session, actor, quarter, employee, now)
    if not words.strip():
        raise RefusedError("Say what is wrong: HR reads it.")
    if row.sha256:
        require_seen_as_is(quarter, row, seen)
    sha256 = row.sha256 or _NOTHING
    _save(session, quarter, _saying(Said.SEND_BACK, actor, now, words), [(employee, sha256)])
    audit.note(session, actor.email, now, Said.SEND_BACK, f"review {quarter} {employee}", words=audit.sha256(words))
    return row


_NOTHING = "0" * 64
"""In place of a hash where somebody is paid nothing."""


def answer(session: Session, actor: Account, quarter: Quarter, employee: str, words: str, now: datetime) -> None:
    """Answer what a manager sent back, so that it can be confirmed. Raises `RefusedError` where nothing was."""
    team_scope.require_seen(session, actor, quarter, employee, now)
    require_in_review(session, quarter)
    mark = reviews.load_marks(session, quarter, Some((employee,))).get(employee)
    if mark is None or mark.said is not Said.SEND_BACK:
        raise RefusedError(f"The pay of {employee} was not sent back, or it was answered already.")
    if employee == actor.employee:
        raise RefusedError("It is your own pay: somebody else answers.")
    if not words.strip():
        raise RefusedError("Say what was done: the manager reads it.")
    _save(session, quarter, _saying(Said.ANSWER, actor, now, words), [(employee, mark.sha256)])
    audit.note(session, actor.email, now, Said.ANSWER, f"review {quarter} {employee}", words=audit.sha256(words))


def _require_row(session: Session, actor: Account, quarter: Quarter, employee: str, now: datetime) -> Row:
    rows = teams.find_row(session, actor, quarter, employee, now)
    require_in_review(session, quarter)
    if not rows or not team_scope.may_confirm(session, actor, quarter, employee, now):
        raise RefusedError("Pay is confirmed by a manager above the person, or by who stands in and may confirm.")
    return rows[0]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which rows somebody would confirm together: those of a team that a filter shows, or of them some employees."""

    of: str = ""
    show: Show = Show.ALL
    search: str = ""
    employees: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Chosen:
    """What would be confirmed together, and how many people of those chosen must be looked at one by one."""

    selection: Selection
    left_out: int


def choose(session: Session, actor: Account, quarter: Quarter, choice: Choice, now: datetime) -> Chosen:
    """What would be confirmed: of the chosen rows those that are open and have no flag.

    Raises `RefusedError` where the actor may not confirm for that team.
    """
    require_in_review(session, quarter)
    view = teams.view_team(session, actor, quarter, choice.of, now)
    if view is None or not view.scope.may_confirm:
        raise RefusedError("Pay is confirmed by a manager above the people, or by who stands in and may confirm.")
    apart = team_scope.hats(session, actor, now).confirming
    rows = [row for row in arranged(view.rows, choice.show, Sort.NAME, choice.search) if row.employee not in apart]
    wanted = [row for row in rows if choice.employees is None or row.employee in choice.employees]
    selection = selected(wanted, None)
    flagged = {row.employee for row in wanted if row.is_open} - set(selection.people)
    return Chosen(selection, len(flagged))


def confirm_chosen(
    session: Session, actor: Account, quarter: Quarter, choice: Choice, seen: tuple[int, str, str], now: datetime
) -> Selection:
    """Confirm rows together, as the page before showed them: how many people, the hash, and both in words.

    Raises `ChangedError` with the difference where it would be others, or other amounts.
    """
    people, sha256, words = seen
    selection = choose(session, actor, quarter, choice, now).selection
    if (len(selection.people), selection.sha256) != (people, sha256):
        raise ChangedError(
            f"It is not what you saw: {words or 'something else'} then, {selection.words} now. Somebody confirmed, "
            "adjusted or calculated in between. Look at it again."
        )
    if not people:
        raise RefusedError(
            "There is nobody to confirm without looking at each: open rows without flags there are none."
        )
    pairs = {row.employee: row.sha256 for row in selection.rows}
    _save(session, quarter, _saying(Said.CONFIRM, actor, now), pairs.items())
    audit.note(session, actor.email, now, Said.CONFIRM, f"review {quarter}", people=people, sha256=sha256)
    return selection


def _save(session: Session, quarter: Quarter, saying: Saying, seen: Iterable[tuple[str, str]]) -> None:
    reviews.save_marks(session, workflow.counting_run(session, quarter), saying, seen)


def _saying(said: Said, actor: Account, now: datetime, words: str = "") -> Saying:
    return Saying(said, actor.email, actor.employee, now, words.strip())
