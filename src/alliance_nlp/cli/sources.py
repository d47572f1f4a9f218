"""sources list, show, add, check, discover, import-opml, export-opml."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption, open_workspace
from alliance_nlp.core.errors import ConfigError, InputError, WorkspaceError

if TYPE_CHECKING:
    from alliance_nlp.config import Settings
    from alliance_nlp.core.types import Source
    from alliance_nlp.workspace import Workspace

app = typer.Typer(no_args_is_help=True, help="The workspace's sources and the catalogue.")

CatalogueOption = Annotated[
    bool, typer.Option("--catalogue", help="The catalogue that ships with the package.")
]
CountryOption = Annotated[
    str | None, typer.Option("--country", help="Only of this country, such as JP.")
]
SectorOption = Annotated[
    str | None, typer.Option("--sector", help="Only of this sector, such as military or press.")
]
TopicOption = Annotated[str | None, typer.Option("--topic", help="Only on this topic.")]


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="sources", rich_help_panel="The night")


@app.command("list")
def list_sources(
    *,
    workspace: WorkspaceOption = None,
    catalogue: CatalogueOption = False,
    country: CountryOption = None,
    sector: SectorOption = None,
    topic: TopicOption = None,
    as_json: JsonOption = False,
) -> None:
    """List the workspace's sources with their health, or the catalogue.

    Example: alliance-nlp sources list --catalogue --country JP --topic energy
    """
    from alliance_nlp.cli import console

    health: dict[str, Any] = {}
    if catalogue:
        chosen = _catalogue()
    else:
        from alliance_nlp.pipeline.healthcheck import read_health

        space, settings = open_workspace(workspace)
        chosen = settings.read_sources()
        health = {h.source_id: h for h in read_health(space, settings)}
    chosen = _only(chosen, country=country, sector=sector, topic=topic)
    if console.wants_json(as_json):
        for source in chosen:
            console.print_line(_as_json(source, health.get(source.id)))
        return
    columns = ["id", "name", "kind", "country", "sector", "topics"]
    columns += [] if catalogue else ["state", "why"]
    rows = []
    for source in chosen:
        row = [source.id, source.name, source.kind.value, source.country, source.sector.value]
        row.append(", ".join(topic.value for topic in source.topics))
        if not catalogue:
            found = health.get(source.id)
            row += [found.state.value, found.why] if found else ["", ""]
        rows.append(row)
    console.out().print(console.table(f"{len(chosen)} sources", columns, rows))


@app.command()
def show(
    source_id: Annotated[str, typer.Argument(help="The source's id.", show_default=False)],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a source of the workspace, or else of the catalogue, with its health and last visits.

    Example: alliance-nlp sources show usfj-news
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.healthcheck import read_health, read_visits_of

    own: tuple[Source, ...] = ()
    health, visits = None, []
    try:
        space, settings = open_workspace(workspace)
    except WorkspaceError:
        if workspace is not None:
            raise
    else:
        own = settings.read_sources()
        health = next((h for h in read_health(space, settings) if h.source_id == source_id), None)
        visits = read_visits_of(space, settings, source_id)[-10:]
    source = next((s for s in (*own, *_catalogue()) if s.id == source_id), None)
    if source is None:
        raise ConfigError(_unknown(source_id, own))
    value = _as_json(source, health)
    value["visits"] = [
        {"run": v.run_id, "at": v.at.isoformat(), "outcome": v.outcome.value, "new": v.n_new}
        | {"listed": v.n_listed, "failed": v.n_failed, "detail": v.detail}
        for v in visits
    ]
    if console.wants_json(as_json):
        console.print_json(value)
        return
    rows = [(name, item) for name, item in value.items() if name != "visits" and item is not None]
    console.out().print(console.table(source.name, ["", ""], rows))
    if visits:
        lines = [(v.run_id, f"{v.at:%F %R}", v.outcome.value, v.n_new, v.detail) for v in visits]
        columns = ["#run", "at (UTC)", "outcome", "#new", "detail"]
        console.out().print(console.table("Last visits", columns, lines))


@app.command()
def add(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of the catalogue.")] = None,
    *,
    workspace: WorkspaceOption = None,
    every: Annotated[bool, typer.Option("--all", help="All that the filters below leave.")] = False,
    country: CountryOption = None,
    sector: SectorOption = None,
    topic: TopicOption = None,
    url: Annotated[str | None, typer.Option("--url", help="Of a source not in there.")] = None,
    source_id: Annotated[str | None, typer.Option("--id", help="Its id.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="Its name.")] = None,
    kind: Annotated[str, typer.Option("--kind", help="Its kind.")] = "feed",
    link_pattern: Annotated[str, typer.Option("--link-pattern", help="For an index.")] = "",
) -> None:
    """Add sources to alliance.toml: from the catalogue by id or filter, or one of your own.

    Example: alliance-nlp sources add usfj-news --workspace /srv/alliance

    Example: alliance-nlp sources add --all --country JP --sector government

    Example: alliance-nlp sources add --url https://news.example/feed.xml --id news --name News
    """
    space, settings = open_workspace(workspace)
    if url is not None:
        entry = {"id": source_id or "", "name": name or "", "kind": kind, "url": url}
        entries = [{**entry, "link_pattern": link_pattern} if link_pattern else entry]
    else:
        entries = [{"id": one} for one in _chosen(ids or [], every, country, sector, topic)]
    _append(space, settings, entries)


def _chosen(ids: Sequence[str], every: bool, country: str | None, *rest: str | None) -> list[str]:
    sector, topic = rest
    known = _catalogue()
    if every:
        return [s.id for s in _only(known, country=country, sector=sector, topic=topic)]
    if not ids:
        raise ConfigError("name ids of the catalogue, or --all, or --url with --id and --name")
    for one in ids:
        if one not in {source.id for source in known}:
            raise ConfigError(_unknown(one, known))
    return list(ids)


def _append(space: Workspace, settings: Settings, entries: Sequence[dict[str, Any]]) -> None:
    from alliance_nlp.cli import console
    from alliance_nlp.config import append_sources

    have = {source.id for source in settings.read_sources()}
    fresh = [entry for entry in entries if entry["id"] not in have]
    if fresh:
        append_sources(space.config_file, fresh)
    n_known = len(entries) - len(fresh)
    known = f"; {n_known} were there already" if n_known else ""
    console.out().print(f"added {len(fresh)} sources to {space.config_file}{known}", markup=False)


@app.command()
def check(
    ids: Annotated[list[str] | None, typer.Argument(help="Only these sources.")] = None,
    *,
    workspace: WorkspaceOption = None,
    catalogue: CatalogueOption = False,
    country: CountryOption = None,
    sector: SectorOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fetch each source's listing now and tell its form, freshness, and whether it moved or died.

    Nothing is archived. Exit code 3 when a source is not in order.

    Example: alliance-nlp sources check --catalogue --sector military
    """
    from alliance_nlp.cli import console
    from alliance_nlp.config import load_settings
    from alliance_nlp.pipeline.checking import check_sources

    space = None
    if catalogue:
        settings, chosen = load_settings(None), _catalogue()
    else:
        space, settings = open_workspace(workspace)
        chosen = settings.read_sources()
    for one in ids or []:
        if one not in {source.id for source in chosen}:
            raise ConfigError(_unknown(one, chosen))
    chosen = _only(chosen, country=country, sector=sector)
    chosen = tuple(source for source in chosen if not ids or source.id in ids)
    checks = []
    with console.progress() as progress:
        for found in check_sources(
            chosen, settings, workspace=space, progress=lambda n: progress("check", n, len(chosen))
        ):
            checks.append(found)
            if console.wants_json(as_json):
                console.print_line(_check_json(found))
    if not console.wants_json(as_json):
        ordered = sorted(checks, key=lambda c: (c.state in ("ok", "local"), c.state))
        rows = [_check_row(found) for found in ordered]
        columns = ["source", "state", "form", "#entries", "newest", "detail", "what to do"]
        console.out().print(console.table("", columns, rows))
    if any(found.state not in ("ok", "local") for found in checks):
        raise typer.Exit(3)


