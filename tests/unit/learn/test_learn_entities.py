from __future__ import annotations

import json
import random
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from gold_texts import found, gold
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import maximum_bipartite_matching

from alliance_nlp.core.types import Label, Mention
from alliance_nlp.learn import GoldMention, GoldText, Judgement, judge
from alliance_nlp.learn.matching import OVERLAPPING, Kind, outcomes

A = gold("[O Quill] met [O Pell|pell] on [S JS Kongo|kongo] near [B Kure|kure].")
FOUND_A = found("[O Quill] met [O Pell|other] on JS [S Kongo|kongo] near [S Kure].")
B = gold("Ask for [M gallium|gallium].", id="b", story="b", genre="lede", language="ja")
FOUND_B = found("[O Ask] for gallium.")
BOTH = judge([A, B], [FOUND_A, FOUND_B])


def _row(table: pd.DataFrame, name: str, *columns: str) -> list[float]:
    return [round(float(table.loc[name, column]), 4) for column in columns]


SPANS = ("n_gold", "n_found", "precision", "recall", "f1")
OVERLAP = ("overlap_precision", "overlap_recall", "overlap_f1")


@pytest.mark.parametrize(
    ("label", "exact", "overlap"),
    [
        ("OFFICIAL", [2, 3, 0.6667, 1, 0.8], [0.6667, 1, 0.8]),
        ("SHIP", [1, 2, 0, 0, 0], [0.5, 1, 0.6667]),
        ("MINERAL", [1, 0, 0, 0, 0], [0, 0, 0]),
        ("BASE", [1, 0, 0, 0, 0], [0, 0, 0]),
        ("all", [5, 5, 0.4, 0.4, 0.4], [0.6, 0.6, 0.6]),
    ],
)
def test_spans_by_label_are_as_counted_by_hand(
    label: str, exact: list[float], overlap: list[float]
) -> None:
    assert _row(BOTH.labels, label, *SPANS) == exact
    assert _row(BOTH.labels, label, *OVERLAP) == overlap


def test_labels_stand_in_their_order_without_those_that_nowhere_occur() -> None:
    assert list(BOTH.labels.index) == ["OFFICIAL", "SHIP", "MINERAL", "BASE", "all"]


def test_known_and_unknown_names_are_told_apart() -> None:
    columns = ("n_known", "known_recall", "n_unknown", "unknown_recall")
    assert _row(BOTH.known, "OFFICIAL", *columns) == [1, 1, 1, 1]
    assert _row(BOTH.known, "all", *columns) == [4, 0.25, 1, 1]
    assert np.isnan(BOTH.known.loc["SHIP", "unknown_recall"])


def test_links_are_judged_over_exact_mentions() -> None:
    text = gold("[O Quill], [O Pell|pell], [O Venn|venn], [O Moyle|moyle], [O Dunne], [O Orr].")
    there = found("[O Quill], [O Pell|pell], [O Venn], [O Moyle|x], [O Dunne|y], [O Orr|z].")
    linking = judge([text], [there]).linking
    assert _row(linking, "OFFICIAL", "n_exact", "n_links", "n_links_found") == [6, 3, 4]
    figures = _row(linking, "OFFICIAL", "accuracy", "link_precision", "link_recall")
    assert figures == [0.3333, 0.25, 0.3333]


def test_a_link_of_a_span_that_is_not_exact_does_not_count() -> None:
    assert _row(BOTH.linking, "SHIP", "n_exact", "n_links", "n_links_found") == [0, 0, 0]
    assert np.isnan(BOTH.linking.loc["SHIP", "accuracy"])


def test_languages_and_genres_are_apart() -> None:
    assert _row(BOTH.languages, "en", *SPANS) == [4, 4, 0.5, 0.5, 0.5]
    assert _row(BOTH.languages, "ja", *SPANS) == [1, 1, 0, 0, 0]
    assert list(BOTH.genres.index) == ["lede", "wire", "all"]
    assert _row(BOTH.genres, "wire", "f1") == [0.5]


