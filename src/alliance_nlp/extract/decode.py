"""Bytes to text: BOM, HTTP header, ``meta``, and a detector, each believed only as far as it fits.

A declared charset that cannot decode the bytes is wrong, and servers often declare ``ISO-8859-1``
without knowing better. So a declaration is a candidate and the bytes decide.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from charset_normalizer import from_bytes

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# What a label means in practice (WHATWG Encoding Standard), in Python's names.
_MEANT = {
    "shift_jis": "cp932",
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "iso2022_jp": "iso2022_jp_ext",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
}
_LABELS = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "sjis": "cp932",
    "shift-jis": "cp932",
    "x-euc-jp": "euc_jp",
    "eucjp-win": "euc_jp",
    "cp51932": "euc_jp",
    "cp50220": "iso2022_jp_ext",
    "cp50221": "iso2022_jp_ext",
    "x-gbk": "gb18030",
    "utf8": "utf-8",
    "unicode": "utf-8",
    "x-user-defined": "cp1252",
}
# These decode any bytes, so that they decode says nothing.
_ONE_BYTE = re.compile(r"cp125\d|iso8859|cp874|koi8|mac_|latin")
_JAPANESE = ("cp932", "euc_jp")
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_IN_META = re.compile(
    rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\(J)")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fc、。「」]")
_KANJI = re.compile("[\u4e00-\u9fff]")
# Half-width kana, private use and Cyrillic or Greek runs are what the wrong Japanese charset shows.
_ODD = re.compile("[\uff61-\uff9f\ue000-\uf8ff\u0370-\u04ff\x80-\x9f\ufffd]")
# UTF-8 read as Windows-1252 or Latin-1, UTF-8 read as Shift_JIS.
_TWICE = re.compile(
    "[ÃÂ][\u00a0-\u00bf\u20ac\u2122\u0192\u0160\u0161]|â€[\u2122\u0153\u009d“”˜œ\u201c\u201d]"
    "|[ãåæç][\u0080-\u00bf\u201a\u0192\u201e\u2026\u2020\u2021]"
    "|[縺繧譁譛蜿蛹謇]"
)
_SAMPLE = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text of a body, the charset that was used, and whether bytes were lost on the way."""

    text: str
    charset: str
    lossy: bool


def decode_body(body: bytes, content_type: str = "") -> Decoded:
    """Decode a page's body; never raises, whatever the bytes.

    Parameters
    ----------
    content_type
        The ``Content-Type`` header, for its charset.
    """
    for bom, name in _BOMS:
        if body.startswith(bom):
            found = _strictly(body, name)
            if found is not None:
                return Decoded(text=found, charset=name, lossy=False)
    declared = list(dict.fromkeys(_declared(body, content_type)))
    if _ISO_2022.search(body[:_SAMPLE]):
        declared.insert(0, "iso2022_jp_ext")
    for name in _order(body, declared):
        found = _strictly(body, name)
        if found is not None:
            return Decoded(text=found, charset=name, lossy=False)
    name = next(iter([*declared, "utf-8"]))
    text = body.decode(name, errors="replace")
    return Decoded(text=text, charset=name, lossy=_is_damaged(text))


def is_mojibake(text: str) -> bool:
    """Tell whether a text shows the marks of a wrong decoding, here or before us."""
    return _is_damaged(text) or len(_TWICE.findall(text)) >= max(3, len(text) // 1_000)


def _is_damaged(text: str) -> bool:
    return text.count("\ufffd") >= max(3, len(text) // 1_000)


def _declared(body: bytes, content_type: str) -> Iterator[str]:
    in_header = _IN_HEADER.search(content_type)
    header = _python_name(in_header.group(1)) if in_header else ""
    in_meta = _IN_META.search(body[:4096])
    meta = ""
    if in_meta:
        meta = _python_name((in_meta.group(1) or in_meta.group(2)).decode("ascii", "ignore"))
    if meta.startswith(("utf-16", "utf-32")):
        meta = "utf-8"  # the tag itself was readable as ASCII
    # A server's default of Latin-1 gives way to what the page says of itself.
    names = (meta, header) if header == "cp1252" and meta else (header, meta)
    yield from (name for name in names if name)


def _python_name(label: str) -> str:
    label = label.strip().lower()
    if label in _LABELS:
        return _LABELS[label]
    try:
        name = codecs.lookup(label).name
    except (LookupError, ValueError):
        return ""
    return _MEANT.get(name, name) if _is_text(name) else ""


def _is_text(name: str) -> bool:
    try:
        return bool(b"a".decode(name) == "a")
    except (LookupError, UnicodeError, TypeError, ValueError):
        return name.startswith(("utf-16", "utf-32"))


def _order(body: bytes, declared: list[str]) -> Iterator[str]:
    if any(name in _JAPANESE for name in declared):
        yield from _japanese_first(body, declared)
    yield from (name for name in declared if not _ONE_BYTE.match(name))
    yield "utf-8"
    best = _japanese(body)
    if best:
        yield best
    yield from (name for name in declared if _ONE_BYTE.match(name))
    yield from _detected(body)


def _japanese_first(body: bytes, declared: list[str]) -> Iterator[str]:
    best = _japanese(body)
    stated = next(name for name in declared if name in _JAPANESE)
    if best and best != stated and _strictly(body, "utf-8") is None:
        yield best


def _japanese(body: bytes) -> str:
    """Return the Japanese charset that reads best, or ``""`` when none reads as Japanese."""
    scores = {name: _reads_japanese(body, name) for name in _JAPANESE}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] > 0.3 else ""


def _reads_japanese(body: bytes, name: str) -> float:
    text = _strictly(body, name)
    if text is None:
        return 0.0
    wide = [char for char in text if char > "\x7f"][:_SAMPLE]
    sample = "".join(wide)
    if not sample:
        return 0.0
    kana, kanji, odd = (len(p.findall(sample)) for p in (_KANA, _KANJI, _ODD))
    return (kana + 0.5 * kanji - 2 * odd) / len(sample) if kana else 0.0


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, LookupError):
        return None


def _detected(body: bytes) -> Iterator[str]:
    sample = body if len(body) <= _SAMPLE else body[: _SAMPLE // 2] + body[-_SAMPLE // 2 :]
    yield from (match.encoding for match in from_bytes(sample))
    yield "cp1252"
