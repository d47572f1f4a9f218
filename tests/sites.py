"""A news web on loopback: outlets with an address each, well-behaved, slow and hostile.

Each outlet lives at an address of its own, 127.1.0.1 and so on, all on one port: a crawler sees
as many hosts as there are outlets. What an outlet shows is made when it is asked for, so a test
may edit or withdraw a piece at any time; validators follow.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from enum import StrEnum
from hashlib import sha256
from html import escape
from pathlib import Path

from tests import misconduct
from tests.prose import compose

AS_OF = datetime(2025, 3, 10, 12, tzinfo=UTC)
AGENCY = "Loopback Press"


class Manner(StrEnum):
    """How an outlet behaves."""

    NORMAL = "normal"
    # 1 byte a second
    SLOW = "slow"
    SLOW_LISTING = "slow-listing"
    SLOW_ARTICLES = "slow-articles"
    # 20 seconds to the first byte
    LATE = "late"
    # these do it with their listing
    BOMB = "bomb"
    LOOP = "loop"
    ENDLESS_HEADERS = "endless-headers"
    GARBAGE = "garbage"
    RESET = "reset"
    VAST_SITEMAP = "vast-sitemap"


SLOW = (Manner.SLOW, Manner.SLOW_LISTING, Manner.SLOW_ARTICLES, Manner.LATE)
HOSTILE = (
    Manner.BOMB,
    Manner.LOOP,
    Manner.ENDLESS_HEADERS,
    Manner.GARBAGE,
    Manner.RESET,
    Manner.VAST_SITEMAP,
)
LISTINGS = {"atom": "feed", "rss": "feed", "news": "sitemap", "html": "index"}


@dataclass
class Piece:
    """An article; ``links`` are the spellings of its address that listings show."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    language: str
    published_at: datetime
    updated_at: datetime
    is_gone: bool = False
    is_poisonous: bool = False
    links: tuple[str, ...] = ()

    def edit(self, paragraph: str, *, at: datetime | None = None) -> None:
        """Add a paragraph; listings say so only with ``at``."""
        self.paragraphs = (*self.paragraphs, paragraph)
        self.updated_at = at or self.updated_at

    def undo_edit(self, *, at: datetime) -> None:
        """Take the last paragraph back."""
        self.paragraphs = self.paragraphs[:-1]
        self.updated_at = at


@dataclass
class Outlet:
    """A host with its pieces; ``listing`` is atom, rss, news (a sitemap) or html (an index)."""

    id: str
    ip: str
    pieces: list[Piece]
    listing: str = "atom"
    manner: Manner = Manner.NORMAL
    port: int = 0

    @property
    def root(self) -> str:
        return f"http://{self.ip}:{self.port}"

    @property
    def listing_path(self) -> str:
        return "/news/" if self.listing == "html" else f"/{self.listing}.xml"

    def url(self, piece: Piece) -> str:
        return self.root + piece.path

    def source(self) -> str:
        """Return the ``[[sources]]`` entry that reads this outlet."""
        entry = {
            "id": self.id,
            "name": self.id.title(),
            "kind": LISTINGS[self.listing],
            "url": self.root + self.listing_path,
        }
        if self.listing == "html":
            entry["link_pattern"] = "/news/20[0-9]{2}/"
        lines = [f"{name} = {json.dumps(value)}" for name, value in entry.items()]
        return "\n".join(["[[sources]]", *lines, ""])


@dataclass(frozen=True)
class Seen:
    """A request and what it was answered."""

    host: str
    path: str
    headers: dict[str, str]
    status: int
    etag: str
    last_modified: str
    at: float


@dataclass
class NewsWeb:
    """The running web."""

    outlets: list[Outlet]
    port: int
    seen: list[Seen] = field(default_factory=list)

    def requests(self, outlet: Outlet, path: str = "") -> list[Seen]:
        """Return what an outlet was asked, in order."""
        seen = [seen for seen in list(self.seen) if seen.host == outlet.ip]
        return [one for one in seen if not path or one.path == path]

    def config(self, **collect: float) -> str:
        """Return an ``alliance.toml`` of all outlets, with these settings of ``[collect]``."""
        settings = "".join(f"{name} = {value}\n" for name, value in collect.items())
        return f"[collect]\n{settings}\n" + "\n".join(o.source() for o in self.outlets)

    def write_config(self, workspace: Path, **collect: float) -> None:
        (workspace / "alliance.toml").write_text(self.config(**collect), encoding="utf-8")