def test_every_error_is_told_with_its_kind() -> None:
    told = BOTH.errors[["id", "kind", "label", "surface", "found_label", "found"]]
    assert [tuple(row) for row in told.to_numpy()] == [
        ("a", "link", "OFFICIAL", "Pell", "OFFICIAL", "Pell"),
        ("a", "boundary", "SHIP", "JS Kongo", "SHIP", "Kongo"),
        ("a", "label", "BASE", "Kure", "SHIP", "Kure"),
        ("b", "spurious", "", "", "OFFICIAL", "Ask"),
        ("b", "missed", "MINERAL", "gallium", "", ""),
    ]
    link = BOTH.errors.iloc[0]
    assert (link["entity_id"], link["found_id"], link["how"]) == ("pell", "other", "test")


def test_an_error_shows_forty_characters_on_each_side() -> None:
    text = gold("x" * 60 + "\n[O Quill] " + "y" * 60)
    [error] = judge([text], [()]).errors.to_dict("records")
    assert error["context"] == "x" * 39 + " ⟦Quill⟧ " + "y" * 39


def test_overlapping_mentions_count_one_to_one() -> None:
    text = gold("The [S Ocean Artemis] sank.")
    labels = judge([text], [found("The [S Ocean] [S Artemis] sank.")]).labels
    assert _row(labels, "SHIP", *OVERLAP) == [0.5, 1, 0.6667]


def test_a_mention_found_twice_is_right_once() -> None:
    labels = judge([gold("[O Quill] left.")], [found("[O Quill] left.") * 2]).labels
    assert _row(labels, "OFFICIAL", *SPANS) == [1, 2, 0.5, 1, 0.6667]


def _halves(*, one_story: bool) -> Judgement:
    texts = [gold("[O Quill] left.", id=n, story="a" if one_story else n) for n in "abcd"]
    return judge(texts, [found("[O Quill] left.")] * 2 + [()] * 2)


def test_intervals_come_from_drawing_stories() -> None:
    low, high = _row(_halves(one_story=False).labels, "all", "recall_low", "recall_high")
    assert (low, high) == (0, 1)


def test_texts_of_one_story_are_drawn_together() -> None:
    judged = _halves(one_story=True)
    assert judged.n_stories == 1
    assert _row(judged.labels, "all", "recall_low", "recall", "recall_high") == [0.5, 0.5, 0.5]


def test_the_same_seed_gives_the_same_intervals() -> None:
    again = judge([A, B], [FOUND_A, FOUND_B])
    pd.testing.assert_frame_equal(again.labels, BOTH.labels)


def test_the_dict_is_plain_json_without_nan() -> None:
    told = json.loads(json.dumps(BOTH.as_dict(), allow_nan=False))
    assert told["labels"]["all"]["f1"] == 0.4
    assert told["labels"]["all"]["n_gold"] == 5
    assert told["linking"]["SHIP"]["accuracy"] is None
    assert len(told["errors"]) == 5


def test_no_texts_give_no_figures() -> None:
    judged = judge([], [])
    assert list(judged.labels.index) == ["all"]
    assert _row(judged.labels, "all", "n_gold", "n_found") == [0, 0]
    assert np.isnan(judged.labels.loc["all", "f1"])


def test_found_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        judge([A, B], [FOUND_A])


# --- invariants

WIDTH = 60


@st.composite
def _spans(draw: st.DrawFn) -> list[tuple[int, int, Label]]:
    """Spans that do not overlap."""
    edges = sorted(draw(st.sets(st.integers(0, WIDTH), max_size=16)))
    kept = [pair for pair in pairwise(edges) if draw(st.booleans())]
    return [(start, end, draw(st.sampled_from(list(Label)))) for start, end in kept]


