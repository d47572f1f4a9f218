"""A WARC record in memory, and the page it stands for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from fastwarc import WarcRecord

from alliance_nlp.archive import fields
from alliance_nlp.archive.http_block import Pairs, parse_http, unchunked
from alliance_nlp.core.types import ArchiveRef, Page, Role

PAGE_KINDS = frozenset({"response", "resource", "revisit"})

_ROLES = {role.value: role for role in Role}
_HEAD_END = b"\r\n\r\n"
_RECORD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A whole record: kind (``WARC-Type``), own fields with names in lower case, date, block."""

    kind: str
    own: dict[str, str]
    date: datetime
    block: bytes

    def field(self, name: str) -> str:
        """Return one of the record's own fields, or ``""``."""
        return self.own.get(name.lower(), "")

    @property
    def url(self) -> str:
        """What the record is of, as it was given."""
        exact = self.field(fields.URL_AS_GIVEN)
        plain = self.field("WARC-Target-URI").removeprefix("<").removesuffix(">")
        return fields.url_as_given(exact) if exact else plain

    @property
    def asked_url(self) -> str:
        """What was requested; the same as ``url`` in archives of others."""
        exact = self.field(fields.ASKED_AS_GIVEN)
        return fields.url_as_given(exact) if exact else self.field(fields.ASKED) or self.url

    @property
    def role(self) -> Role:
        """What the page was fetched for; an article where nothing or nonsense is said."""
        return _ROLES.get(self.field(fields.ROLE), Role.ARTICLE)

    @property
    def original(self) -> ArchiveRef | None:
        """The place of what a revisit of ours repeats."""
        offset, length = self.field(fields.REFERS_TO_OFFSET), self.field(fields.REFERS_TO_BYTES)
        if self.kind != "revisit" or not (offset.isdecimal() and length.isdecimal()):
            return None
        return ArchiveRef(
            file=self.field(fields.REFERS_TO_FILE),
            offset=int(offset),
            length=int(length),
            sha256=self.field(fields.REFERS_TO_SHA256),
        )

    @property
    def is_not_modified(self) -> bool:
        """Tell whether this revisit is a 304, which has no body to look for."""
        return self.field("WARC-Profile").endswith("/server-not-modified")


def from_fastwarc(record: Any, block: bytes) -> Record:
    """Return what fastwarc read, with its block."""
    own = {name.lower(): value for name, value in record.headers.items()}
    at: datetime | None = record.record_date
    if at is None:
        at = datetime(1970, 1, 1, tzinfo=UTC)
    at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    return Record(kind=own.get("warc-type", "").lower(), own=own, date=at, block=block)


def parse_record(plain: bytes) -> Record:
    """Parse the one record that a gzip member holds.

    Raises
    ------
    ValueError
        If it is none, is not whole, or something stands behind it.
    """
    try:
        found = WarcRecord.from_bytes(plain)
    except OSError as error:
        raise ValueError(str(error)) from error
    record = from_fastwarc(found, found.reader.read())
    # fastwarc passes a torn record for a good one, even when its own headers are cut off.
    stated = record.field("Content-Length")
    begin = plain.find(_HEAD_END) + len(_HEAD_END)
    if not stated.isdecimal() or plain[begin:] != record.block + _RECORD_END:
        raise ValueError("the record is not whole, or more than one stands in a gzip member")
    return record


def page_of(record: Record, request: Record | None = None) -> Page:
    """Return the page of a response, resource or revisit; a revisit's body is its original's.

    Parameters
    ----------
    record
        What was received.
    request
        What was sent, if it is known; one that belongs to another response is left out.
    """
    headers: Pairs = (("Content-Type", record.field("Content-Type")),)
    status, body = 200, record.block
    if record.kind == "resource":
        status, headers = _local_head(record.field(fields.LOCAL_HEAD)) or (status, headers)
    elif (http := parse_http(record.block)) is not None:
        http = unchunked(http)
        status, headers, body = http.status, http.headers, http.body
    return Page(
        source_id=record.field(fields.SOURCE),
        role=record.role,
        asked_url=record.asked_url,
        url=record.url,
        status=status,
        headers=headers,
        body=body,
        fetched_at=record.date,
        request_headers=_sent(record, request),
        ip=record.field("WARC-IP-Address"),
    )


def _local_head(head: str) -> tuple[int, Pairs] | None:
    if not head:
        return None
    try:
        status, pairs = json.loads(head)
        return int(status), tuple((str(name), str(value)) for name, value in pairs)
    except (ValueError, TypeError):
        return None  # another tool's field of that name


def _sent(record: Record, request: Record | None) -> Pairs:
    if request is None:
        return ()
    is_its_own = request.field("WARC-Concurrent-To") == record.field("WARC-Record-ID") != ""
    http = parse_http(request.block) if is_its_own else None
    if http is None:
        return ()
    return http.headers[1:] if request.field(fields.HOST_ADDED) else http.headers
