"""How far reviewers agree, and the stories on which somebody has to settle it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from alliance_nlp.core.types import Decision, Verdict
from alliance_nlp.review.decisions import standing

# "Later" puts a story off and judges nothing.
_JUDGEMENTS = (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairAgreement:
    """How far two reviewers agree on the stories that both judged.

    Attributes
    ----------
    n, n_same
        Stories that both judged, and those on which they say the same.
    kappa
        Cohen's kappa, -1 to 1; ``None`` where it is undefined, and ``note`` says why.
    """

    first: str
    second: str
    n: int
    n_same: int
    kappa: float | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far all reviewers agree.

    Attributes
    ----------
    pairs
        Every two reviewers with a story in common, by name.
    n
        Stories that two or more judged.
    kappa
        Mean of the pairs' kappas, weighed by their stories; ``None`` where no pair has one, and
        ``note`` says why.
    """

    pairs: tuple[PairAgreement, ...]
    n: int
    kappa: float | None
    note: str = ""


def agreement(decisions: Iterable[Decision]) -> Agreement:
    """Compare the last words of every two reviewers; decisions come oldest first.

    A word is ``accept``, ``reject`` or ``unsure``.

    Notes
    -----
    J. Cohen, A coefficient of agreement for nominal scales, Educational and Psychological
    Measurement 20 (1960). Reviewers see each other's decisions, so this is no blind comparison.
    """
    words = _last_words(decisions)
    by_reviewer: dict[str, dict[str, Verdict]] = {}
    for subject, told in words.items():
        for decision in told:
            by_reviewer.setdefault(decision.reviewer, {})[subject] = decision.verdict
    pairs = []
    for first, second in combinations(sorted(by_reviewer), 2):
        pair = _pair(by_reviewer[first], by_reviewer[second], names=(first, second))
        if pair.n:
            pairs.append(pair)
    n = sum(len(told) > 1 for told in words.values())
    defined = [(pair.n, pair.kappa) for pair in pairs if pair.kappa is not None]
    if not defined:
        note = "no pair of reviewers has a kappa" if n else "no story was judged by two reviewers"
        return Agreement(pairs=tuple(pairs), n=n, kappa=None, note=note)
    weight = sum(count for count, _ in defined)
    kappa = sum(count * value for count, value in defined) / weight
    return Agreement(pairs=tuple(pairs), n=n, kappa=kappa)


def to_adjudicate(
    decisions: Iterable[Decision], *, editors: Collection[str] = ()
) -> tuple[tuple[Decision, ...], ...]:
    """Return for each story in dispute the last word of every reviewer, oldest first.

    In dispute are stories on which the last words of two reviewers differ, unless the last of
    all is an editor's. The newest disputes come first.
    """
    disputes = [
        told
        for told in _last_words(decisions).values()
        if len({decision.verdict for decision in told}) > 1 and told[-1].reviewer not in editors
    ]
    return tuple(sorted(disputes, key=lambda told: told[-1].decided_at, reverse=True))


def _last_words(decisions: Iterable[Decision]) -> dict[str, tuple[Decision, ...]]:
    """Return the last word of each reviewer by subject, in the order in which they were said."""
    words: dict[str, dict[str, Decision]] = {}
    for decision in standing(decisions):
        if decision.verdict in _JUDGEMENTS:
            of_subject = words.setdefault(decision.subject, {})
            of_subject.pop(decision.reviewer, None)  # so that a later word comes last
            of_subject[decision.reviewer] = decision
    return {subject: tuple(told.values()) for subject, told in words.items()}


def _pair(
    first: Mapping[str, Verdict], second: Mapping[str, Verdict], *, names: tuple[str, str]
) -> PairAgreement:
    shared = sorted(first.keys() & second.keys())
    said = [(first[subject], second[subject]) for subject in shared]
    n_same = sum(one is other for one, other in said)
    kappa, note = _kappa(said)
    return PairAgreement(
        first=names[0], second=names[1], n=len(said), n_same=n_same, kappa=kappa, note=note
    )


def _kappa(said: Sequence[tuple[Verdict, Verdict]]) -> tuple[float | None, str]:
    n = len(said)
    if not n:
        return None, "they have no story in common"
    ones, others = Counter(one for one, _ in said), Counter(other for _, other in said)
    by_chance = sum(ones[word] * others[word] for word in ones)  # of n * n
    if by_chance == n * n:
        word = said[0][0].value
        return None, f"undefined: both said nothing but {word}, so chance alone explains it"
    observed = sum(one is other for one, other in said)
    return (observed * n - by_chance) / (n * n - by_chance), ""
