from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import (
    Article,
    Dated,
    Issue,
    IssueItem,
    Sentence,
    SentenceSource,
)
from alliance_nlp.digest import issue_json, parse_issue, render_html, render_markdown

LONG = (
    "The two governments spoke about docks and cranes for the third time since 2021 in Tokyo and "
    "agreed to share the costs of four yards between them until the end of the decade at least."
)
HOSTILE = "<script>alert('x')</script> & \"quoted\" <img src=x onerror=alert(1)> {{ 7 * 7 }}"


def _article(**changes: object) -> Article:
    article = Article(
        id="a",
        source_id="gazette",
        url="https://gazette.example/a",
        link="https://www.gazette.example/a",
        title="A title",
        text=LONG,
        published=Dated(
            at=datetime(2024, 4, 9, tzinfo=UTC), precision="day", found="2024-04-09", where="meta"
        ),
    )
    return replace(article, **changes)


def _issue(headline: str = "Docks", text: str = LONG, footer: str = "") -> Issue:
    sources = (SentenceSource(article_id="a", start=0, end=len(LONG)),)
    item = IssueItem(headline=headline, sentences=(Sentence(text=text, sources=sources),))
    return Issue(
        volume=2,
        number=6,
        title="US-Japan Alliance Digest",
        published_on=date(2024, 4, 14),
        since_on=date(2024, 4, 1),
        until_on=date(2024, 4, 14),
        items=(item, item),
        footer=footer,
    )


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

    def links(self) -> list[str]:
        return [str(attrs.get("href", "")) for _, attrs in self.tags if "href" in attrs]


@pytest.mark.parametrize("field", ["title", "outlet", "source_id"])
def test_html_escapes_hostile_articles(field: str) -> None:
    changes = {field: HOSTILE, "url": "local"} if field == "source_id" else {field: HOSTILE}
    page = _Page(render_html(_issue(), {"a": _article(**changes)}))
    assert {tag for tag, _ in page.tags} & {"script", "img"} == set()
    assert HOSTILE in page.text
    assert not any(name.startswith("on") for _, attrs in page.tags for name in attrs)


def test_html_escapes_hostile_issues() -> None:
    issue = replace(_issue(HOSTILE, HOSTILE, HOSTILE), title=HOSTILE)
    page = _Page(render_html(issue, {"a": _article()}))
    assert {tag for tag, _ in page.tags} & {"script", "img"} == set()
    assert page.text.count("{{ 7 * 7 }}") >= 6


@pytest.mark.parametrize(
    "link",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "file:/etc/passwd",
        "//evil.example/x",
        "vbscript:x",
        "https://",
    ],
)
def test_only_web_links_are_links(link: str) -> None:
    article = _article(link=link, url=link)
    page = _Page(render_html(_issue(), {"a": article}))
    assert all(href.startswith("#") for href in page.links())
    assert f"<{link}" not in render_markdown(_issue(), {"a": article})


@pytest.mark.parametrize("render", [render_html, render_markdown])
def test_link_cannot_break_out(render) -> None:  # type: ignore[no-untyped-def]
    link = 'https://gazette.example/x"><script>alert(1)</script> <b>'
    text = render(_issue(), {"a": _article(link=link)})
    assert "<script" not in text
    assert "<b>" not in text
    assert "https://gazette.example/x%22%3E%3Cscript" in text


def test_html_loads_nothing_from_elsewhere() -> None:
    html = render_html(_issue(), {"a": _article()})
    assert not re.search(r"<(?:script|link|img|iframe)|\burl\(|@import|\bsrc=", html)
    assert _Page(html).links()[-1] == "https://www.gazette.example/a"


