"""kb check, find, add: the knowledge base and a workspace's additions to it."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.groups import Group
from alliance_nlp.cli.options import JsonOption, WorkspaceOption
from alliance_nlp.core.errors import (
    ConfigError,
    InputError,
    KnowledgeBaseError,
    WorkspaceError,
)

if TYPE_CHECKING:
    from alliance_nlp.tag import KnowledgeBase
    from alliance_nlp.workspace import Workspace

_CARDS_SHOWN = 8
_LISTS = ("aliases", "ja", "roles")
_TABLES = "officials, exercises, ships, minerals or bases"

app = typer.Typer(
    cls=Group, no_args_is_help=True, help="The knowledge base and the workspace's additions."
)


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="kb", rich_help_panel="Learning")


def _space(path: Path | None) -> Workspace | None:
    """Return the workspace, or none where none is named and none is near."""
    from alliance_nlp.workspace import find_workspace

    try:
        return find_workspace(path)
    except WorkspaceError:
        if path is not None:
            raise
        return None


@app.command()
def check(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Look for mistakes in the knowledge base: doubles, impossible dates, names that never match.

    Without a workspace, the package's tables alone. Exit code 3 when there are problems.

    Example: alliance-nlp kb check --workspace /srv/alliance
    """
    from alliance_nlp.cli import console, knowledge_cards
    from alliance_nlp.tag import check_knowledge_base, load_knowledge_base

    space = _space(workspace)
    kb = load_knowledge_base(space.knowledge_base if space else None)
    problems = check_knowledge_base(kb)
    if console.wants_json(as_json):
        found = [
            {"id": p.entity_id, "name": kb.name(p.entity_id), "problem": p.problem}
            for p in problems
        ]
        console.print_json({"rows": knowledge_cards.counts(kb), "problems": found})
    else:
        out = console.out()
        out.print(knowledge_cards.counts_table(kb, load_knowledge_base()))
        out.print(knowledge_cards.problems_table(kb, problems) if problems else "no problems")
    if problems:
        raise typer.Exit(3)


