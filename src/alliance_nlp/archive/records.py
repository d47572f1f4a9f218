"""Pages as WARC/1.1 records, each a gzip member of its own: what warcio writes for us.

Digests are SHA-256 in base 32 (``sha256:...``), of the block and of the payload, which is the
body as received. A 304 carries no payload digest, since its record has no payload to digest.
"""

from __future__ import annotations

import io
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import SplitResult, urlsplit
from uuid import uuid4

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from alliance_nlp.archive import fields
from alliance_nlp.core.types import ArchiveRef, Page

_PROFILES = "http://netpreserve.org/warc/1.1/revisit"
_STANDARD = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

# warcio's own 9 takes 2.7 times as long on news pages, for 2% fewer bytes.
_GZIP_LEVEL = 5
_GZIP_WBITS = 31


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """The archived page that a new response repeats.

    Attributes
    ----------
    uri, date
        Its URL and when it was fetched.
    record_id
        Its ``WARC-Record-ID``, or ``""`` where that is not known.
    payload_digest
        Of its body, as :func:`~alliance_nlp.archive.payload_digest` gives it.
    ref
        Its place, so that it is found again exactly.
    """

    uri: str
    date: datetime
    payload_digest: str
    ref: ArchiveRef
    record_id: str = ""


def new_record_id() -> str:
    """Return a fresh ``WARC-Record-ID``."""
    return f"<urn:uuid:{uuid4()}>"


def warcinfo(info: Mapping[str, str], *, record_id: str, file: str, at: datetime) -> bytes:
    """Return a file's first record: what wrote it, and for which run."""
    standard = {"format": "WARC File Format 1.1", "conformsTo": _STANDARD}
    own = {"WARC-Record-ID": record_id, "WARC-Filename": file, "WARC-Date": fields.warc_date(at)}
    return _record("", "warcinfo", own, block=fields.to_fields({**info, **standard}))


def metadata(note: Mapping[str, str], *, warcinfo_id: str, at: datetime) -> bytes:
    """Return a record with what a run wants remembered of itself."""
    own = {
        "WARC-Date": fields.warc_date(at),
        "WARC-Warcinfo-ID": warcinfo_id,
        "WARC-Refers-To": warcinfo_id,
    }
    return _record("", "metadata", own, block=fields.to_fields(note))


def page_records(page: Page, *, warcinfo_id: str, of: Original | None) -> list[bytes]:
    """Return a page's records in the order in which they are written; the page itself is last."""
    own = {
        "WARC-Record-ID": new_record_id(),
        "WARC-Date": fields.warc_date(page.fetched_at),
        "WARC-Warcinfo-ID": warcinfo_id,
        fields.SOURCE: fields.one_line(page.source_id),
        fields.ROLE: page.role.value,
        **fields.url_fields(fields.ASKED, fields.ASKED_AS_GIVEN, page.asked_url),
        **fields.url_fields("WARC-Target-URI", fields.URL_AS_GIVEN, page.url),
    }
    if page.ip:
        own["WARC-IP-Address"] = fields.one_line(page.ip)
    if page.url.startswith("file:"):
        return [_resource(page, own)]
    request = _request(page, own)
    own[fields.REQUEST_BYTES] = str(len(request))
    return [request, _response(page, own) if of is None else _revisit(page, own, of)]


def _resource(page: Page, own: dict[str, str]) -> bytes:
    media = page.header("Content-Type")
    own["Content-Type"] = fields.one_line(media) or "application/octet-stream"
    if page.status != HTTPStatus.OK or page.headers != (("Content-Type", own["Content-Type"]),):
        own[fields.LOCAL_HEAD] = json.dumps([page.status, page.headers])
    own["WARC-Payload-Digest"] = fields.payload_digest(page.body)
    return _record(page.url, "resource", own, block=page.body)


def _response(page: Page, own: dict[str, str]) -> bytes:
    own["WARC-Payload-Digest"] = fields.payload_digest(page.body)
    return _record(page.url, "response", own, head=_status_line(page), block=page.body)


def _revisit(page: Page, own: dict[str, str], of: Original) -> bytes:
    own |= {
        "WARC-Refers-To-Target-URI": fields.ascii_url(of.uri),
        "WARC-Refers-To-Date": fields.warc_date(of.date),
        fields.REFERS_TO_FILE: fields.one_line(of.ref.file),
        fields.REFERS_TO_OFFSET: str(of.ref.offset),
        fields.REFERS_TO_BYTES: str(of.ref.length),
        fields.REFERS_TO_SHA256: of.ref.sha256,
    }
    if of.record_id:
        own["WARC-Refers-To"] = fields.one_line(of.record_id)
    if page.status == HTTPStatus.NOT_MODIFIED:
        own["WARC-Profile"] = f"{_PROFILES}/server-not-modified"
    else:
        own["WARC-Profile"] = f"{_PROFILES}/identical-payload-digest"
        own["WARC-Payload-Digest"] = fields.payload_digest(page.body)
    return _record(page.url, "revisit", own, head=_status_line(page))


def _request(page: Page, response: Mapping[str, str]) -> bytes:
    copied = ("WARC-Date", "WARC-Warcinfo-ID", "WARC-Target-URI", fields.SOURCE, fields.ROLE)
    own = {name: response[name] for name in copied}
    own["WARC-Concurrent-To"] = response["WARC-Record-ID"]
    parts = _split(own["WARC-Target-URI"])
    sent = page.request_headers
    if all(name.lower() != "host" for name, _ in sent):
        sent = (("Host", parts.netloc.rpartition("@")[2]), *sent)
        own[fields.HOST_ADDED] = "yes"
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = _AsReceived(f"{target} HTTP/1.1", _latin_pairs(sent), protocol="GET")
    return _record(page.url, "request", own, head=head)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # an unclosed bracket; what came from there is archived all the same
        return urlsplit("")


def _status_line(page: Page) -> _AsReceived:
    try:
        phrase = HTTPStatus(page.status).phrase
    except ValueError:
        phrase = "Status"
    pairs = _latin_pairs(page.headers)
    return _AsReceived(f"{page.status} {phrase}", pairs, protocol="HTTP/1.1")


class _AsReceived(StatusAndHeaders):  # type: ignore[misc]  # warcio carries no types
    """Header fields in the bytes they came in; warcio would percent-encode those beyond ASCII."""

    def to_ascii_bytes(self, filter_func: Any = None) -> bytes:
        return bytes(self.to_bytes(filter_func, "latin-1"))


def _latin_pairs(pairs: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(_latin(name), _latin(value)) for name, value in pairs]


def _latin(text: str) -> str:
    # HTTP header fields are latin-1 on the wire; line breaks would forge further fields.
    return text.replace("\r", " ").replace("\n", " ").encode("latin-1", "replace").decode("latin-1")


def _record(
    url: str,
    kind: str,
    own: dict[str, str],
    *,
    head: _AsReceived | None = None,
    block: bytes = b"",
) -> bytes:
    whole = (head.to_ascii_bytes() if head else b"") + block
    own = {"WARC-Type": kind, **own, "WARC-Block-Digest": fields.payload_digest(whole)}
    if kind == "request":
        own["WARC-Payload-Digest"] = fields.payload_digest(b"")
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="WARC/1.1")
    record = writer.create_warc_record(
        fields.ascii_url(url),
        kind,
        payload=io.BytesIO(block),
        length=len(block),
        http_headers=head,
        warc_headers_dict=own,
        warc_content_type=own.get("Content-Type", ""),
    )
    writer.write_record(record)
    return zlib.compress(buffer.getvalue(), _GZIP_LEVEL, wbits=_GZIP_WBITS)
