"""`export statements`: everybody's statement in one ZIP, whole or not at all."""

import zipfile
from pathlib import Path

import pytest

from comp.db import connect, reading
from comp.services import audit
from exports import pdf
from tests.cli.company import QUARTER
from web import paper
from web.database import disposed


@pytest.fixture
def quick(monkeypatch):
    """Statements that take no time to make."""
    monkeypatch.setattr(paper, "made", lambda _template, _locale, **shown: (shown["view"].employee.encode(), ".pdf"))


@pytest.mark.usefixtures("quick")
def test_everybodys_statement_is_written_into_one_zip_that_says_how_many(run, company, folder, monkeypatch):
    run("calculate", QUARTER)
    told = run("export", "statements", QUARTER, "--out", ".")
    assert (told.code, told.out) == (0, f"Written to statements-{QUARTER}.zip: 3 statements.\n")
    assert "Statements" in told.err
    path = Path(f"statements-{QUARTER}.zip")
    with zipfile.ZipFile(path) as made:
        assert {name: made.read(name).decode() for name in made.namelist()} == {
            f"{QUARTER}/{number}.pdf": number for number in ("10417", "10418", "10419")
        }
    assert path.stat().st_mode & 0o777 == 0o600
    with disposed(connect("sqlite:///home/loyaltypay.db")) as engine, reading(engine) as session:
        said = [(each.entry.action, each.entry.details) for each in audit.search(session, f"statements {QUARTER}", 1)]
    assert said == [("download", '{"people":3}')]
    monkeypatch.setattr(pdf, "_weasyprint", lambda: None)
    assert "install the extra `pdf`" in run("export", "statements", QUARTER, "--out", "pages.zip").err


def test_of_a_quarter_that_was_not_calculated_nothing_is_written(run, company, folder):
    told = run("export", "statements", QUARTER, "--out", "all.zip")
    assert (told.code, Path("all.zip").exists()) == (1, False)
    assert "has not been calculated" in told.err
    assert not list(Path().glob(".all.zip*"))
