"""Records turned into the plain values that templates show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType

from alliance_nlp.core.text import shorten
from alliance_nlp.core.types import Article, Decision, Mention, Source
from alliance_nlp.core.urls import host, is_web_url
from alliance_nlp.review import (
    is_open,
    latest,
    notes,
    place_of,
    seen_hash,
    standing,
    standing_topics,
)
from alliance_nlp.web.bars import Scale, Waterfall, waterfall
from alliance_nlp.web.reading import StoryRecord
from alliance_nlp.web.segments import KINDS, Entity, Segment, entities, paragraphs

# More chips than this make a card that nobody reads.
MOST_CHIPS = 8
# Real headlines end well before; what goes on is no headline, and its article shows it whole.
MOST_HEADLINE = 240
NO_ROLES: Mapping[tuple[str, str], str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A story as the list and the head of its page show it.

    Attributes
    ----------
    topics
        The analysts' where they gave any, else the classifier's, ``proposed``.
    notes
        What was written on it and not taken back, oldest first.
    decision
        The verdict that stands.
    own_last
        Number of the reviewer's last decision of any kind, 0 when there is none.
    may_undo
        Whether one of the reviewer's decisions stands.
    seen
        What a decision on it answers to; ``""`` when it is in no ranking.
    """

    id: str
    rank: int | None
    headline: str
    language: str
    outlets: tuple[str, ...]
    n_articles: int
    last_at: datetime | None
    novelty: str
    topics: tuple[str, ...]
    proposed: tuple[str, ...]
    is_retopiced: bool
    entities: tuple[Entity, ...]
    n_more_entities: int
    warnings: tuple[str, ...]
    reasons: Waterfall | None
    notes: tuple[Decision, ...]
    decision: Decision | None
    own_last: int
    may_undo: bool
    asks_again: bool
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSentence:
    """A sentence that no earlier item covers, and who wrote it."""

    text: str
    language: str
    outlet: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldView:
    """What a story follows or repeats; ``issue_id`` is ``""`` where that is a candidate."""

    place: str
    issue_id: str
    story_id: str
    on: date | None
    new: tuple[NewSentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """One article of a story; ``link`` is ``""`` when there is no web address to open.

    ``names`` and ``roles`` tell of entities by id: the fullest surface, and who they were then.
    """

    article: Article
    outlet: str
    link: str
    paragraphs: tuple[tuple[Segment, ...], ...]
    names: Mapping[str, str]
    roles: Mapping[str, str]

    def describe(self, mention: Mention) -> str:
        """Return who or what a mention is, which entity, and what found it."""
        entity = f" ({mention.entity_id})" if mention.entity_id else ""
        what = KINDS[mention.label].capitalize()
        name = self.names.get(mention.entity_id, "")
        known = self.roles.get(mention.entity_id) or f"{what}{': ' if name else ''}{name}"
        return f"{known}{entity}, found by {mention.how}"

    def kind(self, mention: Mention) -> str:
        """Return the style of a mention."""
        return KINDS[mention.label]


def outlet_of(article: Article, sources: Mapping[str, Source]) -> str:
    """Return who published an article: what it says itself, its source's name, or its host."""
    source = sources.get(article.source_id)
    return article.outlet or (source.name if source else "") or host(article.url) or "unknown"


def card(
    record: StoryRecord, sources: Mapping[str, Source], within: Scale, *, reviewer: str = ""
) -> Card:
    """Return the card of a story; bars are drawn on the scale ``within``."""
    candidate, lead = record.candidate, record.articles[0]
    found = story_entities(record)
    outlets = tuple(dict.fromkeys(outlet_of(article, sources) for article in record.articles))
    proposed = _topics(record)
    given = standing_topics(record.decisions).get(record.story.id)
    decision = latest(record.decisions).get(record.story.id)
    return Card(
        id=record.story.id,
        rank=candidate.rank if candidate else None,
        headline=shorten(lead.title, MOST_HEADLINE) or "(no title)",
        language=lead.language,
        outlets=outlets,
        n_articles=len(record.articles),
        last_at=record.story.last_at,
        novelty=record.story.novelty.value,
        topics=proposed if given is None else tuple(label.value for label in given),
        proposed=proposed,
        is_retopiced=given is not None,
        entities=found[:MOST_CHIPS],
        n_more_entities=max(0, len(found) - MOST_CHIPS),
        warnings=_warnings(record, outlets),
        reasons=waterfall(candidate, within) if candidate else None,
        notes=notes(record.decisions).get(record.story.id, ()),
        decision=decision,
        own_last=last_of(record.decisions, record.story.id, reviewer),
        may_undo=any(d.reviewer == reviewer for d in standing(record.decisions)),
        asks_again=_asks_again(record, decision),
        seen=seen_hash(record.story, candidate) if candidate else "",
    )


def last_of(decisions: Sequence[Decision], story_id: str, reviewer: str) -> int:
    """Return the number of a reviewer's last decision on a story, 0 when there is none."""
    own = (d.id for d in decisions if d.subject == story_id and d.reviewer == reviewer)
    return max(own, default=0)


def article_views(
    record: StoryRecord,
    sources: Mapping[str, Source],
    *,
    roles: Mapping[tuple[str, str], str] = NO_ROLES,
) -> tuple[ArticleView, ...]:
    """Return the articles of a story with their mentions marked.

    ``roles`` tells who entities were at an article's date, by (article id, entity id).
    """
    names = {e.entity_id: e.name for e in story_entities(record) if e.entity_id}
    return tuple(
        ArticleView(
            article=article,
            outlet=outlet_of(article, sources),
            link=web_link(article),
            paragraphs=paragraphs(article.text, record.mentions.get(article.id, ())),
            names=names,
            roles={i: role for (of, i), role in roles.items() if of == article.id},
        )
        for article in record.articles
    )


def told_view(record: StoryRecord, sources: Mapping[str, Source]) -> ToldView | None:
    """Return what a story follows or repeats, with its new sentences; ``None`` when it is new."""
    told = record.told
    if told is None:
        return None
    articles = {article.id: article for article in record.articles}
    # An analyst may have moved articles out of the story since it was judged.
    found = [(articles[new.article_id], new) for new in told.new if new.article_id in articles]
    return ToldView(
        place=place_of(told),
        issue_id=told.issue_id,
        story_id=told.earlier_story_id,
        on=told.on,
        new=tuple(
            NewSentence(
                text=article.text[new.start : new.end],
                language=article.language,
                outlet=outlet_of(article, sources),
            )
            for article, new in found
        ),
    )


def web_link(article: Article) -> str:
    """Return where the article can be opened; only http and https ever become a link."""
    return next((url for url in (article.link, article.url) if is_web_url(url)), "")


def story_entities(record: StoryRecord) -> tuple[Entity, ...]:
    """Return who and what a story's articles mention, most mentioned first."""
    return entities(
        [
            (article.text[mention.start : mention.end], mention)
            for article in record.articles
            for mention in record.mentions.get(article.id, ())
        ]
    )


def _topics(record: StoryRecord) -> tuple[str, ...]:
    best: dict[str, float] = {}
    for article in record.articles:
        for topic in record.topics.get(article.id, ()):
            if topic.holds:
                best[topic.label.value] = max(topic.score, best.get(topic.label.value, 0.0))
    return tuple(sorted(best, key=lambda label: -best[label]))


def _warnings(record: StoryRecord, outlets: tuple[str, ...]) -> tuple[str, ...]:
    n_articles = len(record.articles)
    counts = Counter(flag for article in record.articles for flag in set(article.flags))
    alone = ("single outlet",) if len(outlets) == 1 else ()
    flags = (
        f"{flag.replace('-', ' ')}{'' if n == n_articles else f' ({n} of {n_articles})'}"
        for flag, n in sorted(counts.items())
    )
    return (*alone, *flags)


def _asks_again(record: StoryRecord, decision: Decision | None) -> bool:
    candidate = record.candidate
    if decision is None or candidate is None or decision.verdict in ("later", "unsure"):
        return False
    return is_open(record.story, candidate, decision)


def long_day(at: date | datetime | None) -> str:
    """Return ``April 14, 2024``; ``"no date"`` for none."""
    return f"{at:%B} {at.day}, {at.year}" if at else "no date"


def moment(at: datetime | None) -> str:
    """Return ``April 14, 2024, 06:05 UTC``; ``"not yet"`` for none."""
    return f"{long_day(at)}, {at:%H:%M} UTC" if at else "not yet"


def signed(value: float) -> str:
    """Return a number with its sign and two decimals, with a true minus."""
    return f"{value:+.2f}".replace("-", "−")
