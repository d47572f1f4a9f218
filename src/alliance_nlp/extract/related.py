"""Stories glued beneath the main one: how they are announced, and how they are kept apart.

Two signs tell them, whatever the page: a heading that announces other stories ("Related Articles",
関連記事), and cards, that is a title, often twice, with an outlet and a relative time ("NHK",
"2 hours ago"). A heading alone may also announce a box in the middle of an article, so without
cards only what looks like links goes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, zip_longest

from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.wording import OTHER_STORIES

_AROUND = " \t:：・■▼▽◆●★【】[]<>＜＞「」›»…."
_AGO = (
    r"(?:(?:\d+|an?|one)\s*(?:sec(?:ond)?|min(?:ute)?|hour|hr|day|week|month|year)s?\s+ago"
    r"|\d+\s*(?:秒|分|時間|日|週間|か月|カ月|ヶ月|年)前|\d+\s?[mhdw] ago|just now|yesterday)"
)
_STAMP = re.compile(
    rf"(?P<outlet>.{{0,50}}?)\s*(?:[·•|｜,\-–—/]\s*)?(?:time|clock|⏱|🕒)?\s*(?P<ago>{_AGO})\s*(?P<after>.{{0,30}})",
    re.IGNORECASE,
)
# Each relative time holds one of these.
_AGO_WORDS = ("ago", "now", "yesterday", "前")
_BULLET = re.compile(r"^\s*[•·●\-–*]\s*")
_LONGEST_HEADING = 45
_LONGEST_STAMP = 70
_CARD_REACH = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A line with a relative time, and the outlet on it or right before it."""

    at: int
    outlet: str
    ago: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A related story as far as its card tells it; ``url`` only where the page links to it."""

    title: str
    outlet: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Lines of the main story, what was glued to it, and the stamp above the main text."""

    main: tuple[str, ...]
    stories: tuple[Story, ...] = ()
    stamp: Stamp | None = None
    is_aggregator: bool = False


def announces_others(line: str) -> bool:
    """Tell whether a line is a heading over other stories."""
    return len(line) <= _LONGEST_HEADING and _announces(line)


@lru_cache(maxsize=4096)  # the same controls and headings stand on every page of a site
def _announces(line: str) -> bool:
    return bool(OTHER_STORIES.fullmatch(line.strip(_AROUND)))


def is_stamp(line: str) -> bool:
    """Tell whether a line is an outlet and a relative time, or the time alone."""
    return _stamp(line) is not None


def _stamp(line: str) -> re.Match[str] | None:
    if len(line) > _LONGEST_STAMP:
        return None
    folded = line.lower()
    return _STAMP.fullmatch(line.strip()) if any(map(folded.__contains__, _AGO_WORDS)) else None


def part(lines: Sequence[str]) -> Parts:
    """Part the lines of a page into its main story and the stories beneath it."""
    first = next((i for i, line in enumerate(lines) if is_prose(line, least=12)), len(lines))
    found = list(stamps(lines))
    above = [stamp for stamp in found if stamp.at < first]
    below = [stamp for stamp in found if stamp.at > first]
    cut = _cut(lines, first, below)
    if cut is None:
        main, boxed = _without_boxes(lines)
        return Parts(
            main=tuple(main), stories=tuple(_listed(boxed)), stamp=above[-1] if above else None
        )
    main, boxed = _without_boxes(_without_tail(lines[:cut]))
    return Parts(
        main=tuple(main),
        stories=(*_listed(boxed), *cards(lines[cut:])),
        stamp=above[-1] if above else None,
        is_aggregator=True,
    )


def stamps(lines: Sequence[str]) -> Iterator[Stamp]:
    """Yield the lines that are stamps."""
    for i, line in enumerate(lines):
        found = _stamp(line)
        if not found:
            continue
        outlet = _BULLET.sub("", found["outlet"]).strip(" ·•|｜-–—,/")
        outlet = "" if outlet.lower() in ("time", "clock", "published", "updated") else outlet
        if not outlet and i and _may_be_outlet(lines[i - 1]):
            outlet = _BULLET.sub("", lines[i - 1]).strip()
        yield Stamp(at=i, outlet=outlet, ago=found["ago"])


