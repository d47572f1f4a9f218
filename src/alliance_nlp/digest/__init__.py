"""The digest: drafting, reading back and rendering issues."""

from alliance_nlp.digest.drafting import DraftStory, draft_issue, draft_item
from alliance_nlp.digest.parsing import parse_issue
from alliance_nlp.digest.rendering import issue_json, render_html, render_markdown
from alliance_nlp.digest.sentences import sentence_spans

__all__ = [
    "DraftStory",
    "draft_issue",
    "draft_item",
    "issue_json",
    "parse_issue",
    "render_html",
    "render_markdown",
    "sentence_spans",
]
