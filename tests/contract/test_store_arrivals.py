from __future__ import annotations

from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select
from store_values import AT, fetch_page, hours, make_article, make_run

from alliance_nlp.store import (
    Arrival,
    Database,
    save_article,
    save_articles,
    schema,
    search_articles,
)
from alliance_nlp.store.articles import mark_withdrawn
from alliance_nlp.store.search_tables import search_rows

WHY = "its page says that it is"
N_ARRIVALS = 14


def _arrivals(tx: Connection, seed: int) -> list[Arrival]:
    """Draw some that come alone, versions of three pages, some twice, out of order, withdrawn."""
    draw = Random(seed)
    run_id = make_run(tx)
    found = []
    for n in range(N_ARRIVALS):
        name = draw.choice((f"new-{n}", f"new-{n}", f"page-{draw.randrange(3)}"))
        url = f"https://gazette.example/{name}"
        text = f"Version {draw.randrange(3)} of it." if name.startswith("page") else f"Text {n}."
        at = hours(draw.randrange(4))
        article = make_article(f"{name} {text}", url=url, text=text)
        fetch_id = fetch_page(tx, run_id, url=url, fetched_at=at)
        why = WHY if draw.random() < 0.1 else ""
        found.append(Arrival(article=article, fetch_id=fetch_id, fetched_at=at, withdrawn_why=why))
    return found


def _one_by_one(tx: Connection, arrivals: list[Arrival]) -> list[bool]:
    is_new = []
    for one in arrivals:
        is_new.append(
            save_article(tx, one.article, fetch_id=one.fetch_id, fetched_at=one.fetched_at)
        )
        if one.withdrawn_why:
            mark_withdrawn(tx, one.article.url, at=one.fetched_at, why=one.withdrawn_why)
    return is_new


def _all(tx: Connection) -> dict[str, list[Any]]:
    versions = schema.versions.c
    order = select(search_rows.c.article_id).order_by(search_rows.c.number)
    waiting = select(schema.steps).order_by(schema.steps.c.subject_id, schema.steps.c.step)
    seen = select(versions.url, versions.article_id, versions.fetch_id, versions.seen_at)
    return {
        "articles": [tuple(r) for r in tx.execute(select(schema.articles).order_by("id"))],
        "versions": [tuple(r) for r in tx.execute(seen.order_by(versions.id))],
        "numbers": list(tx.execute(order).scalars()),
        "steps": [tuple(r) for r in tx.execute(waiting)],
        "found": list(search_articles(tx, "version", limit=50)),
    }


class _UndoneError(Exception):
    """Ends a transaction whose rows are not to stay."""


@pytest.mark.parametrize("seed", range(12))
def test_articles_saved_together_are_as_if_saved_one_by_one(database: Database, seed: int) -> None:
    with database.write() as tx:
        arrivals = _arrivals(tx, seed)
    with pytest.raises(_UndoneError), database.write() as tx:
        wanted = _one_by_one(tx, arrivals), _all(tx)
        raise _UndoneError
    with database.write() as tx:
        assert (save_articles(tx, arrivals), _all(tx)) == wanted
    assert any(wanted[0])
    assert not all(wanted[0]) or len(wanted[1]["articles"]) == N_ARRIVALS


def test_nothing_comes_of_nothing(database: Database) -> None:
    with database.write() as tx:
        assert save_articles(tx, []) == []


def test_an_article_whose_page_says_so_is_withdrawn(database: Database) -> None:
    with database.write() as tx:
        fetch_id = fetch_page(tx, make_run(tx))
        article = make_article("a")
        arrival = Arrival(article=article, fetch_id=fetch_id, fetched_at=AT, withdrawn_why=WHY)
        assert save_articles(tx, [arrival]) == [True]
        row = tx.execute(select(schema.articles)).one()
    assert (row.withdrawn_at, row.withdrawn_why) == (AT, WHY)
