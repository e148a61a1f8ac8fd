"""How far the review of a quarter is, who is reminded of it, and what stands against its approval."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from sqlmodel import Session

from comp.adjustments import State as AdjustmentState
from comp.figures import counted
from comp.periods import Quarter
from comp.quarter_calendar import Step
from comp.review import Standing, TeamProgress, progress_of, row_sha256, standing
from comp.roles import Account
from comp.services import adjustment_lines, audit, mail, quarter_calendar
from comp.services.relations import days_of, today
from comp.services.settlement import settle_run
from comp.store import adjustments, quarters, reviews, runs, visibility
from comp.store.visibility import Everybody
from comp.workflow import State

REMIND_BEFORE = timedelta(days=5)
"""From how long before that day on managers are reminded."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the review of a quarter is, team by team; `undecided` counts adjustments, `sent_back` people."""

    teams: tuple[TeamProgress, ...]
    undecided: int
    sent_back: int

    @property
    def people(self) -> int:
        """How many people a manager has to confirm."""
        return sum(team.people for team in self.teams)

    @property
    def confirmed(self) -> int:
        """How many of them somebody confirmed as they are."""
        return sum(team.confirmed for team in self.teams)

    @property
    def teams_done(self) -> int:
        """In how many teams nothing is left to do."""
        return sum(team.is_done for team in self.teams)

    @property
    def words(self) -> str:
        """How far it is, as text."""
        adjusted = f", {counted(self.undecided, 'adjustment')} to decide" if self.undecided else ""
        back = f", {self.sent_back} sent back" if self.sent_back else ""
        teams = f"{self.teams_done} of {counted(len(self.teams), 'team')} confirmed"
        return f"{teams}, {self.confirmed} of {self.people} people{adjusted}{back}."


def progress(session: Session, quarter: Quarter) -> Progress:
    """How far the review of a quarter is; nothing where it was not calculated."""
    run = runs.find_run(session, quarter)
    if run is None:
        return Progress((), 0, 0)
    marks = reviews.load_marks(session, quarter)
    settled = groupby(settle_run(session, run).settled, key=lambda each: each.employee)
    standings = {
        employee: standing(row_sha256(run.name, tuple(lines)), marks.get(employee)) for employee, lines in settled
    }
    people = visibility.members(session, Everybody(), days_of(session, quarter))
    names = {member.employee: member.name or member.employee for member in people}
    managers = {
        member.employee: (member.manager, names.get(member.manager, member.manager))
        for member in people
        if member.manager
    }
    found = adjustments.load_adjustments(session, quarter)
    undecided = [each.employee for each in found if each.state is AdjustmentState.PROPOSED]
    sent_back = sum(each is Standing.SENT_BACK for each in standings.values())
    return Progress(progress_of(standings, managers, undecided), len(undecided), sent_back)


def stands_against(session: Session, quarter: Quarter) -> tuple[str, ...]:
    """What of its review keeps a quarter from being approved, in sentences.

    Proposals that nobody decided, and pay that a manager sent back and nobody answered.
    """
    against = adjustment_lines.stands_against(session, quarter)
    sent_back = sum(mark.said == "send back" for mark in reviews.load_marks(session, quarter).values())
    if not sent_back:
        return against
    whose = "The pay of 1 person was" if sent_back == 1 else f"The pay of {sent_back} people was"
    return (*against, f"{whose} sent back by managers and not answered. Answer first.")


def due_on(session: Session, quarter: Quarter) -> date:
    """The day on which the review of a quarter is due, by its calendar."""
    return quarter_calendar.calendar_of(session, quarter).days[Step.REVIEW]


def in_review(session: Session) -> list[Quarter]:
    """The quarters in review, the newest first."""
    lives = quarters.load_lives(session)
    return sorted((quarter for quarter, (state, _) in lives.items() if state is State.IN_REVIEW), reverse=True)


@dataclass(frozen=True, slots=True)
class Reminder:
    """A mail about a review: to whom, and for which manager's team how much is missing. `kind` is what sent it."""

    quarter: Quarter
    employee: str
    email: str
    kind: str
    team: TeamProgress


def reminders(session: Session, quarter: Quarter) -> list[Reminder]:
    """A reminder for each manager whose team has people whom nobody confirmed; its address is empty without account."""
    late = _late(session, quarter)
    known = reviews.addresses(session, [team.manager for team in late])
    return [Reminder(quarter, team.manager, known.get(team.manager, ("", ""))[1], "remind", team) for team in late]


def escalations(session: Session, quarter: Quarter) -> list[Reminder]:
    """The same for the manager of each such manager; who has none above is left to HR."""
    late = _late(session, quarter)
    above = visibility.chains_above(session, [team.manager for team in late], days_of(session, quarter))
    nearest = {team.manager: above[team.manager][0] for team in late if above.get(team.manager)}
    known = reviews.addresses(session, list(nearest.values()))
    return [
        Reminder(quarter, nearest[team.manager], known[nearest[team.manager]][1], f"escalate {team.manager}", team)
        for team in late
        if team.manager in nearest
    ]


def _late(session: Session, quarter: Quarter) -> list[TeamProgress]:
    return [team for team in progress(session, quarter).teams if team.missing]


def send(session: Session, reminder: Reminder, link: str, now: datetime) -> bool:
    """Queue a reminder, unless one of its kind was sent that day already. Tells whether it was queued.

    The mail has names, days and a link, and no amounts.
    """
    day = today(session, now)
    if not reminder.email or reviews.was_reminded(session, reminder.quarter, reminder.employee, reminder.kind, day):
        return False
    due = due_on(session, reminder.quarter)
    whose = "your team" if reminder.kind == "remind" else f"the team of {reminder.team.name}"
    missing = (
        counted(reminder.team.missing, "person") if reminder.team.missing == 1 else f"{reminder.team.missing} people"
    )
    was = "is" if day <= due else "was"
    body = (
        f"The pay of {missing} in {whose} for {reminder.quarter} is not confirmed yet. It {was} due on {due:%d %B %Y}."
        f"\n\nLook at it, then confirm it or send it back: {link}\n"
    )
    mail.queue(session, reminder.email, f"{reminder.quarter}: pay to confirm in {whose}", body, now)
    return True


def last_reminded(session: Session, quarter: Quarter) -> dict[str, date]:
    """The day on which each person was last reminded of a quarter's review."""
    return reviews.last_reminders(session, quarter)


def note_reminded(session: Session, actor: Account, quarter: Quarter, mails: int, now: datetime) -> None:
    """Note that somebody had managers reminded."""
    audit.note(session, actor.email, now, "remind", f"review {quarter}", mails=mails)
