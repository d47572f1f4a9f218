"""An issue as PDF: real links, bookmarks, page numbers, and typefaces for all it cites."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import inch
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    HRFlowable,
    PageTemplate,
    Paragraph,
)

from alliance_nlp.core.text import shorten
from alliance_nlp.core.types import Article, Issue
from alliance_nlp.digest.laying_out import Block, Cited, Layout, Line, lay_out
from alliance_nlp.digest.pdf_fonts import (
    SANS,
    SANS_BOLD,
    SERIF,
    SERIF_BOLD,
    load_fonts,
    marked_up,
    stretches,
)

_INK, _SOFT, _RULE, _MARK = (HexColor(c) for c in ("#1c232c", "#596372", "#d3d9e0", "#7d1c2b"))
_SIDE, _TOP, _BOTTOM = 1.15 * inch, 0.95 * inch, 0.95 * inch
_ABOVE = 14  # what is jumped to stands a little below the window's edge
_CJK_RANGE = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff01-\uff60"
_CJK = re.compile(f"[{_CJK_RANGE}]")
# From this share on a paragraph's lines may end after any character.
_CJK_SHARE = 0.05
# Longer words are set in pieces, and longer paragraphs as several: finding where lines and pages
# end takes time that grows with the square. What is longer than any word loses its end.
_LONGEST_PIECE = 60
_LONGEST_WORD = 1_200
_LONGEST_PARAGRAPH = 3_000
_LONGEST_NAME = 500
_LETTER = rf"[^\s{_CJK_RANGE}]"
_LONG = re.compile(rf"({_LETTER}{{{_LONGEST_PIECE}}})(?={_LETTER})")
_ENDLESS = re.compile(rf"({_LETTER}{{{_LONGEST_WORD}}}){_LETTER}+")


def render_pdf(issue: Issue, articles: Mapping[str, Article]) -> bytes:
    """Return the issue as the bytes of a PDF; the same issue gives the same bytes.

    Raises
    ------
    DigestError
        If a font cannot be read.
    """
    load_fonts()
    page = lay_out(issue, articles)
    written = io.BytesIO()
    _Document(written, page).build(list(_flowables(page)))
    return written.getvalue()


class _Document(BaseDocTemplate):
    def __init__(self, file: io.BytesIO, page: Layout) -> None:
        super().__init__(
            file,
            pagesize=LETTER,
            title=page.name,
            author=page.title,
            subject=page.subline,
            creator="alliance-nlp",
            lang="en-US",
            invariant=1,  # no clock and no chance in the file
        )
        width, height = LETTER
        frame = Frame(
            _SIDE,
            _BOTTOM,
            width - 2 * _SIDE,
            height - _TOP - _BOTTOM,
            leftPadding=0,
            rightPadding=0,
            topPadding=0,
            bottomPadding=0,
        )
        self._page = page
        self.addPageTemplates(PageTemplate(frames=[frame], onPage=self._draw_foot))

    def _draw_foot(self, canvas: Any, _document: Any) -> None:
        canvas.setViewerPreference("DisplayDocTitle", "true")
        canvas.showOutline()
        style = _style("foot", SANS, size=8, color=_SOFT)
        paragraph = Paragraph(marked_up(_cut(shorten(self._page.name, 90)), SANS), style)
        width = LETTER[0] - 2 * _SIDE
        paragraph.wrap(width - 0.5 * inch, inch)
        paragraph.drawOn(canvas, _SIDE, 0.55 * inch)
        canvas.setFont(SANS, 8)
        canvas.setFillColor(_SOFT)
        canvas.drawRightString(_SIDE + width, 0.55 * inch + 2, str(canvas.getPageNumber()))


class _Bookmark(Flowable):
    """An entry of the outline that leads to what stands next."""

    def __init__(self, name: str, title: str, *, level: int) -> None:
        super().__init__()
        self.keepWithNext = 1
        self._entry = (name, title, level)

    def wrap(self, *_available: float) -> tuple[float, float]:
        """Take no room."""
        return 0.0, 0.0

    def draw(self) -> None:
        """Set the bookmark."""
        name, title, level = self._entry
        self.canv.bookmarkHorizontal(name, 0, _ABOVE)
        self.canv.addOutlineEntry(title, name, level=level)


def _style(name: str, font: str, *, size: float, color: Any, **more: Any) -> ParagraphStyle:
    shape: dict[str, Any] = {"leading": size * 1.42, **more}
    return ParagraphStyle(name, fontName=font, fontSize=size, textColor=color, **shape)


def _flowables(page: Layout) -> Iterator[Any]:
    yield HRFlowable(
        width="100%", thickness=2.5, lineCap="butt", color=_MARK, spaceBefore=0, spaceAfter=12
    )
    title = _style("title", SERIF_BOLD, size=24, color=_INK, leading=28, spaceAfter=5)
    yield from _paragraphs(page.title, title)
    subline = _style("subline", SANS, size=10.5, color=_SOFT, spaceAfter=10)
    yield from _paragraphs(page.subline, subline)
    yield HRFlowable(width="100%", thickness=0.5, color=_RULE, spaceBefore=0, spaceAfter=0)
    yield from _heading("Headlines")
    for number, block in enumerate(page.blocks, start=1):
        yield from _headline(block, number)
    yield from _heading("Details")
    for number, block in enumerate(page.blocks, start=1):
        yield from _details(block, number)
    if page.sources:
        yield from _heading("Sources")
        for source in page.sources:
            yield _source(source)
    if page.footer:
        yield HRFlowable(width="100%", thickness=0.5, color=_RULE, spaceBefore=16, spaceAfter=8)
        yield from _paragraphs(page.footer, _style("footer", SANS, size=9, color=_SOFT))


def _heading(text: str) -> Iterator[Any]:
    style = _style(
        "heading", SANS_BOLD, size=9.5, color=_MARK, spaceBefore=18, spaceAfter=6, keepWithNext=1
    )
    yield _Bookmark(f"outline-{text.lower()}", text, level=0)
    yield Paragraph(text.upper(), style)


def _headline(block: Block, number: int) -> Iterator[Any]:
    style = _style("headline", SERIF_BOLD, size=10.5, color=_INK, spaceAfter=3)
    for at, piece in enumerate(_pieces(block.headline)):
        text = f'<a href="#item-{number}">{marked_up(piece, SERIF_BOLD)}</a>'
        yield _bulleted(text, style, piece, is_first=not at)


def _details(block: Block, number: int) -> Iterator[Any]:
    style = _style("details", SERIF, size=10.5, color=_INK, leading=15.2, spaceAfter=8)
    title = "".join(piece for _, piece in stretches(shorten(block.headline, _LONGEST_NAME), SERIF))
    yield _Bookmark(f"outline-{number}", title or f"Item {number}", level=1)
    anchor = f'<a name="item-{number}"/>'
    for at, (markup, plain) in enumerate(_gathered(block.lines)):
        yield _bulleted(anchor + markup, style, plain, is_first=not at)
        anchor = ""


def _gathered(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """Return (markup, plain text) of a bullet's paragraphs: one, but for the longest."""
    gathered: list[tuple[str, str]] = []
    for line in lines:
        *before, last = _pieces(line.text)
        pieces = [(marked_up(p, SERIF), p) for p in before]
        for markup, plain in [*pieces, (marked_up(last, SERIF) + _marks(line), last)]:
            if gathered and len(gathered[-1][1]) + len(plain) <= _LONGEST_PARAGRAPH:
                gathered[-1] = (f"{gathered[-1][0]} {markup}", f"{gathered[-1][1]} {plain}")
            else:
                gathered.append((markup, plain))
    return gathered or [("", "")]


