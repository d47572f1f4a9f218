"""Nights that look like the labelled items, and nights that do not."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_values import make_report

from alliance_nlp.artifacts import ModelCard, running_versions, save_model
from alliance_nlp.cli.report_tables import show_report
from alliance_nlp.core.types import (
    ArchiveRef,
    Article,
    Page,
    Relevance,
    Role,
    Topic,
    TopicLabel,
)
from alliance_nlp.pipeline.drift import (
    Drift,
    Level,
    Shift,
    chance_psi,
    drift_json,
    measure_drift,
    psi,
    shifts,
    told,
)
from alliance_nlp.pipeline.report import report_json
from alliance_nlp.pipeline.report_html import render_report
from alliance_nlp.store import (
    Connection,
    Database,
    Judged,
    save_article,
    save_fetch,
    save_topics,
    start_run,
)

AT = datetime(2026, 3, 5, 1, 30, tzinfo=UTC)
MODEL = "articles-1"
TARGETS = (*(label.value for label in TopicLabel), "relevant")
COUNTS = st.lists(st.integers(0, 500), min_size=2, max_size=6)
REFERENCE: dict[str, Any] = {
    "n_items": 1000,
    "edges": [0.2, 0.4, 0.6, 0.8],
    "targets": {name: {"n_holds": 300, "confidence": [600, 60, 50, 60, 230]} for name in TARGETS},
    "unknown_terms": 0.2,
}


def _score(chance: random.Random, *, share: float, doubt: float) -> float:
    """Return a probability: in doubt, or as sure as the share says."""
    if chance.random() < doubt:
        return chance.uniform(0.2, 0.8)
    return chance.uniform(0.8, 1.0) if chance.random() < share else chance.uniform(0.0, 0.2)


def _night(
    n: int, *, share: float = 0.277, doubt: float = 0.17, seed: int = 1, name: str = "n"
) -> list[Judged]:
    """Return decisions on n articles; by default drawn as the reference was."""
    chance = random.Random(seed)
    return [
        Judged(
            article_id=f"{name}-{number}",
            target=target,
            score=(score := _score(chance, share=share, doubt=doubt)),
            holds=score >= 0.5,
            model_id=MODEL,
        )
        for number in range(n)
        for target in TARGETS
    ]


def _drift(judged: Sequence[Judged]) -> Drift:
    return Drift(
        model_id=MODEL,
        n_articles=len(judged) // len(TARGETS),
        n_nights=1,
        shifts=tuple(shifts(judged, REFERENCE)),
    )


# --- the index


@given(COUNTS)
def test_index_of_the_same_counts_is_nought(counts: list[int]) -> None:
    assert psi(counts, counts) == pytest.approx(0, abs=1e-12)


@given(COUNTS, st.randoms())
def test_index_is_symmetric_and_never_negative(counts: list[int], chance: random.Random) -> None:
    other = [chance.randrange(500) for _ in counts]
    assert psi(counts, other) == pytest.approx(psi(other, counts))
    assert psi(counts, other) > -1e-12


def test_index_is_as_by_hand() -> None:
    then, now = (700.5, 300.5), (40.5, 60.5)
    p, q = [x / 1001 for x in then], [x / 101 for x in now]
    expected = sum((b - a) * math.log(b / a) for a, b in zip(p, q, strict=True))
    assert psi([700, 300], [40, 60]) == pytest.approx(expected)


@pytest.mark.parametrize(("n_cells", "quantile"), [(2, 10.83), (3, 13.82), (5, 18.47)])
def test_chance_is_the_quantile_of_chi_squared(n_cells: int, quantile: float) -> None:
    assert chance_psi(200, 200, n_cells=n_cells) == pytest.approx(quantile / 100, rel=0.04)


# --- nights


@pytest.mark.parametrize("n", [100, 300, 2000])
def test_nights_like_the_labelled_items_are_steady(n: int) -> None:
    moved = [shift for seed in range(20) for shift in _drift(_night(n, seed=seed)).moved]
    assert len(moved) <= 1  # of 200: once in a thousand times chance goes farther
    assert Level.DRIFT not in {shift.level for shift in moved}


@pytest.mark.parametrize("n", [100, 2000])
def test_a_night_of_other_topics_is_drift(n: int) -> None:
    drift = _drift(_night(n, share=0.75))
    assert drift.level is Level.DRIFT
    assert {shift.target for shift in drift.moved if shift.what == "share"} == set(TARGETS)


def test_a_somewhat_different_night_wants_a_look() -> None:
    drift = _drift(_night(1500, share=0.46))
    assert drift.level is Level.LOOK
    assert "differ somewhat from" in drift.headline


def test_a_night_in_doubt_moves_confidence_and_not_shares() -> None:
    drift = _drift(_night(1000, share=0.23, doubt=0.45))
    assert {shift.what for shift in drift.moved} == {"confidence"}
    assert "for 17% of the labelled items" in told(drift.moved[0])


def test_confidence_is_the_same_whichever_way_the_model_decides() -> None:
    drift = _drift(_night(2000, share=0.8))
    assert {shift.what for shift in drift.moved} == {"share"}


def test_what_moved_stands_farthest_first() -> None:
    moved = _drift(_night(1000, share=0.7)).moved
    assert [shift.psi for shift in moved] == sorted((s.psi for s in moved), reverse=True)


@pytest.mark.parametrize(
    ("value", "chance", "level"),
    [
        (0.09, 0.01, "steady"),
        (0.1, 0.01, "look"),
        (0.24, 0.01, "look"),
        (0.25, 0.01, "drift"),
        (0.2, 0.21, "steady"),
        (0.3, 0.29, "drift"),
    ],
)
def test_levels_are_as_stated_and_chance_is_steady(value: float, chance: float, level: str) -> None:
    one = Shift(target="trade", what="share", psi=value, chance=chance, then=(1, 0), now=(1, 0))
    assert one.level.value == level


# --- from the database


@pytest.fixture
def database(make_sqlite_url: Callable[..., str]) -> Iterator[Database]:
    with Database.open(make_sqlite_url(migrated=True)) as opened:
        yield opened


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with a model whose card keeps the reference."""
    card = ModelCard(
        id=MODEL,
        task="topics-and-relevance",
        trained_at=AT.isoformat(),
        data_sha256="ab" * 32,
        n_items=1000,
        seed=0,
        versions=running_versions(),
        reference=REFERENCE,
    )
    save_model(tmp_path, {}, card)
    return tmp_path


