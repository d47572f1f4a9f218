"""The analyst's inbox: saved HTML, text and JSON Lines on disk, as pages."""

from __future__ import annotations

import json
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
        if path.is_file() and not any(part.startswith(".") for part in path.parts[-1:]):
            yield from _file(source, path, base, at)


def _file(source: Source, path: Path, base: Path, at: datetime) -> Iterator[Page | Rejected]:
    suffixes = path.suffixes
    is_gzip = bool(suffixes) and suffixes[-1].lower() == ".gz"
    kind = (suffixes[-2] if is_gzip and len(suffixes) > 1 else path.suffix).lower()
    if kind not in _TYPES:
        yield _refused(path, f"files of the kind {kind or 'without ending'} are not read")
        return
    if path.stat().st_size > MOST_BYTES and "json" not in kind:
        yield _refused(path, f"it is larger than {MOST_BYTES} bytes", Reason.TOO_LARGE)
        return
    url = f"file:///{source.id}/{quote(path.relative_to(base).as_posix())}"
    if _TYPES[kind].startswith("application/json"):
        yield from _lines(source, path, url, at)
        return
    try:
        body = path.read_bytes()
    except OSError as error:
        yield _refused(path, f"it cannot be read: {error.strerror or error}")
        return
    headers = [("Content-Type", _TYPES[kind])]
    if is_gzip:
        headers.append(("Content-Encoding", "gzip"))
    yield _page(source, url, body, headers=tuple(headers), at=at)


def _lines(source: Source, path: Path, url: str, at: datetime) -> Iterator[Page | Rejected]:
    headers = (("Content-Type", "application/json; charset=utf-8"),)
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except (ValueError, RecursionError):
                yield _refused(path, f"line {number} is not JSON", name=f"{path}:{number}")
                continue
            if not isinstance(record, dict):
                yield _refused(path, f"line {number} is no JSON object", name=f"{path}:{number}")
                continue
            own = str(record.get("url") or "")
            name = slug(str(record.get("id") or number))
            line_url = own if is_web_url(own) else f"{url}/{name}"
            yield _page(source, line_url, line.strip(), headers=headers, at=at)


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
    path: Path, detail: str, reason: Reason = Reason.UNREADABLE, *, name: str = ""
) -> Rejected:
    return Rejected(
        stage=Stage.COLLECT, subject_id=name or str(path), reason=reason, detail=detail, failed=True
    )