@app.command()
def find(
    name: Annotated[
        str,
        typer.Argument(
            help="A name, alias, surname, Japanese writing, id or hull number.", show_default=False
        ),
    ],
    *,
    on: Annotated[
        str | None,
        typer.Option(
            "--on",
            help="A day, such as 2021-06-01: who held office then comes first.",
            show_default=False,
        ),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what the knowledge base knows under a name; the likeliest record first.

    Example: alliance-nlp kb find Kishi --on 2021-06-01
    """
    from alliance_nlp.cli import console, knowledge_cards
    from alliance_nlp.tag import find_records, load_knowledge_base, near_names

    day = _day(on)
    space = _space(workspace)
    kb = load_knowledge_base(space.knowledge_base if space else None)
    found = find_records(kb, name, day)
    if not found:
        near = near_names(kb, name)
        hint = f"did you mean {' or '.join(near)}?" if near else "add it with: alliance-nlp kb add"
        raise KnowledgeBaseError(f"the knowledge base has no {name!r}; {hint}")
    if console.wants_json(as_json):
        for record in found:
            console.print_line(knowledge_cards.record_json(kb, record, day))
        return
    out = console.out()
    for record in found[:_CARDS_SHOWN]:
        out.print(knowledge_cards.card(kb, record, day))
    if more := found[_CARDS_SHOWN:]:
        named = ", ".join(f"{kb.name(record.id)} ({record.id})" for record in more)
        out.print(f"and {len(more)} more: {named}", markup=False)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError as error:
        raise ConfigError(f"--on {text!r} is no day; write it as 2021-06-01") from error


Texts = list[str] | None
IdOption = Annotated[
    str | None, typer.Option("--id", help="The id; without it, one is made of the name.")
]
FileOption = Annotated[
    Path | None, typer.Option("--file", help="Rows as JSON Lines instead; - is standard input.")
]
AliasOption = Annotated[Texts, typer.Option("--alias", help="Another writing; may be repeated.")]
JaOption = Annotated[Texts, typer.Option("--ja", help="A Japanese writing; may be repeated.")]
RoleOption = Annotated[
    Texts,
    typer.Option(
        "--role", help="An official's role, TITLE | KIND | ORG | FROM | UNTIL; may be repeated."
    ),
]
SetOption = Annotated[
    Texts, typer.Option("--set", help="Any other key of the table, key=value; may be repeated.")
]
ReplaceOption = Annotated[
    bool,
    typer.Option(
        "--replace",
        help="Correct a known row: writings and roles are added to its own, other keys take the "
        "place of what it says, and what is not given stays.",
    ),
]


@app.command()
def add(
    table: Annotated[str, typer.Argument(help=f"One of {_TABLES}.", show_default=False)],
    *,
    name: Annotated[str | None, typer.Option("--name", help="The name as texts have it.")] = None,
    entity_id: IdOption = None,
    alias: AliasOption = None,
    ja: JaOption = None,
    country: Annotated[str | None, typer.Option("--country", help="Two letters: JP.")] = None,
    role: RoleOption = None,
    values: SetOption = None,
    replace: ReplaceOption = False,
    file: FileOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Add to the workspace's own tables, or correct a row of the package; the package stays as is.

    Example: alliance-nlp kb add ships --name "Harbor Maru" --country JP --set type=tanker

    Example: alliance-nlp kb add officials --id kishi-nobuo --replace --alias "N. Kishi"

    Example: alliance-nlp kb add bases --file bases.jsonl
    """
    from alliance_nlp.tag import add_rows, load_knowledge_base
    from alliance_nlp.workspace import find_workspace

    space = find_workspace(workspace)
    before = load_knowledge_base(space.knowledge_base)
    given = {"name": name, "id": entity_id, "country": country}
    row: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    row |= _values(table, values or ())
    lists = {key: texts for key, texts in zip(_LISTS, (alias, ja, role), strict=True) if texts}
    if file is None:
        start = _start(space.own_tables, table, row) if replace else {}
        places, rows = [f"the {table} row"], [row | _lists(lists, row, start)]
    elif row or lists:
        raise ConfigError("--file brings whole rows; leave out the options that make one")
    else:
        places, rows = _rows_in(file)
    records = add_rows(space.own_tables, table, rows, replace=replace, places=places)
    _tell(space.own_tables, [record.id for record in records], before)


def _rows_in(file: Path) -> tuple[list[str], list[Any]]:
    """Return the rows of a file, and where each stands."""
    from alliance_nlp.tag import rows_of

    try:
        data = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        text = data.decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}") from error
    found = list(rows_of(Path("standard input") if str(file) == "-" else file, text))
    if not found:
        raise InputError(f"{file} holds no rows; write one JSON object a line")
    return [where for where, _ in found], [row for _, row in found]


def _values(table: str, pairs: Sequence[str]) -> dict[str, Any]:
    from alliance_nlp.tag import parse_value

    found = {}
    for pair in pairs:
        key, sign, text = pair.partition("=")
        if not sign:
            raise ConfigError(f"--set {pair!r} is no key=value")
        found[key.strip()] = parse_value(table, key.strip(), text)
    return found


def _start(folder: Path, table: str, row: Mapping[str, Any]) -> Mapping[str, Any]:
    from alliance_nlp.tag import known_row, row_id

    return known_row(folder, table, row_id(table, row)) or {}


def _lists(
    lists: Mapping[str, Sequence[str]], row: Mapping[str, Any], start: Mapping[str, Any]
) -> dict[str, list[Any]]:
    """Return the lists that options gave, after what the row to correct has.

    A role with title, kind, organisation and beginning of one that is there takes its place.
    """
    from alliance_nlp.tag import parse_role

    found: dict[str, list[Any]] = {}
    for key, texts in lists.items():
        if key in row:
            raise ConfigError(
                f"--set {key} is the whole list; leave out the option that adds to it"
            )
        if key == "roles":
            roles = [*start.get(key, ()), *map(parse_role, texts)]
            found[key] = list({_post(role): role for role in roles}.values())
        else:
            found[key] = list(dict.fromkeys([*start.get(key, ()), *texts]))
    return found


def _post(role: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(role[key] for key in ("title", "kind", "org", "from"))


def _tell(folder: Path, ids: Sequence[str], before: KnowledgeBase) -> None:
    """Say what was added, and what a check finds that it did not find before."""
    from alliance_nlp.cli import console
    from alliance_nlp.tag import check_knowledge_base, load_knowledge_base

    kb = load_knowledge_base(folder)
    named = ", ".join(f"{kb.name(entity_id)} ({entity_id})" for entity_id in ids[:_CARDS_SHOWN])
    more = f" and {len(ids) - _CARDS_SHOWN} more" if len(ids) > _CARDS_SHOWN else ""
    console.out().print(f"wrote {named}{more} to {folder}", markup=False)
    problems = check_knowledge_base(kb)
    known = check_knowledge_base(before) if problems else ()
    for problem in problems:
        if problem not in known:
            console.err().print(f"look at {problem.entity_id}: {problem.problem}", markup=False)
