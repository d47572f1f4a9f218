from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import FunctionTransformer

from alliance_nlp.classify import TARGETS, ArticleClassifier
from alliance_nlp.config import Settings, load_settings
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import (
    Article,
    Dated,
    Issue,
    IssueItem,
    Reason,
    Relevance,
    Sentence,
    Topic,
    TopicLabel,
)
from alliance_nlp.pipeline.backtesting import Backtest, Miss, backtest
from alliance_nlp.pipeline.pools import Pool, read_pool
from alliance_nlp.pipeline.replaying import replay
from alliance_nlp.tag import Tagger

ON = date(2024, 4, 22)
DOCKS = (
    "Yards near Yokohama to repair US destroyers",
    "Japan and the United States agreed that private yards near Yokohama may overhaul destroyers "
    "of the Seventh Fleet, so that they need not cross the Pacific. A first follows in spring.",
)
FUEL = (
    "Osaka utility signs for Texas gas",
    "A utility in Osaka signed a contract for twenty years of liquefied gas from a Texas terminal, "
    "the largest since the permit pause, and will ship it by its own tankers from 2028.",
)
QUAKE = ("Quake shakes Noto", "A strong quake shook the Noto peninsula; no plant was harmed.")


@pytest.fixture(scope="module")
def settings() -> Settings:
    return load_settings(None)


def _model() -> Pipeline:
    """A model for which every text is about trade and relevant."""
    model = ArticleClassifier()
    model.coef_, model.intercept_ = np.zeros((5, 1)), np.array([3.0, -3.0, -3.0, -3.0, 3.0])
    model.calibration_ = np.tile([1.0, 0.0], (len(TARGETS), 1))
    model.thresholds_ = np.full(len(TARGETS), 0.5)
    return make_pipeline(FunctionTransformer(lambda texts: np.zeros((len(texts), 1))), model)


def _pool(*rows: tuple[str, tuple[str, str], float, float]) -> Pool:
    """A pool of (id, (title, text), days before the issue, relevance)."""
    articles, relevance, topics = [], {}, {}
    for article_id, (title, text), days, score in rows:
        at = datetime(2024, 4, 22, tzinfo=UTC) - timedelta(days=days)
        dated = Dated(at=at, precision="minute", found="", where="test")
        article = Article(
            id=article_id,
            source_id="outlet",
            url=f"https://outlet.example/{article_id}",
            title=title,
            text=text,
            published=dated,
            language="en",
        )
        articles.append((article, at))
        relevance[article_id] = Relevance(
            article_id=article_id, score=score, relevant=score >= 0.5, model_id="m"
        )
        topics[article_id] = [
            Topic(
                article_id=article_id, label=TopicLabel.TRADE, score=score, holds=True, model_id="m"
            )
        ]
    return Pool(
        articles=tuple(articles), sources={}, relevance=relevance, topics=topics, mentions={}
    )


def _issue(*items: tuple[str, str], on: date | None = ON, number: int = 8) -> Issue:
    return Issue(
        volume=3,
        number=number,
        title="US-Japan Alliance Digest",
        published_on=on,
        items=tuple(
            IssueItem(headline=headline, sentences=(Sentence(text=text),))
            for headline, text in items
        ),
    )


def _backtest(
    pool: Pool,
    issues: Sequence[Issue],
    settings: Settings,
    *,
    decided: Mapping[tuple[str, int], str] | None = None,
) -> Backtest:
    return backtest(pool, issues, settings, model=_model(), decided=decided)


def test_an_item_ranks_where_the_candidate_with_its_article_ranks(settings: Settings) -> None:
    pool = _pool(("a", DOCKS, 3, 0.9), ("b", FUEL, 2, 0.7))
    found = _backtest(pool, [_issue(DOCKS, FUEL)], settings).items
    assert [(item.article_id, item.miss) for item in found] == [("a", None), ("b", None)]
    assert sorted(item.rank or 0 for item in found) == [1, 2]
    assert found[0].topics == ("trade",)


@pytest.mark.parametrize(
    ("rows", "miss"),
    [
        ([("q", QUAKE, 3, 0.9)], Miss.NOT_COLLECTED),
        ([("a", DOCKS, 3, 0.05)], Miss.NOT_RELEVANT),
        ([("a", DOCKS, 3, 0.3)], Miss.NOT_RELEVANT),
        ([("a", DOCKS, 40, 0.9)], Miss.NOT_COLLECTED),
    ],
    ids=["nothing like it", "far from relevant", "hardly relevant", "too long before"],
)
def test_a_miss_has_its_reason(
    rows: list[tuple[str, tuple[str, str], float, float]], miss: Miss, settings: Settings
) -> None:
    [item] = _backtest(_pool(*rows), [_issue(DOCKS)], settings).items
    assert (item.rank, item.miss) == (None, miss)


def test_a_report_in_a_candidate_goes_before_one_turned_down(settings: Settings) -> None:
    told = (DOCKS[0], DOCKS[1] + " Unions ask who trains the welders.")
    pool = _pool(("down", DOCKS, 3, 0.01), ("shown", told, 3, 0.9))
    [item] = _backtest(pool, [_issue(DOCKS)], settings).items
    assert (item.article_id, item.rank) == ("shown", 1)


