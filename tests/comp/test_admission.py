"""What stands against records of units, answers, results and targets."""

from datetime import date
from fractions import Fraction

import pytest

from comp.admission import (
    personal_result_problems,
    response_problems,
    result_problems,
    target_problems,
    unit_problems,
)
from comp.facts import Unit
from comp.intake import PersonalResultRecord, ResponseRecord, ResultRecord, TargetRecord, UnitRecord
from comp.periods import FiscalYear, Quarter
from comp.scores import STANDARD_QUESTIONS, Metric, Statistic

Q3 = Quarter(2026, 3)
NPS = Metric("nps", Statistic.NPS, 1, question=STANDARD_QUESTIONS[0])
INCOME = Metric("income", Statistic.VALUE, 0)
METRICS = {"nps": NPS, "income": INCOME}


def told(problems):
    return [str(problem) for problem in problems]


def units(*codes_and_parents):
    return [UnitRecord(line, code, code, parent) for line, (code, parent) in enumerate(codes_and_parents, start=2)]


def known(*codes_and_parents):
    return {code: Unit(code, code, parent) for code, parent in codes_and_parents}


def test_a_tree_of_units_in_any_order_is_sound():
    assert told(unit_problems(units(("LIS", "PT"), ("PT", "CO"), ("CO", None)), {})) == []


def test_a_unit_may_hang_on_one_that_the_company_has():
    assert told(unit_problems(units(("LIS", "CO")), known(("CO", None)))) == []


def test_a_unit_twice_names_the_first_line():
    assert told(unit_problems(units(("LIS", None), ("POR", None), ("LIS", None)), {})) == [
        "line 4, column unit ('LIS'): stands on line 2 already. Keep one of the two."
    ]


def test_codes_that_differ_in_zeros_or_case_are_reported_and_not_merged():
    assert told(unit_problems(units(("007", None), ("7", None), ("lis", None), ("LIS", None)), {})) == [
        "line 3, column unit ('7'): looks like '007' on line 2. Write both alike, or make them clearly different.",
        "line 5, column unit ('LIS'): looks like 'lis' on line 4. Write both alike, or make them clearly different.",
    ]


def test_a_parent_that_nobody_has_is_named():
    assert told(unit_problems(units(("LIS", "PT"), ("SHOP", "LIS")), {})) == [
        "line 2, column parent ('PT'): is not a unit: neither this file nor an earlier one has it."
    ]


def test_every_unit_of_a_circle_is_named_and_none_below_it():
    records = units(("A", "B"), ("B", "C"), ("C", "A"), ("BELOW", "A"), ("SELF", "SELF"))
    assert told(unit_problems(records, {})) == [
        f"line {line}, column parent ({parent!r}): closes a circle: the unit is above itself."
        for line, parent in ((2, "B"), (3, "C"), (4, "A"), (6, "SELF"))
    ]


def test_a_circle_may_run_over_units_that_the_company_has():
    assert told(unit_problems(units(("CO", "LIS")), known(("CO", None), ("PT", "CO"), ("LIS", "PT")))) == [
        "line 2, column parent ('LIS'): closes a circle: the unit is above itself."
    ]


def test_a_file_may_turn_a_tree_round():
    assert told(unit_problems(units(("CO", "LIS"), ("LIS", None)), known(("CO", None), ("LIS", "CO")))) == []


def test_a_currency_is_one_of_iso_4217():
    records = [UnitRecord(2, "LIS", "Lisbon", currency="EUR"), UnitRecord(3, "POR", "Porto", currency="EURO")]
    assert told(unit_problems(records, {})) == [
        "line 3, column currency ('EURO'): is not an ISO 4217 currency such as EUR."
    ]


def response(line, key, unit="LIS", **fields):
    return ResponseRecord(line, key, unit, date(2026, 8, 1), (("recommend", 9), ("satisfaction", 4)), **fields)


def test_responses_of_known_units_are_sound():
    assert told(response_problems([response(2, "r1"), response(3, "r2")], {"LIS"}, {})) == []


def test_a_response_twice_in_a_file_and_an_unknown_unit_are_problems():
    assert told(response_problems([response(2, "r1"), response(3, "r1", "POR")], {"LIS"}, {})) == [
        "line 3, column response ('r1'): stands on line 2 already. Keep one of the two.",
        "line 3, column unit ('POR'): is not a unit. Import the units first, or correct the code.",
    ]


def test_answers_to_what_a_unit_already_states_are_problems_for_that_month_alone():
    stated = {("LIS", "recommend", "2026-08"): ("LIS", "nps"), ("LIS", "satisfaction", "2026-09"): ("LIS", "csat")}
    assert told(response_problems([response(2, "r1")], {"LIS"}, stated)) == [
        "line 2, column recommend: LIS already states a value of nps for this quarter. Withdraw one of the two."
    ]


def result(line=2, unit="LIS", metric="nps", value=None, answers=None, groups=None):
    return ResultRecord(line, unit, Q3, metric, None if value is None else Fraction(value), answers, groups)


