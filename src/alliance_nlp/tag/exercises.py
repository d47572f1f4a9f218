"""Exercises: known names with their editions, and unknown ones beside an exercise word."""

from __future__ import annotations

import re

from alliance_nlp.core.types import Label
from alliance_nlp.tag.geography import country_codes, place_words
from alliance_nlp.tag.names import CLOSE_QUOTES, OPEN_QUOTES
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.titles import first_words
from alliance_nlp.tag.vessels import (
    EDITIONS,
    EXERCISE_MARKS,
    EXERCISE_WORDS,
    NAMING_WORDS,
    PREFIXES,
)
from alliance_nlp.tag.vocabulary import calendar, not_in_names, office_words, verbs
from alliance_nlp.tag.words import Words

_NEAR = EXERCISE_WORDS | frozenset("training trained training-exercise".split())
_BETWEEN = frozenset(
    "naval joint trilateral bilateral multilateral military field training annual maritime air "
    "live fire multinational combined large scale command post tabletop defense defence amphibious "
    "computer simulated sea minesweeping submarine anti warfare series war week weeks long day "
    "biennial regional major two three ground disaster relief missile cyber logistics - "
    "cooperative "
    "airborne crisis response".split()
)
_UNITS = frozenset(
    "countries nations days ships aircraft troops participants soldiers personnel people percent "
    "million billion years months weeks minutes hours miles kilometers kilometres vessels jets "
    "times sailors marines members others".split()
)
_EDITION = re.compile(r"(?:20\d\d|\d{1,2})(?:\.\d)?[A-Z]?$")
_SERIAL = re.compile(r"\d{1,2}[A-Z]?$|[A-Z]$|20\d\d$")
_BEFORE_EDITION = frozenset("during in for of at joined joining join through and began".split())
_SERIES = frozenset(
    "expo olympics olympic cup vision agenda act summit forum conference dialogue paper review "
    "strategy plan route section article flight unit type model mark level phase resolution "
    "festival championship championships pride airshow show fair world".split()
)
_FORCES = frozenset(
    "troops soldiers marines sailors airmen brigade battalion regiment division navy army force "
    "forces fighters warships destroyers ships aircraft training trained drills missiles".split()
)
_BAD = frozenset(
    "camp fort base air station prime president university college group wing squadron brigade "
    "regiment battalion division fleet command forces force corps navy army coast guard".split()
)


def find_exercises(reading: Reading) -> None:
    """Add the exercises of a document to its reading."""
    known = _known(reading)
    words = reading.words
    blocked = {
        i
        for first, last, entries in reading.hits
        if entries[0].label != Label.EXERCISE
        for i in range(first, last)
    }
    for index in words.where(EXERCISE_MARKS):
        low = words.lows[index]
        if low in EXERCISE_WORDS:
            _after_word(reading, index, blocked | known)
            _before_word(reading, index, blocked | known)
            _before_apposition(reading, index, blocked | known)
        elif low in EDITIONS:
            _by_edition(reading, index, blocked | known)
        elif low in NAMING_WORDS or (low == "as" and words.low(index - 1) == "known"):
            _after_naming(reading, index, blocked | known)


def _known(reading: Reading) -> set[int]:
    """Add names of the knowledge base; return the words they cover."""
    words = reading.words
    covered: set[int] = set()
    hits = [hit for hit in reading.hits if hit[2][0].label == Label.EXERCISE]
    proven = {
        e.id
        for first, last, entries in hits
        for e in entries
        if e.doubtful and _beside_exercise(words, first, last)
    }
    for first, last, entries in hits:
        sure = [e for e in entries if not e.doubtful or e.id in proven]
        if not sure or _inside_name(words, first, last):
            continue
        end = _with_edition(words, last)
        start = first
        if end > last and words.norms[last] in CLOSE_QUOTES and _opened(words, first):
            start = first - 1  # “Resilient Shield” 2023: both quotes or none
        ids = (sure[0].id,) if len({e.id for e in sure}) == 1 else ()
        reading.add((start, end), Label.EXERCISE, "kb", ids=ids, weight=3)
        covered.update(range(start, end))
    return covered


