"""Merging and splitting stories by hand, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.types import EditKind, Story, StoryEdit
from alliance_nlp.pipeline.assigning import Hand, hand_of, merged_by, read_urls, settle
from alliance_nlp.pipeline.night import is_half_built
from alliance_nlp.store import (
    Connection,
    Database,
    append_story_edit,
    article_urls,
    hold_story_edits,
    read_stories,
    read_story_edits,
    stories_of_article,
    story_novelties,
)

_LIST = "see: alliance-nlp stories list"
_EDITS = "see: alliance-nlp stories edits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """An edit, the stories that it changed as they are now, and the ids of those it emptied."""

    edit: StoryEdit
    stories: tuple[Story, ...]
    emptied: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """What an edit starts from: the edits so far, the addresses they name, what they come to."""

    edits: tuple[StoryEdit, ...]
    urls: Mapping[str, str]
    hand: Hand


def merge(database: Database, story_ids: Sequence[str], *, reviewer: str, note: str = "") -> Edited:
    """Make several stories one: the first takes the articles of the others.

    Raises
    ------
    InputError
        If fewer than two are named, one is unknown, or one holds nothing of its own.
    """
    ids = list(dict.fromkeys(story_ids))
    if len(ids) < 2:
        raise InputError("a merge needs two stories or more; the first takes in the others")
    with database.write() as tx:
        desk = _desk(tx)
        stories = _known(tx, ids)
        before: dict[str, str] = {}
        for story in stories[1:]:
            own = _own(tx, desk, story)
            if not own:
                raise InputError(
                    f"all articles of {story.id} belong to other stories too; take it away with: "
                    "alliance-nlp stories undo EDIT"
                )
            before |= dict.fromkeys(own, story.id)
        edit = _edit(EditKind.MERGE, before, dict.fromkeys(before, ids[0]))
        return _keep(tx, desk, edit, said=(reviewer, note))


def split(
    database: Database,
    story_id: str,
    article_ids: Sequence[str],
    *,
    reviewer: str,
    note: str = "",
) -> Edited:
    """Make a story of their own of some articles of a story.

    Raises
    ------
    InputError
        If the story is unknown, an article is not in it or belongs to it by hand only, or nothing
        of it would be left.
    """
    ids = list(dict.fromkeys(article_ids))
    if not ids:
        raise InputError(f"name the articles to split off {story_id}")
    with database.write() as tx:
        desk = _desk(tx)
        [story] = _known(tx, [story_id])
        own = _own(tx, desk, story)
        for article_id in ids:
            _check_own(story, own, article_id)
        urls = article_urls(tx, own)
        if {urls[i] for i in own} == {urls[i] for i in ids}:
            raise InputError(
                f"these are all articles of {story_id}: there is nothing to split them from"
            )
        name = _fresh_name(tx, story_id, ids)
        edit = _edit(EditKind.SPLIT, dict.fromkeys(ids, story_id), dict.fromkeys(ids, name))
        return _keep(tx, desk, edit, said=(reviewer, note))


def add(
    database: Database, story_id: str, article_id: str, *, reviewer: str, note: str = ""
) -> Edited:
    """Let an article that is in one story belong to another story too.

    Raises
    ------
    InputError
        If the story is unknown or holds the article already, or the article is in no story.
    """
    with database.write() as tx:
        desk = _desk(tx)
        [story] = _known(tx, [story_id])
        url = article_urls(tx, [article_id]).get(article_id, "")
        homes = [i for i in stories_of_article(tx, article_id) if (url, i) not in desk.hand.extra]
        if not homes:
            raise InputError(
                f"there is no article {article_id!r} in any story; "
                "see: alliance-nlp stories show STORY"
            )
        if article_id in story.article_ids:
            raise InputError(f"the article {article_id} is in {story_id} already")
        edit = _edit(EditKind.ADD, {article_id: homes[0]}, {article_id: story_id})
        return _keep(tx, desk, edit, said=(reviewer, note))


def undo(
    database: Database, edit_id: int | None = None, *, reviewer: str, note: str = ""
) -> Edited:
    """Take an edit back: the last one that stands, unless one is named.

    Articles that later edits moved on stay where those put them, and reports that came since stay
    in the story that they joined.

    Raises
    ------
    InputError
        If there is no such edit, it is an undo or was undone, or later edits moved all on.
    """
    with database.write() as tx:
        desk = _desk(tx)
        edit = _to_undo(desk, edit_id)
        after = hand_of(desk.edits, desk.urls, without=edit.id)
        if after == desk.hand:
            raise InputError(
                f"edit {edit.id} has nothing left to undo: later edits moved its articles on; "
                f"undo those first, {_EDITS}"
            )
        if edit.kind is EditKind.ADD:
            before, moved = dict(edit.moved), dict(edit.before)
        else:
            homes = {i: desk.urls[i] for i, _ in edit.moved if i in desk.urls}
            was = {i: desk.hand.home[url] for i, url in homes.items()}
            moved = {i: after.home[url] for i, url in homes.items() if after.home[url] != was[i]}
            before = {i: was[i] for i in moved}
        taken = _edit(EditKind.UNDO, before, moved, undoes=edit.id)
        return _keep(tx, desk, taken, said=(reviewer, note))


def _desk(tx: Connection) -> _Desk:
    if is_half_built(tx):
        raise InputError(
            "the stories are being made again, so none can be edited now; when a rebuild was "
            "broken off, run: alliance-nlp rebuild"
        )
    hold_story_edits(tx)
    edits = tuple(read_story_edits(tx))
    urls = read_urls(tx, edits)
    return _Desk(edits=edits, urls=urls, hand=hand_of(edits, urls))


def _known(tx: Connection, ids: Sequence[str]) -> list[Story]:
    found = read_stories(tx, ids)
    for story_id in ids:
        if story_id not in found:
            raise InputError(f"there is no story {story_id!r}; {_LIST}")
    return [found[story_id] for story_id in ids]


def _own(tx: Connection, desk: _Desk, story: Story) -> list[str]:
    """Return the articles of a story that are in it first of all."""
    urls = article_urls(tx, story.article_ids)
    return [i for i in story.article_ids if (urls[i], story.id) not in desk.hand.extra]


def _check_own(story: Story, own: Sequence[str], article_id: str) -> None:
    if article_id not in story.article_ids:
        raise InputError(
            f"there is no article {article_id!r} in {story.id}; "
            f"see: alliance-nlp stories show {story.id}"
        )
    if article_id not in own:
        raise InputError(
            f"the article {article_id} was added to {story.id} by hand and is first of all in "
            f"another story; undo that, {_EDITS}"
        )


def _fresh_name(tx: Connection, story_id: str, article_ids: Sequence[str]) -> str:
    parts = ["split", story_id, *sorted(article_ids)]
    while story_novelties(tx, [name := f"story-{short_hash(*parts)}"]):
        parts.append(name)  # a split like this one was undone before
    return name


def _to_undo(desk: _Desk, edit_id: int | None) -> StoryEdit:
    undone = {edit.undoes for edit in desk.edits}
    standing = [e for e in desk.edits if e.kind is not EditKind.UNDO and e.id not in undone]
    if edit_id is None:
        if not standing:
            raise InputError("there is no edit of stories to undo")
        return standing[-1]
    edit = next((edit for edit in desk.edits if edit.id == edit_id), None)
    if edit is None:
        raise InputError(f"there is no edit {edit_id}; {_EDITS}")
    if edit.kind is EditKind.UNDO:
        raise InputError(f"edit {edit_id} is an undo itself; make edit {edit.undoes} anew instead")
    if edit.id in undone:
        raise InputError(f"edit {edit_id} was undone already; {_EDITS}")
    return edit


def _edit(
    kind: EditKind,
    before: Mapping[str, str],
    moved: Mapping[str, str],
    *,
    undoes: int | None = None,
) -> StoryEdit:
    return StoryEdit(
        kind=kind,
        moved=tuple(sorted(moved.items())),
        before=tuple(sorted(before.items())),
        undoes=undoes,
        reviewer="",
        edited_at=now(),
    )


def _keep(tx: Connection, desk: _Desk, edit: StoryEdit, *, said: tuple[str, str]) -> Edited:
    """Append an edit and bring the stories to it."""
    reviewer, note = said
    kept = append_story_edit(tx, replace(edit, reviewer=reviewer, note=note))
    edits = (*desk.edits, kept)
    urls = {**desk.urls, **read_urls(tx, [kept])}
    was = hand_of(edits, urls, without=kept.id)
    stories, emptied = settle(tx, was, hand_of(edits, urls), merged=merged_by(kept))
    return Edited(edit=kept, stories=stories, emptied=emptied)
