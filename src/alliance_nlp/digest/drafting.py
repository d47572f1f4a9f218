"""The extractive draft: sentences of the sources, compressed and dated, that tell a story once.

Nothing is written by the machine but dates for weekdays, names for pronouns, and the offices and
long forms that the sources or the knowledge base give. Every sentence names the spans that it was
made from, ``article.text[start:end]``: first its own, then those of other reports that tell the
same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.types import Article, Issue, IssueItem, Mention, Sentence
from alliance_nlp.digest.choosing import (
    BULLET_WORDS,
    Option,
    choose,
    n_words,
    sources_of,
    terms,
)
from alliance_nlp.digest.compressing import compressed
from alliance_nlp.digest.headlines import headline_of
from alliance_nlp.digest.naming import Cast, cast_of
from alliance_nlp.digest.reading import options_of

# With this many words told, long sentences lose their asides.
_TIGHTER_FROM = 75
_ALSO_WORDS = 45
# A sentence of the second story that shares this much with the first is the same story.
_ALSO_SAID = 0.4
_LOWERED = frozenset(
    "The A An In On At After For With Under Officials Leaders Ministers Lawmakers Researchers Two "
    "Three Four Five Six Seven Eight Nine Ten Some Many Most Several About More Both".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStory:
    """A story to draft.

    Attributes
    ----------
    articles
        The representative first.
    mentions
        The articles' mentions by article id.
    names
        By entity id, how the digest introduces that person at the story's date: ``"US Trade
        Representative Katherine Tai"``.
    also
        A second story, told in a sentence or two after "Separately,".
    """

    story_id: str
    articles: tuple[Article, ...]
    mentions: Mapping[str, tuple[Mention, ...]]
    names: Mapping[str, str] = field(default_factory=dict)
    also: Self | None = None


def draft_issue(
    stories: Sequence[DraftStory],
    *,
    volume: int,
    number: int,
    title: str,
    published_on: date,
    since_on: date,
    footer: str,
) -> Issue:
    """Draft an issue with one headline and one bullet for each story, in the order given.

    Raises
    ------
    DigestError
        If no story has a sentence that can stand alone.
    """
    items = tuple(item for story in stories if (item := draft_item(story)) is not None)
    if not items:
        raise DigestError("no story has a sentence that can stand alone; accept others and retry")
    return Issue(
        volume=volume,
        number=number,
        title=title,
        published_on=published_on,
        since_on=since_on,
        until_on=published_on,
        items=items,
        footer=footer,
    )


def draft_item(story: DraftStory) -> IssueItem | None:
    """Return a story's headline and bullet, or ``None`` when no sentence can stand alone."""
    cast = cast_of(story.articles, story.mentions, story.names)
    options = options_of(story.articles, story.mentions, cast)
    chosen = choose(options, story.articles)
    if not chosen:
        return None
    sentences = _told(chosen, options, cast)
    if story.also is not None:
        sentences += _separately(story.also, sentences)
    headline = headline_of(
        story.articles, lead=chosen[0].text, lead_article_id=chosen[0].article.id
    )
    return IssueItem(
        headline=headline.text,
        headline_article_id=headline.article_id,
        story_id=story.story_id,
        sentences=sentences,
    )


def _told(chosen: Sequence[Option], options: Sequence[Option], cast: Cast) -> tuple[Sentence, ...]:
    """Return the bullet's sentences; whatever no longer fits at its end is left out."""
    is_long = sum(option.n_words for option in chosen) > _TIGHTER_FROM
    sentences: list[Sentence] = []
    total = 0
    for option in chosen:
        text = option.text
        if option.article.language != "ja":
            text = compressed(text, tighter=True) if is_long else text
            text = cast.introduced(text)
        total += n_words(text, option.article.language)
        if sentences and total > BULLET_WORDS[1]:
            break
        sources = sources_of(option, options)
        told_by = {source.article_id for source in sources}
        # Who somebody is may stand in another report than what was said.
        backing = [b for b in cast.taken_backing() if b.article_id not in told_by]
        sentences.append(Sentence(text=text, sources=(*sources, *dict.fromkeys(backing))))
    return tuple(sentences)


def _separately(story: DraftStory, before: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Return the second story in what room there is, its first sentence behind "Separately,"."""
    room = BULLET_WORDS[1] - sum(len(sentence.text.split()) for sentence in before)
    item = draft_item(replace(story, also=None))
    if item is None:
        return ()
    said = frozenset().union(*(terms(sentence.text) for sentence in before))
    told: list[Sentence] = []
    total = 0
    for sentence in item.sentences[:2]:
        own = terms(sentence.text)
        total += len(sentence.text.split()) + 1
        if total > min(room, _ALSO_WORDS + 15 if not told else _ALSO_WORDS):
            break
        if len(own & said) > _ALSO_SAID * len(own):
            break
        told.append(sentence)
    if not told:
        return ()
    return (replace(told[0], text=_joined(told[0].text)), *told[1:])


def _joined(text: str) -> str:
    """Put "Separately," before a sentence; in Japanese 別に、."""
    first, _, rest = text.partition(" ")
    if not text.isascii() and not rest:
        return f"別に、{text}"
    first = first.lower() if first in _LOWERED else first
    return f"Separately, {first} {rest}"
