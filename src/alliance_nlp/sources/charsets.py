"""Bytes of a listing to text: the charset it declares, as far as the bytes bear it out."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_IN_BODY = re.compile(
    rb"<\?xml[^>]{,200}?encoding\s*=\s*[\"']([\w.:-]+)"
    rb"|<meta[^>]{,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)",
    re.IGNORECASE,
)
_HEAD = 4096
_SAMPLE = 20_000
# What a label means in practice (WHATWG Encoding Standard), in Python's names.
_MEANT = {
    "shift_jis": "cp932", "x-sjis": "cp932", "sjis": "cp932", "windows-31j": "cp932",
    "x-euc-jp": "euc_jp", "eucjp-win": "euc_jp", "iso2022_jp": "iso2022_jp_ext",
    "ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030",
    "euc_kr": "cp949",
}  # fmt: skip
# These take any bytes, so that they take them says nothing.
_ONE_BYTE = re.compile(r"cp125\d|iso8859|cp874|koi8|mac_")
_JAPANESE = ("cp932", "euc_jp")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc、。「」]")
_KANJI = re.compile("[\u4e00-\u9fff]")
_ODD = re.compile("[\uff61-\uff9f\ue000-\uf8ff\u0370-\u04ff\x80-\x9f]")  # what mojibake shows


def decode(body: bytes, content_type: str = "") -> str:
    """Return the text of a feed, sitemap or page, without byte order mark; never raises.

    Parameters
    ----------
    content_type
        The ``Content-Type`` header, for its charset. Where the bytes contradict it, what the
        document declares counts, then UTF-8, then whichever Japanese charset reads as Japanese.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body.decode(name, errors="replace").removeprefix("\ufeff")
    for name in _candidates(body, content_type):
        text = _text(body, name)
        if text is not None:
            return text
    return body.decode("cp1252", errors="replace")


def _candidates(body: bytes, content_type: str) -> Iterator[str]:
    if wide := _without_mark(body):
        yield wide
    declared = list(dict.fromkeys(_declared(body, content_type)))
    if b"\x1b$" in body[:_SAMPLE]:
        yield "iso2022_jp_ext"
    if not any(name in _JAPANESE for name in declared):
        yield from (name for name in declared if not _ONE_BYTE.match(name))
    yield "utf-8"  # next to nothing else passes for it
    if best := _japanese(body, declared):
        yield best
    yield from declared
    sample = body[:_SAMPLE]
    yield from (match.encoding for match in from_bytes(sample))


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    in_header, in_body = _IN_HEADER.search(content_type), _IN_BODY.search(body[:_HEAD])
    labels = [in_header[1] if in_header else ""]
    if in_body:
        labels.append((in_body[1] or in_body[2]).decode("ascii"))
    for label in labels:
        name = _MEANT.get(label.lower()) or _python_name(label)
        if name and not name.startswith(("utf_16", "utf_32", "utf-16", "utf-32")):
            yield name  # bytes of those widths were known by their zeros


def _python_name(label: str) -> str:
    try:
        name = codecs.lookup(label).name
        # Python's codecs include some, like rot13 and zip, that are no charsets.
        return _MEANT.get(name, name) if b"a".decode(name) == "a" else ""
    except (LookupError, ValueError, TypeError):
        return ""


def _without_mark(body: bytes) -> str:
    """Return the kind of UTF-16 of markup without a byte order mark, told by its zeros."""
    head = body[:256]
    if head[:1] == b"<" and head[1::2].count(0) > len(head) // 3:
        return "utf-16-le"
    if head[1:2] == b"<" and head[::2].count(0) > len(head) // 3:
        return "utf-16-be"
    return ""


def _text(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeError:
        text = body.decode(name, errors="replace")
    except LookupError:
        return None
    # A cut in the middle of a character, or a few foreign bytes, does not make a charset wrong.
    is_sound = name.startswith("utf-16") or text.count("\ufffd") * 20 <= _n_wide(text)
    return text if is_sound else None


def _n_wide(text: str) -> int:
    return sum(1 for char in text[: _SAMPLE * 10] if char > "\x7f")


def _japanese(body: bytes, declared: list[str]) -> str:
    """Return the Japanese charset that reads best, or ``""`` when none reads as Japanese."""
    scores = {name: _reads_japanese(body, name) for name in _JAPANESE}
    best = max(scores, key=lambda name: (scores[name], name in declared))
    return best if scores[best] > 0.3 else ""


def _reads_japanese(body: bytes, name: str) -> float:
    text = _text(body, name) or ""
    sample = "".join([char for char in text if char > "\x7f"][:_SAMPLE])
    if not sample:
        return 0.0
    kana, kanji, odd = (len(p.findall(sample)) for p in (_KANA, _KANJI, _ODD))
    return (kana + 0.5 * kanji - 2 * odd) / len(sample)
