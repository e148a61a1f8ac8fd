"""`demo`: the sample company by one command."""

import contextlib
import io
import signal
import sys

import pytest

from tests.cli.commands import Told
from tests.cli.pages import free_port, served_until_stopped
from web.cli import main


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def told(home):
    """What the demo tells, until its pages have answered and it is stopped. It is played once for all that is asked."""
    out, err, port, before = io.StringIO(), io.StringIO(), free_port(), signal.getsignal(signal.SIGTERM)
    with pytest.MonkeyPatch.context() as patch, served_until_stopped(port):
        patch.setenv("LOYALTYPAY_HOME", str(home))
        patch.setattr(sys, "argv", ["loyaltypay", "demo", "--port", str(port)])
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), pytest.raises(SystemExit) as stop:
            main()
    signal.signal(signal.SIGTERM, before)
    return Told(int(stop.value.code or 0), out.getvalue(), err.getvalue())


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


def test_the_demo_serves_its_pages_until_it_is_stopped(told):
    assert "\nLoyalty Pay is at http://127.0.0.1:" in told.out
    assert told.out.endswith("\nStopped.\n")


def test_the_demo_touches_nothing_but_its_own_folder(told, home):
    assert [path.name for path in home.iterdir()] == ["demo"]


def test_the_demo_does_not_clear_a_folder_that_it_did_not_make(run, folder):
    (folder / "home" / "demo").mkdir(parents=True)
    (folder / "home" / "demo" / "mine.txt").write_text("mine", "utf-8")
    told = run("demo", "--no-serve")
    assert told.code == 1
    assert told.err.endswith("has files that the demo did not make. Set LOYALTYPAY_HOME to another folder.\n")
    assert (folder / "home" / "demo" / "mine.txt").read_text("utf-8") == "mine"
