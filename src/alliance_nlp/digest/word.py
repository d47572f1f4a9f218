"""An issue as a Word document (DOCX): real styles, lists, links, bookmarks and properties."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import RGBColor
from docx.text.paragraph import Paragraph

from alliance_nlp.core.types import Article, Issue
from alliance_nlp.digest.laying_out import Block, Cited, Layout, lay_out
from alliance_nlp.digest.word_styles import LINK, SMALL, set_styles

# The oldest time that a ZIP archive can state: the same issue gives the same bytes.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_UNDATED = datetime(2000, 1, 1)  # noqa: DTZ001 - Word's properties are naive UTC
_MARK = RGBColor(0x7D, 0x1C, 0x2B)


def render_docx(issue: Issue, articles: Mapping[str, Article]) -> bytes:
    """Return the issue as the bytes of a DOCX file; the same issue gives the same bytes."""
    page = lay_out(issue, articles)
    document = Document()
    set_styles(document)
    _set_properties(document, page)
    document.add_paragraph(page.title, style="Title")
    document.add_paragraph(page.subline, style="Subtitle")
    document.add_paragraph("Headlines", style="Heading 1")
    for number, block in enumerate(page.blocks, start=1):
        paragraph = document.add_paragraph(style="List Bullet")
        _add_jump(paragraph, block.headline, anchor=f"item_{number}", bold=True)
    document.add_paragraph("Details", style="Heading 1")
    for number, block in enumerate(page.blocks, start=1):
        _add_details(document.add_paragraph(style="List Bullet"), block, number)
    if page.sources:
        document.add_paragraph("Sources", style="Heading 1")
        for source in page.sources:
            _add_source(document.add_paragraph(style="List Number"), source)
    if page.footer:
        document.add_paragraph(page.footer, style=SMALL)
    _add_page_number(document, page)
    return _bytes(document)


def _set_properties(document: Any, page: Layout) -> None:
    at = datetime.combine(page.published_on, time()) if page.published_on else _UNDATED
    properties = document.core_properties
    # Word's properties hold 255 characters.
    properties.title, properties.subject = page.name[:255], page.subline[:255]
    properties.author = page.title[:255]
    properties.last_modified_by = "alliance-nlp"
    properties.language = "en-US"
    properties.keywords = "US-Japan alliance; digest"
    properties.comments, properties.identifier = "", page.id
    properties.created = properties.modified = at
    properties.revision = 1


def _add_details(paragraph: Paragraph, block: Block, number: int) -> None:
    _add_bookmark(paragraph, f"item_{number}", number)
    for at, line in enumerate(block.lines):
        paragraph.add_run((" " if at else "") + line.text)
        for place, mark in enumerate(line.marks):
            if place:
                paragraph.add_run(", ").font.superscript = True
            _add_jump(paragraph, str(mark), anchor=f"source_{mark}", superscript=True)


def _add_source(paragraph: Paragraph, source: Cited) -> None:
    # Word's ids of bookmarks are one row of numbers for the whole document.
    _add_bookmark(paragraph, f"source_{source.number}", 1_000 + source.number)
    paragraph.add_run(f"{source.outlet}, ")
    if source.link:
        _add_link(paragraph, source.title or source.link, source.link)
    else:
        paragraph.add_run(source.title)
    paragraph.add_run(f", {source.day}")


def _add_bookmark(paragraph: Paragraph, name: str, number: int) -> None:
    for tag in ("w:bookmarkStart", "w:bookmarkEnd"):
        mark = OxmlElement(tag)
        mark.set(qn("w:id"), str(number))
        if tag == "w:bookmarkStart":
            mark.set(qn("w:name"), name)
        paragraph._p.append(mark)


def _add_link(paragraph: Paragraph, text: str, address: str) -> None:
    relation = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    run = _wrap_in_link(paragraph, text, {"r:id": relation})
    run.style = LINK


def _add_jump(
    paragraph: Paragraph, text: str, *, anchor: str, bold: bool = False, superscript: bool = False
) -> None:
    run = _wrap_in_link(paragraph, text, {"w:anchor": anchor, "w:history": "1"})
    run.bold = bold or None
    if superscript:
        run.font.superscript = True
        run.font.color.rgb = _MARK


def _wrap_in_link(paragraph: Paragraph, text: str, attributes: Mapping[str, str]) -> Any:
    link = OxmlElement("w:hyperlink")
    for name, value in attributes.items():
        link.set(qn(name), value)
    run = paragraph.add_run(text)
    paragraph._p.append(link)
    link.append(run._r)
    return run


def _add_page_number(document: Any, page: Layout) -> None:
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style = document.styles["Footer"]
    paragraph.add_run(f"{page.name}  ·  ")
    for kind, code in (("begin", ""), ("", "PAGE"), ("end", "")):
        run = paragraph.add_run()
        if kind:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        else:
            part = OxmlElement("w:instrText")
            part.text = code
        run._r.append(part)


def _bytes(document: Any) -> bytes:
    saved, settled = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(settled, "w") as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, old.read(name))
    return settled.getvalue()
