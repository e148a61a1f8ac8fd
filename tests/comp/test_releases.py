import pytest

from comp.paid_check import AnswerKind, Difference, DifferenceKind, PaidKey
from comp.periods import Quarter
from comp.releases import Answer, Followed, read_batch_name
from tests.stored import NOW


def test_a_batch_is_named_by_its_quarter_and_number():
    assert read_batch_name(" 2026-Q2-B12 ") == (Quarter(2026, 2), 12)
    for text in ("2026-Q2", "2026-Q2-B0", "2026-Q5-B1", "2026-Q2-R1", ""):
        with pytest.raises(ValueError, match="is not a batch; write it like 2026-Q2-B1"):
            read_batch_name(text)


def test_a_difference_is_settled_by_its_last_answer():
    found = Difference(PaidKey("1", "EUR", None), DifferenceKind.MISSING, None, None)
    explained, outstanding = (
        Answer(kind, "So it is.", "p@example.org", NOW) for kind in (AnswerKind.EXPLAINED, AnswerKind.OUTSTANDING)
    )
    assert not Followed(1, "B", found, ()).is_settled
    assert Followed(1, "B", found, (outstanding, explained)).is_settled
    assert not Followed(1, "B", found, (explained, outstanding)).is_settled
