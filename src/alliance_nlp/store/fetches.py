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
from alliance_nlp.store.steps import is_due, wait_for

_F = schema.fetches.c
_SUBJECT = "fetch:"  # before the number of a fetch that waits for extraction


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
    if _is_to_extract(tx, page, repeats_id):
        wait_for(tx, [f"{_SUBJECT}{fetch_id}"], ["extract"])
    if lead_key is not None and page.role is Role.ARTICLE:
        settle_lead(tx, lead_key, state="fetched", at=page.fetched_at)
    return fetch_id


def _is_to_extract(tx: Connection, page: Page, repeats_id: int | None) -> bool:
    if page.role is not Role.ARTICLE or not 200 <= page.status <= 299:
        return False
    if repeats_id is None:
        return True
    # A page that is byte for byte what it was the last time gives the same article.
    original = tx.execute(select(_F.asked_url).where(_F.id == repeats_id)).scalar()
    return original is not None and original != clean(page.asked_url)


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


def read_validators(
    tx: Connection, urls: Sequence[str] | None = None
) -> dict[str, tuple[str, str]]:
    """Return (ETag, Last-Modified) by URL, exactly as received; of all URLs unless stated."""
    query = select(schema.validators)
    if urls is not None:
        query = query.where(schema.validators.c.url.in_(urls))
    return {row.url: (row.etag, row.last_modified) for row in tx.execute(query)}


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
    waiting = select(schema.steps.c.subject_id).where(is_due("extract", version=version))
    subjects = tx.execute(waiting).scalars()
    return sorted(
        int(subject.removeprefix(_SUBJECT)) for subject in subjects if subject.startswith(_SUBJECT)
    )


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
