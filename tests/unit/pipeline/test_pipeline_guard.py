"""One article that breaks a stage does not take its batch with it."""

from __future__ import annotations

from collections.abc import Sequence

from alliance_nlp.core.types import Article, Reason
from alliance_nlp.pipeline.processing import _guarded
from alliance_nlp.pipeline.workers import Broken


def _articles(*ids: str) -> list[Article]:
    return [
        Article(id=i, source_id="s", url=f"https://a.example/{i}", title=i, text=i) for i in ids
    ]


def _shout(articles: Sequence[Article]) -> list[str]:
    if any(article.id == "poison" for article in articles):
        raise RecursionError("too deep")
    return [article.text.upper() for article in articles]


def test_a_sound_batch_is_worked_on_at_once() -> None:
    assert _guarded(_articles("a", "b"), _shout) == ["A", "B"]


def test_only_the_article_that_breaks_it_fails() -> None:
    first, poisoned, last = _guarded(_articles("a", "poison", "c"), _shout)
    assert (first, last) == ("A", "C")
    assert isinstance(poisoned, Broken)
    assert poisoned.reason is Reason.CRASHED
    assert "RecursionError: too deep" in poisoned.detail
