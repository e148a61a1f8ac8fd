from pathlib import Path

import pytest

from comp.calculate import calculate
from comp.expectations import unmet
from comp.scenario import read_scenario
from importers.documents import read_yaml
from tests.conftest import SHARED
from tests.make import company, person, scenario

OWN = sorted((Path(__file__).parent.parent / "scenarios").glob("*.yaml"))
PUBLISHED = sorted((SHARED / "examples").glob("*.yaml"))


def outcome(path: Path) -> list[str]:
    made, problems = read_scenario(read_yaml(path.read_bytes(), path.name))
    assert made, [str(problem) for problem in problems]
    assert made.expect
    return list(unmet(made.expect, calculate(made.facts)))


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_every_scenario_of_the_rule_of_pay_comes_out(path):
    assert outcome(path) == []


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_every_published_example_comes_out(path):
    assert outcome(path) == []


def test_the_published_examples_are_there(shared):
    assert len(PUBLISHED) == len(list((shared / "examples").glob("*.yaml"))) >= 16


@pytest.mark.parametrize(
    ("expectation", "complaint"),
    [
        ({"currency": "EUR", "pays": "1000.01"}, "1 should get 1000.01 EUR and gets 1000.00"),
        ({"currency": "USD", "pays": "1000"}, "1 should be paid once in USD; is paid 1000.00 EUR"),
        ({"attainment": "99.9%"}, "1 should attain 99.9% and attains 100.0%"),
        ({"held": "score"}, "1 should be held for 'score'; is paid 1000.00 EUR"),
        ({"outside": "No plan"}, "1 should be in no plan for 'No plan'; is paid 1000.00 EUR"),
    ],
)
def test_an_expectation_that_does_not_come_out_is_told(expectation, complaint):
    made = scenario(expect=[{"employee": "1", **expectation}])
    told = list(unmet(made.expect, calculate(made.facts)))
    assert told == [complaint]


def test_a_person_who_is_not_in_the_run_is_told():
    made = scenario(expect=[{"employee": "9", "pays": "1"}, {"employee": "1", "pays": "1000", "attainment": "100%"}])
    (told,) = unmet(made.expect, calculate(made.facts))
    assert told == "9 should be paid once in one currency; is not in the run at all"


def test_a_hold_is_told_with_its_reason_where_money_was_expected():
    made = scenario(results=[], expect=[{"employee": "1", "pays": "1"}])
    assert "has no payout: No usable score of k for U" in next(unmet(made.expect, calculate(made.facts)))


def test_an_attainment_of_nothing_is_compared_as_zero():
    made = scenario(people=[person(target_amount="0")], expect=[{"employee": "1", "pays": "0", "attainment": "0%"}])
    assert list(unmet(made.expect, calculate(made.facts))) == []


@pytest.mark.parametrize(
    ("fields", "where", "why"),
    [
        ({"quarter": "2025"}, "quarter", "not a quarter"),
        ({"quarter": None}, "quarter", "is missing"),
        ({"settings": {"fiscal_year_starts": "13"}}, "settings.fiscal_year_starts", "from 1 to 12"),
        ({"settings": {"round_to": {"EURO": "1"}}}, "settings.round_to.EURO", "not an ISO 4217 currency"),
        ({"settings": {"round_to": {"JPY": "0.5"}}}, "settings.round_to.JPY", "multiple of the currency's minor unit"),
        ({"unts": []}, "unts", "did you mean units?"),
        ({"results": [{"unit": "U", "quarter": "2025-Q3", "metric": "z", "value": "1"}]}, "results[0].metric", "'z'"),
        ({"results": [{"unit": "U", "quarter": "2025-Q3", "metric": "k"}]}, "results[0]", "needs either"),
        (
            {"results": [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "promoters": "1"}]},
            "results[0]",
            "belong to a Net Promoter Score",
        ),
        (
            {"results": [{"unit": "U", "quarter": "2025-Q3", "metric": "k", "counts": {"1": "5"}}]},
            "results[0].counts.1",
            "not an answer on the scale of a metric with a question",
        ),
        ({"people": [person(from_="2025-08-01", to="2025-07-01")]}, "people[0].assignments[0].to", "is before `from`"),
        ({"people": [person(absences="x")]}, "people[0].absences", "should be a list"),
        ({"plans": [{"id": "p"}]}, "plans[0].name", "is missing"),
        ({"plans": "p"}, "plans", "should be a list"),
        ({"expect": [{"employee": "1"}]}, "expect[0]", "says nothing to expect"),
        ({"targets": [{"unit": "U", "metric": "k", "target": "1"}]}, "targets[0].quarter", "is missing"),
        (
            {"personal_results": [{"employee": "9", "quarter": "2025-Q3", "metric": "k", "value": "1"}]},
            "personal_results",
            "'9' is none of the scenario's people",
        ),
        ({"people": [person(from_="2026-W01-1")]}, "people[0].assignments[0].from", "write it like 2026-04-01"),
        ({"people": [person(from_="２０２６-04-01")]}, "people[0].assignments[0].from", "write it like 2026-04-01"),
        (
            {"settings": {"time_zone": "Lisbon"}},
            "settings.time_zone",
            "is not a time zone; write one like Europe/Lisbon",
        ),
        (
            {"targets": [{"unit": "U", "quarter": "soon", "metric": "k", "target": "1"}]},
            "targets[0].quarter",
            "neither",
        ),
    ],
)
def test_a_faulty_scenario_says_where_and_why(fields, where, why):
    made, problems = read_scenario(company(**fields))
    assert made is None
    assert [problem for problem in problems if problem.where == where and why in problem.why], problems


@pytest.mark.parametrize("answer", ["6", "--1", "1.0", "３", "10000000000"])
def test_an_answer_off_the_scale_of_a_question_is_refused(answer):
    metrics = {"csat": {"question": "satisfaction", "statistic": "mean"}}
    results = [{"unit": "U", "quarter": "2025-Q3", "metric": "csat", "counts": {answer: "1"}}]
    _, problems = read_scenario(company(metrics=metrics, results=results, plans=[]))
    assert [str(problem) for problem in problems] == [f"results[0].counts.{answer}: is not an answer on the scale 1-5"]


def test_the_last_day_of_all_means_open():
    people = [person("1", to="9999-12-31"), person("2", left="9999-12-31")]
    assert [payout.amount.minor for payout in calculate(scenario(people=people).facts).payouts] == [100000, 100000]
