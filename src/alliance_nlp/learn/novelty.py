"""How well novelty is decided: labelled cases, the back-test's pairs of issues, and figures.

A line of labelled cases has ``id``, ``event``, ``split`` (dev or test), ``earlier`` (``headline``,
``bullet``, ``published_on``, or a list of several such), ``articles`` (each ``title``, ``text``,
``published_at``), ``label`` and ``note``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from alliance_nlp.core.errors import DigestError, InputError
from alliance_nlp.core.types import Issue, Novelty, Story
from alliance_nlp.digest import parse_issue
from alliance_nlp.fold import Judged, ReadArticle, Reading, ToldItem, judge_against
from alliance_nlp.learn.lines import read_objects

N_BOOTSTRAP = 1000
_FIELDS = {"id", "event", "split", "earlier", "articles", "label", "note"}
# Which issue the writer of a part of the back-test labelled its later articles against.
_WRITERS = {"bta": "vol-3.7", "btb": "vol-3.9", "btc": "vol-3.11"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NoveltyCase:
    """A story with the novelty that it has; cases of one ``event`` are drawn together."""

    id: str
    event: str
    label: Novelty
    articles: tuple[ReadArticle, ...]
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoveltySet:
    """Cases that are judged against the same items: each against those told by its last day."""

    name: str
    cases: tuple[NoveltyCase, ...]
    told: tuple[ToldItem, ...]
    seen: tuple[ReadArticle, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoveltyFigures:
    """Figures of a set.

    Attributes
    ----------
    accuracy, low, high
        Share of cases decided rightly, and its 95 % interval over draws of whole events.
    balanced, balanced_low, balanced_high
        Mean of the classes' recalls, likewise.
    confusion
        Cases by true novelty (index) and decided novelty (columns).
    errors
        One row an error: id, label, decided, against, affinity, n_new, n_read, note.
    """

    name: str
    n: int
    accuracy: float
    low: float
    high: float
    balanced: float
    balanced_low: float
    balanced_high: float
    confusion: pd.DataFrame
    errors: pd.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values for JSON."""
        figures = ("accuracy", "low", "high", "balanced", "balanced_low", "balanced_high")
        return {
            "n": self.n,
            **{name: round(getattr(self, name), 4) for name in figures},
            "confusion": self.confusion.to_dict("index"),
            "errors": self.errors.to_dict("records"),
        }


def read_cases(path: Path) -> tuple[NoveltySet, ...]:
    """Return the labelled cases of a file, a set for each split; the items of each are pooled.

    Raises
    ------
    InputError
        If a line breaks the schema; the message names file and line.
    """
    cases: dict[str, list[NoveltyCase]] = {}
    told: dict[str, dict[str, tuple[ToldItem, ...]]] = {}
    for data, where in read_objects(path):
        if data.keys() != _FIELDS:
            odd = sorted(data.keys() ^ _FIELDS)
            raise InputError(f"{where}: fields {odd} are unknown or missing; see the README there")
        try:
            case, items = _case(data), _items(data)
        except (KeyError, TypeError, ValueError) as error:
            raise InputError(
                f"{where}: {error!r}; mend the line as the README there says"
            ) from error
        cases.setdefault(data["split"], []).append(case)
        told.setdefault(data["split"], {})[case.event] = items
    return tuple(
        NoveltySet(name=split, cases=tuple(cases[split]), told=tuple(chain(*told[split].values())))
        for split in sorted(cases)
    )


def _case(data: dict[str, Any]) -> NoveltyCase:
    if not data["articles"]:
        raise ValueError("a case needs an article")
    return NoveltyCase(
        id=data["id"],
        event=data["event"],
        label=Novelty(data["label"]),
        articles=tuple(
            _article(f"{data['id']}-{n}", article) for n, article in enumerate(data["articles"])
        ),
        note=data["note"],
    )


def _items(data: dict[str, Any]) -> tuple[ToldItem, ...]:
    earlier = data["earlier"] if isinstance(data["earlier"], list) else [data["earlier"]]
    if not earlier:
        raise ValueError("a case needs an earlier item")
    return tuple(
        ToldItem(
            title=one["headline"],
            text=one["bullet"],
            on=date.fromisoformat(one["published_on"]),
            issue_id=data["event"],
            number=number,
        )
        for number, one in enumerate(earlier, start=1)
    )


def _article(article_id: str, data: dict[str, Any]) -> ReadArticle:
    at = datetime.fromisoformat(data["published_at"])
    return ReadArticle(id=article_id, title=data["title"], text=data["text"], at=at)


def read_pairs(folder: Path, *, all_issues: bool = False) -> tuple[NoveltySet, ...]:
    """Return the back-test's stories after an issue, a set for each of its writers.

    Parameters
    ----------
    folder
        Holds ``articles.jsonl`` and ``issues/*.md``.
    all_issues
        Judge against all issues before, and not only the one that the labels are about.

    Raises
    ------
    InputError
        If the folder does not hold them.
    """
    try:
        found = [
            parse_issue(p.read_text("utf-8")) for p in sorted((folder / "issues").glob("*.md"))
        ]
    except (OSError, DigestError) as error:
        raise InputError(f"{folder} holds no back-test: {error}") from error
    issues = {issue.id: issue for issue in found}
    rows = [data for data, _ in read_objects(folder / "articles.jsonl")]
    missing = sorted(set(_WRITERS.values()) - issues.keys())
    if missing:
        raise InputError(f"{folder / 'issues'} lacks {', '.join(missing)}; add them")
    return tuple(
        _pair(
            [row for row in rows if row["id"].startswith(writer)],
            issues[issue_id],
            found if all_issues else [issues[issue_id]],
        )
        for writer, issue_id in _WRITERS.items()
    )


