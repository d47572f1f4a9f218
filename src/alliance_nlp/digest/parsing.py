"""Published issues read back: plain text, Markdown or the text of a web page."""

from __future__ import annotations

import re
from datetime import date

from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.text import normal_text, one_line
from alliance_nlp.core.types import Issue, IssueItem
from alliance_nlp.digest.reading_back import read_back, split_sentences
from alliance_nlp.digest.unmarking import plain

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
# The longest headline of a published issue has 12 words, the shortest bullet 67.
_HEADLINE_WORDS = 30


def parse_issue(text: str) -> Issue:
    """Return the issue that a published digest's text holds; of our Markdown, with its sources.

    Raises
    ------
    DigestError
        If volume and number, headlines or bullets cannot be told, or the date is none; the
        message says which.
    """
    if (issue := read_back(text)) is not None and issue.items:
        return issue
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
            IssueItem(headline=headline, sentences=tuple(split_sentences(bullet)))
            for headline, bullet in zip(headlines, bullets, strict=True)
        ),
        footer=_footer(lines),
    )


def normal_lines(text: str) -> list[str]:
    """Return clean lines, blank ones kept as ``""``: they end a list item."""
    return [normal_text(line) for line in text.splitlines()]


def _volume(lines: list[str]) -> tuple[int, int]:
    for line in lines:
        match = _VOLUME.search(plain(line))
        if match:
            return int(match.group(1)), int(match.group(2))
    raise DigestError("no volume and number found; a digest names them like 'Vol 2.6' near its top")


def _title(lines: list[str]) -> str:
    for line in lines:
        match = _TITLE.match(plain(line))
        if match and len(match.group(1)) < 80:
            return one_line(match.group(1)).removeprefix("Publications ").removeprefix("Download ")
    return "US-Japan Alliance Digest"


def _date(lines: list[str]) -> date | None:
    is_past_volume = False
    for line in lines:
        if _BULLET.match(line):
            if is_past_volume:
                return None  # dates in the items are not the issue's
            continue  # a page's menu
        said = plain(line)
        is_past_volume = is_past_volume or bool(_VOLUME.search(said))
        if match := _DATE.search(said):
            return _day(match)
    return None


def _day(match: re.Match[str]) -> date:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month, day = match["m"] or match["m2"], match["d"] or match["d2"]
        return date(int(match["y"] or match["y2"]), _MONTHS.index(month) + 1, int(day))
    except ValueError as error:
        raise DigestError(f"{match.group()!r} is no date ({error}); mend it in the file") from error


def _footer(lines: list[str]) -> str:
    return next((plain(line) for line in lines if _FOOTER.match(line)), "")


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
    return [(number, said) for number, text in items if (said := plain(text))]


def _split(items: list[tuple[int, str]]) -> tuple[list[str], list[str]]:
    lists = [
        [text for number, text in items if number == section]
        for section in sorted({section for section, _ in items})
    ]
    if len(lists) > 2 and items[0][0] == 0:
        del lists[0]  # before the first heading: a page's menu
    if len(lists) >= 2 and not _are_short(lists[1][:1]):
        return lists[0], _without_tail(lists[1], len(lists[0]))
    texts = [text for part in lists for text in part]
    n_short = next((i for i, text in enumerate(texts) if not _are_short([text])), len(texts))
    bullets = [text for text in texts[n_short:] if not _are_short([text])]
    if bullets:
        return texts[max(0, n_short - len(bullets)) : n_short], bullets
    half = len(texts) // 2
    # Bullets as short as headlines: the second half, if its items are clearly the longer ones.
    if len(texts) % 2 == 0 and _mean_words(texts[half:]) > 1.5 * _mean_words(texts[:half]):
        return texts[:half], texts[half:]
    return texts, []


def _mean_words(texts: list[str]) -> float:
    return sum(len(text.split()) for text in texts) / (len(texts) or 1)


def _without_tail(bullets: list[str], n: int) -> list[str]:
    # A list that follows the details without a heading, such as a page's second menu.
    end = len(bullets)
    while end > n and _are_short(bullets[end - 1 : end]):
        end -= 1
    return bullets[:end]


def _are_short(texts: list[str]) -> bool:
    return all(len(text.split()) <= _HEADLINE_WORDS for text in texts)
