"""What of a story was told before: new, follow-up with the sentences that are new, or repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from alliance_nlp.core.types import Novelty, SentenceSource, Story
from alliance_nlp.fold.likenesses import Closeness, Reading, closeness, covered_shares

# Log-odds of one affair from which a story is not new. Below even odds: an analyst who is shown
# the earlier item sees at once that it is another matter, but not what was never shown.
SAME_AFFAIR_FROM = -0.9
# From these log-odds, a story whose reports all came before the item is the event it told.
SAME_EVENT_FROM = 2.5
# A sentence of which this share was said before tells nothing new.
COVERED_FROM = 0.45
# Cosine from which an earlier article may have said what a story says.
_SEEN_FROM = 0.15
# A follow-up has a report of whose sentences this share is new, its first one counted twice: the
# news stands first.
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
    """

    story_id: str
    novelty: Novelty
    affinity: float = -np.inf
    told: ToldItem | None = None
    new: tuple[SentenceSource, ...] = ()
    n_read: int = 0


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
    own = dict.fromkeys(i for story in stories for i in story.article_ids)
    read = {i: articles[i] for i in own} | {a.id: a for a in seen if a.id not in own}
    close = closeness(
        [(article.title, article.text) for article in read.values()],
        [(item.title, item.text) for item in told],
        reading=reading,
    )
    bench = _Bench(tuple(read.values()), tuple(told), close, reading)
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
        affinity = float(odds[best])
        if affinity < SAME_AFFAIR_FROM:
            return Judged(story_id=story.id, novelty=Novelty.NEW, affinity=affinity)
        item = self.told[best]
        late = [row for row in rows if not _is_before(self.read[row], item.on)]
        if not late:  # the item came after all of it
            is_same = affinity >= SAME_EVENT_FROM
            novelty = Novelty.REPEAT if is_same else Novelty.FOLLOW_UP
            return Judged(story_id=story.id, novelty=novelty, affinity=affinity, told=item)
        matched = [self.told[n] for n in np.flatnonzero(odds >= SAME_AFFAIR_FROM)]
        known = [f"{one.title}\n{one.text}" for one in matched]
        known += [_text(self.read[row]) for row in self._seen(rows, item.on)]
        places, shares = self._shares(late, known)
        new = tuple(
            place for place, share in zip(places, shares, strict=True) if share < COVERED_FROM
        )
        is_more = _most_new(places, new) >= ENOUGH_NEW
        return Judged(
            story_id=story.id,
            novelty=Novelty.FOLLOW_UP if is_more else Novelty.REPEAT,
            affinity=affinity,
            told=item,
            new=new,
            n_read=len(places),
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


def _most_new(places: Sequence[SentenceSource], new: Sequence[SentenceSource]) -> float:
    """Return the largest share of new sentences that one article has, its first counted twice."""
    leads = {place.article_id: place for place in reversed(places)}.values()
    read = Counter(place.article_id for place in (*places, *leads))
    fresh = Counter(place.article_id for place in new)
    fresh.update(lead.article_id for lead in leads if lead in set(new))
    return max((fresh[article_id] / n for article_id, n in read.items()), default=0.0)
