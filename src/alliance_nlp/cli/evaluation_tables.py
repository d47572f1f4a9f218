"""What evaluate entities and evaluate novelty show on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any

from alliance_nlp.cli import console

if TYPE_CHECKING:
    from alliance_nlp.learn import Judgement, NoveltyFigures


_INTERVAL = "95 %"
_SPANS = (
    ("#gold", "n_gold"),
    ("#found", "n_found"),
    ("#precision", "precision"),
    ("#recall", "recall"),
    ("#F1", "f1"),
    (_INTERVAL, "f1_low f1_high"),
    ("#overlapping F1", "overlap_f1"),
)
_KNOWN = (
    ("#known", "n_known"),
    ("#recall", "known_recall"),
    (_INTERVAL, "known_recall_low known_recall_high"),
    ("#unknown", "n_unknown"),
    ("#recall", "unknown_recall"),
    (_INTERVAL, "unknown_recall_low unknown_recall_high"),
)
_LINKS = (
    ("#mentions", "n_exact"),
    ("#accuracy", "accuracy"),
    (_INTERVAL, "accuracy_low accuracy_high"),
    ("#precision", "link_precision"),
    ("#recall", "link_recall"),
)


def tables(name: str, judgement: Judgement, *, n_errors: int) -> Iterator[Any]:
    """Yield the tables of one split."""
    size = f"{judgement.n_texts} texts of {judgement.n_stories} stories"
    known = "names that the knowledge base has, and those it has not"
    yield _table(f"{name}: {size}, exact spans", judgement.labels, _SPANS)
    yield _table(f"{name}: {known}", judgement.known, _KNOWN)
    yield _table(f"{name}: links of exactly found mentions", judgement.linking, _LINKS)
    yield _table(f"{name}: by language", judgement.languages, _SPANS)
    yield _table(f"{name}: by genre", judgement.genres, _SPANS)
    if n_errors:
        yield _errors_table(name, judgement, n_errors=n_errors)


def _table(title: str, frame: Any, columns: Sequence[tuple[str, str]]) -> Any:
    """Return a table; a column has a head and the name of its figure, or of two from and to."""
    heads = [str(frame.index.name), *(head for head, _ in columns)]
    rows = [
        [group, *(_cells(row, names) for _, names in columns)]
        for group, row in frame.to_dict("index").items()
    ]
    return console.table(title, heads, rows)


def _cells(row: Mapping[Any, Any], names: str) -> str:
    """Return a figure, or an interval from one to another."""
    cells = [_cell(row, name) for name in names.split()]
    return "-" if "-" in cells else " to ".join(cells)


def _cell(row: Mapping[Any, Any], name: str) -> str:
    value = row[name]
    if name.startswith("n_"):
        return f"{int(value):,}"
    return "-" if isnan(value) else f"{value:.3f}"


def _errors_table(name: str, judgement: Judgement, *, n_errors: int) -> Any:
    shown = judgement.errors.head(n_errors)
    rows = [
        (
            error["id"],
            error["kind"],
            _said(error["label"], error["surface"], error["entity_id"]),
            _said(error["found_label"], error["found"], error["found_id"]),
            error["context"],
        )
        for error in shown.to_dict("records")
    ]
    title = f"{name}: {len(rows)} of {len(judgement.errors)} errors"
    return console.table(title, ("text", "error", "gold", "found", "context"), rows)


def _said(label: str, surface: str, entity_id: str) -> str:
    return " ".join(part for part in (label, surface, entity_id and f"({entity_id})") if part)


def beside_table(model: str, ours: Judgement, general: Judgement) -> Any:
    """Return the F1 of our tagger and of a general model on the same texts, by label."""
    one, other = (judgement.labels.to_dict("index") for judgement in (ours, general))
    rows = [
        (
            label,
            _cell(one[label], "n_gold"),
            _cell(one[label], "f1"),
            _cell(other[label], "f1"),
            _cell(one[label], "overlap_f1"),
            _cell(other[label], "overlap_f1"),
        )
        # Both tables hold every label of gold; one alone says nothing beside the other.
        for label in one
        if label in other
    ]
    heads = ("label", "#gold", "#ours, exact", "#model, exact", "#ours, overlap", "#model, overlap")
    return console.table(f"Beside {model}, {ours.n_texts} texts of its language", heads, rows)


def novelty_table(judged: Sequence[NoveltyFigures]) -> Any:
    """Return accuracy, its interval, and the recall of each class as a table."""
    names = list(judged[0].confusion.index) if judged else []
    rows = [
        (
            one.name,
            str(one.n),
            f"{one.accuracy:.3f}",
            f"{one.low:.3f} to {one.high:.3f}",
            f"{one.balanced:.3f}",
            f"{one.balanced_low:.3f} to {one.balanced_high:.3f}",
            *(f"{one.confusion.loc[name, name]}/{one.confusion.loc[name].sum()}" for name in names),
        )
        for one in judged
    ]
    heads = ["set", "#n", "#accuracy", "95 %", "#balanced", "95 %", *(f"#{name}" for name in names)]
    return console.table("Novelty, decided rightly", heads, rows)


def novelty_errors_table(judged: NoveltyFigures, *, n_errors: int) -> Any:
    """Return the errors of a set as a table."""
    shown = judged.errors.head(n_errors)
    rows = [[str(value) for value in error.values()] for error in shown.to_dict("records")]
    title = f"{judged.name}: {len(rows)} of {len(judged.errors)} errors"
    heads = ["case", "label", "decided", "against", "#affinity", "#new", "#read", "note"]
    return console.table(title, heads, rows)
