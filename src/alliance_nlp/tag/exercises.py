"""Exercises: known names with their editions, and unknown ones beside an exercise word."""

from __future__ import annotations

from alliance_nlp.core.types import Label
from alliance_nlp.tag.exercise_mentions import find_further
from alliance_nlp.tag.exercise_shapes import (
    NEAR,
    UNITS,
    in_run,
    is_distinct,
    is_unit,
    may_have_edition,
    quote_start,
    quoted_end,
    run_end,
    with_edition,
    without_lead,
)
from alliance_nlp.tag.geography import place_words
from alliance_nlp.tag.names import CLOSE_QUOTES, OPEN_QUOTES
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.vessels import (
    EDITIONS,
    EXERCISE_MARKS,
    EXERCISE_WORDS,
    NAMING_WORDS,
    PREFIXES,
)
from alliance_nlp.tag.words import Words

_NAMED = EXERCISE_WORDS | frozenset("rehearsal wargaming series event training".split())
_BETWEEN = frozenset(
    "naval joint trilateral bilateral multilateral military field training annual maritime air "
    "live fire multinational combined large scale command post tabletop defense defence amphibious "
    "computer simulated sea minesweeping submarine anti warfare series war week weeks long day "
    "biennial regional major two three ground disaster relief missile cyber logistics - "
    "cooperative "
    "airborne crisis response".split()
)
_BEFORE_EDITION = frozenset("during in for of at joined joining join through and began".split())
_FORCES = frozenset(
    "troops soldiers marines sailors airmen brigade battalion regiment division navy army force "
    "forces fighters warships destroyers ships aircraft training trained drills missiles".split()
)
_NO_BEGIN = frozenset("the a an this that during in for and of at joint military annual".split())


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
            if words.norms[index] == "Exercise" and _within_name(reading, index, blocked):
                continue
            _after_word(reading, index, blocked | known)
            _before_word(reading, index, blocked | known)
            _before_apposition(reading, index, blocked | known)
        elif low in EDITIONS:
            _by_edition(reading, index, blocked | known)
        elif low in NAMING_WORDS or (low == "as" and words.low(index - 1) == "known"):
            _after_naming(reading, index, blocked | known)
    find_further(reading, blocked | known)


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
        end = with_edition(words, last)
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
    if with_edition(words, last) > last and words.norms[last] not in CLOSE_QUOTES:
        return True
    return any(low in NEAR for low in words.clause(first, before=14, after=14))


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


