"""`export payroll --layout` and `layout list | show | check | import | export`."""

import csv
import io
import json
import zipfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from comp.db import connect, reading, writing
from comp.payroll_maps import CompanyRule
from comp.services import layouts, payroll_maps
from comp.store import audit
from importers.payroll_layouts import built_in_layouts
from tests.cli.company import QUARTER
from tests.stored import NOW
from web.database import disposed


@pytest.fixture
def calculated(run, company):
    run("calculate", QUARTER)
    return QUARTER


@contextmanager
def stored():
    """The company's database."""
    with disposed(connect("sqlite:///home/loyaltypay.db")) as engine:
        yield engine


def test_a_layout_gives_its_files_with_the_control_file_beside_them(run, calculated, folder):
    (folder / "out").mkdir()
    told = run("export", "payroll", calculated, "--layout", "generic-csv", "--out", "out", "--batch", "7A")
    assert (told.code, told.err) == (
        0,
        f"Batch {calculated}-R1 is not released: it is made of the latest run each time.\n",
    )
    names = {path.name for path in (folder / "out").iterdir()}
    control = f"control-{calculated}-R1-generic-csv"
    assert names == {f"payroll-{calculated}-R1.csv", f"{control}.json", f"{control}.csv"}
    assert {path.stat().st_mode & 0o777 for path in (folder / "out").iterdir()} == {0o600}
    said = json.loads((folder / "out" / f"{control}.json").read_text())
    rows = list(csv.DictReader(io.StringIO((folder / "out" / said["files"][0]["name"]).read_text("utf-8-sig"))))
    assert (len(rows), {row["Batch"] for row in rows}) == (said["rows"], {"7A"})
    assert told.out == f"Written to out: 1 file with {len(rows)} rows.\n"


def test_the_one_file_may_have_a_name_of_ones_own_and_all_go_into_a_zip(run, calculated, folder):
    args = ("export", "payroll", calculated, "--layout", "generic-csv", "--pay-date", "2026-10-28", "--out")
    assert run(*args, "mine.csv").code == 0
    assert run(*args, "all.zip").code == 0
    with zipfile.ZipFile(folder / "all.zip") as opened:
        assert opened.read(f"payroll-{calculated}-R1.csv") == Path("mine.csv").read_bytes()
        assert len(opened.namelist()) == 3
    assert "2026-10-28" in Path("mine.csv").read_text("utf-8-sig")


def test_what_would_be_refused_is_told_and_nothing_is_written(run, calculated, folder):
    before = {path.name for path in folder.iterdir()}
    told = run("export", "payroll", calculated, "--layout", "sap-infotype-0015", "--out", "pay.txt")
    assert told.code == 1
    assert told.err.startswith("The files for SAP infotype 0015 cannot be made yet.\n  pay code ")
    assert {path.name for path in folder.iterdir()} == before


def test_several_files_need_a_folder_or_a_zip(run, calculated, folder):
    document = run("layout", "export", "generic-csv").out
    own = document.replace("id: generic-csv", "id: by-company").replace(
        "payroll-{batch_name}", "p-{company_code}-{batch_name}"
    )
    own = own.replace("one_for: cost centre", "one_for: cost centre\n  split: [company_code]")
    (folder / "own.yaml").write_text(own, "utf-8")
    assert run("layout", "import", "own.yaml").out == "by-company is stored.\n"
    with stored() as engine, writing(engine) as session:
        layout = layouts.find_layout(session, {}, "by-company").layout
        rules = [CompanyRule("A"), CompanyRule("B", unit="OPO")]
        payroll_maps.save_companies(session, layout, rules, None, "hr@example.org", NOW)
    args = ("export", "payroll", calculated, "--layout", "by-company", "--out")
    told = run(*args, "one.csv")
    assert (told.code, told.err.splitlines()[-1]) == (
        1,
        "one.csv is one file, and there are 2. Name a folder that is there, or a .zip.",
    )
    assert not (folder / "one.csv").exists()
    assert run(*args, ".").out == "Written to .: 2 files with 3 rows.\n"
    assert {path.name for path in folder.glob("p-*.csv")} == {f"p-{code}-{calculated}-R1.csv" for code in "AB"}


def test_an_unknown_layout_is_told_with_those_that_there_are(run, calculated):
    told = run("export", "payroll", calculated, "--layout", "nope", "--out", ".")
    assert (told.code, told.err.startswith("There is no layout nope. Layouts: generic-csv, ")) == (1, True)


def test_a_batch_number_and_a_day_that_cannot_be_are_told(run, calculated):
    args = ("export", "payroll", calculated, "--layout", "generic-csv", "--out", ".")
    assert run(*args, "--batch", "a b").err == "'a b' is no batch number: up to 25 letters and digits.\n"
    assert run(*args, "--pay-date", "28.10.2026").code == 2


def test_every_layout_is_listed_and_shown_in_words(run, company):
    listed = run("layout", "list").out.splitlines()
    assert [line.split()[0] for line in listed] == list(built_in_layouts())
    shown = run("layout", "show", "datev-lodas").out
    assert "File: Named LODAS-{company_code}-{pay_date:YYYYMMDD}-{batch_name}.txt. One for each company code." in shown
    assert "   3 bs_wert_butab#bwd" in shown
    assert "Not confirmed: The Bearbeitungsschlüssel for amounts" in shown
    assert "Source: DATEV LODAS ASCII-Import" in shown


def test_a_layout_is_exported_changed_checked_and_imported(run, company, folder):
    assert run("layout", "export", "sap-infotype-0015", "--out", "sap.yaml").out == "Written to sap.yaml.\n"
    assert run("layout", "check", "sap.yaml").out == "sap-infotype-0015 is sound.\n"
    refused = run("layout", "import", "sap.yaml")
    assert refused.code == 1
    assert "id, line 1 ('sap-infotype-0015'): is the name of a layout that comes with the product" in refused.err
    text = (folder / "sap.yaml").read_text("utf-8")
    (folder / "own.yaml").write_text(text.replace("id: sap-infotype-0015", "id: sap-own"), "utf-8")
    assert run("layout", "import", "own.yaml").out == "sap-own is stored.\n"
    assert run("layout", "list").out.startswith("sap-own")
    again = run("layout", "export", "sap-own").out
    assert again == (folder / "own.yaml").read_text("utf-8")


def test_every_problem_of_a_document_is_told_at_its_line(run, company, folder):
    (folder / "bad.yaml").write_text("id: X\nname: Bad\nfile: {name: p.csv}\ncolumns:\n  - {field: amount, width: 0}\n")
    told = run("layout", "check", "bad.yaml")
    assert told.code == 1
    assert told.err.splitlines() == [
        "bad.yaml is no layout as it stands.",
        "  id, line 1 ('X'): 'X' is not a name of small letters, digits and single hyphens, such as adp-lisbon",
        "  columns[0].width, line 5 ('0'): should be 1 or more",
    ]


def test_taking_files_is_noted_in_the_chain(run, calculated):
    run("export", "payroll", calculated, "--layout", "generic-csv", "--out", "all.zip")
    with stored() as engine, reading(engine) as session:
        last = list(audit.read_chain(session))[-1].entry
    assert (last.action, last.about) == ("download", f"payroll file {calculated} generic-csv")
