"""Jobs as pages and commands tell them: what they are, how far, how long still, and what to do where one failed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from comp.figures import grouped
from comp.jobs import Job, State, time_left
from comp.services.jobs import Board
from web.jobs import ASKED, SCHEDULES, Schedule

_TONES = {State.DONE: "good", State.FAILED: "bad", State.RUNNING: "on", State.CANCELLED: "warn", State.WAITING: ""}
_UNTOLD = {"seen", "upload"}
_MINUTE, _HOUR = 60, 3600


@dataclass(frozen=True, slots=True)
class Line:
    """A job of the clock: when it is done, how it last ended, and what is under way."""

    schedule: Schedule
    last: Job | None
    open: Job | None
    following: datetime

    @property
    def outcome(self) -> str:
        """How it last ended."""
        return self.last.state.value if self.last else "not yet done"


def lines(board: Board, now: datetime) -> list[Line]:
    """Every job of the clock, in the order in which they are declared."""
    return [
        Line(each, board.last.get(kind), board.open.get(kind), each.cadence.following(now))
        for kind, each in SCHEDULES.items()
    ]


def title(job: Job) -> str:
    """What a job does, and with what: `Calculate a quarter: 2026-Q2`."""
    known = ASKED.get(job.kind) or SCHEDULES.get(job.kind)
    told = ", ".join(_arguments(job.arguments))
    return (known.title if known else job.kind) + (f": {told}" if told else "")


def _arguments(asked: Mapping[str, str]) -> Iterator[str]:
    """What a job is asked about, its quarter first; hashes by which it knows what was seen tell people nothing."""
    names = sorted(asked, key=lambda name: (name != "quarter", name))
    yield from (asked[name] for name in names if asked[name] and name not in _UNTOLD)


def tone(job: Job) -> str:
    """In which colour a job's state stands."""
    return _TONES[job.state]


def remedy(job: Job) -> str:
    """What to do about a job that failed."""
    known = ASKED.get(job.kind) or SCHEDULES.get(job.kind)
    return known.remedy if known else "This version of the program does not know the job."


def invitation(job: Job) -> str:
    """What is done with what came out of a job."""
    return "Download the file" if job.result.endswith("/file") else "Look at it"


def steps(job: Job) -> list[tuple[str, str]]:
    """The steps of a job that somebody asked for, each as `done`, `now` or neither."""
    names = ASKED[job.kind].steps if job.kind in ASKED else ()
    return [(name, _place(job, number)) for number, name in enumerate(names, 1)]


def _place(job: Job, number: int) -> str:
    if job.state is State.DONE or number < job.step:
        return "done"
    return "now" if number == job.step and job.state is State.RUNNING else ""


def progress(job: Job, now: datetime) -> str:
    """How far a job is: `step 2 of 4, 12,400 of 20,000, about 40 seconds left`."""
    return ", ".join(_parts(job, now))


def _parts(job: Job, now: datetime) -> Iterator[str]:
    if job.step and job.kind in ASKED:
        yield f"step {job.step} of {len(ASKED[job.kind].steps)}"
    if job.total:
        yield f"{grouped(str(job.done))} of {grouped(str(job.total))}"
    left = time_left(job, now)
    if left is not None:
        yield f"about {_span(left)} left"


def _span(left: timedelta) -> str:
    seconds = max(1, round(left.total_seconds()))
    size, unit = (
        (1, "second") if seconds < 2 * _MINUTE else (_MINUTE, "minute") if seconds < 2 * _HOUR else (_HOUR, "hour")
    )
    count = round(seconds / size)
    return f"{count} {unit}{'' if count == 1 else 's'}"