def _after_word(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``Exercise Noble Fusion``, ``exercise “Iron Fist”``."""
    words = reading.words
    start = index + 1
    if words.norm(start) == ",":
        _after_comma(reading, start + 1, blocked)
        return
    quoted = words.norm(start) in OPEN_QUOTES
    start += quoted
    if start in blocked:
        return
    end = quoted_end(words, start) if quoted else run_end(words, start, blocked)
    if end == start:
        return
    if not quoted and not words.is_capital(index) and not is_distinct(words, start, end):
        return
    if words.norms[index] == "Exercises" and not quoted:
        return
    _take(reading, start, end, quoted=quoted)


def _after_comma(reading: Reading, start: int, blocked: set[int]) -> None:
    """Read ``has its own drill, Tafakula, and ...``."""
    words = reading.words
    owned = {"own", "annual", "another", "biennial", "yearly"} & set(words.lows[start - 5 : start])
    if start in blocked or not owned:
        return
    end = run_end(words, start, blocked)
    last = with_edition(words, end)
    if end > start and words.norm(last) in (",", ".", ";") and is_distinct(words, start, end):
        _take(reading, start, end, quoted=False)


def _within_name(reading: Reading, index: int, blocked: set[int]) -> bool:
    """Read ``Ice Exercise 2022`` and ``Mine Warfare Exercise 3JA``, whole."""
    words = reading.words
    start = index
    while (
        start > 0
        and index - start < 5
        and start - 1 not in blocked
        and words.is_capital(start - 1)
        and words.norms[start - 1].isalpha()
        and words.lows[start - 1] not in _NO_BEGIN
    ):
        start -= 1
    end = index + 1
    numbered = words.norm(end)[:1].isdigit() and words.norm(end) not in UNITS
    last = with_edition(words, end)
    if last == end and numbered and words.norm(end)[-1].isalpha():
        last = end + 1
    if start == index or last == end or not _named_well(words, start, index):
        return False
    reading.add((start, last), Label.EXERCISE, "pattern", weight=3)
    return True


def _named_well(words: Words, start: int, end: int) -> bool:
    lows = words.lows[start:end]
    return not all(low in place_words() for low in lows) and not is_unit(words, start, end)


def _before_word(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``Orient Shield 23 exercise``, ``“Iron Fist” exercise``."""
    words = reading.words
    end = index
    while words.low(end - 1) in _BETWEEN and index - end < 6:
        end -= 1
    if end and words.norms[end - 1] in CLOSE_QUOTES:
        start = quote_start(words, end - 1)
        if start and start not in blocked and words.norms[start - 1] != "'":
            _take(reading, start, quoted_end(words, start), quoted=True)
        return
    if end - 1 in blocked or end == 0:
        return
    if end < index and words.is_capital(end):
        return
    name_end = end
    start = end
    while start > 0 and start - 1 not in blocked and end - start < 6 and in_run(words, start - 1):
        start -= 1
    start = without_lead(words, start, end)
    numbered = start < end and words.norms[end - 1][0].isdigit()
    capitals = sum(words.is_capital(i) for i in range(start, name_end))
    if capitals < 1 or (capitals < 2 and not numbered):
        return
    if is_distinct(words, start, end) and not is_unit(words, start, end):
        _take(reading, start, end, quoted=True)


def _before_apposition(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``“Bold Lantern,” a tabletop exercise`` and ``Bold Lantern, an annual drill``."""
    words = reading.words
    if words.norm(index + 1) in ("'", "\u2019") and words.low(index + 2) == "s":
        return  # "Michael Logico, the exercise's spokesman"
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
    while start > 0 and end - start < 5 and start - 1 not in blocked and in_run(words, start - 1):
        start -= 1
    if end == article or end - start < 2 or not is_distinct(words, start, end):
        return
    if quoted and not _opened(words, start):
        return
    if not is_unit(words, start, end):
        _take(reading, start, end, quoted=quoted)


def _by_edition(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``Northern Anvil 24-1`` in a text about forces, without an exercise word beside it."""
    words = reading.words
    start = index
    while (
        start > 0
        and index - start < 4
        and start - 1 not in blocked
        and (in_run(words, start - 1) and words.norms[start - 1].isalpha())
    ):
        start -= 1
    start = without_lead(words, start, index)
    run = words.lows[start:index]
    if not run or min(map(len, run)) < 2 or words.low(index + 1) in UNITS:
        return
    if words.norm(index + 1)[:1].isdigit() or words.starts[index] > words.ends[index - 1] + 1:
        return  # a sum of money, a column of a table
    serial = "." in words.norms[index] or with_edition(words, index) > index + 1
    if not may_have_edition(run, serial=serial):
        return
    coded = words.norms[start].isupper() and len(run[0]) > 3
    if len(run) == 1 and not (serial or (coded and run[0].endswith("ex"))):
        return
    first, last = words.sentence(index)
    forces = bool(_FORCES & set(words.lows[first:last]))
    introduced = forces and (words.low(start - 1) in _BEFORE_EDITION or len(words.norms[index]) < 4)
    if serial and len(run) == 1 and not forces:
        return  # a score: Ravens 24-20
    if introduced or serial or any(low in EXERCISE_WORDS for low in words.lows):
        _take(reading, start, index, quoted=False)


def _after_naming(reading: Reading, index: int, blocked: set[int]) -> None:
    """Read ``the drill, dubbed Freedom Edge``."""
    words = reading.words
    if not _NAMED & set(words.clause(index, before=14, after=8)):
        return
    start = index + 1
    start += words.low(start) == "exercise"
    quoted = words.norm(start) in OPEN_QUOTES
    start += quoted
    if start in blocked:
        return
    end = quoted_end(words, start) if quoted else run_end(words, start, blocked)
    if end > start and (quoted or is_distinct(words, start, end)):
        _take(reading, start, end, quoted=quoted)


def _take(reading: Reading, start: int, end: int, *, quoted: bool) -> None:
    words = reading.words
    last = end if end > start and words.norms[end - 1][0].isdigit() else with_edition(words, end)
    if last > end and words.norms[end] in CLOSE_QUOTES:
        start -= 1 if _opened(words, start) else 0
    reading.add((start, last), Label.EXERCISE, "pattern", weight=2 + quoted)
