"""Every layout that comes with the product, on rows that bite: the bytes of its files are those kept beside this test.

After a wanted change, write the golden files anew and read the difference:

    LOYALTYPAY_UPDATE_GOLDEN=1 pytest tests/exports/test_payroll_golden.py && git diff tests/files
"""

import os
from pathlib import Path

import pytest

from comp.payroll_layout_documents import read_layout, write_layout
from exports.documents import layout_yaml
from exports.payroll_files import payroll_files
from importers.documents import read_yaml
from importers.payroll_layouts import built_in_layouts
from tests.conftest import PROJECT
from tests.exports.payroll_cases import ALL, biting_export, biting_rows, filled, made_rows, values, why

GOLDEN = PROJECT / "tests" / "files" / "payroll"
WANTED = {
    "generic-csv",
    "adp-workforce-now",
    "adp-run",
    "workday-payroll-input",
    "sap-infotype-0015",
    "successfactors-non-recurring",
    "oracle-hdl-element-entry",
    "paychex-flex",
    "paylocity",
    "datev-lodas",
    "erpnext-additional-salary",
}


def folder(name: str) -> Path:
    return GOLDEN / name


def test_every_system_of_the_design_has_its_layout():
    assert set(ALL) == WANTED


@pytest.mark.parametrize("name", ALL)
def test_a_layout_writes_its_golden_files(name):
    made = biting_export(name).contents()
    if os.environ.get("LOYALTYPAY_UPDATE_GOLDEN"):
        folder(name).mkdir(parents=True, exist_ok=True)
        for file, content in made.items():
            (folder(name) / file).write_bytes(content)
    kept = {path.name: path.read_bytes() for path in folder(name).iterdir()}
    assert made == kept


@pytest.mark.parametrize("name", ALL)
def test_every_line_says_its_row_and_the_amounts_are_the_rows(name):
    export = biting_export(name)
    for file in export.files:
        for said, row in zip(values(export.written, file), file.rows, strict=True):
            assert said["amount"] == row.amount
            for field in said.keys() & {"name", "pay_code", "plan_pay_code", "company_code", "cost_centre", "currency"}:
                expected = row.amount.currency if field == "currency" else getattr(row, field)
                assert said[field] == expected
            assert said["payroll_number"].lstrip("0") == row.payroll_number.lstrip("0")


@pytest.mark.parametrize("name", ALL)
def test_a_layout_names_its_sources_and_what_users_must_know(name):
    layout = built_in_layouts()[name]
    assert layout.sources
    assert layout.note.endswith(".")


@pytest.mark.parametrize("name", ALL)
def test_a_layout_comes_back_from_its_own_document(name):
    layout = built_in_layouts()[name]
    text = layout_yaml(layout)
    again, problems = read_layout(read_yaml(text.encode(), name))
    assert (again, problems) == (layout, [])
    assert layout_yaml(again) == text
    assert write_layout(again) == write_layout(layout)


@pytest.mark.parametrize("name", [name for name in ALL if built_in_layouts()[name].lacking_values])
def test_a_layout_with_blank_values_gives_no_file_before_they_are_filled_in(name):
    layout = built_in_layouts()[name]
    told = why(payroll_files(layout, made_rows(biting_rows(filled(layout)))).refused)
    assert told == [
        f"values.{value}: is blank: copy the layout {name} and fill it in." for value in layout.lacking_values
    ]
