"""The names and places a sentence says, and which of them no source has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from alliance_nlp.digest.support_japanese import kana_words, sound
from alliance_nlp.digest.support_known import (
    Known,
    Word,
    carried_concepts,
    find_known,
    is_common,
    is_japanese,
    split_words,
    ways_to_say,
)

# Given names that are words too: at the start of a sentence, before another capital, names.
_GIVEN = frozenset(
    "mark bill rob will grant frank jack pat rich chip dean art guy drew chuck hope grace joy rose "
    "faith dick bob ray gene dale glen clay wade lance cliff miles chase hunter sandy penny iris "
    "ruby pearl amber crystal dawn victor max bud buck rod".split()
)
# What stands with a name and says nothing by itself; without one it is no claim.
_GENERIC = frozenset(
    "mr mrs ms miss dr the a an of and for in on at i st no nos "
    "prefecture prefectural city town village island islands port bay base company corp "
    "corporation co inc ltd llc plc holdings group district province county state university "
    "uss js jds ss mv mt hmas hmnzs hms rok roks brp ins uscgc cutter jcg usns "
    "jr sr ii iii iv hon sir exercise operation government administration "
    "north south east west northern southern eastern western central vs".split()
)
_PLACE_WORDS = frozenset(
    "prefecture island islands bay strait straits sea port harbor harbour city province county "
    "gulf cape mountain river peninsula airport village town district reef shoal atoll".split()
)
_BEFORE_PLACE = re.compile(r"\b(?:in|near|off|outside|around)(?: the)?\s+$")
_SAID_AS_PLACE = re.compile(r"\b(?:in|at|near|outside|around|from|to|via|of)\s+(?:the\s+)?$")
_SENTENCE_START = re.compile(r"(?:^|[.!?:;\n]|[“\"‘「(•*]|[—–]|\d\))[\s“\"‘'*•–—-]*$")
_ABBREVIATED = re.compile(
    r"(?:\b(?:[A-Z]|Adm|Gen|Lt|Col|Maj|Capt|Cmdr|Cdr|Sgt|Brig|Vice|Rear|Gov|Sen|Sens|Rep|Reps|Amb|"
    r"Dr|Mr|Mrs|Ms|Prof|St|Sec|Dept|No|Vol|Corp|Inc|Co|Ltd|vs|Mt|Ft|Jr|Sr))\.\s*$"
)
_CODE = re.compile(
    r"\b(?:(?:DDG|CVN|DDH|LHD|LHA|LPD|LSD|SSN|SSGN|SSBN|FFM|FFG|LCS|CG|DD|DE|LST|MSC|MCM|AOE|ESB|PLH|"
    r"WMSL|WPC|T-AKE|T-AO)[- ]?\d{1,4}|[A-Z]{1,4}[-‐‑–]?\d{1,4}[A-Z]{0,2}|\d{1,2}(?:G|D|x)|"
    r"Type[- ]\d{1,3})(?![\w.,]*\d)\b"
)
_NO_CODE = re.compile(r"^(?:FY|Q[1-4]$|US\d|H[12]$)")
_FUNCTION = frozenset("of and the for to in on de".split())
_DEMONYM = ("n", "an", "s", "ese", "ian", "ish", "ns", "i")


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Words of a sentence that no source has: ``text[start:end]``."""

    start: int
    end: int
    is_place: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """What the sources name.

    Attributes
    ----------
    keys
        All words, see :class:`~alliance_nlp.digest.support_known.Word`; ``variants`` the same with
        long vowels folded, ``joined`` each two that stand together as one.
    initials
        The first letters of all words in order, for what an abbreviation may stand for.
    holders
        Title and name, as in ("titles/president", "biden").
    """

    text: str
    concepts: frozenset[str]
    keys: frozenset[str]
    variants: frozenset[str]
    joined: frozenset[str]
    initials: tuple[str, str]
    sounds: frozenset[str]
    is_japanese: bool
    holders: frozenset[tuple[str, str]]


@lru_cache(maxsize=512)
def carried_names(text: str) -> Carried:
    """Return what a source text names."""
    words = split_words(text)
    keys = [word.key for word in words]
    return Carried(
        text=text,
        concepts=carried_concepts(text),
        keys=frozenset(keys),
        variants=frozenset(_variant(key) for key in keys),
        joined=frozenset(a + b for a, b in pairwise(keys)),
        initials=(
            "".join(key[0] for key in keys),
            "".join(key[0] for key in keys if key not in _FUNCTION),
        ),
        sounds=kana_words(text),
        is_japanese=is_japanese(text),
        holders=frozenset(_holders(words, text)),
    )


