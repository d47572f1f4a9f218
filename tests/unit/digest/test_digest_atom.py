from __future__ import annotations

import re
from datetime import date

import pytest
from feedparser import parse
from hypothesis import given, settings
from lxml import etree
from tests.unit.digest.issue_samples import (
    ARTICLES,
    BIDI,
    SCRIPT,
    any_words,
    article,
    issue,
    one,
    squeezed,
)

from alliance_nlp.core.errors import DigestError
from alliance_nlp.digest import FeedHead, render_atom

HEAD = FeedHead(
    title="US-Japan Alliance Digest",
    author="Harbor Desk",
    authority="example.org,2024",
    link="https://example.org/feed.xml",
)
NS = {"a": "http://www.w3.org/2005/Atom"}


def _texts(data: bytes, path: str) -> list[str]:
    return [str(found) for found in etree.fromstring(data).xpath(path, namespaces=NS)]


@pytest.fixture(scope="module")
def feed() -> bytes:
    older = issue(number=2, published_on=date(2031, 1, 26))
    return render_atom([older, issue()], ARTICLES, head=HEAD)


def test_feed_has_what_the_standard_asks_for(feed: bytes) -> None:
    for name in ("id", "title", "updated", "author/a:name"):
        assert len(_texts(feed, f"/a:feed/a:{name}/text()")) == 1, name
    for name in ("id", "title", "updated", "content"):
        assert len(_texts(feed, f"/a:feed/a:entry/a:{name}/text()")) == 2, name


def test_feed_names_issues_by_tag_uris(feed: bytes) -> None:
    assert _texts(feed, "//a:entry/a:id/text()") == [
        "tag:example.org,2024:digest/vol-4.3",
        "tag:example.org,2024:digest/vol-4.2",
    ]


def test_feed_is_as_new_as_its_newest_issue(feed: bytes) -> None:
    assert _texts(feed, "/a:feed/a:updated/text()") == ["2031-02-09T00:00:00Z"]


def test_feed_says_where_it_is(feed: bytes) -> None:
    assert _texts(feed, "/a:feed/a:link[@rel='self']/@href") == [HEAD.link]


def test_feed_readers_read_it(feed: bytes) -> None:
    found = parse(feed)
    assert not found.bozo
    assert found.entries[0].title == "US-Japan Alliance Digest Vol 4.3"
    assert "Ōita asks for thirty days." in found.entries[0].content[0].value


def test_undated_issues_are_left_out() -> None:
    assert _texts(render_atom([issue(published_on=None)], {}, head=HEAD), "//a:entry") == []


def test_feed_without_issues_is_a_feed() -> None:
    assert not parse(render_atom([], {}, head=HEAD)).bozo


@pytest.mark.parametrize("authority", ["", "example.org", "exa mple,2024", "a/b,2024", "a,20x4"])
def test_authority_that_makes_no_tag_is_refused(authority: str) -> None:
    head = FeedHead(title="T", author="A", authority=authority)
    with pytest.raises(DigestError, match=r"digest\.feed\.authority"):
        render_atom([], {}, head=head)


@pytest.mark.parametrize("text", [SCRIPT, BIDI, "]]>", "one\r\nline"])
def test_hostile_text_stays_text(text: str) -> None:
    hostile = one(text, text, title=text, footer=text)
    cited = {"a": article("a", title=text, link="javascript:alert(1)", url="local")}
    data = render_atom([hostile], cited, head=HEAD)
    (content,) = _texts(data, "//a:content/text()")
    assert not re.search(r"<(?:script|img)|javascript:", content)
    assert "\u202e" not in data.decode()


@settings(max_examples=15, deadline=None)
@given(any_words)
def test_feed_gives_the_words_back(text: str) -> None:
    data = render_atom([one(text, text)], {}, head=HEAD)
    (content,) = _texts(data, "//a:content/text()")
    (summary,) = _texts(data, "//a:summary/text()")
    shown = "".join(etree.HTML(f"<div>{content}</div>").itertext())
    assert squeezed(text) in squeezed(shown)
    assert summary == text