def results(*records, answered=None):
    return told(result_problems(records, {"LIS"}, METRICS, answered or {}))


def test_counts_and_values_of_known_units_and_metrics_are_sound():
    assert results(result(groups=(6, 2, 1)), result(3, metric="income", value="-3")) == []


def test_unknown_units_and_metrics_are_named():
    assert results(result(unit="POR", metric="csat", value=3)) == [
        "line 2, column unit ('POR'): is not a unit. Import the units first, or correct the code.",
        "line 2, column metric ('csat'): is not a known metric. Import its definition first, or correct the name.",
    ]


def test_a_result_twice_is_a_problem():
    assert results(result(value=3), result(3, value=4)) == [
        "line 3, column metric ('LIS, 2026-Q3, nps'): stands on line 2 already. Keep one of the two."
    ]


def test_promoters_mean_nothing_to_a_metric_that_is_no_net_promoter_score():
    assert results(result(metric="income", groups=(6, 2, 1))) == [
        (
            "line 2, column promoters: income is not a Net Promoter Score: "
            "promoters, passives and detractors mean nothing to it."
        )
    ]


@pytest.mark.parametrize(
    ("value", "problems"),
    [
        ("-100", []),
        ("100", []),
        ("100.5", ["line 2, column value ('100.5'): is outside the scale of nps, -100 to 100."]),
        ("-101", ["line 2, column value ('-101'): is outside the scale of nps, -100 to 100."]),
    ],
)
def test_a_stated_score_lies_on_its_scale(value, problems):
    assert results(result(value=value)) == problems


def test_a_stated_value_without_a_scale_may_be_anything():
    assert results(result(metric="income", value="-123456")) == []


@pytest.mark.parametrize(
    ("fields", "is_refused"),
    [
        ({"value": 50}, True),
        ({"value": 50, "answers": 40}, True),
        ({"groups": (6, 2, 1)}, False),
    ],
)
def test_a_unit_does_not_state_a_value_beside_its_own_customers_answers(fields, is_refused):
    refused = ["line 2, column metric ('nps'): LIS has customers' answers for it in 2026-Q3. Withdraw one of the two."]
    answered = {("LIS", "2026-Q3", "nps"): "LIS"}
    assert results(result(**fields), answered=answered) == (refused if is_refused else [])


def test_a_value_with_its_number_of_answers_can_be_pooled_with_those_of_units_below():
    answered = {("LIS", "2026-Q3", "nps"): "SHOP"}
    assert results(result(value=50, answers=40), answered=answered) == []
    assert results(result(value=50), answered=answered) == [
        "line 2, column metric ('nps'): SHOP has customers' answers for it in 2026-Q3. Withdraw one of the two."
    ]


def test_personal_results_are_of_known_people_and_metrics_and_stand_once():
    records = [
        PersonalResultRecord(2, "1", Q3, "income", Fraction(1)),
        PersonalResultRecord(3, "1", Q3, "income", Fraction(2)),
    ]
    assert told(personal_result_problems(records[:1], {"1"}, METRICS)) == []
    assert told(personal_result_problems(records, {"2"}, {})) == [
        "line 3, column metric ('1, 2026-Q3, income'): stands on line 2 already. Keep one of the two.",
        "line 2, column employee ('1'): is not an employee. Import the people first, or correct the number.",
        "line 2, column metric ('income'): is not a known metric. Import its definition first, or correct the name.",
        "line 3, column employee ('1'): is not an employee. Import the people first, or correct the number.",
        "line 3, column metric ('income'): is not a known metric. Import its definition first, or correct the name.",
    ]


def test_a_target_of_a_year_and_one_of_its_quarters_are_two_targets():
    year, quarter = (
        TargetRecord(line, "LIS", period, "nps", Fraction(40)) for line, period in ((2, FiscalYear(2026)), (3, Q3))
    )
    assert told(target_problems([year, quarter], {"LIS"}, METRICS)) == []
    assert told(
        target_problems([year, quarter, TargetRecord(4, "LIS", Q3, "nps", Fraction(41))], {"LIS"}, METRICS)
    ) == ["line 4, column target ('LIS, 2026-Q3, nps'): stands on line 3 already. Keep one of the two."]


def test_a_target_of_an_unknown_unit_or_metric_is_a_problem():
    assert len(told(target_problems([TargetRecord(2, "POR", Q3, "csat", Fraction(40))], {"LIS"}, METRICS))) == 2


def test_a_count_that_no_survey_has_is_a_problem():
    assert results(result(groups=(999_999_999, 0, 0)), result(3, metric="income", value=1, answers=10**9)) == [
        "line 3, column answers ('1000000000'): is a billion or more. Correct the count."
    ]


def test_a_target_that_no_score_can_reach_is_a_problem():
    assert told(target_problems([TargetRecord(2, "LIS", Q3, "nps", Fraction(101))], {"LIS"}, METRICS)) == [
        "line 2, column target ('101'): is outside the scale of nps, -100 to 100."
    ]
