"""The extractive draft: whole sentences of the sources, chosen to tell a story once.

Every sentence is ``article.text[start:end]`` of an article that is named with it; nothing is
written by the machine. A dateline in front of a first sentence is left outside the span.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.text import shorten, words
from alliance_nlp.core.types import (
    Article,
    Issue,
    IssueItem,
    Mention,
    Sentence,
    SentenceSource,
)
from alliance_nlp.digest.sentences import sentence_spans

# Bullets of published issues run from 67 to 142 words.
BULLET_WORDS = (67, 142)
MOST_SENTENCES = 5
HEADLINE_CHARS = 110
# A sentence of whose words this share was said already adds too little.
SAID_FROM = 0.4
_READ_SENTENCES = 14  # a story's news stands near its top

_DATELINE = re.compile(
    r"^(?:[A-ZÀ-Þ][\w.'’/-]*[,\s]+){1,8}(?:\d{1,2}(?:,\s*\d{4})?,?\s+)?"
    r"(?:\([^)]{2,60}\)\s*)?(?:--|[—–]|-\s)\s*"
)
_WIRE_SIGN = re.compile(r"^\(?[A-Z][\w .&-]{1,40}\)?\s*(?:--|[—–])\s*")
_DANGLING = re.compile(
    r"^[\"“'‘]?(?:he|she|it|they|we|i|you|this|that|these|those|his|her|its|their|there|but|and|or|"
    r"so|however|meanwhile|also|instead|still|yet|then|earlier|later|such|both|another|"
    r"in addition|for example|as a result|similarly|moreover|furthermore|nevertheless)\b",
    re.IGNORECASE,
)
_TIME_STAMP = re.compile(
    r"^\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?|jst|est|edt|gmt|utc)?\b", re.IGNORECASE
)
_JAPANESE_QUOTES = (("「", "」"), ("『", "』"))
_QUOTE_START = re.compile(r"^[\"“‘「『]")
# A day that only the reader of that day's paper can tell.
_THAT_DAY = re.compile(
    r"\b(?:today|tonight|yesterday|tomorrow|this (?:morning|afternoon|evening))\b", re.IGNORECASE
)
_NOISE = re.compile(
    r"\b(?:subscribe|sign up|newsletter|click here|read more|follow us|all rights reserved|"
    r"photo|image|courtesy of|advertisement|cookies?)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d|\b(?:million|billion|trillion|percent)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStory:
    """A story to draft: its articles, the representative first, and their mentions by id."""

    story_id: str
    articles: tuple[Article, ...]
    mentions: Mapping[str, tuple[Mention, ...]]


@dataclass(frozen=True, slots=True)
class _Option:
    article: Article
    start: int
    end: int
    terms: frozenset[str]
    score: float

    @property
    def text(self) -> str:
        return " ".join(self.article.text[self.start : self.end].split())

    @property
    def n_words(self) -> int:
        return len(self.text.split())


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
    options = _options(story)
    chosen = _choose(options)
    if not chosen:
        return None
    lead = story.articles[0]
    return IssueItem(
        headline=shorten(lead.title, HEADLINE_CHARS),
        headline_article_id=lead.id,
        story_id=story.story_id,
        sentences=tuple(
            Sentence(
                text=option.text,
                sources=(
                    SentenceSource(
                        article_id=option.article.id, start=option.start, end=option.end
                    ),
                ),
            )
            for option in chosen
        ),
    )


def _options(story: DraftStory) -> list[_Option]:
    spoken = Counter(
        term for article in story.articles for term in _terms(article.title + " " + article.text)
    )
    options = []
    for place, article in enumerate(story.articles):
        starts = {mention.start for mention in story.mentions.get(article.id, ())}
        spans = sentence_spans(article.text)[:_READ_SENTENCES]
        for position, (start, end) in enumerate(spans):
            if start == 0 or article.text[start - 1] == "\n":
                start = _after_dateline(article.text, start, end)
            surface = article.text[start:end]
            if not _stands_alone(surface, article):
                continue
            terms = _terms(surface)
            n_mentions = sum(start <= offset < end for offset in starts)
            score = _score(
                terms, spoken, position=position, place=place, n_mentions=n_mentions, text=surface
            )
            options.append(_Option(article, start, end, terms, score))
    return options


def _after_dateline(text: str, start: int, end: int) -> int:
    for pattern in (_DATELINE, _WIRE_SIGN):
        match = pattern.match(text[start:end])
        if match is None or match.end() >= min(80, end - start - 20):
            continue
        # "Governor Tamaki — who opposes it — spoke" has an aside there, no dateline.
        if not text[start + match.end()].islower():
            return start + match.end()
    return start


def _stands_alone(text: str, article: Article) -> bool:
    n_words = len(text.split())
    if article.language == "ja":
        is_whole = all(text.count(left) == text.count(right) for left, right in _JAPANESE_QUOTES)
        return is_whole and 15 <= len(text) <= 220 and text[-1] in "。！？」』）"
    if not 7 <= n_words <= 60 or text[-1] not in '.!?"”’)':
        return False
    if text.count("“") != text.count("”") or text.count('"') % 2:
        return False
    starts_badly = any(p.match(text) for p in (_DANGLING, _QUOTE_START, _TIME_STAMP))
    return not (starts_badly or _NOISE.search(text) or _THAT_DAY.search(text))


def _terms(text: str) -> frozenset[str]:
    return frozenset(word for word in words(text) if len(word) > 3 or word.isdigit())


def _score(
    terms: frozenset[str],
    spoken: Counter[str],
    *,
    position: int,
    place: int,
    n_mentions: int,
    text: str,
) -> float:
    # The lead tells the event; after it, what several reports repeat, and what carries a figure.
    # The leads of the other reports tell the same event again, so they get no such credit.
    shared = sum(min(spoken[term], 6) for term in terms) / (len(terms) or 1)
    figure = 0.4 if _FIGURE.search(text) else 0.0
    lead = 1.2 / (position or 2)
    if position == 0 and place == 0:
        lead = 3.0
    return lead + 0.5 * shared + 0.25 * min(n_mentions, 4) + figure - 0.8 * min(place, 3)


def _choose(options: Iterable[_Option]) -> list[_Option]:
    chosen: list[_Option] = []
    said: set[str] = set()
    total = 0
    least, most = BULLET_WORDS
    for option in sorted(options, key=lambda o: (-o.score, o.article.id, o.start)):
        if len(chosen) >= MOST_SENTENCES or total >= least + 20:
            break
        is_repeated = any(option.text == other.text for other in chosen)
        if is_repeated or total + option.n_words > most or _is_said(option, said):
            continue
        chosen.append(option)
        said |= option.terms
        total += option.n_words
    # Reports in the order chosen first, sentences of one report in their own order.
    first = {option.article.id: rank for rank, option in reversed(list(enumerate(chosen)))}
    return sorted(chosen, key=lambda option: (first[option.article.id], option.start))


def _is_said(option: _Option, said: set[str]) -> bool:
    return len(option.terms & said) / (len(option.terms) or 1) > SAID_FROM
