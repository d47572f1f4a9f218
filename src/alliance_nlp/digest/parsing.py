"""Published issues read back: plain text, Markdown or the text of a web page."""

from __future__ import annotations

import re
from datetime import date, datetime

from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.text import normal_text, one_line
from alliance_nlp.core.types import Issue, IssueItem, Sentence
from alliance_nlp.digest.sentences import sentence_spans

_VOLUME = re.compile(
    r"\bVol(?:ume)?\b[.:]?\s*(\d{1,3})\s*(?:[.,:]|\s)\s*(?:(?:No|Number|Issue)\b[.:]?\s*)?(\d{1,3})\b",
    re.IGNORECASE,
)
_BULLET = re.compile(r"^\s*(?:[•●▪◦‣*–-]|\d{1,2}[.)])\s+(?=\S)")
_HEADING = re.compile(r"^[#\s>*_]*(headlines?|details?|summar(?:y|ies))\b[\s:*_]*$", re.IGNORECASE)
_TITLE = re.compile(r"^[#\s*_]*(.*\bDigest\b)", re.IGNORECASE)
_FOOTER = re.compile(r"^[\s*_“\"']*.{0,60}\bDigest\b.{0,4}\s+is\b", re.IGNORECASE)
_FOOTNOTE = re.compile(r"^\[\^[\w-]+\]:")
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DATE = re.compile(
    rf"\b(?:(?P<m>{'|'.join(_MONTHS)})\s+(?P<d>\d{{1,2}}),?\s+(?P<y>\d{{4}})"
    rf"|(?P<d2>\d{{1,2}})\s+(?P<m2>{'|'.join(_MONTHS)}),?\s+(?P<y2>\d{{4}})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2}))\b"
)
_MARKUP = (
    (re.compile(r"!\[[^\]]*\]\([^)]*\)"), ""),  # images
    (re.compile(r"\[\^[\w-]+\]"), ""),  # footnote marks
    (re.compile(r"\[([^\]]+)\]\([^)]*\)"), r"\1"),  # links
    (re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)([*_])(?=\S)([^*_]+?)(?<=\S)\1(?!\w)"), r"\2"),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!<>|-])"), r"\1"),
)
# The longest headline of a published issue has 12 words, the shortest bullet 67.
_HEADLINE_WORDS = 30


def parse_issue(text: str) -> Issue:
    """Return the issue that a published digest's text holds.

    Raises
    ------
    DigestError
        If volume and number, headlines or bullets cannot be told; the message says which.
    """
    lines = normal_lines(text)
    volume, number = _volume(lines)
    headlines, bullets = _split(_bullets(lines))
    if not headlines or not bullets:
        raise DigestError(
            f"found {len(headlines)} headlines and {len(bullets)} bullets; a digest lists short "
            "headlines first, then one longer bullet for each, both as list items"
        )
    if len(headlines) != len(bullets):
        raise DigestError(
            f"found {len(headlines)} headlines but {len(bullets)} bullets; "
            "make them match in the file, one bullet for each headline in the same order"
        )
    return Issue(
        volume=volume,
        number=number,
        title=_title(lines),
        published_on=_date(lines),
        items=tuple(
            IssueItem(headline=headline, sentences=_sentences(bullet))
            for headline, bullet in zip(headlines, bullets, strict=True)
        ),
        footer=_footer(lines),
    )


def normal_lines(text: str) -> list[str]:
    """Return clean lines, blank ones kept as ``""``: they end a list item."""
    return [normal_text(line) for line in text.splitlines()]


def _plain(markdown: str) -> str:
    for pattern, replacement in _MARKUP:
        markdown = pattern.sub(replacement, markdown)
    return one_line(markdown)


def _volume(lines: list[str]) -> tuple[int, int]:
    for line in lines:
        match = _VOLUME.search(_plain(line))
        if match:
            return int(match.group(1)), int(match.group(2))
    raise DigestError("no volume and number found; a digest names them like 'Vol 2.6' near its top")


def _title(lines: list[str]) -> str:
    for line in lines:
        match = _TITLE.match(_plain(line))
        if match and len(match.group(1)) < 80:
            return one_line(match.group(1)).removeprefix("Publications ").removeprefix("Download ")
    return "US-Japan Alliance Digest"


def _date(lines: list[str]) -> date | None:
    for line in lines:
        if _BULLET.match(line):
            return None  # dates in the items are not the issue's
        match = _DATE.search(_plain(line))
        if not match:
            continue
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month, day = match["m"] or match["m2"], match["d"] or match["d2"]
        return datetime.strptime(f"{day} {month} {match['y'] or match['y2']}", "%d %B %Y").date()  # noqa: DTZ007 - a date has no zone
    return None


def _footer(lines: list[str]) -> str:
    return next((_plain(line) for line in lines if _FOOTER.match(line)), "")


def _bullets(lines: list[str]) -> list[tuple[int, str]]:
    """Return (section, text) of each list item; a heading or a gap in the list opens a section."""
    items: list[tuple[int, str]] = []
    section, is_open = 0, False
    for line in lines:
        if _HEADING.match(line):
            section, is_open = section + 1, False
        elif _FOOTER.match(line) or _FOOTNOTE.match(line):
            is_open = False
        elif match := _BULLET.match(line):
            items.append((section, line[match.end() :]))
            is_open = True
        elif not line:
            is_open = False
        elif is_open:
            items[-1] = (items[-1][0], f"{items[-1][1]} {line}")
    return [(number, plain) for number, text in items if (plain := _plain(text))]


def _split(items: list[tuple[int, str]]) -> tuple[list[str], list[str]]:
    sections = sorted({section for section, _ in items})
    if len(sections) >= 2:
        first, *others = [[text for s, text in items if s == section] for section in sections]
        if not _are_short(first) and len(others) >= 2:
            first, *others = others  # a list before the headlines, such as a page's menu
        return first, others[0]
    texts = [text for _, text in items]
    n_short = next((i for i, text in enumerate(texts) if not _are_short([text])), len(texts))
    bullets = [text for text in texts[n_short:] if not _are_short([text])]
    return texts[max(0, n_short - len(bullets)) : n_short] if bullets else texts, bullets


def _are_short(texts: list[str]) -> bool:
    return all(len(text.split()) <= _HEADLINE_WORDS for text in texts)


def _sentences(bullet: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(text=bullet[start:end]) for start, end in sentence_spans(bullet))