def _gold(number: int, spans: list[tuple[int, int, Label]]) -> GoldText:
    mentions = tuple(
        GoldMention(start=start, end=end, label=label, entity_id=None if start % 2 else "x")
        for start, end, label in spans
    )
    return GoldText(
        id=f"t{number}",
        text="x" * WIDTH,
        language="en",
        published_on=A.published_on,
        genre="wire",
        story=f"s{number}",
        split="dev",
        mentions=mentions,
    )


def _found(spans: list[tuple[int, int, Label]]) -> tuple[Mention, ...]:
    return tuple(
        Mention(article_id="", start=s, end=e, label=label, entity_id="" if s % 2 else "x", how="")
        for s, e, label in spans
    )


@given(st.lists(_spans(), min_size=1, max_size=4))
@settings(max_examples=10, deadline=None)
def test_perfect_predictions_score_one(spans: list[list[tuple[int, int, Label]]]) -> None:
    judged = judge([_gold(n, s) for n, s in enumerate(spans)], [_found(s) for s in spans])
    figures = judged.labels[["precision", "recall", "f1", *OVERLAP, "f1_low", "f1_high"]]
    assert figures[judged.labels["n_gold"] > 0].eq(1).all(axis=None)
    assert judged.linking["accuracy"].dropna().eq(1).all()
    assert judged.errors.empty


@given(st.lists(_spans(), min_size=1, max_size=4))
@settings(max_examples=10, deadline=None)
def test_empty_predictions_score_nought(spans: list[list[tuple[int, int, Label]]]) -> None:
    judged = judge([_gold(n, s) for n, s in enumerate(spans)], [()] * len(spans))
    figures = judged.labels[["precision", "recall", "f1", *OVERLAP]]
    assert figures[judged.labels["n_gold"] > 0].eq(0).all(axis=None)
    assert set(judged.errors["kind"]) <= {"missed"}
    assert len(judged.errors) == sum(map(len, spans))


@given(st.lists(st.tuples(_spans(), _spans()), min_size=1, max_size=4), st.randoms())
@settings(max_examples=10, deadline=None)
def test_order_does_not_matter(
    pairs: list[tuple[list[tuple[int, int, Label]], list[tuple[int, int, Label]]]],
    chance: random.Random,
) -> None:
    texts = [(_gold(n, spans), _found(other)) for n, (spans, other) in enumerate(pairs)]
    mixed = [(text, tuple(chance.sample(there, len(there)))) for text, there in texts]
    chance.shuffle(mixed)
    one, other = (judge([t for t, _ in side], [f for _, f in side]) for side in (texts, mixed))
    for name in ("labels", "known", "linking"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    by_id = [
        judged.errors.sort_values("id", kind="stable").values.tolist() for judged in (one, other)
    ]
    assert by_id[0] == by_id[1]


@given(_spans(), _spans())
@settings(max_examples=100, deadline=None)
def test_every_mention_has_one_outcome_and_no_overlap_is_lost(
    spans: list[tuple[int, int, Label]], other: list[tuple[int, int, Label]]
) -> None:
    text, there = _gold(0, spans), _found(other)
    told = outcomes(text, there)
    assert sorted(o.gold.start for o in told if o.gold) == [s for s, _, _ in spans]
    assert sorted(o.found.start for o in told if o.found) == [s for s, _, _ in other]
    n_pairs = sum(o.kind in OVERLAPPING for o in told)
    meet = [[a[2] is b[2] and a[0] < b[1] and b[0] < a[1] for b in other] for a in spans]
    graph = csr_matrix(np.array(meet, dtype=int).reshape(len(spans), len(other)))
    best = (maximum_bipartite_matching(graph) >= 0).sum() if spans and other else 0
    assert n_pairs == best
    left = [o for o in told if o.kind in {Kind.MISSED, Kind.SPURIOUS}]
    assert all((o.gold is None) != (o.found is None) for o in left)
