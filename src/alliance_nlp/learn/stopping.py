"""When to stop reading a ranked list: a rule with a guarantee, from one random sample.

The rule is the quantile binomial confidence bound (QBCB) of Lewis, Yang and Frieder, "Certifying
One-Phase Technology-Assisted Reviews", CIKM 2021. Before the review, documents are drawn at random
and read until ``r`` relevant ones are found. The ranked review then goes on until it has met ``j``
of these ``r``, where ``j`` is the smallest number with P(Binomial(r, target) < j) >= confidence.

What is guaranteed: over the drawing of the sample, with the stated probability, the documents that
the ranked review has read by then hold at least the target share of all relevant ones. It holds for
every ranking, good or bad, as long as the ranking was made without looking at the sample. It says
nothing on one drawn sample, and it costs the reading of the sample: for 95 % recall at 95 %
confidence at least 59 relevant documents must be drawn. Binomial tails are safe for finite
collections, where the exact law is hypergeometric and narrower.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from alliance_nlp.core.errors import InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """Where the rule ended a review.

    Attributes
    ----------
    n_sampled
        Documents read for the sample.
    n_sampled_relevant
        Relevant ones among them.
    n_needed
        How many of those the ranked review must meet, the ``j`` of the rule.
    n_ranked
        Documents of the ranking down to the last one needed, sampled ones among them.
    n_read
        Documents read in all, sample and ranking together, each once.
    recall
        Share of the relevant documents in the ranking's read part, 0 to 1; what is guaranteed.
    certified
        False when the collection has too few relevant documents for the rule: all was read.
    """

    n_sampled: int
    n_sampled_relevant: int
    n_needed: int
    n_ranked: int
    n_read: int
    recall: float
    certified: bool


def smallest_sample(target: float, *, confidence: float = 0.95) -> int:
    """Return the least number of relevant documents that a sample needs for the rule to work.

    Raises
    ------
    InputError
        If target or confidence do not lie between 0 and 1, both excluded.
    """
    _check(target, confidence)
    n = max(1, int(np.floor(np.log(1 - confidence) / np.log(target))))
    while target**n > 1 - confidence:
        n += 1
    return n


def needed(n_relevant: int, target: float, *, confidence: float = 0.95) -> int | None:
    """Return how many of a sample's relevant documents the ranked review must meet.

    Parameters
    ----------
    n_relevant
        Relevant documents in the sample.
    target
        Recall to reach, between 0 and 1.
    confidence
        Probability, over samples, of reaching it.

    Returns
    -------
    int or None
        ``None`` when the sample is smaller than :func:`smallest_sample`.

    Raises
    ------
    InputError
        If target or confidence do not lie between 0 and 1, both excluded.
    """
    _check(target, confidence)
    if n_relevant < smallest_sample(target, confidence=confidence):
        return None
    # cdf(j - 1) is the probability that fewer than j of them stand above the target's quantile.
    below = binom.cdf(np.arange(n_relevant), n_relevant, target)
    return int(np.argmax(below >= confidence)) + 1


def _check(target: float, confidence: float) -> None:
    for name, value in (("target recall", target), ("confidence", confidence)):
        if not 0 < value < 1:
            raise InputError(f"the {name} {value} must lie between 0 and 1, such as 0.95")


def stop_by_sample(
    ranked: Sequence[bool] | NDArray[Any],
    *,
    target: float,
    generator: np.random.Generator,
    confidence: float = 0.95,
    n_relevant: int | None = None,
) -> Stop:
    """Draw a sample and tell where the rule ends the review of a ranking.

    Parameters
    ----------
    ranked
        Whether each document is relevant, in the order of the review, shape (n_documents,).
    target
        Recall to reach, between 0 and 1.
    generator
        Draws the sample.
    confidence
        Probability, over samples, of reaching it.
    n_relevant
        Relevant documents to sample; the least possible unless told. More of them cost more to
        sample and let the ranked review end sooner.

    Raises
    ------
    InputError
        If target or confidence do not lie between 0 and 1, or the sample asked for is too small.
    """
    relevant = np.asarray(ranked, dtype=bool)
    least = smallest_sample(target, confidence=confidence)
    wanted = least if n_relevant is None else n_relevant
    n_needed = needed(wanted, target, confidence=confidence)
    if n_needed is None:
        raise InputError(
            f"a sample with {wanted} relevant documents cannot certify {target:.0%} recall at "
            f"{confidence:.0%} confidence; sample at least {least}"
        )
    drawn = generator.permutation(len(relevant))
    hits = np.flatnonzero(relevant[drawn])
    if len(hits) < wanted:
        return _read_all(relevant, n_needed=n_needed)
    return _stop(relevant, drawn[: hits[wanted - 1] + 1], n_needed=n_needed)


def _stop(relevant: NDArray[Any], sample: NDArray[Any], *, n_needed: int) -> Stop:
    hits = np.sort(sample[relevant[sample]])
    n_ranked = int(hits[n_needed - 1]) + 1
    return Stop(
        n_sampled=len(sample),
        n_sampled_relevant=len(hits),
        n_needed=n_needed,
        n_ranked=n_ranked,
        n_read=n_ranked + int((sample >= n_ranked).sum()),
        recall=float(relevant[:n_ranked].sum() / relevant.sum()),
        certified=True,
    )


def _read_all(relevant: NDArray[Any], *, n_needed: int) -> Stop:
    # Sampling went on to the end of the collection, so everything has been read, ranked or not.
    return Stop(
        n_sampled=len(relevant),
        n_sampled_relevant=int(relevant.sum()),
        n_needed=n_needed,
        n_ranked=len(relevant),
        n_read=len(relevant),
        recall=1.0,
        certified=False,
    )