def test_html_links_lead_to_their_targets() -> None:
    page = _Page(render_html(_issue(), {"a": _article()}))
    ids = [attrs["id"] for _, attrs in page.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    assert {href[1:] for href in page.links() if href.startswith("#")} <= set(ids)


def test_markdown_names_article_day_and_place() -> None:
    text = render_markdown(_issue(), {"a": _article()})
    assert f"[^1]: gazette.example, “A title”, April 9, 2024, characters 0 to {len(LONG)}." in text
    assert text.count("[^2]") == 2


def test_sentence_without_known_article_has_no_note() -> None:
    assert "[^" not in render_markdown(_issue(), {})
    assert "Sources" not in render_html(_issue(), {})


def test_json_holds_every_sentence_with_its_place() -> None:
    data = json.loads(json.dumps(issue_json(_issue())))
    assert (data["id"], data["date"], data["since"]) == ("vol-2.6", "2024-04-14", "2024-04-01")
    assert data["headlines"] == ["Docks", "Docks"]
    assert data["bullets"] == [LONG, LONG]
    (sentence,) = data["items"][0]["sentences"]
    assert sentence["sources"] == [{"article_id": "a", "start": 0, "end": len(LONG)}]


def test_rendered_issue_is_read_back_with_its_notes() -> None:
    issue = _issue(footer="The Digest is free.")
    found = parse_issue(render_markdown(issue, {"a": _article()}))
    assert [(item.headline, item.bullet) for item in found.items] == [("Docks", LONG)] * 2
    assert (found.id, found.title, found.published_on, found.footer) == (
        issue.id,
        issue.title,
        issue.published_on,
        issue.footer,
    )


MARKS = ["*", "**", "_", "__", "[", "]", "(x)", "[^1]", "![", "`", "\\", "<b>", "#", "- ", "1. "]
WORDS = ["word", "U.S.", "“said”", "日本", "。", "& ", "|", "~", "!", "+", "•", " ", " a", "B. "]
fragments = st.sampled_from([*MARKS, *WORDS])
marked = st.lists(fragments, min_size=1, max_size=12).map("".join).map(one_line)


@given(marked.filter(bool), marked)
def test_rendering_what_was_read_gives_the_same_text(headline: str, words: str) -> None:
    bullet = one_line(f"{LONG} {words}")
    first = render_markdown(_issue(headline, bullet), {})
    again = parse_issue(first)
    assert [item.headline for item in again.items] == [headline, headline]
    once = render_markdown(again, {})
    assert render_markdown(parse_issue(once), {}) == once


@given(marked)
def test_markup_in_a_sentence_survives(words: str) -> None:
    text = one_line(f"{LONG[:-1]} {words} end.")
    found = parse_issue(render_markdown(_issue(text=text), {}))
    assert found.items[0].bullet.replace(" ", "") == text.replace(" ", "")


FORMATS = Path(__file__).parents[3] / "docs" / "formats.md"


def test_json_is_of_the_schema_in_the_docs() -> None:
    [schema] = re.findall(r"^```json\n(.+?)^```", FORMATS.read_text(encoding="utf-8"), re.M | re.S)
    validator = Draft202012Validator(json.loads(schema))
    whole = _issue(footer="End.")
    undated = replace(whole, published_on=None, since_on=None, until_on=None)
    for issue in (whole, undated):
        assert not list(validator.iter_errors(issue_json(issue, {"a": _article()})))


def test_json_with_articles_lists_those_cited() -> None:
    (found,) = issue_json(_issue(), {"a": _article(), "b": _article(id="b")})["articles"]
    assert (found["id"], found["published"]) == ("a", "2024-04-09")
    assert found["link"] == "https://www.gazette.example/a"


def test_run_of_sentences_with_one_source_is_marked_once() -> None:
    source = SentenceSource(article_id="a", start=0, end=4)
    both = tuple(Sentence(text=text, sources=(source,)) for text in ("One.", "Two."))
    issue = replace(_issue(), items=(IssueItem(headline="Docks", sentences=both),))
    html = render_html(issue, {"a": _article()})
    assert "One. Two.<sup>" in html
    assert html.count("<sup>") == 1


def test_html_leaves_out_what_deceives() -> None:
    page = _Page(render_html(_issue("a\u202eb\x00\ud800c\nd"), {}))
    assert "abc d" in page.text


def test_head_of_a_line_is_no_markup() -> None:
    for text in ("# one", "- two", "3. three", "+ four"):
        line = next(x for x in render_markdown(_issue(text), {}).splitlines() if "- " in x)
        assert "\\" in line
        assert parse_issue(render_markdown(_issue(text), {})).items[0].headline == text
