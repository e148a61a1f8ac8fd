"""A workbook is parsed in a process of its own; whatever happens to it ends in one clear word."""

import subprocess
import sys

import pytest

from comp.errors import RefusedError
from importers import sandbox
from importers.sandbox import parse_workbook
from importers.workbooks import read_workbook
from tests.importers.books import book

UNITS = book(("unit", "name"), ("LIS", "São João"), fill=lambda sheet: sheet.cell(300, 1, "far"))
TOO_MUCH = (
    "units.xlsx needs more memory or time than a workbook of data does. "
    "Look for stray cells far below or beside the data, or save it as CSV."
)


def refusal(content):
    with pytest.raises(RefusedError) as caught:
        parse_workbook(content, "units.xlsx")
    return caught.value


def test_the_process_gives_what_reading_gives():
    assert parse_workbook(UNITS, "units.xlsx") == read_workbook(UNITS)


def test_a_refusal_crosses_with_its_problems():
    refused = refusal(book(("unit", "name"), ("LIS", "=A1")))
    assert str(refused) == "units.xlsx has formulas that were never calculated."
    assert [(problem.line, problem.column) for problem in refused.problems] == [(2, "B")]


@pytest.mark.parametrize("name", ["--help", "a\x00b.xlsx", "\udc80.xlsx", "x" * 200_000])
def test_no_name_of_a_file_does_harm(name):
    assert len(parse_workbook(UNITS, name).rows) == 2


def test_two_cells_at_the_corners_of_a_sheet_run_into_the_limit_of_memory():
    corners = book(("unit", "name"), fill=lambda sheet: sheet.cell(1_048_576, 900, "x"))
    assert str(refusal(corners)) == TOO_MUCH


def test_a_process_without_time_is_ended(monkeypatch):
    monkeypatch.setattr(sandbox, "_SECONDS", 0)
    assert str(refusal(UNITS)) == "units.xlsx takes more than 0 seconds to read. Save only the sheet with data."


def test_the_process_is_limited_in_processor_time_too():
    forever = "from importers.sandbox import _limit; _limit(2_000_000_000, 1); any(iter(int, 1))"
    done = subprocess.run([sys.executable, "-c", forever], check=False)  # noqa: S603 - the test's own command
    assert done.returncode < 0
