"""Candidates for the tests of the rank room."""

from __future__ import annotations

import math
from collections.abc import Mapping

from alliance_nlp.core.types import Candidate, Contribution
from alliance_nlp.rank import DEFAULT_WEIGHTS, FEATURES


def candidates(*logits: float) -> list[Candidate]:
    """Return candidates s1, s2, … with these logits, ranked in this order."""
    return [
        Candidate(story_id=f"s{n}", rank=n, score=0.5, logit=logit, reasons=())
        for n, logit in enumerate(logits, start=1)
    ]


def explained(
    story_id: str, rank: int, values: Mapping[str, float], weights: Mapping[str, float]
) -> Candidate:
    """Return a candidate with all its reasons; features that are not given are 0."""
    used = {**dict.fromkeys(FEATURES, 0.0), **values, "bias": 1.0}
    reasons = tuple(
        Contribution(feature=name, value=value, contribution=weights[name] * value)
        for name, value in used.items()
    )
    logit = math.fsum(reason.contribution for reason in reasons)
    return Candidate(story_id=story_id, rank=rank, score=0.5, logit=logit, reasons=reasons)


PLAIN_WEIGHTS = dict(DEFAULT_WEIGHTS)