def outlet(
    number: int, *, pages: int, manner: Manner = Manner.NORMAL, listing: str = "", seed: int = 0
) -> Outlet:
    """Make an outlet; the listing's form follows from its number unless given."""
    forms = list(LISTINGS)
    is_vast = manner is Manner.VAST_SITEMAP
    return Outlet(
        id=f"outlet-{number:03}",
        ip=f"127.1.{number // 250}.{number % 250 + 1}",
        pieces=[_piece(number, n, seed=seed) for n in range(pages)],
        listing="news" if is_vast else listing or forms[number % len(forms)],
        manner=manner,
    )


def _piece(number: int, n: int, *, seed: int) -> Piece:
    language = "ja" if number % 5 == 4 else "en"
    title, paragraphs = compose(number * 1000 + n, language=language, seed=seed)
    at = AS_OF - timedelta(hours=3 + n, minutes=number % 60)
    path = f"/news/{at:%Y}/{at:%m}/item-{number}-{n}"
    return Piece(path, title, paragraphs, language, at, at)


def news_web(
    *, outlets: int, pages: int, slow: int = 0, hostile: int = 0, seed: int = 0
) -> list[Outlet]:
    """Make outlets: the normal ones first, then the slow, then the hostile."""
    normal = [Manner.NORMAL] * (outlets - slow - hostile)
    others = [SLOW[n % len(SLOW)] for n in range(slow)]
    others += [HOSTILE[n % len(HOSTILE)] for n in range(hostile)]
    return [
        outlet(number, pages=pages, manner=manner, seed=seed)
        for number, manner in enumerate(normal + others)
    ]


@contextmanager
def serve(outlets: Sequence[Outlet]) -> Iterator[NewsWeb]:
    """Serve outlets until the block ends, from a thread of its own."""
    ready: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []
    web = NewsWeb(list(outlets), port=0)
    started = threading.Event()
    thread = threading.Thread(
        target=lambda: asyncio.run(_serve(web, ready, started)), name="news-web", daemon=True
    )
    thread.start()
    if not started.wait(20) or not ready:
        raise RuntimeError("the news web did not start")
    try:
        yield web
    finally:
        loop, over = ready[0]
        loop.call_soon_threadsafe(over.set)
        thread.join(20)


async def _serve(
    web: NewsWeb,
    ready: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]],
    started: threading.Event,
) -> None:
    tasks: set[asyncio.Task[None]] = set()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        # Clients hang up, and at the end we do.
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await _Talk(web, reader, writer).run()
        tasks.discard(task)
        writer.transport.abort()

    first, *others = [one.ip for one in web.outlets]
    servers = [await asyncio.start_server(talk, first, 0, backlog=256)]
    web.port = servers[0].sockets[0].getsockname()[1]
    for one in web.outlets:
        one.port = web.port
    if others:
        servers.append(await asyncio.start_server(talk, others, web.port, backlog=256))
    over = asyncio.Event()
    ready.append((asyncio.get_running_loop(), over))
    started.set()
    await over.wait()
    for server in servers:
        server.close()
    for task in tasks:
        task.cancel()


class _Talk:
    """One connection."""

    def __init__(
        self, web: NewsWeb, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._web, self._reader, self._writer = web, reader, writer
        ip = writer.get_extra_info("sockname")[0]
        self._outlet = next(one for one in web.outlets if one.ip == ip)

    async def run(self) -> None:
        while True:
            head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            request, *lines = head.split("\r\n")
            path = request.split(" ")[1]
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in lines if line)
            }
            if not await self._answer(path, headers):
                return

    async def _answer(self, path: str, headers: dict[str, str]) -> bool:
        """Answer; tell whether the connection stays."""
        status, kind, body = _page(self._outlet, path)
        tag = f'"{sha256(body).hexdigest()[:16]}"'
        if self._outlet.listing == "rss":
            tag = f"W/{tag}"
        changed = format_datetime(_changed_at(self._outlet, path), usegmt=True)
        if status == 200 and kind != "text/plain" and headers.get("if-none-match") == tag:
            status, body = 304, b""
        self._web.seen.append(
            Seen(self._outlet.ip, path, headers, status, tag, changed, time.monotonic())
        )
        validators = {"ETag": tag, "Last-Modified": changed}
        whole = _response(status, kind, body, validators=validators)
        manner = self._outlet.manner
        if manner in (Manner.SLOW, Manner.SLOW_LISTING, Manner.SLOW_ARTICLES):
            if _is_slow(manner, self._outlet, path):
                await misconduct.drip(self._writer, whole)
                return False
        elif manner is Manner.LATE:
            await asyncio.sleep(misconduct.LATE_S)
        elif manner is not Manner.NORMAL and path != "/robots.txt":
            await misconduct.BY_NAME[manner](self._writer, self._outlet.root, path)
            return False
        self._writer.write(whole)
        await self._writer.drain()
        return True