def _opened(words: Words, first: int) -> bool:
    return words.norm(first - 1) in OPEN_QUOTES


def _beside_exercise(words: Words, first: int, last: int) -> bool:
    if _with_edition(words, last) > last and words.norms[last] not in CLOSE_QUOTES:
        return True
    return any(low in _NEAR for low in words.clause(first, before=14, after=14))


def _inside_name(words: Words, first: int, last: int) -> bool:
    """Tell whether a capitalised neighbour makes the words part of another name."""
    if words.norm(first - 1) in PREFIXES:
        return True
    return (
        last - first == 1
        and words.is_capital(last)
        and words.lows[last]
        in ("hill", "coast", "gold", "street", "bridge", "city", "airport", "university", "beach")
    )


def _with_edition(words: Words, end: int) -> int:
    """Return the end with an edition taken in: ``23``, ``2023``, ``23-1``, ``24A``, ``’23``."""
    index = end
    if words.norm(index) in CLOSE_QUOTES and words.norm(index + 1)[:2] == "20":
        index += 1
    if words.norm(index) in ("'", "‘", "’", "-") and words.touches(index + 1):
        index += 1
    if index == end and words.touches(index) and words.norm(index) != "-":
        return end
    if not _EDITION.match(words.norm(index)) or words.low(index + 1) in _UNITS:
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


