"""A draft choice: the set of stories that balances score against repetition, found exactly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from alliance_nlp.core.types import Candidate, TopicLabel

# What two chosen stories on one topic cost, in logits: of three on a topic each pair costs.
SAME_TOPIC_COST = 1.2
# What two chosen stories cost for each unit of likeness (cosine), in logits.
LIKENESS_COST = 2.0
# The choice is made among the best so many: 15,504 sets of five.
CHOICE_POOL = 20
# Logits that differ by less are the same.
_SAME = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class RunnerUp:
    """A candidate that was passed over; ``why`` tells for what."""

    candidate: Candidate
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The chosen candidates and those that come next, both by rank.

    ``total`` is the sum of the chosen logits less the costs, those against ``taken`` included.
    """

    chosen: tuple[Candidate, ...]
    runners_up: tuple[RunnerUp, ...] = ()
    total: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Costs:
    """Logits of the pool, what each costs beside what is taken, and each pair together."""

    own: tuple[float, ...]
    pairs: tuple[tuple[float, ...], ...]

    def total(self, chosen: Sequence[int]) -> float:
        return math.fsum(
            [
                *(self.own[i] for i in chosen),
                *(-self.pairs[i][j] for i, j in combinations(chosen, 2)),
            ]
        )


def choose(
    candidates: Sequence[Candidate],
    topics: Mapping[str, TopicLabel | None],
    *,
    n: int,
    taken: Sequence[Candidate] = (),
    likeness: Sequence[Sequence[float]] | None = None,
    n_runners_up: int = 5,
) -> Choice:
    """Choose the ``n`` candidates with the highest sum of logits less what repetition costs.

    Each pair on one topic costs :data:`SAME_TOPIC_COST`, each pair's likeness
    :data:`LIKENESS_COST` a unit; a story without a topic repeats none. The best set of the first
    :data:`CHOICE_POOL` candidates is found exactly (branch and bound over all sets); of equally
    good sets the one whose members rank highest is taken.

    Parameters
    ----------
    candidates
        The candidates to choose from, best first.
    topics
        Leading topic by story id.
    n
        How many to choose; fewer when there are fewer.
    taken
        Candidates that are in already: what repeats them costs too.
    likeness
        Symmetric likeness of stories, 0 to 1, shape (n_items, n_items), in the order of ``taken``
        and then ``candidates``; of the candidates the pool is enough.
    n_runners_up
        How many of those passed over to return.
    """
    pool = tuple(candidates[: max(CHOICE_POOL, n)])
    costs = _costs((*taken, *pool), topics, first=len(taken), likeness=likeness)
    best = _best_set(costs, min(n, len(pool)))
    left = [i for i in range(len(pool)) if i not in best]
    return Choice(
        chosen=tuple(pool[i] for i in best),
        runners_up=tuple(
            RunnerUp(candidate=pool[i], why=_why(i, best, pool=pool, costs=costs, topics=topics))
            for i in left[:n_runners_up]
        ),
        total=costs.total(best),
    )


def _costs(
    items: Sequence[Candidate],
    topics: Mapping[str, TopicLabel | None],
    *,
    first: int,
    likeness: Sequence[Sequence[float]] | None,
) -> _Costs:
    """Return the costs of the items from ``first`` on; those before it are taken."""

    def cost(i: int, j: int) -> float:
        topic = topics.get(items[i].story_id)
        repeats = topic is not None and topic == topics.get(items[j].story_id)
        alike = max(0.0, float(likeness[i][j])) if likeness is not None else 0.0
        return SAME_TOPIC_COST * repeats + LIKENESS_COST * alike

    places = range(first, len(items))
    return _Costs(
        own=tuple(
            math.fsum([items[i].logit, *(-cost(j, i) for j in range(first))]) for i in places
        ),
        pairs=tuple(tuple(cost(i, j) if i != j else 0.0 for j in places) for i in places),
    )


def _best_set(costs: _Costs, n: int) -> tuple[int, ...]:
    """Return the best ``n`` places of the pool, in order.

    Sets are tried in the order of their places, so the first of equals has the highest ranks.
    """
    # The most that k further members from a place on can bring: costs only take away.
    n_pool = len(costs.own)
    most = [
        [math.fsum(sorted(costs.own[place:], reverse=True)[:k]) for k in range(n + 1)]
        for place in range(n_pool + 1)
    ]
    best: tuple[int, ...] = ()
    best_total = -math.inf

    def extend(chosen: tuple[int, ...], place: int, total: float) -> None:
        nonlocal best, best_total
        k = n - len(chosen)
        if k == 0:
            total = costs.total(chosen)
            if not best or total > best_total + _SAME:
                best, best_total = chosen, total
            return
        for i in range(place, n_pool - k + 1):
            if best and total + most[i][k] <= best_total + _SAME:
                return  # nothing from here on is better
            paid = sum(costs.pairs[i][j] for j in chosen)
            extend((*chosen, i), i + 1, total + costs.own[i] - paid)

    if n > 0:
        extend((), 0, 0.0)
    return best


def _why(
    i: int,
    chosen: Sequence[int],
    *,
    pool: Sequence[Candidate],
    costs: _Costs,
    topics: Mapping[str, TopicLabel | None],
) -> str:
    """Tell why a candidate was passed over, and how much worse the choice would be with it."""
    if not chosen:
        return "every place is taken"
    own = pool[i].logit
    lowest = max(chosen, key=lambda c: (-pool[c].logit, c))

    def worse(out: int) -> float:
        return costs.total(chosen) - costs.total([*(c for c in chosen if c != out), i])

    if own <= pool[lowest].logit:
        nearest = min(chosen, key=lambda out: (worse(out), -out))
        return f"its score is lower: {_instead(pool[nearest], worse(nearest))}"
    kept = [c for c in chosen if c != lowest]
    paid = math.fsum([own - costs.own[i], *(costs.pairs[i][c] for c in kept)])
    topic = topics.get(pool[i].story_id)
    # Of what it pays beside the taken ones, a whole topic's cost can only come from their topic.
    n_same = sum(topics.get(pool[c].story_id) == topic for c in kept)
    is_repeat = topic is not None and (n_same or own - costs.own[i] >= SAME_TOPIC_COST)
    what = f"it repeats {topic.value}" if topic and is_repeat else "it is like what is chosen"
    return f"{what}, which costs it {paid:.2f}: {_instead(pool[lowest], worse(lowest))}"


def _instead(out: Candidate, worse: float) -> str:
    return f"in place of {out.story_id} the choice would be {worse:.2f} worse"
