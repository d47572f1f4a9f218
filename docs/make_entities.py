"""Write ``docs/entities.md``: how well the tagger finds and links the entities of the gold texts.

Run ``python docs/make_entities.py`` to measure and write; ``--model NAME_OR_PATH`` sets a general
spaCy model beside the tagger. The figures are those of ``alliance-nlp evaluate entities``.
"""

from __future__ import annotations

import argparse
import platform
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from math import isnan
from pathlib import Path
from typing import Any

from make_reference import code, table

from alliance_nlp.learn import GoldText, Judgement, judge_tagger, leaks, read_gold
from alliance_nlp.learn.entities import N_BOOTSTRAP
from alliance_nlp.tag import (
    GeneralTagger,
    KnowledgeBase,
    Tagger,
    general_tagger,
    load_knowledge_base,
)
from alliance_nlp.tag.general import MAPPING
from alliance_nlp.workspace import packaged_labeled

TARGET = Path(__file__).parent / "entities.md"
SPLITS = ("dev", "test")
N_KINDS = 10
N_EXAMPLES = 3
KINDS = {
    "missed": "gold has a mention where nothing was found",
    "spurious": "something was found where gold has nothing",
    "boundary": "the right label over other characters",
    "label": "another label there",
    "link": "the right span with another entity, or with none",
}


def shown(row: dict[str, Any], name: str) -> str:
    """Return a figure with its interval."""
    if isnan(row[name]):
        return "-"
    return f"{row[name]:.3f} ({row[f'{name}_low']:.3f} to {row[f'{name}_high']:.3f})"


def figures(frame: Any, heads: Sequence[str], columns: Sequence[str]) -> str:
    """Return a frame's chosen columns as a Markdown table, counts bare, figures with intervals."""
    rows = [
        [group, *(f"{row[c]:,}" if c.startswith("n_") else shown(row, c) for c in columns)]
        for group, row in frame.to_dict("index").items()
    ]
    return table([frame.index.name, *heads], rows)


def split_section(name: str, judgement: Judgement) -> Iterator[str]:
    """Yield the figures of one split."""
    yield f"\n## {name}: {judgement.n_texts} texts of {judgement.n_stories} stories\n"
    spans = ("precision", "recall", "F1")
    exact, overlap = ("precision", "recall", "f1"), ("overlap_precision", "overlap_recall")
    yield "\n### Exact spans by label\n\n"
    yield figures(judgement.labels, ("gold", "found", *spans), ("n_gold", "n_found", *exact))
    yield "\n### Overlapping spans of the same label\n\n"
    yield figures(judgement.labels, spans, (*overlap, "overlap_f1"))
    yield "\n### Names that the knowledge base has, and those it has not\n\n"
    yield figures(
        judgement.known,
        ("known", "recall", "unknown", "recall"),
        ("n_known", "known_recall", "n_unknown", "unknown_recall"),
    )
    yield "\n### Links of exactly found mentions\n\n"
    yield figures(
        judgement.linking,
        ("mentions", "accuracy", "links given", "precision", "links in gold", "recall"),
        ("n_exact", "accuracy", "n_links_found", "link_precision", "n_links", "link_recall"),
    )
    for by, frame in (("language", judgement.languages), ("genre", judgement.genres)):
        yield f"\n### Exact spans by {by}\n\n"
        yield figures(frame, ("gold", *spans), ("n_gold", *exact))
    yield f"\n### The commonest of {len(judgement.errors):,} errors\n\n"
    yield kinds(judgement, n_examples=N_EXAMPLES if name == "dev" else 0)


def kinds(judgement: Judgement, *, n_examples: int) -> str:
    """Return the commonest kinds of error with examples, the most frequent surfaces first."""
    errors = judgement.errors
    groups = errors.groupby(["kind", "label", "found_label"], sort=True)
    commonest = sorted(groups, key=lambda group: -len(group[1]))[:N_KINDS]
    rows = []
    for (kind, label, found_label), group in commonest:
        surfaces = group["surface"].where(group["surface"] != "", group["found"])
        examples = surfaces.value_counts(sort=False).sort_values(ascending=False, kind="stable")
        told = ", ".join(code(surface) for surface in examples.index[:n_examples])
        rows.append((kind, label or "-", found_label or "-", len(group), told))
    heads = ["error", "in gold", "found", "times", "such as"]
    n = len(heads) if n_examples else len(heads) - 1
    return table(heads[:n], [row[:n] for row in rows])


