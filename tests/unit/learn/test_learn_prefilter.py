from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.learn.labeled_items import item

from alliance_nlp.classify import cut_for_recall
from alliance_nlp.core.errors import InputError
from alliance_nlp.learn import LabeledItem, Recall, fit_prefilter
from alliance_nlp.learn.prefilter import make_prefilter
from alliance_nlp.vectors import HashedVectorizer


def items() -> list[LabeledItem]:
    good = "Japan and the United States repair destroyers at Yokosuka, yard {n} reports."
    bad = "The village fair in the valley drew {n} visitors and a brass band on Sunday."
    return [
        item(f"{n}", title=text.format(n=n), text=text.format(n=n), relevant=is_good)
        for n in range(20)
        for text, is_good in [(good, True) if n % 2 else (bad, False)]
    ]


def test_prefilter_scores_what_the_chain_wants_above_the_rest() -> None:
    found = items()
    wanted = np.array([int(one.relevant) for one in found])
    fitted = fit_prefilter(found, wanted)
    texts = ["Japan and the United States repair destroyers", "A brass band at the village fair"]
    yes, no = fitted.decision_function(texts)
    assert yes > no


def test_prefilter_is_refused_when_all_items_are_alike() -> None:
    same = [item(str(n)) for n in range(6)]
    with pytest.raises(InputError, match="cannot train a prefilter on 6"):
        fit_prefilter(same, np.ones(6, dtype=np.int64))


@given(
    scores=st.lists(st.floats(-20, 20), min_size=1, max_size=60),
    recall=st.sampled_from([0.5, 0.9, 0.95, 0.995, 1.0]),
)
def test_cut_keeps_the_wanted_share_whatever_the_scores(scores: list[float], recall: float) -> None:
    cut = cut_for_recall(scores, recall)
    assert sum(score >= cut for score in scores) >= recall * len(scores) - 1e-9


def test_interval_is_that_of_clopper_and_pearson_when_all_were_found() -> None:
    low, high = Recall(n_found=100, n_all=100).interval
    assert low == pytest.approx(0.025 ** (1 / 100))
    assert high == 1.0


def test_wilsons_interval_is_that_of_his_paper_when_half_were_found() -> None:
    low, high = Recall(n_found=5, n_all=10).wilson
    assert (low, high) == (pytest.approx(0.2366, abs=1e-4), pytest.approx(0.7634, abs=1e-4))


def test_hashed_vectors_have_length_one_when_there_is_text() -> None:
    X = HashedVectorizer(n_features=2**12).transform(["Japan and America", "日米が合意した"])
    assert np.allclose(np.sqrt(X.multiply(X).sum(axis=1)), 1)


def test_prefilter_pipeline_needs_no_vocabulary() -> None:
    assert not hasattr(make_prefilter()[0], "vocabulary_")
