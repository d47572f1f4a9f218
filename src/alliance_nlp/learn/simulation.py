"""A review replayed: how soon a reader who follows the model finds what is relevant.

The reader reads in batches; after each, a linear SVM learns from all that was read and orders the
rest, most likely relevant first, but for a share of each batch that is drawn at random. Vectors are
those of the model that serves, their weights taken from all texts, which needs no labels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.svm import LinearSVC

from alliance_nlp.classify import TARGETS
from alliance_nlp.core.errors import InputError
from alliance_nlp.learn import corpus, stopping
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.screening import Screening
from alliance_nlp.learn.stopping import Stop
from alliance_nlp.learn.train import make_model

BATCH = 25
# A reader who follows the model alone never meets what shares no words with the finds so far, such
# as another language: on the packaged items, over five starts, the worst work saved on base
# politics rose from 0.48 to 0.57 with a tenth at random.
EXPLORE = 0.1
N_DRAWS = 200
_DEPTHS = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppingRule:
    """What the stopping rule came to, over many draws of its sample from one ranking.

    Attributes
    ----------
    target, confidence
        What is guaranteed: recall of at least ``target`` in at least this share of draws.
    n_relevant, n_needed
        Relevant documents in the sample, and how many of them the ranked review must meet.
    first
        The draw of the seed asked for: what one reviewer would have seen.
    n_draws
        Draws of which the following are the averages.
    share_met, mean_recall, mean_read, mean_sampled
        Share of draws that reached the target; averages of recall, of documents read in all, and
        of documents read for the sample.
    """

    target: float
    confidence: float
    n_relevant: int
    n_needed: int
    first: Stop
    n_draws: int
    share_met: float
    mean_recall: float
    mean_read: float
    mean_sampled: float

    @property
    def guarantee(self) -> str:
        """The guarantee in words."""
        if not self.first.certified:
            return (
                f"none: fewer than {self.n_relevant} documents are relevant, too few for the rule "
                f"to certify {self.target:.0%} recall, so everything is read"
            )
        return (
            f"drawn anew, the sample lets the ranked review reach {self.target:.0%} recall in at "
            f"least {self.confidence:.0%} of draws, whatever the ranking"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """A replayed review.

    Attributes
    ----------
    order
        Rows of the documents in the order of reading, shape (n_documents,).
    n_documents, n_relevant
        Size of the collection, and its relevant documents.
    wss
        Work saved over sampling by recall: at 0.95, the share of documents left unread when 95 %
        of the relevant ones are found, less 0.05.
    read_to_recall
        Documents read until these shares of the relevant ones are found.
    recall_at
        Recall after so many documents read.
    stopping
        The stopping rule on this ranking.
    """

    order: NDArray[np.int64]
    n_documents: int
    n_relevant: int
    wss: Mapping[float, float]
    read_to_recall: Mapping[float, int]
    recall_at: Mapping[int, float]
    stopping: StoppingRule


def screening_of(items: Sequence[LabeledItem], target: str = "relevant") -> Screening:
    """Return labelled items as a collection to screen for one target.

    Raises
    ------
    InputError
        If there is no such target.
    """
    if target not in TARGETS:
        raise InputError(f"the target {target!r} is none of {', '.join(TARGETS)}")
    return Screening(
        texts=tuple(corpus.texts(items)),
        relevant=tuple(bool(one) for one in corpus.targets(items)[:, TARGETS.index(target)]),
    )


def simulate(
    screening: Screening,
    *,
    target_recall: float = 0.95,
    confidence: float = 0.95,
    batch: int = BATCH,
    seed: int = 0,
    query: str = "",
    explore: float = EXPLORE,
    n_relevant: int | None = None,
    n_draws: int = N_DRAWS,
) -> Simulation:
    """Replay a collection's review; the same arguments give the same figures.

    Parameters
    ----------
    screening
        The texts and which of them are relevant.
    target_recall, confidence
        What the stopping rule has to guarantee.
    batch
        Documents read between two trainings, 1 or more.
    seed
        Seed of the random start and of the rule's samples.
    query
        Words to start from, by likeness; without them the start is random.
    explore
        Share of each batch that is drawn at random, 0 to 1.
    n_relevant
        Relevant documents in the rule's sample; the least possible unless told.
    n_draws
        Draws of the sample to average over.

    Raises
    ------
    InputError
        If the collection is empty or all alike, or a number is out of its range.
    """
    _check(screening, batch=batch, explore=explore)
    order = review_order(screening, batch=batch, seed=seed, query=query, explore=explore)
    ranked = np.asarray(screening.relevant)[order]
    rule = judge_rule(
        ranked,
        target=target_recall,
        confidence=confidence,
        seed=seed,
        n_relevant=n_relevant,
        n_draws=n_draws,
    )
    return _told(order, ranked, rule)


def _told(order: NDArray[np.int64], ranked: NDArray[Any], rule: StoppingRule) -> Simulation:
    n, found = len(order), np.cumsum(ranked)
    read = {recall: _read_to(found, recall) for recall in sorted({0.95, rule.target})}
    return Simulation(
        order=order,
        n_documents=n,
        n_relevant=int(found[-1]),
        wss={recall: 1 - n_read / n - (1 - recall) for recall, n_read in read.items()},
        read_to_recall=read,
        recall_at={depth: float(found[depth - 1] / found[-1]) for depth in _DEPTHS if depth <= n},
        stopping=rule,
    )


def _check(screening: Screening, *, batch: int, explore: float) -> None:
    if batch < 1:
        raise InputError(f"the batch of {batch} must be 1 or more")
    if not 0 <= explore <= 1:
        raise InputError(f"the share {explore} to explore must lie in 0 to 1")
    n, n_relevant = len(screening.texts), sum(screening.relevant)
    if n_relevant in (0, n):
        raise InputError(
            f"{n_relevant} of {n} documents are relevant; a simulation needs some that are and "
            "some that are not, so look at the label's column and values"
        )


def _read_to(found: NDArray[Any], recall: float) -> int:
    # Rounded before: 0.55 times 100 is a little more than 55 in floating point.
    wanted = max(1, math.ceil(round(recall * float(found[-1]), 9)))
    return int(np.searchsorted(found, wanted)) + 1


def review_order(
    screening: Screening,
    *,
    batch: int,
    seed: int,
    query: str = "",
    explore: float = EXPLORE,
) -> NDArray[np.int64]:
    """Return the rows in the order in which the replayed review reads them."""
    vectorizer = make_model()[:-1]
    X = vectorizer.fit_transform(list(screening.texts))
    relevant = np.asarray(screening.relevant)
    generator = np.random.default_rng([seed, 0])
    by_chance = generator.permutation(len(relevant))
    start = by_chance
    if query.strip():
        likeness = np.asarray((X @ vectorizer.transform([query]).T).todense()).ravel()
        start = start[np.argsort(-likeness[start], kind="stable")]
    read = list(start[:batch])
    unread = np.ones(len(relevant), dtype=bool)
    unread[read] = False
    while unread.any():
        rest = start[unread[start]]
        if len(set(relevant[read])) == 2:  # else there is nothing to tell apart yet
            model = LinearSVC(class_weight="balanced", random_state=seed).fit(
                X[read], relevant[read]
            )
            chance = by_chance[unread[by_chance]][: round(explore * batch)]
            likely = rest[np.argsort(-model.decision_function(X[rest]), kind="stable")]
            rest = np.concatenate([chance, likely[~np.isin(likely, chance)]])
        read.extend(rest[:batch])
        unread[rest[:batch]] = False
    return np.asarray(read, dtype=np.int64)


def judge_rule(
    ranked: NDArray[Any],
    *,
    target: float,
    confidence: float,
    seed: int = 0,
    n_relevant: int | None = None,
    n_draws: int = N_DRAWS,
) -> StoppingRule:
    """Return what the stopping rule comes to on a ranking, over many draws of its sample.

    Parameters
    ----------
    ranked
        Whether each document is relevant, in the order of the review, shape (n_documents,).
    target, confidence
        What is guaranteed.
    seed
        Seed of the draws.
    n_relevant
        Relevant documents in the sample; the least possible unless told.
    n_draws
        How many draws, 1 or more.
    """
    # Another stream than the review's start: a sample must know nothing of the ranking.
    generator = np.random.default_rng([seed, 1])
    stops = [
        stopping.stop_by_sample(
            ranked,
            target=target,
            confidence=confidence,
            generator=generator,
            n_relevant=n_relevant,
        )
        for _ in range(max(1, n_draws))
    ]
    return StoppingRule(
        target=target,
        confidence=confidence,
        n_relevant=n_relevant or stopping.smallest_sample(target, confidence=confidence),
        n_needed=stops[0].n_needed,
        first=stops[0],
        n_draws=len(stops),
        share_met=float(np.mean([stop.recall >= target for stop in stops])),
        mean_recall=float(np.mean([stop.recall for stop in stops])),
        mean_read=float(np.mean([stop.n_read for stop in stops])),
        mean_sampled=float(np.mean([stop.n_sampled for stop in stops])),
    )
