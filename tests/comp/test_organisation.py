import pytest

from comp.facts import Unit
from comp.organisation import Organisation

TREE = Organisation(
    [
        Unit("CO", "Company"),
        Unit("B", "Bee", "CO"),
        Unit("A", "Ay", "CO"),
        Unit("A1", "Ay one", "A"),
        Unit("X", "", "X"),
    ]
)


def test_every_unit_has_a_way_to_the_top():
    assert TREE.way_up("A1") == ("A1", "A", "CO")
    assert (TREE.top("A1"), TREE.parent("A1"), TREE.parent("CO")) == ("CO", "A", "CO")


@pytest.mark.parametrize("code", ["X", "NOWHERE"])
def test_a_unit_in_a_circle_or_that_does_not_exist_has_none(code):
    assert code not in TREE
    with pytest.raises(KeyError, match=code):
        TREE.way_up(code)


def test_units_are_read_from_the_top_each_before_those_below_it():
    assert list(TREE.from_top()) == ["CO", "A", "A1", "B"]


def test_a_unit_without_a_name_on_file_is_called_by_its_code():
    assert [TREE.name(code) for code in ("A1", "NOWHERE")] == ["Ay one", "NOWHERE"]
