from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.errors import InputError
from alliance_nlp.learn import smallest_sample, stop_by_sample
from alliance_nlp.learn.stopping import needed

SHARES = st.floats(0.05, 0.97)


def _ranking(
    generator: np.random.Generator, *, n_relevant: int, n: int, strength: float
) -> np.ndarray:
    """Relevant documents score higher by ``strength`` standard deviations."""
    relevant = np.arange(n) < n_relevant
    return relevant[np.argsort(-(generator.normal(size=n) + strength * relevant))]


@pytest.mark.parametrize(
    ("strength", "n_sample"), [(0.0, None), (1.0, None), (3.0, None), (1.0, 120), (3.0, 120)]
)
def test_target_is_reached_in_as_many_draws_as_are_stated(
    strength: float, n_sample: int | None
) -> None:
    generator = np.random.default_rng(7)
    met = 0
    for _ in range(300):
        ranked = _ranking(generator, n_relevant=400, n=4000, strength=strength)
        stop = stop_by_sample(ranked, target=0.95, generator=generator, n_relevant=n_sample)
        met += stop.recall >= 0.95
    # Three standard deviations of 300 draws at 95 % are 0.038.
    assert met / 300 >= 0.95 - 0.038


def test_rule_without_a_guarantee_would_be_caught() -> None:
    """The test above is able to fail: meeting two fewer of the sample falls short."""
    generator = np.random.default_rng(7)
    met = 0
    for _ in range(300):
        ranked = _ranking(generator, n_relevant=400, n=4000, strength=1.0)
        hits = np.flatnonzero(ranked)
        sample = np.sort(generator.choice(hits, size=59, replace=False))
        met += np.mean(hits <= sample[56]) >= 0.95
    assert met / 300 < 0.95 - 0.038


def test_larger_sample_reads_less_of_the_ranking() -> None:
    generator = np.random.default_rng(3)
    ranked = _ranking(generator, n_relevant=1000, n=20_000, strength=2.0)
    small, large = (
        np.mean(
            [
                stop_by_sample(ranked, target=0.9, generator=generator, n_relevant=n).n_ranked
                for _ in range(100)
            ]
        )
        for n in (29, 200)
    )
    assert large < small


def test_least_samples_are_those_of_the_paper() -> None:
    assert smallest_sample(0.95) == 59
    assert smallest_sample(0.8) == 14
    assert needed(59, 0.95) == 59
    assert needed(58, 0.95) is None


@given(SHARES, SHARES, st.integers(1, 400))
def test_number_to_meet_is_the_smallest_that_is_sure_enough(target, confidence, n) -> None:
    def fewer_than(j: int) -> float:
        return sum(math.comb(n, k) * target**k * (1 - target) ** (n - k) for k in range(j))

    j = needed(n, target, confidence=confidence)
    if j is None:
        assert 1 - target**n < confidence + 1e-9
        assert n < smallest_sample(target, confidence=confidence)
    else:
        assert fewer_than(j) >= confidence - 1e-9
        assert fewer_than(j - 1) < confidence + 1e-9


@given(st.lists(st.booleans(), min_size=1, max_size=200), st.integers(0, 2**32 - 1), st.data())
def test_counts_of_a_stop_agree_with_each_other(relevant, seed, data) -> None:
    n_sample = data.draw(st.integers(smallest_sample(0.5), 20))
    generator = np.random.default_rng(seed)
    stop = stop_by_sample(relevant, target=0.5, generator=generator, n_relevant=n_sample)
    n = len(relevant)
    assert stop.n_sampled <= n
    assert (
        max(stop.n_ranked, stop.n_sampled) <= stop.n_read <= min(n, stop.n_ranked + stop.n_sampled)
    )
    assert stop.certified == (sum(relevant) >= n_sample)
    if stop.certified:
        assert stop.recall == sum(relevant[: stop.n_ranked]) / sum(relevant)
    else:
        assert (stop.n_read, stop.recall) == (n, 1.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"target": 1.0}, "target recall 1.0 must lie between"),
        ({"confidence": 0.0}, "confidence 0.0 must lie between"),
        ({"n_relevant": 58}, "58 relevant documents cannot certify 95% recall.*at least 59"),
    ],
)
def test_number_out_of_range_is_an_error(changes: dict[str, float], message: str) -> None:
    generator = np.random.default_rng(0)
    with pytest.raises(InputError, match=message):
        stop_by_sample([True, False], **{"target": 0.95, "generator": generator, **changes})
