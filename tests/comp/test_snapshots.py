"""Snapshots: facts are read back exactly as they were, and a snapshot that was touched is refused."""

import json
import zlib
from dataclasses import fields, replace
from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given

from comp.calculate import calculate
from comp.errors import LoyaltyPayError
from comp.facts import Assignment, Person, Result
from comp.periods import FiscalYear, Quarter
from comp.plain_values import from_plain, to_plain
from comp.scores import Metric, Question, Statistic
from comp.snapshots import Snapshot, read_snapshot, take_snapshot
from tests.comp.companies import companies
from tests.make import scenario


def frame(snapshot):
    return json.loads(zlib.decompress(snapshot.compressed).split(b"\n")[0])


def snapshot_of(text):
    return Snapshot(sha256(text).hexdigest(), zlib.compress(text))


@given(companies())
def test_facts_are_read_back_as_they_were_and_pay_the_same(facts):
    read = read_snapshot(take_snapshot(facts))
    assert read == facts
    assert calculate(read) == calculate(facts)


def test_definitions_of_metrics_keep_their_question_and_its_labels():
    asked = Question("taste", 1, 5, "low", "How did it taste?", (("line \u2028 end\n", 5),))
    metric = Metric("m", Statistic.SHARE, 1, question=asked, counted=frozenset({5, 4}), name="Ünï")
    facts = replace(scenario().facts, metrics=(metric,))
    assert read_snapshot(take_snapshot(facts)).metrics == (metric,)


def test_equal_facts_have_equal_snapshots_and_any_other_fact_another():
    facts = scenario().facts
    assert take_snapshot(scenario().facts) == take_snapshot(facts)
    assert take_snapshot(replace(facts, round_to=(("JPY", Fraction(100)),))).sha256 != take_snapshot(facts).sha256


def test_a_snapshot_names_its_columns_and_has_one_for_every_field():
    columns = frame(take_snapshot(scenario().facts))["columns"]
    assert set(columns["person"]) == {field.name for field in fields(Person)}
    assert set(columns["result"]) == {field.name for field in fields(Result)}
    given_fields = {field.name for field in fields(Assignment) if field.init}
    assert set(columns["assignment"]) - {"start", "end"} == given_fields - {"span"}


@pytest.mark.parametrize("damaged", [b"", b"not compressed", zlib.compress(b"other facts")])
def test_a_snapshot_that_was_touched_is_refused(damaged):
    snapshot = replace(take_snapshot(scenario().facts), compressed=damaged)
    with pytest.raises(LoyaltyPayError, match="The snapshot is damaged"):
        read_snapshot(snapshot)


def test_a_snapshot_of_a_later_format_is_refused_in_words():
    with pytest.raises(LoyaltyPayError, match="The snapshot has format 9; this program reads format 1"):
        read_snapshot(snapshot_of(b'{"format":9}\n'))


def test_a_field_that_was_not_there_yet_has_its_default():
    plain = to_plain(scenario().facts.plans[0])
    del plain["elsewhere"]
    assert from_plain(type(scenario().facts.plans[0]), plain) == scenario().facts.plans[0]


def test_a_target_is_read_as_of_a_quarter_or_of_a_year():
    for period in (Quarter(2025, 3), FiscalYear(2025)):
        assert from_plain(Quarter | FiscalYear, to_plain(period)) == period


def test_what_is_not_exact_has_no_plain_form():
    with pytest.raises(TypeError, match=r"0\.5 has no exact plain form"):
        to_plain((1, 0.5))
