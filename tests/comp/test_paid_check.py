"""What payroll says it paid, against the batch: figures compared exactly, differences found, never guessed."""

from hypothesis import given, settings
from hypothesis import strategies as st

from comp.money import Money
from comp.paid_check import DifferenceKind, PaidAmount, Stated, differences, expected_totals, mismatches


def paid(employee, minor, currency="EUR", pay_code=None):
    return PaidAmount(employee, pay_code, Money(minor, currency))


BATCH = [
    paid("1", 100, pay_code="LOY"),
    paid("1", 50, pay_code="LOX"),
    paid("2", 70, pay_code="LOY"),
    paid("3", 0, pay_code="LOY"),
]


def told(found):
    return [(each.key.employee, each.key.pay_code, each.kind, each.expected, each.paid) for each in found]


def test_people_with_an_amount_and_their_amounts_are_counted_in_each_currency():
    assert expected_totals([*BATCH, paid("1", 9, "JPY")]) == {
        "EUR": Stated(2, Money(220, "EUR")),
        "JPY": Stated(1, Money(9, "JPY")),
    }


def test_what_is_typed_must_agree_exactly_in_every_currency():
    expected = expected_totals(BATCH)
    assert mismatches({"EUR": Stated(2, Money(220, "EUR"))}, expected) == []
    assert mismatches({"EUR": Stated(3, Money(220, "EUR"))}, expected) == ["EUR"]
    assert mismatches({"EUR": Stated(2, Money(221, "EUR"))}, expected) == ["EUR"]
    assert mismatches({}, expected) == ["EUR"]
    assert mismatches({**expected, "JPY": Stated(1, Money(1, "JPY"))}, expected) == ["JPY"]


def test_missing_extra_and_other_amounts_are_found_by_person():
    found = differences(BATCH, [paid("1", 100), paid("1", 50), paid("2", 75), paid("9", 5), paid("3", 0)])
    assert told(found) == [
        ("2", None, DifferenceKind.OTHER_AMOUNT, Money(70, "EUR"), Money(75, "EUR")),
        ("9", None, DifferenceKind.EXTRA, None, Money(5, "EUR")),
    ]


def test_a_list_with_pay_codes_is_compared_by_them_and_one_in_another_currency_is_another_payment():
    found = differences(BATCH, [paid("1", 150, pay_code="LOY"), paid("2", 70, "USD", "LOY")])
    assert told(found) == [
        ("1", "LOX", DifferenceKind.MISSING, Money(50, "EUR"), None),
        ("1", "LOY", DifferenceKind.OTHER_AMOUNT, Money(100, "EUR"), Money(150, "EUR")),
        ("2", "LOY", DifferenceKind.MISSING, Money(70, "EUR"), None),
        ("2", "LOY", DifferenceKind.EXTRA, None, Money(70, "USD")),
    ]


def test_a_payment_that_cancels_out_is_as_good_as_none():
    assert told(differences([paid("1", 10), paid("1", -10)], [])) == []


LISTS = st.lists(st.builds(paid, st.sampled_from("123"), st.integers(-5, 5)), max_size=8)


@settings(max_examples=60)
@given(LISTS, LISTS)
def test_a_list_agrees_exactly_where_every_persons_sum_is_the_batchs(batch, listed):
    def sums(rows):
        found = {}
        for each in rows:
            found[each.employee] = found.get(each.employee, 0) + each.amount.minor
        return {who: minor for who, minor in found.items() if minor}

    found = differences(batch, listed)
    assert (not found) == (sums(batch) == sums(listed))
    gap = sum((each.paid.minor if each.paid else 0) - (each.expected.minor if each.expected else 0) for each in found)
    assert gap == sum(sums(listed).values()) - sum(sums(batch).values())
