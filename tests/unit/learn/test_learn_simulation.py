from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from alliance_nlp.core.errors import InputError
from alliance_nlp.learn import Screening, read_screening, screening_of, simulate
from alliance_nlp.learn.simulation import judge_rule

FIELDS = ("harbour crane pier quay dock", "rice field harvest tractor barn")


def _collection(*, n: int = 300, share: float = 0.2, seed: int = 0) -> Screening:
    """Texts of two vocabularies, with words that both share."""
    generator = np.random.default_rng(seed)
    relevant = generator.random(n) < share
    both = "report week people city plan".split()
    texts = [
        " ".join(generator.choice([*(FIELDS[0 if one else 1].split()), *both], size=12))
        for one in relevant
    ]
    return Screening(texts=tuple(texts), relevant=tuple(bool(one) for one in relevant))


EASY = _collection()


def test_ranked_review_saves_work_where_words_tell() -> None:
    done = simulate(EASY, batch=10, target_recall=0.8)
    assert done.n_relevant == sum(EASY.relevant)
    assert done.wss[0.95] > 0.5
    assert done.recall_at[100] > 0.9
    assert sorted(done.order) == list(range(300))


def test_review_without_a_signal_saves_nothing() -> None:
    generator = np.random.default_rng(5)
    texts = tuple(" ".join(generator.choice(list("abcdefgh"), size=8)) for _ in range(300))
    noise = Screening(texts=texts, relevant=tuple(bool(x) for x in generator.random(300) < 0.3))
    assert abs(simulate(noise, target_recall=0.8).wss[0.95]) < 0.15


def test_same_seed_gives_the_same_figures() -> None:
    first, again = (simulate(EASY, target_recall=0.8, seed=3) for _ in range(2))
    assert first.order.tolist() == again.order.tolist()
    assert first.stopping == again.stopping
    other = simulate(EASY, target_recall=0.8, seed=4)
    assert other.order.tolist() != first.order.tolist()


def test_query_starts_with_what_is_like_it() -> None:
    started = simulate(EASY, batch=10, target_recall=0.8, query="crane at the pier")
    assert np.asarray(EASY.relevant)[started.order[:10]].all()


def test_figures_are_those_of_the_order() -> None:
    done = simulate(EASY, batch=20, target_recall=0.8)
    ranked = np.asarray(EASY.relevant)[done.order]
    for recall, n in done.read_to_recall.items():
        assert ranked[:n].sum() / ranked.sum() >= recall - 1e-9
        assert ranked[: n - 1].sum() / ranked.sum() < recall
        assert done.wss[recall] == pytest.approx((300 - n) / 300 - (1 - recall))
    assert done.recall_at[50] == ranked[:50].sum() / ranked.sum()


def test_number_to_read_is_not_off_by_one_at_a_round_share() -> None:
    relevant = tuple(n < 100 for n in range(300))
    done = simulate(Screening(texts=EASY.texts, relevant=relevant), target_recall=0.55)
    ranked = np.asarray(relevant)[done.order]
    assert ranked[: done.read_to_recall[0.55]].sum() == 55  # 0.55 * 100 is more in floating point


def test_rule_meets_its_target_over_samples() -> None:
    rule = simulate(EASY, batch=10, target_recall=0.8).stopping
    assert rule.share_met >= 0.95 - 0.047  # three standard deviations of 200 draws
    assert rule.first.certified
    assert "at least 95% of draws" in rule.guarantee
    assert rule.mean_read <= 300


def test_too_few_relevant_documents_leave_no_guarantee() -> None:
    ranked = np.arange(100) < 20
    rule = judge_rule(ranked, target=0.95, confidence=0.95, n_draws=3)
    assert rule.guarantee.startswith("none: fewer than 59")
    assert (rule.mean_read, rule.mean_recall) == (100, 1.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"batch": 0}, "batch of 0 must be 1"),
        ({"explore": 1.5}, "share 1.5 to explore"),
        ({"target_recall": 1.2}, "target recall 1.2"),
        ({"n_relevant": 3}, "sample at least 59"),
    ],
)
def test_number_out_of_range_is_an_error(changes: dict[str, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        simulate(EASY, **changes)


@pytest.mark.parametrize("relevant", [(), (True, True), (False,)])
def test_collection_of_one_kind_is_an_error(relevant: tuple[bool, ...]) -> None:
    with pytest.raises(InputError, match="some that are and some that are not"):
        simulate(Screening(texts=("a",) * len(relevant), relevant=relevant))


def test_unknown_target_is_an_error() -> None:
    with pytest.raises(InputError, match="'sport' is none of trade"):
        screening_of((), "sport")


def test_screened_table_is_read_by_its_usual_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Title,Abstract,label_included\nA,b,1\nC,,0\n,,1\nE,f,maybe\n")
    found = read_screening(path)
    assert found.relevant == (True, False)
    assert found.texts[0].endswith("b")
    assert [(row.line, row.reason.value) for row in found.refused] == [
        (4, "empty-text"),
        (5, "no-relevance"),
    ]


def test_screened_table_is_read_by_named_columns_and_tabs(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("kop\tzin\tja\nA\tb\texcluded\n")
    found = read_screening(path, columns={"title": "kop", "text": "zin", "label": "ja"})
    assert found.relevant == (False,)


@pytest.mark.parametrize(
    ("header", "columns", "message"),
    [
        ("title,abstract", {}, "none of them known as the label"),
        ("label,x", {}, "none of them known as title or text"),
        ("title,label", {"label": "y"}, "no column 'y' for the label"),
        ("title,label", {"colour": "y"}, "no 'colour' to name"),
    ],
)
def test_table_without_a_column_is_an_error(
    tmp_path: Path, header: str, columns: dict[str, str], message: str
) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{header}\nA,1\n")
    with pytest.raises(InputError, match=message):
        read_screening(path, columns=columns)
