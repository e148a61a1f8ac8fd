"""`export accrual`: the workbook, what it comes to, and what keeps it from being taken."""

import pytest

from tests.cli.company import QUARTER

DAY = ("--as-of", "2026-12-31")


@pytest.fixture
def written(run, company, folder):
    (folder / "out").mkdir()
    return run("export", "accrual", QUARTER, "--out", "out", *DAY)


def test_an_accrual_is_written_as_a_preview_that_says_so(written, folder):
    assert written.code == 0
    assert f"Written to out/accrual-{QUARTER}-A1-preview.xlsx." in written.out
    assert "accrued, " in written.out
    assert "warning: No expense account for" in written.err
    assert f"{QUARTER}-A1 is a preview: nobody has taken it." in written.err
    assert [path.name for path in (folder / "out").iterdir()] == [f"accrual-{QUARTER}-A1-preview.xlsx"]


def test_what_has_no_accounts_is_kept_and_not_taken(run, company, folder):
    told = run("export", "accrual", QUARTER, "--out", "book.xlsx", "--take", *DAY)
    assert told.code == 1
    assert f"{QUARTER}-A1 is kept, and not taken. Type the accounts that are missing" in told.err
    assert not (folder / "book.xlsx").exists()


def test_a_day_before_the_quarter_is_refused_and_today_is_usual(run, company):
    early = run("export", "accrual", QUARTER, "--out", "x.xlsx", "--as-of", "2001-01-01")
    assert (early.code, "nothing has accrued" in early.err) == (1, True)
    assert run("export", "accrual", QUARTER, "--out", "x.xlsx").code == 0
