"""The program against the oracle: the same company, the same payouts, to the last digit."""

import pytest
from hypothesis import given, settings

from comp.calculate import calculate
from comp.scenario import read_scenario
from importers.documents import read_yaml
from tests.comp.companies import companies
from tests.comp.oracle import HELD, OUTSIDE, Oracle
from tests.comp.test_scenarios import OWN, PUBLISHED


def outcomes(facts):
    run = calculate(facts)
    paid = {}
    for payout in run.payouts:
        paid.setdefault(payout.employee, {})[payout.amount.currency] = (payout.exact, payout.amount.minor)
    held = {hold.employee: HELD for hold in run.held}
    return {**paid, **held, **{person.employee: OUTSIDE for person in run.outside}}


@given(companies())
@settings(max_examples=300)
def test_everybody_gets_what_the_rule_of_pay_gives_day_by_day(facts):
    assert outcomes(facts) == Oracle(facts).settle()


@pytest.mark.parametrize("path", [*OWN, *PUBLISHED], ids=lambda path: path.stem)
def test_the_oracle_says_the_same_of_every_scenario(path):
    made, _ = read_scenario(read_yaml(path.read_bytes(), path.name))
    assert outcomes(made.facts) == Oracle(made.facts).settle()
