"""Which article is in which story by an analyst's hand, and bringing the stories to it.

An edit names articles; it holds for their addresses, so that a newer version of an article stays
where its older one was put.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import MappingProxyType

from alliance_nlp.classify import input_text
from alliance_nlp.core.types import Article, EditKind, Novelty, Story, StoryEdit
from alliance_nlp.fold import FoldItem, make_story
from alliance_nlp.store import (
    Connection,
    article_urls,
    articles_of_stories,
    read_stories,
    read_story_edits,
    rewrite_stories,
    story_novelties,
)
from alliance_nlp.vectors import event_vectors

_NONE: Mapping[str, str] = MappingProxyType({})
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What all edits together come to.

    Attributes
    ----------
    home
        Story of each article that an edit ever named, by the article's address.
    extra
        (address, story) of the articles that belong to a further story.
    """

    home: Mapping[str, str] = field(default_factory=dict)
    extra: frozenset[tuple[str, str]] = frozenset()


def hand_of(
    edits: Sequence[StoryEdit], urls: Mapping[str, str], *, without: int | None = None
) -> Hand:
    """Return what edits, oldest first, come to; those that were undone count for nothing.

    Parameters
    ----------
    edits
        The edits.
    urls
        Address by article id; articles that have none here are left out.
    without
        The number of an edit to leave out of account, an undo among others.
    """
    undone = {edit.undoes for edit in edits if edit.id != without} | {without}
    home: dict[str, str] = {}
    held: dict[str, set[str]] = {}  # the other way round, for merges
    extra: set[tuple[str, str]] = set()

    def put(url: str, story: str) -> None:
        held.setdefault(home.get(url, story), set()).discard(url)
        home[url] = story
        held.setdefault(story, set()).add(url)

    for edit in edits:
        if edit.kind is EditKind.UNDO:
            continue
        # Only hands move an article, so the first edit that names it tells where folding put it.
        for url, story in _by_url(edit.before, urls).items():
            put(url, home.get(url, story))
        if edit.id in undone:
            continue
        moved = _by_url(edit.moved, urls)
        if edit.kind is EditKind.ADD:
            extra |= set(moved.items())
            continue
        merged = merged_by(edit)
        moved = {url: to for i, to in merged.items() for url in held.get(i, ())} | moved
        for url, story in moved.items():
            put(url, story)
        extra = {(url, merged.get(story, story)) for url, story in extra}
    return Hand(home=home, extra=frozenset(pair for pair in extra if home[pair[0]] != pair[1]))


def _by_url(pairs: Iterable[tuple[str, str]], urls: Mapping[str, str]) -> dict[str, str]:
    return {urls[article_id]: story for article_id, story in pairs if article_id in urls}


def merged_by(edit: StoryEdit) -> dict[str, str]:
    """Return the stories that an edit made one with another, and that other."""
    if edit.kind is not EditKind.MERGE:
        return {}
    into = edit.moved[0][1]
    return {story: into for _, story in edit.before if story != into}


def read_urls(tx: Connection, edits: Iterable[StoryEdit]) -> dict[str, str]:
    """Return the address of the articles that edits name, by id."""
    return article_urls(tx, sorted({i for edit in edits for i, _ in edit.before}))


def read_hand(tx: Connection, *, last: int | None = None) -> tuple[Hand, int]:
    """Return what the edits up to number ``last``, or all, come to; and the last one's number."""
    edits = read_story_edits(tx, last=last)
    return hand_of(edits, read_urls(tx, edits)), edits[-1].id if edits else 0


def settle_edits(tx: Connection, *, after: int, last: int | None = None) -> int:
    """Bring the stories to the edits after one number, up to another; return the last one's."""
    edits = read_story_edits(tx, last=last)
    urls = read_urls(tx, edits) if any(edit.id > after for edit in edits) else {}
    for n, edit in enumerate(edits, start=1):
        if edit.id > after:
            was = hand_of(edits[:n], urls, without=edit.id)
            settle(tx, was, hand_of(edits[:n], urls), merged=merged_by(edit))
    return max(after, edits[-1].id if edits else 0)


def lost_articles(tx: Connection) -> list[str]:
    """Return a note on each edit that names articles which are no longer there."""
    edits = read_story_edits(tx)
    urls = read_urls(tx, edits)
    notes = []
    for edit in edits:
        n_lost = sum(i not in urls for i, _ in edit.before)
        if n_lost:
            notes.append(
                f"story edit {edit.id} ({edit.kind.value}): {n_lost} of its {len(edit.before)} "
                "articles are no longer there, so it moves the others alone"
            )
    return notes


