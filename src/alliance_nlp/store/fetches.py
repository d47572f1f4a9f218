"""What was asked for, what came, and where in the archive it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select, update
from sqlalchemy.sql import Select

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import ArchiveRef, Lead, Page, Role
from alliance_nlp.store import schema
from alliance_nlp.store.database import new_id, upsert


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """An archived page that waits for extraction, with what its listing said of it."""

    id: int
    source_id: str
    role: Role
    url: str
    fetched_at: datetime
    archived: ArchiveRef
    lead: Lead | None


def committed_bytes(tx: Connection) -> dict[str, int]:
    """Return the committed length of each archive file; what lies beyond is a torn end."""
    rows = tx.execute(select(schema.archive_files))
    return {row.file: row.committed_bytes for row in rows}


def save_fetch(
    tx: Connection,
    page: Page,
    archived: ArchiveRef,
    *,
    run_id: int,
    payload_sha256: str,
    lead_key: str | None,
) -> int:
    """Record an archived page and its file's committed length, and settle its lead."""
    row = insert(schema.fetches).values(
        run_id=run_id,
        source_id=page.source_id,
        role=page.role.value,
        asked_url=clean(page.asked_url),
        url=clean(page.url),
        lead_key=lead_key,
        status=page.status,
        fetched_at=page.fetched_at,
        payload_sha256=payload_sha256,
        file=archived.file,
        offset=archived.offset,
        length=archived.length,
        sha256=archived.sha256,
    )
    fetch_id = new_id(tx.execute(row))
    end = archived.offset + archived.length
    upsert(tx, schema.archive_files, [{"file": archived.file, "committed_bytes": end}])
    if lead_key is not None and page.role is Role.ARTICLE:
        settle_lead(tx, lead_key, state="fetched")
    return fetch_id


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
                "seen_at": at,
                "state": state,
                "n_tries": 0,
            }
            for key in fresh
        ],
    )
    return fresh


def _known(tx: Connection, keys: Sequence[str], *, but_noted: bool) -> Iterable[str]:
    query = select(schema.leads.c.key)
    if but_noted:
        query = query.where(schema.leads.c.state != "noted")
    # SQLite allows a bounded number of parameters in one statement.
    for start in range(0, len(keys), 500):
        part = keys[start : start + 500]
        yield from tx.execute(query.where(schema.leads.c.key.in_(part))).scalars()


def pending_leads(tx: Connection, *, most_tries: int) -> dict[str, Lead]:
    """Return the leads that still wait to be fetched, by key, oldest first."""
    rows = tx.execute(
        select(schema.leads)
        .where(schema.leads.c.state == "pending", schema.leads.c.n_tries < most_tries)
        .order_by(schema.leads.c.seen_at, schema.leads.c.key)
    )
    return {row.key: _lead(row) for row in rows}


def _lead(row: Row[tuple[object, ...]]) -> Lead:
    return Lead(
        source_id=row.source_id,
        url=row.url,
        title=row.title or "",
        published=row.published or "",
    )


def settle_lead(tx: Connection, key: str, *, state: str) -> None:
    """Set a lead's state: ``fetched``, ``refused``, or ``pending`` after a try that failed."""
    tx.execute(
        update(schema.leads)
        .where(schema.leads.c.key == key)
        .values(state=state, n_tries=schema.leads.c.n_tries + 1)
    )


def payload_seen(tx: Connection, *, url: str, payload_sha256: str) -> bool:
    """Tell whether this very payload was already archived for this URL."""
    found = tx.execute(
        select(schema.fetches.c.id)
        .where(
            schema.fetches.c.payload_sha256 == payload_sha256,
            schema.fetches.c.asked_url == clean(url),
        )
        .limit(1)
    ).first()
    return found is not None


def read_validators(tx: Connection) -> dict[str, tuple[str, str]]:
    """Return (ETag, Last-Modified) by listing URL, exactly as received."""
    rows = tx.execute(select(schema.validators))
    return {row.url: (row.etag, row.last_modified) for row in rows}


def save_validators(tx: Connection, url: str, *, etag: str, last_modified: str) -> None:
    """Save a listing's validators; without any, forget those of before."""
    if etag or last_modified:
        row = {"url": url, "etag": etag, "last_modified": last_modified}
        upsert(tx, schema.validators, [row])
    else:
        tx.execute(delete(schema.validators).where(schema.validators.c.url == url))


def _fetches() -> Select[tuple[object, ...]]:
    return select(
        schema.fetches,
        schema.leads.c.title,
        schema.leads.c.published,
    ).outerjoin(schema.leads, schema.leads.c.key == schema.fetches.c.lead_key)


def fetches_to_extract(tx: Connection, *, version: str, limit: int) -> list[Fetch]:
    """Return archived article pages that this extractor version has not settled, oldest first."""
    step = schema.steps.alias()
    subject = "fetch:" + schema.fetches.c.id.cast(schema.steps.c.subject_id.type)
    query = (
        _fetches()
        .outerjoin(step, (step.c.subject_id == subject) & (step.c.step == "extract"))
        .where(
            schema.fetches.c.role == Role.ARTICLE.value,
            schema.fetches.c.status.between(200, 299),
            (step.c.version.is_(None)) | (step.c.version != version),
        )
        .order_by(schema.fetches.c.id)
        .limit(limit)
    )
    return [_fetch(row) for row in tx.execute(query)]


def _fetch(row: Row[tuple[object, ...]]) -> Fetch:
    return Fetch(
        id=row.id,
        source_id=row.source_id,
        role=Role(row.role),
        url=row.url,
        fetched_at=row.fetched_at,
        archived=ArchiveRef(file=row.file, offset=row.offset, length=row.length, sha256=row.sha256),
        lead=_lead(row) if row.lead_key else None,
    )


def read_fetch(tx: Connection, fetch_id: int) -> Fetch | None:
    """Return one fetch, or ``None``."""
    row = tx.execute(_fetches().where(schema.fetches.c.id == fetch_id)).first()
    return _fetch(row) if row else None


def source_yield(tx: Connection, run_id: int) -> dict[str, int]:
    """Return the number of article pages that a run archived, by source."""
    query = (
        select(schema.fetches.c.source_id, func.count())
        .where(
            schema.fetches.c.run_id == run_id,
            schema.fetches.c.role == Role.ARTICLE.value,
            schema.fetches.c.status.between(200, 299),
        )
        .group_by(schema.fetches.c.source_id)
    )
    return {source_id: int(n) for source_id, n in tx.execute(query)}
