"""How well entities are found and linked: figures with intervals, and the errors one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alliance_nlp.core.types import Label, Mention
from alliance_nlp.learn.gold import GoldText, tag_inputs
from alliance_nlp.learn.matching import (
    ERROR_COLUMNS,
    EXACT,
    OVERLAPPING,
    Kind,
    Outcome,
    error_row,
    outcomes,
)
from alliance_nlp.tag import TagInput

ALL = "all"
N_BOOTSTRAP = 1000
_COUNTS = (
    "n_gold", "n_found", "n_exact", "n_overlapping",
    "n_known", "n_known_exact", "n_unknown", "n_unknown_exact",
    "n_same_entity", "n_links", "n_links_found", "n_links_right",
)  # fmt: skip
_GROUPS = ("story", "language", "genre", "label")
_LABELS = [label.value for label in Label]
Counts = Mapping[str, NDArray[np.float64]]
Figures = Callable[[Counts], dict[str, NDArray[np.float64]]]


class FindsMentions(Protocol):
    """A tagger of ours, or a general one."""

    def tag(self, inputs: Iterable[TagInput]) -> Iterable[Sequence[Mention]]:
        """Yield each text's mentions, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """Figures of some gold texts, each with ``_low`` and ``_high``, its 95 % interval.

    A figure is NaN where there is nothing to measure; precision is 0 where gold has mentions and
    nothing was found. The last row of each frame but ``errors`` is ``all``, over all mentions.

    Attributes
    ----------
    labels
        Indexed by label: n_gold, n_found, precision, recall and f1 of exact spans, and
        overlap_precision, overlap_recall and overlap_f1, where a span of the same label that
        shares a character counts, one to one.
    known
        Indexed by label: n_known, known_recall, n_unknown, unknown_recall, of exact spans whose
        entity the knowledge base has, and of those it has not.
    linking
        Indexed by label, over the n_exact mentions found exactly: accuracy (the same entity, and
        none against none is right), n_links in gold, link_recall of them, n_links_found and
        link_precision of these.
    languages, genres
        As ``labels``, indexed by language and by genre.
    errors
        One row an error: id (of the text), kind (missed, spurious, boundary, label, link), label,
        surface and entity_id of gold; found, found_label, found_id and how of the mention found;
        context.
    """

    n_texts: int
    n_stories: int
    labels: pd.DataFrame
    known: pd.DataFrame
    linking: pd.DataFrame
    languages: pd.DataFrame
    genres: pd.DataFrame
    errors: pd.DataFrame

    def as_dict(self) -> dict[str, Any]:
        """Return all of it as plain values for JSON, NaN as ``None``."""
        tables = ("labels", "known", "linking", "languages", "genres")
        return {
            "n_texts": self.n_texts,
            "n_stories": self.n_stories,
            **{name: _plain(getattr(self, name)) for name in tables},
            "errors": self.errors.to_dict("records"),
        }


def judge_tagger(texts: Sequence[GoldText], tagger: FindsMentions) -> Judgement:
    """Tag the texts and judge what was found."""
    return judge(texts, tagger.tag(tag_inputs(texts)))


def judge(
    texts: Sequence[GoldText], found: Iterable[Sequence[Mention]], *, seed: int = 0
) -> Judgement:
    """Judge the mentions found in each text, in the order of the texts.

    Parameters
    ----------
    found
        For each text its mentions, not overlapping, in any order.
    seed
        Of the bootstrap, which draws whole stories with replacement.

    Raises
    ------
    ValueError
        If ``found`` is not as long as ``texts``.
    """
    told = [(text, outcomes(text, mentions)) for text, mentions in zip(texts, found, strict=True)]
    tallies = _tallies(told)
    bootstrap = _Bootstrap(sorted({text.story for text in texts}), seed=seed)
    errors = [
        error_row(text, outcome)
        for text, found_here in told
        for outcome in found_here
        if outcome.kind is not Kind.RIGHT
    ]
    return Judgement(
        n_texts=len(texts),
        n_stories=len(bootstrap.stories),
        labels=bootstrap.table(tallies, "label", _span_figures),
        known=bootstrap.table(tallies, "label", _known_figures),
        linking=bootstrap.table(tallies, "label", _link_figures),
        languages=bootstrap.table(tallies, "language", _span_figures),
        genres=bootstrap.table(tallies, "genre", _span_figures),
        errors=pd.DataFrame(errors, columns=list(ERROR_COLUMNS)),
    )


def _plain(table: pd.DataFrame) -> dict[str, dict[str, float | None]]:
    return {
        str(name): {str(column): _number(value) for column, value in row.items()}
        for name, row in table.to_dict("index").items()
    }


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(value, 4)


def _tallies(told: Iterable[tuple[GoldText, Iterable[Outcome]]]) -> pd.DataFrame:
    rows = [
        {
            "story": text.story,
            "language": text.language,
            "genre": text.genre,
            "label": label,
            **counts,
        }
        for text, of_text in told
        for outcome in of_text
        for label, counts in _counted(outcome)
    ]
    table = pd.DataFrame(rows, columns=[*_GROUPS, *_COUNTS])
    return table.astype(dict.fromkeys(_COUNTS, "float64")).fillna(dict.fromkeys(_COUNTS, 0.0))


def _counted(outcome: Outcome) -> Iterable[tuple[str, dict[str, int]]]:
    gold, found = outcome.gold, outcome.found
    is_exact = outcome.kind in EXACT
    if gold is not None:
        known = "n_known" if gold.entity_id else "n_unknown"
        yield (
            gold.label.value,
            {
                "n_gold": 1,
                "n_exact": is_exact,
                "n_overlapping": outcome.kind in OVERLAPPING,
                known: 1,
                f"{known}_exact": is_exact,
                "n_same_entity": outcome.kind is Kind.RIGHT,
                "n_links": is_exact and bool(gold.entity_id),
                "n_links_right": outcome.kind is Kind.RIGHT and bool(gold.entity_id),
            },
        )
    if found is not None:
        yield (
            found.label.value,
            {
                "n_found": 1,
                "n_links_found": is_exact and bool(found.entity_id),
            },
        )


def _ratio(
    part: NDArray[np.float64], whole: NDArray[np.float64], exists: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Return part of whole; of nothing 0 where there is something to find, else NaN."""
    ratio = np.where(exists, 0.0, np.nan)
    return np.divide(part, whole, out=ratio, where=whole > 0)


