"""Labelled items for the tests."""

from __future__ import annotations

from datetime import date
from typing import Any

from alliance_nlp.learn import LabeledItem


def item(name: str, **changes: Any) -> LabeledItem:
    fields: dict[str, Any] = {
        "id": name,
        "title": f"Report {name} from the harbour",
        "text": f"What {name} tells is told by nobody else, and {name} tells it at length.",
        "published_on": date(2024, 4, 14),
        "language": "en",
        "genre": "wire",
        "topics": ("defense",),
        "relevant": True,
        "story": f"story-{name}",
        "annotator": "writer",
    }
    return LabeledItem(**{**fields, **changes})
