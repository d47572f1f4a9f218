"""How the Word document looks: one place for its fonts, sizes, spaces and languages."""

from __future__ import annotations

from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Inches, Pt, RGBColor

LINK = "Hyperlink"
SMALL = "Digest Note"

_SERIF = ("Georgia", "Yu Mincho")
_SANS = ("Calibri", "Yu Gothic")
_INK = RGBColor(0x1C, 0x23, 0x2C)
_SOFT = RGBColor(0x59, 0x63, 0x72)
_MARK = RGBColor(0x7D, 0x1C, 0x2B)
_THEMES = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def set_styles(document: Any) -> None:
    """Give a new document the digest's page, fonts, styles and languages."""
    section = document.sections[0]
    section.page_width, section.page_height = Inches(8.5), Inches(11)
    section.left_margin = section.right_margin = Inches(1.15)
    section.top_margin, section.bottom_margin = Inches(1), Inches(0.9)
    styles = document.styles
    for name in (SMALL, LINK):
        if name not in [style.name for style in styles]:
            is_link = name == LINK
            kind = WD_STYLE_TYPE.CHARACTER if is_link else WD_STYLE_TYPE.PARAGRAPH
            styles.add_style(name, kind).base_style = None if is_link else styles["Normal"]
    _set_font(styles["Normal"], _SERIF, size=11, color=_INK)
    _set_font(styles["Title"], _SERIF, size=25, color=_INK, bold=True)
    _set_font(styles["Subtitle"], _SANS, size=11, color=_SOFT)
    _set_font(styles["Heading 1"], _SANS, size=11, color=_MARK, bold=True)
    _set_font(styles["List Number"], _SANS, size=9, color=_SOFT)
    _set_font(styles[SMALL], _SANS, size=9.5, color=_SOFT)
    _set_font(styles["Footer"], _SANS, size=8.5, color=_SOFT)
    styles[LINK].font.underline = True
    styles["Heading 1"].font.all_caps = True
    _set_spacing(styles["Heading 1"], 11)
    _set_spacing(styles["Subtitle"], 0)  # the template spreads its letters
    _set_spaces(styles)
    _set_rules(styles)
    _set_languages(styles)


def _set_font(
    style: Any, fonts: tuple[str, str], *, size: float, color: RGBColor, bold: bool = False
) -> None:
    latin, east_asian = fonts
    font = style.font
    font.name, font.size, font.bold, font.italic = latin, Pt(size), bold, False
    font.color.rgb = color
    named = style.element.rPr.rFonts
    for theme in _THEMES:  # a theme's font would overrule the named one
        named.attrib.pop(qn(f"w:{theme}"), None)
    named.set(qn("w:eastAsia"), east_asian)
    named.set(qn("w:cs"), latin)


def _set_spacing(style: Any, twentieths: int) -> None:
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(twentieths))
    for old in style.element.rPr.findall(qn("w:spacing")):
        style.element.rPr.remove(old)
    # The schema wants it between color and size.
    style.element.rPr.find(qn("w:color")).addnext(spacing)


def _set_spaces(styles: Any) -> None:
    for name, before, after, lines in (
        ("Normal", 0, 6, 1.2),
        ("Title", 0, 4, 1.0),
        ("Subtitle", 0, 10, 1.0),
        ("Heading 1", 16, 6, 1.0),
        ("List Bullet", 0, 6, 1.2),
        ("List Number", 0, 2, 1.1),
        (SMALL, 16, 0, 1.15),
    ):
        shape = styles[name].paragraph_format
        shape.space_before, shape.space_after = Pt(before), Pt(after)
        shape.line_spacing = lines
    styles["Heading 1"].paragraph_format.keep_with_next = True
    for name in ("List Bullet", "List Number"):
        styles[name].paragraph_format.widow_control = True
        # A source is a line or two, which a page's end is not to part.
        styles[name].paragraph_format.keep_together = name == "List Number"
        # The template tightens lists of one style; paragraphs of a hundred words want air.
        for tight in styles[name].element.pPr.findall(qn("w:contextualSpacing")):
            styles[name].element.pPr.remove(tight)


def _set_rules(styles: Any) -> None:
    _set_rule(styles["Title"], "top", color="7D1C2B", eighths=24)
    _set_rule(styles["Subtitle"], "bottom", color="D3D9E0", eighths=4)
    _set_rule(styles[SMALL], "top", color="D3D9E0", eighths=4)


def _set_rule(style: Any, side: str, *, color: str, eighths: int) -> None:
    shape = style.element.get_or_add_pPr()
    for old in shape.findall(qn("w:pBdr")):
        shape.remove(old)
    borders, rule = OxmlElement("w:pBdr"), OxmlElement(f"w:{side}")
    for name, value in (("val", "single"), ("sz", eighths), ("space", 8), ("color", color)):
        rule.set(qn(f"w:{name}"), str(value))
    borders.append(rule)
    # The schema wants borders before spacing, which every one of these styles has.
    shape.find(qn("w:spacing")).addprevious(borders)


def _set_languages(styles: Any) -> None:
    defaults = styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    languages = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "ja-JP"), ("bidi", "ar-SA")):
        languages.set(qn(f"w:{name}"), value)
    defaults.append(languages)
