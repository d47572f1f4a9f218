"""What is no article is refused, with its reason; what is one is not."""

from __future__ import annotations

from itertools import pairwise

import pytest
from extract_pages import JAPANESE, PARAGRAPHS, described, html, page, paragraphs

from alliance_nlp.core.types import Reason, Rejected
from alliance_nlp.extract import Extraction, extract_page


def reason(body: str | bytes, **options: object) -> Reason | None:
    found = extract_page(page(body, **options))  # type: ignore[arg-type]
    return found.reason if isinstance(found, Rejected) else None


def shell(title: str, *lines: str) -> str:
    body = "".join(f"<p>{line}</p>" for line in lines)
    return f"<html><head><title>{title}</title></head><body><div>{body}</div></body></html>"


@pytest.mark.parametrize("body", [b"", b"  \n", b"\x00\x00"])
def test_empty_page_is_refused(body: bytes) -> None:
    assert reason(body) is Reason.EMPTY_PAGE


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7 \x00\x01", "text/html"),
        (b"\x89PNG\r\n\x1a\n", "text/html"),
        (b"<rss/>", "application/rss+xml"),
        (bytes(range(256)) * 20, "text/html"),
        (b"body { margin: 0 }", "text/css"),
    ],
)
def test_other_kinds_of_content_are_refused(body: bytes, content_type: str) -> None:
    assert reason(body, content_type=content_type) is Reason.NOT_HTML


@pytest.mark.parametrize(
    "body",
    [
        shell("404 Not Found", "The page was moved or never was here.", "Try the search."),
        shell("Harbour Post", "Sorry, the page you are looking for does not exist."),
        shell("ページが見つかりません", "お探しのページは移動または削除された可能性があります。"),
        shell("Oops!", "Something went wrong on our side. Please come back later."),
        shell("港湾新聞", "この記事は掲載が終了しました。"),
    ],
)
def test_error_page_is_refused_although_it_came_with_200(body: str) -> None:
    assert reason(body) is Reason.ERROR_PAGE


def test_error_status_is_refused() -> None:
    assert reason(html(), status=404) is Reason.ERROR_PAGE


@pytest.mark.parametrize(
    "body",
    [
        shell("Just a moment...", "Checking your browser before you enter the site."),
        shell("Harbour Post", "Please verify you are human to go on.", "It takes a second."),
        shell("Access denied", "Your request was stopped by our security service."),
        shell("Before you continue", "We and our 214 partners store data on your device."),
        shell("Harbour Post", "Please enable JavaScript and cookies to see this site."),
        shell("Log in", "Please sign in to continue.", "Forgotten your password?"),
        shell("港湾新聞", "続けるにはログインしてください。", "パスワードをお忘れの方"),
    ],
)
def test_wall_is_refused(body: str) -> None:
    assert reason(body) is Reason.WALL


@pytest.mark.parametrize(
    "body",
    [
        html(
            head=described(isAccessibleForFree="False"),
            body=paragraphs(PARAGRAPHS[:1]),
        ),
        html(body=paragraphs((*PARAGRAPHS[:1], "Subscribe to continue reading this story."))),
        html(
            body=paragraphs(
                (
                    "両国の担当大臣は十九日、海峡の共同巡視について合意した。対立は終わることになる。",
                    "この記事は有料会員限定です。残り 1,204 文字",
                )
            )
        ),
    ],
)
def test_stub_before_a_paywall_is_refused(body: str) -> None:
    assert reason(body) is Reason.PAYWALL_STUB


def test_whole_article_is_kept_and_flagged_when_it_is_behind_a_paywall_for_others() -> None:
    found = extract_page(page(html(head=described(isAccessibleForFree=False))))
    assert isinstance(found, Extraction)
    assert "paywalled" in found.article.flags


def test_index_page_is_refused() -> None:
    items = "".join(
        f'<li><a href="/s/{n}">Story number {n} about the strait and its ships</a></li>'
        for n in range(40)
    )
    head = "<head><title>World | Harbour Post</title></head>"
    assert reason(f"<html>{head}<body><ul>{items}</ul></body></html>") is Reason.INDEX_PAGE


REFUSED = [
    (
        b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>',
        "text/html",
        Reason.NOT_HTML,
        "feed",
    ),
    (b'<feed xmlns="http://www.w3.org/2005/Atom"></feed>', "text/html", Reason.NOT_HTML, "feed"),
    (b'<?xml version="1.0"?><urlset></urlset>', "text/html", Reason.NOT_HTML, "sitemap"),
    (b'{"status": "ok", "items": []}', "text/html", Reason.NOT_HTML, "JSON"),
    (b"%PDF-1.7", "application/pdf", Reason.NOT_HTML, "PDF"),
    (b"binary", "application/pdf", Reason.NOT_HTML, "application/pdf"),
    (b"\xff\xd8\xff\xe0", "text/html", Reason.NOT_HTML, "JPEG"),
    (
        b'<html><head><meta http-equiv="refresh" content="0; '
        b'url=/new"></head><body>Moved.</body></html>',
        "text/html",
        Reason.NO_MAIN_TEXT,
        "https://harbour-post.example/new",
    ),
    (
        b"<html><body><script>window.location.href = "
        b'"https://harbour-post.example/new";</script></body></html>',
        "text/html",
        Reason.NO_MAIN_TEXT,
        "https://harbour-post.example/new",
    ),
]


