"""Packs of companies of every kind, each recomputed by the script that is in it."""

import io
import zipfile
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings

from comp.evidence import cell_text
from comp.money import Money
from comp.scenario import read_scenario
from exports.evidence import verify, verify_everything
from importers.documents import read_yaml
from tests.comp.companies import companies
from tests.comp.test_scenarios import OWN, PUBLISHED
from tests.exports.packs import differences, evidence_of, found_by_the_short_one, pack_of
from tests.make import person, plan_document, scenario


@pytest.mark.parametrize("path", [*OWN, *PUBLISHED], ids=lambda path: path.stem)
def test_the_pack_of_every_scenario_is_recomputed_without_the_product(path, tmp_path, capsys):
    made, problems = read_scenario(read_yaml(path.read_bytes(), path.name))
    assert made, problems
    pack = pack_of(evidence_of(made.facts))
    assert differences(pack, tmp_path / "pack.zip", capsys) == []
    assert found_by_the_short_one(pack, tmp_path / "pack.zip", capsys) == []


@settings(max_examples=15)
@given(companies())
def test_the_pack_of_any_company_is_recomputed_whatever_its_rules(facts):
    pack = pack_of(evidence_of(facts))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pack.zip"
        path.write_bytes(pack)
        read = verify_everything.Pack(str(path))
        assert list(all_wrong(read)) == []
        read.archive.close()


def all_wrong(pack):
    for what, run in verify_everything.CHECKS.items():
        check = verify.Check(what)
        run(pack, check)
        yield from check.wrong


def test_a_text_that_a_spreadsheet_would_calculate_comes_back_as_it_was(tmp_path, capsys):
    people = [person("=1", cost_centre="'-2"), person("'x", cost_centre="\uff1d3"), person("4", cost_centre="'=5")]
    made = scenario(people=people, plans=[plan_document(pay_code="@PAY")])
    assert {each.employee for each in made.facts.people} == {"=1", "'x", "4"}
    pack = pack_of(evidence_of(made.facts))
    assert differences(pack, tmp_path / "pack.zip", capsys) == []
    assert found_by_the_short_one(pack, tmp_path / "pack.zip", capsys) == []
    with zipfile.ZipFile(io.BytesIO(pack)) as opened:
        text = opened.read("payouts.csv").decode("utf-8-sig")
    assert '"\'=1"' in text
    assert '"\'@PAY"' in text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (Fraction(-5, 4), "-1.25"),
        (Fraction(1, 3), "1÷3"),
        (Money(-1205, "EUR"), "-12.05"),
        (Money(7, "JPY"), "7"),
        (date(2025, 7, 1), "2025-07-01"),
        (datetime(2025, 7, 1, 9, 5, tzinfo=UTC), "2025-07-01T09:05:00Z"),
        (12, "12"),
    ],
)
def test_each_kind_of_value_has_one_form(cell, text):
    assert cell_text(cell) == text