def _may_be_outlet(line: str) -> bool:
    return n_words(line) <= 5 and not is_prose(line, least=1) and not announces_others(line)


def _cut(lines: Sequence[str], first: int, below: Sequence[Stamp]) -> int | None:
    """Return where the glued stories begin, if there are any."""
    for i in range(first + 1, len(lines)):
        if not announces_others(lines[i]):
            continue
        nearby = lines[i + 1 : i + 1 + _CARD_REACH]
        has_card = any(i < stamp.at <= i + 1 + _CARD_REACH for stamp in below)
        if has_card or _repeats(nearby):
            return i
    cards = [start for stamp in below if (start := _card_start(lines, stamp)) is not None]
    cards = [start for start in cards if start > first]
    is_certain = len(cards) >= 2 or (cards and _repeats(lines[cards[0] : cards[0] + 2]))
    return cards[0] if is_certain else None


def _card_start(lines: Sequence[str], stamp: Stamp) -> int | None:
    """Return where the title stands that a stamp belongs to: above it, beyond the outlet."""
    start = None
    for i in range(stamp.at - 1, max(-1, stamp.at - 1 - _CARD_REACH), -1):
        is_teaser = is_prose(lines[i], least=12) and not lines[i].rstrip().endswith(("?", "？"))
        if is_teaser or is_stamp(lines[i]):
            break
        if n_words(lines[i]) > 3 and not _BULLET.match(lines[i]):
            start = i
    return start


def _repeats(lines: Sequence[str]) -> bool:
    return any(one == two and n_words(one) > 3 for one, two in pairwise(lines))


def cards(lines: Sequence[str]) -> tuple[Story, ...]:
    """Return the stories of a block of cards; the stamp stands beneath or above each title."""
    found = list(stamps(lines))
    titles = [i for i, line in enumerate(lines) if _may_be_title(line)]
    is_above = bool(found and titles) and found[0].at < titles[0]
    stories: dict[str, Story] = {}
    for n, stamp in enumerate(found):
        end = found[n + 1].at if n + 1 < len(found) else len(lines)
        start = (
            next((i for i in titles if stamp.at < i < end), None)
            if is_above
            else _card_start(lines, stamp)
        )
        if start is not None:
            title = lines[start].strip()
            stories.setdefault(title, Story(title=title, outlet=stamp.outlet))
    return tuple(stories.values())


def _may_be_title(line: str) -> bool:
    is_title = 3 < n_words(line) <= 30 and not is_prose(line, least=25)
    return is_title and not is_stamp(line) and not announces_others(line)


def _listed(lines: Sequence[str]) -> Iterator[Story]:
    """Yield the stories of a box without times: titles, each perhaps with its outlet beneath."""
    for line, after in zip_longest(lines, lines[1:], fillvalue=""):
        title = _BULLET.sub("", line).strip()
        if _may_be_title(title) and not is_prose(title, least=12):
            outlet = _BULLET.sub("", after).strip()
            is_outlet = 0 < n_words(outlet) <= 3 and not is_stamp(outlet) and len(outlet) > 1
            yield Story(title=title, outlet=outlet if is_outlet and _may_be_outlet(after) else "")


def _without_tail(lines: Sequence[str]) -> Sequence[str]:
    """Drop what stands between the end of the main text and the glued stories: promotion."""
    end = len(lines)
    while end and not (is_prose(lines[end - 1], least=9) or is_credit(lines[end - 1])):
        end -= 1
    return lines[:end] if end else lines


def is_credit(line: str) -> bool:
    """Tell whether a line is a credit in brackets, such as a news agency's."""
    return bool(re.fullmatch(r"\s*[（(\[].{3,80}[）)\]]\s*", line))


def _without_boxes(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Part boxes of links from the text: the headings go, the titles under them come second."""
    kept: list[str] = []
    boxed: list[str] = []
    is_box = False
    for line in lines:
        if announces_others(line):
            is_box = True
            continue
        if is_box and (is_prose(line, least=12) or n_words(line) > 25):
            is_box = False
        (boxed if is_box else kept).append(line)
    return kept, boxed