def _is_slow(manner: Manner, one: Outlet, path: str) -> bool:
    is_listing = path == one.listing_path
    is_article = not is_listing and path != "/robots.txt"
    return {
        Manner.SLOW: True,
        Manner.SLOW_LISTING: is_listing,
        Manner.SLOW_ARTICLES: is_article,
    }[manner]


def _response(status: int, kind: str, body: bytes, *, validators: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} Status", *(f"{k}: {v}" for k, v in validators.items())]
    if status != 304:
        lines += [f"Content-Type: {kind}; charset=utf-8", f"Content-Length: {len(body)}"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def _page(one: Outlet, path: str) -> tuple[int, str, bytes]:
    if path == "/robots.txt":
        return 200, "text/plain", b"User-agent: *\nDisallow: /private/\n"
    if path == one.listing_path:
        return _listing(one)
    name = path.partition("?")[0].rstrip("/")
    piece = next((piece for piece in one.pieces if piece.path == name), None)
    if piece is None:
        return 404, "text/html", b"<p>no such page</p>"
    if piece.is_gone:
        return 410, "text/html", b"<p>this page is gone</p>"
    body = misconduct.poison(piece.title) if piece.is_poisonous else article_html(one, piece)
    return 200, "text/html", body


def _changed_at(one: Outlet, path: str) -> datetime:
    times = {piece.path: piece.updated_at for piece in one.pieces}
    return times.get(path.partition("?")[0]) or max(times.values(), default=AS_OF)


def article_html(one: Outlet, piece: Piece) -> bytes:
    """Return the page of a piece."""
    head = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": piece.title,
        "datePublished": piece.published_at.isoformat(),
        "publisher": {"@type": "Organization", "name": AGENCY},
    }
    text = "\n".join(f"<p>{escape(paragraph)}</p>" for paragraph in piece.paragraphs)
    return f"""<!doctype html>
<html lang="{piece.language}"><head><meta charset="utf-8"><title>{escape(piece.title)}</title>
<script type="application/ld+json">{json.dumps(head)}</script></head>
<body><nav><a href="/">Home</a> <a href="{one.listing_path}">News</a></nav>
<article><h1>{escape(piece.title)}</h1>
{text}
</article><footer>{AGENCY}</footer></body></html>""".encode()


def _listing(one: Outlet) -> tuple[int, str, bytes]:
    make = {"atom": _atom, "rss": _rss, "news": _news, "html": _index}[one.listing]
    items = [
        (link if link.startswith("http") else one.root + link, piece)
        for piece in one.pieces
        for link in piece.links or (piece.path,)
    ]
    kind = "text/html" if one.listing == "html" else "application/xml"
    return 200, kind, make(one, items).encode()


_Items = list[tuple[str, Piece]]


def _atom(one: Outlet, items: _Items) -> str:
    entries = "".join(
        f"<entry><id>{escape(link)}</id><title>{escape(piece.title)}</title>"
        f'<link href="{escape(link)}"/><published>{piece.published_at.isoformat()}</published>'
        f"<updated>{piece.updated_at.isoformat()}</updated></entry>\n"
        for link, piece in items
    )
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>{one.id}</title><id>{one.root}</id>'
        f"<updated>{AS_OF.isoformat()}</updated>\n{entries}</feed>"
    )


def _rss(one: Outlet, items: _Items) -> str:
    entries = "".join(
        f"<item><title>{escape(piece.title)}</title><link>{escape(link)}</link>"
        f"<pubDate>{format_datetime(piece.published_at)}</pubDate></item>\n"
        for link, piece in items
    )
    return (
        f'<rss version="2.0"><channel><title>{one.id}</title><link>{one.root}</link>'
        f"<description>All of it</description>\n{entries}</channel></rss>"
    )


def _news(one: Outlet, items: _Items) -> str:
    entries = "".join(
        f"<url><loc>{escape(link)}</loc><lastmod>{piece.updated_at.isoformat()}</lastmod>"
        f"<news:news><news:title>{escape(piece.title)}</news:title><news:publication_date>"
        f"{piece.published_at.isoformat()}</news:publication_date></news:news></url>\n"
        for link, piece in items
    )
    return (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">\n{entries}</urlset>'
    )


def _index(one: Outlet, items: _Items) -> str:
    entries = "".join(
        f'<li><a href="{escape(link)}">{escape(piece.title)}</a></li>\n' for link, piece in items
    )
    return f"<!doctype html><title>{one.id}</title><h1>News</h1><ul>\n{entries}</ul>"
