"""The parts of a statement: each amount with the numbers that made it, and how far it can still change."""

from datetime import UTC, date, datetime

import pytest

from comp.calculate import calculate
from comp.explain_unit import UnitExplainer
from comp.money import Money
from comp.paid_lines import settled_run
from comp.settlement import Key, LineKind, SettledLine
from comp.statement import PaidWith, Standing, Teller
from tests.make import measure, person, plan_document, scenario

RELEASED = datetime(2026, 1, 5, tzinfo=UTC)


def pays(left_out=None, **fields):
    """What the company of `tests.make` pays its people, as statements tell it."""
    facts = scenario(**fields).facts
    run = calculate(facts)
    names = UnitExplainer(facts.metrics, {unit.code: unit.name for unit in facts.units}, left_out)
    teller, settlement = Teller(names), settled_run(run, "2025-Q4/1")
    payouts = {Key(each.employee, each.amount.currency): each for each in run.payouts}
    return teller, [teller.pay(each, payouts[each.key], (), {}) for each in settlement.settled]


def paid(amount, batch="2025-Q4-B1"):
    return PaidWith(batch, RELEASED, date(2026, 1, 30), amount)


def test_a_pay_opens_into_its_stays_its_earnings_and_the_steps_to_it():
    _, (pay,) = pays()
    (earning,), (stay,) = pay.earnings, pay.stays
    assert stay.piece is pay.payout.pieces[0]
    assert earning.spans == (stay.piece.stretch.span,)
    assert (earning.unit, stay.unit) == (stay.unit, earning.unit)
    (part,) = earning.parts
    (scored,) = part.measures
    assert scored.result is earning.attainment.components[0].measures[0]
    assert scored.points == scored.rule.curve.points
    assert sum(step.change.minor for step in pay.steps) == pay.total.minor == pay.payout.amount.minor


def test_what_all_of_a_unit_share_is_put_together_once():
    two = [person("1"), person("2")]
    _, (first, second) = pays(people=two)
    assert first.earnings[0].parts is second.earnings[0].parts


def test_gates_and_modifiers_stand_where_they_work():
    rules = {
        "gates": [
            {"metric": "k", "at_least": "60", "otherwise": {"cap": "50%"}},
            {"metric": "k", "at_most": "10", "otherwise": {"cap": "0%", "on": "c"}},
        ],
        "modifiers": [{"metric": "k", "on": "c", "curve": {"points": [["0", "100%"], ["100", "120%"]]}}],
    }
    _, (pay,) = pays(plans=[plan_document(**rules)])
    (earning,) = pay.earnings
    assert [gate.rule.at_least for gate in earning.gates] == [60]
    assert [gate.points for gate in earning.gates] == [()]
    assert earning.modifiers == ()
    (part,) = earning.parts
    assert [len(part.gates), len(part.modifiers)] == [1, 1]
    assert part.modifiers[0].points


def test_days_that_are_forfeited_earn_nothing_and_are_not_told_as_earned():
    _, (pay,) = pays(plans=[plan_document(eligibility={"minimum_days": "93"})])
    assert pay.total.minor == 0
    assert (len(pay.stays), pay.earnings) == (1, ())


def test_a_correction_alone_has_no_payout_and_no_picture():
    teller, (pay,) = pays()
    line = SettledLine(LineKind.CORRECTION, Money(500, "EUR"), pay.settled.lines[0].quarter.plus(-1))
    alone = teller.pay(pay.settled._replace(lines=(line,)), None, (), {pay.settled.key: Money(100, "EUR")})
    assert (alone.total, alone.steps, alone.stays, alone.earnings) == (Money(500, "EUR"), (), (), ())
    assert alone.before == Money(100, "EUR")


@pytest.mark.parametrize(
    ("batches", "held", "standing"),
    [
        ([], "", Standing.PRELIMINARY),
        ([0], "", Standing.IN_PART),
        ([1], "", Standing.FINAL),
        ([-1, 2], "", Standing.FINAL),
        ([2], "", Standing.IN_PART),
        ([], "Bank details are missing.", Standing.HELD_BACK),
    ],
)
def test_only_what_batches_paid_to_the_cent_is_final(batches, held, standing):
    teller, (pay,) = pays()
    assert pay.total.minor
    made = [paid(Money(share * pay.total.minor, "EUR")) for share in batches]
    told = teller.pay(pay.settled._replace(held_back=held), pay.payout, made, {})
    assert told.standing is standing
    assert told.waiting.minor + told.released.minor == told.total.minor


def test_an_unknown_metric_is_told_by_its_id_and_missing_scores_as_missing():
    neutral = measure("other", "50%", too_few=["neutral"])
    document = plan_document(
        components=[{"id": "c", "name": "C", "share": "100%", "measures": [measure("k", "50%"), neutral]}]
    )
    metrics = {
        "k": {"statistic": "value", "decimals": 2},
        "other": {"question": "recommend", "statistic": "nps", "decimals": 1},
    }
    _, (pay,) = pays(plans=[document], metrics=metrics)
    known, missing = pay.earnings[0].parts[0].measures
    assert (missing.result.score, missing.interval, missing.left_out) == (None, None, 0)
    assert missing.place == known.place
    facts = scenario().facts
    bare = Teller(UnitExplainer((), {}))
    payout = calculate(facts).payouts[0]
    told = bare.pay(settled_run(calculate(facts), "x").settled[0], payout, (), {})
    assert told.earnings[0].parts[0].measures[0].metric is None
