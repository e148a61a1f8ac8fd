"""`whatif`: what a plan would have cost, met budgets, and kept scenarios."""

from fractions import Fraction

import pytest

from tests.cli.commands import stored
from tests.cli.company import PLAN, QUARTER

# 10417, 10418 and 10419 are paid 1,786.50, 455.63 and 810.00; 10420 is held for want of checks.


@pytest.fixture
def served(run, company):
    assert run("calculate", QUARTER).code == 0
    return company


def test_the_plan_as_it_is_costs_what_is_paid_and_nobody_moves(run, served):
    before = stored(served)
    told = run("whatif", "service", QUARTER)
    assert (told.code, told.err) == (0, "")
    assert told.out.startswith(f"service@2026-01-01 in {QUARTER}: 4 people\n")
    assert "  3,052.13 EUR → 3,052.13 EUR: 0.00 EUR\n    nobody gains or loses\n" in told.out
    assert told.out.endswith("An estimate: nothing is stored.\n")
    assert stored(served) == before


def test_a_share_that_is_named_lets_the_others_give_and_the_rest_is_told(run, served):
    told = run("whatif", "service", QUARTER, "--share", "customer=60%", "--band", "--budget", "3000EUR")
    assert told.code == 0, told.err
    assert "0 gain 0.00 EUR, 3 lose" in told.out
    assert "10417 Ana Silva" in told.out
    assert "one point more of Net Promoter Score: +" in told.out
    assert "had other customers answered" in told.out
    assert "budget 3,000.00 EUR: " in told.out


def test_a_goal_meets_the_budget_and_says_what_the_next_step_costs(run, served):
    told = run("whatif", "service", QUARTER, "--budget", "3000EUR", "--goal", "scale")
    assert "a scale of 98.29" in told.out
    assert "meets it with 2,999." in told.out
    shifted = run("whatif", "service", QUARTER, "--budget", "3000EUR", "--goal", "shift:nps")
    assert "points meets it with" in shifted.out
    none = run("whatif", "service", QUARTER, "--budget", "1EUR", "--goal", "share:customer")
    assert "no share of customer meets it: between" in none.out


def test_a_file_can_be_tried_before_it_is_a_draft(run, served, folder):
    (folder / "other.yaml").write_text(PLAN.replace("minimum_days: 30", "minimum_days: 60"), encoding="utf-8")
    assert run("whatif", "other.yaml", QUARTER).code == 0
    (folder / "wrong.yaml").write_text("id: x", encoding="utf-8")
    told = run("whatif", "wrong.yaml", QUARTER)
    assert (told.code, told.out) == (1, "")
    assert "wrong.yaml is not a plan that can be tried." in told.err


def test_json_has_everything_with_money_as_text(run, served):
    told = run(
        *("whatif", "service", QUARTER, "--shift", "nps=+2", "--cap", "total=none", "--cap", "customer=110%"),
        *("--weight", "customer.0=100%", "--scale", "90%", "--band"),
        *("--budget", "2000EUR", "--goal", "scale", "--json"),
    )
    assert told.code == 0, told.err
    made = told.document
    assert made["plan"] == "service@2026-01-01"
    assert made["position"]["shifts"] == {"customer.0": "2"}
    assert made["estimate"]["costs"][0]["before"] == "3052.13"
    assert made["exact"]["before"] == {"EUR": "3052.13"}
    assert made["goal"]["found"] is True
    assert float(made["goal"]["cost"]) <= 2000
    assert Fraction(made["exact"]["after"]["EUR"]) <= 2000 + Fraction(made["estimate"]["costs"][0]["bound"])
    assert set(made["one_point"]) == {"nps", "income", "checks"}
    assert made["band"]["draws"] == 200
    assert run("whatif", "service", QUARTER, "--json").document["band"] is None


def test_a_goal_without_an_answer_is_said_in_the_document_too(run, served):
    made = run("whatif", "service", QUARTER, "--budget", "1EUR", "--goal", "share:customer", "--json").document
    assert made["goal"]["found"] is False
    assert run("whatif", "service", QUARTER, "--budget", "1EUR", "--json").document["goal"] is None


def test_scenarios_are_kept_and_listed(run, served):
    assert run("whatif", "--list").out == "No what-if is kept yet. Keep one with --save NAME.\n"
    assert run("whatif", "service", QUARTER, "--scale", "50%", "--save", "Half").out.endswith("Kept as Half.\n")
    again = run("whatif", "service", QUARTER, "--save", "Half")
    assert again.code == 1
    assert "is kept already" in again.err
    told = run("whatif", "--list")
    assert told.out.startswith("Half: service@2026-01-01 in 2026-Q1, kept by command line\n")
    assert "3,052.13 EUR → " in told.out
    (kept,) = run("whatif", "--list", "--json").document["scenarios"]
    assert kept["position"] == {"scale": "0.5"}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "Say which plan and which quarter"),
        (["service"], "Say which plan and which quarter"),
        (["service", QUARTER, "--share", "customer"], "should have the form A=B"),
        (["service", QUARTER, "--share", "customer=40"], "write the % sign"),
        (["service", QUARTER, "--scale", "-1%"], "is below 0"),
        (["service", QUARTER, "--goal", "scale"], "--goal needs a --budget"),
        (["service", QUARTER, "--budget", "muchEUR"], "is not a plain decimal number"),
        (["service", QUARTER, "--budget", "1EUR", "--goal", "luck"], "is not a goal"),
        (["service", "soon"], "is not a quarter"),
    ],
)
def test_what_is_not_understood_is_a_fault_of_usage(run, served, given, said):
    told = run("whatif", *given)
    assert told.code == 2
    assert said in " ".join(told.err.split())


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["service", QUARTER, "--share", "customer=140%"], "not 100%"),
        (["service", QUARTER, "--shift", "luck=2"], "has no shift 'luck'"),
        (["service", "2030-Q1"], "has no answers and no results"),
        (["service", QUARTER, "--budget", "1XXX"], "is not an ISO 4217 currency"),
        (["nothing", QUARTER], "There is no plan nothing"),
    ],
)
def test_what_cannot_be_tried_is_said_in_words(run, served, given, said):
    told = run("whatif", *given)
    assert (told.code, told.out) == (1, "")
    assert said in told.err
