from __future__ import annotations

from dataclasses import replace

import pytest
from store_values import AT, hours, keep_articles, make_article, make_run, make_story

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import EditKind, Novelty, StoryEdit
from alliance_nlp.store import (
    Connection,
    Database,
    append_story_edit,
    article_urls,
    forget_derived,
    hold_story_edits,
    newest_stories,
    read_stories,
    read_story_edits,
    rewrite_stories,
    save_stories,
    stories_of_article,
    story_novelties,
)


def _edit(kind: EditKind, **changes: object) -> StoryEdit:
    edit = StoryEdit(
        kind=kind,
        moved=(("a", "story-1"), ("b", "story-1")),
        before=(("a", "story-2"), ("b", "story-3")),
        reviewer="Reviewer",
        edited_at=AT,
        note="one event",
    )
    return replace(edit, **changes)


def _stories(tx: Connection) -> None:
    keep_articles(tx, "a", "b", "c")
    save_stories(tx, [make_story("one", "a", "b"), make_story("two", "c", last_at=hours(9))])


def test_edits_are_appended_with_numbers_and_read_oldest_first(database: Database) -> None:
    edits = [
        _edit(EditKind.MERGE),
        _edit(EditKind.UNDO, undoes=1, edited_at=hours(-1)),
        _edit(EditKind.ADD, moved=(("記", "story-1"),), note=""),
    ]
    kept = []
    for edit in edits:
        with database.write() as tx:
            hold_story_edits(tx)
            kept.append(append_story_edit(tx, edit))
    assert [edit.id for edit in kept] == [1, 2, 3]
    assert [replace(edit, id=0) for edit in kept] == edits
    with database.read() as tx:
        assert read_story_edits(tx) == kept
        assert read_story_edits(tx, last=2) == kept[:2]
        assert read_story_edits(tx, last=0) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE story_edits SET kind = 'split'",
        "UPDATE story_edits SET note = 'better' WHERE id = 1",
        "DELETE FROM story_edits",
    ],
)
def test_database_refuses_to_change_an_edit(database: Database, statement: str) -> None:
    with database.write() as tx:
        kept = append_story_edit(tx, _edit(EditKind.MERGE))
    with pytest.raises(StoreError, match="append-only"), database.write() as tx:
        tx.exec_driver_sql(statement)
    with database.read() as tx:
        assert read_story_edits(tx) == [kept]


def test_edits_survive_when_all_that_is_derived_is_forgotten(database: Database) -> None:
    with database.write() as tx:
        _stories(tx)
        kept = append_story_edit(tx, _edit(EditKind.SPLIT))
        forget_derived(tx)
        assert read_stories(tx, ["one", "two"]) == {}
        assert read_story_edits(tx) == [kept]


def test_rewriting_a_story_leaves_its_articles_in_others_too(database: Database) -> None:
    with database.write() as tx:
        _stories(tx)
        rewrite_stories(tx, [make_story("two", "b", "c")])
        assert stories_of_article(tx, "b") == ["one", "two"]
        rewrite_stories(tx, [], emptied=["one"])
        assert stories_of_article(tx, "b") == ["two"]
        assert stories_of_article(tx, "a") == []
        assert set(read_stories(tx, ["one", "two"])) == {"two"}


def test_story_that_was_emptied_keeps_its_novelty(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a")
        save_stories(tx, [make_story("one", "a", novelty=Novelty.REPEAT)])
        rewrite_stories(tx, [], emptied=["one"])
        assert story_novelties(tx, ["one", "two"]) == {"one": Novelty.REPEAT}


def test_newest_stories_come_first_and_empty_ones_do_not(database: Database) -> None:
    with database.write() as tx:
        _stories(tx)
        keep_articles(tx, "d", "e")
        undated = make_story("undated", "d", first_at=None, last_at=None)
        save_stories(tx, [undated, make_story("gone", "e", last_at=hours(20))])
        rewrite_stories(tx, [], emptied=["gone"])
        assert [s.id for s in newest_stories(tx, limit=9)] == ["two", "one", "undated"]
        assert [s.id for s in newest_stories(tx, limit=1)] == ["two"]


def test_addresses_of_articles_are_read_by_id(database: Database) -> None:
    with database.write() as tx:
        make_run(tx)
        keep_articles(tx, "a", "b")
        assert article_urls(tx, ["a", "nobody"]) == {"a": make_article("a").url}