def beside_section(texts: dict[str, list[GoldText]], ours: Tagger, model: str) -> Iterator[str]:
    """Yield the tagger's and a general model's F1 on the texts of the model's language."""
    general: GeneralTagger = general_tagger(model)
    read_as = ", ".join(f"{theirs} as {label}" for theirs, label in MAPPING.items())
    yield (
        f"\n## Beside a general model: {general.name}\n\nOn the texts of its language "
        f"(`{general.language}`), its {read_as}. It has no minerals and no links, and takes every "
        "person for an official, since it does not know offices.\n"
    )
    for name, of_split in texts.items():
        read = [text for text in of_split if text.language == general.language]
        one, other = (judge_tagger(read, t).labels.to_dict("index") for t in (ours, general))
        sides = [(figure, side) for figure in ("f1", "overlap_f1") for side in (one, other)]
        rows = [
            [label, one[label]["n_gold"], *(shown(side[label], name) for name, side in sides)]
            for label in one
            if label in other
        ]
        heads = ("label", "gold", "exact F1, ours", "model", "overlapping F1, ours", "model")
        yield f"\n### {name}: {len(read)} texts\n\n{table(heads, rows)}"


def measured(tagger: Tagger, kb: KnowledgeBase, texts: Sequence[GoldText]) -> Iterator[str]:
    """Yield what was measured, and what the splits tell of each other."""
    yield (
        "# Entities: what the tagger finds\n\nMeasured by `docs/make_entities.py` on the gold "
        "texts in `data/labeled/entities`; do not edit. `make docs` measures anew. Dev is there to "
        "be read while rules are made, test only to be measured on, so its errors are told by "
        "kind alone.\n\n"
        "Each figure has its 95 % interval in brackets, by a bootstrap that draws whole stories "
        f"({N_BOOTSTRAP:,} draws). An exact span has the same first and last character and the "
        "same label; an overlapping one shares a character, one to one. Precision is 0 where "
        "nothing was found; `-` is where there is nothing to measure. Accuracy of links counts no "
        "link against none as right.\n\n"
    )
    rows = [
        ("tagger", f"version {code(tagger.version)}"),
        ("knowledge base", f"version {code(kb.version)}, {len(kb.records):,} records"),
        ("software", f"Python {platform.python_version()}, spaCy {version('spacy')}"),
    ]
    yield table(["what", "which"], rows)
    told = leaks(texts, kb)
    if told.n_names:
        shared = ", ".join(map(code, told.stories)) or "no story"
        yield (
            f"\nDev and test share {shared}. Test has {told.n_names:,} distinct names; neither dev "
            f"nor the knowledge base holds {told.n_unseen:,} of them, {told.unseen_share:.0%}.\n"
        )


def report(model: str | None) -> str:
    """Measure, and return the whole document."""
    kb, tagger = load_knowledge_base(), Tagger.load()
    texts = read_gold([packaged_labeled() / "entities"], kb)
    by_split = {name: [text for text in texts if text.split == name] for name in SPLITS}
    by_split = {name: of_split for name, of_split in by_split.items() if of_split}
    parts = [*measured(tagger, kb, texts)]
    for name, of_split in by_split.items():
        parts += split_section(name, judge_tagger(of_split, tagger))
    rows = [(code(kind), meaning) for kind, meaning in KINDS.items()]
    parts.append("\n## Kinds of error\n\n" + table(["error", "is"], rows))
    if model is not None:
        parts += beside_section(by_split, tagger, model)
    return "".join(parts)


def main() -> None:
    """Measure and write the file."""
    parser = argparse.ArgumentParser(description="Measure the tagger and write docs/entities.md.")
    parser.add_argument("--model", help="a general spaCy model: an installed package or a folder")
    TARGET.write_text(report(parser.parse_args().model), encoding="utf-8")


if __name__ == "__main__":
    main()
