"""What else a document tells of exercises: code words, the next of a list, later mentions."""

from __future__ import annotations

from alliance_nlp.core.types import Label
from alliance_nlp.tag.exercise_shapes import with_edition
from alliance_nlp.tag.geography import place_words
from alliance_nlp.tag.names import CLOSE_QUOTES
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.spans import Candidate
from alliance_nlp.tag.vessels import EXERCISE_WORDS
from alliance_nlp.tag.vocabulary import calendar, not_in_names, office_words, verbs
from alliance_nlp.tag.words import Words

_PLURALS = frozenset("exercises drills wargames maneuvers manoeuvres".split())
# Words in capitals that end like the code words of exercises (SAREX, ANNUALEX) and are none.
_NO_CODES = frozenset(
    "INDEX COMPLEX ANNEX ROLEX FEDEX FOREX YANDEX LATEX REFLEX TIMEX VORTEX CORTEX DUPLEX APEX "
    "CONVEX ESSEX SUSSEX WESSEX NASDEX PEMEX TAIEX KOSPEX JOGMEX COMEX NYMEX BIMEX".split()
)


def find_further(reading: Reading, blocked: set[int]) -> None:
    """Add what names found so far, and an exercise word anywhere, make certain."""
    words = reading.words
    if EXERCISE_WORDS.isdisjoint(words.lows):
        return
    found = [c for c in reading.found if c.label == Label.EXERCISE]
    covered = _words_of(words, found)
    for index in words.capitals:
        if index not in covered and index not in blocked and _is_code(words, index):
            reading.add((index, with_edition(words, index + 1)), Label.EXERCISE, "code", weight=2)
    _lists(reading, found, blocked | covered)
    _later(reading, blocked)


def _words_of(words: Words, found: list[Candidate]) -> set[int]:
    if not found:
        return set()
    starts = {start: i for i, start in enumerate(words.starts)}
    ends = {end: i for i, end in enumerate(words.ends)}
    return {i for c in found for i in range(starts[c.start], ends[c.end] + 1)}


def _is_code(words: Words, index: int) -> bool:
    word = words.norms[index]
    if not (len(word) > 4 and word.endswith("EX") and word.isupper() and word.isalpha()):
        return False
    shouted = words.norm(index - 1).isupper() and len(words.norm(index - 1)) > 4
    return word not in _NO_CODES and not shouted


def _lists(reading: Reading, found: list[Candidate], taken: set[int]) -> None:
    """Read ``the drills Arnhem Thunder and Diamond Storm``."""
    words = reading.words
    ends = {end: i + 1 for i, end in enumerate(words.ends)} if found else {}
    for candidate in found:
        last = ends[candidate.end]
        first, _ = words.sentence(last - 1)
        if not _PLURALS & set(words.lows[first:last]):
            continue
        start = last + 1 + (words.low(last) == "," and words.low(last + 1) == "and")
        if words.low(last) not in ("and", ",") or start in taken:
            continue
        end = start
        while end < words.n and end - start < 4 and end not in taken and _may_name(words, end):
            end += 1
        if end - start > 1:
            reading.add((start, with_edition(words, end)), Label.EXERCISE, "list", weight=2)


def _may_name(words: Words, index: int) -> bool:
    word, low = words.norms[index], words.lows[index]
    if not (word[0].isupper() and word[-1].isalpha()) or low in calendar() or low in verbs():
        return False
    return low in place_words() or (low not in not_in_names() and low not in office_words())


def _later(reading: Reading, blocked: set[int]) -> None:
    """Find the names again where they stand without an exercise word."""
    words = reading.words
    found = [c for c in reading.found if c.label == Label.EXERCISE]
    if not found:
        return
    starts = {start: i for i, start in enumerate(words.starts)}
    ends = {end: i + 1 for i, end in enumerate(words.ends)}
    names: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for candidate in found:
        name = tuple(words.norms[starts[candidate.start] : ends[candidate.end]])
        while name and not name[-1][-1].isalpha():
            name = name[:-1]
        if name and (len(name) > 1 or _is_telling(name[0])):
            names.setdefault(name[0], []).append((name, candidate.ids))
    covered = _words_of(words, found) | blocked
    for index in words.capitals:
        for name, ids in names.get(words.norms[index], ()):
            end = index + len(name)
            if tuple(words.norms[index:end]) != name or not covered.isdisjoint(range(index, end)):
                continue
            if words.is_capital(end) and words.low(end) not in verbs():
                continue
            if len(name) == 1 and words.is_capital(index - 1) and words.low(index - 1) != "the":
                continue
            last = end if words.norm(end) in CLOSE_QUOTES else with_edition(words, end)
            reading.add((index, last), Label.EXERCISE, "document", ids=ids, weight=1)
            covered.update(range(index, last))
            break


def _is_telling(word: str) -> bool:
    low = word.lower()
    return len(word) > 4 and low not in place_words() and low not in not_in_names()