def test_two_items_of_one_story_count_once(settings: Settings) -> None:
    pool = _pool(("a", DOCKS, 3, 0.9))
    found = _backtest(pool, [_issue(DOCKS, DOCKS)], settings).items
    assert [item.miss for item in found] == [None, Miss.FOLDED_AWAY]


def test_what_ranks_low_is_said_to(settings: Settings) -> None:
    matters = [(f"{c}ak moves", f"{c}ov meets {c}el over {c}ir in {c}um.") for c in "BCDFGHJKLMNP"]
    others = [(f"o{n}", matter, 1, 0.99) for n, matter in enumerate(matters)]
    pool = _pool(("a", DOCKS, 13, 0.5), *others)
    result = _backtest(pool, [_issue(DOCKS)], settings)
    assert result.items[0].miss is Miss.RANKED_LOW
    assert result.recall(10) == 0.0
    assert result.recall(50) == 1.0


def test_matches_made_by_hand_overrule_likeness(settings: Settings) -> None:
    pool = _pool(("a", DOCKS, 3, 0.9), ("b", FUEL, 2, 0.9))
    decided = {("3.8", 1): "b", ("3.8", 2): ""}
    found = _backtest(pool, [_issue(DOCKS, FUEL)], settings, decided=decided).items
    assert found[0].article_id == "b"
    assert found[1].miss is Miss.NOT_COLLECTED


@pytest.mark.parametrize("days", [0, -0.1, -5])
def test_nothing_of_the_issues_day_or_later_is_seen(days: float, settings: Settings) -> None:
    before = _pool(("a", DOCKS, 3, 0.9))
    late = _pool(("a", DOCKS, 3, 0.9), ("late", FUEL, days, 0.99), ("copy", DOCKS, days, 0.99))
    issue = _issue(DOCKS)
    one, other = (
        replay(pool, settings, as_of=ON, published=[issue], model=_model())
        for pool in (before, late)
    )
    assert one.candidates == other.candidates
    assert [article.id for article in other.articles] == ["a"]
    # The issue itself is not known on its own day.
    assert {story.novelty.value for story in other.stories.values()} == {"new"}


def test_what_is_left_out_says_why(settings: Settings) -> None:
    past = replay(_pool(("a", DOCKS, 3, 0.01)), settings, as_of=ON, published=[], model=_model())
    assert dict(past.left_out) == {"a": Reason.NOT_RELEVANT}


def test_figures_are_those_of_the_items(settings: Settings) -> None:
    pool = _pool(("a", DOCKS, 3, 0.9), ("b", FUEL, 2, 0.9))
    result = _backtest(pool, [_issue(DOCKS, QUAKE)], settings)
    assert result.recall(5) == 0.5
    assert result.mean_reciprocal_rank() == pytest.approx((1 / (result.items[0].rank or 99)) / 2)
    told = result.to_json()
    assert told["recall"]["5"] == 0.5
    assert told["pools"] == [{"issue": "3.8", "articles": 2, "stories": 2, "candidates": 2}]
    json.dumps(told)


@pytest.mark.parametrize(
    ("issues", "word"), [([], "no past issue"), ([_issue(DOCKS, on=None)], "states no date")]
)
def test_issues_that_cannot_be_tested_are_refused(
    issues: list[Issue], word: str, settings: Settings
) -> None:
    with pytest.raises(InputError, match=word):
        _backtest(_pool(("a", DOCKS, 3, 0.9)), issues, settings)


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("{", "line 2: no JSON"),
        ("[1]", "line 2: an article is an object"),
        ('{"title": "T", "text": " "}', "line 2: title and text"),
        ('{"title": "T", "text": "x", "published_at": "soon"}', "line 2: published_at 'soon'"),
    ],
)
def test_a_line_that_is_no_article_is_named(line: str, word: str, tmp_path: Path) -> None:
    good = json.dumps({"title": "T", "text": "x", "published_on": "2024-04-01"})
    (tmp_path / "articles.jsonl").write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(InputError, match=word):
        read_pool(tmp_path / "articles.jsonl", model=_model(), model_id="m", tagger=Tagger.load())


def test_a_file_becomes_a_pool_with_what_the_models_say(tmp_path: Path) -> None:
    row = {
        "id": "a",
        "source": "kanda-wire",
        "outlet": "Kanda Wire",
        "country": "JP",
        "title": "Envoy at Kadena",
        "text": "Ambassador Rahm Emanuel visited Kadena Air Base.",
        "published_at": "2024-04-02T09:00:00+09:00",
    }
    (tmp_path / "articles.jsonl").write_text(json.dumps(row) + "\n\n", encoding="utf-8")
    pool = read_pool(
        tmp_path / "articles.jsonl", model=_model(), model_id="m", tagger=Tagger.load()
    )
    [(article, at)] = pool.articles
    assert (article.id, at) == ("a", datetime(2024, 4, 2, tzinfo=UTC))
    assert pool.relevance["a"].relevant
    assert {mention.label.value for mention in pool.mentions["a"]} == {"OFFICIAL", "BASE"}
    assert pool.sources["kanda-wire"].country == "JP"
