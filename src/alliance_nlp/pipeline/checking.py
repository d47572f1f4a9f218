"""Sources looked at live, outside any night: what they are, how fresh, dead or moved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from urllib.parse import urljoin

from alliance_nlp.archive import decoded
from alliance_nlp.collect import Arrived, Fetch, Fetcher
from alliance_nlp.config import Settings
from alliance_nlp.core.errors import AllianceError, CollectError, ConfigError
from alliance_nlp.core.types import Page, Rejected, Role, Source, SourceKind
from alliance_nlp.core.urls import host_and_port, is_web_url
from alliance_nlp.pipeline.visiting import Hops, is_blocked
from alliance_nlp.sources import (
    Found,
    Judgement,
    discover,
    freshness,
    identify,
    read_listing,
    sitemaps_in,
    suggest_pattern,
)
from alliance_nlp.workspace import Workspace

# Beyond that a listing of news is hardly kept up.
_STALE = timedelta(days=60)
_PLACES = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a source turned out to be.

    ``state`` is ``ok``, ``moved``, ``empty``, ``stale``, ``blocked``, ``dead`` or ``local``;
    ``form`` is ``rss``, ``atom``, ``sitemap`` and so on, or ``index``.
    """

    source: Source
    state: str
    form: str = ""
    n_entries: int = 0
    newest_at: datetime | None = None
    detail: str = ""
    do: str = ""


@dataclass(slots=True)
class _Answer:
    """What came of one request, its robots.txt apart."""

    page: Page | None
    rejected: Rejected | None
    hops: Hops


def check_sources(
    sources: Sequence[Source],
    settings: Settings,
    *,
    workspace: Workspace | None = None,
) -> Iterator[Check]:
    """Yield what each source's listing is at present, in the order of the answers.

    Nothing is archived or kept. Listings are asked for once, politely; articles are not.
    """
    network = {s.id: s for s in sources if s.kind not in (SourceKind.FOLDER, SourceKind.WARC)}
    for source in sources:
        if source.id not in network:
            yield _check_local(source, workspace)
    with Fetcher(settings.politeness()) as fetcher:
        for source in network.values():
            fetcher.submit(_fetch(source.id, source.url, source.url))
        for key, answer in _answers(fetcher):
            yield _check(network[key], answer, settings)


def _check_local(source: Source, workspace: Workspace | None) -> Check:
    path = Path(source.url)
    if not path.is_absolute() and workspace is not None:
        path = workspace.root / path
    if path.exists() or any(path.parent.glob(path.name)):
        return Check(source=source, state="local", form=source.kind.value)
    do = f"make the folder, or mend url of {source.id!r}"
    return Check(source=source, state="dead", detail=f"{path} is not there", do=do)


def _fetch(key: str, url: str, home: str) -> Fetch:
    return Fetch(key=key, url=url, source_id=key, role=Role.LISTING, home=host_and_port(home))


def _answers(fetcher: Fetcher) -> Iterator[tuple[str, _Answer]]:
    """Yield what comes of each request, by its key; more may be submitted meanwhile."""
    pages: dict[str, Page] = {}
    hops: dict[str, Hops] = {}
    for event in fetcher.events():
        if isinstance(event, Arrived):
            if event.key:
                pages[event.key] = event.page
                hops.setdefault(event.key, Hops()).add(event.page.status)
            continue
        page = pages.pop(event.key, None)
        way = hops.pop(event.key, Hops())
        yield event.key, _Answer(page=page, rejected=event.rejected, hops=way)


def _check(source: Source, answer: _Answer, settings: Settings) -> Check:
    if answer.rejected is not None or answer.page is None:
        detail = answer.rejected.detail if answer.rejected else "nothing came"
        if answer.rejected is not None and is_blocked(answer.rejected):
            do = f"ask the site for leave, or look for another listing: {_discover(source)}"
            return Check(source=source, state="blocked", detail=detail, do=do)
        do = f"look for its listing anew: {_discover(source)}"
        return Check(source=source, state="dead", detail=detail, do=do)
    try:
        page = decoded(answer.page, max_bytes=settings.collect.max_bytes)
    except AllianceError as error:
        do = f"look for another listing: {_discover(source)}"
        return Check(source=source, state="dead", detail=str(error), do=do)
    return _judge(source, page, moved_to=answer.hops.moved_to(page.url))


def _discover(source: Source) -> str:
    """Return the command that looks for a source's listing where its address is no help."""
    return f"alliance-nlp sources discover {source.home or urljoin(source.url, '/')}"


