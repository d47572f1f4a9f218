"""digest: issues drafted, read, shown, exported, sent and published."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_nlp.cli.groups import Group
from alliance_nlp.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace
from alliance_nlp.core.errors import ConfigError, DigestError, InputError

if TYPE_CHECKING:
    from alliance_nlp.config import Settings
    from alliance_nlp.core.types import Issue
    from alliance_nlp.drafter import Endpoint
    from alliance_nlp.pipeline.exporting import CitedIssue, Format
    from alliance_nlp.workspace import Workspace

digest_app = typer.Typer(
    cls=Group,
    no_args_is_help=True,
    help="Issues: draft, check, publish, export, send and the rest of their way.",
)
IssueArgument = Annotated[str, typer.Argument(help="Volume and number, such as 2.6.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands, and those of the way of an issue."""
    from alliance_nlp.cli import issues

    issues.register(digest_app)
    app.add_typer(digest_app, name="digest", rich_help_panel="The desk")


@digest_app.command("draft")
def draft_issue(
    *,
    workspace: WorkspaceOption = None,
    volume: Annotated[int | None, typer.Option(help="Else counted on.")] = None,
    number: Annotated[int | None, typer.Option(help="Else counted on.")] = None,
    as_of: AsOfOption = None,
    drafter: Annotated[
        bool | None,
        typer.Option(
            help="Whether digest.drafter rewrites it; if configured, it does.",
            show_default=False,
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Draft the next issue from the newest ranking; accepted candidates come first.

    Example: alliance-nlp digest draft
    """
    from alliance_nlp.cli import console
    from alliance_nlp.core.clock import now, parse_as_of
    from alliance_nlp.digest import issue_json, render_markdown
    from alliance_nlp.pipeline.drafting import draft
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    on = (parse_as_of(as_of) if as_of else now()).date()
    endpoint = _drafter(settings, is_wanted=drafter)
    with open_database(space, settings) as database:
        drafted = draft(
            space, database, settings, on=on, volume=volume, number=number, drafter=endpoint
        )
    if as_json:
        console.print_json(issue_json(drafted.issue))
    else:
        console.out().print(render_markdown(drafted.issue, drafted.articles), markup=False)
    for title, passed in drafted.runners_up:
        console.err().print(console.plain(f"next: {title} ({passed.why})"))
    for done in drafted.redrafted:
        n_kept = sum(done.kept)
        told = f"drafter: {n_kept} of {len(done.kept)} sentences kept: {done.item.headline}"
        console.err().print(console.plain(told))
        for why in done.why:
            console.err().print(console.plain(f"  not taken: {why}"))
    for file in drafted.files:
        console.err().print(console.plain(f"written: {file}"))


def _drafter(settings: Settings, *, is_wanted: bool | None) -> Endpoint | None:
    from alliance_nlp.pipeline.redrafting import endpoint_of

    configured = settings.digest.drafter
    if is_wanted and configured is None:
        raise ConfigError(
            "--drafter was given, but no drafter is configured; set url and model in "
            "[digest.drafter] of alliance.toml (see docs/drafter.md)"
        )
    return None if configured is None or is_wanted is False else endpoint_of(configured)


@digest_app.command("import")
def import_issues(
    files: Annotated[list[Path], typer.Argument(help="Text or Markdown of published issues.")],
    *,
    on: Annotated[
        str | None,
        typer.Option("--date", help="Date of an issue that states none: 2024-04-14."),
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read published issues; novelty and back-tests compare with them.

    Example: alliance-nlp digest import vol-2.6.txt --date 2023-04-04
    """
    from dataclasses import replace

    from alliance_nlp.cli import console
    from alliance_nlp.digest import issue_json
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import save_issue

    space, settings = open_workspace(workspace)
    issues = [_read(file) for file in files]
    if on:
        issues = [i if i.published_on else replace(i, published_on=_day(on)) for i in issues]
    with open_database(space, settings) as database, database.write() as tx:
        for issue in issues:
            save_issue(tx, issue, state="published")
    if console.wants_json(as_json):
        rows = [issue_json(issue) for issue in issues]
        console.print_json(rows[0] if len(rows) == 1 else rows)
        return
    for issue in issues:
        console.out().print(f"imported {issue.id}: {len(issue.items)} items")


def _read(file: Path) -> Issue:
    from alliance_nlp.digest import parse_issue

    try:
        return parse_issue(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read as UTF-8 text: {error}") from error
    except DigestError as error:
        raise DigestError(f"{file}: {error}") from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ConfigError(f"--date {text!r} is no date like 2024-04-14") from error


@digest_app.command("list")
def list_issues(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the issues, oldest first.

    Example: alliance-nlp digest list
    """
    from alliance_nlp.cli import console
    from alliance_nlp.digest import issue_json
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import read_issues

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database, database.read() as tx:
        issues = read_issues(tx)
    if console.wants_json(as_json):
        console.print_json([{**issue_json(issue), "state": state} for issue, state in issues])
        return
    rows = [
        (
            issue.id,
            issue.published_on or "undated",
            state,
            len(issue.items),
            issue.items[0].headline if issue.items else "",
        )
        for issue, state in issues
    ]
    columns = ["issue", "date", "state", "#items", "first headline"]
    console.out().print(console.table("", columns, rows))


def _cited(space: Workspace, settings: Settings, name: str) -> CitedIssue:
    from alliance_nlp.pipeline.exporting import read_cited
    from alliance_nlp.pipeline.night import open_database

    with open_database(space, settings) as database:
        return read_cited(database, settings, name)


def _fit_to_go_out(space: Workspace, settings: Settings, name: str) -> CitedIssue:
    from alliance_nlp.pipeline.exporting import read_cited, refuse_if_flagged
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.tag import load_knowledge_base

    kb = load_knowledge_base(space.knowledge_base)
    with open_database(space, settings) as database:
        cited = read_cited(database, settings, name)
        refuse_if_flagged(database, cited.issue.id, kb=kb)
    return cited


@digest_app.command("show")
def show_issue(
    issue: IssueArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Print an issue as Markdown, or as JSON with the sources of every sentence.

    Example: alliance-nlp digest show 2.6 --json
    """
    from alliance_nlp.cli import console
    from alliance_nlp.digest import issue_json, render_markdown

    found = _cited(*open_workspace(workspace), issue)
    if as_json:
        console.print_json(issue_json(found.issue, found.articles))
    else:
        console.out().print(render_markdown(found.issue, found.articles), markup=False, end="")


@digest_app.command("export")
def export_issue(
    issue: IssueArgument,
    *,
    forms: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            help="markdown, html, docx, pdf, eml, text, json or all; several with commas.",
        ),
    ] = "markdown",
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File, or folder for files named after the issue; not to standard output.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option(help="Write over files that differ.")] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an issue in one or several of its formats; refused while a flag stands on it.

    Example: alliance-nlp digest export 2.6 --format docx,pdf --output exports/
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline import exporting

    space, settings = open_workspace(workspace)
    names = ["json"] if as_json else [name.strip() for name in forms.split(",")]
    wanted = exporting.formats_of(names)
    cited = _fit_to_go_out(space, settings, issue)
    if output is None:
        _print_export(exporting.render(cited, wanted[0], settings=settings), wanted)
        return
    files = exporting.files_of(output, cited.issue, wanted)
    for form, file in files.items():
        data = exporting.render(cited, form, settings=settings)
        is_new = exporting.write_new(file, data, force=force)
        console.err().print(console.plain(f"{'written' if is_new else 'unchanged'}: {file}"))


def _print_export(data: bytes, wanted: Sequence[Format]) -> None:
    import sys

    if len(wanted) > 1:
        raise ConfigError("several formats do not fit into one output; name a folder with --output")
    if wanted[0].is_binary and sys.stdout.isatty():
        raise ConfigError(
            f"{wanted[0].value} is nothing for a terminal; name a file with --output, "
            "or send it on with > or |"
        )
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


@digest_app.command("send")
def send_issue(
    issue: IssueArgument,
    *,
    to: Annotated[
        list[str] | None,
        typer.Option("--to", help="Address; may be repeated. Else those of digest.email.to."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Compose the letters, send none, and say to whom.")
    ] = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Send an issue by e-mail, a letter to each address; exit code 3 when some were refused.

    Example: alliance-nlp digest send 2.6 --to desk@example.org --dry-run
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.sending import send_issue

    space, settings = open_workspace(workspace)
    cited = _fit_to_go_out(space, settings, issue)
    sent = send_issue(cited, settings, to=to or (), dry_run=dry_run)
    if console.wants_json(as_json):
        refused = [{"address": address, "said": said} for address, said in sent.refused]
        console.print_json({"sent": not dry_run, "to": list(sent.to), "refused": refused})
    else:
        for address in sent.to:
            word = "would go to" if dry_run else "sent to"
            console.out().print(console.plain(f"{word} {address}"))
    for address, said in sent.refused:
        console.err().print(console.plain(f"refused: {address}: {said}; check the address"))
    if sent.refused:
        raise typer.Exit(3)


@digest_app.command("publish")
def publish_issue(
    issue: IssueArgument,
    *,
    on: Annotated[
        str | None,
        typer.Option("--date", help="Its date, else the one it states: 2024-04-14."),
    ] = None,
    editor: Annotated[str, typer.Option(envvar="USER", help="Who publishes.")] = "editor",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Publish an issue and freeze what it rests on; refused while a flag stands on it.

    Example: alliance-nlp digest publish 2.6 --date 2024-04-14
    """
    from alliance_nlp.cli import console
    from alliance_nlp.digest import issue_json
    from alliance_nlp.pipeline import issuing
    from alliance_nlp.pipeline.exporting import issue_id_of
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.tag import load_knowledge_base

    space, settings = open_workspace(workspace)
    day, kb = _day(on) if on else None, load_knowledge_base(space.knowledge_base)
    with open_database(space, settings) as database:
        version = issuing.publish_issue(
            database, settings, issue_id_of(issue), editor=editor, on=day, kb=kb
        )
    if console.wants_json(as_json):
        console.print_json({**issue_json(version.issue), "state": version.state.value})
        return
    console.out().print(
        console.plain(f"published {version.issue.id}, dated {version.issue.published_on}")
    )


@digest_app.command("feed")
def write_feed(
    *,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write here, not to standard output."),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the Atom feed of all published issues, over the one that is there.

    Example: alliance-nlp digest feed --output feed.xml
    """
    import sys

    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.exporting import render_feed, write_feed
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        data, undated = render_feed(database, settings)
    for issue_id in undated:
        console.err().print(f"left out: {issue_id} has no date; import it again with --date")
    if output is None:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    is_new = write_feed(output, data)
    console.err().print(console.plain(f"{'written' if is_new else 'unchanged'}: {output}"))
