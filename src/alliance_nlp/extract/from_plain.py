"""Saved text and JSON records as pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alliance_nlp.core.text import normal_text
from alliance_nlp.core.types import Lead, Page, Reason, Rejected
from alliance_nlp.core.urls import is_web_url
from alliance_nlp.extract.around import Around
from alliance_nlp.extract.assemble import Extraction, Findings, assemble, rejected
from alliance_nlp.extract.authors import clean_names
from alliance_nlp.extract.boilerplate import is_boilerplate
from alliance_nlp.extract.decode import Decoded
from alliance_nlp.extract.flags import date_flags, text_flags
from alliance_nlp.extract.kinds import label_flags
from alliance_nlp.extract.markup import NO_MARKUP
from alliance_nlp.extract.mojibake import is_mojibake
from alliance_nlp.extract.plain import PlainStory, derived_title, field, read_record, read_text
from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.published import Clock, Publication, settle

_LABELS = ("section", "kicker", "category", "label", "type", "genre")
_LEAST = 20  # words
_LABELLED = re.compile(r"^\W*(?:published|posted|date|公開|掲載|更新|配信)", re.IGNORECASE)


def extract_text(
    page: Page, decoded: Decoded, *, lead: Lead | None, zone: str
) -> Extraction | Rejected:
    """Extract the article of a saved text."""
    story = read_text(decoded.text)
    text = "\n".join(story.lines)
    refusal = _refusal(page, text)
    if refusal:
        return refusal
    published = settle(_dates(story, lead), clock=Clock(home=zone, fetched_at=page.fetched_at))
    findings = Findings(
        title=story.title or (lead.title if lead else ""),
        lines=story.lines,
        published=published.dated,
        outlet=story.outlet,
        flags=(
            *_labelled(page, story.title, authors=(), labels=story.head[:4], lines=story.lines),
            *_flags(decoded, text, published),
        ),
        stories=story.stories,
    )
    return assemble(page, findings)


def extract_record(
    page: Page, decoded: Decoded, *, lead: Lead | None, zone: str
) -> Extraction | Rejected:
    """Extract the article of a JSON record."""
    record = read_record(decoded.text)
    if record is None:
        return rejected(page, Reason.NOT_HTML, "the body is no JSON object")
    lines = tuple(normal_text(field(record, "text", "body", "content")).split("\n"))
    text = "\n".join(lines)
    refusal = _refusal(page, text)
    if refusal:
        return refusal
    stated = field(record, "published", "published_on", "published_at", "date")
    statements = [("record:published", stated), ("listing", lead.published if lead else "")]
    published = settle(
        iter([pair for pair in statements if pair[1]]),
        clock=Clock(home=zone, fetched_at=page.fetched_at),
    )
    own = field(record, "url", "link")
    stated_title = field(record, "title", "headline") or (lead.title if lead else "")
    names = _authors(record)
    labels = [label for key in _LABELS if (label := field(record, key))]
    findings = Findings(
        title=stated_title or derived_title(text),
        lines=lines,
        url=own if is_web_url(own) else "",
        authors=names,
        published=published.dated,
        language_hint=field(record, "language", "lang")[:2].lower(),
        outlet=field(record, "outlet"),
        flags=(
            *_labelled(page, stated_title, authors=names, labels=labels, lines=lines, url=own),
            *_flags(decoded, text, published),
        ),
    )
    return assemble(page, findings)


def _labelled(
    page: Page,
    title: str,
    *,
    authors: Sequence[str],
    labels: Sequence[str],
    lines: Sequence[str],
    url: str = "",
) -> Iterator[str]:
    """Yield what title, labels and address say of a piece that has no markup."""
    around = Around(before=tuple(labels))
    yield from label_flags(
        NO_MARKUP, title=title, url=url or page.url, authors=authors, around=around, lines=lines
    )


def _refusal(page: Page, text: str) -> Rejected | None:
    if not text.strip():
        return rejected(page, Reason.NO_MAIN_TEXT, "there is no text in it")
    if n_words(text) < _LEAST:
        return rejected(page, Reason.TOO_SHORT, f"the text has {n_words(text)} words")
    return None


def _dates(story: PlainStory, lead: Lead | None) -> Iterator[tuple[str, str]]:
    """Yield datelines above the text; relative times are left out, since a saved text is old."""
    for line in story.head:
        is_dateline = n_words(line) <= 14 and not is_prose(line) and re.search(r"\d{4}", line)
        if is_dateline or (_LABELLED.match(line) and n_words(line) < 20):
            yield "text:dateline", line
    if lead and lead.published:
        yield "listing", lead.published


def _authors(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = record.get("authors") or record.get("author") or record.get("office") or ()
    values = value if isinstance(value, list) else [value]
    return clean_names(name for name in values if isinstance(name, str))


def _flags(decoded: Decoded, text: str, published: Publication) -> Iterator[str]:
    yield from date_flags(published)
    if decoded.lossy or is_mojibake(text):
        yield "mojibake"
    lines = text.split("\n")
    kept = [line for line in lines if not is_boilerplate(line)]
    yield from text_flags("", kept, lines)
