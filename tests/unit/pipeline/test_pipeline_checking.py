"""Sources looked at live over loopback: every state that a check can come to, and discovery."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from tests.servers import Answer, raw, redirect, reply, serve, status

from alliance_nlp.config import CollectSettings, Settings
from alliance_nlp.core.errors import CollectError, ConfigError
from alliance_nlp.core.types import Source, SourceKind
from alliance_nlp.pipeline.checking import Check, check_sources, discover_sources
from alliance_nlp.workspace import Workspace

SETTINGS = Settings(collect=CollectSettings(delay_s=0, retries=0, timeout_s=5))
ROBOTS = "User-agent: *\nDisallow: /closed/\n"


def rss(*, days_old: float = 1, n: int = 3) -> str:
    at = format_datetime(datetime.now(UTC) - timedelta(days=days_old))
    items = "".join(
        f"<item><title>Piece {k}</title><link>/news/2024/piece-{k}</link>"
        f"<pubDate>{at}</pubDate></item>"
        for k in range(n)
    )
    return f'<rss version="2.0"><channel><title>Harbor</title>{items}</channel></rss>'


def feed(**how: float) -> Answer:
    return reply(rss(**how), content_type="application/rss+xml")  # type: ignore[arg-type]


def html(body: str) -> Answer:
    return reply(f"<!doctype html><html>{body}</html>", content_type="text/html")


SITEMAP = reply(
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
    "<url><loc>http://127.0.0.1/a</loc></url></urlset>",
    content_type="application/xml",
)
ANSWERS: Mapping[str, Answer] = {
    "/robots.txt": reply(ROBOTS, content_type="text/plain"),
    "/fresh.xml": feed(),
    "/packed.xml": reply(
        gzip.compress(rss().encode()), content_type="text/xml", content_encoding="gzip"
    ),
    "/for-good.xml": redirect("/fresh.xml", 301),
    "/for-good-too.xml": redirect("/fresh.xml", 308),
    "/for-now.xml": redirect("/fresh.xml", 302),
    "/mixed.xml": redirect("/for-now.xml", 301),
    "/old.xml": feed(days_old=90),
    "/bare.xml": feed(n=0),
    "/page.xml": html("<p>Not a feed at all.</p>"),
    "/denied.xml": status(403),
    "/closed/feed.xml": feed(),
    "/cut.xml": raw(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n<rss"),
    "/news/": html("<a href='/about'>About us</a>"),
    "/map.xml": SITEMAP,
}
WEB = {
    "fresh": "/fresh.xml",
    "packed": "/packed.xml",
    "for-good": "/for-good.xml",
    "for-good-too": "/for-good-too.xml",
    "for-now": "/for-now.xml",
    "mixed": "/mixed.xml",
    "old": "/old.xml",
    "bare": "/bare.xml",
    "page": "/page.xml",
    "denied": "/denied.xml",
    "closed": "/closed/feed.xml",
    "cut": "/cut.xml",
    "absent": "/absent.xml",
}


def source(name: str, url: str, kind: SourceKind = SourceKind.FEED, pattern: str = "") -> Source:
    return Source(id=name, name=name.title(), kind=kind, url=url, link_pattern=pattern)


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    root = tmp_path_factory.mktemp("checked")
    (root / "inbox").mkdir()
    (root / "kept-1.warc.gz").touch()
    return Workspace(root)


@pytest.fixture(scope="module")
def checks(workspace: Workspace) -> Iterator[dict[str, Check]]:
    with serve(ANSWERS) as server:
        root = f"http://{server.address}"
        sources = [
            *(source(name, root + path) for name, path in WEB.items()),
            source("index", f"{root}/news/", SourceKind.INDEX, "/news/20"),
            source("map", f"{root}/map.xml", SourceKind.SITEMAP),
            source("refused", "http://127.0.0.1:9/feed.xml"),
            source("nameless", "http://nowhere.invalid/section/feed.xml"),
            source("inbox", "inbox", SourceKind.FOLDER),
            source("attic", "attic", SourceKind.FOLDER),
            source("kept", "kept-*.warc.gz", SourceKind.WARC),
        ]
        yield {c.source.id: c for c in check_sources(sources, SETTINGS, workspace=workspace)}


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("fresh", "ok"),
        ("packed", "ok"),
        ("map", "ok"),
        ("for-good", "moved"),
        ("for-good-too", "moved"),
        ("for-now", "ok"),
        ("mixed", "ok"),
        ("old", "stale"),
        ("bare", "empty"),
        ("index", "empty"),
        ("page", "dead"),
        ("absent", "dead"),
        ("cut", "dead"),
        ("refused", "dead"),
        ("nameless", "dead"),
        ("denied", "blocked"),
        ("closed", "blocked"),
        ("inbox", "local"),
        ("kept", "local"),
        ("attic", "dead"),
    ],
)
def test_check_tells_the_state(checks: dict[str, Check], name: str, state: str) -> None:
    assert checks[name].state == state, checks[name]


def test_check_tells_form_entries_and_freshness(checks: dict[str, Check]) -> None:
    found = checks["packed"]
    assert (found.form, found.n_entries) == ("rss", 3)
    assert found.newest_at is not None
    assert timedelta(hours=23) < datetime.now(UTC) - found.newest_at < timedelta(hours=25)


def test_check_says_where_a_source_moved_and_what_to_write(checks: dict[str, Check]) -> None:
    assert checks["for-good"].do.startswith('url = "http://127.0.0.1:')
    assert checks["for-good"].do.endswith('/fresh.xml"')


def test_check_says_what_to_do_about_everything_out_of_order(checks: dict[str, Check]) -> None:
    bad = [found for found in checks.values() if found.state not in ("ok", "local")]
    assert [found.source.id for found in bad if not (found.detail and found.do)] == []


def test_check_sends_to_the_site_of_a_dead_source_not_to_its_dead_address(
    checks: dict[str, Check],
) -> None:
    assert checks["nameless"].do.endswith("sources discover http://nowhere.invalid/")


def test_check_names_the_pattern_that_matches_nothing(checks: dict[str, Check]) -> None:
    assert "'/news/20'" in checks["index"].detail
    assert "link_pattern" in checks["index"].do


def test_check_asks_once_for_each_listing_and_for_no_article() -> None:
    with serve(ANSWERS) as server:
        one = source("fresh", f"http://{server.address}/fresh.xml")
        assert [found.state for found in check_sources([one], SETTINGS)] == ["ok"]
        assert [seen.path for seen in server.seen] == ["/robots.txt", "/fresh.xml"]


def test_check_yields_an_answer_while_others_are_still_out() -> None:
    answers = {"/fresh.xml": feed(), "/hangs.xml": raw(b"HTTP/1.1 200 OK\r\n", pause_s=60)}
    with serve(answers) as server:
        root = f"http://{server.address}"
        found = check_sources(
            [source("hangs", f"{root}/hangs.xml"), source("fresh", f"{root}/fresh.xml")], SETTINGS
        )
        assert next(found).source.id == "fresh"
        found.close()  # type: ignore[attr-defined]


# --- discovery


@pytest.mark.parametrize(
    ("answers", "wanted"),
    [
        pytest.param(
            {
                "/": html(
                    "<head><link rel=alternate type=application/rss+xml href=/old.xml>"
                    "<link rel=alternate type=application/rss+xml href=/fresh.xml></head>"
                ),
                "/fresh.xml": feed(),
                "/old.xml": feed(days_old=400),
                "/sitemap.xml": SITEMAP,
            },
            ["/fresh.xml", "/old.xml", "/sitemap.xml"],
            id="declared-freshest-first",
        ),
        pytest.param(
            {"/": html("<p>Welcome</p>"), "/rss.xml": feed()}, ["/rss.xml"], id="well-known-place"
        ),
        pytest.param(
            {
                "/": html("<p>Welcome</p>"),
                "/maps/all.xml": SITEMAP,
            },
            ["/maps/all.xml"],
            id="robots-sitemap-line",
        ),
        pytest.param(
            {
                "/": html("<link rel=alternate type=application/rss+xml href=/gone.xml>"),
                "/feed": html("<p>no feed</p>"),
                "/rss": redirect("/rss.xml"),
                "/rss.xml": feed(),
            },
            ["/rss.xml"],
            id="what-does-not-answer-is-left-out-and-the-same-named-once",
        ),
        pytest.param({"/": feed()}, ["/"], id="the-address-is-itself-a-feed"),
        pytest.param({"/": html("<a href=/about>About</a>")}, [], id="nothing-there"),
    ],
)
def test_discover_finds(answers: Mapping[str, Answer], wanted: list[str]) -> None:
    with serve(answers) as server:
        if wanted == ["/maps/all.xml"]:
            line = f"Sitemap: http://{server.address}/maps/all.xml\n"
            server.answer({"/robots.txt": reply(line, content_type="text/plain")})
        found = discover_sources(f"http://{server.address}/", SETTINGS)
        assert [one.url.removeprefix(f"http://{server.address}") for one in found] == wanted


def test_discover_suggests_an_index_pattern_when_there_is_no_listing() -> None:
    links = "".join(
        f"<li><a href='/news/2026/03/{n:02}/talks-on-base-{n}'>Talks on the base, day {n}</a>"
        for n in range(1, 9)
    )
    with serve({"/": html(f"<a href=/about>About</a><ul>{links}</ul>")}) as server:
        [found] = discover_sources(f"http://{server.address}/", SETTINGS)
    assert found.kind is SourceKind.INDEX
    assert "/news/" in found.form
    assert found.n_entries == 8


def test_discover_refuses_what_is_no_web_address() -> None:
    with pytest.raises(ConfigError, match="https://host/"):
        discover_sources("news.example", SETTINGS)


def test_discover_says_why_a_site_cannot_be_looked_at() -> None:
    with (
        serve({"/": status(404)}) as server,
        pytest.raises(CollectError, match=r"cannot be looked at: .*404"),
    ):
        discover_sources(f"http://{server.address}/", SETTINGS)


def test_check_finds_a_folder_by_its_absolute_path(tmp_path: Path) -> None:
    here = source("here", str(tmp_path), SourceKind.FOLDER)
    assert [found.state for found in check_sources([here], SETTINGS)] == ["local"]
