"""`release list | show | download`, and `export payroll` before and after a release."""

import zipfile

import pytest

from comp.db import connect
from importers.payroll_layouts import built_in_layouts
from tests.cli.company import QUARTER
from tests.released import PAYROLL, approve, look, wish
from tests.stored import NOW
from web.cli.arguments import QuarterType
from web.database import disposed
from web.releasing import release_batch

BATCH = f"{QUARTER}-B1"


@pytest.fixture
def released(run, company):
    """A quarter that was calculated, approved and released with files for a payroll system."""
    run("calculate", QUARTER)
    quarter = QuarterType().convert(QUARTER, None, None)
    with disposed(connect("sqlite:///home/loyaltypay.db")) as engine:
        approve(engine, quarter)
        wanted = wish(look(engine, quarter), built_in_layouts()["generic-csv"])
        return release_batch(engine, PAYROLL, quarter, wanted, NOW)


def test_before_its_release_the_workbook_is_a_preview_and_says_so(run, company):
    run("calculate", QUARTER)
    told = run("export", "payroll", QUARTER, "--out", ".")
    assert told.out == f"Written to payroll-{QUARTER}-R1.xlsx: 3 payroll lines.\n"
    assert told.err == f"{QUARTER}-R1 is a preview: {QUARTER} is not released, and nothing of it may be paid yet.\n"
    assert run("release", "list").out == ""


def test_batches_are_listed_and_shown_with_their_totals_and_hashes(run, released):
    assert run("release", "list", QUARTER).out == f"{BATCH:<12} 2026-04-03      3 payouts  paid: not confirmed\n"
    assert run("release", "list", "--json").document[0]["content_sha256"] == released.content_sha256
    lines = run("release", "show", BATCH).out.splitlines()
    assert lines[:2] == [
        f"{BATCH}, approved by person2@example.org",
        "released by person3@example.org on 2026-04-03 09:30 UTC",
    ]
    assert lines[-1] == "not confirmed by payroll"
    assert any(line.endswith(f"payroll-{BATCH}.xlsx") for line in lines)
    document = run("release", "show", BATCH, "--json").document
    assert (document["batch"], document["people"], len(document["files"])) == (BATCH, 3, 6)
    assert run("release", "show", "2026-Q1-B9").err == "There is no batch 2026-Q1-B9.\n"


def test_a_released_quarter_is_exported_byte_for_byte_as_it_was_frozen(run, released, folder):
    told = run("export", "payroll", QUARTER, "--out", ".")
    assert told.out == f"Written to .: 3 files of {BATCH}, as released.\n"
    assert run("release", "download", BATCH, "--out", "mine.xlsx").code == 0
    content = (folder / f"payroll-{BATCH}.xlsx").read_bytes()
    assert content == (folder / "mine.xlsx").read_bytes()
    assert run("export", "payroll", QUARTER, "--layout", "generic-csv", "--out", "all.zip").code == 0
    with zipfile.ZipFile(folder / "all.zip") as opened:
        assert len(opened.namelist()) == 3
    refused = run("export", "payroll", QUARTER, "--layout", "adp-run", "--out", ".")
    assert refused.err == f"{BATCH} was released without adp-run. It has: generic-csv, workbook.\n"
