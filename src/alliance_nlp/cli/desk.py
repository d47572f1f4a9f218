"""candidates, decide, digest, review: the analyst's commands."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_nlp.cli.options import AsOfOption, JsonOption, WorkspaceOption, open_workspace
from alliance_nlp.core.enums import Verdict
from alliance_nlp.core.errors import ConfigError, DigestError, InputError

if TYPE_CHECKING:
    from alliance_nlp.core.types import Article, Issue
    from alliance_nlp.workspace import Workspace

digest_app = typer.Typer(no_args_is_help=True, help="Issues: draft, import, list, show, export.")
IssueArgument = Annotated[str, typer.Argument(help="Volume and number, such as 2.6.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (candidates, decide, review):
        app.command(rich_help_panel="The desk")(command)
    app.add_typer(digest_app, name="digest", rich_help_panel="The desk")


def candidates(
    which: Annotated[
        str | None,
        typer.Argument(help="One alone, by its rank or story id.", show_default=False),
    ] = None,
    *,
    workspace: WorkspaceOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", help="How many, best first.")] = 20,
    form: Annotated[
        str | None,
        typer.Option("--format", "-f", help="table, csv, jsonl or markdown.", show_default=False),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Show every contribution to the score and, for one, what would move it up.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the ranked candidates of the newest run, or one with all that is behind its rank.

    Example: alliance-nlp candidates --explain 12
    """
    from alliance_nlp.cli import listing
    from alliance_nlp.pipeline.candidates import read_rows, read_standing
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        if which is not None:
            standing = read_standing(database, settings, which)
            listing.show_one(standing, form="jsonl" if as_json else form, explain=explain)
            return
        rows = read_rows(database, settings.read_sources(), limit=limit)
    listing.show(rows, form="jsonl" if as_json else form, explain=explain)


def decide(
    story: Annotated[str, typer.Argument(help="Story id, as candidates prints it.")],
    verdict: Annotated[Verdict, typer.Argument(help="What you decide.")],
    *,
    note: Annotated[str, typer.Option(help="Why; it is kept.")] = "",
    reviewer: Annotated[str, typer.Option(envvar="USER", help="Who decides.")] = "analyst",
    workspace: WorkspaceOption = None,
) -> None:
    """Record a decision on a candidate; earlier ones stay in the record.

    Example: alliance-nlp decide story-0123456789abcdef accept --note "lead item"
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.candidates import record_decision
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        title = record_decision(database, story, verdict, reviewer=reviewer, note=note)
    console.err().print(console.plain(f"{verdict.value}: {title}"))


def review(
    *,
    workspace: WorkspaceOption = None,
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    reviewer: Annotated[str, typer.Option(envvar="USER", help="Who decides.")] = "analyst",
) -> None:
    """Open the review page on this machine (loopback only) for one analyst.

    Example: alliance-nlp review --port 0 --no-browser
    """
    from alliance_nlp.cli import console
    from alliance_nlp.web import serve

    space, settings = open_workspace(workspace)

    def announce(url: str) -> None:
        console.out().print(f"review at {console.plain(url)}  (Ctrl-C ends)")

    serve(space, settings, port=port, open_browser=browser, reviewer=reviewer, on_ready=announce)


@digest_app.command("draft")
def draft_issue(
    *,
    workspace: WorkspaceOption = None,
    volume: Annotated[int | None, typer.Option(help="Else counted on.")] = None,
    number: Annotated[int | None, typer.Option(help="Else counted on.")] = None,
    as_of: AsOfOption = None,
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
    with open_database(space, settings) as database:
        drafted = draft(space, database, settings, on=on, volume=volume, number=number)
    if as_json:
        console.print_json(issue_json(drafted.issue))
    else:
        console.out().print(render_markdown(drafted.issue, drafted.articles), markup=False)
    for title, passed in drafted.runners_up:
        console.err().print(console.plain(f"next: {title} ({passed.why})"))
    for file in drafted.files:
        console.err().print(console.plain(f"written: {file}"))


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
    from alliance_nlp.digest import issue_json, parse_issue
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import save_issue

    space, settings = open_workspace(workspace)
    issues = []
    for file in files:
        try:
            issue = parse_issue(file.read_text(encoding="utf-8-sig"))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file} cannot be read as UTF-8 text: {error}") from error
        except DigestError as error:
            raise DigestError(f"{file}: {error}") from error
        if issue.published_on is None and on:
            issue = replace(issue, published_on=_day(on))
        issues.append(issue)
    with open_database(space, settings) as database, database.write() as tx:
        for issue in issues:
            save_issue(tx, issue, state="published")
    if console.wants_json(as_json):
        rows = [issue_json(issue) for issue in issues]
        console.print_json(rows[0] if len(rows) == 1 else rows)
        return
    for issue in issues:
        console.out().print(f"imported {issue.id}: {len(issue.items)} items")


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
            issue.items[0].headline,
        )
        for issue, state in issues
    ]
    columns = ["issue", "date", "state", "#items", "first headline"]
    console.out().print(console.table("", columns, rows))


def _issue(space: Workspace, settings: object, name: str) -> tuple[Issue, dict[str, Article]]:
    from alliance_nlp.config import Settings
    from alliance_nlp.pipeline.candidates import with_outlets
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import read_articles, read_issue

    assert isinstance(settings, Settings)
    issue_id = "vol-" + name.lower().removeprefix("vol").strip(" .-")
    with open_database(space, settings) as database, database.read() as tx:
        found = read_issue(tx, issue_id)
        if found is None:
            raise DigestError(f"there is no issue {name!r}; see: alliance-nlp digest list")
        issue = found[0]
        cited = {s.article_id for i in issue.items for x in i.sentences for s in x.sources}
        articles = read_articles(tx, sorted(cited))
    return issue, with_outlets(articles, settings.read_sources())


@digest_app.command("show")
def show_issue(
    issue: IssueArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Print an issue as Markdown, or as JSON with the sources of every sentence.

    Example: alliance-nlp digest show 2.6 --json
    """
    from alliance_nlp.cli import console
    from alliance_nlp.digest import issue_json, render_markdown

    space, settings = open_workspace(workspace)
    found, articles = _issue(space, settings, issue)
    if as_json:
        console.print_json(issue_json(found))
    else:
        console.out().print(render_markdown(found, articles), markup=False, end="")


@digest_app.command("export")
def export_issue(
    issue: IssueArgument,
    *,
    form: Annotated[
        str, typer.Option("--format", "-f", help="markdown, html or json.")
    ] = "markdown",
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write here, not to standard output.")
    ] = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write an issue in one of its formats.

    Example: alliance-nlp digest export 2.6 --format html --output digest.html
    """
    import json
    import sys

    from alliance_nlp.cli import console
    from alliance_nlp.digest import issue_json, render_html, render_markdown

    space, settings = open_workspace(workspace)
    found, articles = _issue(space, settings, issue)
    form = "json" if as_json else form
    if form == "markdown":
        text = render_markdown(found, articles)
    elif form == "html":
        text = render_html(found, articles)
    elif form == "json":
        text = json.dumps(issue_json(found), indent=2, ensure_ascii=False) + "\n"
    else:
        raise ConfigError(f"--format {form!r} is none of markdown, html, json")
    if output is None:
        sys.stdout.write(text)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise DigestError(f"cannot write {output}: {error.strerror or error}") from error
    console.err().print(console.plain(f"written: {output}"))
