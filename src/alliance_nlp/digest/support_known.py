"""What goes by several names: countries, places, bodies and titles, found in a text."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

# Letters but those of Japanese, which has no spaces: SUVを begins with the word SUV.
_LETTER = "[^\\W\\d_\u3005\u3040-\u30ff\u4e00-\u9fff]"
_WORD = re.compile(rf"(?:{_LETTER}\.){{2,}}{_LETTER}?|{_LETTER}+(?:['’ʼ‘`´]{_LETTER}+)*")
_POSSESSIVE = re.compile(r"['’ʼ‘`´](?:s|S)$")
_APOSTROPHES = re.compile(r"['’ʼ‘`´.]")
_COUNTRY_SIGNS = "日米中韓露英仏独豪比印台欧加伊越朝"
# 日 and 中 stand everywhere; beside another country, or before what a country has, they are one.
_SIGN = re.compile(
    rf"[{_COUNTRY_SIGNS}]{{2,}}|米"
    rf"|[{_COUNTRY_SIGNS}](?=軍|政府|側|首脳|外相|首相|大統領|海軍|海警|国防|当局)"
    rf"|(?<=[対訪駐在反親])[{_COUNTRY_SIGNS}]"
)
_JAPANESE = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")
_LONGEST_ACRONYM = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands, ``text[start:end]``, and its key: folded, small, no possessive."""

    start: int
    end: int
    surface: str
    key: str

    @property
    def is_capital(self) -> bool:
        """Whether it begins with a capital letter."""
        return self.surface[0].isupper()


@dataclass(frozen=True, slots=True)
class Known:
    """A known name found: words ``first`` to ``last`` (not included) name ``concept``."""

    first: int
    last: int
    concept: str
    kind: str


@dataclass(frozen=True, slots=True)
class _Table:
    english: dict[str, tuple[tuple[tuple[str, ...], str, bool], ...]]
    japanese: tuple[tuple[str, str], ...]
    signs: dict[str, str]
    kinds: dict[str, str]
    ways: dict[str, str]


@cache
def _table() -> _Table:
    tables = resources.files("alliance_nlp.digest").joinpath("tables")
    raw = tomllib.loads(tables.joinpath("known.toml").read_text("utf-8"))
    english: dict[str, list[tuple[tuple[str, ...], str, bool]]] = {}
    japanese: list[tuple[str, str]] = []
    kinds: dict[str, str] = {}
    for kind in ("countries", "places", "bodies", "titles"):
        for name, (names, japanese_names) in raw[kind].items():
            concept = f"{kind}/{name}"
            kinds[concept] = kind
            japanese += [(each, concept) for each in japanese_names.split("; ")]
            for surface in names.split("; "):
                words = split_words(surface)
                is_acronym = len(words) == 1 and surface.isupper()
                needs_capitals = is_acronym and len(surface) <= _LONGEST_ACRONYM
                keys = tuple(word.key for word in words)
                english.setdefault(keys[0], []).append((keys[1:], concept, needs_capitals))
    full = {concept.partition("/")[2]: concept for concept in kinds}
    return _Table(
        english={key: tuple(sorted(each, reverse=True)) for key, each in english.items()},
        japanese=tuple((name, concept) for name, concept in japanese if len(name) > 1),
        signs={name: concept for name, concept in japanese if len(name) == 1},
        kinds=kinds,
        ways={full[name]: full[way] for name, way in raw["ways"].items()},
    )


@cache
def _common_words() -> frozenset[str]:
    tables = resources.files("alliance_nlp.digest").joinpath("tables")
    lines = tables.joinpath("common-words.txt").read_text("utf-8").splitlines()
    return frozenset(" ".join(line for line in lines if not line.startswith("#")).split())


def is_common(key: str) -> bool:
    """Tell whether a word, or what it is inflected from, is an everyday word."""
    common = _common_words()
    if key in common:
        return True
    for ending, instead in (
        ("ies", "y"), ("ied", "y"), ("es", ""), ("s", ""), ("ed", ""), ("ed", "e"), ("ing", ""),
        ("ing", "e"), ("ly", ""), ("er", ""), ("er", "e"),
    ):  # fmt: skip
        stem = key.removesuffix(ending)
        if stem != key and len(stem) > 2 and (stem + instead in common):
            return True
        if stem != key and len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in common:
            return True
    return False


def fold(surface: str) -> str:
    """Return a word small, without diacritics, stops, apostrophes or possessive."""
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", surface))
    bare = "".join(char for char in plain if not unicodedata.combining(char))
    return _APOSTROPHES.sub("", bare).casefold()


@lru_cache(maxsize=512)
def split_words(text: str) -> tuple[Word, ...]:
    """Return the words of a text; a hyphen parts them."""
    words = []
    for match in _WORD.finditer(text):
        key = fold(match.group())
        if key:
            words.append(Word(match.start(), match.end(), match.group(), key))
    return tuple(words)


def find_known(words: Sequence[Word], text: str, *, in_capitals: bool) -> Iterator[Known]:
    """Yield the known names at every word, the longest at each first.

    Parameters
    ----------
    in_capitals
        Only those whose first word has a capital: in a digest's sentence, not in a source.
    """
    table = _table()
    for place, word in enumerate(words):
        if in_capitals and not word.is_capital:
            continue
        found: list[Known] = []
        for further, concept, needs_capitals in table.english.get(word.key, ()):
            last = place + 1 + len(further)
            if tuple(each.key for each in words[place + 1 : last]) != further:
                continue
            if needs_capitals and not word.surface.isupper():
                continue
            if _is_one_phrase(words[place:last], text):
                found.append(Known(place, last, concept, table.kinds[concept]))
        yield from sorted(found, key=lambda known: -known.last)


def _is_one_phrase(words: Sequence[Word], text: str) -> bool:
    # "Tokyo. Governor" is not one name, "Trade and Industry" and "Sec. of Defense" are.
    gaps = (text[a.end : b.start] for a, b in pairwise(words))
    return all(re.fullmatch(r"[ .,\-–‐‑&\n]{1,3}", gap) and "\n" not in gap for gap in gaps)


@lru_cache(maxsize=512)
def carried_concepts(text: str) -> frozenset[str]:
    """Return every known name that a source text has, in either language."""
    table = _table()
    words = split_words(text)
    concepts = {known.concept for known in find_known(words, text, in_capitals=False)}
    for place, word in enumerate(words):
        before = words[place - 1].key if place else ""
        if word.key in ("korea", "korean", "koreans") and before not in ("north", "south"):
            concepts |= {"countries/south-korea", "countries/north-korea"}
    if _JAPANESE.search(text):
        concepts |= {concept for name, concept in table.japanese if name in text}
        signs = {sign for match in _SIGN.finditer(text) for sign in match.group()}
        concepts |= {table.signs[sign] for sign in signs if sign in table.signs}
    return frozenset(concepts)


def is_japanese(text: str) -> bool:
    """Tell whether a text is written in Japanese for the most part."""
    return len(_JAPANESE.findall(text)) > 0.3 * len(text)


def ways_to_say(concept: str) -> Iterable[str]:
    """Return what stands for a concept and what it stands for: a capital and its country."""
    ways = _table().ways
    if concept in ways:
        yield ways[concept]
    yield from (name for name, way in ways.items() if way == concept)


@cache
def japanese_names() -> tuple[tuple[str, str, bool], ...]:
    """Return Japanese names of countries, places and bodies: name, concept, whether a place."""
    table = _table()
    return tuple(
        (name, concept, table.kinds[concept] in ("countries", "places"))
        for name, concept in table.japanese
        if table.kinds[concept] != "titles"
    )