@app.command("discover")
def discover_site(
    url: Annotated[str, typer.Argument(help="A site's home page, or a section of it.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the feeds and sitemaps of a site; without any, suggest an index pattern.

    Example: alliance-nlp sources discover https://www.usfj.mil/
    """
    from alliance_nlp.cli import console
    from alliance_nlp.config import load_settings
    from alliance_nlp.pipeline.checking import discover_sources

    try:
        settings = open_workspace(workspace)[1]
    except WorkspaceError:
        if workspace is not None:
            raise
        settings = load_settings(None)
    found = discover_sources(url, settings)
    if console.wants_json(as_json):
        for one in found:
            newest = one.newest_at.isoformat() if one.newest_at else None
            line = {"url": one.url, "kind": one.kind.value, "form": one.form, "title": one.title}
            console.print_line(line | {"entries": one.n_entries, "newest_at": newest})
        return
    if not found:
        console.out().print("no feed, no sitemap, and no pattern of articles stands out there")
        return
    rows = [
        (f.kind.value, f.form, f.n_entries, f"{f.newest_at:%F}" if f.newest_at else "", f.url)
        for f in found
    ]
    columns = ["kind", "form or link_pattern", "#entries", "newest", "URL"]
    console.out().print(console.table("", columns, rows))


@app.command("import-opml")
def import_opml(
    file: Annotated[Path, typer.Argument(help="The OPML file of a feed reader.")],
    *,
    workspace: WorkspaceOption = None,
) -> None:
    """Add the feeds of an OPML file to alliance.toml.

    Example: alliance-nlp sources import-opml subscriptions.opml
    """
    from alliance_nlp.sources import read_opml

    space, settings = open_workspace(workspace)
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}") from error
    have = {source.url for source in settings.read_sources()}
    ids = {source.id for source in settings.read_sources()}
    entries = [entry for entry in read_opml(data) if entry["url"] not in have]
    for entry in entries:
        wanted, number = entry["id"], 2
        while entry["id"] in ids:
            entry["id"], number = f"{wanted}-{number}", number + 1
        ids.add(entry["id"])
    _append(space, settings, entries)


@app.command("export-opml")
def export_opml(
    file: Annotated[Path, typer.Argument(help="The file to write.")],
    *,
    workspace: WorkspaceOption = None,
    catalogue: CatalogueOption = False,
) -> None:
    """Write the sources as an OPML file for other feed readers.

    Example: alliance-nlp sources export-opml alliance.opml
    """
    from alliance_nlp.cli import console
    from alliance_nlp.sources import write_opml

    chosen = _catalogue() if catalogue else open_workspace(workspace)[1].read_sources()
    try:
        file.write_bytes(write_opml(chosen))
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror or error}") from error
    console.out().print(f"wrote {file}", markup=False)


def _catalogue() -> tuple[Source, ...]:
    from alliance_nlp.sources import catalogue_entries, read_sources

    return read_sources(catalogue_entries())


def _only(
    sources: Sequence[Source],
    *,
    country: str | None = None,
    sector: str | None = None,
    topic: str | None = None,
) -> tuple[Source, ...]:
    return tuple(
        source
        for source in sources
        if (country is None or source.country == country.upper())
        and (sector is None or source.sector.value == sector)
        and (topic is None or topic in [known.value for known in source.topics])
    )


def _unknown(source_id: str, known: Sequence[Source]) -> str:
    import difflib

    close = difflib.get_close_matches(source_id, [source.id for source in known], n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else "see: alliance-nlp sources list"
    return f"there is no source {source_id!r}; {hint}"


def _as_json(source: Source, health: Any) -> dict[str, Any]:
    from dataclasses import asdict

    value = asdict(source)
    value["topics"] = [topic.value for topic in source.topics]
    if health is not None:
        value |= {"state": health.state.value, "why": health.why, "do": health.do}
        due = health.next_visit_at
        value["next_visit_at"] = due.isoformat() if due else None
    return value


def _check_row(found: Any) -> tuple[Any, ...]:
    newest = f"{found.newest_at:%F}" if found.newest_at else ""
    what = (found.source.id, found.state, found.form, found.n_entries, newest)
    return (*what, found.detail, found.do)


def _check_json(found: Any) -> dict[str, Any]:
    return {
        "id": found.source.id,
        "state": found.state,
        "form": found.form,
        "entries": found.n_entries,
        "newest_at": found.newest_at.isoformat() if found.newest_at else None,
        "detail": found.detail,
        "do": found.do,
    }
