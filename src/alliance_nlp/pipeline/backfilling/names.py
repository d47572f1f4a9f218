"""Does a page name anything of the field at all? Asked of raw bytes, in both languages.

The names are Japan's: places, offices, firms and forces of the lexicon, and of the knowledge base
its bases, ships, exercises and people, with the American forces and bases there. No article on
the alliance does without all of them, and most news of the world does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from alliance_nlp.pipeline.backfilling.quick_text import is_utf_8, quick_text
from alliance_nlp.tag import Base, Exercise, KnowledgeBase, Official, Ship, load_knowledge_base
from alliance_nlp.vectors import family_terms

# Chosen on the labelled items: of 911 relevant ones these and the tables leave out three, and of
# news of the world they let one page in ten go on. All terms of "bases" would let four go on.
_GROUPS = frozenset(
    (
        "jp",
        "bases/us-bases-in-japan",
        "bases/futenma-henoko",
        "bases/landing-practice-mageshima",
        "trade/trade-agreements",
        "defense/submarines-carriers",
    )
)
# Lower-cased, and what stands between words as blanks: to split that is ten times as fast as to
# look for words.
_WORDS = bytes(
    ord(chr(n).lower()) if n < 128 and chr(n).isalnum() else ord(" ") for n in range(256)
)
# In UTF-8 all of Japanese begins with one of these bytes, which begin no character of the West.
_NOT_WIDE = bytes(n for n in range(256) if not 0xE3 <= n <= 0xE9)
# Everyday words of English that are names in the tables; alone they tell nothing of Japan.
_EVERYDAY = frozenset(b"canon foster diet host bingo summit hansen taka sofa osprey".split())
_SHORTEST = 4
# References to characters of Japanese; those to quotes and dashes have fewer digits.
_WIDE_REFERENCE = re.compile(rb"&#(?:[1-6][0-9]{4}|[xX][3-9a-fA-F][0-9a-fA-F]{3})(?![0-9a-fA-F])")
# Ships are named in hiragana, and so are half the words of any sentence; who reports on a ship
# names her navy too.
_HIRAGANA = re.compile(r"[\u3040-\u309f]+")
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class FieldNames:
    """The names, ready to be looked for.

    ``english`` maps a name's rarest word to whole names, each as its words and as a sequence with
    single spaces; ``japanese`` a name's first two characters to whole names.
    """

    english: dict[bytes, tuple[tuple[frozenset[bytes], bytes], ...]]
    japanese: dict[str, tuple[str, ...]]

    def stand_in(self, raw: bytes, content_type: str = "") -> bool:
        """Tell whether one of the names stands in a page's text, given as its raw bytes."""
        words = raw.translate(_WORDS).split()
        seen = set(words)
        likely = [
            name
            for word in self.english.keys() & seen
            for parts, name in self.english[word]
            if parts <= seen
        ]
        if likely:
            joined = b" " + b" ".join(words) + b" "
            if any(name in joined for name in likely):
                return True
        return _may_be_wide(raw) and self._stand_in_japanese(quick_text(raw, content_type))

    def _stand_in_japanese(self, text: str) -> bool:
        if not _WIDE.search(text):
            return False
        pairs = {text[place : place + 2] for place in range(len(text) - 1)}
        known = self.japanese.keys() & pairs
        return any(name in text for pair in known for name in self.japanese[pair])


def _may_be_wide(raw: bytes) -> bool:
    """Tell whether Japanese may stand there: as UTF-8, as references, or in another charset."""
    if b"&#" in raw and _WIDE_REFERENCE.search(raw):
        return True
    if raw.isascii():
        return False
    return bool(raw.translate(None, _NOT_WIDE)) or not is_utf_8(raw)


@lru_cache(maxsize=4)
def field_names(extra: Path | None = None) -> FieldNames:
    """Return the names of the lexicon and the knowledge base, with a workspace's own tables.

    Parameters
    ----------
    extra
        Folder of further tables, see :func:`alliance_nlp.tag.load_knowledge_base`.
    """
    english, japanese = family_terms(_GROUPS)
    kb_english, kb_japanese = _of_tables(load_knowledge_base(extra))
    return names_of((*english, *kb_english), (*japanese, *kb_japanese))


def names_of(english: Iterable[str], japanese: Iterable[str]) -> FieldNames:
    """Return these names ready to be looked for; what is too short or too common is left out."""
    by_word: dict[bytes, set[bytes]] = {}
    for name in english:
        words = name.encode().translate(_WORDS).split()
        telling = [word for word in words if word not in _EVERYDAY and len(word) >= _SHORTEST]
        if telling and not (len(words) == 1 and words[0] in _EVERYDAY):
            rarest = max(telling, key=lambda word: (len(word), word))
            by_word.setdefault(rarest, set()).add(b" " + b" ".join(words) + b" ")
    by_pair: dict[str, set[str]] = {}
    for name in japanese:
        if len(name) > 1 and not _HIRAGANA.fullmatch(name):
            by_pair.setdefault(name[:2], set()).add(name)
    return FieldNames(
        english={
            word: tuple((frozenset(name.split()), name) for name in sorted(names))
            for word, names in sorted(by_word.items())
        },
        japanese={pair: tuple(sorted(names)) for pair, names in sorted(by_pair.items())},
    )


def _of_tables(kb: KnowledgeBase) -> tuple[set[str], set[str]]:
    english: set[str] = set()
    japanese: set[str] = set()
    for base in kb.of(Base):
        if base.country == "JP":
            english |= {base.name, *base.aliases, *([base.short] if base.short else [])}
            japanese |= set(base.ja)
    for official in kb.of(Official):
        if official.country == "JP":
            english |= {official.name, *official.aliases}
            japanese |= set(official.ja)
    for exercise in kb.of(Exercise):
        if "JP" in (*exercise.hosts, *exercise.partners) and not exercise.ambiguous:
            english |= {exercise.name, *exercise.aliases}
            japanese |= set(exercise.ja)
    for ship in kb.of(Ship):
        if ship.country == "JP":
            english |= {f"{ship.prefix or 'JS'} {ship.name}", *ship.aliases}
            japanese |= set(ship.ja)
    return english, japanese
