"""What an issue says that its sources do not, and which of it an editor let pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from alliance_nlp.core.types import Article, Issue, IssueItem, Override, SentenceSource
from alliance_nlp.digest.support import Claim, Flag, Passage, check_headline, check_item
from alliance_nlp.pipeline.issue_citing import cited_ids
from alliance_nlp.pipeline.issue_granting import granted_phrases
from alliance_nlp.store import Connection, read_articles
from alliance_nlp.tag import KnowledgeBase

_KEPT_ITEMS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A headline or sentence with claims that no source carries.

    Attributes
    ----------
    number
        The item's place in the issue, from 1.
    sentence
        Its place in the bullet, from 1; 0 for the headline.
    override
        The editor's word that lets it pass, or ``None``: then the flag stands.
    """

    number: int
    sentence: int
    text: str
    flags: tuple[Flag, ...]
    override: Override | None = None

    @property
    def where(self) -> str:
        """``item 2, sentence 1``, or ``item 2, headline``."""
        place = f"sentence {self.sentence}" if self.sentence else "headline"
        return f"item {self.number}, {place}"

    @property
    def told(self) -> tuple[str, ...]:
        """The flags in words, such as ``"number: 400"``."""
        return tuple(f"{flag.claim.value}: {flag.text}" for flag in self.flags)


def check_issue(
    tx: Connection,
    issue: Issue,
    *,
    overrides: Sequence[Override] = (),
    kb: KnowledgeBase | None = None,
) -> tuple[Flagged, ...]:
    """Return what an issue says that its sources do not, in its order.

    Those with an ``override`` may go out; the others stand in the way of publishing.

    Parameters
    ----------
    kb
        Tells who the people in the sources are; the package's own tables unless stated.
    """
    granted = granted_phrases(tx, issue, kb=kb)
    return flagged(issue, read_passages(tx, issue), overrides=overrides, granted=granted)


def read_passages(tx: Connection, issue: Issue) -> dict[SentenceSource, Passage]:
    """Return the source sentences of an issue; those whose articles are gone are left out.

    Of an article that gave a headline alone there is an empty passage, with it as the context.
    """
    articles = read_articles(tx, cited_ids(issue))
    headlines = {
        SentenceSource(article_id=item.headline_article_id, start=0, end=0)
        for item in issue.items
        if item.headline_article_id
    }
    sources = {s for item in issue.items for one in item.sentences for s in one.sources}
    return {
        source: _passage(articles[source.article_id], source)
        for source in sources | headlines
        if source.article_id in articles
    }


def _passage(article: Article, source: SentenceSource) -> Passage:
    return Passage(
        text=article.text[source.start : source.end],
        published_on=article.published.on if article.published else None,
        language=article.language or "en",
        context=f"{article.title}\n{article.text}",
    )


def flagged(
    issue: Issue,
    passages: Mapping[SentenceSource, Passage],
    *,
    overrides: Sequence[Override] = (),
    granted: Sequence[Sequence[str]] = (),
) -> tuple[Flagged, ...]:
    """Return what is flagged in an issue, in its order, with the overrides that let it pass.

    An override counts for the very text that it was given for, and for no other wording.

    Parameters
    ----------
    granted
        For each item, phrases that count as supported.
    """
    found: list[Flagged] = []
    for number, item in enumerate(issue.items, start=1):
        phrases = granted[number - 1] if granted else ()
        for place, text, flags in _flags(item, _cited_of(item, passages), tuple(phrases)):
            if flags:
                one = Flagged(number=number, sentence=place, text=text, flags=flags)
                found.append(_with_override(one, overrides))
    return tuple(found)


_Cited = tuple[tuple[SentenceSource, Passage], ...]


def _cited_of(item: IssueItem, passages: Mapping[SentenceSource, Passage]) -> _Cited:
    sources = {source for sentence in item.sentences for source in sentence.sources}
    if item.headline_article_id:
        sources |= {s for s in passages if s.article_id == item.headline_article_id}
    known = sorted(sources & passages.keys(), key=lambda s: (s.article_id, s.start, s.end))
    return tuple((source, passages[source]) for source in known)


# An editor looks at the same items again and again, and changes a sentence of one.
@lru_cache(maxsize=_KEPT_ITEMS)
def _flags(
    item: IssueItem, cited: _Cited, granted: tuple[str, ...]
) -> tuple[tuple[int, str, tuple[Flag, ...]], ...]:
    passages = dict(cited)
    of_headline = check_headline(item, passages, granted=granted)
    found = [(0, item.headline, of_headline)]
    of_sentences = check_item(item, passages, granted=granted)
    for place, (sentence, flags) in enumerate(
        zip(item.sentences, of_sentences, strict=True), start=1
    ):
        has_source = any(source in passages for source in sentence.sources)
        told = flags if flags or has_source else (_unsourced(sentence.text),)
        found.append((place, sentence.text, told))
    return tuple(found)


def _unsourced(text: str) -> Flag:
    """Flag a sentence that claims nothing to be checked, but rests on no source."""
    return Flag(claim=Claim.SOURCE, text=text, start=0, end=len(text))


def _with_override(one: Flagged, overrides: Sequence[Override]) -> Flagged:
    for override in reversed(overrides):
        if override.text == one.text:
            return replace(one, override=override)
    return one


def texts_of(issue: Issue) -> frozenset[str]:
    """Return the headlines and sentences of an issue."""
    return frozenset(
        text
        for item in issue.items
        for text in (item.headline, *(sentence.text for sentence in item.sentences))
    )
