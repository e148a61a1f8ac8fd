import pytest

from comp.scenario import read_scenario
from importers.documents import read_yaml
from tests.comp.test_scenarios import OWN, PUBLISHED
from tests.exports.packs import differences, evidence_of, pack_of


@pytest.mark.parametrize("path", [*OWN, *PUBLISHED], ids=lambda path: path.stem)
def test_the_pack_of_every_scenario_is_recomputed_without_the_product(path, tmp_path, capsys):
    made, problems = read_scenario(read_yaml(path.read_bytes(), path.name))
    assert made, problems
    assert differences(pack_of(evidence_of(made.facts)), tmp_path / "pack.zip", capsys) == []
