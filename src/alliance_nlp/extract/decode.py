"""Bytes to text: BOM, HTTP header, ``meta``, and a detector, each believed only as far as it fits.

A declared charset that cannot decode the bytes is wrong, servers often declare ``ISO-8859-1``
without knowing better, and a charset that can decode them may still give nonsense. So declarations
are candidates and the bytes decide: what is well-formed UTF-8 is UTF-8; among the East Asian
charsets the one whose text reads best wins, a declared one before its equals.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

from charset_normalizer import from_bytes

from alliance_nlp.extract.charsets import EAST_ASIAN, PLAUSIBLE, plausibility, reads_western
from alliance_nlp.extract.mojibake import is_damaged

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
    "big5": "big5hkscs",
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
    "x-x-big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "utf8": "utf-8",
    "unicode": "utf-8",
    "x-user-defined": "cp1252",
}
# These decode any bytes, so that they decode says nothing.
_ONE_BYTE = re.compile(r"cp125\d|iso8859|cp874|koi8|mac_|latin")
_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_IN_META = re.compile(
    rb"<meta[^>]+?charset\s*=\s*[\"']?\s*([\w.:-]+)|<\?xml[^>]+?encoding\s*=\s*[\"']([\w.:-]+)",
    re.IGNORECASE,
)
_ISO_2022 = re.compile(rb"\x1b(?:\$[@B]|\$\(D|\(J)")
_HIGH = re.compile(rb"[\x80-\xff]")
# UTF-8 leads with the right number of bytes after it.
_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SAMPLE = 20_000
# A declaration is believed against a rival that reads no better than this.
_DECLARED_BONUS = 0.08


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
    declared = list(dict.fromkeys(_declared(body, content_type)))
    for name in chain(_marked(body), _order(body, declared)):
        found = _strictly(body, name)
        if found is not None:
            return Decoded(text=found, charset=name, lossy=False)
    name = _nearest(body, declared)
    for likely in () if name else _detected(body):
        found = _strictly(body, likely)
        if found is not None:
            return Decoded(text=found, charset=likely, lossy=False)
    name = name or next(iter([*declared, "utf-8"]))
    text = body.decode(name, errors="replace")
    return Decoded(text=text, charset=name, lossy=is_damaged(text))


def _marked(body: bytes) -> Iterator[str]:
    """Yield what the bytes themselves give away: a byte order mark, zero bytes, escapes."""
    yield from (name for bom, name in _BOMS if body.startswith(bom))
    head = body[:120]  # markup, whatever the language of the text
    # Markup is ASCII, so every other byte of UTF-16 is zero.
    for name, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros.count(0) > 0.4 * len(zeros) and len(zeros) > 10:
            yield name
    if _ISO_2022.search(body[:_SAMPLE]):
        yield "iso2022_jp_ext"
        yield "iso2022_jp_2004"


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
    """Yield charsets in the order in which they are to be tried."""
    if not _HIGH.search(body):
        yield from (name for name in declared if not name.startswith(("utf-16", "utf-32")))
    yield "utf-8"
    best = _east_asian(body, declared)
    if best:
        yield best
    one_byte = [name for name in declared if _ONE_BYTE.match(name)]
    if one_byte:
        yield one_byte[0]
    text = body.decode("cp1252", errors="replace")
    if reads_western(text):
        yield "cp1252"
    yield from one_byte


def _east_asian(body: bytes, declared: list[str], errors: str = "strict") -> str:
    """Return the East Asian charset that reads best; ``""`` when none reads as one."""
    scores: dict[str, float] = {}
    for name in (*(n for n in declared if n in EAST_ASIAN), *EAST_ASIAN):
        text = _strictly(body, name) if errors == "strict" else body.decode(name, errors)
        if text is not None and name not in scores:
            scores[name] = plausibility(text) + (_DECLARED_BONUS if name in declared else 0)
    best = max(scores, key=lambda name: scores[name], default="")
    return best if best and scores[best] > PLAUSIBLE else ""


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except (UnicodeError, LookupError):
        return None


def _detected(body: bytes) -> Iterator[str]:
    sample = body if len(body) <= _SAMPLE else body[: _SAMPLE // 2] + body[-_SAMPLE // 2 :]
    # UTF-16 shows by its zero bytes; to guess it from others turns anything into Chinese.
    names = (match.encoding for match in from_bytes(sample))
    yield from (name for name in names if not name.startswith(("utf_16", "utf_32")))
    yield "cp1252"


def _nearest(body: bytes, declared: list[str]) -> str:
    """Return the charset of a body of which a few bytes are damaged; ``""`` when none fits."""
    n_high = len(_HIGH.findall(body))
    in_utf_8 = sum(map(len, _UTF_8.findall(body)))
    return "utf-8" if in_utf_8 > 0.8 * n_high else _east_asian(body, declared, "replace")
