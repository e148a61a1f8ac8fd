"""What `--help` says: every command and everything that it takes, readable on any terminal."""

from collections.abc import Iterator

import click
import pytest

from comp.intake import Kind
from importers.canonical import OPTIONAL, REQUIRED
from web.cli import cli


def commands(command: click.Command, name: str = "loyaltypay") -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for each in command.list_commands(click.Context(command)):
            yield from commands(command.get_command(click.Context(command), each), f"{name} {each}")


COMMANDS = dict(commands(cli))
every_command = pytest.mark.parametrize(("name", "command"), COMMANDS.items(), ids=COMMANDS)


def test_every_command_is_there():
    assert {name.removeprefix("loyaltypay").strip() for name in COMMANDS} == {
        "",
        "init",
        "import",
        "plan",
        "plan check",
        "plan import",
        "plan export",
        "plan submit",
        "plan compare",
        "plan publish",
        "plan withdraw",
        "whatif",
        "scores",
        "check",
        "calculate",
        "explain",
        "correct",
        "run",
        "run list",
        "run replay",
        "compare",
        "export",
        "export accrual",
        "export payroll",
        "export team",
        "export analysis",
        "export overtime",
        "export statements",
        "export evidence",
        "layout",
        "layout list",
        "layout show",
        "layout check",
        "layout import",
        "layout export",
        "release",
        "release list",
        "release show",
        "release download",
        "scenario",
        "serve",
        "worker",
        "jobs",
        "user",
        "user add",
        "user link",
        "user role",
        "user identify",
        "user unlink",
        "audit",
        "audit verify",
        "user close",
        "user reset-factors",
        "mail",
        "mail send",
        "demo",
    }


@every_command
def test_every_command_option_and_argument_has_help(name, command):
    assert command.help
    assert [parameter.name for parameter in command.params if not parameter.help] == []


@every_command
@pytest.mark.parametrize("columns", ["80", "200"])
def test_help_keeps_within_the_terminal_and_within_100_columns(run, monkeypatch, name, command, columns):
    monkeypatch.setenv("COLUMNS", columns)
    told = run(*name.split()[1:], "--help")
    assert (told.code, told.err) == (0, "")
    assert max(map(len, told.out.splitlines())) <= min(100, int(columns))


@every_command
def test_lists_of_commands_are_not_cut_short(run, monkeypatch, name, command):
    monkeypatch.setenv("COLUMNS", "80")
    assert "..." not in run(*name.split()[1:], "--help").out.replace("FILE...", "").replace("[ROLE]...", "").replace(
        "[ARGS]...", ""
    )


@every_command
def test_every_command_that_does_something_shows_how_it_is_called(run, name, command):
    if not isinstance(command, click.Group):
        assert f"    {name}" in run(*name.split()[1:], "--help").out


@pytest.mark.parametrize("kind", REQUIRED)
def test_help_of_import_lists_every_column_of_every_kind(run, kind):
    told = " ".join(run("import", "--help").out.split())
    columns = [f"{field}*" for field in REQUIRED[kind]] + list(OPTIONAL.get(kind, ()))
    assert f"{kind} {', '.join(columns)}" in told


@pytest.mark.parametrize("kind", Kind)
def test_help_of_import_has_a_line_for_each_kind(run, kind):
    assert f"\n  {kind} " in run("import", "--help").out
