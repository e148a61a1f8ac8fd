"""What a team's workbook is made of: rows that add up, totals by currency, and the rules in the order of the rows."""

from dataclasses import replace
from datetime import UTC, datetime

from comp.money import Money
from comp.periods import Quarter
from comp.results import Origin, StoredRun
from comp.review import Row, Standing
from comp.team_sheets import TeamSheets, team_lines, team_rules
from tests.make import person, run

NOW = datetime(2025, 10, 6, 9, 30, tzinfo=UTC)
STORED = StoredRun(1, Quarter(2025, 3), 1, Origin("ab" * 32, "1.0", (), "hr", NOW))


def eur(minor):
    return Money(minor, "EUR")


def row(employee, payable=100_000, currency="EUR", **fields):
    def money(minor):
        return Money(minor, currency)

    amounts = {"earned": money(100_000), "adjusted": money(500), "payable": money(payable), "target": money(100_000)}
    return Row(employee, f"Person {employee}", "9", "Unit", "", Standing.TO_CONFIRM, currency, **{**amounts, **fields})


HELD = Row("3", "Person 3", "9", "", "", Standing.NOT_PAID, held="No score.")


def made(*rows):
    payouts = run(people=[person("1"), person("2")]).payouts
    lines = team_lines(rows, payouts)
    about = STORED, "in review", "9", "Nina", 3
    return TeamSheets(*about, False, lines, team_rules(lines, payouts), (), {}, "me", NOW)  # noqa: FBT003 - its order


def test_a_row_is_told_with_its_days_components_and_what_is_added_otherwise():
    (line,) = made(row("1", 100_700)).lines
    assert (line.days, line.days_in_quarter, line.attained, line.added) == (92, 92, {"Customer": 1}, eur(200))


def test_whoever_is_held_or_paid_for_another_quarter_only_has_no_days():
    held, other = made(HELD, row("1", 700, "JPY", earned=Money(0, "JPY"), adjusted=Money(0, "JPY"))).lines
    assert (held.days, held.added, held.attained) == (None, None, {})
    assert (other.days, other.added) == (None, Money(700, "JPY"))


def test_totals_stand_apart_by_currency_and_whoever_is_held_is_in_none():
    sheets = made(row("1"), row("2", 50_000), row("4", 7, "JPY"), HELD)
    assert [(total.currency, total.people, total.payable) for total in sheets.totals] == [
        ("EUR", 2, eur(150_000)),
        ("JPY", 1, Money(7, "JPY")),
    ]
    assert (sheets.held, sheets.listed, sheets.components) == (1, 4, ("Customer",))
    assert sheets.standings[Standing.TO_CONFIRM] == 3


def test_the_rules_are_those_of_who_has_a_row_in_the_order_of_the_rows():
    assert [rule.payout.employee for rule in made(row("2"), row("1")).rules] == ["2", "1"]
    assert [rule.payout.employee for rule in made(row("2")).rules] == ["2"]


def test_a_workbook_is_named_for_the_quarter_and_the_manager():
    assert made().file_name == "team-2025-Q3-9.xlsx"
    assert replace(made(), manager="0017").file_name == "team-2025-Q3-0017.xlsx"
