"""The README says what is so: its commands, its files and the figures of its worked payout."""

import re
import subprocess
from pathlib import Path

from comp.plan_documents import read_plan
from importers.documents import read_yaml

PROJECT = Path(__file__).parent.parent
README = (PROJECT / "README.md").read_text("utf-8")
COMMANDS = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)


def test_the_first_screen_has_one_command_for_the_demo_and_one_for_the_tests():
    first_screen = "\n".join(README.splitlines()[:20])
    assert [command in first_screen for command in COMMANDS] == [True, True]
    assert COMMANDS[0].endswith("&& .venv/bin/loyaltypay demo")
    assert ".venv/bin/python -m pytest" in COMMANDS[1]
    assert all("-c constraints.txt" in command for command in COMMANDS)


def test_what_must_hold_is_checked_with_the_readmes_own_test_command():
    script = (PROJECT / ".ci" / "run").read_text("utf-8")
    (picked,) = re.findall(r"tests=\$\((grep .*)\)", script)
    found = subprocess.run(["/bin/sh", "-c", picked], cwd=PROJECT, capture_output=True, text=True, check=True)  # noqa: S603
    assert found.stdout.strip() == COMMANDS[1]


def test_every_version_that_is_installed_is_pinned_and_no_host_is_named():
    lines = [line for line in (PROJECT / "constraints.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9a-z.]*", line) for line in lines)


def test_the_map_of_the_code_names_what_there_is():
    table = README[README.index("## A map of the code") : README.index("## Working on it")]
    folder = Path()
    for name in re.findall(r"`([\w/*.]+[/y])`", table):
        path = Path(name)
        folder = path.parent if len(path.parts) > 1 else folder
        assert list(PROJECT.glob(name)) or list(PROJECT.glob(str(folder / name))), name


def test_the_plan_that_it_shows_is_sound():
    (shown,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    plan, problems = read_plan(read_yaml(shown.encode(), "README.md"))
    assert plan, problems


def test_every_test_that_the_security_page_names_is_there():
    named = re.findall(r"`(test_\w+)`", (PROJECT / "SECURITY.md").read_text("utf-8"))
    written = "\n".join(path.read_text("utf-8") for path in (PROJECT / "tests").rglob("test_*.py"))
    assert len(named) > 30
    assert [name for name in named if f"def {name}(" not in written] == []
