"""The program against the oracle: the same company, the same payouts, to the last digit."""

from hypothesis import given, settings

from comp.calculate import calculate
from tests.comp.companies import companies
from tests.comp.oracle import HELD, OUTSIDE, Oracle


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
