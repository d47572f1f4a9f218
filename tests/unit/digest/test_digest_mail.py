from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from tests.unit.digest.issue_samples import (
    ARTICLES,
    AT,
    BIDI,
    LONG_WORD,
    SCRIPT,
    any_words,
    article,
    issue,
    one,
    squeezed,
)

from alliance_nlp.core.errors import DigestError
from alliance_nlp.digest import Envelope, checked_address, compose, render_eml

ENVELOPE = Envelope(at=AT, sender="The Desk <desk@example.org>", to="reader@example.net")


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(data: bytes) -> EmailMessage:
    found = message_from_bytes(data, policy=default)
    assert isinstance(found, EmailMessage)
    return found


def _part(letter: EmailMessage, kind: str) -> str:
    body = letter.get_body((kind,))
    assert body is not None
    return str(body.get_content())


@pytest.fixture(scope="module")
def letter() -> EmailMessage:
    return _read(render_eml(issue(), ARTICLES, envelope=ENVELOPE))


def test_letter_has_a_text_and_an_html_part(letter: EmailMessage) -> None:
    kinds = [part.get_content_type() for part in letter.iter_parts()]
    assert (letter.get_content_type(), kinds) == (
        "multipart/alternative",
        ["text/plain", "text/html"],
    )


def test_letter_has_the_headers_of_a_letter(letter: EmailMessage) -> None:
    assert letter["Subject"] == "US-Japan Alliance Digest Vol 4.3"
    assert letter["From"] == "The Desk <desk@example.org>"
    assert letter["To"] == "reader@example.net"
    assert letter["Date"].datetime == AT
    assert re.fullmatch(r"<vol-4\.3\.[0-9a-f]{16}@example\.org>", letter["Message-ID"])


def test_two_recipients_get_letters_of_two_ids(letter: EmailMessage) -> None:
    other = compose(issue(), ARTICLES, envelope=replace(ENVELOPE, to="other@example.net"))
    assert other["Message-ID"] != letter["Message-ID"]


def test_letter_to_nobody_is_one_to_finish() -> None:
    found = _read(render_eml(issue(), ARTICLES, envelope=Envelope(at=AT)))
    assert (found["X-Unsent"], found["To"]) == ("1", None)
    assert found["From"].endswith(".invalid")


def test_letter_says_where_to_unsubscribe_when_it_is_known(letter: EmailMessage) -> None:
    assert letter["List-Unsubscribe"] is None
    known = replace(ENVELOPE, unsubscribe="https://example.org/leave?list=2")
    found = compose(issue(), ARTICLES, envelope=known)
    assert found["List-Unsubscribe"] == "<https://example.org/leave?list=2>"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://a.example/>, <mailto:x@y"])
def test_what_cannot_be_unsubscribed_at_is_refused(address: str) -> None:
    with pytest.raises(DigestError, match="unsubscribe"):
        compose(issue(), ARTICLES, envelope=replace(ENVELOPE, unsubscribe=address))


def test_styles_stand_in_the_elements(letter: EmailMessage) -> None:
    html = _part(letter, "html")
    page = _Page(html)
    headings = [attrs["style"] for tag, attrs in page.tags if tag == "h2"]
    assert len(headings) == 3
    assert all("font-size" in str(style) for style in headings)


def test_only_what_a_window_changes_stands_in_a_style_sheet(letter: EmailMessage) -> None:
    (sheet,) = re.findall(r"<style>(.*?)</style>", _part(letter, "html"), re.DOTALL)
    outside = re.sub(r"@media [^{]+\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", sheet)
    assert "prefers-color-scheme: dark" in sheet
    assert outside.strip() == ""


def test_sheet_is_at_most_600_wide_and_narrows_with_the_window(letter: EmailMessage) -> None:
    (sheet,) = [a for _, a in _Page(_part(letter, "html")).tags if a.get("class") == "sheet"]
    assert "max-width: 600px" in str(sheet["style"])
    assert sheet["width"] == "100%"


def test_sheet_is_600_wide_in_outlook_which_knows_no_greatest_width(letter: EmailMessage) -> None:
    opened = re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", _part(letter, "html"))
    assert 'width="600"' in opened[0]
    assert [part.count("table") for part in opened] == [1, 1]


def test_nothing_is_fetched_from_elsewhere(letter: EmailMessage) -> None:
    html = _part(letter, "html")
    assert not re.search(r"<(?:script|link|img|iframe|object)|\burl\(|@import|\bsrc=", html)


def test_letter_links_to_its_sources(letter: EmailMessage) -> None:
    links = [attrs["href"] for tag, attrs in _Page(_part(letter, "html")).tags if "href" in attrs]
    assert links == [f"https://www.gazette.example/{name}?page=1&lang=en" for name in "abc"]


def test_lines_are_as_long_as_mail_may_be() -> None:
    data = render_eml(one("Piers", LONG_WORD), ARTICLES, envelope=ENVELOPE)
    assert max(map(len, data.split(b"\r\n"))) <= 998
    assert data.isascii()


def test_letter_is_the_same_bytes_for_the_same_envelope() -> None:
    first = render_eml(issue(), ARTICLES, envelope=ENVELOPE)
    assert render_eml(issue(), ARTICLES, envelope=ENVELOPE) == first


def test_title_cannot_bring_headers_of_its_own() -> None:
    title = "Digest\r\nBcc: victim@example.net\r\n\r\nbody"
    found = _read(render_eml(issue(title=title), ARTICLES, envelope=ENVELOPE))
    assert found["Bcc"] is None
    assert found["Subject"].startswith("Digest Bcc: victim@example.net body")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@b@c",
        "desk@example.org\r\nBcc: victim@example.net",
        "desk@example.org\nX: y",
        "@example.org",
        "desk@",
        "déšk@example.org",
        "a\x00@example.org",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(DigestError, match="no mail address"):
        checked_address(address)


@pytest.mark.parametrize("text", [SCRIPT, BIDI])
def test_hostile_text_is_shown_and_never_run(text: str) -> None:
    hostile = one(text, text, title=text, footer=text)
    cited = {"a": article("a", title=text, outlet=text)}
    page = _Page(_part(compose(hostile, cited, envelope=ENVELOPE), "html"))
    assert not {tag for tag, _ in page.tags} & {"script", "img"}
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert "\u202e" not in page.text


@settings(max_examples=15, deadline=None)
@given(any_words)
def test_both_parts_give_the_words_back(text: str) -> None:
    found = _read(render_eml(one("Piers", text), {}, envelope=ENVELOPE))
    assert squeezed(text) in squeezed(_part(found, "plain"))
    assert squeezed(text) in squeezed(_Page(_part(found, "html")).text)
