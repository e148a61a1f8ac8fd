"""Passwords: long, not among those that are tried first, and nothing that others know of the person."""

import pytest

from comp.errors import RefusedError
from comp.services import accounts, passwords

COMMON = "This is one of the passwords that are tried first."
OWN = ("ines.duarte@pay-office.example", "Inês Duarte Silva")


@pytest.mark.parametrize("password", ["x" * 9, "", "ab cd ef "])
def test_a_short_password_is_refused(password):
    with pytest.raises(RefusedError, match="at least 10 characters"):
        passwords.require_sound(password)


def test_the_most_common_passwords_that_are_long_enough_are_all_refused():
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    listed = [each for each in FREQUENCY_LISTS["passwords"] if len(each) >= passwords.SHORTEST]
    assert len(listed) > 1_000
    for password in listed:
        with pytest.raises(RefusedError, match=COMMON):
            passwords.require_sound(password)


def test_the_three_thousand_most_common_are_refused_with_digits_and_signs_around_them_too():
    from zxcvbn.frequency_lists import FREQUENCY_LISTS

    letters = [each for each in FREQUENCY_LISTS["passwords"] if each.isalpha() and len(each) >= 6][:3_000]
    assert len(letters) == 3_000
    for word in letters:
        with pytest.raises(RefusedError, match=COMMON):
            passwords.require_sound(f"{word.title()}2026!".ljust(passwords.SHORTEST, "1"))


@pytest.mark.parametrize(
    "password",
    ["P@ssw0rd2026!", "1111111111", "abcabcabcabc", "passwordpassword", "QWERTYUIOP", "  password  ", "123monkey123"],
)
def test_what_is_made_of_a_common_password_is_refused(password):
    with pytest.raises(RefusedError, match=COMMON):
        passwords.require_sound(password)


@pytest.mark.parametrize(
    ("password", "word"),
    [
        ("duarte loves figs", "duarte"),
        ("my DUARTE-2026 door", "duarte"),
        ("all d.u.a.r.t.e", "duarte"),
        ("the office is blue", "office"),
        ("silva makes jam", "silva"),
        ("Loyalty Pay opens", "loyaltypay"),
    ],
)
def test_what_others_know_of_the_person_is_in_no_password(password, word):
    with pytest.raises(RefusedError, match=f"does not have {word!r} in it"):
        passwords.require_sound(password, OWN)


@pytest.mark.parametrize(
    "password", ["correct horse battery", "seven blue figs", "dragon482917465829103847", "pay day is near"]
)
def test_a_few_words_and_long_ones_without_a_pattern_are_taken(password):
    passwords.require_sound(password, OWN)


def test_an_account_is_not_added_with_a_password_that_has_its_own_name_or_address(sqlite_engine):
    from comp.db import writing

    with writing(sqlite_engine) as session:
        for email, name in (("ines@example.org", "Figaro Ines"), ("figaro@example.org", "Ines")):
            with pytest.raises(RefusedError, match="'figaro'"):
                accounts.add_account(session, email, name, "figaro sings loud", ())
