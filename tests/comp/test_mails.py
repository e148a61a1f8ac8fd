"""What may stand in a mail: one address, one line of subject, and no amounts."""

import pytest

from comp.errors import RefusedError
from comp.mails import require_sendable

TO, SUBJECT, BODY = "ana@company.example", "Set your password", "Follow the link in the next hour.\n\nLoyalty Pay\n"


@pytest.mark.parametrize("to", [TO, "a.b+c@x", "o'neil@company.example"])
def test_one_address_is_taken(to):
    require_sendable(to, SUBJECT, BODY)


@pytest.mark.parametrize(
    "to",
    [
        "",
        "ana",
        "@company.example",
        "ana@",
        "ana@company.example, eve@evil.example",
        "ana@company.example;eve@evil.example",
        "ana@company.example\nBcc: eve@evil.example",
        "ana@company.example\r\nBcc: eve@evil.example",
        "ana@company.example\n",
        "Ana <ana@company.example>",
        "ana@company@evil.example",
        "jürgen@company.example",
        f"{'a' * 250}@x.yz",
    ],
)
def test_what_is_not_one_address_is_refused(to):
    with pytest.raises(RefusedError, match="is not one e-mail address"):
        require_sendable(to, SUBJECT, BODY)


@pytest.mark.parametrize("subject", ["", "  ", "A\nBcc: eve@evil.example", "A\rB", "A\r\n B", "A\0B", "A\u2028B"])
def test_a_subject_that_is_not_one_line_is_refused(subject):
    with pytest.raises(RefusedError, match="one line"):
        require_sendable(TO, subject, BODY)


def test_a_body_with_a_null_character_is_refused():
    with pytest.raises(RefusedError, match="null"):
        require_sendable(TO, SUBJECT, "a\0b")


@pytest.mark.parametrize(
    "text",
    [
        "You get 1,335.94 EUR",
        "EUR 1335",
        "EUR -12",
        "12\N{NO-BREAK SPACE}KWD",
        "€ 5",
        "5€",
        "$1",
        "JPY\N{NARROW NO-BREAK SPACE}720000",
        "first line\n781.63EUR\n",
    ],
)
def test_an_amount_of_money_never_travels_by_mail(text):
    with pytest.raises(ValueError, match="never tells an amount"):
        require_sendable(TO, SUBJECT, text)
    with pytest.raises(ValueError, match="never tells an amount"):
        require_sendable(TO, text.replace("\n", " "), BODY)


@pytest.mark.parametrize("text", ["2026-Q2 is ready", "until 14:05 UTC", "in 60 minutes", "PCC 1", "https://x/1EURO2"])
def test_other_numbers_may(text):
    require_sendable(TO, text, text)
