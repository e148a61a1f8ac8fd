"""When jobs of the clock fall due: every so often, each day or each week, in UTC and with days by their names."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

GRACE = timedelta(hours=1)
"""How late a moment is still made up for, such as by a program that was not running when it came."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
}
_UNITS = ((3600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True, slots=True)
class Every:
    """Each multiple of some seconds since 1970, so that all machines mean the same moments."""

    seconds: int

    def latest(self, now: datetime) -> datetime:
        """The last moment that fell due, `now` included."""
        return _EPOCH + (now - _EPOCH) // self._step * self._step

    def following(self, now: datetime) -> datetime:
        """The first moment that falls due after `now`."""
        return self.latest(now) + self._step

    @property
    def words(self) -> str:
        """As people say it: `every 15 seconds`."""
        size, unit = next((size, unit) for size, unit in _UNITS if self.seconds % size == 0)
        count = self.seconds // size
        return f"every {unit}" if count == 1 else f"every {count} {unit}s"

    @property
    def _step(self) -> timedelta:
        return timedelta(seconds=self.seconds)


@dataclass(frozen=True, slots=True)
class Daily:
    """A time of day in UTC, each day or on one day of the week, named as `sun`: numbers mean other days elsewhere."""

    at: time
    day_of_week: str = ""

    def __post_init__(self) -> None:
        """Refuse days that do not exist."""
        if self.day_of_week and self.day_of_week not in _DAYS:
            raise ValueError(f"{self.day_of_week!r} is not a day of the week; write one of {', '.join(_DAYS)}")

    def latest(self, now: datetime) -> datetime:
        """The last moment that fell due, `now` included."""
        due = datetime.combine(now.astimezone(UTC).date(), self.at, UTC)
        while due > now or not self._falls_on(due):
            due -= timedelta(days=1)
        return due

    def following(self, now: datetime) -> datetime:
        """The first moment that falls due after `now`."""
        return self.latest(now) + timedelta(days=7 if self.day_of_week else 1)

    @property
    def words(self) -> str:
        """As people say it: `each day at 02:00 UTC`."""
        when = f"each {_DAYS[self.day_of_week]}" if self.day_of_week else "each day"
        return f"{when} at {self.at:%H:%M} UTC"

    def _falls_on(self, moment: datetime) -> bool:
        return not self.day_of_week or list(_DAYS)[moment.weekday()] == self.day_of_week


Cadence = Every | Daily


def slot_of(moment: datetime) -> str:
    """The name of a moment that falls due, the same on every machine: `2026-11-22T02:00:00Z`."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def due_slot(cadence: Cadence, now: datetime) -> datetime | None:
    """The moment to be done now; None where the last one is too long ago to be made up for."""
    latest = cadence.latest(now)
    return latest if now - latest <= GRACE else None
