"""What is owed for a quarter that was paid: no cent twice, none lost, whatever the chain of corrections."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.corrections import Claim, Decided, Policy, Standing, after, entitlements, fingerprint, owed, set_against
from comp.money import Money
from comp.periods import Quarter
from comp.settlement import Earned, Key, LineKind, SettledLine, settle

Q1, Q2, Q3 = Quarter(2026, 1), Quarter(2026, 2), Quarter(2026, 3)
ANN, FRANCS = Key("1", "EUR"), Key("1", "CHF")
POLICIES = st.sampled_from(list(Policy))


def euros(minor):
    return Money(minor, "EUR")


def delta(entitled, standing, key=ANN):
    found = owed({key: Money(entitled, key.currency)}, {key: standing}, {"1": "Ann"})
    return found[0] if found else None


def test_what_was_corrected_already_is_not_paid_again():
    """Old 50,000, a correction of 5,000 paid, 70,000 now: 15,000 are owed, not 20,000."""
    assert delta(7_000_000, Standing(released=5_500_000)).amount == euros(1_500_000)


def test_what_is_decided_and_not_paid_yet_counts_too():
    assert delta(7_000_000, Standing(released=5_000_000, pending=500_000)).amount == euros(1_500_000)


def test_a_chain_of_three_corrections_ends_at_the_entitlement():
    standing = Standing(released=50_000)
    for entitled, owes in ((55_000, 5_000), (70_000, 15_000), (64_000, -6_000)):
        found = delta(entitled, standing)
        assert found.amount == euros(owes)
        standing = after(standing, found, Policy.RECOVER)
    assert standing.released + standing.pending == 64_000


def test_nobody_is_listed_whose_pay_is_right():
    assert delta(50_000, Standing(released=45_000, pending=5_000)) is None


def test_another_currency_is_paid_in_full_and_the_first_one_owed_back():
    entitled = {FRANCS: Money(9_000, "CHF")}
    found = owed(entitled, {ANN: Standing(released=10_000)}, {"1": "Ann"})
    assert [(each.key, each.amount) for each in found] == [(FRANCS, Money(9_000, "CHF")), (ANN, euros(-10_000))]


def test_somebody_whom_the_correction_run_does_not_know_owes_everything_back():
    (found,) = owed({}, {ANN: Standing(released=10_000)}, {})
    assert (found.amount, found.name) == (euros(-10_000), "1")


def test_those_who_are_held_are_not_corrected():
    assert owed({}, {ANN: Standing(released=10_000)}, {}, held={"1"}) == ()


def test_what_was_written_off_is_used_up_before_anything_is_paid_or_owed():
    written = after(Standing(released=10_000), delta(7_000, Standing(released=10_000)), Policy.WRITE_OFF)
    assert written == Standing(10_000, 0, 3_000)
    better = delta(8_000, written)
    assert (better.amount, better.forgiven) == (euros(0), euros(2_000))
    best = delta(12_000, written)
    assert (best.amount, best.forgiven) == (euros(2_000), euros(0))
    worse = delta(6_000, written)
    assert (worse.amount, worse.forgiven) == (euros(-1_000), euros(3_000))


def test_what_corrections_of_other_quarters_add_is_no_entitlement():
    lines = [
        SettledLine(LineKind.ADJUSTMENT, euros(500), Q2),
        SettledLine(LineKind.CORRECTION, euros(70), Q1),
        SettledLine(LineKind.CARRIED, euros(-9), Q1),
    ]
    settlement = settle(Q2, "2026-Q2/1", [Earned("1", "Ann", euros(10_000))]).plus({ANN: lines})
    assert entitlements(settlement) == {ANN: euros(10_500)}


def test_a_claim_takes_no_more_than_what_is_paid_and_goes_on_with_the_rest():
    taken = set_against([Claim(1, Q1, 300)], [(Q1, 100), (Q2, -50), (Q3, 500)])
    assert taken == {Q1: {1: 100}, Q2: {}, Q3: {1: 200}}


def test_the_oldest_claim_is_recovered_first_and_none_before_its_quarter():
    taken = set_against([Claim(1, Q1, 300), Claim(2, Q2, 50)], [(Q1, 250), (Q2, 75), (Q3, 75)])
    assert taken == {Q1: {1: 250}, Q2: {1: 50, 2: 25}, Q3: {2: 25}}


def test_a_leaver_who_is_paid_nothing_more_keeps_the_claim_open():
    assert set_against([Claim(1, Q1, 300)], [(Q1, 0), (Q2, 0)]) == {Q1: {}, Q2: {}}


@pytest.mark.parametrize("change", [{"minor": 2}, {"forgiven": 2}, {"policy": "carry"}, {"key": FRANCS}])
def test_the_hash_changes_with_everything_that_is_decided(change):
    line = Decided(ANN, 1, 1, "recover")
    assert fingerprint([line]) != fingerprint([line._replace(**change)])


@given(st.integers(0, 9_999), st.lists(st.tuples(st.integers(0, 9_999), POLICIES), max_size=6))
def test_after_any_chain_what_was_released_and_is_pending_is_the_entitlement_and_what_was_forgiven(first, chain):
    standing = Standing(released=first)
    for entitled, policy in chain:
        found = delta(entitled, standing)
        standing = after(standing, found, policy) if found else standing
        assert standing.released + standing.pending == entitled + standing.forgiven
        assert standing.forgiven >= 0
        assert delta(entitled, standing) is None


@given(st.integers(0, 9_999), st.lists(st.integers(0, 9_999), min_size=1, max_size=5), st.data())
def test_the_order_of_corrections_does_not_matter_for_the_sum(first, chain, data):
    def pending(order):
        standing = Standing(released=first)
        for entitled in order:
            found = delta(entitled, standing)
            standing = after(standing, found, Policy.RECOVER) if found else standing
        return standing.pending

    *others, last = chain
    assert pending(chain) == pending([*data.draw(st.permutations(others)), last]) == last - first


@given(
    st.lists(st.integers(1, 999), max_size=4),
    st.lists(st.integers(-999, 999), max_size=6),
)
def test_no_payment_falls_below_zero_and_no_rest_is_lost_or_doubled(claims, payables):
    quarters = [Q1.plus(n) for n in range(len(payables))]
    own = [Claim(n, Q1.plus(n), minor) for n, minor in enumerate(claims)]
    taken = set_against(own, zip(quarters, payables, strict=True))
    for quarter, payable in zip(quarters, payables, strict=True):
        assert sum(taken[quarter].values()) <= max(0, payable)
    for claim in own:
        recovered = sum(parts.get(claim.id, 0) for parts in taken.values())
        assert 0 <= recovered <= claim.minor
