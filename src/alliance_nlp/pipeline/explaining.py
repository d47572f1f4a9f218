"""What made the classifier decide so, as JSON values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from alliance_nlp.classify import Explanation, explain_all, input_text


def explained(
    model: Any, triples: Sequence[tuple[str, str, str]], n_terms: int
) -> list[dict[str, Any]]:
    """Return ``{"explain": {target: ...}}`` of each (id, title, text), with ``n_terms`` terms.

    Numbers keep all their digits, so that a reader can check the sum.
    """
    texts = [input_text(title, text) for _, title, text in triples]
    return [
        {"explain": {one.target: _values(one) for one in by_target}}
        for by_target in explain_all(model, texts, n=n_terms)
    ]


def _values(explanation: Explanation) -> dict[str, Any]:
    told = asdict(explanation)
    del told["target"]
    return {**told, "contributions": list(told["contributions"])}