def _span_figures(counts: Counts) -> dict[str, NDArray[np.float64]]:
    gold, found = counts["n_gold"], counts["n_found"]
    exists = gold + found > 0
    figures = {}
    for prefix, right in (("", counts["n_exact"]), ("overlap_", counts["n_overlapping"])):
        figures[f"{prefix}precision"] = _ratio(right, found, exists)
        figures[f"{prefix}recall"] = _ratio(right, gold, exists)
        figures[f"{prefix}f1"] = _ratio(2 * right, gold + found, exists)
    return {"n_gold": gold, "n_found": found, **figures}


def _known_figures(counts: Counts) -> dict[str, NDArray[np.float64]]:
    figures = {}
    for group in ("known", "unknown"):
        n = counts[f"n_{group}"]
        figures[f"n_{group}"] = n
        figures[f"{group}_recall"] = _ratio(counts[f"n_{group}_exact"], n, n > 0)
    return figures


def _link_figures(counts: Counts) -> dict[str, NDArray[np.float64]]:
    exact, links, found = counts["n_exact"], counts["n_links"], counts["n_links_found"]
    right = counts["n_links_right"]
    return {
        "n_exact": exact,
        "accuracy": _ratio(counts["n_same_entity"], exact, exact > 0),
        "n_links": links,
        "link_recall": _ratio(right, links, links > 0),
        "n_links_found": found,
        "link_precision": _ratio(right, found, found > 0),
    }


class _Bootstrap:
    """Tables of figures with intervals over one draw of stories, the same for every figure."""

    def __init__(self, stories: Sequence[str], *, seed: int) -> None:
        self.stories = stories
        n = len(stories)
        drawn = np.random.default_rng(seed).integers(0, max(n, 1), (N_BOOTSTRAP, n))
        # How often each story is drawn, shape (n_draws, n_stories).
        self._drawn = np.stack([np.bincount(draw, minlength=n) for draw in drawn])

    def table(self, tallies: pd.DataFrame, by: str, figures: Figures) -> pd.DataFrame:
        """Return one row a group and one for all, indexed by group."""
        names = set(tallies[by])
        ordered = [name for name in _LABELS if name in names] if by == "label" else sorted(names)
        groups = [*((name, tallies[tallies[by] == name]) for name in ordered), (ALL, tallies)]
        rows = [self._row(group, figures) for _, group in groups]
        table = pd.DataFrame(rows, index=pd.Index([name for name, _ in groups], name=by))
        return table.astype({name: int for name in table.columns if name.startswith("n_")})

    def _row(self, tallies: pd.DataFrame, figures: Figures) -> dict[str, float]:
        places = pd.Index(self.stories).get_indexer(pd.Index(tallies["story"]))
        by_story = np.zeros((len(self.stories), len(_COUNTS)))
        np.add.at(by_story, places, tallies[list(_COUNTS)].to_numpy())
        point = figures(_named(by_story.sum(axis=0, keepdims=True)))
        draws = figures(_named(self._drawn @ by_story))
        row: dict[str, float] = {}
        for name, values in point.items():
            row[name] = float(values[0])
            if not name.startswith("n_"):
                row[f"{name}_low"], row[f"{name}_high"] = _interval(draws[name])
        return row


def _named(counts: NDArray[np.float64]) -> Counts:
    return dict(zip(_COUNTS, counts.T, strict=True))


def _interval(values: NDArray[np.float64]) -> tuple[float, float]:
    measured = values[~np.isnan(values)]
    if not measured.size:
        return float("nan"), float("nan")
    low, high = np.quantile(measured, (0.025, 0.975))
    return float(low), float(high)
