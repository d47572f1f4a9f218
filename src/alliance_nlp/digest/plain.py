"""An issue as plain text, wrapped for mail programs and terminals."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from alliance_nlp.core.types import Article, Issue
from alliance_nlp.digest.laying_out import Cited, Layout, Line, lay_out

WIDTH = 72
_WIDE = "\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60"
# A line may end after any Chinese or Japanese character but not before closing punctuation.
_PIECE = re.compile(rf"\s+|[「『（〈《【]*[{_WIDE}][、。，．」』）〉》】！？ー…・]*|[^\s{_WIDE}]+")


def render_text(issue: Issue, articles: Mapping[str, Article]) -> str:
    """Return the issue as text of 72 columns; sources are numbered at its end."""
    return text_of(lay_out(issue, articles))


def text_of(page: Layout) -> str:
    """Return a laid-out issue as text."""
    headlines = [_bullet(block.headline) for block in page.blocks]
    details = [_bullet(" ".join(map(_sentence, block.lines))) for block in page.blocks]
    parts = [
        f"{page.title}\n{page.subline}",
        "Headlines:",
        "\n".join(headlines),
        "Details:",
        "\n\n".join(details),
    ]
    if page.sources:
        parts += ["Sources:", "\n".join(_source(source) for source in page.sources)]
    if page.footer:
        parts += ["-- \n" + "\n".join(wrapped(page.footer, WIDTH))]
    return "\n\n".join(parts) + "\n"


def _sentence(line: Line) -> str:
    return line.text + "".join(f"[{mark}]" for mark in line.marks)


def _bullet(text: str) -> str:
    return "  • " + "\n    ".join(wrapped(text, WIDTH - 4))


def _source(source: Cited) -> str:
    head = f"  [{source.number}] "
    lines = wrapped(f"{source.outlet}, “{source.title}”, {source.day}", WIDTH - len(head))
    # An address stays whole, however long: broken, it leads nowhere.
    lines += [source.link] if source.link else []
    return head + f"\n{' ' * len(head)}".join(lines)


def wrapped(text: str, width: int) -> list[str]:
    """Return a text's lines of at most ``width`` columns; words that are longer stay whole."""
    lines, line, columns = [], "", 0
    for piece in _PIECE.findall(text):
        needed = _columns(piece)
        if columns + needed > width and line.strip():
            lines.append(line.rstrip())
            line, columns = "", 0
        if line or not piece.isspace():
            line, columns = line + piece, columns + needed
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _columns(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
