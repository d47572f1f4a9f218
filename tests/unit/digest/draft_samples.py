"""Articles to draft from."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from alliance_nlp.core.text import normal_text
from alliance_nlp.core.types import Article, Dated


def make_article(name: str, text: str, *, title: str = "", **changes: Any) -> Article:
    """Return an English article of 28 March 2024."""
    given: dict[str, Any] = {
        "published": Dated(
            at=datetime(2024, 3, 28, tzinfo=UTC), precision="day", found="", where=""
        ),
        "language": "en",
        **changes,
    }
    return Article(
        id=name,
        source_id="gazette",
        url=f"https://gazette.example/{name}",
        title=title or f"Title of {name}",
        text=normal_text(text),
        **given,
    )
