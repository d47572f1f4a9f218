"""Hostile titles, texts and pages: shown as text, and nothing of them runs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from alliance_nlp.archive import Archive
from alliance_nlp.core import ids
from alliance_nlp.core.types import Article, Candidate, Contribution, Page, Role, Story, Verdict
from alliance_nlp.pipeline.deciding import record_decision
from alliance_nlp.store import save_article, save_candidates, save_fetch, save_stories, start_run
from alliance_nlp.workspace import find_workspace
from tests.browser.conftest import PATIENCE_MS, CopyDemo, Desk

ON_BOTH = ("test_nothing_runs_on_the_list_and_the_audit",)

AT = datetime(2024, 4, 15, 6, 0, tzinfo=UTC)
SCRIPT = '<script>window.ran=1;alert(1)</script><img src=x onerror="window.ran=1;alert(2)">'
TEXTS = {
    "script": SCRIPT,
    "attribute": '" autofocus onfocus="window.ran=1;alert(3)" x="\' onmouseover=alert(4) ',
    "style": "</style><style>*{display:none!important}</style><link rel=stylesheet href=//e>",
    "end": "</textarea></title></script></template><svg onload=alert(5)>" + SCRIPT,
    "template": "{{ 7*7 }}{% raw %}${alert(6)}",
    "bidi": "safe \u202egnp.exe\u202c \u2066hidden\u2069 \u200f text",
    "nul": "before\x00after\x1b[31mred",
    "word": "w" * 1_000_000,
}
LINKS = [
    "javascript:alert(7)",
    "data:text/html,<script>alert(8)</script>",
    "vbscript:x",
    "//e.example",
]


@pytest.fixture(scope="module")
def desk(copy_demo: CopyDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk that the tests here share, for they only look."""
    served = Desk(copy_demo(tmp_path_factory.mktemp("hostile") / "desk"))
    served.start()
    yield served
    served.stop()


@pytest.fixture(scope="module")
def hostile(desk: Desk) -> list[str]:
    """Stories whose every text is hostile, ranked; returns their ids."""
    workspace = find_workspace(desk.root)
    candidates, found = [], []
    archive = Archive(workspace.raw)
    with desk.database() as database:
        with database.write() as tx:
            run_id = start_run(tx, command="nightly", as_of=AT, at=AT)
        for place, (name, text) in enumerate(TEXTS.items()):
            url = f"https://hostile.example/{name}"
            page = Page(
                source_id="hostile",
                role=Role.ARTICLE,
                asked_url=url,
                url=url,
                status=200,
                headers=(("Content-Type", "text/html"),),
                body=f"<html><title>{text}</title>{SCRIPT}</html>".encode(),
                fetched_at=AT,
            )
            ref = archive.append(page)
            article = Article(
                id=ids.article_id(url, text),
                source_id="hostile",
                url=url,
                title=text,
                text=f"{text}\n{text}",
                authors=(text,),
                outlet=text,
                language="en",
                link=LINKS[place % len(LINKS)],
                archived=ref,
            )
            story = Story(
                id=f"story-{name}",
                article_ids=(article.id,),
                representative_id=article.id,
                first_at=AT,
                last_at=AT,
            )
            reason = Contribution(feature="bias", value=1.0, contribution=1.0)
            candidates.append(
                Candidate(
                    story_id=story.id, rank=place + 1, score=0.7, logit=1.0, reasons=(reason,)
                )
            )
            with database.write() as tx:
                fetch_id = save_fetch(
                    tx, page, ref, run_id=run_id, payload_sha256=f"{place:064d}", lead_key=None
                )
                save_article(tx, article, fetch_id=fetch_id, fetched_at=AT)
                save_stories(tx, [story])
            found.append(story.id)
        with database.write() as tx:
            save_candidates(tx, run_id, candidates)
        archive.close({})
        for story_id, text in zip(found, TEXTS.values(), strict=True):
            record_decision(
                database, story_id=story_id, verdict=Verdict.NOTE, reviewer="eve", note=text[:2000]
            )
    return found


@pytest.fixture
def watched(desk, open_page) -> tuple[Any, list[str]]:
    """A page, and a list of all that ought not to happen on it."""
    page = open_page(desk.url)
    heard: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on(
        "request",
        lambda request: None if request.url.startswith(desk.origin) else heard.append(request.url),
    )
    page.on("download", lambda download: heard.append(f"download {download.url}"))
    return page, heard


def ran(page: Any) -> bool:
    return bool(page.evaluate("Boolean(window.ran)"))


def test_nothing_runs_on_the_list_and_the_audit(desk, hostile, watched):
    page, heard = watched
    for path in ("/", "/audit", "/agreement", "/?q=before", "/night"):
        page.goto(desk.origin + path)
        assert not ran(page)
        assert page.locator("main").is_visible()
    assert len(hostile) == len(TEXTS)
    assert heard == []


@pytest.mark.parametrize("name", list(TEXTS))
def test_nothing_runs_on_a_story(desk, hostile, watched, name):
    page, heard = watched
    page.goto(f"{desk.origin}/story/story-{name}", timeout=3 * PATIENCE_MS)  # a word is a megabyte
    page.mouse.move(300, 300)
    assert not ran(page)
    assert page.locator("main").is_visible()
    assert page.locator("main script, main img, main style, main link").count() == 0
    hrefs = [link.get_attribute("href") for link in page.locator("main a").all()]
    assert [href for href in hrefs if not href.startswith(("/", "#", "?", "http"))] == []
    assert [href for href in hrefs if href.startswith("//")] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert f"story-{name}" in hostile
    assert heard == []


@pytest.mark.parametrize("name", ["script", "end", "bidi", "nul"])
def test_nothing_runs_on_an_archived_original(desk, hostile, watched, name):
    page, heard = watched
    page.goto(f"{desk.origin}/story/story-{name}")
    href = page.get_by_role("link", name="The source as archived").get_attribute("href")
    page.goto(desk.origin + href)
    assert page.evaluate("document.contentType") == "text/plain"
    assert "window.ran=1" in page.inner_text("body")
    assert "\u202e" not in page.inner_text("body")
    assert f"story-{name}" in hostile
    assert heard == []
