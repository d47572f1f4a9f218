"""Records of the knowledge base by any of their names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from alliance_nlp.tag.gazetteer import surname_of_official
from alliance_nlp.tag.kb import KnowledgeBase
from alliance_nlp.tag.linking import holds
from alliance_nlp.tag.records import Base, Office, Official, Record, Ship

_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’‘`]")
_VOICED = "\u3099\u309a"  # part of the letter in kana: ガ is not カ
_KANA_OR_KANJI = re.compile("[\u3041-\u30ff\u3400-\u9fff]")


def find_records(kb: KnowledgeBase, name: str, on: date | None = None) -> tuple[Record, ...]:
    """Return the records that a name may stand for, the likeliest first.

    Names, aliases, Japanese writings, ids and hull numbers count, with and without a ship's
    prefix; case, accents, macrons, hyphens and spaces do not. Whole names come before surnames,
    then names that hold the words in any order, then names whose words begin with them.

    Parameters
    ----------
    on
        A day: of equally good matches, people in office on it come first
        (see :func:`offices_on`) and those who are not come last.
    """
    words = _words(name)
    if not words:
        return ()
    found = [
        (rank, known.record) for known in _index(kb) if (rank := _rank(known, words)) is not None
    ]
    found.sort(key=lambda pair: (pair[0], _lateness(pair[1], on)))
    return tuple(record for _, record in found)


def offices_on(record: Record, on: date) -> tuple[Office, ...]:
    """Return the offices that a person holds on a day; none for what is no person."""
    if not isinstance(record, Official):
        return ()
    return tuple(office for office in record.offices if holds(office, on))


def near_names(kb: KnowledgeBase, name: str, *, n: int = 3) -> tuple[str, ...]:
    """Return at most ``n`` names that are spelled nearly like this one, the nearest first."""
    spelled: dict[str, str] = {}
    for record in kb.records.values():
        shown = (record.name, *record.aliases)
        surnames = (surname_of_official(record),) if isinstance(record, Official) else ()
        for written in (*shown, *surnames, *record.ja):
            spelled.setdefault(" ".join(_words(written)), written)
    near = get_close_matches(" ".join(_words(name)), spelled, n=n, cutoff=0.7)
    return tuple(spelled[key] for key in near)


def _lateness(record: Record, on: date | None) -> int:
    if on is None:
        return 0
    if isinstance(record, Official):
        return 0 if offices_on(record, on) else 2
    return 1


@dataclass(frozen=True, slots=True)
class _Known:
    """A record with all that it may be called: words between blanks, and without any blank."""

    record: Record
    spaced: tuple[str, ...]
    joined: frozenset[str]
    surname: str


@lru_cache(maxsize=2)
def _index(kb: KnowledgeBase) -> tuple[_Known, ...]:
    known = []
    for record in kb.records.values():
        forms = [_words(form) for form in _forms(record)]
        surname = surname_of_official(record) if isinstance(record, Official) else ""
        spaced = dict.fromkeys(f" {' '.join(form)} " for form in forms)
        joined = frozenset("".join(form) for form in forms if form)
        known.append(_Known(record, tuple(spaced), joined, "".join(_words(surname))))
    return tuple(known)


def _rank(known: _Known, words: Sequence[str]) -> int | None:
    """Return how well the words fit, 0 for a whole name; ``None`` when they do not."""
    joined = "".join(words)
    if joined in known.joined:
        return 0
    if joined == known.surname:
        return 1
    if any(all(f" {word} " in form for word in words) for form in known.spaced):
        return 2
    if any(all(f" {word}" in form for word in words) for form in known.spaced):
        return 3
    # Japanese has no spaces, so a part of a writing is what a word is elsewhere.
    is_part = len(joined) > 1 and _KANA_OR_KANJI.search(joined)
    return 4 if is_part and any(joined in whole for whole in known.joined) else None


def _forms(record: Record) -> Iterator[str]:
    yield record.id
    names = (record.name, *record.aliases)
    yield from names
    yield from record.ja
    if isinstance(record, Ship):
        prefix, hull = record.prefix or "", record.hull or ""
        for name in names:
            yield f"{prefix} {name} {hull}"
            yield f"{prefix} {name}"
            yield f"{name} {hull}"
        yield hull
    if isinstance(record, Base) and record.short:
        yield record.short


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text without what does not count."""
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    bare = "".join(c for c in plain if c in _VOICED or not unicodedata.combining(c))
    return tuple(_WORD.findall(unicodedata.normalize("NFC", bare)))
