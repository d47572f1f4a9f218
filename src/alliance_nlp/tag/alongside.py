"""People whom a document names alongside officials: in their lists, for countries, as deputies."""

from __future__ import annotations

from collections.abc import Iterator

from alliance_nlp.core.types import Label
from alliance_nlp.tag.geography import country_codes, place_words
from alliance_nlp.tag.names import belongs_to_institution, name_end
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.titles import BUSINESS, first_words
from alliance_nlp.tag.words import Words

_JOINTS = frozenset({",", ";", "and", "or", "&"})
_AIDES = frozenset("deputy adviser advisor counterpart spokesman spokeswoman spokesperson".split())
_PLAYERS = frozenset(
    "beat beats won wins lost scored scores homered pitched champion championship medal medals "
    "olympic olympics tournament match game team cup seed goal goals league inning innings title "
    "race marathon golf tennis sumo film album song novel award awards concert actor".split()
)


def find_alongside(reading: Reading, taken: set[int]) -> list[tuple[int, int]]:
    """Return (first word, end word) of full names that officials near them make officials.

    Parameters
    ----------
    taken
        Words of people whose role the document tells, in office or not.
    """
    officials = [c for c in reading.found if c.label == Label.OFFICIAL]
    if not officials:
        return []
    words = reading.words
    ends = {end: i + 1 for i, end in enumerate(words.ends)}
    starts = {start: i for i, start in enumerate(words.starts)}
    spans = sorted((starts[c.start], ends[c.end]) for c in officials)
    found: list[tuple[int, int]] = []
    blocked = set(taken)
    for span in [*_listed(words, spans, blocked), *_of_countries(words, spans, blocked)]:
        if blocked.isdisjoint(range(*span)):
            found.append(span)
            blocked.update(range(*span))
    return sorted(found)


def _full_name(words: Words, start: int, blocked: set[int]) -> int:
    """Return the end of the name of two words or more at ``start``, or ``start``."""
    if start >= words.n or not words.is_capital(start) or words.lows[start] in first_words():
        return start
    end = name_end(words, start, limit=5)
    whole = sum(words.is_capital(i) for i in range(start, end)) >= 2
    if not whole or not blocked.isdisjoint(range(start, end)) or belongs_to_institution(words, end):
        return start
    return start if all(words.lows[i] in place_words() for i in range(start, end)) else end


def _listed(
    words: Words, spans: list[tuple[int, int]], blocked: set[int]
) -> Iterator[tuple[int, int]]:
    """Read on after ``Andy Barr and ...`` and ``Katsuaki Kamiji of Yokosuka, ...``."""
    for _, last in spans:
        end = last
        while True:
            index = _past_place(words, end)
            joint = index
            while words.low(index) in _JOINTS and index - joint < 2:
                index += 1
            further = _full_name(words, index, blocked) if index > joint else index
            # An apposition after it tells the role itself.
            if further == index or (words.norm(further) == "," and words.norm(joint) == ","):
                break
            yield index, further
            end = further
        if words.low(last) in ("'", "\u2019") and words.low(last + 2) in _AIDES:
            index = last + 3 + (words.norm(last + 3) == ",")
            end = _full_name(words, index, blocked)
            if end > index:
                yield index, end


def _past_place(words: Words, index: int) -> int:
    if words.low(index) != "of" or not words.is_capital(index + 1):
        return index
    end = index + 2
    while words.is_capital(end) and end - index < 4:
        end += 1
    return end


def _of_countries(
    words: Words, spans: list[tuple[int, int]], blocked: set[int]
) -> Iterator[tuple[int, int]]:
    """Read ``Italy's Giancarlo Giorgetti`` in a sentence that names officials."""
    for index in words.capitals:
        owner = words.lows[index]
        if owner not in country_codes() and owner not in place_words():
            continue
        if words.low(index + 1) not in ("'", "\u2019") or words.low(index + 2) != "s":
            continue
        if words.low(index - 1) in ("of", "-"):
            continue
        end = _full_name(words, index + 3, blocked)
        first, last = words.sentence(index)
        lows = set(words.lows[first:last])
        among = any(first <= start < last for start, _ in spans)
        if end > index + 3 and among and not lows & (_PLAYERS | BUSINESS):
            yield index + 3, end
