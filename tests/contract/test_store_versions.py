from __future__ import annotations

from store_values import AT, fetch_page, hours, keep_article, make_article, make_run

from alliance_nlp.store import (
    Database,
    articles_between,
    mark_withdrawn,
    read_versions,
    read_withdrawn,
    save_article,
)

URL = "https://gazette.example/edited"


def _current(database: Database) -> list[str]:
    with database.read() as tx:
        rows = articles_between(tx, hours(-1000), hours(1000))
    return [article.id for article, _, is_current in rows if is_current]


def _see(database: Database, *ids: str) -> None:
    with database.write() as tx:
        for n, article_id in enumerate(ids):
            keep_article(tx, make_article(article_id, url=URL), fetched_at=hours(n))


def test_versions_are_listed_in_order_when_an_article_was_edited(database: Database) -> None:
    _see(database, "a", "b")
    with database.read() as tx:
        assert read_versions(tx, URL) == [("a", AT), ("b", hours(1))]


def test_first_text_is_current_again_when_an_edit_was_undone(database: Database) -> None:
    _see(database, "a", "b", "a")
    assert _current(database) == ["a"]
    with database.read() as tx:
        assert read_versions(tx, URL) == [("a", AT), ("b", hours(1)), ("a", hours(2))]


def test_no_version_is_added_when_nothing_changed(database: Database) -> None:
    _see(database, "a", "a", "a")
    with database.read() as tx:
        assert read_versions(tx, URL) == [("a", AT)]


def test_a_better_reading_of_one_fetch_is_no_edit(database: Database) -> None:
    with database.write() as tx:
        fetch_id = fetch_page(tx, make_run(tx), url=URL)
        for article_id in ("a", "b"):
            article = make_article(article_id, url=URL)
            save_article(tx, article, fetch_id=fetch_id, fetched_at=AT)
    assert _current(database) == ["b"]
    with database.read() as tx:
        assert read_versions(tx, URL) == [("b", AT)]


def test_a_better_reading_of_an_old_fetch_does_not_overrule_a_newer_one(
    database: Database,
) -> None:
    with database.write() as tx:
        first = fetch_page(tx, make_run(tx), url=URL)
        save_article(tx, make_article("a", url=URL), fetch_id=first, fetched_at=AT)
        keep_article(tx, make_article("b", url=URL), fetched_at=hours(1))
        save_article(tx, make_article("c", url=URL), fetch_id=first, fetched_at=AT)
    assert _current(database) == ["b"]
    with database.read() as tx:
        assert read_versions(tx, URL) == [("c", AT), ("b", hours(1))]


def test_withdrawn_articles_say_why(database: Database) -> None:
    _see(database, "a", "b")
    with database.write() as tx:
        assert mark_withdrawn(tx, URL, at=AT, why="answered with status 410") == 2
        assert mark_withdrawn(tx, URL, at=hours(1), why="again") == 0
    with database.read() as tx:
        assert read_withdrawn(tx, ["a", "b", "c"]) == dict.fromkeys(
            "ab", "answered with status 410"
        )
