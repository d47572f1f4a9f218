"""Clusters to stories that keep their names from night to night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.types import Story
from alliance_nlp.fold.bridging import join_languages
from alliance_nlp.fold.clustering import EventClustering

_DAY_S = 86_400.0
_NO_STORIES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldItem:
    """What folding needs of an article: its id, when it appeared, and its language."""

    id: str
    at: datetime | None
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bridge:
    """What articles share across languages.

    Attributes
    ----------
    rows
        Unit-length rows, shape (n_articles, n_features), in the order of the articles.
    least
        Average likeness from which two stories of different languages are one, 0 to 1.
    """

    rows: Any
    least: float

    def of(self, order: Sequence[int]) -> Bridge:
        """Return the bridge with its rows in another order."""
        return replace(self, rows=csr_matrix(self.rows)[list(order)])


def fold_articles(
    items: Sequence[FoldItem],
    X: Any,
    *,
    distance: float,
    days: float,
    known: Mapping[str, str] = _NO_STORIES,
    bridge: Bridge | None = None,
) -> tuple[Story, ...]:
    """Fold articles into stories, oldest story first; the order of the input makes no difference.

    Parameters
    ----------
    items
        The articles.
    X
        Their unit-length vectors, shape (n_articles, n_features), in the same order.
    distance, days
        See :class:`EventClustering`.
    known
        Story of articles that were folded before. They stay in it, so that what a reader saw
        yesterday is there today; the others join one of these stories or found their own.
    bridge
        What languages share, to join reports of one event in two of them; ``None`` joins none.
    """
    if not items:
        return ()
    order = sorted(range(len(items)), key=lambda i: items[i].id)
    ordered = [items[i] for i in order]
    rows = csr_matrix(X)[order]
    groups = _groups(ordered, known)
    at = np.array([item.at.timestamp() / _DAY_S if item.at else np.nan for item in ordered])
    clustering = EventClustering(distance=distance, days=days)
    labels = clustering.fit(rows, days_at=at, groups=groups).labels_
    if bridge is not None:
        labels = _bridged(labels, ordered, bridge.of(order), groups=groups, days=days)
    clusters: dict[int, list[int]] = {}
    for position, label in enumerate(labels):
        clusters.setdefault(int(label), []).append(position)
    names = _names([[ordered[i].id for i in members] for members in clusters.values()], known)
    stories = [
        _story(name, [ordered[i] for i in members], rows[members])
        for name, members in zip(names, clusters.values(), strict=True)
    ]
    return tuple(sorted(stories, key=lambda story: (_time(story.first_at), story.id)))


def _bridged(
    labels: NDArray[np.int64],
    items: Sequence[FoldItem],
    bridge: Bridge,
    *,
    groups: Sequence[int],
    days: float,
) -> NDArray[np.int64]:
    at = np.array([item.at.timestamp() / _DAY_S if item.at else np.nan for item in items])
    fixed = np.zeros(int(labels.max()) + 1, dtype=bool)
    fixed[labels[np.asarray(groups) >= 0]] = True
    return join_languages(
        labels,
        [item.language for item in items],
        bridge.rows,
        least=bridge.least,
        near=~(np.abs(at[:, None] - at[None, :]) > days),
        fixed=fixed,
    )


def _groups(items: Sequence[FoldItem], known: Mapping[str, str]) -> list[int]:
    numbers = {name: number for number, name in enumerate(sorted(set(known.values())))}
    return [numbers[known[item.id]] if item.id in known else -1 for item in items]


def _time(at: datetime | None) -> datetime:
    return at or datetime.min.replace(tzinfo=UTC)


def _names(clusters: Sequence[Sequence[str]], known: Mapping[str, str]) -> list[str]:
    taken = set(known.values())
    names = []
    for ids in clusters:
        name = next((known[i] for i in ids if i in known), None) or _fresh_name(ids, taken)
        taken.add(name)
        names.append(name)
    return names


def _fresh_name(ids: Sequence[str], taken: set[str]) -> str:
    # The name that an article once gave may live on in a story that it has left.
    parts = ["story", min(ids)]
    while (name := f"story-{short_hash(*parts)}") in taken:
        parts.append(name)
    return name


def make_story(name: str, items: Sequence[FoldItem], X: Any) -> Story:
    """Return the story of these articles, whatever folding would make of them.

    Parameters
    ----------
    name
        Id of the story.
    items
        The articles, at least one.
    X
        Their unit-length vectors, shape (n_articles, n_features), in the same order.
    """
    order = sorted(range(len(items)), key=lambda i: items[i].id)
    return _story(name, [items[i] for i in order], csr_matrix(X)[order])


def _story(name: str, members: Sequence[FoldItem], rows: csr_matrix) -> Story:
    # The representative is the report most like all others: it tells what they share.
    central = np.asarray(rows @ rows.sum(axis=0).T).ravel()
    best = max(range(len(members)), key=lambda i: (round(float(central[i]), 9), -i))
    by_time = sorted(members, key=lambda item: (_time(item.at), item.id))
    times = [item.at for item in by_time if item.at]
    return Story(
        id=name,
        article_ids=tuple(item.id for item in by_time),
        representative_id=members[best].id,
        first_at=times[0] if times else None,
        last_at=times[-1] if times else None,
    )
