"""The analyst's inbox: saved HTML, text and JSON Lines on disk, as pages."""

from __future__ import annotations

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

from alliance_nlp.core.ids import slug
from alliance_nlp.core.types import Page, Reason, Rejected, Role, Source, Stage
from alliance_nlp.core.urls import is_web_url

_TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".txt": "text/plain; charset=utf-8",
    ".md": "text/plain; charset=utf-8",
    ".jsonl": "application/json; charset=utf-8",
    ".ndjson": "application/json; charset=utf-8",
}
MOST_BYTES = 50 * 1024 * 1024
_TOO_LARGE = f"it is larger than {MOST_BYTES} bytes"
_READ_ERRORS = (OSError, EOFError, zlib.error)


def read_folder(source: Source, root: Path, *, at: datetime) -> Iterator[Page | Rejected]:
    """Yield a page for each file, and for each line of JSON Lines, in order of path.

    Parameters
    ----------
    root
        The folder (read recursively), or a single file.
    at
        The time that counts as the time of fetching.
    """
    if not root.exists():
        yield _refused(root, f"there is no such folder; mend url of source {source.id!r}")
        return
    base = root if root.is_dir() else root.parent
    for path in sorted(root.rglob("*")) if root.is_dir() else [root]:
        parts = path.relative_to(base).parts
        if path.is_file() and not any(part.startswith(".") for part in parts):
            yield from _file(source, path, base, at=at)


def _file(source: Source, path: Path, base: Path, *, at: datetime) -> Iterator[Page | Rejected]:
    suffixes = path.suffixes
    is_gzip = bool(suffixes) and suffixes[-1].lower() == ".gz"
    kind = (suffixes[-2] if is_gzip and len(suffixes) > 1 else path.suffix).lower()
    if kind not in _TYPES:
        yield _refused(path, f"files of the kind {kind or 'without ending'} are not read")
        return
    url = f"file:///{source.id}/{quote(os.fsencode(path.relative_to(base)))}"
    if _TYPES[kind].startswith("application/json"):
        yield from _lines(source, path, url, at=at)
        return
    try:
        with gzip.open(path) if is_gzip else path.open("rb") as stream:
            body = stream.read(MOST_BYTES + 1)
    except _READ_ERRORS as error:
        yield _refused(path, f"it cannot be read: {error}")
        return
    if len(body) > MOST_BYTES:
        yield _refused(path, _TOO_LARGE, Reason.TOO_LARGE)
        return
    yield _page(source, url, body, headers=(("Content-Type", _TYPES[kind]),), at=at)


def _lines(source: Source, path: Path, url: str, *, at: datetime) -> Iterator[Page | Rejected]:
    headers = (("Content-Type", "application/json; charset=utf-8"),)
    number = 0
    try:
        with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as stream:
            for number, line in enumerate(iter(lambda: stream.readline(MOST_BYTES), b""), start=1):
                if len(line) == MOST_BYTES:
                    yield _refused(path, _TOO_LARGE, Reason.TOO_LARGE, line=number)
                    return
                if not line.strip():
                    continue
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    yield _refused(path, f"line {number} is not JSON", line=number)
                    continue
                if not isinstance(record, dict):
                    yield _refused(path, f"line {number} is no JSON object", line=number)
                    continue
                own = str(record.get("url") or "")
                name = slug(str(record.get("id") or number))
                line_url = own if is_web_url(own) else f"{url}/{name}"
                yield _page(source, line_url, line.strip(), headers=headers, at=at)
    except _READ_ERRORS as error:
        yield _refused(path, f"it cannot be read beyond line {number}: {error}")


def _page(
    source: Source, url: str, body: bytes, *, headers: tuple[tuple[str, str], ...], at: datetime
) -> Page:
    return Page(
        source_id=source.id,
        role=Role.ARTICLE,
        asked_url=url,
        url=url,
        status=200,
        headers=headers,
        body=body,
        fetched_at=at,
    )


def _refused(
    path: Path, detail: str, reason: Reason = Reason.UNREADABLE, *, line: int = 0
) -> Rejected:
    # File names may hold any bytes; what stands in the ledger must be text.
    name = os.fsencode(path).decode("utf-8", "replace") + (f":{line}" if line else "")
    return Rejected(stage=Stage.COLLECT, subject_id=name, reason=reason, detail=detail, failed=True)
