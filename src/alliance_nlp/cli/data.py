"""archive, db, rebuild, quarantine, versions: what operators do with what is kept."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_nlp.cli.groups import Group
from alliance_nlp.cli.options import JsonOption, WorkspaceOption, model_loader, open_workspace
from alliance_nlp.core.errors import ArchiveError, InputError

if TYPE_CHECKING:
    from alliance_nlp.archive import RecordInfo

archive_app = typer.Typer(
    cls=Group, no_args_is_help=True, help="Look into the archive, check and mend it."
)
db_app = typer.Typer(cls=Group, no_args_is_help=True, help="Back the database up and restore it.")

StepOption = Annotated[
    str | None,
    typer.Option("--stage", help="Only this stage: extract, tag or classify.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(archive_app, name="archive", rich_help_panel="Operations")
    app.add_typer(db_app, name="db", rich_help_panel="Operations")
    for command in (rebuild, quarantine, retry_quarantine, versions):
        app.command(rich_help_panel="Operations")(command)


@archive_app.command("list")
def list_archive(
    *,
    workspace: WorkspaceOption = None,
    source: Annotated[str | None, typer.Option("--source", help="Only this source's id.")] = None,
    pages: Annotated[bool, typer.Option("--pages", help="Leave out requests and notes.")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the archive's records, file by file, in the order in which they were written.

    Example: alliance-nlp archive list --pages --source usfj-news
    """
    from alliance_nlp.archive import list_records
    from alliance_nlp.cli import console

    space, _ = open_workspace(workspace)
    wanted = (
        record
        for record in list_records(space.raw)
        if (source is None or record.source_id == source)
        and (not pages or record.kind in ("response", "revisit", "resource"))
    )
    if console.wants_json(as_json):
        for record in wanted:
            console.print_line(_record(record))
        return
    is_empty = True
    for file, records in groupby(wanted, lambda record: record.file):
        is_empty = False
        rows = [(r.offset, r.kind, r.status or "", f"{r.date:%F %T}", r.url) for r in records]
        columns = ["#offset", "kind", "#status", "fetched (UTC)", "URL"]
        console.out().print(console.table(file, columns, rows))
    if is_empty:
        console.out().print("the archive holds no such record")


def _record(record: RecordInfo) -> dict[str, object]:
    return {
        "file": record.file,
        "offset": record.offset,
        "length": record.length,
        "kind": record.kind,
        "url": record.url,
        "status": record.status or None,
        "fetched_at": record.date.isoformat(),
        "content_type": record.content_type,
        "role": record.role.value if record.role else None,
        "source": record.source_id,
    }


