"""The digest: drafting, reading back and rendering issues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance_nlp.core.lazily import lazily
from alliance_nlp.digest.drafting import DraftStory, draft_issue, draft_item
from alliance_nlp.digest.laying_out import web_link
from alliance_nlp.digest.parsing import parse_issue
from alliance_nlp.digest.rendering import (
    escape_markdown,
    issue_json,
    render_html,
    render_markdown,
)
from alliance_nlp.digest.sentences import sentence_spans

if TYPE_CHECKING:
    from alliance_nlp.digest.atom import FeedHead, render_atom
    from alliance_nlp.digest.mail import Envelope, checked_address, compose, render_eml
    from alliance_nlp.digest.pdf import render_pdf
    from alliance_nlp.digest.plain import render_text
    from alliance_nlp.digest.spreadsheet import Cell, Column, render_csv, render_xlsx, safe_cell
    from alliance_nlp.digest.style import (
        DEFAULT_RULES,
        Finding,
        StyleRule,
        check_style,
        fix,
        fix_all,
        house_rules,
        word_count,
    )
    from alliance_nlp.digest.support import (
        Claim,
        Flag,
        Passage,
        check_headline,
        check_item,
        check_sentence,
    )
    from alliance_nlp.digest.word import render_docx

__all__ = [
    "DEFAULT_RULES",
    "Cell",
    "Claim",
    "Column",
    "DraftStory",
    "Envelope",
    "FeedHead",
    "Finding",
    "Flag",
    "Passage",
    "StyleRule",
    "check_headline",
    "check_item",
    "check_sentence",
    "check_style",
    "checked_address",
    "compose",
    "draft_issue",
    "draft_item",
    "escape_markdown",
    "fix",
    "fix_all",
    "house_rules",
    "issue_json",
    "parse_issue",
    "render_atom",
    "render_csv",
    "render_docx",
    "render_eml",
    "render_html",
    "render_markdown",
    "render_pdf",
    "render_text",
    "render_xlsx",
    "safe_cell",
    "sentence_spans",
    "web_link",
    "word_count",
]

# Documents, letters and sheets each bring a library, which most commands do without.
__getattr__ = lazily(
    __name__,
    {
        "DEFAULT_RULES": "style",
        "Cell": "spreadsheet",
        "Claim": "support",
        "Column": "spreadsheet",
        "Envelope": "mail",
        "FeedHead": "atom",
        "Finding": "style",
        "Flag": "support",
        "Passage": "support",
        "StyleRule": "style",
        "check_headline": "support",
        "check_item": "support",
        "check_sentence": "support",
        "check_style": "style",
        "checked_address": "mail",
        "compose": "mail",
        "fix": "style",
        "fix_all": "style",
        "house_rules": "style",
        "render_atom": "atom",
        "render_csv": "spreadsheet",
        "render_docx": "word",
        "render_eml": "mail",
        "render_pdf": "pdf",
        "render_text": "plain",
        "render_xlsx": "spreadsheet",
        "safe_cell": "spreadsheet",
        "word_count": "style",
    },
)
