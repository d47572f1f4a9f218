"""The PDF's typefaces: which one shows which character, so that none comes out as a box.

Latin, Greek and Cyrillic are set in Source Serif and Source Sans, embedded from their packages;
Chinese, Japanese and Korean in the typefaces that PDF readers bring themselves. What none of them
has is shown by what it stands for (``ﬁ`` by ``fi``) or, last, by the geta mark that Japanese
printers set for a missing character.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import reportlab
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from alliance_nlp.core.errors import DigestError

SERIF, SERIF_BOLD, SANS, SANS_BOLD = "digest-serif", "digest-serif-bold", "digest-sans", "digest-b"
GETA = "〓"
_FILES = {
    SERIF: ("font_source_serif_pro", "SourceSerifPro-Regular.ttf"),
    SERIF_BOLD: ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
    SANS: ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    SANS_BOLD: ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
}
# reportlab's own, without macrons; those are then set in the Japanese typeface.
_SPARE = {SERIF: "Vera.ttf", SERIF_BOLD: "VeraBd.ttf", SANS: "Vera.ttf", SANS_BOLD: "VeraBd.ttf"}
_MINCHO, _GOTHIC = "HeiseiMin-W3", "HeiseiKakuGo-W5"
# Each reader's typeface with a character set that it is sure to hold.
_READERS_OWN = (
    ("euc_jp", _MINCHO, _GOTHIC),
    ("euc_kr", "HYSMyeongJo-Medium", "HYGothic-Medium"),
    ("gb2312", "STSong-Light", "STSong-Light"),
    ("big5", "MSung-Light", "MSung-Light"),
)


@cache
def load_fonts() -> None:
    """Register the typefaces.

    Raises
    ------
    DigestError
        If a font file cannot be read.
    """
    for name in _FILES:
        path = font_file(name)
        try:
            pdfmetrics.registerFont(TTFont(name, str(path)))
        except (TTFError, OSError) as error:
            raise DigestError(
                f"the font {path} cannot be read: {error}; install its package anew"
            ) from error
        addMapping(name, 0, 0, name)
    for _, serif, sans in _READERS_OWN:
        for name in (serif, sans):
            pdfmetrics.registerFont(UnicodeCIDFont(name))


def font_file(name: str) -> Path:
    """Return the file of a typeface: of its package, or reportlab's where that is missing."""
    package, file = _FILES[name]
    spec = find_spec(package)
    for folder in (spec.submodule_search_locations or ()) if spec else ():
        path = Path(folder) / "files" / file
        if path.is_file():
            return path
    return Path(reportlab.__file__).parent / "fonts" / _SPARE[name]


def marked_up(text: str, font: str) -> str:
    """Return a text for reportlab's paragraphs, escaped, each stretch in a font that has it."""
    load_fonts()
    return "".join(
        escape(stretch) if used == font else f'<font name="{used}">{escape(stretch)}</font>'
        for used, stretch in stretches(text, font)
    )


def stretches(text: str, font: str) -> Iterator[tuple[str, str]]:
    """Yield (font, stretch of text) in order; the text is what can be shown of ``text``."""
    shown = [pair for character in text for pair in _shown(character, font)]
    for used, pairs in groupby(shown, key=lambda pair: pair[0]):
        yield used, "".join(character for _, character in pairs)


def _shown(character: str, font: str) -> tuple[tuple[str, str], ...]:
    if used := _font_for(character, font):
        return ((used, character),)
    parts = unicodedata.normalize("NFKD", character)
    found = tuple((used, part) for part in parts if (used := _font_for(part, font)))
    if found:
        return found
    # Marks on a character that is shown as a geta say nothing alone.
    is_mark = unicodedata.category(character) in ("Mn", "Me", "Cf", "Cn", "Co")
    return () if is_mark else ((_MINCHO, GETA),)


@cache
def _font_for(character: str, font: str) -> str:
    if ord(character) in pdfmetrics.getFont(font).face.charToGlyph:
        return font
    if ord(character) > 0xFFFF:
        return ""  # the readers' own typefaces are addressed by two bytes
    is_bold = font in (SANS_BOLD, SERIF_BOLD)
    for charset, mincho, gothic in _READERS_OWN:
        try:
            character.encode(charset)
        except UnicodeEncodeError:
            continue
        return gothic if is_bold else mincho
    return ""
