"""The shapes of exercises' names: runs of capitals, quotes, editions."""

from __future__ import annotations

import re

from alliance_nlp.tag.geography import country_codes, place_words
from alliance_nlp.tag.names import CLOSE_QUOTES, OPEN_QUOTES
from alliance_nlp.tag.titles import first_words
from alliance_nlp.tag.vessels import EXERCISE_WORDS, PREFIXES
from alliance_nlp.tag.vocabulary import calendar, not_in_names, office_words, verbs
from alliance_nlp.tag.words import Words

UNITS = frozenset(
    "countries nations days ships aircraft troops participants soldiers personnel people percent "
    "million billion years months weeks minutes hours miles kilometers kilometres vessels jets "
    "times sailors marines members others".split()
)
_EDITION = re.compile(r"(?:20\d\d|\d{1,2})(?:\.\d)?[A-Z]?$")
_SERIAL = re.compile(r"\d{1,2}[A-Z]?$|[A-Z]$|20\d\d$")
_SERIES = frozenset(
    "expo olympics olympic cup vision agenda act summit forum conference dialogue paper review "
    "strategy plan route section article flight unit type model level phase resolution "
    "festival championship championships pride airshow show fair world bowl open prix tour "
    "marathon season finals final league derby election census budget fy fiscal".split()
)
_BAD = frozenset(
    "camp fort base air station prime president university college group wing squadron brigade "
    "regiment battalion division fleet command forces force corps navy army coast guard".split()
)


NEAR = EXERCISE_WORDS | frozenset("training trained training-exercise".split())


def with_edition(words: Words, end: int) -> int:
    """Return the end with an edition taken in: ``23``, ``2023``, ``23-1``, ``24A``, ``’23``."""
    index = end
    if words.norm(index) in CLOSE_QUOTES and words.norm(index + 1)[:2] == "20":
        index += 1
    if words.norm(index) in ("'", "‘", "’", "-") and words.touches(index + 1):
        index += 1
    if index == end and words.touches(index) and words.norm(index) != "-":
        return end
    if not _EDITION.match(words.norm(index)) or words.low(index + 1) in UNITS:
        return end
    if (
        words.norm(index + 1) in ("%", ",")
        and words.touches(index + 1)
        and words.norm(index + 2).isdigit()
        and words.touches(index + 2)
    ):
        return end
    index += 1
    if (
        words.norm(index) in ("-", "/", ".", "–")
        and words.touches(index)
        and words.touches(index + 1)
        and _SERIAL.match(words.norm(index + 1))
    ):
        index += 2
    return index


def in_run(words: Words, index: int) -> bool:
    """Tell whether a word may stand in a name of capitals."""
    word, low = words.norms[index], words.lows[index]
    if word[0].isdigit():
        return bool(_EDITION.match(word))
    if word == "-":
        return words.touches(index) and words.touches(index + 1)
    if not word[0].isupper() or low in calendar() or low in verbs() or word in PREFIXES:
        return False
    function = low in not_in_names() and low not in place_words() and low not in office_words()
    return not function or low == "la"


def run_end(words: Words, start: int, blocked: set[int]) -> int:
    """Return the end of the run of capitals at ``start``, or ``start``."""
    index = start
    while index < words.n and index - start < 5 and index not in blocked and in_run(words, index):
        if words.norms[index][0].isdigit() or words.norms[index] == "-":
            break
        if words.lows[index] in first_words() and words.lows[index] not in ("general", "pilot"):
            break
        index += 1
    return index


def without_lead(words: Words, start: int, end: int) -> int:
    """Drop countries, services and exercise words in front of the name."""
    while start < end and (
        words.lows[start] in country_codes()
        or words.norms[start] in ("-", "US", "U.S.")
        or (
            words.lows[start] in ("north", "south", "republic")
            and words.low(start + 1) in ("korea", "korean")
        )
        or words.lows[start]
        in (
            "korean",
            "navy",
            "army",
            "marine",
            "marines",
            "exercise",
            "the",
            "annual",
            "nato",
            "joint",
        )
        or words.norms[start][0].isdigit()
    ):
        start += 1
    return start


def is_distinct(words: Words, start: int, end: int) -> bool:
    """Tell whether a run is more than places, services and offices."""
    return (
        any(
            words.lows[i] not in place_words()
            and words.lows[i] not in office_words()
            and words.norms[i].isalpha()
            and words.lows[i] not in NEAR
            for i in range(start, end)
        )
        and words.lows[start] not in first_words()
    )


def is_unit(words: Words, start: int, end: int) -> bool:
    """Tell whether words name a unit, an office or a base."""
    return any(words.lows[i] in _BAD for i in range(start, end))


def quoted_end(words: Words, start: int) -> int:
    """Return the closing quote of a short quoted name, or ``start``."""
    for index in range(start + 1, min(start + 7, words.n)):
        if words.norms[index] in CLOSE_QUOTES:
            index -= words.norms[index - 1] in ",."
            inner = words.norms[start:index]
            named = inner[0][0].isupper() and sum(w[0].islower() for w in inner) <= 1
            return index if named else start
        if words.norms[index] == "\n":
            break
    return start


def quote_start(words: Words, closing: int) -> int:
    """Return where the quoted name before a closing quote begins, or 0."""
    for index in range(closing - 1, max(0, closing - 7), -1):
        if words.norms[index] in OPEN_QUOTES:
            start = index + 1
            named = words.is_capital(start) and start < closing
            return start if named and closing - quoted_end(words, start) < 2 else 0
    return 0


def may_have_edition(run: list[str], *, serial: bool) -> bool:
    """Tell whether words may name an exercise: no plain places, offices or numbered series."""
    if any(low in _SERIES for low in run) or all(low in place_words() for low in run):
        return False
    plain = [low for low in run if low in not_in_names() and low not in place_words()]
    # A serial number such as 24-6 makes one word of an office part of a name: Polar Force.
    return not plain or (serial and len(run) > len(plain) == 1 and plain[0] in office_words())
