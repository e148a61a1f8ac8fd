"""Blocks of targets: whatever text is pasted, every cell is read exactly or named."""

from contextlib import suppress
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comp.errors import RefusedError
from comp.money import exact
from comp.scores import Metric, Statistic
from importers import target_blocks
from importers.target_blocks import read_block

UNITS = {"U": "Unit", "'V": "Quoted", "=W": "Odd"}
METRICS = {id_: Metric(id_, Statistic.VALUE, 1, name=f"The {id_}") for id_ in ("a", "b")}


def read(text):
    return read_block(text, UNITS, METRICS, exact)


@pytest.mark.parametrize("sign", ["\t", ";", ","])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_block_may_come_from_any_spreadsheet(sign, end):
    text = end.join(
        sign.join(row) for row in (("Unit", "name", "A", "the B"), ("U", "Unit", "1.5", ""), ("", "", "", ""))
    )
    assert read(text + end).cells == {("U", "a"): Fraction(3, 2), ("U", "b"): None}
    assert read(text).problems == ()


def test_codes_come_back_as_they_are_with_and_without_the_apostrophe_that_keeps_them_text():
    assert read("unit,a\n'V,1\n'=W,2\n=W2,3").cells == {("'V", "a"): 1, ("=W", "a"): 2}


def test_a_row_that_is_shorter_than_the_header_has_blank_cells():
    assert read("unit,a,b\nU,1").cells == {("U", "a"): 1, ("U", "b"): None}


def test_a_block_with_too_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(target_blocks, "MOST_CELLS", 1)
    with pytest.raises(RefusedError, match="more than 1 cells"):
        read("unit,a,b\nU,1,2")


def test_a_block_that_breaks_off_within_quotes_is_refused():
    with pytest.raises(RefusedError, match="cannot be read as a table"):
        read('unit,a\n"U,1')


@given(st.text())
def test_any_text_is_read_or_refused_with_words(text):
    with suppress(RefusedError):
        assert all(unit in UNITS and metric in METRICS for unit, metric in read(text).cells)
