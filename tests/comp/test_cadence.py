"""When jobs of the clock fall due."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as bounded
from hypothesis import strategies as st

from comp.cadence import GRACE, Daily, Every, due_slot, slot_of

NIGHT = Daily(time(2, 30))
SUNDAYS = Daily(time(0, 0), "sun")
SOON = timedelta(seconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+00:00")


def test_every_machine_means_the_same_moments():
    assert Every(15).latest(at("2026-11-22T15:30:14")) == at("2026-11-22T15:30:00")
    assert Every(15).latest(at("2026-11-22T15:30:15")) == at("2026-11-22T15:30:15")
    assert Every(15).following(at("2026-11-22T15:30:15")) == at("2026-11-22T15:30:30")
    assert slot_of(at("2026-11-22T15:30:15")) == "2026-11-22T15:30:15Z"
    assert slot_of(datetime(2026, 11, 22, 16, 30, tzinfo=ZoneInfo("Europe/Berlin"))) == "2026-11-22T15:30:00Z"


def test_each_day_has_one_moment_and_before_it_yesterdays_is_the_last():
    assert NIGHT.latest(at("2026-11-22T02:29:59")) == at("2026-11-21T02:30:00")
    assert NIGHT.latest(at("2026-11-22T02:30:00")) == at("2026-11-22T02:30:00")
    assert NIGHT.following(at("2026-11-22T02:30:00")) == at("2026-11-23T02:30:00")


def test_sunday_is_sunday_and_not_the_day_that_a_number_means():
    assert SUNDAYS.latest(at("2026-11-28T12:00:00")) == at("2026-11-22T00:00:00")
    assert SUNDAYS.following(at("2026-11-22T00:00:00")).strftime("%A") == "Sunday"
    with pytest.raises(ValueError, match="'0' is not a day of the week; write one of mon, tue"):
        Daily(time(0, 0), "0")


@pytest.mark.parametrize(
    ("cadence", "words"),
    [
        (Every(1), "every second"),
        (Every(15), "every 15 seconds"),
        (Every(60), "every minute"),
        (Every(3600), "every hour"),
        (Every(7200), "every 2 hours"),
        (NIGHT, "each day at 02:30 UTC"),
        (SUNDAYS, "each Sunday at 00:00 UTC"),
    ],
)
def test_cadences_are_told_in_words(cadence, words):
    assert cadence.words == words


def test_what_fell_due_within_the_hour_is_made_up_for_and_nothing_older():
    due = at("2026-11-22T02:30:00")
    assert due_slot(NIGHT, due + GRACE) == due
    assert due_slot(NIGHT, due + GRACE + SOON) is None


CADENCES = st.one_of(
    st.integers(1, 90_000).map(Every),
    st.builds(Daily, st.times(), st.sampled_from(["", "mon", "tue", "wed", "thu", "fri", "sat", "sun"])),
)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - the bounds are


@bounded(max_examples=60)
@given(CADENCES, MOMENTS)
def test_between_the_last_moment_and_the_next_there_is_none(cadence, now):
    latest, following = cadence.latest(now), cadence.following(now)
    assert latest <= now < following
    assert cadence.latest(following) == following
    assert cadence.latest(following - timedelta(microseconds=1)) == latest
