from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from web_seeding import AT, HOSTILE, candidate

from alliance_nlp.archive import Archive
from alliance_nlp.core import ids
from alliance_nlp.core.types import Article, Issue, IssueItem, Page, Role, Sentence
from alliance_nlp.pipeline.originals import as_text
from alliance_nlp.pipeline.roles import role_of
from alliance_nlp.store import (
    mark_withdrawn,
    save_article,
    save_candidates,
    save_fetch,
    save_issue,
)
from alliance_nlp.tag import load_knowledge_base


def edited(desk, article: Article, text: str) -> Article:
    """Save another version of an article, read a day later."""
    later = replace(article, id=ids.article_id(article.url, text), text=text)
    page = Page(
        source_id=article.source_id,
        role=Role.ARTICLE,
        asked_url=article.url,
        url=article.url,
        status=200,
        headers=(),
        body=b"",
        fetched_at=AT + timedelta(days=1),
    )
    assert article.archived
    with desk.seed.database.write() as tx:
        fetch_id = save_fetch(
            tx,
            page,
            replace(article.archived, offset=99_000),
            run_id=desk.seed.run_id,
            payload_sha256="b" * 64,
            lead_key=None,
        )
        save_article(tx, later, fetch_id=fetch_id, fetched_at=page.fetched_at)
    return later


def test_office_is_that_of_the_day():
    kb = load_knowledge_base()
    assert "Prime Minister" in role_of(kb, "kishida-fumio", date(2024, 4, 14))
    assert "Prime Minister" not in role_of(kb, "kishida-fumio", date(2015, 4, 14))


def test_office_is_left_out_when_the_article_has_no_date():
    assert "no date" in role_of(load_knowledge_base(), "kishida-fumio", None)


def test_every_record_of_the_knowledge_base_has_a_role():
    kb = load_knowledge_base()
    roles = {i: role_of(kb, i, date(2024, 4, 14)) for i in kb.records}
    assert [i for i, role in roles.items() if role.endswith(": ")] == []


def test_page_tells_who_a_person_was(browser):
    text = browser.get("/story/story-visit").text
    assert "Who they were at that date" in text
    assert "Fumio Kishida: Prime Minister; " in text


def test_page_shows_what_a_publisher_changed(own_desk):
    article = own_desk.seed.article("Pier plan", "The pier costs 40 million yen. Work starts soon.")
    later = edited(own_desk, article, "The pier costs 90 million yen. Work starts soon.")
    own_desk.seed.story("story-pier", later)
    text = own_desk.browser().get("/story/story-pier").text
    assert "Edited by its publisher (1)" in text
    assert "<del>40</del><ins>90</ins>" in text


def test_page_says_when_an_article_was_withdrawn(own_filled_desk):
    with own_filled_desk.seed.database.write() as tx:
        mark_withdrawn(tx, "https://harbor.example/1", at=AT, why="gone at the second visit")
    text = own_filled_desk.browser().get("/story/story-visit").text
    assert "Withdrawn by its publisher" in text
    assert "gone at the second visit" in text


def test_page_shows_similar_items_of_past_issues(own_filled_desk):
    item = IssueItem(
        headline="Kishida Meets Biden Aides",
        sentences=(Sentence(text="Kishida met Biden and praised ties at MCAS Futenma."),),
    )
    issue = Issue(volume=1, number=1, title="Digest", published_on=date(2024, 3, 1), items=(item,))
    with own_filled_desk.seed.database.write() as tx:
        save_issue(tx, issue, state="published")
    text = own_filled_desk.browser().get("/story/story-visit").text
    assert '<a href="/issue/vol-1.1" dir="auto">Kishida Meets Biden Aides</a>' in text


def test_page_tells_what_would_move_a_story_up(own_desk):
    seed = own_desk.seed
    stories = [
        seed.story(f"story-{n}", seed.article(f"News {n}", f"Pier {n} was repaired."))
        for n in range(14)
    ]
    with seed.database.write() as tx:
        save_candidates(tx, seed.run_id, [candidate(s.id, n) for n, s in enumerate(stories, 1)])
    browser = own_desk.browser()
    assert "more independent outlet" in browser.get("/story/story-13").text
    assert "It is among the first 10 already." in browser.get("/story/story-0").text


def test_story_is_merged_with_its_neighbour_by_a_form(ranked):
    browser = ranked.browser()
    page = browser.get("/story/story-tariff").text
    assert 'action="/merge"' in page
    csrf = browser.form("/story/story-tariff")["csrf"]
    reply = browser.post("/merge", {"csrf": csrf, "story": "story-tariff story-pier"})
    assert reply.status == 303
    assert "2 articles" in browser.get("/story/story-tariff").text


def archived(desk, workspace, body: bytes, content_type: str = "text/html") -> str:
    """Archive a page and save an article that stands there; return its id."""
    page = Page(
        source_id="harbor",
        role=Role.ARTICLE,
        asked_url="https://harbor.example/h",
        url="https://harbor.example/h",
        status=200,
        headers=(("Content-Type", content_type),),
        body=body,
        fetched_at=AT,
    )
    archive = Archive(workspace.raw)
    ref = archive.append(page)
    archive.close({})
    article = desk.seed.article("An archived page", "What it says.")
    moved = replace(
        article,
        id=ids.article_id("https://harbor.example/h", "x"),
        url="https://harbor.example/h",
        archived=ref,
    )
    with desk.seed.database.write() as tx:
        fetch_id = save_fetch(
            tx, page, ref, run_id=desk.seed.run_id, payload_sha256="c" * 64, lead_key=None
        )
        save_article(tx, moved, fetch_id=fetch_id, fetched_at=AT)
    return moved.id


def test_original_is_text_that_nothing_runs(own_desk, workspace):
    article_id = archived(own_desk, workspace, f"<html>{HOSTILE}</html>".encode())
    reply = own_desk.browser().get(f"/article/{article_id}/original")
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
    assert reply.headers["content-disposition"] == f'inline; filename="{article_id}.txt"'
    assert HOSTILE in reply.text


def test_original_hides_nothing_behind_controls():
    page = Page(
        source_id="s",
        role=Role.ARTICLE,
        asked_url="https://h.example/",
        url="https://h.example/",
        status=200,
        headers=(),
        body="a\x00b\u202ec\r\nd".encode(),
        fetched_at=AT,
    )
    assert as_text(page) == "a\\u0000b\\u202ec\nd"


def test_original_is_read_in_its_own_charset(own_desk, workspace):
    body = '<meta charset="shift_jis">日本'.encode("shift_jis")
    article_id = archived(own_desk, workspace, body)
    assert "日本" in own_desk.browser().get(f"/article/{article_id}/original").text


def test_original_is_not_found_and_no_path_told_when_the_archive_lost_it(browser, desk):
    with desk.seed.database.read() as tx:
        row = tx.exec_driver_sql("SELECT id FROM articles LIMIT 1").scalar()
    reply = browser.get(f"/article/{row}/original")
    assert reply.status == 404
    assert "night-1.warc.gz" not in reply.text


@pytest.mark.parametrize(
    "name", ["..%2f..%2falliance.toml", "../alliance.toml", "%2e%2e", "x%00y", "a" * 5000]
)
def test_original_is_not_found_when_the_name_climbs(browser, name):
    reply = browser.get(f"/article/{name}/original")
    assert reply.status == 404
    assert "[sources" not in reply.text
