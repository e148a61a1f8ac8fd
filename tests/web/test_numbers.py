"""Numbers as each reader writes them: what is shown can be typed back, and what could be mistaken is refused."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from flask import g
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict
from wtforms import Form

from comp.db import reading
from comp.locales import LOCALES
from comp.money import Money
from comp.periods import Span
from comp.roles import Account
from comp.scores import Metric, Statistic
from comp.services import accounts
from tests.web.company import EMPLOYEE
from web.forms.numbers import DecimalField, PercentField, ShareField, read_number, read_percentage
from web.locales import number_format, readers
from web.presentation import THIN, amount, counted, day, moment, money, percent, plain, score, signed, span, whole

NARROW, WIDE, APOSTROPHE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}", "\N{RIGHT SINGLE QUOTATION MARK}"
NEVER = [
    "NaN",
    "sNaN",
    "Infinity",
    "-inf",
    "1_000",
    "１２",
    "١٢",
    "१२",
    "+5",
    "1e3",
    "1E3",
    "0x1F",
    "--5",
    "5-",
    "1..5",
    "1,,5",
    "1.2.3",
    "1,2,3",
    "12,34,567.8",
    "1.0000,5",
    ",5",
    ".5",
    "5.",
    "5,",
    "½",
    "5 €",
    "",
    " ",
    "1" * 21,
    "1.000,000.5",
    "1 2",
    "12 34",
    "1 000 00",
]


class Typed(Form):
    number = DecimalField()
    percent = PercentField()
    share = ShareField()


@pytest.mark.parametrize("tag", LOCALES)
@pytest.mark.parametrize("typed", NEVER)
def test_what_is_not_one_number_is_refused_in_every_language(tag, typed):
    with pytest.raises(ValueError, match=r"Type a number|could be mistaken"):
        read_number(typed, number_format(tag))


@pytest.mark.parametrize(
    ("tag", "typed", "read"),
    [
        ("en", "1.5", "1.5"),
        ("en", "1,234.56", "1234.56"),
        ("en", "1,234,567", "1234567"),
        ("en", "-0.05", "-0.05"),
        ("en", "−0.05", "-0.05"),
        ("en", "1.500", "1.500"),
        ("en", " 007 ", "007"),
        ("de", "1,5", "1.5"),
        ("de", "1.234,56", "1234.56"),
        ("de", "1.500", "1500"),
        ("de", "1500", "1500"),
        ("de-CH", "1’234.5", "1234.5"),
        ("de-CH", "1'234.5", "1234.5"),
        ("fr", f"1{NARROW}234,5", "1234.5"),
        ("fr", f"1{WIDE}234,5", "1234.5"),
        ("fr", "1 234,5", "1234.5"),
        ("sv", f"−1{WIDE}234,5", "-1234.5"),
        ("pt", "1.234,5", "1234.5"),
        ("ja", "100,001", "100001"),
    ],
)
def test_a_number_is_read_exactly_as_its_writer_means_it(tag, typed, read):
    assert read_number(typed, number_format(tag)) == read


@pytest.mark.parametrize(
    ("tag", "typed"),
    [
        ("de", "1.5"),
        ("de", "1.23"),
        ("de", "1,234.56"),
        ("de", "1.5000"),
        ("en", "1,5"),
        ("en", "1.234,56"),
        ("en", "1 234"),
        ("fr", "1.5"),
        ("fr", "1 234.5"),
        ("fr", f"1{NARROW}234 567"),
        ("de-CH", "1,5"),
        ("sv", "1.5"),
        ("ja", "1.234,5"),
    ],
)
def test_a_number_of_another_language_is_refused_and_never_guessed(tag, typed):
    with pytest.raises(ValueError, match=r"such as"):
        read_number(typed, number_format(tag))


def test_a_german_reader_is_told_how_a_point_would_be_mistaken():
    with pytest.raises(
        ValueError, match=r"“1\.5” could be mistaken: your numbers are written as in German, such as 12,5"
    ):
        read_number("1.5", number_format("de"))


@given(
    st.sampled_from(list(LOCALES)),
    st.integers(-(10**18), 10**18),
    st.integers(0, 12),
    st.booleans(),
)
def test_what_is_shown_can_be_typed_back_unchanged(tag, digits, places, grouped):
    sign, body = ("-" if digits < 0 else ""), str(abs(digits)).rjust(places + 1, "0")
    stated = f"{sign}{body[:-places]}.{body[-places:]}" if places else f"{sign}{body}"
    numbers = number_format(tag)
    assert Fraction(read_number(numbers.written(stated, grouped=grouped), numbers)) == Fraction(stated)


@given(st.sampled_from(list(LOCALES)), st.text(max_size=12))
def test_whatever_is_typed_is_one_number_or_a_sentence(tag, typed):
    try:
        Fraction(read_number(typed, number_format(tag)))
    except ValueError as refused:
        assert "such as" in str(refused)  # noqa: PT017 - either outcome is sound


@pytest.mark.parametrize(
    ("tag", "typed", "read"), [("en", "12.5 %", "12.5"), ("de", f"12,5{NARROW}%", "12.5"), ("fr", f"40{WIDE}%", "40")]
)
def test_a_percentage_may_bear_its_sign(tag, typed, read):
    assert read_percentage(typed, number_format(tag)) == read


@pytest.mark.parametrize("typed", ["-5", "%", "5 %%", "% 5"])
def test_a_percentage_is_a_number_of_at_least_0(typed):
    with pytest.raises(ValueError, match="Type a"):
        read_percentage(typed, number_format("en"))


def test_a_field_shows_a_number_as_its_reader_types_it_and_what_was_typed_as_it_was(app):
    with as_reader(app, "de"):
        assert 'value="1234,5"' in str(Typed(data={"number": "1234.5"}).number())
        form = Typed(MultiDict({"number": "1.5", "percent": "7,5 %", "share": "1.5"}))
        assert not form.validate()
        assert 'value="1.5"' in str(form.number())
        assert "could be mistaken" in form.number.errors[0]
        assert "could be mistaken" in form.share.errors[0]
        assert form.percent.data == "7.5"


@pytest.mark.parametrize("typed", ["sNaN", "NaN", "1e400", "9" * 30])
def test_what_crashed_other_forms_is_a_sentence_at_the_field(app, typed):
    with as_reader(app, "en"):
        form = Typed(MultiDict({"number": typed, "percent": typed, "share": typed}))
        assert not form.validate()
        assert set(form.errors) == {"number", "percent", "share"}


def test_a_share_holds_no_ratio_where_none_was_typed(app):
    with as_reader(app, "en"):
        assert Typed(MultiDict({"number": "1"})).share.ratio is None
        assert Typed(data={"share": Fraction(1, 3) * 3}).share.ratio == 1


@pytest.mark.parametrize(
    ("tag", "figures", "days"),
    [
        ("en", ("−1,234,567.89", "12.5", "3,400.0"), ("3 Jul 2026", "1 Apr – 30 Jun 2026")),
        ("de", ("−1.234.567,89", "12,5", "3.400,0"), ("03.07.2026", "01.04.2026 – 30.06.2026")),
        ("de-CH", ("−1’234’567.89", "12.5", "3’400.0"), ("03.07.2026", "01.04.2026 – 30.06.2026")),
        (
            "fr",
            (f"−1{NARROW}234{NARROW}567,89", "12,5", f"3{NARROW}400,0"),
            ("3 juil. 2026", "1 avr. 2026 – 30 juin 2026"),
        ),
        ("pt", ("−1.234.567,89", "12,5", "3.400,0"), ("3 de jul. de 2026", "1 de abr. de 2026 – 30 de jun. de 2026")),
        ("ja", ("−1,234,567.89", "12.5", "3,400.0"), ("2026/07/03", "2026/04/01 – 2026/06/30")),
        ("sv", (f"−1{WIDE}234{WIDE}567,89", "12,5", f"3{WIDE}400,0"), ("3 juli 2026", "1 apr. 2026 – 30 juni 2026")),
    ],
)
def test_pages_write_numbers_and_days_as_their_reader_does(app, tag, figures, days):
    metric = Metric(id="k", name="K", statistic=Statistic.VALUE, decimals=1)
    with as_reader(app, tag):
        assert amount(Money(-123456789, "EUR")) == figures[0]
        assert money(Money(-123456789, "EUR")) == f"{figures[0]}{WIDE}EUR"
        assert percent(Fraction(1, 8)) == f"{figures[1]}{THIN}%"
        assert score(Fraction(3400), metric) == figures[2]
        assert day(date(2026, 7, 3)) == days[0]
        assert span(Span(date(2026, 4, 1), date(2026, 7, 1))) == days[1]
        assert moment(datetime(2026, 7, 3, 4, 5, tzinfo=UTC)) == f"{days[0]}, 04:05 UTC"


def test_yen_have_no_decimals_in_any_language(app):
    shown = {tag: as_shown(app, tag, Money(1234567, "JPY")) for tag in LOCALES}
    assert shown["de"] == "1.234.567"
    assert shown["ja"] == "1,234,567"
    assert not [
        text for tag, text in shown.items() if number_format(tag).decimal in text.replace(number_format(tag).group, "")
    ]


def test_changes_counts_and_plain_numbers_follow_too(app):
    with as_reader(app, "de"):
        assert signed(Money(123456, "EUR")) == "+1.234,56"
        assert plain(Fraction("-1234.5")) == "−1.234,5"
        assert whole(12400) == "12.400"
        assert counted(Fraction("1.5"), "day") == "1,5 days"
        assert counted(1, "day") == "1 day"


@pytest.mark.parametrize("tag", [None, "xx", ""])
def test_whoever_chose_nothing_reads_english(app, tag):
    with as_reader(app, tag):
        assert readers().tag == "en"


def test_a_browsers_language_changes_no_number(visit):
    visitor = visit(EMPLOYEE)
    visitor.client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "de-DE,de;q=0.9"
    page = visitor.get("/account")
    assert "English: 1,234.56" in page.text
    assert "Your browser asks for German; nothing changes before you choose it." in page.text


def test_one_chooses_how_numbers_are_written(visit, database):
    page = visit(EMPLOYEE).get("/account").submit("Write them so", locale="de")
    assert page.notes == ["From now on numbers and days are written as you chose, and read so in every form."]
    assert "1.234,56" in page.text
    with reading(database) as session:
        assert accounts.find_credentials(session, EMPLOYEE).account.locale == "de"


def test_a_way_of_writing_that_there_is_not_is_refused(visit):
    page = visit(EMPLOYEE).get("/account").submit("Write them so", 422, locale="xx")
    assert "Numbers cannot be written as in 'xx'." in page.text


def as_shown(app, tag, value):
    with as_reader(app, tag):
        return amount(value)


class as_reader:  # noqa: N801 - reads as a function
    """A request of somebody who chose a way of writing."""

    def __init__(self, app, tag):
        self.context, self.tag = app.test_request_context(), tag

    def __enter__(self):
        self.context.push()
        g.account = Account(1, "a@example.org", "A", (), 0, locale=self.tag)

    def __exit__(self, *_):
        self.context.pop()