def _save(tx: Connection, judged: Sequence[Judged], *, model_id: str = MODEL) -> int:
    """Save a night: its articles and what was decided on them; return its number."""
    run_id = start_run(tx, command="nightly", as_of=AT, at=AT)
    ids = list(dict.fromkeys(one.article_id for one in judged))
    for n, article_id in enumerate(ids):
        url = f"https://a.example/{article_id}"
        page = Page(
            source_id="a", role=Role.ARTICLE, asked_url=url, url=url, status=200, headers=(),
            body=b"", fetched_at=AT,
        )  # fmt: skip
        ref = ArchiveRef(file=f"{run_id}.warc.gz", offset=n, length=1, sha256="ab" * 32)
        fetch_id = save_fetch(
            tx, page, ref, run_id=run_id, payload_sha256=f"{run_id}-{n}", lead_key=None
        )
        article = Article(id=article_id, source_id="a", url=url, title="t", text="t")
        save_article(tx, article, fetch_id=fetch_id, fetched_at=AT)
    save_topics(
        tx,
        ids,
        topics=[
            Topic(
                article_id=one.article_id, label=TopicLabel(one.target), score=one.score,
                holds=one.holds, model_id=model_id,
            )
            for one in judged
            if one.target != "relevant"
        ],
        bearing=[
            Relevance(
                article_id=one.article_id, score=one.score, relevant=one.holds, model_id=model_id
            )
            for one in judged
            if one.target == "relevant"
        ],
    )  # fmt: skip
    return run_id


def test_a_night_is_measured_by_itself_when_it_is_big_enough(
    database: Database, models: Path
) -> None:
    with database.write() as tx:
        _save(tx, _night(120, share=0.9, name="before"))
        drift = measure_drift(tx, _save(tx, _night(120)), models)
    assert drift is not None
    assert (drift.n_articles, drift.n_nights, drift.level) == (120, 1, Level.STEADY)
    assert len(drift.shifts) == 2 * len(TARGETS)


def test_small_nights_are_put_together(database: Database, models: Path) -> None:
    with database.write() as tx:
        for number in range(9):
            run_id = _save(tx, _night(20, share=0.9, seed=number, name=f"night-{number}"))
        drift = measure_drift(tx, run_id, models)
    assert drift is not None
    assert (drift.n_articles, drift.n_nights, drift.level) == (140, 7, Level.DRIFT)


def test_too_few_articles_cry_no_wolf(database: Database, models: Path) -> None:
    with database.write() as tx:
        drift = measure_drift(tx, _save(tx, _night(99, share=1.0, doubt=0.0)), models)
    assert drift is not None
    assert (drift.shifts, drift.moved, drift.level) == ((), (), Level.STEADY)
    assert drift.headline == "99 articles of the night are too few to tell, fewer than 100"
    told_json = drift_json(drift)
    assert told_json is not None
    assert told_json["level"] is None


def test_without_a_reference_nothing_is_told(database: Database, models: Path) -> None:
    with database.write() as tx:
        assert measure_drift(tx, start_run(tx, command="n", as_of=AT, at=AT), models) is None
        run_id = _save(tx, _night(120), model_id="articles-unknown")
        assert measure_drift(tx, run_id, models) is None


def test_a_damaged_reference_does_not_cost_the_report(database: Database, models: Path) -> None:
    path = models / f"{MODEL}.json"
    card = json.loads(path.read_text())
    with database.write() as tx:
        run_id = _save(tx, _night(100))
        assert measure_drift(tx, run_id, models) is not None
        for damaged in ({}, {"targets": 3}, {"n_items": 3, "targets": {"trade": 1}}):
            path.write_text(json.dumps({**card, "reference": damaged}))
            assert measure_drift(tx, run_id, models) is None


# --- in the report


def test_report_tells_drift_as_json() -> None:
    told_json = report_json(make_report(drift=_drift(_night(500, share=0.8))))["drift"]
    assert json.loads(json.dumps(told_json)) == told_json
    assert (told_json["level"], told_json["articles"]) == ("drift", 500)
    assert told_json["thresholds"] == {"look": 0.1, "drift": 0.25, "articles": 100}
    [one] = [s for s in told_json["shifts"] if (s["target"], s["what"]) == ("trade", "share")]
    assert one["then"] == [0.3, 0.7]
    assert one["now"][0] > 0.6
    assert report_json(make_report())["drift"] is None


def test_report_tells_drift_on_its_page() -> None:
    page = render_report(make_report(drift=_drift(_night(500, share=0.8))))
    assert "500 articles of the night differ from the labelled items" in page
    assert "of the labelled items (PSI" in page
    assert "Drift" not in render_report(make_report())


def test_report_tells_drift_on_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_report(make_report(drift=_drift(_night(500, share=0.8))))
    assert "drift: 500 articles of the night differ" in capsys.readouterr().out
    show_report(make_report(drift=replace(_drift(_night(500)), n_nights=7)))
    assert "drift: 500 articles of the last 7 nights look like" in capsys.readouterr().out
