"""What the full-text index is made of, and what a search box's text asks of it.

Both databases are handed the same words: folded (width, case, diacritics), dotted abbreviations
joined ("U.S." is "us"), and runs of Chinese, Japanese and Korean characters, which have no spaces,
as overlapping pairs of characters with the last character alone at their end: 日米同盟 is
``日米 米同 同盟 盟``. So any part of a run is found as a phrase of pairs, and of two characters as
one word. Single characters as words would do the same, but nearly every Japanese article has the
commonest of them, and a phrase of such words is slow to find. A character that is searched for
alone stands behind the text with a zero before it, as no word of a text does. What is left to the
database is to stem English.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# PostgreSQL counts positions up to 16,383 and takes a row's words up to 1 MiB; this stays below
# both for ordinary text and for the strangest.
MOST_CHARACTERS = 100_000
MOST_WORD = 64
# A search box's text; what goes on is cut off.
MOST_QUERY, MOST_TERMS, MOST_UNITS = 500, 24, 24
# Too many words begin with two letters to look them all up; fewer are taken as a whole word.
LEAST_PREFIX = 3

_MARKS = re.compile("[\u0300-\u036f]")  # the Latin ones: those of kana make another sound
_CJK = (
    "\u3005-\u3007\u303b\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af"
)
_ABBREVIATION = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}(?:[^\W\d_](?![^\W_]))?")
_POSSESSIVE = re.compile(r"['\u2019\u02bc]s(?![^\W_])")
_PART = re.compile(rf"(?P<cjk>[{_CJK}]+)|[^\W_{_CJK}]+")
_SIGN = re.compile(f"[{_CJK}]")
_WORD = re.compile(r"[^\W_]+")
# A word, an abbreviation or a single character as it stands in an article.
UNIT = re.compile(
    rf"{_ABBREVIATION.pattern}|[{_CJK}\uff66-\uff9f]"
    rf"|[^\W_{_CJK}\uff66-\uff9f]+(?:{_POSSESSIVE.pattern})?"
)
# The endings by which forms of an English word differ most, for what only marks or weighs; the
# databases stem.
UNIT_ENDING = re.compile(r"(?<=...)(?:ings?|ions?|ies|ied|ed|es|s|e|y)$")
_TERM = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+)')
_QUOTES = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2212": "-"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that stand one after the other; ``is_prefix``: the last may go on.

    ``words`` are those of the index, ``units`` the same for people: words, and single characters
    of runs.
    """

    words: tuple[str, ...]
    units: tuple[str, ...]
    is_prefix: bool = False
    is_excluded: bool = False


def indexed_words(text: str) -> str:
    """Return the words to index, in order, with single spaces between them."""
    folded = fold(text[:MOST_CHARACTERS])
    if folded.isascii() or not _SIGN.search(folded):  # most articles have no runs to cut
        return " ".join([word[:MOST_WORD] for word in _WORD.findall(folded)])
    parts = list(_PART.finditer(folded))
    signs = sorted({sign for part in parts if part["cjk"] for sign in part[0]})
    return " ".join([*_words(parts), *map(_alone, signs)])


def _alone(sign: str) -> str:
    return f"0{sign}"


def parse_query(query: str) -> tuple[Term, ...]:
    """Return what a search asks for; no terms, when it asks for nothing that can be found.

    Words must all occur; ``"words in quotes"`` one after the other; ``-word`` must not occur;
    ``word*`` may go on. Whatever else is in the text is no syntax.
    """
    normal = unicodedata.normalize("NFKC", query[:MOST_QUERY]).translate(_QUOTES)
    terms: list[Term] = []
    for found in _TERM.finditer(normal):
        term = _term(found)
        if term is not None and term not in terms:
            terms.append(term)
    wanted = [term for term in terms if not term.is_excluded]
    return tuple(terms[:MOST_TERMS]) if any(t in wanted for t in terms[:MOST_TERMS]) else ()


def _term(found: re.Match[str]) -> Term | None:
    word, phrase = found["word"], found["phrase"]
    is_excluded = bool(found["minus"]) if word is None else word.startswith("-")
    parts = list(_PART.finditer(fold(phrase if word is None else word)))[:MOST_UNITS]
    words = tuple(_words(parts, is_open=True))
    if not words:
        return None
    ends_alone = bool(parts[-1]["cjk"]) and len(parts[-1][0]) == 1
    goes_on = word is not None and word.endswith("*") and len(words[-1]) >= LEAST_PREFIX
    if ends_alone and len(parts) == 1:
        words, ends_alone = (_alone(parts[0][0]),), False
    units = tuple(unit for part in parts for unit in (part[0] if part["cjk"] else [part[0]]))
    return Term(words=words, units=units, is_prefix=goes_on or ends_alone, is_excluded=is_excluded)


def fold(text: str) -> str:
    """Return a text in one width and case, without Latin diacritics, abbreviations joined."""
    if not text.isascii():
        text = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text))
        text = unicodedata.normalize("NFC", _MARKS.sub("", text))
    text = _ABBREVIATION.sub(lambda found: found[0].replace(".", ""), text)
    return _POSSESSIVE.sub("", text).casefold()


def _words(parts: Sequence[re.Match[str]], *, is_open: bool = False) -> Iterator[str]:
    """Yield the words of a folded text's parts; an open one may go on after its last character."""
    for place, part in enumerate(parts, start=1):
        run = part[0]
        if not part["cjk"]:
            yield run[:MOST_WORD]
            continue
        yield from (run[at : at + 2] for at in range(len(run) - 1))
        if len(run) == 1 or not (is_open and place == len(parts)):
            yield run[-1]
