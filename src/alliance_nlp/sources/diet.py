"""What a feed need not carry to name its articles, taken out before the slow parser sees it.

feedparser takes some 60 microseconds a tag, time that grows with the square of a tag's attributes,
and memory many times a feed's size. Honest feeds are far from these limits; attacks are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from alliance_nlp.sources.charsets import decode

MOST_BYTES = 8 * 1024 * 1024
MOST_ENTRIES = 3_000
MOST_TAGS = 60_000
# A picture's bytes in an attribute.
_HUGE_ATTRIBUTE = re.compile(rb"=\s*(?:\"[^\"<]{65536,}\"|'[^'<]{65536,}')")
_HUGE_TAG = re.compile(r"<[A-Za-z][^<>]{4096,}>?")
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_LONGEST_CDATA = 4096  # titles and addresses are shorter; whole articles are not
_ENTRY_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_STRAY = re.compile(r"<{16,}|&{16,}")


def lean(body: bytes, content_type: str = "") -> tuple[str, list[str]]:
    """Return a feed's text without what is too much for a feed, and warnings of what was cut."""
    warnings = []
    body = _HUGE_ATTRIBUTE.sub(b'=""', body)
    if len(body) > MOST_BYTES:
        warnings.append(f"the feed is longer than {MOST_BYTES} bytes; the rest was not read")
        body = body[:MOST_BYTES]
    text = "".join(_without_long_cdata(decode(body, content_type)))
    text = _HUGE_TAG.sub("", _STRAY.sub(lambda run: run[0][0], text))
    ends = _nth_end(text, _ENTRY_END, MOST_ENTRIES)
    if ends and _ENTRY_END.search(text, ends):
        warnings.append(f"the feed has more than {MOST_ENTRIES} entries; the rest was not read")
        text = text[:ends]
    ends = _nth_end(text, re.compile("<"), MOST_TAGS)
    if ends:
        warnings.append(f"the feed has more than {MOST_TAGS} tags; the rest was not read")
        text = text[: ends - 1]
    return text, warnings


def _without_long_cdata(text: str) -> Iterator[str]:
    place = 0
    while (start := text.find(_CDATA, place)) >= 0:
        end = text.find(_CDATA_END, start)
        if end < 0:
            break
        end += len(_CDATA_END)
        yield text[place : start if end - start > _LONGEST_CDATA else end]
        place = end
    yield text[place:]


def _nth_end(text: str, pattern: re.Pattern[str], n: int) -> int:
    """Return where the nth match ends, 0 when there are fewer."""
    matches = pattern.finditer(text)
    return next((found.end() for number, found in enumerate(matches, start=1) if number == n), 0)
