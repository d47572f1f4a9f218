"""What was told earlier that a story resembles: items of issues, and candidates shown before."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from alliance_nlp.core.types import Article
from alliance_nlp.fold import ToldItem
from alliance_nlp.pipeline.novelty import published_items, read_shown
from alliance_nlp.store import Connection, last_run, read_candidate, read_issues
from alliance_nlp.vectors import EventVectorizer

# Below this cosine two texts share a topic at most.
_ALIKE_FROM = 0.12
_FUTURE = datetime(9999, 1, 1, tzinfo=UTC)
# The newest; a night's fit must not grow with the years.
_MOST_ITEMS = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """An earlier item, and its cosine to the story, 0 to 1."""

    item: ToldItem
    likeness: float


@dataclass(slots=True)
class Memory:
    """The earlier items with their vectors, kept until an issue or a run is added."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    state: tuple[Any, ...] = ()
    items: tuple[ToldItem, ...] = ()
    vectorizer: EventVectorizer | None = None
    columns: Any = None

    def similar_to(
        self, tx: Connection, articles: Sequence[Article], *, story_id: str, n: int = 5
    ) -> tuple[Similar, ...]:
        """Return up to ``n`` earlier items that a story's articles resemble, the likest first.

        Vectors are of words and names, so an item resembles reports of its own language.
        """
        with self.lock:
            self._learn(tx)
            items, vectorizer, columns = self.items, self.vectorizer, self.columns
        if vectorizer is None or not articles:
            return ()
        given = vectorizer.transform([f"{a.title}\n{a.text}" for a in articles])
        cosines = (given @ columns).max(axis=0).toarray().ravel()
        ranked = sorted(
            (i for i in range(len(items)) if cosines[i] >= _ALIKE_FROM),
            key=lambda i: (-float(cosines[i]), items[i].issue_id, items[i].number),
        )
        # What is a candidate still is no past item; a handful is looked up and no more.
        past = (i for i in ranked if items[i].issue_id or _is_past(tx, items[i], story_id))
        return tuple(
            Similar(item=items[i], likeness=round(float(cosines[i]), 3)) for i in islice(past, n)
        )

    def _learn(self, tx: Connection) -> None:
        run, issues = last_run(tx), read_issues(tx)
        told = [issue for issue, state in issues if state == "published"]
        state = (run.id if run else 0, run.finished_at if run else None, tuple(told))
        if state == self.state:
            return
        shown, _ = read_shown(tx, before=_before(run.as_of if run else None))
        items = [*published_items(told), *shown][-_MOST_ITEMS:]
        self.items = tuple(items)
        self.vectorizer = EventVectorizer() if items else None
        if self.vectorizer is not None:
            texts = [f"{item.title}\n{item.text}" for item in items]
            # By rows, or each product would turn it anew.
            self.columns = self.vectorizer.fit_transform(texts).T.tocsr()
        self.state = state


def _is_past(tx: Connection, item: ToldItem, story_id: str) -> bool:
    return item.story_id != story_id and read_candidate(tx, item.story_id) is None


def _before(as_of: datetime | None) -> datetime:
    return as_of or _FUTURE.replace(year=2100)
