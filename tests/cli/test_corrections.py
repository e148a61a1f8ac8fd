"""`correct`: what a paid quarter would be corrected by, on the command line."""

import pytest

from comp.db import connect, reading
from comp.periods import Quarter
from comp.store.corrections import list_corrections
from tests.cli.company import QUARTER
from tests.paid import release
from web.database import disposed


@pytest.fixture
def restated(run, company, folder):
    """A paid quarter whose operating income was stated anew."""
    with disposed(connect(company)) as engine:
        release(engine, Quarter.parse(QUARTER))
    results = folder / "results.csv"
    results.write_text(results.read_text().replace("105", "110"))
    assert run("import", "results", "results.csv").code == 0
    return company


def test_it_says_who_would_get_what_and_why_and_proposes_nothing(run, restated):
    told = run("correct", QUARTER)
    assert told.code == 0
    first, total, person, amounts, why, *_ = told.out.splitlines()
    assert first == "2026-Q1/2 against 2026-Q1/1: 3 amounts to correct"
    assert total.startswith("  +")
    assert person.startswith("  10417 Ana Silva: +")
    assert amounts.startswith("    comes to ")
    assert why.startswith("    Correction of 2026-Q1: scores +")
    assert "held, not corrected: 10420 Jo Pinto: " in told.err
    with disposed(connect(restated)) as engine, reading(engine) as session:
        assert list_corrections(session) == []


def test_as_a_document_the_amounts_add_up(run, restated):
    document = run("correct", QUARTER, "--json").document
    assert (document["run"], document["against"], len(document["corrections"])) == ("2026-Q1/2", "2026-Q1/1", 3)
    for line in document["corrections"]:
        assert sum(round(100 * float(why["change"])) for why in line["why"]) == round(100 * float(line["amount"]))
    assert document["held"][0]["anew"] is False


def test_a_quarter_that_was_not_paid_is_calculated_instead(run, company):
    run("calculate", QUARTER)
    told = run("correct", QUARTER)
    assert told.code == 1
    assert "Nothing of 2026-Q1 was released yet" in told.err


def test_what_is_done_as_a_rule_is_a_setting(run, company):
    assert run("init", "--overpaid", "carry").code == 0
    assert run("init", "--overpaid", "write off").code == 2