def _after_word(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``Exercise Noble Fusion``, ``exercise “Iron Fist”``."""
    words = reading.words
    start = index + 1
    if words.norm(start) == ",":
        return
    quoted = words.norm(start) in OPEN_QUOTES
    start += quoted
    if start in blocked:
        return
    end = _quoted_end(words, start) if quoted else _run(words, start, blocked)
    if end == start:
        return
    if not quoted and not words.is_capital(index) and not _distinct(words, start, end):
        return
    if words.norms[index] == "Exercises" and not quoted:
        return
    _take(reading, start, end, quoted=quoted)


def _before_word(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``Orient Shield 23 exercise``, ``“Iron Fist” exercise``."""
    words = reading.words
    end = index
    while words.low(end - 1) in _BETWEEN and index - end < 6:
        end -= 1
    if end and words.norms[end - 1] in CLOSE_QUOTES:
        start = _quote_start(words, end - 1)
        if start and start not in blocked and words.norms[start - 1] != "'":
            _take(reading, start, _quoted_end(words, start), quoted=True)
        return
    if end - 1 in blocked or end == 0:
        return
    if end < index and words.is_capital(end):
        return
    name_end = end
    start = end
    while start > 0 and start - 1 not in blocked and end - start < 6 and _in_run(words, start - 1):
        start -= 1
    start = _strip(words, start, end)
    numbered = start < end and words.norms[end - 1][0].isdigit()
    capitals = sum(words.is_capital(i) for i in range(start, name_end))
    if capitals < 1 or (capitals < 2 and not numbered):
        return
    if _distinct(words, start, end) and not _is_bad(words, start, end):
        _take(reading, start, end, quoted=True)


def _before_apposition(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``“Bold Lantern,” a tabletop exercise`` and ``Bold Lantern, an annual drill``."""
    words = reading.words
    article = index - 1
    while index - article < 8 and (words.low(article) in _BETWEEN or words.low(article) == "new"):
        article -= 1
    if words.low(article) not in ("a", "an", "the") or article < 3:
        return
    end = article
    quoted = words.norms[end - 1] in CLOSE_QUOTES or words.norms[end - 2] in CLOSE_QUOTES
    while end and (words.norms[end - 1] == "," or words.norms[end - 1] in CLOSE_QUOTES):
        end -= 1
    start = end
    while start > 0 and end - start < 5 and start - 1 not in blocked and _in_run(words, start - 1):
        start -= 1
    if end == article or end - start < 2 or not _distinct(words, start, end):
        return
    if quoted and not _opened(words, start):
        return
    if not _is_bad(words, start, end):
        _take(reading, start, end, quoted=quoted)


def _by_edition(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``Northern Anvil 24-1`` in a sentence about forces, without an exercise word."""
    words = reading.words
    start = index
    while (
        start > 0
        and index - start < 4
        and start - 1 not in blocked
        and (_in_run(words, start - 1) and words.norms[start - 1].isalpha())
    ):
        start -= 1
    start = _strip(words, start, index)
    run = words.lows[start:index]
    if len(run) < 2 or min(map(len, run)) < 2 or words.low(start - 1) not in _BEFORE_EDITION:
        return
    if any(low in _SERIES or (low in not_in_names() and low not in place_words()) for low in run):
        return
    first, last = words.sentence(index)
    if words.low(index + 1) not in _UNITS and _FORCES & set(words.lows[first:last]):
        _take(reading, start, index, quoted=False)


def _after_naming(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``the drill, dubbed Freedom Edge``."""
    words = reading.words
    if not any(low in EXERCISE_WORDS for low in words.clause(index, before=14, after=8)):
        return
    start = index + 1
    start += words.low(start) == "exercise"
    quoted = words.norm(start) in OPEN_QUOTES
    start += quoted
    if start in blocked:
        return
    end = _quoted_end(words, start) if quoted else _run(words, start, blocked)
    if end > start and (quoted or _distinct(words, start, end)):
        _take(reading, start, end, quoted=quoted)


def _take(reading: Reading, start: int, end: int, *, quoted: bool) -> None:
    words = reading.words
    last = end if end > start and words.norms[end - 1][0].isdigit() else _with_edition(words, end)
    if last > end and words.norms[end] in CLOSE_QUOTES:
        start -= 1 if _opened(words, start) else 0
    reading.add((start, last), Label.EXERCISE, "pattern", weight=2 + quoted)


def _quoted_end(words: Words, start: int) -> int:
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


def _quote_start(words: Words, closing: int) -> int:
    for index in range(closing - 1, max(0, closing - 7), -1):
        if words.norms[index] in OPEN_QUOTES:
            start = index + 1
            named = words.is_capital(start) and start < closing
            return start if named and closing - _quoted_end(words, start) < 2 else 0
    return 0


def _in_run(words: Words, index: int) -> bool:
    word, low = words.norms[index], words.lows[index]
    if word[0].isdigit():
        return bool(_EDITION.match(word))
    if word == "-":
        return words.touches(index) and words.touches(index + 1)
    if not word[0].isupper() or low in calendar() or low in verbs() or word in PREFIXES:
        return False
    function = low in not_in_names() and low not in place_words() and low not in office_words()
    return not function or low == "la"


def _run(words: Words, start: int, blocked: set[int]) -> int:
    index = start
    while index < words.n and index - start < 5 and index not in blocked and _in_run(words, index):
        if words.norms[index][0].isdigit() or words.norms[index] == "-":
            break
        if words.lows[index] in first_words() and words.lows[index] not in ("general", "pilot"):
            break
        index += 1
    return index


def _strip(words: Words, start: int, end: int) -> int:
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


def _distinct(words: Words, start: int, end: int) -> bool:
    """Tell whether a run is more than places, services and offices."""
    return (
        any(
            words.lows[i] not in place_words()
            and words.lows[i] not in office_words()
            and words.norms[i].isalpha()
            and words.lows[i] not in _NEAR
            for i in range(start, end)
        )
        and words.lows[start] not in first_words()
    )


def _is_bad(words: Words, start: int, end: int) -> bool:
    return any(words.lows[i] in _BAD for i in range(start, end))
