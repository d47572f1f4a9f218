"""The normal text: what every offset counts in, and the one choke point for hostile characters."""

from __future__ import annotations

import re
import unicodedata

# Unicode categories: Cc controls, Cs lone surrogates. Bidi controls and zero-width characters are
# Cf; much of Cf is legitimate (joiners in Indic scripts), so those that only deceive are named.
_DROPPED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f"
    "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff]"
)
# Blanks that are other than one space: most of a text's are that, and stay.
_SPACES = re.compile(r"(?: [^\S\n]|[^\S\n ])[^\S\n]*")
_LINE_ENDS = re.compile(r"\r\n?|\x85|\u2028|\u2029")
_BLANK_LINES = re.compile(r" ?\n[ \n]*")
# To look for a string costs next to nothing, and most texts hold none of these.
_OTHER_ENDS = ("\r", "\x85", "\u2028", "\u2029")
_LOOSE_LINES = (" \n", "\n ", "\n\n")
_WORD = re.compile(r"\w+", re.UNICODE)


def clean(text: str) -> str:
    """Drop what no store or document takes: NUL, controls, lone surrogates, bidi and zero width."""
    if any(end in text for end in _OTHER_ENDS):
        text = _LINE_ENDS.sub("\n", text)
    return _DROPPED.sub("", text)


def normal_text(text: str) -> str:
    r"""Return the normal text: NFC, clean, single spaces, one ``\n`` between paragraphs.

    The function is idempotent: ``normal_text(normal_text(t)) == normal_text(t)``.
    """
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", clean(text)))
    if any(loose in text for loose in _LOOSE_LINES):
        text = _BLANK_LINES.sub("\n", text)
    return text.strip()


def one_line(text: str) -> str:
    """Return the normal text on a single line; for titles and names."""
    is_plain = text.isascii() and text.isprintable()
    return " ".join((text if is_plain else normal_text(text)).split())


def words(text: str) -> list[str]:
    """Return the lower-cased words of a text, in order."""
    return _WORD.findall(text.lower())


def shorten(text: str, limit: int) -> str:
    """Return at most ``limit`` code points, cut at a space, with an ellipsis when cut."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1].rsplit(" ", 1)[0] or text[: limit - 1]
    return head.rstrip(" ,;:") + "…"