@archive_app.command("show")
def show_archived(
    url: Annotated[str, typer.Argument(help="The page's address, in any of its spellings.")],
    *,
    workspace: WorkspaceOption = None,
    number: Annotated[
        int,
        typer.Option("--number", "-n", help="Which of its copies: 1 the oldest, -1 the newest."),
    ] = -1,
    body: Annotated[bool, typer.Option("--body", help="The body alone, decoded.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show what was archived for an address: its copies, and the headers or body of one.

    Example: alliance-nlp archive show https://example.org/news/1 --body > page.html
    """
    import sys

    from alliance_nlp.archive import decoded, find, place_of, read_page
    from alliance_nlp.cli import console

    space, settings = open_workspace(workspace)
    copies = find(space.raw, url)
    if not copies:
        raise ArchiveError(
            f"the archive holds nothing for {url}; see what it holds: alliance-nlp archive list"
        )
    if not 0 < abs(number) <= len(copies):
        n_copies = "1 copy" if len(copies) == 1 else f"{len(copies)} copies"
        raise ArchiveError(f"--number {number} is none: the archive holds {n_copies} of {url}")
    chosen = copies[number - 1 if number > 0 else number]
    page = read_page(space.raw, place_of(space.raw, chosen))
    if body:
        page = decoded(page, max_bytes=settings.collect.max_bytes)
        sys.stdout.buffer.write(page.body)
        return
    if console.wants_json(as_json):
        for place, record in enumerate(copies, start=1):
            console.print_line({"number": place, **_record(record)})
        return
    out = console.out()
    for place, record in enumerate(copies, start=1):
        mark = "*" if record is chosen else " "
        line = f"{mark}{place:3} {record.date:%F %T}Z {record.status or '':3} {record.kind} "
        out.print(f"{line}{record.file}:{record.offset}", markup=False)
    out.print(f"\n{page.status} {page.url}", markup=False)
    for name, value in page.headers:
        out.print(f"{name}: {value}", markup=False)
    out.print(f"\n{len(page.body)} bytes of body; print them with --body")


@archive_app.command("verify")
def verify_archive(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check every record's digests and places; exit with 1 when something is wrong.

    Example: alliance-nlp archive verify
    """
    from alliance_nlp.archive import verify
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import committed_bytes

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database, database.read() as tx:
        committed = committed_bytes(tx)
    n_found = 0
    for finding in verify(space.raw, committed):
        n_found += 1
        if console.wants_json(as_json):
            fault = finding.fault.value
            console.print_line(
                {
                    "file": finding.file,
                    "offset": finding.offset,
                    "fault": fault,
                    "detail": finding.detail,
                    "do": finding.advice,
                }
            )
        else:
            console.out().print(str(finding), markup=False)
    if n_found:
        raise typer.Exit(1)
    if not console.wants_json(as_json):
        n_files = "1 archive file" if len(committed) == 1 else f"{len(committed)} archive files"
        console.out().print(f"every record of {n_files} is whole")


@archive_app.command("repair")
def repair_archive(
    file: Annotated[
        Path | None,
        typer.Argument(help="A WARC file that no workspace knows; without it, the workspace's."),
    ] = None,
    *,
    workspace: WorkspaceOption = None,
) -> None:
    """Cut torn ends off: what a killed run left of a record that was never whole.

    Example: alliance-nlp archive repair
    """
    from alliance_nlp.archive import repair_alone
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import repair_archive as repair

    if file is not None:
        cut = [(str(file), repair_alone(file))]
    else:
        space, settings = open_workspace(workspace)
        cut = repair(space, settings)
    for name, n_bytes in cut:
        if n_bytes:
            console.out().print(f"cut {n_bytes} bytes of a torn end off {name}", markup=False)
    if not any(n_bytes for _, n_bytes in cut):
        console.out().print("nothing is torn")


@db_app.command("backup")
def backup_database(
    file: Annotated[Path, typer.Argument(help="The file to write; it must not exist yet.")],
    *,
    workspace: WorkspaceOption = None,
) -> None:
    """Write the whole database, as of this moment, to one file; a night may be running.

    The archive in data/raw is a set of files that only grow: copy it by any means.

    Example: alliance-nlp db backup /backup/alliance-2026-11-22.db
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import backup

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        counts = backup(database, file)
    console.out().print(
        f"wrote {sum(counts.values())} rows, {counts['articles']} articles and "
        f"{counts['decisions']} decisions among them, to {file}",
        markup=False,
    )


@db_app.command("restore")
def restore_database(
    file: Annotated[Path, typer.Argument(help="A file that db backup wrote.")],
    *,
    workspace: WorkspaceOption = None,
) -> None:
    """Fill the workspace's database, which must be empty, from a backup.

    If the archive is newer than the backup, run alliance-nlp rebuild afterwards.

    Example: alliance-nlp db restore /backup/alliance-2026-11-22.db
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import restore

    space, settings = open_workspace(workspace)
    with space.lock("db restore"), open_database(space, settings) as database:
        counts = restore(file, database)
    if not any(counts.values()):
        raise InputError(f"{file} holds nothing to restore; name a file that db backup wrote")
    console.out().print(f"restored {sum(counts.values())} rows from {file}", markup=False)


def rebuild(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Make articles, stories and candidates again from data/raw alone; no network.

    Decisions and issues in the database stay as they are.

    Example: alliance-nlp rebuild
    """
    from alliance_nlp.cli import console, nights
    from alliance_nlp.pipeline.rebuilding import rebuild as rebuild_all

    space, settings = open_workspace(workspace)
    with console.watch() as watch:
        report = rebuild_all(space, settings, load_model=model_loader(space), watch=watch)
    nights.show(report, as_json=as_json)
    if report.n_failed:
        raise typer.Exit(3)


def quarantine(
    *, workspace: WorkspaceOption = None, stage: StepOption = None, as_json: JsonOption = False
) -> None:
    """List the pages and articles that a stage failed on, and why.

    Example: alliance-nlp quarantine --stage extract
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.pipeline.quarantine import held_items

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database, database.read() as tx:
        held = held_items(tx, stage=stage)
    if console.wants_json(as_json):
        for item in held:
            console.print_line(
                {
                    "stage": item.stage,
                    "subject": item.subject,
                    "reason": item.reason,
                    "detail": item.detail,
                }
            )
        return
    if not held:
        console.out().print("nothing is in quarantine")
        return
    rows = [(item.stage, item.reason, item.subject, item.detail) for item in held]
    console.out().print(console.table("", ["stage", "reason", "subject", "detail"], rows))


def retry_quarantine(
    *, workspace: WorkspaceOption = None, stage: StepOption = None, as_json: JsonOption = False
) -> None:
    """Try again what a stage failed on, after a fix or with higher limits.

    Example: ALLIANCE_PROCESS__TIME_LIMIT_S=120 alliance-nlp retry-quarantine
    """
    from alliance_nlp.cli import console, nights
    from alliance_nlp.pipeline.quarantine import release

    space, settings = open_workspace(workspace)
    n_released = release(space, settings, stage=stage)
    console.err().print(f"{n_released} let out of quarantine")
    report = nights.run_here("process", space, settings, as_of=None)
    nights.show(report, as_json=as_json)
    if report.n_failed:
        raise typer.Exit(3)


def versions(
    url: Annotated[str, typer.Argument(help="The article's address, in any of its spellings.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show how an article was edited: its versions, and what changed from each to the next.

    Example: alliance-nlp versions https://example.org/news/1
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.pipeline.versions import read_history

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database, database.read() as tx:
        history = read_history(tx, url)
    if console.wants_json(as_json):
        console.print_json(history.to_json())
        return
    out = console.out()
    for edit in history.edits:
        title = edit.article.title or "(no title)"
        out.print(f"{edit.seen_at:%F %R}Z  {title}", markup=False, style="bold")
        for change in edit.changes.changes if edit.changes else ():
            if change.before:
                out.print(f"  - {change.before}", markup=False, style="red")
            if change.after:
                out.print(f"  + {change.after}", markup=False, style="green")
    if history.withdrawn:
        out.print(f"withdrawn: {history.withdrawn}", markup=False, style="bold")