@pytest.mark.parametrize(("body", "content_type", "expected", "detail"), REFUSED)
def test_what_is_no_article_is_refused_with_what_it_is(
    body: bytes, content_type: str, expected: Reason, detail: str
) -> None:
    found = extract_page(page(body, content_type=content_type))
    assert isinstance(found, Rejected)
    assert found.reason is expected
    assert detail in found.detail


def test_section_page_with_teasers_is_an_index() -> None:
    items = "".join(
        f'<div><h3><a href="/s/{n}">Story number {n} about the strait and its ships</a></h3>'
        f"<p>The council met on day {n} and voted on the ships.</p></div>"
        for n in range(12)
    )
    body = (
        f"<html><head><title>World | Post</title></head><body><h1>World</h1>{items}</body></html>"
    )
    assert reason(body) is Reason.INDEX_PAGE


def test_search_results_are_an_index() -> None:
    items = "".join(
        f'<div><a href="/s/{n}">Story {n}</a><p>The ministers of both coastal countries met on '
        f"day {n} "
        "and agreed on what each of them would pay for the ships.</p></div>"
        for n in range(9)
    )
    body = f"<html><head><title>Search results for ships</title></head><body>{items}</body></html>"
    assert reason(body, url="https://harbour-post.example/search?q=ships") is Reason.INDEX_PAGE


def test_page_of_pictures_is_refused() -> None:
    body = '<html><body><h1>Gallery</h1><img src="1.jpg"><img src="2.jpg"></body></html>'
    assert reason(body) in (Reason.NO_MAIN_TEXT, Reason.TOO_SHORT)


def test_short_note_is_refused() -> None:
    assert reason(html(body="<p>The ferry is late again today.</p>")) is Reason.TOO_SHORT


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Why 404 pages became an art form", "Page not found, says the screen, and people smile."),
        ("Access denied: crews barred from the port", "Access denied, read the sign at the gate."),
        ("Are you a robot? The test that failed", "Are you a robot, asked the page, and he was."),
        ("Publishers ask readers to subscribe", "Subscribe to continue reading, the page says."),
        ("New rules on cookies", "Accept all cookies is the button that most people press."),
        (
            "ログインが必要な時代に",
            "ログインが必要です、と画面に出る。それでも利用者は増え続けている。",
        ),
    ],
)
def test_article_about_walls_and_errors_is_no_wall(title: str, line: str) -> None:
    assert reason(html(h1=title, body=paragraphs((*PARAGRAPHS[:2], line, *PARAGRAPHS[2:])))) is None


@pytest.mark.parametrize("n", range(1, 6))
def test_ordinary_page_with_a_cookie_banner_is_no_wall(n: int) -> None:
    banner = "<div><p>We value your privacy.</p><button>Accept all cookies</button></div>"
    assert reason(html(before=banner, body=paragraphs(PARAGRAPHS[:n]))) is None


def test_preview_of_several_paragraphs_is_kept_and_flagged() -> None:
    body = paragraphs((*JAPANESE, *(f"{n}日目の協議では、{x}" for n, x in enumerate(JAPANESE, 2))))
    found = extract_page(page(html(h1="海峡の共同巡視で合意", body=f"{body}<p>残り812文字</p>")))
    assert isinstance(found, Extraction)
    assert "paywalled" in found.article.flags
    assert "残り" not in found.article.text


def test_preview_of_a_sentence_is_refused() -> None:
    assert reason(html(body=f"<p>{JAPANESE[0]}</p><p>残り812文字</p>")) is Reason.PAYWALL_STUB


@pytest.mark.parametrize("at", [1, 3, 5])
def test_text_stays_whole_when_it_quotes_a_plea_to_subscribe(at: int) -> None:
    plea = "Visitors met a box that said “subscribe to continue reading” and left, the study found."
    told = "Half of the visitors who were asked to subscribe to continue reading left at once."
    texts = (*PARAGRAPHS[:at], plea, told, *PARAGRAPHS[at:])
    found = extract_page(page(html(body=paragraphs(texts))))
    assert isinstance(found, Extraction)
    assert found.article.text == "\n".join(texts)
    assert "paywalled" not in found.article.flags


def test_guide_with_text_of_its_own_is_no_index() -> None:
    steps = "".join(f'<h3><a href="/guide/{n}">Step {n}: lights</a></h3>' for n in range(12))
    links = "".join(f'<li><a href="/more/{n}">More {n}</a></li>' for n in range(60))
    texts = tuple(f"{one} {two}" for one, two in pairwise(PARAGRAPHS))
    body = html(h1="Guide for crews", body=paragraphs(texts) + steps + f"<ul>{links}</ul>")
    assert reason(body) is None
