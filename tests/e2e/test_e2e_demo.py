"""make digest: the sample site, the nightly on it, and the draft that comes out."""

from __future__ import annotations

import json
import re
import sqlite3
from importlib import resources
from typing import Any

import pytest

from alliance_nlp.archive import read_page
from alliance_nlp.core.types import ArchiveRef
from tests.e2e.conftest import Demo, Run

TRUTH = [
    json.loads(line)
    for line in (resources.files("alliance_nlp.sample") / "truth.jsonl")
    .read_text(encoding="utf-8")
    .splitlines()
]


@pytest.fixture(scope="module")
def report(demo: Demo, run: Run) -> dict[str, Any]:
    return json.loads((demo.root / "reports" / "run-1.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def db(demo: Demo) -> sqlite3.Connection:
    return sqlite3.connect(demo.root / "data" / "alliance.db")


def test_the_digest_has_five_headlines_and_five_bullets(demo: Demo) -> None:
    text = (demo.root / "issues" / "vol-3.7.md").read_text(encoding="utf-8")
    headlines, details = text.split("## Details")
    assert "Vol: 3.7" in headlines
    assert "April 14, 2024" in headlines
    assert len(re.findall(r"^- ", headlines, re.M)) == 5
    assert len(re.findall(r"^- ", details, re.M)) == 5
    assert text in demo.first.out


def test_every_sentence_says_what_its_sources_say(
    demo: Demo, db: sqlite3.Connection, run: Run
) -> None:
    shown = run("digest", "show", "3.7", "--json", "--workspace", demo.root).json
    sentences = [s for item in shown["items"] for s in item["sentences"]]
    assert len(sentences) >= 10
    for sentence in sentences:
        assert sentence["sources"]
        told = ""
        for source in sentence["sources"]:
            [text] = db.execute(
                "SELECT text FROM articles WHERE id = ?", (source["article_id"],)
            ).fetchone()
            assert 0 <= source["start"] < source["end"] <= len(text)
            told += text[source["start"] : source["end"]].casefold()
        words = list(re.findall("[a-z]{5,}", sentence["text"].casefold()))
        assert sum(word in told for word in words) >= 0.7 * len(words)
    checked = run("digest", "check", "3.7", "--json", "--workspace", demo.root)
    assert checked.code == 0, checked.out


def test_it_says_where_the_files_are_and_what_was_refused(demo: Demo) -> None:
    for words in ("vol-3.7.md", "vol-3.7.html", "What was refused", "robots.txt", "not a feed"):
        assert words in demo.first.out


def test_progress_is_shown_on_standard_error(demo: Demo) -> None:
    for stage in ("collect", "extract", "tag", "classify", "fold", "rank"):
        assert stage in demo.first.err


def test_a_second_run_finds_nothing_new_and_says_so(demo: Demo) -> None:
    assert "Nothing new" not in demo.first.out
    assert "Nothing new" in demo.second.out
    second = json.loads((demo.root / "reports" / "run-2.json").read_text(encoding="utf-8"))
    by_stage = {stage["stage"]: stage for stage in second["stages"]}
    for stage in ("extract", "tag", "classify"):
        assert by_stage[stage]["in"] == 0
    assert all(source["new_pages"] == 0 for source in second["sources"])


def test_the_ledger_adds_up(report: dict[str, Any]) -> None:
    assert report["adds_up"] is True
    for stage in report["stages"]:
        assert stage["in"] == stage["out"] + stage["rejected"] + stage["failed"]
        assert sum(stage["reasons"].values()) == stage["rejected"] + stage["failed"]
    n_problems = sum(stage["rejected"] + stage["failed"] for stage in report["stages"])
    assert len(report["problems"]) == n_problems


def test_every_page_is_an_article_or_refused_for_its_reason(
    db: sqlite3.Connection, report: dict[str, Any]
) -> None:
    known = {url for (url,) in db.execute("SELECT url FROM articles")}
    reasons = {
        problem["subject"].split("?")[0]: problem["reason"] for problem in report["problems"]
    }
    for page in TRUTH:
        if page["expect"] == "article":
            assert page["url"] in known, page
        else:
            wanted = page["expect"].removeprefix("rejected:")
            assert reasons.get(page["page"].split("?")[0]) == wanted, page


def test_titles_and_dates_are_those_of_the_pages(db: sqlite3.Connection) -> None:
    wanted = {p["url"]: p for p in TRUTH if p["expect"] == "article"}
    rows = db.execute(
        "SELECT url, title, published_found FROM articles WHERE is_current"
    ).fetchall()
    same = [
        " ".join(title.split()) == " ".join(wanted[url]["title"].split()) for url, title, _ in rows
    ]
    assert len(rows) >= 75
    assert sum(same) / len(same) >= 0.95


def test_an_edited_article_is_a_new_version_of_the_same(db: sqlite3.Connection) -> None:
    versions = db.execute(
        "SELECT url, count(*), sum(is_current) FROM articles GROUP BY url HAVING count(*) > 1"
    ).fetchall()
    assert [(n, current) for _, n, current in versions] == [(2, 1)]


def test_related_stories_of_the_aggregator_are_not_in_its_text(db: sqlite3.Connection) -> None:
    rows = db.execute("SELECT text, outlet FROM articles WHERE source_id = 'newsriver'").fetchall()
    assert len(rows) == 2
    for text, outlet in rows:
        assert outlet and outlet != "NewsRiver"
        assert "Related" not in text
        assert len(text.split()) < 420


def test_shift_jis_pages_are_read_right(db: sqlite3.Connection) -> None:
    texts = [text for (text,) in db.execute("SELECT text FROM articles WHERE language = 'ja'")]
    assert len(texts) == 3
    assert all("�" not in text and "。" in text for text in texts)


def test_one_event_of_several_outlets_is_one_story(db: sqlite3.Connection) -> None:
    events = {p["url"]: p["event"] for p in TRUTH}
    rows = db.execute(
        "SELECT s.story_id, a.url FROM story_articles s JOIN articles a ON a.id = s.article_id"
        " WHERE NOT s.further"
    ).fetchall()
    stories: dict[str, list[str]] = {}
    for story, url in rows:
        stories.setdefault(story, []).append(events[url])
    shared = [members for members in stories.values() if len(members) >= 3]
    assert len(shared) >= 5
    pairs = [(a, b) for members in shared for i, a in enumerate(members) for b in members[i + 1 :]]
    assert sum(a == b for a, b in pairs) / len(pairs) >= 0.8


def test_relevance_is_mostly_right_on_pages_it_was_not_trained_on(db: sqlite3.Connection) -> None:
    truth = {p["url"]: p["relevant"] for p in TRUTH if p["expect"] == "article"}
    rows = db.execute(
        "SELECT a.url, r.relevant FROM articles a JOIN relevance r ON r.article_id = a.id"
    ).fetchall()
    right = [bool(relevant) == truth[url] for url, relevant in rows]
    assert sum(right) / len(right) >= 0.85


def test_every_fetch_stands_readable_in_the_archive(demo: Demo, db: sqlite3.Connection) -> None:
    rows = db.execute('SELECT url, file, "offset", length, sha256 FROM fetches').fetchall()
    assert len(rows) > 100
    for url, file, offset, length, sha256 in rows:
        ref = ArchiveRef(file=file, offset=offset, length=length, sha256=sha256)
        assert read_page(demo.root / "data" / "raw", ref).url == url


def test_the_html_issue_loads_nothing_from_elsewhere(demo: Demo) -> None:
    html = (demo.root / "issues" / "vol-3.7.html").read_text(encoding="utf-8")
    assert not re.search(r"<(?:script|img|link|iframe)\b|@import|url\(", html)
    assert html.count('id="source-') >= 10
