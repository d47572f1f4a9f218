"""label: queue, export and check; import and from-decisions stand in a module of their own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli import label_imports, simulating
from alliance_nlp.cli.groups import Group
from alliance_nlp.cli.label_imports import day_of, member
from alliance_nlp.cli.options import JsonOption, WorkspaceOption, open_workspace
from alliance_nlp.core.errors import ConfigError, InputError

if TYPE_CHECKING:
    from alliance_nlp.learn import Asked, Checked, Problem

label_app = typer.Typer(
    cls=Group, no_args_is_help=True, help="Labelled items: get, choose and check them."
)

NumberOption = Annotated[int, typer.Option("-n", "--number", min=1, help="How many, at most.")]
MixOption = Annotated[
    str, typer.Option(help="Shares of uncertain, likely relevant and random articles.")
]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of what is drawn at random.")]
SinceOption = Annotated[
    str | None,
    typer.Option(help="Leave out older articles: 2024-04-14.", show_default=False),
]
OutputOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="Write here, not to standard output.")
]
FoldersArgument = Annotated[
    list[Path] | None,
    typer.Argument(
        help="Folders of labelled items; without any, the packaged ones and the workspace's.",
        show_default=False,
    ),
]
MIX = "uncertain=.4,relevant=.4,random=.2"


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    label_imports.register(label_app)
    app.add_typer(label_app, name="label", rich_help_panel="Learning")
    simulating.register(app)


@label_app.command("export")
def export_labels(
    *,
    form: Annotated[
        str, typer.Option("--format", "-f", help="jsonl, csv, label-studio or prodigy.")
    ] = "jsonl",
    what: Annotated[
        str, typer.Option(help="queue: what to label next; labels: the workspace's own items.")
    ] = "queue",
    n: NumberOption = 50,
    mix: MixOption = MIX,
    seed: SeedOption = 0,
    since: SinceOption = None,
    output: OutputOption = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the queue's articles with their texts to label elsewhere, or finished labels.

    Example: alliance-nlp label export --format label-studio --output tasks.json
    """
    from alliance_nlp.cli import console
    from alliance_nlp.learn import (
        ExportFormat,
        export_tasks,
        read_items,
        tasks_of_items,
        tasks_of_queue,
    )
    from alliance_nlp.learn.writing import write_whole
    from alliance_nlp.workspace import find_workspace

    kind = member(ExportFormat, form, option="--format")
    if what == "queue":
        tasks = tasks_of_queue(_queue(workspace, n=n, mix=mix, seed=seed, since=since))
    elif what == "labels":
        tasks = tasks_of_items(read_items([find_workspace(workspace).labeled]))
    else:
        raise ConfigError(f"--what {what!r} is none of queue, labels")
    text = export_tasks(tasks, kind)
    if output is None:
        sys.stdout.write(text)
        return
    write_whole(output, text)
    console.err().print(console.plain(f"written: {output}, {len(tasks)} texts"))


def _queue(
    path: Path | None, *, n: int, mix: str, seed: int, since: str | None
) -> tuple[Asked, ...]:
    from datetime import UTC, datetime, time

    from alliance_nlp.learn import label_queue, parse_mix, read_items, read_unlabelled
    from alliance_nlp.learn.rows import text_key
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.workspace import packaged_labeled

    shares = parse_mix(mix)
    day = day_of(since, option="--since")
    start = datetime.combine(day, time(), tzinfo=UTC) if day else None
    space, settings = open_workspace(path)
    items = read_items([packaged_labeled(), space.labeled])
    keys = {text_key(item.title, item.text) for item in items}
    with open_database(space, settings) as database, database.read() as tx:
        pool = read_unlabelled(tx, keys, since=start)
    return label_queue(pool, n, mix=shares, seed=seed)


@label_app.command("queue")
def show_queue(
    *,
    n: NumberOption = 50,
    mix: MixOption = MIX,
    seed: SeedOption = 0,
    since: SinceOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the unlabelled articles to label next, at most one of each story, with the reasons.

    Uncertain ones have the smallest margin between yes and no in any target. Only those drawn at
    random may serve to estimate figures of the whole.

    Example: alliance-nlp label queue -n 20 --mix uncertain=.5,relevant=.3,random=.2
    """
    from alliance_nlp.cli import console

    asked = _queue(workspace, n=n, mix=mix, seed=seed, since=since)
    rows = [_queue_row(place, one) for place, one in enumerate(asked, start=1)]
    if console.wants_json(as_json):
        console.print_json(rows)
        return
    cells = [(r["place"], r["reason"], r["title"], r["date"], r["article"]) for r in rows]
    columns = ["#", "why", "title", "date", "article"]
    console.out().print(console.table("To label next", columns, cells))


def _queue_row(place: int, one: Asked) -> dict[str, Any]:
    article = one.unlabelled.article
    return {
        "place": place,
        "strategy": one.strategy.value,
        "reason": one.reason,
        "article": article.id,
        "story": one.unlabelled.story_id or None,
        "title": article.title,
        "date": one.unlabelled.dated_at.date().isoformat(),
        "link": article.link or article.url,
        "probabilities": {k: round(p, 4) for k, p in one.unlabelled.proba.items()},
    }


@label_app.command("check")
def check_labels(
    folders: FoldersArgument = None,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check labelled items: schema, near-duplicates, leaks between splits, balance.

    Two stories that tell much the same are one event under two names, which leaks between splits
    and folds. The exit code is 3 when there is something to mend.

    Example: alliance-nlp label check --json
    """
    from alliance_nlp.cli import console
    from alliance_nlp.learn import check_items, read_splits
    from alliance_nlp.workspace import find_workspace, packaged_labeled

    if not folders:
        folders = [packaged_labeled()]
        if workspace is not None:
            folders.append(find_workspace(workspace).labeled)
    if missing := [folder for folder in folders if not folder.is_dir()]:
        raise InputError(f"{missing[0]} is no folder; name one that holds *.jsonl")
    found = check_items(folders, read_splits(*folders))
    if console.wants_json(as_json):
        console.print_json(found.as_dict())
    else:
        _show_check(found)
    if found.problems:
        raise typer.Exit(3)


def _show_check(found: Checked) -> None:
    from alliance_nlp.cli import console

    out = console.out()
    for kind, counts in found.balance.items():
        rows = [(value, c["items"], c["relevant"]) for value, c in counts.items()]
        out.print(console.table("", [kind, "#items", "#relevant"], rows))
    out.print(f"{found.n_items} items of {found.n_stories} stories, {len(found.problems)} problems")
    if found.problems:
        problems = [_problem_row(problem) for problem in found.problems]
        out.print(console.table("To mend", ["kind", "where", "what"], problems))


def _problem_row(problem: Problem) -> tuple[str, str, str]:
    return problem.kind.value, ", ".join(problem.subjects), problem.detail
