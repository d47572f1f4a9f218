"""nightly, collect, process, rank, report: the runs and what they say."""

from __future__ import annotations

import io
import os
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_nlp.cli.options import (
    AsOfOption,
    JsonOption,
    WorkspaceOption,
    model_loader,
    open_workspace,
    serving_id,
)
from alliance_nlp.core.errors import WorkspaceError

if TYPE_CHECKING:
    from alliance_nlp.config import Settings
    from alliance_nlp.pipeline.report import Report
    from alliance_nlp.workspace import Workspace


LogOption = Annotated[
    bool, typer.Option("--log-json", help="Progress and problems as JSON Lines on standard error.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="The night")(nightly)
    app.command(rich_help_panel="The night")(collect)
    app.command(rich_help_panel="The night")(process)
    app.command(rich_help_panel="The night")(rank)
    app.command(rich_help_panel="The night")(report)


def nightly(
    *,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    log_json: LogOption = False,
) -> None:
    """Collect, archive, extract, tag, classify, fold, rank, and report.

    Safe to kill and to run again: nothing is lost or doubled.

    Example: alliance-nlp nightly --workspace /srv/alliance
    """
    _run("nightly", workspace, as_of, as_json=as_json, log_json=log_json)


def collect(
    *,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    log_json: LogOption = False,
) -> None:
    """Fetch what is new from every source into the archive.

    Example: alliance-nlp collect
    """
    _run("collect", workspace, as_of, as_json=as_json, log_json=log_json)


def process(
    *,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Processes, over process.jobs.")
    ] = None,
    as_json: JsonOption = False,
    log_json: LogOption = False,
) -> None:
    """Extract, tag and classify what the archive holds; no network.

    Example: alliance-nlp process
    """
    _run("process", workspace, as_of, as_json=as_json, log_json=log_json, jobs=jobs)


def rank(
    ctx: typer.Context,
    *,
    workspace: WorkspaceOption = None,
    as_of: AsOfOption = None,
    as_json: JsonOption = False,
    file: Annotated[
        Path | None, typer.Option("--file", help="Read articles from here, not standard input.")
    ] = None,
) -> None:
    """Fold and rank the workspace's articles, or those given as JSON Lines.

    As a filter it reads {"id","title","text","published_on"} lines and prints one line a story,
    best first. It is a filter when lines come on standard input (or by --file) and --workspace is
    not given.

    Example: alliance-nlp rank < articles.jsonl
    """
    source = ctx.get_parameter_source("workspace")
    is_named = source is not None and source.name == "COMMANDLINE"  # not by the environment
    if file is not None or (not is_named and _has_input()):
        from alliance_nlp.cli.filters import rank_lines

        rank_lines(file, as_of)
        return
    _run("rank", workspace, as_of, as_json=as_json)


def _has_input() -> bool:
    """Tell whether lines come on standard input; waits for the first or for its end."""
    if sys.stdin is None or sys.stdin.closed or sys.stdin.isatty():
        return False
    mode = os.fstat(sys.stdin.fileno()).st_mode
    if stat.S_ISCHR(mode):
        return False  # /dev/null, as under systemd
    if stat.S_ISREG(mode):
        return os.fstat(sys.stdin.fileno()).st_size > 0
    reader = sys.stdin.buffer
    assert isinstance(reader, io.BufferedReader)
    return bool(reader.peek(1))


def report(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Print the report of the newest run: the ledger, what was rejected and why.

    Example: alliance-nlp report --json
    """
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.pipeline.telling import newest_report

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        found = newest_report(database, settings, models=space.models)
    if found is None:
        raise WorkspaceError(f"{space.root} has had no run yet; start with: alliance-nlp nightly")
    show(found, as_json=as_json)


def _run(
    command: str,
    workspace: Path | None,
    as_of: str | None,
    *,
    as_json: bool,
    log_json: bool = False,
    jobs: int | None = None,
) -> None:
    from alliance_nlp.workspace import find_workspace

    find_workspace(workspace).refuse_if_held()
    space, settings = open_workspace(workspace)
    if jobs is not None:
        process_settings = settings.process.model_copy(update={"jobs": jobs})
        settings = settings.model_copy(update={"process": process_settings})
    done = run_here(command, space, settings, as_of=as_of, log_json=log_json)
    show(done, as_json=as_json)
    if done.n_failed:
        raise typer.Exit(3)


def run_here(
    command: str,
    workspace: Workspace,
    settings: Settings,
    *,
    as_of: str | None,
    log_json: bool = False,
) -> Report:
    """Run a command of the pipeline with progress on standard error."""
    from alliance_nlp.cli import console
    from alliance_nlp.core.clock import parse_as_of
    from alliance_nlp.pipeline.runs import run

    with console.watch(log_json=log_json) as watch:
        return run(
            command,
            workspace,
            settings,
            load_model=model_loader(workspace),
            find_model_id=serving_id(workspace),
            as_of=parse_as_of(as_of) if as_of else None,
            watch=watch,
        )


def show(report: Report, *, as_json: bool) -> None:
    """Print a run's report."""
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.report import report_json

    if console.wants_json(as_json):
        console.print_json(report_json(report))
        return
    from alliance_nlp.cli.report_tables import show_report

    show_report(report)
