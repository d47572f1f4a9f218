"""What a text speaks of, apart from its words: actors and matters, and which stand together.

Both languages map onto the same concepts, so that what is learned from English articles serves
Japanese ones; that two countries stand in one sentence with a matter between them tells more than
that both are named.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import combinations

from alliance_nlp.vectors.lexicon import ACTORS, concepts_in, family, is_japanese

_PAIR = ("us", "jp")
_SENTENCES = re.compile(r"(?<=[.!?])\s+|\n+|(?<=。)")
_LEAD = 3  # the title and two sentences
_OFTEN = 3


def concept_features(text: str) -> Iterator[str]:
    """Yield a text's concept features; the title is its first line.

    ``title:``, ``lead:``, ``has:`` and ``often:`` (in three sentences or more) a concept or a
    family of them (``has:trade/tariffs``, ``has:trade``); families in one sentence (``jp+trade``)
    and an actor with a concept (``us+trade/tariffs``); matters in a sentence with both countries
    (``both:``) or in a text with one of them (``us:``, ``jp:``); the family with most sentences
    among actors and among matters (``most:``); and actors that are missing (``no:us``).
    """
    counts: Counter[str] = Counter()
    japanese = is_japanese(text)
    for number, sentence in enumerate(_SENTENCES.split(text)):
        if not sentence:
            continue
        here = concepts_in(sentence, japanese=japanese)
        # Sorted: a matrix must not differ in its last bits with the order of a set.
        names = sorted(here | set(map(family, here)))
        counts.update(names)
        yield from _of_sentence(names, number)
    if text.strip():
        yield from _of_text(counts)


def distinct_concepts(text: str) -> Iterator[str]:
    """Yield a text's concepts, once for each sentence that has them: for likeness of texts."""
    japanese = is_japanese(text)
    for sentence in _SENTENCES.split(text):
        yield from sorted(concepts_in(sentence, japanese=japanese))


def _of_sentence(names: list[str], number: int) -> Iterator[str]:
    families = [name for name in names if "/" not in name]
    matters = [name for name in names if family(name) not in ACTORS]
    if number == 0:
        yield from [f"title:{name}" for name in names]
    if number < _LEAD:
        yield from [f"lead:{name}" for name in names]
    yield from [f"{one}+{other}" for one, other in combinations(families, 2)]
    fine = [matter for matter in matters if "/" in matter]
    for actor in families:
        if actor in ACTORS:
            yield from [f"{actor}+{matter}" for matter in fine]
    if set(_PAIR) <= set(families):
        yield from [f"both:{matter}" for matter in matters]


def _of_text(counts: Counter[str]) -> Iterator[str]:
    named = [country for country in _PAIR if country in counts]
    for name, n in counts.items():
        yield f"has:{name}"
        if n >= _OFTEN:
            yield f"often:{name}"
        if family(name) not in ACTORS:
            for country in named:
                yield f"{country}:{name}"
    families = [(n, name) for name, n in counts.items() if "/" not in name]
    for kind in (True, False):
        if found := [entry for entry in families if (entry[1] in ACTORS) is kind]:
            yield f"most:{max(found)[1]}"
    yield from [f"no:{actor}" for actor in sorted(ACTORS) if actor not in counts]
    if len(named) < len(_PAIR):
        yield "no:both"