def settle(
    tx: Connection, was: Hand, now: Hand, *, merged: Mapping[str, str] = _NONE
) -> tuple[tuple[Story, ...], tuple[str, ...]]:
    """Bring the stories from one state of the edits to the next.

    Parameters
    ----------
    was, now
        The two states, of the same articles.
    merged
        Stories of which nothing is to stay, and those that take what they hold.

    Returns
    -------
    tuple
        The stories that changed, and the ids of those that are empty now.
    """
    moves = {url: (was.home[url], to) for url, to in now.home.items() if was.home[url] != to}
    come, gone = now.extra - was.extra, was.extra - now.extra
    touched = {story for pair in moves.values() for story in pair}
    touched |= {story for _, story in come | gone} | {now.home[url] for url, _ in come}
    touched |= {*merged.keys(), *merged.values()}
    stories = read_stories(tx, sorted(touched))
    rows = {row[0].id: (row[0], row[1]) for row in articles_of_stories(tx, touched)}
    old = {i: set(stories[i].article_ids) if i in stories else set() for i in touched}
    besides = {(i, article) for i, story in stories.items() for article in story.further_ids}
    held = _Held({i: set(members) for i, members in old.items()}, rows)
    for url, story in gone:
        held.take(url, story)
    for url, (source, to) in moves.items():
        held.stories[to] |= held.take(url, source)
    for url, story in come:
        more = held.of(url, now.home[url])
        held.stories[story] |= more
        besides |= {(story, article) for article in more}
    for source, to in merged.items():
        # What a night put there while the edit was made.
        held.stories[to] |= held.stories[source]
        held.stories[source] = set()
    changed = {i: ids for i, ids in held.stories.items() if ids != old[i]}
    homes = {(now.home[url], i) for i, url in held.urls.items() if url in now.home}
    made, emptied = _made(
        tx,
        changed,
        rows,
        came_from={to: source for source, to in moves.values()},
        besides=besides - homes,
    )
    rewrite_stories(tx, made, emptied=emptied)
    return made, emptied


def _made(
    tx: Connection,
    members: Mapping[str, set[str]],
    rows: Mapping[str, tuple[Article, datetime]],
    *,
    came_from: Mapping[str, str],
    besides: Collection[tuple[str, str]],
) -> tuple[tuple[Story, ...], tuple[str, ...]]:
    """Return stories of these members; a story that is new is as new as that which it came from.

    ``besides`` are (story id, article id) of articles that are at home elsewhere.
    """
    novelties = story_novelties(tx, sorted({*members, *came_from.values()}))
    made = tuple(
        story_of(
            i,
            [rows[member] for member in sorted(ids)],
            novelty=novelties.get(i) or novelties.get(came_from.get(i, ""), Novelty.NEW),
            further=[member for member in ids if (i, member) in besides],
        )
        for i, ids in sorted(members.items())
        if ids
    )
    emptied = tuple(sorted(i for i, ids in members.items() if not ids))
    return made, emptied


class _Held:
    """Members of stories while they are moved about."""

    def __init__(
        self, stories: dict[str, set[str]], rows: Mapping[str, tuple[Article, datetime]]
    ) -> None:
        self.stories = stories
        self.urls = {article.id: article.url for article, _ in rows.values()}
        self._ids: dict[str, set[str]] = {}
        for article, _ in rows.values():
            self._ids.setdefault(article.url, set()).add(article.id)

    def of(self, url: str, story: str) -> set[str]:
        """Return a story's articles of an address."""
        return self.stories[story] & self._ids.get(url, set())

    def take(self, url: str, story: str) -> set[str]:
        """Take a story's articles of an address out of it and return them."""
        taken = self.of(url, story)
        self.stories[story] -= taken
        return taken


def story_of(
    name: str,
    rows: Sequence[tuple[Article, datetime]],
    *,
    novelty: Novelty = Novelty.NEW,
    further: Collection[str] = (),
) -> Story:
    """Return the story of these articles, each with its time; ``further`` are at home elsewhere."""
    items = [FoldItem(id=article.id, at=at) for article, at in rows]
    texts = [input_text(article.title, article.text) for article, _ in rows]
    story = make_story(name, items, event_vectors(texts))
    besides = tuple(i for i in story.article_ids if i in further)
    return replace(story, novelty=novelty, further_ids=besides)


def with_added(
    stories: Sequence[Story], articles: Sequence[tuple[Article, datetime]], hand: Hand
) -> tuple[Story, ...]:
    """Return the stories with the articles in them that belong to them too, by hand."""
    rows = {article.id: (article, at) for article, at in articles}
    ids = {article.url: article.id for article, _ in articles}
    added: dict[str, list[str]] = {}
    for url, story in sorted(hand.extra):
        if url in ids:
            added.setdefault(story, []).append(ids[url])
    found = {story.id: story for story in stories}
    for name, more in added.items():
        members = [*(found[name].article_ids if name in found else ()), *more]
        found[name] = story_of(name, [rows[i] for i in dict.fromkeys(members)], further=more)
    return tuple(found.values())


def with_further(
    stories: Sequence[Story],
    articles: Sequence[tuple[Article, datetime | None]],
    further: Iterable[tuple[str, str]],
    *,
    hand: Hand,
) -> tuple[Story, ...]:
    """Return the stories with the articles in them that tell of them besides their own.

    Representative and times stay. An article that an analyst ever placed is left where it was put.

    Parameters
    ----------
    stories
        The stories.
    articles
        Their articles, each with its time.
    further
        (article id, story id) of what articles tell besides.
    hand
        What analysts placed.
    """
    rows = {article.id: (article, at) for article, at in articles}
    told: dict[str, set[str]] = {}
    for article_id, story in further:
        if article_id in rows and rows[article_id][0].url not in hand.home:
            told.setdefault(story, set()).add(article_id)
    return tuple(_besides(s, told[s.id], rows) if s.id in told else s for s in stories)


def _besides(
    story: Story, more: set[str], rows: Mapping[str, tuple[Article, datetime | None]]
) -> Story:
    new = more - set(story.article_ids)
    ids = [*story.article_ids, *new]
    in_order = sorted(ids, key=lambda i: (rows[i][1] or _LONG_AGO, i))
    further = {*story.further_ids, *new}
    return replace(
        story,
        article_ids=tuple(in_order),
        further_ids=tuple(i for i in in_order if i in further),
    )
