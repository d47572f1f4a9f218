"""Groups of commands whose help is plain text: quick to write, and to read in a pipe.

The root knows its commands by name alone and loads the module of the one that is asked for.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator, MutableMapping
from functools import cache
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from alliance_nlp.cli.commands import COMMANDS

# How wide the column of names may grow, and the gap after it.
_NAMES, _GAP = 24, 2


def paragraph(text: str | None) -> str:
    """Return the first paragraph of a help text as one line."""
    return " ".join(inspect.cleandoc(text or "").split("\n\n")[0].split())


class Group(TyperGroup):
    """A group whose help lists each command with the first paragraph of its own, uncut."""

    def get_params(self, ctx: Any) -> list[Any]:
        """Return the options; a flag without a default is off, else typer loads pydantic for it."""
        params = super().get_params(ctx)
        for param in params:
            if getattr(param, "is_flag", False) and param.default is None:
                param.default = False
        return params

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, section by section."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for panel, name, about in self.entries():
            sections.setdefault(panel, []).append((name, about))
        for panel, rows in sections.items():
            with formatter.section(panel):
                formatter.write_dl(rows, col_max=_NAMES, col_spacing=_GAP)

    def entries(self) -> Iterator[tuple[str, str, str]]:
        """Yield the section, the name and what it does of each command."""
        for name, command in self.commands.items():
            if not command.hidden:
                panel = getattr(command, "rich_help_panel", None) or "Commands"
                yield panel, name, paragraph(command.short_help or command.help)


class Root(Group):
    """The group of all commands, each loaded when it is asked for."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = Commands()

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names; nothing is loaded for them."""
        return list(self.commands)

    def entries(self) -> Iterator[tuple[str, str, str]]:
        """Yield the section, the name and what it does of each command; none is loaded."""
        for entry in COMMANDS:
            yield entry.panel, entry.name, entry.about


class Commands(MutableMapping[str, Any]):
    """The commands by name; looking one up loads its module."""

    def __init__(self) -> None:
        self._modules = {entry.name: entry.module for entry in COMMANDS}
        self._others: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name in self._others:
            return self._others[name]
        return load(self._modules[name])[name]

    def __setitem__(self, name: str, command: Any) -> None:
        self._others[name] = command

    def __delitem__(self, name: str) -> None:
        del self._others[name]

    def __iter__(self) -> Iterator[str]:
        yield from dict.fromkeys((*self._modules, *self._others))

    def __len__(self) -> int:
        return len({*self._modules, *self._others})


@cache
def load(module: str) -> dict[str, Any]:
    """Return the commands that a module of this package registers, by name."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    import_module(f"alliance_nlp.cli.{module}").register(app)
    return dict(get_group(app).commands)
