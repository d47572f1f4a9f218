"""One page into the archive and the database, in the order that loses nothing."""

from __future__ import annotations

from http import HTTPStatus

from alliance_nlp.archive import Original, payload_digest
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import Page
from alliance_nlp.pipeline.night import Night
from alliance_nlp.store import (
    Connection,
    Fetch,
    find_payload,
    last_good_fetch,
    save_fetch,
    save_validators,
)

# Below this a reference to the first record is no shorter than the body itself.
_WORTH_REFERRING_BYTES = 512


def keep(night: Night, page: Page, *, lead_key: str | None) -> bool:
    """Archive a page and name it in the database; tell whether its address gave it last time.

    ``lead_key`` names the lead that the page settles, if it settles one.
    """
    payload = sha256_hex(page.body)
    with night.database.read() as tx:
        known = known_payload(tx, page, payload)
        repeats_id = repeated(tx, page, payload, known=known)
    of = None
    if known is not None and (page.status == HTTPStatus.NOT_MODIFIED or _is_worth(page)):
        of = Original(
            uri=known.url,
            date=known.fetched_at,
            payload_digest=payload_digest(page.body) if page.body else "",
            ref=known.archived,
        )
    archived = night.archive.append(page, of=of)
    with night.database.write() as tx:
        save_fetch(
            tx,
            page,
            archived,
            run_id=night.run_id,
            payload_sha256=payload,
            lead_key=lead_key,
            repeats_id=repeats_id,
        )
        if lead_key is not None:
            keep_validators(tx, page)
    return repeats_id is not None and known is not None and known.asked_url == page.asked_url


def known_payload(tx: Connection, page: Page, payload: str) -> Fetch | None:
    """Return the fetch that holds what this page repeats."""
    if page.status == HTTPStatus.NOT_MODIFIED:
        return last_good_fetch(tx, page.asked_url)
    if not page.body:
        return None
    return find_payload(tx, url=page.asked_url, payload_sha256=payload)


def repeated(tx: Connection, page: Page, payload: str, *, known: Fetch | None) -> int | None:
    """Return the fetch that this page merely repeats, if it needs no further look.

    An edit that was undone is archived as a reference to the first copy, and is still an edit.
    """
    if known is None:
        return None
    is_repeat = (
        page.status == HTTPStatus.NOT_MODIFIED
        or known.asked_url != page.asked_url
        or is_unchanged(tx, page, payload)
    )
    return known.id if is_repeat else None


def is_unchanged(tx: Connection, page: Page, payload: str) -> bool:
    """Tell whether the newest good fetch of this address brought this very payload."""
    last = last_good_fetch(tx, page.asked_url)
    return last is not None and last.payload_sha256 == payload


def _is_worth(page: Page) -> bool:
    return len(page.body) >= _WORTH_REFERRING_BYTES


def keep_validators(tx: Connection, page: Page) -> None:
    """Save what to send with the next request for this address."""
    save_validators(
        tx,
        page.asked_url,
        etag=page.header("ETag"),
        last_modified=page.header("Last-Modified"),
    )
