"""A page's title and paragraphs from its raw bytes, at a thirtieth of what extraction costs.

Nothing is parsed: what stands in ``p`` elements is mostly the article, and the little else that
comes along does no harm to a question that only has to be answered "surely not".
"""

from __future__ import annotations

import re
from html import unescape

from alliance_nlp.extract.decode import decode_body

_TITLE = re.compile(rb"<[tT](?:itle|ITLE)[^>]{0,200}>([^<]{1,400})")
_TELLING = (b"og:title", b"og:description", b'name="description"')
_CONTENT = re.compile(rb"""content\s*=\s*(?:"([^"]{1,1000})|'([^']{1,1000}))""", re.IGNORECASE)
# Single characters before a class, and not by IGNORECASE: so the engine leaps to the next "<".
# No "<" within a tag: a page of nothing but open tags must not be read again and again.
_PARAGRAPH = re.compile(rb"<[pP](?=[\s>])[^<>]{0,1000}>")
_HEADING = re.compile(rb"<[hH]1(?=[\s>])[^<>]{0,1000}>")
_UNSEEN = re.compile(rb"<(script|style|noscript|svg)(?=[\s>])", re.IGNORECASE)
_TAG = re.compile(rb"<[^>]*>?")
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
    text = _whole_utf_8(raw)
    if text is None:
        text = decode_body(raw, content_type).text
    if "&" in text:
        text = unescape(text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def is_utf_8(raw: bytes) -> bool:
    """Tell whether bytes are UTF-8, the last character cut off or not."""
    return _whole_utf_8(raw) is not None


def _whole_utf_8(raw: bytes) -> str | None:
    # Cut at a byte, not at a character: that alone must not change the charset.
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return raw[: error.start].decode("utf-8") if error.start >= len(raw) - 3 else None


def _title_lines(body: bytes) -> list[bytes]:
    head = body[:60_000]
    title = _TITLE.search(head)
    lines = [title[1]] if title else []
    for name in _TELLING:
        at = head.find(name)
        start = head.rfind(b"<", 0, at) if at >= 0 else -1
        content = _CONTENT.search(head, start, head.find(b">", at) + 1) if start >= 0 else None
        if content:
            lines.append(content[1] or content[2])
    heading = None if lines else _HEADING.search(body)
    if heading:
        lines.append(_text_from(body, heading.end(), b"</h1"))
    return list(dict.fromkeys(line.strip() for line in lines))


def _text_from(body: bytes, start: int, closing: bytes) -> bytes:
    piece = body[start : start + _MOST_BYTES]
    end = piece.lower().find(closing)
    return _TAG.sub(b" ", piece[:end] if end >= 0 else piece[:_ENOUGH]).replace(b"\n", b" ")


def _paragraphs(body: bytes) -> list[bytes]:
    found: list[bytes] = []
    n_bytes, last = 0, -1
    for match in _PARAGRAPH.finditer(body):
        start = match.end()
        if start < last:
            continue
        last = _end_of_paragraph(body, start)
        text = body[start:last]
        if b"<" in text:
            text = _TAG.sub(b" ", text)
        text = text.replace(b"\n", b" ").strip()
        if len(text) >= _SHORT:
            found.append(text)
            n_bytes += len(text)
            if n_bytes >= _MOST:
                break
    return found


def _end_of_paragraph(body: bytes, start: int) -> int:
    most = start + _MOST_BYTES
    for mark in (b"</p", b"</P", b"<p", b"<P"):
        end = body.find(mark, start, most)
        if end >= 0:
            return end
    return start + _ENOUGH


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
