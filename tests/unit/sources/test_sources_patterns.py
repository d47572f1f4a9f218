from __future__ import annotations

import re

import pytest
from listing_pages import page

from alliance_nlp.sources import suggest_pattern

HOST = "https://www.fleet-news-of-yokosuka.example"
TITLES = (
    "Base talks resume in Naha on Monday",
    "Fleet returns to port after long drill",
    "Rare earths deal is close, envoy says",
    "New tariff list is published in full",
    "Ministers agree on a joint fuel reserve",
)
JAPANESE = "日米外務・防衛閣僚会合の開催について"
SLUGS = tuple("-".join(re.findall("[a-z]+", title.lower())) for title in TITLES)
NAVIGATION = {
    "/": "Home",
    "/about": "About us",
    "/about/our-people": "Our people",
    "/contact-us": "Contact us",
    "/politics/": "Politics",
    "/defense/": "Defense",
    "/economy/": "Economy and trade",
    "/privacy-policy": "Privacy policy and terms of use",
    "/tag/base-talks-in-okinawa/": "Base talks in Okinawa",
    "/tag/rare-earths-and-magnets/": "Rare earths and magnets",
    "/tag/joint-drills-at-sea/": "Joint drills at sea",
}
STYLES = {
    "dated": [f"/2026/11/{n + 10}/{slug}/" for n, slug in enumerate(SLUGS)],
    "month's name": [f"/2026/nov/{n + 8}/{slug}" for n, slug in enumerate(SLUGS)],
    "sections": [f"/{s}/{slug}" for s, slug in zip("abcab", SLUGS, strict=True)],
    "slug only": [f"/{slug}/" for slug in SLUGS],
    "number": [f"/news/article/{n + 100_200}" for n in range(5)],
    "number and slug": [f"/Newsroom/Article/{n + 3_700_000}/{s}/" for n, s in enumerate(SLUGS)],
    "slug and number": [f"/news/{slug}-{n + 5_000}.html" for n, slug in enumerate(SLUGS)],
    "underscored": [f"/story/{slug.replace('-', '_')}.html" for slug in SLUGS],
    "query": [f"/release.php?id={n + 200}" for n in range(5)],
    "query of the old kind": [f"/News/Display.aspx?Lang=en&ArticleID={n + 200}" for n in range(5)],
    "ministry": [f"/mofaj/press/release/press4_0{n}1234.html" for n in range(5)],
    "ministry by day": [f"/j/press/news/2026/11/2{n}a.html" for n in range(5)],
    "compact day": [f"/articles/202611{n + 10}-OYT1T500{n}1/" for n in range(5)],
    "words": [f"/news/{word}" for word in ("naha", "kadena", "misawa", "sasebo", "iwakuni")],
}
ARCHIVES = ["/2026/10/", "/2026/09/", "/2026/08/", "/list.php?page=2", "/list.php?page=3"]


def suggested(urls: list[str], titles: tuple[str, ...] = TITLES) -> str:
    articles = "".join(f'<a href="{u}">{t}</a>' for u, t in zip(urls, titles, strict=True))
    others = "".join(f'<a href="{u}">{t}</a>' for u, t in NAVIGATION.items())
    archives = "".join(f'<a href="{u}">October</a>' for u in ARCHIVES)
    body = (
        f"<html><body>{others}{articles}{archives}<a href='https://x.example/a'>x</a></body></html>"
    )
    return suggest_pattern(page(body, "text/html; charset=utf-8", url=HOST + "/"))


@pytest.mark.parametrize("style", STYLES)
def test_pattern_matches_the_articles_and_nothing_else(style: str) -> None:
    urls = STYLES[style]
    pattern = suggested(urls)
    every = [*urls, *NAVIGATION, *ARCHIVES]
    assert [url for url in every if pattern and re.search(pattern, HOST + url)] == urls


@pytest.mark.parametrize("style", ["ministry", "ministry by day", "number", "query"])
def test_pattern_is_found_when_titles_are_japanese(style: str) -> None:
    assert re.search(suggested(STYLES[style], (JAPANESE,) * 5), HOST + STYLES[style][0])


def test_pattern_matches_articles_of_other_days() -> None:
    pattern = suggested(STYLES["dated"])
    assert re.search(pattern, HOST + "/2027/1/3/fleets-meet-again/?ref=home")


@pytest.mark.parametrize("body", ["", "<html></html>", "<a href='/about'>About</a>", "\x00"])
def test_no_pattern_is_suggested_when_nothing_stands_out(body: str) -> None:
    assert suggest_pattern(page(body, "text/html", url=HOST)) == ""


def test_no_pattern_is_suggested_for_navigation_alone() -> None:
    body = "".join(f'<a href="/{word}/">{word}</a>' for word in ("news", "video", "sport", "more"))
    assert suggest_pattern(page(body, "text/html", url=HOST)) == ""
