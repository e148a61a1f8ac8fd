"""The chain of audit entries shows every change that was made to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.chain import ORIGIN, Anchor, Entry, Sealed, first_break, seal

NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
LENGTH = 6
PLACES = st.integers(0, LENGTH - 1)


def chain(length: int = LENGTH) -> list[Sealed]:
    made: list[Sealed] = []
    for number in range(1, length + 1):
        entry = Entry(number, NOON + timedelta(hours=number), f"account {number}", "read", f"payout {number}")
        made.append(seal(entry, made[-1].hash if made else ORIGIN))
    return made


def test_an_untouched_chain_holds_and_so_does_an_empty_one():
    whole = chain()
    assert first_break(whole, [Anchor(3, whole[2].hash), Anchor(LENGTH, whole[-1].hash)]) is None
    assert first_break([]) is None


def test_the_same_moment_in_another_zone_seals_alike():
    entry = chain()[0].entry
    elsewhere = replace(entry, at=entry.at.astimezone())
    assert seal(elsewhere, ORIGIN) == seal(entry, ORIGIN)


@given(PLACES, st.sampled_from(["at", "actor", "action", "about", "details"]))
def test_a_changed_field_is_found_where_it_stands(place, field):
    touched = chain()
    entry = touched[place].entry
    value = entry.at + timedelta(microseconds=1) if field == "at" else getattr(entry, field) + "x"
    touched[place] = touched[place]._replace(entry=replace(entry, **{field: value}))
    assert first_break(touched).number == place + 1


@given(PLACES, st.integers(0, 63))
def test_a_flipped_digit_of_a_hash_is_found(place, digit):
    touched = chain()
    old = touched[place].hash
    new = "0" if old[digit] != "0" else "1"
    touched[place] = touched[place]._replace(hash=old[:digit] + new + old[digit + 1 :])
    assert first_break(touched).number == place + 1


@given(st.integers(0, LENGTH - 2))
def test_a_removed_entry_is_found_at_the_next(place):
    touched = chain()
    del touched[place]
    assert first_break(touched) == (place + 1, f"Entry {place + 1} is missing: {place + 2} stands in its place.")


def test_entries_cut_off_at_the_end_are_found_by_an_anchor_only():
    whole = chain()
    assert first_break(whole[:-1]) is None
    assert first_break(whole[:-1], [Anchor(LENGTH, whole[-1].hash)]).number == LENGTH


@given(st.integers(0, LENGTH - 2))
def test_two_entries_in_each_others_place_are_found(place):
    touched = chain()
    touched[place], touched[place + 1] = touched[place + 1], touched[place]
    assert first_break(touched).number == place + 1


def test_entries_renumbered_to_hide_one_that_was_put_in_are_found():
    touched = chain()
    forged = seal(replace(touched[2].entry, about="payout 99"), touched[1].hash)
    later = [sealed._replace(entry=replace(sealed.entry, number=sealed.entry.number + 1)) for sealed in touched[2:]]
    assert first_break([*touched[:2], forged, *later]).number == 4


def test_a_chain_sealed_anew_from_a_change_on_is_found_by_an_anchor():
    whole = chain()
    anchor = Anchor(LENGTH, whole[-1].hash)
    forged = whole[:2]
    for old in whole[2:]:
        forged.append(seal(replace(old.entry, actor="account 9"), forged[-1].hash))
    assert first_break(forged) is None
    assert first_break(forged, [anchor]).number == LENGTH


def test_an_anchor_is_read_as_it_is_written():
    anchor = Anchor(12, "ab" * 32)
    assert Anchor.parse(str(anchor)) == anchor


@pytest.mark.parametrize("text", ["", "12", "x:" + "a" * 64, "12:abc", "١:" + "a" * 64])
def test_what_is_not_an_anchor_is_refused(text):
    with pytest.raises(ValueError, match="is not an anchor"):
        Anchor.parse(text)
