"""Merging and splitting by hand, on either database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from store_values import AT, hours, keep_article, make_article, make_run, make_story

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Dated, EditKind, Novelty, Story
from alliance_nlp.pipeline.assigning import lost_articles, settle_edits
from alliance_nlp.pipeline.night import REBUILD
from alliance_nlp.pipeline.story_edits import add, merge, split, undo
from alliance_nlp.pipeline.story_views import list_stories, view_story
from alliance_nlp.store import (
    Connection,
    Database,
    forget_derived,
    read_stories,
    read_story_edits,
    save_stories,
    start_run,
)

ME = "kano"
FOLDED = {"A": ("a1", "a2", "a3"), "B": ("b1", "b2"), "C": ("c1",)}
_HOURS = {"a1": 0, "a2": 3, "a3": 6, "b1": 1, "b2": 9, "c1": 4}


def _keep(tx: Connection) -> None:
    """Keep three stories of six articles."""
    for name, hour in _HOURS.items():
        dated = Dated(at=hours(hour), precision="time", found="", where="test")
        article = make_article(name, published=dated, text=f"Report {name} of the shipyard talks.")
        keep_article(tx, article, fetched_at=hours(hour))
    save_stories(
        tx,
        [
            make_story(
                name,
                *ids,
                first_at=hours(_HOURS[ids[0]]),
                last_at=hours(_HOURS[ids[-1]]),
                novelty=Novelty.FOLLOW_UP if name == "B" else Novelty.NEW,
            )
            for name, ids in FOLDED.items()
        ],
    )


@pytest.fixture
def desk(database: Database) -> Database:
    with database.write() as tx:
        _keep(tx)
    return database


def _stories(desk: Database) -> dict[str, Story]:
    with desk.read() as tx:
        names = {story for edit in read_story_edits(tx) for _, story in edit.moved}
        return read_stories(tx, sorted({*FOLDED, *names}))


def _members(desk: Database) -> dict[str, tuple[str, ...]]:
    return {name: story.article_ids for name, story in _stories(desk).items()}


def test_merged_stories_are_one_in_order_of_time(desk: Database) -> None:
    made = merge(desk, ["A", "B"], reviewer=ME, note="one event")
    assert _members(desk) == {"A": ("a1", "b1", "a2", "a3", "b2"), "C": ("c1",)}
    story = _stories(desk)["A"]
    assert made.stories == (story,)
    assert made.emptied == ("B",)
    assert (story.first_at, story.last_at) == (AT, hours(9))
    assert story.representative_id in story.article_ids
    assert (made.edit.id, made.edit.kind, made.edit.reviewer) == (1, EditKind.MERGE, ME)
    assert made.edit.before == (("b1", "B"), ("b2", "B"))
    assert made.edit.note == "one event"


def test_split_articles_are_a_story_of_their_own(desk: Database) -> None:
    made = split(desk, "A", ["a3", "a1"], reviewer=ME)
    [name] = {story for _, story in made.edit.moved}
    found = _stories(desk)
    assert {i: s.article_ids for i, s in found.items()} == {
        "A": ("a2",),
        "B": ("b1", "b2"),
        "C": ("c1",),
        name: ("a1", "a3"),
    }
    assert found["A"].representative_id == "a2"
    assert (found["A"].first_at, found["A"].last_at) == (hours(3), hours(3))
    assert (found[name].first_at, found[name].last_at) == (AT, hours(6))


def test_split_story_is_as_new_as_the_one_it_left(desk: Database) -> None:
    made = split(desk, "B", ["b2"], reviewer=ME)
    assert {story.novelty for story in made.stories} == {Novelty.FOLLOW_UP}


def test_added_article_is_in_both_stories(desk: Database) -> None:
    made = add(desk, "B", "a1", reviewer=ME)
    assert _members(desk) == {**FOLDED, "B": ("a1", "b1", "b2")}
    assert [story.id for story in made.stories] == ["B"]
    assert _stories(desk)["B"].first_at == AT


def test_undo_restores_what_a_merge_joined(desk: Database) -> None:
    before = _stories(desk)
    merge(desk, ["C", "A", "B"], reviewer=ME)
    made = undo(desk, reviewer=ME)
    assert _members(desk) == FOLDED
    for name, story in _stories(desk).items():
        assert replace(story, representative_id="") == replace(before[name], representative_id="")
    assert made.edit.undoes == 1
    assert made.emptied == ()


def test_undo_restores_what_a_split_parted(desk: Database) -> None:
    name = split(desk, "A", ["a1"], reviewer=ME).edit.moved[0][1]
    assert undo(desk, reviewer=ME).emptied == (name,)
    assert _members(desk) == FOLDED


def test_undo_takes_an_added_article_away(desk: Database) -> None:
    add(desk, "B", "a1", reviewer=ME)
    undo(desk, reviewer=ME)
    assert _members(desk) == FOLDED


def test_undo_goes_back_step_by_step(desk: Database) -> None:
    merge(desk, ["A", "B"], reviewer=ME)
    add(desk, "A", "c1", reviewer=ME)
    assert [undo(desk, reviewer=ME).edit.undoes for _ in range(2)] == [2, 1]
    assert _members(desk) == FOLDED
    with pytest.raises(InputError, match="no edit of stories to undo"):
        undo(desk, reviewer=ME)


def test_undo_of_an_earlier_edit_leaves_what_later_ones_moved(desk: Database) -> None:
    merge(desk, ["A", "B"], reviewer=ME)
    name = split(desk, "A", ["a1", "b1"], reviewer=ME).edit.moved[0][1]
    undo(desk, 1, reviewer=ME)
    assert _members(desk) == {
        "A": ("a2", "a3"),
        "B": ("b2",),
        "C": ("c1",),
        name: ("a1", "b1"),
    }
    undo(desk, 2, reviewer=ME)
    assert _members(desk) == FOLDED


def test_added_article_follows_its_further_story_into_a_merge_and_back(desk: Database) -> None:
    add(desk, "B", "a1", reviewer=ME)
    merge(desk, ["C", "B"], reviewer=ME)
    assert _members(desk) == {"A": FOLDED["A"], "C": ("a1", "b1", "c1", "b2")}
    undo(desk, reviewer=ME)
    assert _members(desk) == {**FOLDED, "B": ("a1", "b1", "b2")}


def test_merging_both_stories_of_an_added_article_holds_it_once(desk: Database) -> None:
    add(desk, "B", "a1", reviewer=ME)
    merge(desk, ["B", "A"], reviewer=ME)
    assert _members(desk) == {"B": ("a1", "b1", "a2", "a3", "b2"), "C": ("c1",)}
    undo(desk, reviewer=ME)
    assert _members(desk) == {**FOLDED, "B": ("a1", "b1", "b2")}


def test_a_split_made_again_is_a_story_of_another_name(desk: Database) -> None:
    first = split(desk, "A", ["a1"], reviewer=ME).edit.moved
    undo(desk, reviewer=ME)
    second = split(desk, "A", ["a1"], reviewer=ME).edit.moved
    assert first != second
    assert _members(desk)[second[0][1]] == ("a1",)


def test_undo_brings_back_the_newer_version_of_an_article(desk: Database) -> None:
    merge(desk, ["A", "B"], reviewer=ME)
    newer = make_article("b1-edited", url=make_article("b1").url, text="Report b1, corrected.")
    with desk.write() as tx:
        keep_article(tx, newer, fetched_at=hours(20))
        [story] = read_stories(tx, ["A"]).values()
        ids = tuple("b1-edited" if i == "b1" else i for i in story.article_ids)
        save_stories(tx, [replace(story, article_ids=ids)])
    undo(desk, reviewer=ME)
    assert set(_members(desk)["B"]) == {"b1-edited", "b2"}


@pytest.mark.parametrize(
    ("ids", "words"),
    [
        (["A"], "needs two stories"),
        (["A", "A"], "needs two stories"),
        (["A", "Z"], "no story 'Z'.*stories list"),
    ],
)
def test_merge_is_refused(desk: Database, ids: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        merge(desk, ids, reviewer=ME)
    assert _members(desk) == FOLDED


def test_merging_a_story_of_added_articles_alone_is_refused(desk: Database) -> None:
    add(desk, "C", "a1", reviewer=ME)
    with desk.write() as tx:
        [story] = read_stories(tx, ["C"]).values()
        save_stories(tx, [replace(story, article_ids=("a1",), representative_id="a1")])
    with pytest.raises(InputError, match="belong to other stories too"):
        merge(desk, ["B", "C"], reviewer=ME)


@pytest.mark.parametrize(
    ("story", "articles", "words"),
    [
        ("Z", ["a1"], "no story 'Z'"),
        ("A", ["b1"], "no article 'b1' in A.*show A"),
        ("A", ["a1", "a2", "a3"], "all articles of A"),
        ("A", [], "name the articles"),
    ],
)
def test_split_is_refused(desk: Database, story: str, articles: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        split(desk, story, articles, reviewer=ME)
    assert _members(desk) == FOLDED


def test_splitting_off_an_added_article_is_refused(desk: Database) -> None:
    add(desk, "A", "b1", reviewer=ME)
    with pytest.raises(InputError, match="added to A by hand"):
        split(desk, "A", ["b1"], reviewer=ME)


def test_splitting_off_all_but_an_added_article_is_refused(desk: Database) -> None:
    add(desk, "B", "a1", reviewer=ME)
    with pytest.raises(InputError, match="all articles of B"):
        split(desk, "B", ["b1", "b2"], reviewer=ME)


@pytest.mark.parametrize(
    ("story", "article", "words"),
    [("Z", "a1", "no story 'Z'"), ("A", "z", "no article 'z' in any"), ("A", "a1", "already")],
)
def test_adding_is_refused(desk: Database, story: str, article: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        add(desk, story, article, reviewer=ME)


def test_undo_is_refused_when_there_is_nothing_to_take_back(desk: Database) -> None:
    merge(desk, ["A", "B"], reviewer=ME)
    with pytest.raises(InputError, match="no edit 7"):
        undo(desk, 7, reviewer=ME)
    undo(desk, 1, reviewer=ME)
    with pytest.raises(InputError, match="undone already"):
        undo(desk, 1, reviewer=ME)
    with pytest.raises(InputError, match="an undo itself"):
        undo(desk, 2, reviewer=ME)


def test_undo_is_refused_when_later_edits_moved_all_on(desk: Database) -> None:
    merge(desk, ["A", "B"], reviewer=ME)
    merge(desk, ["C", "A"], reviewer=ME)
    with pytest.raises(InputError, match="edit 1 has nothing left to undo"):
        undo(desk, 1, reviewer=ME)


def test_refused_edit_leaves_no_trace(desk: Database) -> None:
    with pytest.raises(InputError):
        split(desk, "A", ["a1", "b1"], reviewer=ME)
    with desk.read() as tx:
        assert read_story_edits(tx) == []


def test_of_two_merges_at_once_the_second_sees_the_first(desk: Database) -> None:
    with ThreadPoolExecutor() as pool:
        tries = [pool.submit(merge, desk, ids, reviewer=ME) for ids in (["A", "B"], ["B", "A"]) * 2]
    refusals = [str(one.exception()) for one in tries if one.exception()]
    assert len(refusals) == 3
    assert all("there is no story" in refusal for refusal in refusals)
    assert len(_members(desk)) == 2


def test_nothing_is_edited_while_all_is_made_again(desk: Database) -> None:
    with desk.write() as tx:
        start_run(tx, command=REBUILD, as_of=AT, at=AT)
    with pytest.raises(InputError, match="alliance-nlp rebuild"):
        merge(desk, ["A", "B"], reviewer=ME)


def test_edits_made_again_on_folded_stories_come_to_the_same(desk: Database) -> None:
    merge(desk, ["A", "B"], reviewer=ME)
    split(desk, "A", ["a2", "b1"], reviewer=ME)
    add(desk, "C", "a1", reviewer=ME)
    undo(desk, 1, reviewer=ME)
    wanted = _stories(desk)
    with desk.write() as tx:
        forget_derived(tx)
        _keep(tx)
        assert settle_edits(tx, after=0, last=2) == 2
        assert settle_edits(tx, after=2) == 4
    assert _stories(desk) == wanted


def test_merge_takes_in_what_a_night_added_meanwhile(desk: Database) -> None:
    merge(desk, ["A", "B"], reviewer=ME)
    with desk.write() as tx:  # the night had read the stories before
        keep_article(tx, make_article("b3", text="Report b3 of the shipyard talks."))
        save_stories(tx, [make_story("A", *FOLDED["A"]), make_story("B", "b1", "b2", "b3")])
        settle_edits(tx, after=0)
    assert set(_members(desk)["A"]) == {"a1", "a2", "a3", "b1", "b2", "b3"}
    assert "B" not in _members(desk)


def test_edit_of_articles_that_are_gone_is_told(desk: Database) -> None:
    merge(desk, ["A", "B"], reviewer=ME)
    with desk.write() as tx:
        assert lost_articles(tx) == []
        forget_derived(tx)
        settle_edits(tx, after=0)
        [note] = lost_articles(tx)
    assert "story edit 1 (merge): 2 of its 2 articles" in note


def test_view_shows_where_else_an_article_is_and_who_put_it_there(desk: Database) -> None:
    add(desk, "B", "a1", reviewer=ME)
    view = view_story(desk, "B", [])
    assert [(m.article.id, m.also_in) for m in view.members] == [
        ("a1", ("A",)),
        ("b1", ()),
        ("b2", ()),
    ]
    assert [edit.reviewer for edit in view.edits] == [ME]


def test_view_of_a_story_that_was_taken_in_names_the_edit(desk: Database) -> None:
    merge(desk, ["A", "B"], reviewer=ME)
    with pytest.raises(InputError, match="edit 1 was the last that named it"):
        view_story(desk, "B", [])


def test_stories_are_listed_newest_first(desk: Database) -> None:
    with desk.write() as tx:
        make_run(tx)
    assert [line.story.id for line in list_stories(desk, limit=2)] == ["B", "A"]
    assert list_stories(desk, limit=1)[0].title == "Title of b1"
