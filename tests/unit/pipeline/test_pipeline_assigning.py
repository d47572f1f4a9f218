from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from alliance_nlp.core.types import Article, EditKind, Story, StoryEdit
from alliance_nlp.pipeline.assigning import Hand, hand_of, with_added

AT = datetime(2024, 4, 14, 6, tzinfo=UTC)
URLS = {name: f"url-{name}" for name in "abcdx"} | {"a2": "url-a"}


def _edit(
    number: int,
    kind: EditKind,
    before: Mapping[str, str],
    moved: Mapping[str, str],
    *,
    undoes: int | None = None,
) -> StoryEdit:
    return StoryEdit(
        id=number,
        kind=kind,
        before=tuple(before.items()),
        moved=tuple(moved.items()),
        undoes=undoes,
        reviewer="me",
        edited_at=AT,
    )


def _homes(*edits: StoryEdit, without: int | None = None) -> dict[str, str]:
    home = hand_of(edits, URLS, without=without).home
    return {url.removeprefix("url-"): story for url, story in home.items()}


def _extra(*edits: StoryEdit) -> set[tuple[str, str]]:
    return {(url.removeprefix("url-"), s) for url, s in hand_of(edits, URLS).extra}


MERGE = _edit(1, EditKind.MERGE, {"b": "B", "c": "B"}, {"b": "A", "c": "A"})
SPLIT = _edit(2, EditKind.SPLIT, {"b": "A"}, {"b": "N"})
ADD = _edit(3, EditKind.ADD, {"x": "X"}, {"x": "B"})


def test_nothing_is_assigned_without_edits() -> None:
    assert hand_of([], {}) == Hand()


def test_last_edit_counts_when_several_name_an_article() -> None:
    assert _homes(MERGE, SPLIT) == {"b": "N", "c": "A"}


def test_undone_merge_leaves_its_articles_where_folding_put_them() -> None:
    undo = _edit(2, EditKind.UNDO, {}, {}, undoes=1)
    assert _homes(MERGE, undo) == {"b": "B", "c": "B"}


def test_undone_merge_keeps_what_was_split_off_since() -> None:
    undo = _edit(3, EditKind.UNDO, {}, {}, undoes=1)
    assert _homes(MERGE, SPLIT, undo) == {"b": "N", "c": "B"}


def test_all_undone_is_as_folded_in_whatever_order() -> None:
    for first, second in ((1, 2), (2, 1)):
        undos = [
            _edit(3, EditKind.UNDO, {}, {}, undoes=first),
            _edit(4, EditKind.UNDO, {}, {}, undoes=second),
        ]
        assert _homes(MERGE, SPLIT, *undos) == {"b": "B", "c": "B"}


def test_undo_left_out_of_account_lets_its_edit_stand() -> None:
    undo = _edit(2, EditKind.UNDO, {}, {}, undoes=1)
    assert _homes(MERGE, undo, without=2) == {"b": "A", "c": "A"}


def test_edit_holds_for_the_address_when_the_article_was_edited() -> None:
    split = _edit(1, EditKind.SPLIT, {"a": "A"}, {"a": "N"})
    assert hand_of([split], URLS).home[URLS["a2"]] == "N"


def test_article_that_is_gone_is_left_out() -> None:
    split = _edit(1, EditKind.SPLIT, {"gone": "A", "a": "A"}, {"gone": "N", "a": "N"})
    assert _homes(split) == {"a": "N"}


def test_added_article_stays_at_home_and_has_a_further_story() -> None:
    assert _homes(ADD) == {"x": "X"}
    assert _extra(ADD) == {("x", "B")}


def test_added_article_follows_when_its_further_story_is_merged() -> None:
    merge = _edit(4, EditKind.MERGE, {"b": "B"}, {"b": "A"})
    assert _extra(ADD, merge) == {("x", "A")}


def test_added_article_is_in_one_story_once_both_are_merged() -> None:
    merge = _edit(4, EditKind.MERGE, {"x": "X"}, {"x": "B"})
    assert _extra(ADD, merge) == set()
    undo = _edit(5, EditKind.UNDO, {}, {}, undoes=4)
    assert _extra(ADD, merge, undo) == {("x", "B")}


def test_undone_addition_is_gone() -> None:
    assert _extra(ADD, _edit(4, EditKind.UNDO, {}, {}, undoes=3)) == set()


def _article(name: str, hour: int) -> tuple[Article, datetime]:
    text = f"Words of {name} on repairs of warships."
    article = Article(id=name, source_id="s", url=f"url-{name}", title=name, text=text)
    return article, AT + timedelta(hours=hour)


def _story(name: str, *ids: str) -> Story:
    return Story(id=name, article_ids=ids, representative_id=ids[0], first_at=AT, last_at=AT)


def test_added_article_is_in_both_stories_in_order_of_time() -> None:
    articles = [_article("x", 5), _article("b", 2), _article("c", 7)]
    hand = hand_of([ADD], URLS)
    found = {s.id: s for s in with_added([_story("X", "x"), _story("B", "b", "c")], articles, hand)}
    assert found["B"].article_ids == ("b", "x", "c")
    assert (found["B"].first_at, found["B"].last_at) == (
        AT + timedelta(hours=2),
        AT + timedelta(hours=7),
    )
    assert found["X"] == _story("X", "x")


def test_story_lives_on_when_only_an_added_article_is_left() -> None:
    found = with_added([_story("X", "x")], [_article("x", 5)], hand_of([ADD], URLS))
    assert [(s.id, s.article_ids) for s in found] == [("X", ("x",)), ("B", ("x",))]


def test_added_article_that_was_not_folded_is_in_neither() -> None:
    stories = (_story("B", "b"),)
    assert with_added(stories, [_article("b", 2)], hand_of([ADD], URLS)) == stories