def _pair(rows: Sequence[dict[str, Any]], issue: Issue, issues: Iterable[Issue]) -> NoveltySet:
    on = issue.published_on or date.min
    seen, stories = [], dict[tuple[str, str], list[ReadArticle]]()
    for row in rows:
        article = _article(row["id"], row)
        if article.at is not None and article.at.date() < on:
            seen.append(article)
        else:
            stories.setdefault((row["story"], row["novelty"]), []).append(article)
    return NoveltySet(
        name=f"after {issue.id}",
        cases=tuple(
            NoveltyCase(
                id=f"{story}, {label}", event=story, label=Novelty(label), articles=tuple(articles)
            )
            for (story, label), articles in stories.items()
        ),
        told=tuple(
            ToldItem(
                title=item.headline,
                text=item.bullet,
                on=one.published_on,
                issue_id=one.id,
                number=number,
            )
            for one in issues
            if one.published_on and one.published_on <= on
            for number, item in enumerate(one.items, start=1)
        ),
        seen=tuple(seen),
    )


def judge_set(cases: NoveltySet, reading: Reading, *, seed: int = 0) -> NoveltyFigures:
    """Decide the novelty of each case and compare; ``seed`` is of the bootstrap."""
    decided = _decide(cases, reading)
    rows = pd.DataFrame(
        {
            "event": [case.event for case in cases.cases],
            "label": [case.label.value for case in cases.cases],
            "decided": [decided[case.id].novelty.value for case in cases.cases],
        }
    )
    names = [novelty.value for novelty in Novelty]
    confusion = pd.crosstab(rows["label"], rows["decided"]).reindex(
        index=names, columns=names, fill_value=0
    )
    draws = _draws(rows, seed)
    bounds = np.nanquantile(draws, (0.025, 0.975), axis=0)
    right = rows["label"] == rows["decided"]
    return NoveltyFigures(
        name=cases.name,
        n=len(rows),
        accuracy=float(right.mean()),
        low=float(bounds[0, 0]),
        high=float(bounds[1, 0]),
        balanced=float(right.groupby(rows["label"]).mean().mean()),
        balanced_low=float(bounds[0, 1]),
        balanced_high=float(bounds[1, 1]),
        confusion=confusion,
        errors=_errors(cases, decided),
    )


def _decide(cases: NoveltySet, reading: Reading) -> dict[str, Judged]:
    groups: dict[tuple[ToldItem, ...], list[NoveltyCase]] = {}
    for case in cases.cases:
        last = max((a.at.date() for a in case.articles if a.at), default=date.max)
        told = tuple(item for item in cases.told if item.on is None or item.on <= last)
        groups.setdefault(told, []).append(case)
    articles = {a.id: a for case in cases.cases for a in case.articles}
    found: dict[str, Judged] = {}
    for told, members in groups.items():
        stories = [_story(case) for case in members]
        mine = {i for story in stories for i in story.article_ids}
        others = (*cases.seen, *(a for a in articles.values() if a.id not in mine))
        judged = judge_against(stories, articles, told, reading=reading, seen=others)
        found |= {one.story_id: one for one in judged}
    return found


def _story(case: NoveltyCase) -> Story:
    return Story(
        id=case.id,
        article_ids=tuple(article.id for article in case.articles),
        representative_id=case.articles[0].id,
        first_at=None,
        last_at=None,
    )


def _draws(rows: pd.DataFrame, seed: int) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return accuracy and balanced accuracy of draws of events, shape (n_draws, 2)."""
    events, place = np.unique(rows["event"], return_inverse=True)
    labels, kind = np.unique(rows["label"], return_inverse=True)
    counts = np.zeros((2, len(events), len(labels)))
    np.add.at(counts[0], (place, kind), 1.0)
    np.add.at(counts[1], (place, kind), (rows["label"] == rows["decided"]).to_numpy(float))
    drawn = np.random.default_rng(seed).integers(0, len(events), (N_BOOTSTRAP, len(events)))
    n, right = counts[0][drawn].sum(axis=1), counts[1][drawn].sum(axis=1)
    recalls = np.divide(right, n, out=np.full_like(right, np.nan), where=n > 0)
    return np.column_stack([right.sum(axis=1) / n.sum(axis=1), np.nanmean(recalls, axis=1)])


def _errors(cases: NoveltySet, decided: dict[str, Judged]) -> pd.DataFrame:
    rows = []
    for case in cases.cases:
        judged = decided[case.id]
        if judged.novelty is not case.label:
            told = judged.told
            rows.append(
                {
                    "id": case.id,
                    "label": case.label.value,
                    "decided": judged.novelty.value,
                    "against": f"{told.issue_id}, item {told.number}" if told else "",
                    "affinity": round(judged.affinity, 2),
                    "n_new": len(judged.new),
                    "n_read": judged.n_read,
                    "note": case.note,
                }
            )
    columns = ["id", "label", "decided", "against", "affinity", "n_new", "n_read", "note"]
    return pd.DataFrame(rows, columns=columns)
