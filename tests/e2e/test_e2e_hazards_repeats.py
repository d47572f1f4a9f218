"""The same web night after night: asked politely, taken once, followed when it changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.e2e.conftest import Demo
from tests.e2e.night_runs import digests, finish, query
from tests.sites import AS_OF, NewsWeb, news_web, outlet, serve

COUNTED = ("articles", "mentions", "topics", "stories", "story_articles", "versions", "leads")
ADDED = "The two governments later said that the terms would be published before the summer."


def n_rows(workspace: Path) -> dict[str, int]:
    return {name: query(workspace, f"SELECT count(*) FROM {name}")[0][0] for name in COUNTED}


@pytest.mark.long
def test_ten_nights_ask_each_listing_once_without_conditions(workspace: Path) -> None:
    with serve(news_web(outlets=4, pages=2)) as web:
        web.write_config(workspace, delay_s=0.0)
        finish(workspace)
        written = digests(workspace)
        for night in range(1, 10):
            finish(workspace, command="collect", as_of=AS_OF + timedelta(days=night))
        for one in web.outlets:
            first, *later = web.requests(one, one.listing_path)
            assert "if-none-match" not in first.headers
            assert "if-modified-since" not in first.headers
            assert len(later) == 9
            for seen in later:
                assert seen.headers["if-none-match"] == first.etag
                assert seen.headers["if-modified-since"] == first.last_modified
                assert seen.status == 304
    assert written.items() <= digests(workspace).items()


def test_eight_spellings_of_an_address_are_one_article(workspace: Path) -> None:
    one = outlet(1, pages=1, listing="atom")
    path = one.pieces[0].path
    one.pieces[0].links = (
        path,
        f"{path}?utm_source=feed&utm_medium=rss",
        f"{path}?fbclid=a1",
        f"{path}#comments",
        f"{path}/",
        f"{path}/amp",
        f"{path}/index.html",
        f"{path}?output=amp",
    )
    with serve([one]) as web:
        web.write_config(workspace, delay_s=0.0)
        finish(workspace)
        asked = [seen.path for seen in web.seen]
    assert query(workspace, "SELECT count(*) FROM articles") == [(1,)]
    assert asked == ["/robots.txt", one.listing_path, path]


def test_the_same_night_three_times_adds_no_row(workspace: Path) -> None:
    with serve(news_web(outlets=3, pages=4)) as web:
        web.write_config(workspace, delay_s=0.0)
        finish(workspace)
        once = n_rows(workspace)
        finish(workspace)
        finish(workspace)
    assert once["articles"] == 12
    assert n_rows(workspace) == once


@pytest.fixture(scope="module")
def changed(demo: Demo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, NewsWeb]]:
    """A workspace after two nights, between which some of the pieces changed."""
    root = tmp_path_factory.mktemp("changed")
    shutil.copytree(demo.root / "models", root / "models")
    with serve([outlet(1, pages=5, listing="atom")]) as web:
        web.write_config(root, delay_s=0.0)
        finish(root)
        stamped, silent, gone, *_ = web.outlets[0].pieces
        later = AS_OF + timedelta(hours=13)
        stamped.edit(ADDED, at=later)
        silent.edit(ADDED)
        gone.is_gone = True
        finish(root, as_of=later)
        yield root, web


def versions(root: Path, web: NewsWeb, n: int) -> list[tuple[int, bool]]:
    """Return a piece's versions: whether each is current and holds what was added."""
    link = web.outlets[0].url(web.outlets[0].pieces[n])
    rows = query(
        root, f"SELECT is_current, text FROM articles WHERE link = '{link}' ORDER BY is_current"
    )
    return [(is_current, ADDED in text) for is_current, text in rows]


def test_an_article_that_its_feed_calls_updated_becomes_a_version(
    changed: tuple[Path, NewsWeb],
) -> None:
    assert versions(*changed, 0) == [(0, False), (1, True)]


def test_an_article_edited_in_silence_becomes_a_version_half_a_day_later(
    changed: tuple[Path, NewsWeb],
) -> None:
    assert versions(*changed, 1) == [(0, False), (1, True)]


def test_an_article_whose_page_is_gone_is_marked_withdrawn(changed: tuple[Path, NewsWeb]) -> None:
    root, web = changed
    gone = web.outlets[0].url(web.outlets[0].pieces[2])
    [(link, why)] = query(
        root, "SELECT link, withdrawn_why FROM articles WHERE withdrawn_at IS NOT NULL"
    )
    assert link == gone
    assert "410" in why


def test_an_article_that_did_not_change_stays_one_version(changed: tuple[Path, NewsWeb]) -> None:
    assert versions(*changed, 3) == [(1, False)]


def test_an_edit_that_was_undone_makes_the_first_text_current_again(
    changed: tuple[Path, NewsWeb],
) -> None:
    root, web = changed
    web.outlets[0].pieces[0].undo_edit(at=AS_OF + timedelta(hours=26))
    finish(root, as_of=AS_OF + timedelta(hours=27))
    assert versions(root, web, 0) == [(0, True), (1, False)]
