"""sources list, show, add, check, discover, import-opml, export-opml."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.groups import Group
from alliance_nlp.cli.options import JsonOption, WorkspaceOption, open_workspace
from alliance_nlp.core.errors import ConfigError, InputError, WorkspaceError

if TYPE_CHECKING:
    from alliance_nlp.config import Settings
    from alliance_nlp.core.types import Source
    from alliance_nlp.pipeline.checking import Check
    from alliance_nlp.sources import Health
    from alliance_nlp.workspace import Workspace

_VISITS_SHOWN = 10

app = typer.Typer(
    cls=Group, no_args_is_help=True, help="The workspace's sources and the catalogue."
)

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
    from alliance_nlp.cli import console, source_tables

    health: dict[str, Health] = {}
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
            console.print_line(source_tables.source_json(source, health.get(source.id)))
        return
    if not chosen:
        console.out().print("no such sources; all there are: alliance-nlp sources list --catalogue")
    elif catalogue:
        console.out().print(source_tables.catalogue_table(chosen))
    else:
        console.out().print(source_tables.health_table(chosen, health))


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
    from alliance_nlp.cli import console, source_tables
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
        visits = read_visits_of(space, settings, source_id)[-_VISITS_SHOWN:]
    known = (*own, *_catalogue())
    source = next((s for s in known if s.id == source_id), None)
    if source is None:
        raise ConfigError(_unknown(source_id, known))
    if console.wants_json(as_json):
        said = [source_tables.visit_json(visit) for visit in visits]
        console.print_json(source_tables.source_json(source, health) | {"visits": said})
        return
    console.out().print(source_tables.source_table(source, health))
    if visits:
        console.out().print(source_tables.visits_table(visits))


@app.command()
def add(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids of the catalogue.")] = None,
    *,
    workspace: WorkspaceOption = None,
    every: Annotated[bool, typer.Option("--all", help="All that the filters below leave.")] = False,
    country: CountryOption = None,
    sector: SectorOption = None,
    topic: TopicOption = None,
    url: Annotated[
        str | None, typer.Option("--url", help="Address of a source that is not in the catalogue.")
    ] = None,
    source_id: Annotated[str | None, typer.Option("--id", help="With --url: its id.")] = None,
    name: Annotated[str | None, typer.Option("--name", help="With --url: its name.")] = None,
    kind: Annotated[
        str,
        typer.Option("--kind", help="With --url: feed, sitemap, index, folder or warc."),
    ] = "feed",
    link_pattern: Annotated[
        str,
        typer.Option("--link-pattern", help="For an index: what its articles' addresses match."),
    ] = "",
) -> None:
    """Add sources to alliance.toml: from the catalogue by id or filter, or one of your own.

    Example: alliance-nlp sources add usfj-news --workspace /srv/alliance

    Example: alliance-nlp sources add --all --country JP --sector government

    Example: alliance-nlp sources add --url https://news.example/feed.xml --id news --name News
    """
    space, settings = open_workspace(workspace)
    if (url is not None) + every + bool(ids) != 1:
        raise ConfigError("name ids of the catalogue, or --all, or --url with --id and --name")
    if url is not None:
        if not source_id or not name:
            raise ConfigError(f"--url {url} needs an --id, such as navy-news, and a --name")
        entry = {"id": source_id, "name": name, "kind": kind, "url": url}
        entries = [{**entry, "link_pattern": link_pattern} if link_pattern else entry]
    elif every:
        chosen = _only(_catalogue(), country=country, sector=sector, topic=topic)
        entries = [{"id": source.id} for source in chosen]
    else:
        entries = [{"id": one} for one in _named(ids or (), _catalogue())]
    _append(space, settings, entries)


def _named(ids: Sequence[str], known: Sequence[Source]) -> list[str]:
    """Return the ids, each once.

    Raises
    ------
    ConfigError
        If there is no such source.
    """
    for one in ids:
        if one not in {source.id for source in known}:
            raise ConfigError(_unknown(one, known))
    return list(dict.fromkeys(ids))


def _append(space: Workspace, settings: Settings, entries: Sequence[Mapping[str, Any]]) -> None:
    from alliance_nlp.cli import console
    from alliance_nlp.config import append_sources

    own = {source.id: source.url for source in settings.read_sources()}
    urls = set(own.values())
    fresh = [e for e in entries if (e["url"] not in urls if "url" in e else e["id"] not in own)]
    for entry in fresh:
        if entry["id"] in own:
            raise ConfigError(
                f"the id {entry['id']!r} is that of {own[entry['id']]}; give another --id"
            )
    if fresh:
        append_sources(space.config_file, fresh)
    n_known = len(entries) - len(fresh)
    known = f"; {n_known} there already" if n_known else ""
    n_fresh = "1 source" if len(fresh) == 1 else f"{len(fresh) or 'no'} sources"
    console.out().print(f"added {n_fresh} to {space.config_file}{known}", markup=False)


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
    from alliance_nlp.cli import console, source_tables
    from alliance_nlp.config import load_settings
    from alliance_nlp.pipeline.checking import check_sources

    space = None
    if catalogue:
        settings, chosen = load_settings(None), _catalogue()
    else:
        space, settings = open_workspace(workspace)
        chosen = settings.read_sources()
    wanted = _named(ids or (), chosen)
    chosen = _only(chosen, country=country, sector=sector)
    chosen = tuple(source for source in chosen if not wanted or source.id in wanted)
    found = check_sources(chosen, settings, workspace=space)
    is_json = console.wants_json(as_json)
    checks = _print_checks(found) if is_json else _show_checks(found, len(chosen))
    if not all(source_tables.is_fine(check) for check in checks):
        raise typer.Exit(3)


def _print_checks(found: Iterable[Check]) -> list[Check]:
    """Print each as it comes; without bars, which would take over standard output."""
    from alliance_nlp.cli import console, source_tables

    checks = []
    for one in found:
        checks.append(one)
        console.print_line(source_tables.check_json(one))
        sys.stdout.flush()  # whoever reads them may act before the last one
    return checks


def _show_checks(found: Iterable[Check], n_all: int) -> list[Check]:
    from alliance_nlp.cli import console, source_tables

    checks = []
    with console.progress() as progress:
        for one in found:
            checks.append(one)
            progress("check", len(checks), n_all)
    console.out().print(source_tables.checks_table(checks))
    return checks


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
    from alliance_nlp.cli import console, source_tables
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
            console.print_line(source_tables.listing_json(one))
    elif found:
        console.out().print(source_tables.listings_table(found))
    else:
        console.out().print("no feed, no sitemap, and no pattern of articles stands out there")


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
    own = settings.read_sources()
    urls, taken = {source.url for source in own}, {source.id for source in own}
    entries = read_opml(data)
    for entry in entries:
        wanted, number = entry["id"], 2
        while entry["url"] not in urls and entry["id"] in taken:
            entry["id"], number = f"{wanted}-{number}", number + 1
        taken.add(entry["id"])
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
    """Return the sources that the filters leave.

    Raises
    ------
    ConfigError
        If there is no such sector or topic.
    """
    from alliance_nlp.core.enums import Sector, TopicLabel

    for option, value, kind in (("sector", sector, Sector), ("topic", topic, TopicLabel)):
        names = [member.value for member in kind]
        if value is not None and value not in names:
            raise ConfigError(f"--{option} {value!r} is none of {', '.join(names)}")
    return tuple(
        source
        for source in sources
        if (country is None or source.country == country.upper())
        and (sector is None or source.sector == sector)
        and (topic is None or topic in source.topics)
    )


def _unknown(source_id: str, known: Sequence[Source]) -> str:
    import difflib

    close = difflib.get_close_matches(source_id, {source.id: None for source in known}, n=3)
    hint = f"did you mean {' or '.join(close)}?" if close else "see: alliance-nlp sources list"
    return f"there is no source {source_id!r}; {hint}"
