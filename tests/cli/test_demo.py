"""`demo`: the sample company by one command."""

import pytest

from tests.cli.commands import child, finished


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def told(home):
    """What the demo tells. It is played once for all that is asked of it."""
    return finished(child("demo", "--no-serve", env={"LOYALTYPAY_HOME": str(home)}, cwd=home))


def test_the_demo_goes_from_files_to_the_workbook_and_says_where_it_is(told, home):
    assert (told.code, told.err) == (0, "")
    (workbook,) = (home / "demo").glob("*.xlsx")
    assert f"Payroll workbook: {workbook}\n" in told.out


def test_the_demo_names_people_worth_looking_at(told):
    worth = told.out.partition("Worth looking at:\n")[2].partition("\n\n")[0]
    assert [line.partition(":")[0].strip() for line in worth.splitlines()] == [
        "moved in mid-quarter",
        "away without pay",
        "left and gets nothing",
        "capped",
        "paid on a fallback score",
        "held",
    ]


def test_the_demo_says_how_to_sign_in(told):
    assert "Sign in with the password loyalty-demo as\n" in told.out
    assert "  ines@aurelia.example       Ines Duarte, hr\n" in told.out
    assert "  kai@aurelia.example        Kai Braun, no role\n" in told.out


def test_the_demo_touches_nothing_but_its_own_folder(told, home):
    assert [path.name for path in home.iterdir()] == ["demo"]


def test_the_demo_does_not_clear_a_folder_that_it_did_not_make(run, folder):
    (folder / "home" / "demo").mkdir(parents=True)
    (folder / "home" / "demo" / "mine.txt").write_text("mine", "utf-8")
    told = run("demo", "--no-serve")
    assert told.code == 1
    assert told.err.endswith("has files that the demo did not make. Set LOYALTYPAY_HOME to another folder.\n")
    assert (folder / "home" / "demo" / "mine.txt").read_text("utf-8") == "mine"
