"""What words stand for, in both languages: fine concepts, and the coarse families they are of.

The lexicon is the folder ``tables`` beside this module: tables in TOML, written from general
knowledge and not from the labelled items. English terms count as whole words or phrases, whatever
their case; Japanese ones wherever they stand.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

# Families of who and where; all others are of what.
ACTORS = frozenset(
    ("us jp kr kp cn tw ru eu uk au ph asean india mideast namer other pacific intl").split()
)
_KANA = re.compile("[\u3040-\u30ff]")
_TOKENS = re.compile(r"[a-z0-9+]+(?:[.&'-][a-z0-9]+)*\.?")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Terms and their concepts; a concept is named ``family/concept``.

    ``english`` maps a term's first word to the words that follow and its concepts, ``japanese``
    the first two characters to whole terms and their concepts.
    """

    english: dict[str, tuple[tuple[tuple[str, ...], frozenset[str]], ...]]
    japanese: dict[str, tuple[tuple[str, frozenset[str]], ...]]


@cache
def load_lexicon() -> Lexicon:
    """Return the package's lexicon."""
    english: dict[str, dict[tuple[str, ...], set[str]]] = {}
    japanese: dict[str, dict[str, set[str]]] = {}
    folder = resources.files("alliance_nlp.vectors").joinpath("tables")
    for table in sorted(folder.iterdir(), key=lambda table: table.name):
        for name, entry in tomllib.loads(table.read_text("utf-8")).items():
            concept = f"{entry['of']}/{name}"
            for term in entry["en"]:
                first, *further = _tokens(term)
                english.setdefault(first, {}).setdefault(tuple(further), set()).add(concept)
            for term in entry["ja"]:
                japanese.setdefault(term[:2], {}).setdefault(term, set()).add(concept)
    return Lexicon(
        english={
            first: tuple((further, frozenset(named)) for further, named in terms.items())
            for first, terms in english.items()
        },
        japanese={
            head: tuple((term, frozenset(named)) for term, named in terms.items())
            for head, terms in japanese.items()
        },
    )


@cache
def family(concept: str) -> str:
    """Return the family of a concept: what stands before the stroke."""
    return concept.partition("/")[0]


def is_japanese(text: str) -> bool:
    """Tell whether a text has kana, and so is read as Japanese."""
    return bool(_KANA.search(text))


def concepts_in(sentence: str, *, japanese: bool) -> set[str]:
    """Return the concepts whose terms stand in a sentence."""
    return _japanese(sentence) if japanese else _english(sentence)


def _tokens(text: str) -> list[str]:
    tokens = _TOKENS.findall(text.lower().replace("’", "'"))
    return [token[:-1] if token[-1] == "." else token for token in tokens]


def _english(sentence: str) -> set[str]:
    starts = load_lexicon().english
    tokens = _tokens(sentence)
    found: set[str] = set()
    for place, token in enumerate(tokens, start=1):
        if token in starts:
            for further, concepts in starts[token]:
                if not further or tuple(tokens[place : place + len(further)]) == further:
                    found |= concepts
    return found


def _japanese(sentence: str) -> set[str]:
    heads = load_lexicon().japanese
    text = unicodedata.normalize("NFKC", sentence)
    found: set[str] = set()
    for place in range(len(text) - 1):
        for term, concepts in heads.get(text[place : place + 2], ()):
            if text.startswith(term, place):
                found |= concepts
    return found
