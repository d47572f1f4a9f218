"""What came from the web and the disk, and where in the archive it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, insert, select
from sqlalchemy.sql import Select

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import ArchiveRef, Lead, Page, Role
from alliance_nlp.store import schema
from alliance_nlp.store.database import new_id, upsert
from alliance_nlp.store.leads import as_lead, settle_lead

_F = schema.fetches.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """An archived page that waits for extraction, with what its listing said of it."""

    id: int
    source_id: str
    role: Role
    asked_url: str
    url: str
    fetched_at: datetime
    archived: ArchiveRef
    payload_sha256: str
    n_bytes: int
    lead: Lead | None
    repeats_id: int | None = None


def committed_bytes(tx: Connection) -> dict[str, int]:
    """Return the committed length of each archive file; what lies beyond is a torn end."""
    rows = tx.execute(select(schema.archive_files))
    return {row.file: row.committed_bytes for row in rows}


def commit_archive(tx: Connection, archived: ArchiveRef) -> None:
    """Record that an archive file is good up to the end of a record that is no page."""
    end = archived.offset + archived.length
    upsert(tx, schema.archive_files, [{"file": archived.file, "committed_bytes": end}])


def save_fetch(
    tx: Connection,
    page: Page,
    archived: ArchiveRef,
    *,
    run_id: int,
    payload_sha256: str,
    lead_key: str | None,
    repeats_id: int | None = None,
) -> int:
    """Record an archived page and its file's committed length, and settle its lead.

    ``repeats_id`` names the fetch whose payload this one repeats, see :func:`fetches_to_extract`.
    """
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
        n_bytes=len(page.body),
        repeats_id=repeats_id,
        file=archived.file,
        offset=archived.offset,
        length=archived.length,
        sha256=archived.sha256,
    )
    fetch_id = new_id(tx.execute(row))
    commit_archive(tx, archived)
    if lead_key is not None and page.role is Role.ARTICLE:
        settle_lead(tx, lead_key, state="fetched", at=page.fetched_at)
    return fetch_id


def find_payload(tx: Connection, *, url: str, payload_sha256: str) -> Fetch | None:
    """Return the first fetch that holds this payload, one of the same address before others."""
    query = (
        _fetches()
        .where(_F.payload_sha256 == payload_sha256, _F.repeats_id.is_(None), _F.status != 304)
        .order_by(_F.asked_url != clean(url), _F.id)
        .limit(1)
    )
    row = tx.execute(query).first()
    return _fetch(row) if row else None


def last_good_fetch(tx: Connection, url: str) -> Fetch | None:
    """Return the newest fetch of an address that brought a body, or one that refers to such."""
    query = (
        _fetches()
        .where(_F.asked_url == clean(url), _F.status.between(200, 299))
        .order_by(_F.id.desc())
        .limit(1)
    )
    row = tx.execute(query).first()
    return _fetch(row) if row else None


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
        schema.leads.c.updated,
        schema.leads.c.outlet,
    ).outerjoin(schema.leads, schema.leads.c.key == _F.lead_key)


def fetches_to_extract(tx: Connection, *, version: str) -> list[int]:
    """Return the ids of article pages that this extractor version has not settled, oldest first."""
    step = schema.steps.alias()
    original = schema.fetches.alias()
    subject = "fetch:" + _F.id.cast(schema.steps.c.subject_id.type)
    query = (
        select(_F.id)
        .outerjoin(step, (step.c.subject_id == subject) & (step.c.step == "extract"))
        .outerjoin(original, original.c.id == _F.repeats_id)
        .where(
            _F.role == Role.ARTICLE.value,
            _F.status.between(200, 299),
            (step.c.version.is_(None)) | (step.c.version != version),
            # A page that is byte for byte what it was the last time gives the same article.
            _F.repeats_id.is_(None) | (_F.asked_url != original.c.asked_url),
        )
        .order_by(_F.id)
    )
    return list(tx.execute(query).scalars())


def read_fetches(tx: Connection, ids: Sequence[int]) -> list[Fetch]:
    """Return fetches by id, oldest first; at most some hundred at a time."""
    return [_fetch(row) for row in tx.execute(_fetches().where(_F.id.in_(ids)).order_by(_F.id))]


def _fetch(row: Row[tuple[object, ...]]) -> Fetch:
    return Fetch(
        id=row.id,
        source_id=row.source_id,
        role=Role(row.role),
        asked_url=row.asked_url,
        url=row.url,
        fetched_at=row.fetched_at,
        payload_sha256=row.payload_sha256,
        n_bytes=row.n_bytes,
        repeats_id=row.repeats_id,
        archived=ArchiveRef(file=row.file, offset=row.offset, length=row.length, sha256=row.sha256),
        lead=as_lead(row) if row.lead_key else None,
    )


def read_fetch(tx: Connection, fetch_id: int) -> Fetch | None:
    """Return one fetch, or ``None``."""
    return next(iter(read_fetches(tx, [fetch_id])), None)


def source_yield(tx: Connection, run_id: int) -> dict[str, int]:
    """Return the number of article pages that a run archived, by source."""
    query = (
        select(_F.source_id, func.count())
        .where(
            _F.run_id == run_id,
            _F.role == Role.ARTICLE.value,
            _F.status.between(200, 299),
        )
        .group_by(_F.source_id)
    )
    return {source_id: int(n) for source_id, n in tx.execute(query)}
