"""What a text speaks of, apart from its words: actors and matters, and which stand together.

Both languages map onto the same concepts, so that what is learned from English articles serves
Japanese ones; that two countries stand in one sentence with a matter between them tells more than
that both are named.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import combinations

ACTORS = ("us", "jp", "kr", "cn", "eu", "asia", "mideast")
_PAIR = ("us", "jp")
_KANA = re.compile("[\u3040-\u30ff]")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+|(?<=。)")
_TOKENS = re.compile(r"[a-z0-9+]+(?:[.&'’-][a-z0-9]+)*\.?")
_LEAD = 3  # the title and two sentences
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms and the concepts that they name: English ones by their first word, others whole.

    ``english`` maps the first word to its terms' further words and their concepts.
    """

    english: dict[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]
    japanese: dict[str, frozenset[str]]


@cache
def load_lexicon() -> Lexicon:
    """Return the package's concepts."""
    text = resources.files("alliance_nlp.vectors").joinpath("concepts.toml").read_text("utf-8")
    english: dict[str, dict[tuple[str, ...], set[str]]] = {}
    japanese: dict[str, set[str]] = {}
    for concept, terms in tomllib.loads(text).items():
        for term in terms["en"]:
            first, *further = _tokens(term)
            english.setdefault(first, {}).setdefault(tuple(further), set()).add(concept)
        for term in terms["ja"]:
            japanese.setdefault(term, set()).add(concept)
    return Lexicon(
        english={
            first: tuple((further, frozenset(named)) for further, named in terms.items())
            for first, terms in english.items()
        },
        japanese={term: frozenset(named) for term, named in japanese.items()},
    )


def _tokens(text: str) -> list[str]:
    return [token.rstrip(".").replace("’", "'") for token in _TOKENS.findall(text.lower())]


def concept_features(text: str) -> Iterator[str]:
    """Yield a text's concept features; the title is its first line.

    ``title:``, ``lead:`` and ``has:`` a concept, ``often:`` (in three sentences or more), pairs in
    one sentence (``tariff+us``), matters in a sentence with both countries (``both:tariff``) or in
    a text with one of them (``jp:tariff``), and actors that are missing (``no:us``).
    """
    counts: Counter[str] = Counter()
    is_japanese = bool(_KANA.search(text))
    for number, sentence in enumerate(_SENTENCES.split(text)):
        if not sentence:
            continue
        here = sorted(_japanese(sentence) if is_japanese else _english(sentence))
        counts.update(here)
        yield from _of_sentence(here, number)
    if text.strip():
        yield from _of_text(counts)


def _english(sentence: str) -> set[str]:
    starts = load_lexicon().english
    tokens = _tokens(sentence)
    found: set[str] = set()
    for place, token in enumerate(tokens, start=1):
        for further, concepts in starts.get(token, ()):
            if tuple(tokens[place : place + len(further)]) == further:
                found |= concepts
    return found


def _japanese(sentence: str) -> set[str]:
    named = load_lexicon().japanese.items()
    return {concept for term, concepts in named if term in sentence for concept in concepts}


def _of_sentence(here: list[str], number: int) -> Iterator[str]:
    for concept in here:
        if number == 0:
            yield f"title:{concept}"
        if number < _LEAD:
            yield f"lead:{concept}"
    for one, other in combinations(here, 2):
        yield f"{one}+{other}"
    if set(_PAIR) <= set(here):
        for concept in here:
            if concept not in ACTORS:
                yield f"both:{concept}"


def _of_text(counts: Counter[str]) -> Iterator[str]:
    for concept, n in sorted(counts.items()):
        yield f"has:{concept}"
        if n >= _OFTEN:
            yield f"often:{concept}"
        if concept not in ACTORS:
            for country in _PAIR:
                if country in counts:
                    yield f"{country}:{concept}"
    for actor in ACTORS:
        if actor not in counts:
            yield f"no:{actor}"
    if not set(_PAIR) <= set(counts):
        yield "no:both"