def _judge(source: Source, page: Page, *, moved_to: str) -> Check:
    listing = read_listing(source, page)
    if isinstance(listing, Rejected):
        do = f"look for its listing anew: {_discover(source)}"
        return Check(source=source, state="dead", detail=listing.detail, do=do)
    form = "index"
    if source.kind is not SourceKind.INDEX:
        found = identify(page, Found(url=source.url, kind=source.kind, why="configured"))
        form = found.form if isinstance(found, Judgement) else source.kind.value
    n_entries = len(listing.leads) + len(listing.more)
    newest_at = freshness(listing, zone=source.zone, at=page.fetched_at)
    state, detail, do = "ok", "; ".join(listing.warnings), ""
    if moved_to:
        state, detail, do = "moved", f"it leads to {moved_to} for good", f'url = "{moved_to}"'
    elif not n_entries:
        is_index = source.kind is SourceKind.INDEX
        state, detail = "empty", detail or "it names no article"
        do = "mend link_pattern" if is_index else f"look for another listing: {_discover(source)}"
    elif newest_at is not None and page.fetched_at - newest_at > _STALE:
        state, detail = "stale", f"its newest article is of {newest_at:%F}"
        do = f"see whether it goes on elsewhere: {_discover(source)}"
    return Check(
        source=source,
        state=state,
        form=form,
        n_entries=n_entries,
        newest_at=newest_at,
        detail=detail,
        do=do,
    )


def discover_sources(url: str, settings: Settings) -> list[Judgement]:
    """Return the feeds and sitemaps of a site that answer, feeds first, the freshest first.

    ``url`` may itself be one. If there is none, an index with the most probable pattern of its
    articles' addresses, given as its ``form``, is returned.

    Raises
    ------
    ConfigError
        If ``url`` is no web address.
    CollectError
        If the page cannot be had.
    """
    if not is_web_url(url):
        raise ConfigError(f"{url!r} is no web address; write https://host/")
    with Fetcher(settings.politeness()) as fetcher:
        first = {"home": url, "robots": urljoin(url, "/robots.txt")}
        for key, address in first.items():
            fetcher.submit(_fetch(key, address, url))
        answers = _answers(fetcher)
        asked = dict(islice(answers, len(first)))
        home = _body(asked["home"], settings)
        if home is None:
            rejected = asked["home"].rejected
            raise CollectError(
                f"{url} cannot be looked at: {rejected.detail if rejected else 'no page'}"
            )
        places = _places(home, _body(asked["robots"], settings))
        named = {f"place {number}": place for number, place in enumerate(places)}
        for key, place in named.items():
            fetcher.submit(_fetch(key, place.url, url))
        pages = {key: _body(answer, settings) for key, answer in answers}
    itself = identify(home, Found(url=url, kind=SourceKind.FEED, why="it was named"))
    judged = [identify(page, named[key]) for key in named if (page := pages[key]) is not None]
    return _in_order([itself, *judged]) or _as_index(home)


def _places(home: Page, robots: Page | None) -> list[Found]:
    """Return where listings may be, those that the site itself declares first."""
    places = list(discover(home))
    known = {place.url for place in places}
    places += [
        Found(url=url, kind=SourceKind.SITEMAP, why="robots.txt names it", is_sure=True)
        for url in (sitemaps_in(robots.body) if robots is not None else ())
        if url not in known
    ]
    return sorted(places, key=lambda place: not place.is_sure)[:_PLACES]


def _in_order(judged: Iterable[Judgement | Rejected]) -> list[Judgement]:
    """Return what holds anything, each address once, feeds first, then by freshness."""
    once: dict[str, Judgement] = {}
    for one in judged:
        if isinstance(one, Judgement) and (one.n_entries or one.n_more):
            once.setdefault(one.url, one)
    oldest = datetime.min.replace(tzinfo=UTC)
    by_date = sorted(once.values(), key=lambda one: one.newest_at or oldest, reverse=True)
    return sorted(by_date, key=lambda one: one.kind is SourceKind.SITEMAP)


def _as_index(home: Page) -> list[Judgement]:
    pattern = suggest_pattern(home)
    if not pattern:
        return []
    source = Source(id="index", name="", kind=SourceKind.INDEX, url=home.url, link_pattern=pattern)
    listing = read_listing(source, home)
    if isinstance(listing, Rejected):
        return []
    return [
        Judgement(
            url=home.url,
            kind=SourceKind.INDEX,
            form=pattern,
            title="",
            n_entries=len(listing.leads),
            n_more=0,
            newest_at=freshness(listing, zone="UTC", at=home.fetched_at),
        )
    ]


def _body(answer: _Answer, settings: Settings) -> Page | None:
    if answer.rejected is not None or answer.page is None:
        return None
    try:
        return decoded(answer.page, max_bytes=settings.collect.max_bytes)
    except AllianceError:
        return None
