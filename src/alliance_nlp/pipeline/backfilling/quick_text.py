"""A page's title and paragraphs from its raw bytes, at a thirtieth of what extraction costs.

Nothing is parsed: what stands in ``p`` elements is mostly the article, and the little else that
comes along does no harm to a question that only has to be answered "surely not".
"""

from __future__ import annotations

import re
from html import unescape

from alliance_nlp.extract.decode import decode_body

_TITLE = re.compile(rb"<[tT](?:itle|ITLE)[^>]{0,200}>([^<]{1,400})")
_META = re.compile(
    rb"""<[mM](?:eta|ETA)\s[^>]{0,200}?(?:og:title|og:description|["']description["'])[^>]{0,2000}>"""
)
_CONTENT = re.compile(rb"""content\s*=\s*(?:"([^"]{1,1000})|'([^']{1,1000}))""", re.IGNORECASE)
# Not by IGNORECASE, which keeps the engine from leaping to the next "<".
_PARAGRAPH = re.compile(rb"<[pP](?=[\s>])[^>]{0,1000}>")
_HEADING = re.compile(rb"<[hH]1(?=[\s>])[^>]{0,1000}>")
_UNSEEN = re.compile(rb"<(script|style|noscript|svg)(?=[\s>])", re.IGNORECASE)
_TAG = re.compile(rb"<[^>]*>?")
_SPACES = re.compile(r"\s+")
_JSON_BODY = re.compile(rb'"articleBody"\s*:\s*"((?:[^"\\]|\\.){200,20000})')
# A paragraph that is not closed ends with the next block at the latest.
_MOST_BYTES = 4_000
_SHORT = 25  # bytes of text: captions, bylines, buttons
_ENOUGH = 400
# The classifier reads the first 1,200 characters; this leaves room for what stands before them.
_MOST = 6_000
# Charsets in which markup is not ASCII, or text can look like markup: decoded as a whole first.
_STATEFUL = (b"\x1b$", b"\x1b(")


def quick_bytes(body: bytes, content_type: str = "") -> bytes:
    """Return the raw bytes of a page's title, description and paragraphs, one a line, title first.

    In the charset of the page, save where that is not a superset of ASCII: then in UTF-8. A page
    without paragraphs gives all of its text.
    """
    head = body[:20_000]
    if b"\x00" in head[:400] or any(escape in head for escape in _STATEFUL):
        body = decode_body(body, content_type).text.encode("utf-8", "replace")
    lines = _title_lines(body)
    found = _paragraphs(body)
    if sum(map(len, found)) < _ENOUGH:
        found = [*found, *_other_text(body)]
    return b"\n".join([*lines, *found])[:_MOST]


def quick_text(raw: bytes, content_type: str = "") -> str:
    """Return what :func:`quick_bytes` gave as text, one line a paragraph."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        # Cut at a byte, not at a character: that alone must not change the charset.
        text = _decoded(raw, content_type)
    if "&" in text:
        text = unescape(text)
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _decoded(raw: bytes, content_type: str) -> str:
    for cut in (1, 2, 3):
        try:
            return raw[:-cut].decode("utf-8")
        except UnicodeDecodeError:
            continue
    return decode_body(raw, content_type).text


def _title_lines(body: bytes) -> list[bytes]:
    head = body[:60_000]
    title = _TITLE.search(head)
    lines = [title[1]] if title else []
    for n_seen, meta in enumerate(_META.finditer(head)):
        content = _CONTENT.search(meta[0])
        if content:
            lines.append(content[1] or content[2])
        if n_seen >= 4:
            break
    heading = _HEADING.search(body)
    if heading:
        lines.append(_text_from(body, heading.end(), b"</h1"))
    return [line.strip() for line in lines]


def _text_from(body: bytes, start: int, closing: bytes) -> bytes:
    piece = body[start : start + _MOST_BYTES]
    end = piece.lower().find(closing)
    return _TAG.sub(b" ", piece[:end] if end >= 0 else piece[:_ENOUGH]).replace(b"\n", b" ")


def _paragraphs(body: bytes) -> list[bytes]:
    found: list[bytes] = []
    n_bytes, last = 0, -1
    for match in _PARAGRAPH.finditer(body):
        if match.start() < last:
            continue
        start = match.end()
        end = body.find(b"</p", start, start + _MOST_BYTES)
        following = body.find(b"<p", start, end if end >= 0 else start + _MOST_BYTES)
        if end < 0:
            end = following if following >= 0 else start + _ENOUGH
        text = _TAG.sub(b" ", body[start:end]).replace(b"\n", b" ").strip()
        if len(text) >= _SHORT:
            found.append(text)
            n_bytes += len(text)
        if n_bytes >= _MOST:
            break
        last = end
    return found


def _other_text(body: bytes) -> list[bytes]:
    """Return the text of a page that has no paragraphs: what its scripts state, then the rest."""
    stated = [match[1].replace(b"\\n", b" ") for match in _JSON_BODY.finditer(body)]
    if stated:
        return stated[:1]
    plain = _TAG.sub(b"\n", _seen(body))
    lines = (line.strip() for line in plain.split(b"\n"))
    return [line for line in lines if len(line) >= _SHORT]


def _seen(body: bytes) -> bytes:
    """Return a body without what is no text; an element that is not closed takes all the rest."""
    kept, at = [], 0
    lowered = body.lower()
    while (match := _UNSEEN.search(lowered, at)) is not None:
        kept.append(body[at : match.start()])
        at = lowered.find(b"</" + match[1], match.end())
        if at < 0:
            return b" ".join(kept)
    return b" ".join([*kept, body[at:]])
