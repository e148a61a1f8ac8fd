"""How numbers, days and names look."""

from datetime import UTC, date, datetime
from fractions import Fraction

import pytest

from comp.money import Money
from comp.periods import Span
from comp.roles import Permission, Role, permissions
from comp.scores import Metric, Statistic
from web.navigation import navigation
from web.presentation import THIN, aligned, amount, day, moment, money, percent, rounded, score, signed, span


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (133594, "EUR", "1,335.94"),
        (0, "EUR", "0.00"),
        (-5, "EUR", "−0.05"),
        (123456789, "EUR", "1,234,567.89"),
        (100001, "JPY", "100,001"),
        (0, "JPY", "0"),
        (173520, "KWD", "173.520"),
        (-1234567, "KWD", "−1,234.567"),
    ],
)
def test_an_amount_has_its_currencys_decimals(minor, currency, text):
    assert amount(Money(minor, currency)) == text
    assert money(Money(minor, currency)) == f"{text}\N{NO-BREAK SPACE}{currency}"


@pytest.mark.parametrize(("minor", "text"), [(3890, "+38.90"), (-4120, "−41.20"), (0, "0.00")])
def test_a_change_has_its_sign(minor, text):
    assert signed(Money(minor, "EUR")) == text


@pytest.mark.parametrize(
    ("ratio", "places", "text"),
    [
        (Fraction(984, 1000), 1, "98.4"),
        (Fraction(1), 1, "100"),
        (Fraction(2, 3), 1, "66.7"),
        (Fraction(2, 3), 4, "66.6667"),
        (Fraction(-1, 4), 1, "−25"),
        (Fraction(25), 1, "2,500"),
        (Fraction(9649999, 10000000), 1, "96.5"),
        (Fraction(0), 1, "0"),
    ],
)
def test_a_ratio_is_shown_as_a_percentage(ratio, places, text):
    assert percent(ratio, places) == f"{text}{THIN}%"


def test_no_ratio_is_a_dash():
    assert percent(None) == "–"
    assert aligned(None) == "–"


def test_percentages_in_a_column_have_one_decimal_each():
    assert [aligned(Fraction(n, 1000)) for n in (1000, 984, -5)] == [f"{t}{THIN}%" for t in ("100.0", "98.4", "−0.5")]


@pytest.mark.parametrize(("currency", "text"), [("EUR", "2.68"), ("JPY", "3"), ("KWD", "2.675")])
def test_an_exact_amount_is_rounded_half_up_to_its_currency(currency, text):
    assert amount(rounded(Fraction("2.675"), currency)) == text


@pytest.mark.parametrize(("decimals", "text"), [(0, "−13"), (1, "−12.5"), (3, "−12.500")])
def test_a_score_has_its_metrics_decimals(decimals, text):
    metric = Metric(id="k", name="K", statistic=Statistic.VALUE, decimals=decimals)
    assert score(Fraction("-12.5"), metric) == text


def test_days_and_moments_are_unmistakable():
    assert day(date(2026, 7, 3)) == "3 Jul 2026"
    assert day(datetime(2026, 7, 3, 23, 59, tzinfo=UTC)) == "3 Jul 2026"
    assert moment(datetime(2026, 7, 3, 4, 5, tzinfo=UTC)) == "3 Jul 2026, 04:05 UTC"


def test_a_span_shows_its_last_day():
    assert span(Span(date(2026, 4, 1), date(2026, 7, 1))) == "1 Apr – 30 Jun 2026"
    assert span(Span(date(2025, 11, 15), date(2026, 2, 1))) == "15 Nov 2025 – 31 Jan 2026"


OWN = ("Home", "My pay", "Queries")
QUARTER = ("Quarter board", "Calendar", "Data check", "Reviews")
PAY = ("Payouts", "Runs")
SCORES = ("Scores", "Answers", "Metrics")
PLANS = ("Plans", "Targets", "Imports")
FINANCE = ("Accruals", "Exchange rates")


@pytest.mark.parametrize(
    ("roles", "titles"),
    [
        ([], [*OWN, "Scores", "Metrics"]),
        ([Role.ADMIN], [*OWN, "Scores", "Metrics", "Users and roles", "Access review", "Mails", "Jobs"]),
        (
            [Role.HR],
            [
                *(*OWN, *QUARTER, *PAY, "Analysis", *SCORES, *PLANS),
                *("Corrections", "Overtime", "Layouts", *FINANCE, "Jobs", "Evidence"),
            ],
        ),
        ([Role.APPROVER], [*OWN, *QUARTER, *PAY, *SCORES, *PLANS, "Corrections", *FINANCE]),
        (
            [Role.PAYROLL],
            [
                *(*OWN, "Quarter board", *PAY, "Scores", "Metrics"),
                *("Batches", "Corrections", "Overtime", "Layouts", *FINANCE),
            ],
        ),
        (
            [Role.AUDITOR],
            [
                *(*OWN, *QUARTER, *PAY, "Analysis", *SCORES, *PLANS),
                *("Batches", "Corrections", "Overtime", "Layouts", *FINANCE, "Access review", "Evidence", "Audit"),
            ],
        ),
    ],
)
def test_the_rail_shows_where_one_may_go(roles, titles):
    assert [item.title for group in navigation(permissions(roles)) for item in group.items] == titles


def test_a_stranger_has_no_rail():
    assert navigation(frozenset[Permission]()) == ()
