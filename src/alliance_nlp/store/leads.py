"""What listings and pages say there is: asked for, fetched, refused, or only noted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Lead
from alliance_nlp.store import schema
from alliance_nlp.store.database import upsert

_L = schema.leads.c


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownLead:
    """A lead that was fetched before: what was said of it, and when it was seen and asked for."""

    key: str
    lead: Lead
    seen_at: datetime
    asked_at: datetime | None
    n_tries: int


def save_leads(
    tx: Connection,
    leads: Iterable[tuple[str, Lead]],
    *,
    at: datetime,
    state: str = "pending",
) -> list[str]:
    """Save leads by key; return the keys that were not known before, in order.

    ``state`` is ``pending`` for those to fetch, ``noted`` for those another page only mentions; a
    noted one that a listing names later is fresh. Of two leads with one key, the first counts.
    """
    named: dict[str, Lead] = {}
    for key, lead in leads:
        named.setdefault(key, lead)
    known = set(_known(tx, list(named), but_noted=state == "pending"))
    fresh = [key for key in named if key not in known]
    upsert(
        tx,
        schema.leads,
        [
            {
                "key": key,
                "source_id": named[key].source_id,
                "url": clean(named[key].url),
                "title": clean(named[key].title),
                "published": clean(named[key].published),
                "updated": clean(named[key].updated),
                "outlet": clean(named[key].outlet),
                "seen_at": at,
                "state": state,
                "asked_at": None,
                "n_tries": 0,
            }
            for key in fresh
        ],
    )
    return fresh


def _known(tx: Connection, keys: Sequence[str], *, but_noted: bool) -> Iterable[str]:
    query = select(_L.key)
    if but_noted:
        query = query.where(_L.state != "noted")
    # SQLite allows a bounded number of parameters in one statement.
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        yield from tx.execute(query.where(_L.key.in_(part))).scalars()


def pending_leads(tx: Connection, *, most_tries: int) -> dict[str, Lead]:
    """Return the leads that still wait to be fetched, by key, oldest first."""
    rows = tx.execute(
        select(schema.leads)
        .where(_L.state == "pending", _L.n_tries < most_tries)
        .order_by(_L.seen_at, _L.key)
    )
    return {row.key: as_lead(row) for row in rows}


def as_lead(row: Row[tuple[object, ...]]) -> Lead:
    """Return the lead that a row of leads, or one joined with them, holds."""
    return Lead(
        source_id=row.source_id,
        url=row.url,
        title=row.title or "",
        published=row.published or "",
        updated=row.updated or "",
        outlet=row.outlet or "",
    )


def recent_leads(tx: Connection, *, since: datetime, min_relevance: float) -> dict[str, KnownLead]:
    """Return the fetched leads first seen since then whose current article may matter, by key.

    An article that was not judged yet may matter; one that was withdrawn does not any more.
    """
    article, judged = schema.articles.c, schema.relevance.c
    query = (
        select(schema.leads)
        .join(schema.fetches, schema.fetches.c.lead_key == _L.key)
        .join(schema.articles, article.fetch_id == schema.fetches.c.id)
        .outerjoin(schema.relevance, judged.article_id == article.id)
        .where(
            _L.state == "fetched",
            _L.seen_at >= since,
            article.is_current,
            article.withdrawn_at.is_(None),
            judged.score.is_(None) | judged.relevant | (judged.score >= min_relevance),
        )
        .distinct()
        .order_by(_L.key)
    )
    return {row.key: _known_lead(row) for row in tx.execute(query)}


def _known_lead(row: Row[Any]) -> KnownLead:
    return KnownLead(
        key=row.key,
        lead=as_lead(row),
        seen_at=row.seen_at,
        asked_at=row.asked_at,
        n_tries=row.n_tries,
    )


def lead_state(tx: Connection, key: str) -> str:
    """Return a lead's state, ``""`` when there is none."""
    return tx.execute(select(_L.state).where(_L.key == key)).scalar() or ""


def known_leads(tx: Connection, keys: Sequence[str]) -> dict[str, KnownLead]:
    """Return those of these leads that were fetched before, by key."""
    found: dict[str, KnownLead] = {}
    for start in range(0, len(keys), 500):
        query = select(schema.leads).where(
            _L.key.in_(keys[start : start + 500]), _L.state == "fetched"
        )
        found |= {row.key: _known_lead(row) for row in tx.execute(query)}
    return found


def urls_of_lead(tx: Connection, key: str) -> list[str]:
    """Return the addresses of the articles that a lead's pages gave."""
    query = (
        select(schema.articles.c.url)
        .join(schema.fetches, schema.fetches.c.id == schema.articles.c.fetch_id)
        .where(schema.fetches.c.lead_key == key)
        .distinct()
    )
    return sorted(tx.execute(query).scalars())


def settle_lead(tx: Connection, key: str, *, state: str, at: datetime | None = None) -> None:
    """Set a lead's state after a try: ``fetched``, ``refused``, or ``pending`` when it failed."""
    values: dict[str, object] = {"state": state, "n_tries": _L.n_tries + 1}
    if at is not None:
        values["asked_at"] = at
    tx.execute(update(schema.leads).where(_L.key == key).values(values))


def note_update(tx: Connection, key: str, *, updated: str) -> None:
    """Record the listing's newest word on when an article was changed."""
    tx.execute(update(schema.leads).where(_L.key == key).values(updated=clean(updated)))