def find_codes(text: str) -> list[tuple[int, int]]:
    """Return where codes such as F-35B, DDG-173, G7 and Type 12 stand."""
    return [m.span() for m in _CODE.finditer(text) if not _NO_CODE.match(m.group())]


def unsupported_names(
    text: str, sources: Sequence[Carried], *, blank: Sequence[bool]
) -> list[Unsupported]:
    """Return the names of a sentence that none of the sources has, in order, joined when adjacent.

    Parameters
    ----------
    blank
        For each code point whether something else (a date, a number) accounts for it.
    """
    words = [w for w in split_words(text) if not any(blank[w.start : w.end])]
    lacking: list[Unsupported] = []
    taken: set[int] = set()
    for known in find_known(words, text, in_capitals=True):
        span = range(known.first, known.last)
        if taken.intersection(span) or _is_plain_start(words, known, text):
            continue
        taken.update(span)
        if not _has_known(known, words, text=text, sources=sources):
            is_place = known.kind in ("countries", "places")
            start, end = words[known.first].start, words[known.last - 1].end
            lacking.append(Unsupported(start, end, is_place))
    # Nor can a Japanese source tell whether "Air" of "Yokota Air Base" is its own.
    is_loose = _is_title_case(words) or (bool(sources) and all(s.is_japanese for s in sources))
    for place, word in enumerate(words):
        if place in taken or not _is_name(words, place, text=text, is_loose=is_loose):
            continue
        if not _has_word(words, place, sources=sources):
            lacking.append(Unsupported(word.start, word.end, _is_place(words, place, text)))
    lacking += [Unsupported(*span, False) for span in _lacking_codes(text, sources)]
    lacking += _mixed(words, text, sources)
    return _joined_runs(sorted(lacking, key=lambda each: each.start), text)


def _is_plain_start(words: Sequence[Word], known: Known, text: str) -> bool:
    # "Commander" or "House" opening a sentence may be a plain word.
    is_single = known.last == known.first + 1
    word = words[known.first]
    is_plain = known.kind in ("titles", "bodies") and is_common(word.key)
    return is_single and is_plain and _begins(text, word.start) and not word.surface.isupper()


def _has_known(
    known: Known, words: Sequence[Word], *, text: str, sources: Sequence[Carried]
) -> bool:
    if any(known.concept in source.concepts for source in sources):
        return True
    first = words[known.first]
    as_place = known.kind == "places" and _SAID_AS_PLACE.search(text[: first.start])
    if not as_place:
        ways = set(ways_to_say(known.concept))
        if any(ways & source.concepts for source in sources):
            return True
    if known.kind == "countries":
        return False
    places = range(known.first, known.last)
    return all(
        words[place].key in _FUNCTION or _has_word(words, place, sources=sources)
        for place in places
    )


def _is_name(words: Sequence[Word], place: int, *, text: str, is_loose: bool) -> bool:
    word = words[place]
    if not word.is_capital or len(word.key) < 2 or word.key in _GENERIC:
        return False
    if not is_common(word.key) or (word.surface.isupper() and not text.isupper()):
        return True
    if is_loose:
        return False
    if not _begins(text, word.start):
        return True
    follower = words[place + 1] if place + 1 < len(words) else None
    return word.key in _GIVEN and follower is not None and follower.is_capital


def _begins(text: str, start: int) -> bool:
    before = text[:start]
    return bool(_SENTENCE_START.search(before)) and not _ABBREVIATED.search(before)


def _is_title_case(words: Sequence[Word]) -> bool:
    long = [word for word in words if len(word.key) > 3]
    return len(long) >= 4 and sum(word.is_capital for word in long) >= 0.7 * len(long)


def _has_word(words: Sequence[Word], place: int, *, sources: Sequence[Carried]) -> bool:
    word = words[place]
    variant = _variant(word.key)
    pairs = {
        a.key + b.key
        for a, b in (words[place - 1 : place + 1], words[place : place + 2])
        if a.end + 1 >= b.start
    } if 0 < place < len(words) - 1 else set()  # fmt: skip
    for source in sources:
        if word.key in source.keys or word.key in source.joined or pairs & source.keys:
            return True
        if variant in source.variants or _is_inflected(word.key, source.keys):
            return True
        if len(variant) > 2 and source.sounds and _sounds_alike(word.key, source.sounds):
            return True
        if word.surface.isupper() and _is_spelled_out(word.key, source):
            return True
        if _is_abbreviated(words, place, source=source):
            return True
    return False


