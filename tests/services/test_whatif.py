"""What-ifs on what is stored: quarters that are kept in the process, scenarios, and who may see them."""

from concurrent.futures import ThreadPoolExecutor
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from comp.company import Company
from comp.db import reading, writing
from comp.errors import NotFoundError, RefusedError, UnseenError
from comp.money import Money
from comp.periods import Quarter
from comp.roles import Account, Role
from comp.services import scenarios, snapshots, whatif
from comp.services.company import change_settings
from comp.whatif_documents import read_lines, read_position, write_position
from comp.whatif_goal import Goal
from comp.whatif_position import Position
from tests.make import plan
from tests.stored import EVERYBODY, NOW, Q3, company, publish, take

HR = Account(1, "hr@example.org", "HR", (Role.HR,), 0)
OTHER = Account(2, "other@example.org", "Other", (Role.APPROVER,), 0)
AUDITOR = Account(3, "audit@example.org", "Auditor", (Role.AUDITOR,), 0)
PAYROLL = Account(4, "pay@example.org", "Payroll", (Role.PAYROLL,), 0)
HALF = Position(scale=Fraction(1, 2))


@pytest.fixture
def ready(filled):
    return filled(fill)


def fill(engine):
    company(engine)
    publish(engine)


def tried(engine, position=HALF, actor=HR, quarter=Q3, **fields):
    with reading(engine) as session:
        return whatif.try_plan(session, actor, plan(**fields), position, quarter)


def test_a_what_if_rests_on_what_is_stored(ready):
    trial = tried(ready)
    (cost,) = trial.estimate.costs
    assert (cost.before, cost.after) == (2000, 1000)
    assert (trial.lacking, trial.problems, trial.is_large) == ("", (), False)
    assert trial.metrics["k"] == "k"


def test_what_lies_deeper_is_the_calculation_and_what_scores_do(ready):
    trial = tried(ready)
    depth = whatif.look_deeper(trial, with_band=True)
    assert (depth.exact_before, depth.exact_after) == (
        {"EUR": Money(200_000, "EUR")},
        {"EUR": Money(100_000, "EUR")},
    )
    assert depth.points == {"k": {"EUR": Fraction(15)}}
    assert [band.expected for band in depth.bands.after] == [1000]
    assert whatif.look_deeper(trial, with_band=False).bands is None


def test_a_budget_is_met_through_the_service(ready):
    sought = whatif.seek_goal(tried(ready, Position()), Goal("scale"), Money(150_000, "EUR"))
    assert (sought.value, sought.cost) == (Fraction(3, 4), 1500)


def test_nothing_is_sought_where_nothing_can_be_estimated(ready):
    with pytest.raises(RefusedError, match="no answers and no results"):
        whatif.seek_goal(tried(ready, quarter=Quarter(2030, 1)), Goal("scale"), Money(1, "EUR"))
    with pytest.raises(RefusedError, match="before the plan is sound"):
        whatif.seek_goal(tried(ready, Position(shares={"c": Fraction(1, 2)})), Goal("scale"), Money(1, "EUR"))


def test_a_quarter_in_which_nobody_is_employed_says_so(ready):
    assert "Nobody was employed in 2010-Q1" in tried(ready, quarter=Quarter(2010, 1)).lacking


def test_own_results_are_enough_to_estimate(engine):
    company(engine, results="")
    take(engine, "personal-results", "employee,quarter,metric,value\n1,2025-Q3,k,50")
    publish(engine)
    assert tried(engine).lacking == ""


@pytest.mark.parametrize(("amount", "currency"), [("-1", "EUR"), ("0.001", "EUR"), ("1.5", "JPY"), ("1", "XXX")])
def test_what_is_no_budget_is_refused(amount, currency):
    with pytest.raises(RefusedError):
        whatif.budget_of(Fraction(amount), currency)


def test_a_budget_is_money():
    assert whatif.budget_of(Fraction("100000.5"), "EUR") == Money(10_000_050, "EUR")


def test_whoever_may_not_see_everybodys_pay_sees_no_what_if(ready):
    with pytest.raises(UnseenError):
        tried(ready, actor=PAYROLL)
    keep(ready, HR, "One")
    with reading(ready) as session, pytest.raises(UnseenError):
        scenarios.list_scenarios(session, PAYROLL)


# Quarters that are kept


def loaded(engine, quarter=Q3):
    with reading(engine) as session:
        return snapshots.load(session, quarter)


def test_a_quarter_is_kept_until_anything_that_it_rests_on_changes(ready):
    first = loaded(ready)
    assert loaded(ready) is first
    take(ready, "results", "unit,quarter,metric,value\nU,2025-Q2,k,10")
    second = loaded(ready)
    assert second is not first
    assert second.inputs_sha256 != first.inputs_sha256
    publish(ready, id="q", applies_to={"units": ["V"]})
    assert loaded(ready) is not second


def test_settings_change_what_is_kept_too(ready):
    first = loaded(ready)
    with writing(ready) as session:
        change_settings(session, Company(round_to=(("EUR", Fraction(10)),)), HR.email, NOW)
    assert loaded(ready) is not first
    assert tried(ready).estimate.costs[0].bound == 10