def _marks(line: Line) -> str:
    if not line.marks:
        return ""
    marks = ",".join(f'<a href="#source-{mark}" color="#7d1c2b">{mark}</a>' for mark in line.marks)
    return f'<super size="7" rise="4"><font name="{SANS}">{marks}</font></super>'


def _source(source: Cited) -> Paragraph:
    outlet, title = (
        _cut(shorten(text, _LONGEST_NAME)) for text in (source.outlet, source.title or source.link)
    )
    style = _style("source", SANS, size=8.5, color=_SOFT, leading=12, spaceAfter=2, leftIndent=16)
    style.bulletFontName, style.bulletFontSize, style.bulletColor = SANS, 8.5, _MARK
    style.wordWrap = _wrap_of(outlet + title)
    linked = marked_up(title, SANS)
    if source.link:
        linked = f'<a href={quoteattr(source.link)} color="#1c232c">{linked}</a>'
    text = f'<a name="source-{source.number}"/>{marked_up(outlet, SANS)}, {linked}, {source.day}'
    return Paragraph(text, style, bulletText=f"{source.number}.")


def _paragraphs(text: str, style: ParagraphStyle) -> Iterator[Paragraph]:
    style.wordWrap = _wrap_of(text)
    for piece in _pieces(text):
        yield Paragraph(marked_up(piece, style.fontName), style)


def _bulleted(markup: str, style: ParagraphStyle, text: str, *, is_first: bool) -> Paragraph:
    style = ParagraphStyle(style.name, style, leftIndent=13, bulletFontName=SERIF)
    style.bulletColor, style.wordWrap = _MARK, _wrap_of(text)
    return Paragraph(markup, style, bulletText="•" if is_first else None)


def _wrap_of(text: str) -> str | None:
    return "CJK" if len(_CJK.findall(text)) > _CJK_SHARE * len(text) else None


def _cut(text: str) -> str:
    """Return the text with words of no language cut into pieces that can be set."""
    if max(map(len, text.split()), default=0) <= _LONGEST_PIECE:
        return text
    shortened = _ENDLESS.sub(r"\1…", text)
    return _LONG.sub(r"\1 ", shortened)


def _pieces(text: str) -> list[str]:
    """Return the text, cut where it is too long for one paragraph."""
    text, pieces = _cut(text), []
    while len(text) > _LONGEST_PARAGRAPH:
        end = text.rfind(" ", 1, _LONGEST_PARAGRAPH)
        end = end if end > 0 else _LONGEST_PARAGRAPH
        pieces.append(text[:end])
        text = text[end:].lstrip()
    return [*pieces, text]
