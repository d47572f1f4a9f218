"""Articles of the window to stories."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from alliance_nlp.classify import input_text
from alliance_nlp.config import FoldSettings
from alliance_nlp.core.types import Article, Reason, Rejected, Relevance, Stage, Story, ToldBefore
from alliance_nlp.fold import Bridge, FoldItem, Parts, find_further, fold_articles
from alliance_nlp.pipeline.assigning import Hand, read_hand, settle_edits, with_added, with_further
from alliance_nlp.pipeline.night import Night
from alliance_nlp.pipeline.novelty import judge_stories, read_of, read_published, read_shown
from alliance_nlp.store import (
    Connection,
    articles_between,
    articles_of_stories,
    hold_story_edits,
    known_story_ids,
    memberships,
    read_relevance,
    read_withdrawn,
    save_problems,
    save_stories,
    save_told,
)
from alliance_nlp.vectors import EventVectorizer, bridge_vectors, is_japanese, text_parts

_NONE_KNOWN: Mapping[str, str] = MappingProxyType({})
_Row = tuple[Article, datetime, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """Stories, oldest first, and (article id, story id) of what articles tell besides their own."""

    stories: tuple[Story, ...]
    further: tuple[tuple[str, str], ...]


def fold_together(
    articles: Sequence[tuple[Article, datetime | None]],
    settings: FoldSettings,
    *,
    known: Mapping[str, str] = _NONE_KNOWN,
    told: Collection[str] = (),
) -> Folded:
    """Fold articles, each with its time, into stories.

    Parameters
    ----------
    articles
        Articles and when they appeared.
    settings
        How they are folded.
    known
        The stories of those that were folded before.
    told
        Ids of those of which it is known what they tell besides; they are not looked at.
    """
    items = [
        FoldItem(id=article.id, at=at, language=_language(article)) for article, at in articles
    ]
    texts = [input_text(article.title, article.text) for article, _ in articles]
    vectorizer = EventVectorizer(background=True)
    X = vectorizer.fit_transform(texts)
    stories = fold_articles(
        items,
        X,
        distance=settings.distance,
        days=settings.days,
        known=known,
        bridge=Bridge(rows=bridge_vectors(texts), least=settings.across_languages),
    )
    parts = _parts([None if a.id in told else a.text for a, _ in articles], vectorizer)
    near = _near(stories, items, days=settings.days)
    ids = [item.id for item in items]
    return Folded(stories=stories, further=find_further(stories, ids, X, parts=parts, near=near))


def _parts(texts: Sequence[str | None], vectorizer: EventVectorizer) -> Parts:
    """Return the parts of the texts that have several."""
    cut = [(place, text_parts(text)) for place, text in enumerate(texts) if text]
    found = [(place, part, n) for place, parts in cut if len(parts) > 1 for part, n in parts]
    return Parts(
        rows=vectorizer.transform([part for _, part, _ in found]) if found else csr_matrix((0, 0)),
        of=[place for place, _, _ in found],
        sizes=[n for _, _, n in found],
    )


def _near(stories: Sequence[Story], items: Sequence[FoldItem], *, days: float) -> NDArray[np.bool_]:
    """Return which stories run near which articles, shape (n_articles, n_stories)."""
    span = timedelta(days=days).total_seconds()
    at = np.array([item.at.timestamp() if item.at else np.nan for item in items])[:, None]
    first = np.array([s.first_at.timestamp() if s.first_at else np.nan for s in stories])
    last = np.array([s.last_at.timestamp() if s.last_at else np.nan for s in stories])
    return np.asarray(~((at < first - span) | (at > last + span)))


def _language(article: Article) -> str:
    return article.language or ("ja" if is_japanese(article.text) else "en")


def fold(night: Night, *, until: datetime) -> None:
    """Fold the articles of the window that may bear on the alliance into stories.

    Articles join the stories that are open, those with a report in the window, or found their own;
    where an analyst put them, they stay.
    """
    with night.ledger.timed(Stage.FOLD):
        with night.database.snapshot() as tx:
            hand, n_edits = read_hand(tx, last=night.last_edit)
            articles, known = _fold_articles(night, tx, until, hand=hand)
            besides = memberships(tx, [article.id for article, _ in articles])
        folded = fold_together(articles, night.settings.fold, known=known, told=besides)
        for article_id in (i for story in folded.stories for i in story.article_ids):
            night.ledger.leave(Stage.FOLD, article_id)
        stories = with_added(folded.stories, articles, hand)
        stories, told = _judged(night, stories, articles, until=until)
        kept = [(i, story) for i, further in besides.items() for story in further]
        stories = with_further(stories, articles, [*kept, *folded.further], hand=hand)
        with night.database.write() as tx:
            hold_story_edits(tx)
            save_stories(tx, stories)
            save_told(tx, [story.id for story in stories], told)
            if night.last_edit is None:  # what was edited meanwhile
                settle_edits(tx, after=n_edits)
            save_problems(tx, night.run_id, night.ledger.take_problems())
        if n_edits:
            night.closing["story-edits"] = str(n_edits)
        night.report_progress("fold", len(stories), len(stories))


def _judged(
    night: Night,
    stories: Sequence[Story],
    articles: Sequence[tuple[Article, datetime]],
    *,
    until: datetime,
) -> tuple[tuple[Story, ...], tuple[ToldBefore, ...]]:
    """Return the stories with their novelty, and what those hang on that are not new."""
    before = until - timedelta(days=night.settings.digest.window_days)
    with night.database.read() as tx:
        told, cited = read_published(tx, until.date())
        shown, seen = read_shown(tx, before=before, without=[story.id for story in stories])
    times = {article.id: at for article, at in articles}
    read = read_of({article.id: article for article, _ in articles}, times)
    return judge_stories(stories, read, [*told, *shown], seen=[*cited, *seen])


def _fold_articles(
    night: Night, tx: Connection, until: datetime, *, hand: Hand
) -> tuple[list[tuple[Article, datetime]], dict[str, str]]:
    """Return the articles to fold with their times, and the stories of those folded before."""
    # Stories open before the window may still grow in it.
    days = night.settings.digest.window_days + night.settings.fold.days
    rows = articles_between(tx, until - timedelta(days=days), until)
    rows, known = _with_whole_stories(tx, rows, hand)
    ids = [article.id for article, _, _ in rows]
    relevance, withdrawn = read_relevance(tx, ids), read_withdrawn(tx, ids)
    kept = []
    for article, dated_at, is_current in rows:
        night.ledger.enter(Stage.FOLD, article.id)
        rejected = _why_not(night, article, relevance.get(article.id), is_current=is_current)
        if article.id in withdrawn:
            rejected = _refused(article, Reason.WITHDRAWN, withdrawn[article.id])
        if rejected is None:
            kept.append((article, dated_at))
        else:
            night.ledger.leave(Stage.FOLD, article.id, rejected)
    return kept, {article.id: known[article.id] for article, _ in kept if article.id in known}


def _with_whole_stories(
    tx: Connection, rows: Sequence[_Row], hand: Hand
) -> tuple[list[_Row], dict[str, str]]:
    """Return the rows with all others of their stories, and the story of each known article.

    A story that runs longer than the window keeps its first reports.
    """
    found = {row[0].id: row for row in rows}
    read: set[str] = set()
    while True:
        known = known_story_ids(tx, list(found))
        # What a hand decided comes last, and so is never overruled.
        urls = {row[0].url for row in found.values()}
        known |= {
            row[0].id: hand.home[row[0].url] for row in found.values() if row[0].url in hand.home
        }
        besides = {story for further in memberships(tx, list(found)).values() for story in further}
        wanted = {*known.values(), *(story for url, story in hand.extra if url in urls)} - read
        wanted |= besides - read
        if not wanted:
            return list(found.values()), known
        read |= wanted
        found |= {row[0].id: row for row in articles_of_stories(tx, wanted)}


def _why_not(
    night: Night, article: Article, relevance: Relevance | None, *, is_current: bool
) -> Rejected | None:
    if not is_current:
        return _refused(article, Reason.SUPERSEDED, f"a newer version of {article.url} is used")
    floor = night.settings.fold.min_relevance
    if relevance is None or (not relevance.relevant and relevance.score < floor):
        score = "not judged" if relevance is None else f"relevance {relevance.score:.2f}"
        return _refused(article, Reason.NOT_RELEVANT, f"{score}: {article.title}")
    return None


def _refused(article: Article, reason: Reason, detail: str) -> Rejected:
    return Rejected(stage=Stage.FOLD, subject_id=article.id, reason=reason, detail=detail)