def test_looks_and_kept_scenarios_leave_a_quarter_as_it_is(ready):
    first = loaded(ready)
    keep(ready, HR, "One")
    assert loaded(ready) is first


def test_only_a_few_quarters_are_kept(ready):
    quarters = [Quarter(2025, n) for n in (1, 2, 3, 4)]
    first = [loaded(ready, quarter) for quarter in quarters]
    assert loaded(ready, quarters[-1]) is first[-1]
    assert loaded(ready, quarters[0]) is not first[0]


def test_threads_that_ask_at_once_get_the_same_quarter_read_once(ready, monkeypatch):
    calls = []
    usual = snapshots.load_facts
    monkeypatch.setattr(snapshots, "load_facts", lambda *args: calls.append(1) or usual(*args))
    with ThreadPoolExecutor(8) as pool:
        found = set(map(id, pool.map(lambda _: loaded(ready, Quarter(2024, 2)), range(8))))
    assert (len(found), len(calls)) == (1, 1)


def test_threads_that_slide_at_once_all_get_what_is_right(ready):
    def cost(step):
        return tried(ready, Position(scale=Fraction(step, 10))).estimate.costs[0].after

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(cost, range(1, 20))) == [Fraction(200 * step) for step in range(1, 20)]


# Scenarios


def keep(engine, actor, name, position=HALF):
    trial = tried(engine, position)
    with writing(engine) as session:
        return scenarios.keep(session, actor, name, trial, position, NOW)


def listed(engine):
    with reading(engine) as session:
        return scenarios.list_scenarios(session, EVERYBODY)


def test_a_scenario_is_kept_whole_and_comes_back_as_it_was(ready):
    kept = keep(ready, HR, "  Half   the pay ")
    (found,) = listed(ready)
    assert found.name == "Half the pay"
    assert (found.plan, found.position, found.quarter) == (kept.plan, HALF, Q3)
    assert found.plan.components[0].measures[0].curve.points[-1][1] == 1
    (line,) = found.lines
    assert (line.before, line.after, line.change) == (
        Money(200_000, "EUR"),
        Money(100_000, "EUR"),
        Money(-100_000, "EUR"),
    )
    assert (line.people, line.gaining, line.losing) == (2, 0, 2)
    assert (found.author, found.kept_at, found.inputs_sha256) == (HR.email, NOW, kept.inputs_sha256)
    assert found.moved == (("scale", "", Fraction(1, 2)),)


@pytest.mark.parametrize("name", ["", "  ", "x" * 81, "Taken"])
def test_a_name_that_is_missing_too_long_or_taken_is_refused(ready, name):
    keep(ready, HR, "Taken")
    with pytest.raises(RefusedError):
        keep(ready, OTHER, name)


def test_nothing_to_keep_is_refused(ready):
    with pytest.raises(RefusedError, match="cannot be kept"):
        keep(ready, HR, "Wrong", Position(shares={"c": Fraction(1, 2)}))
    with pytest.raises(RefusedError, match="for those who write or publish"):
        keep(ready, AUDITOR, "Mine")


def test_only_its_author_forgets_a_scenario_and_the_chain_tells(ready):
    keep(ready, HR, "One")
    number = listed(ready)[0].id
    with writing(ready) as session, pytest.raises(RefusedError, match="only they may forget"):
        scenarios.forget(session, OTHER, number, NOW)
    with writing(ready) as session:
        assert scenarios.forget(session, HR, number, NOW).name == "One"
    assert listed(ready) == []
    with writing(ready) as session, pytest.raises(NotFoundError):
        scenarios.forget(session, HR, number, NOW)
    with reading(ready) as session:
        rows = session.execute(text("SELECT action, about, details FROM audit WHERE about LIKE 'what-if%'")).all()
    assert [row.action for row in rows] == ["keep what-if", "forget what-if"]
    assert not any("One" in row.details for row in rows)


def test_a_kept_scenario_cannot_be_rewritten(ready):
    keep(ready, HR, "One")
    with pytest.raises(DatabaseError, match="a kept what-if never changes"), ready.begin() as connection:
        connection.execute(text("UPDATE whatif_scenario SET name = 'Two'"))


def test_positions_come_back_from_their_documents():
    position = Position(
        shares={"c": Fraction(1, 3)},
        weights={"c.0": Fraction(1, 2)},
        caps={"c": None, "total": Fraction(3, 2)},
        shifts={"c.0": Fraction(-5, 2)},
        scale=Fraction(9, 10),
    )
    assert read_position(write_position(position)) == position
    assert read_position(write_position(Position())) == Position()


def test_damaged_results_are_told_apart():
    with pytest.raises(RefusedError, match="damaged"):
        read_lines([{"currency": "EUR"}])


def test_a_damaged_scenario_is_not_taken_for_a_sound_one(ready):
    keep(ready, HR, "One")
    with ready.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO whatif_scenario SELECT 99, 'Two', plan, quarter, '{}', position, results, "
                "inputs_sha256, author, kept_at FROM whatif_scenario"
            )
        )
    with pytest.raises(ValueError, match="what-if 99 is damaged"):
        listed(ready)
