"""What of a story was told before: new, follow-up with the sentences that are new, or repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from alliance_nlp.core.types import Novelty, SentenceSource, Story
from alliance_nlp.fold.likenesses import (
    CONSTANT,
    Closeness,
    closeness,
    contributions,
    covered_shares,
)
from alliance_nlp.fold.reading import Reading, Telling

# Log-odds of one affair from which a story is not new. Below even odds: an analyst who is shown
# the earlier item sees at once that it is another matter, but not what was never shown.
SAME_AFFAIR_FROM = -0.25
# From these log-odds, a story whose reports all came before the item is the event it told.
SAME_EVENT_FROM = 2.5
# A sentence of which this share was said before tells nothing new.
COVERED_FROM = 0.45
# Cosine from which an earlier article may have said what a story says.
_SEEN_FROM = 0.15
# Log-odds that a report of an affair tells more than was told; fitted as told in the same place.
MORE = {
    CONSTANT: -3.27,
    "new": 1.52,
    "gap": 1.19,
    "fresh": 0.98,
    "days": -1.06,
    "summary": -2.15,
    "steps": 0.6,
    "new_numbers": 1.02,
    "back": 0.26,
}
MORE_FROM = 0.25
# A story whose own item says something else is a follow-up from this share of new sentences.
ENOUGH_NEW = 0.61


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldItem:
    """What a reader was told earlier: an item of an issue, or a candidate that was shown.

    Attributes
    ----------
    issue_id, number
        Issue and place in it, from 1; ``""`` and 0 for a candidate.
    story_id
        The candidate's story, or the one that the item was drafted from; ``""`` when unknown.
    on
        When it was told, ``None`` when unknown.
    """

    title: str
    text: str
    on: date | None
    issue_id: str = ""
    number: int = 0
    story_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadArticle:
    """An article as novelty reads it; ``at`` is ``None`` when it has no date."""

    id: str
    title: str
    text: str
    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A story's novelty, the earlier item that it hangs on, and its new sentences.

    Attributes
    ----------
    told
        ``None`` when the story is new.
    new
        What a follow-up adds, in the order of the articles; of a repeat, what little there is.
    affinity
        Log-odds that the story and the closest earlier item are one affair.
    n_read
        Sentences since that item.
    why
        What adds to the log-odds, by trait, greatest first: of a story that is new or came before
        the item, to those of one affair; else to those that it tells more.
    """

    story_id: str
    novelty: Novelty
    affinity: float = -np.inf
    told: ToldItem | None = None
    new: tuple[SentenceSource, ...] = ()
    n_read: int = 0
    why: tuple[tuple[str, float], ...] = ()


def judge_against(
    stories: Sequence[Story],
    articles: Mapping[str, ReadArticle],
    told: Sequence[ToldItem],
    *,
    reading: Reading,
    seen: Sequence[ReadArticle] = (),
) -> tuple[Judged, ...]:
    """Judge each story against all that was told earlier, in the order of the stories.

    Parameters
    ----------
    stories
        The stories.
    articles
        Their articles by id.
    told
        Earlier items. One of the story's own ``story_id`` is the same affair whatever it says.
    reading
        What texts are read with.
    seen
        Further articles: what those from before an item said was known when it was told.
    """
    if not told:
        return tuple(Judged(story_id=story.id, novelty=Novelty.NEW) for story in stories)
    own = {i: articles[i] for story in stories for i in story.article_ids}
    others = tuple({a.id: a for a in seen if a.id not in own}.values())
    close = closeness(
        [_telling(article) for article in own.values()],
        [Telling(title=item.title, text=item.text, on=item.on) for item in told],
        reading=reading,
        others=[_telling(article) for article in others],
    )
    bench = _Bench((*own.values(), *others), tuple(told), close, reading)
    return tuple(bench.judge(story) for story in stories)


