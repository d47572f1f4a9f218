from __future__ import annotations

from typing import Any

import pytest
import typer.main
from typer.testing import CliRunner

from alliance_nlp.cli.app import app
from alliance_nlp.cli.commands import COMMANDS
from alliance_nlp.cli.groups import Group, load, paragraph

MODULES = sorted({entry.module for entry in COMMANDS})


def _help(*args: str) -> str:
    done = CliRunner().invoke(app, [*args, "--help"], env={"COLUMNS": "200"})
    assert done.exit_code == 0, done.output
    return " ".join(done.stdout.split())


@pytest.mark.parametrize("module", MODULES)
def test_table_names_what_each_module_registers(module: str) -> None:
    listed = {entry.name for entry in COMMANDS if entry.module == module}
    assert listed == load(module).keys()


@pytest.mark.parametrize("entry", COMMANDS, ids=lambda entry: entry.name)
def test_table_says_what_each_command_says_of_itself(entry: Any) -> None:
    command = load(entry.module)[entry.name]
    assert (entry.panel, entry.about) == (command.rich_help_panel, paragraph(command.help))


def test_no_name_stands_twice_in_the_table() -> None:
    names = [entry.name for entry in COMMANDS]
    assert len(names) == len(set(names))


def test_help_lists_every_command_with_its_whole_first_paragraph() -> None:
    shown = _help()
    for entry in COMMANDS:
        assert f"{entry.name} {entry.about}" in shown


def test_every_group_lists_its_commands_uncut() -> None:
    root: Any = typer.main.get_command(app)
    groups = {name: c for name, c in root.commands.items() if hasattr(c, "commands")}
    assert {"digest", "sources", "models"} <= groups.keys()
    for name, group in groups.items():
        assert isinstance(group, Group), name
        shown = _help(name)
        for below, command in group.commands.items():
            assert f"{below} {paragraph(command.help)}" in shown


def test_unknown_command_is_refused_with_the_likeliest_name() -> None:
    done = CliRunner().invoke(app, ["nightl"])
    assert done.exit_code == 2
    assert "'nightly'" in done.stderr


def test_command_of_several_words_is_found() -> None:
    assert "after a fix or with higher limits" in _help("retry-quarantine")