def _is_inflected(key: str, keys: frozenset[str]) -> bool:
    if any(key + ending in keys for ending in _DEMONYM):
        return len(key) > 3
    return any(
        key.endswith(ending) and key.removesuffix(ending) in keys and len(key) > 3
        for ending in _DEMONYM
    )


def _sounds_alike(key: str, sounds: frozenset[str]) -> bool:
    spoken = sound(key)
    return len(spoken) > 2 and spoken in sounds


def _is_spelled_out(acronym: str, source: Carried) -> bool:
    # "MSDF" where the source has "Maritime Self-Defense Force".
    return len(acronym) > 2 and any(acronym in each for each in source.initials)


def _is_abbreviated(words: Sequence[Word], place: int, *, source: Carried) -> bool:
    # "Glide Phase Interceptor" where the source has "GPI".
    first = last = place
    while first > 0 and _in_run(words[first - 1]) and place - first < 6:
        first -= 1
    while last < len(words) - 1 and _in_run(words[last + 1]) and last - place < 6:
        last += 1
    for start in range(first, place + 1):
        for end in range(max(place + 1, start + 3), last + 2):
            run = [word.key for word in words[start:end]]
            plain = "".join(key[0] for key in run if key not in _FUNCTION)
            is_full = len(plain) > 2 and plain in source.keys
            if is_full or "".join(key[0] for key in run) in source.keys:
                return True
    return False


def _in_run(word: Word) -> bool:
    return word.is_capital or word.key in _FUNCTION


def _variant(key: str) -> str:
    # Ohno, Ono and Ōno; Yuusuke and Yusuke.
    short = re.sub(r"(?:ou|oh(?![aeiou])|oo)", "o", key)
    return re.sub(r"uu", "u", short)


def _is_place(words: Sequence[Word], place: int, text: str) -> bool:
    near = words[place + 1 : place + 3]
    return bool(_BEFORE_PLACE.search(text[: words[place].start])) or any(
        word.key in _PLACE_WORDS and word.is_capital for word in near
    )


def _lacking_codes(text: str, sources: Sequence[Carried]) -> list[tuple[int, int]]:
    lacking = []
    for start, end in find_codes(text):
        parts = re.findall(r"[A-Za-z]+|\d+", text[start:end])
        tail = r"(?![\d])" if parts[-1].isdigit() else r"(?![A-Za-z])"
        pattern = re.compile(r"(?<![A-Za-z\d])" + r"[-‐‑–\s]*".join(parts) + tail, re.IGNORECASE)
        if not any(pattern.search(source.text) for source in sources):
            lacking.append((start, end))
    return lacking


def _holders(words: Sequence[Word], text: str) -> set[tuple[str, str]]:
    pairs = set()
    for known in find_known(words, text, in_capitals=True):
        if known.kind != "titles":
            continue
        for place in range(known.last, min(known.last + 3, len(words))):
            gap = text[words[place - 1].end : words[place].start]
            if not words[place].is_capital or not re.fullmatch(r"\.? ?", gap):
                break
            pairs.add((known.concept, words[place].key))
    return pairs


def _mixed(words: Sequence[Word], text: str, sources: Sequence[Carried]) -> list[Unsupported]:
    """Return titles given to another person than in the sources, where they name both holders."""
    held = frozenset(pair for source in sources for pair in source.holders)
    titles = {title for title, _ in held}
    names = {name for _, name in held}
    mixed = []
    for known in find_known(words, text, in_capitals=True):
        place = known.last
        if known.kind != "titles" or place >= len(words) or not words[place].is_capital:
            continue
        run = [pair[1] for pair in _holders(words[known.first :], text) if pair[0] == known.concept]
        name = words[place].key
        is_elsewhere = known.concept in titles and name in names
        if run and is_elsewhere and not any((known.concept, each) in held for each in run):
            mixed.append(Unsupported(words[known.first].start, words[place].end, False))
    return mixed


def _joined_runs(lacking: list[Unsupported], text: str) -> list[Unsupported]:
    runs: list[Unsupported] = []
    for each in lacking:
        last = runs[-1] if runs else None
        if last and each.start < last.end:
            if each.end > last.end:
                runs[-1] = Unsupported(last.start, each.end, last.is_place)
        elif last and re.fullmatch(r"\.? |-", text[last.end : each.start]):
            is_place = last.is_place or each.is_place
            runs[-1] = Unsupported(last.start, each.end, is_place)
        else:
            runs.append(each)
    return runs