@dataclass(frozen=True, slots=True)
class _Bench:
    read: tuple[ReadArticle, ...]
    told: tuple[ToldItem, ...]
    close: Closeness
    reading: Reading

    def judge(self, story: Story) -> Judged:
        wanted = set(story.article_ids)
        rows = [row for row, article in enumerate(self.read) if article.id in wanted]
        odds = self.close.told[rows].max(axis=0)
        for column, item in enumerate(self.told):
            if item.story_id and item.story_id == story.id:
                odds[column] = max(odds[column], SAME_EVENT_FROM)
        best = int(odds.argmax())
        affinity, item = float(odds[best]), self.told[best]
        nearest = rows[int(self.close.told[rows, best].argmax())]
        why = self.close.why(nearest, best)
        if affinity < SAME_AFFAIR_FROM:
            return Judged(story_id=story.id, novelty=Novelty.NEW, affinity=affinity, why=why)
        late = [row for row in rows if not _is_before(self.read[row], item.on)]
        if late:
            matched = np.flatnonzero(odds >= SAME_AFFAIR_FROM)
            return self._weigh(late, best, story=story, affinity=affinity, matched=matched)
        # The item came after all of it.
        novelty = Novelty.REPEAT if affinity >= SAME_EVENT_FROM else Novelty.FOLLOW_UP
        return Judged(story_id=story.id, novelty=novelty, affinity=affinity, told=item, why=why)

    def _weigh(
        self,
        late: Sequence[int],
        best: int,
        *,
        story: Story,
        affinity: float,
        matched: NDArray[np.int64],
    ) -> Judged:
        """Tell by the reports since the closest item whether they tell more."""
        item = self.told[best]
        wanted = set(story.article_ids)
        rows = [row for row, article in enumerate(self.read) if article.id in wanted]
        known = [f"{self.told[n].title}\n{self.told[n].text}" for n in matched]
        known += [_text(self.read[row]) for row in self._seen(rows, item.on)]
        places, shares = self._shares(late, known)
        new = tuple(
            place for place, share in zip(places, shares, strict=True) if share < COVERED_FROM
        )
        fresh = _shares_new(places, new)
        values = [
            {name: float(trait[row, best]) for name, trait in self.close.traits.items()}
            | {"new": fresh.get(self.read[row].id, 0.0)}
            for row in late
        ]
        odds = [_odds(MORE, one) for one in values]
        most = int(np.argmax(odds))
        is_more = bool(new) and odds[most] >= MORE_FROM
        if float(self.close.told[rows, best].max()) < SAME_AFFAIR_FROM:
            # Only the desk knows that the item is of this story: what it says tells nothing.
            is_more = max(fresh.values(), default=0.0) >= ENOUGH_NEW
        return Judged(
            story_id=story.id,
            novelty=Novelty.FOLLOW_UP if is_more else Novelty.REPEAT,
            affinity=affinity,
            told=item,
            new=new,
            n_read=len(places),
            why=contributions(MORE, values[most]),
        )

    def _seen(self, rows: Sequence[int], on: date | None) -> list[int]:
        """Return the rows of articles from before a day that may have said what the story says."""
        events = self.close.events
        likeness = np.asarray((events @ events[rows].T).max(axis=1).toarray()).ravel()
        mine = set(rows)
        return [
            row
            for row, article in enumerate(self.read)
            if _is_before(article, on) and (row in mine or likeness[row] >= _SEEN_FROM)
        ]

    def _shares(
        self, rows: Sequence[int], known: Sequence[str]
    ) -> tuple[list[SentenceSource], NDArray[np.float64]]:
        places, sentences = [], []
        for row in rows:
            article = self.read[row]
            for start, end in self.reading.spans(article.text):
                places.append(SentenceSource(article_id=article.id, start=start, end=end))
                sentences.append(article.text[start:end])
        weigh = [_text(self.read[row]) for row in rows]
        return places, covered_shares(sentences, known, reading=self.reading, weigh=weigh)


def _is_before(article: ReadArticle, on: date | None) -> bool:
    return on is not None and article.at is not None and article.at.date() < on


def _text(article: ReadArticle) -> str:
    return f"{article.title}\n{article.text}"


def _telling(article: ReadArticle) -> Telling:
    on = article.at.date() if article.at else None
    return Telling(title=article.title, text=article.text, on=on)


def _odds(weights: Mapping[str, float], values: Mapping[str, float]) -> float:
    return weights[CONSTANT] + sum(part for _, part in contributions(weights, values))


def _shares_new(
    places: Sequence[SentenceSource], new: Sequence[SentenceSource]
) -> dict[str, float]:
    """Return the share of new sentences of each article, its first one counted twice.

    The news stands first.
    """
    leads = {place.article_id: place for place in reversed(places)}.values()
    read = Counter(place.article_id for place in (*places, *leads))
    fresh = Counter(place.article_id for place in new)
    fresh.update(lead.article_id for lead in leads if lead in set(new))
    return {article_id: fresh[article_id] / n for article_id, n in read.items()}
