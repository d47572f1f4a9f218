"""Sentence case for titles in Title Case or capitals, by how the articles write the words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_WORD = re.compile(r"[^\W\d_][\w’'.&-]*[\w]|[^\W\d_]")
# Words inside a sentence: what follows a stop, a line or a quotation mark is capital anyhow.
_INNER = re.compile(r"(?<=[a-z0-9,;)] )[^\W\d_][\w’'&-]*")
_SMALL = frozenset("a an the of in on at to for and or by with from as but nor vs via per".split())
_VERBS = frozenset(
    "says say vows vow eyes eye urges urge seeks seek plans plan signs sign hits hit calls call "
    "warns warn agrees agree begins begin holds hold meets meet wins win gets get sets set makes "
    "make takes take gives give sends send sees see faces face joins join ends end opens open "
    "backs back rejects reject approves approve unveils unveil launches launch announces announce "
    "boosts boost cuts cut raises raise visits visit leads lead tests test fires fire deploys "
    "deploy conducts conduct completes complete considers consider expects expect wants want "
    "will is are be has have not new over after amid against into ahead more than up down out "
    "between under during first its their his her it before since this that".split()
)
# Names that a title may have and its article not.
_NAMES = frozenset(
    "us uk eu un g7 nato japan china korea russia ukraine taiwan australia philippines india "
    "france germany britain canada tokyo washington beijing seoul manila canberra okinawa guam "
    "hawaii japanese american chinese korean russian british australian philippine european "
    "america europe asia pacific indo-pacific pentagon congress senate diet nippon toyota "
    "honda".split()
)
_TITLE_SHARE = 0.7
# Capitals side by side are a heading, which tells nothing of how its words are written.
_UNDER_SHOUTS = re.compile(r"\b[A-Z][A-Z’'.-]{2,}(?:[\s,]+[A-Z][A-Z’'.-]+)+\b")


def cased(title: str, texts: Sequence[str]) -> str:
    """Return a title in sentence case, names as the texts write them; others unchanged.

    A word stays capital if the texts write it so within sentences more often than not, or if it
    stands beside the same neighbour there; it is put in small letters if they write it so or do
    not hold it at all, since a report holds the names of its title.
    """
    words = [match.group() for match in _WORD.finditer(title)]
    long = [word for word in words if len(word) > 3]
    is_shouted = bool(long) and sum(word.isupper() for word in long) / len(long) > _TITLE_SHARE
    is_titled = bool(long) and sum(word[0].isupper() for word in long) / len(long) >= _TITLE_SHARE
    if len(long) < 3 or not (is_shouted or is_titled):
        return title
    seen = _forms([_UNDER_SHOUTS.sub(" ", text) for text in texts] if is_shouted else texts)
    named = _named(words, " ".join(texts), is_shouted)
    numbers = iter(range(len(words)))

    def recased(match: re.Match[str]) -> str:
        if next(numbers) in named:
            word = match.group()
            return word.capitalize() if is_shouted and len(word) > 3 else word
        return _recased(match.group(), seen, is_shouted)

    told = _WORD.sub(recased, title)
    return told[:1].upper() + told[1:]


def _named(words: Sequence[str], text: str, is_shouted: bool) -> set[int]:
    """Return the places of words that stand side by side in the texts with capitals: US Steel."""
    shown = [word.capitalize() if is_shouted and len(word) > 3 else word for word in words]
    places: set[int] = set()
    for place in range(len(shown) - 1):
        pair = shown[place : place + 2]
        if all(word[0].isupper() for word in pair) and " ".join(pair) in text:
            places |= {place, place + 1}
    return places


def _forms(texts: Sequence[str]) -> dict[str, Counter[str]]:
    """Return how the texts write each word; a capital at a sentence's start counts little."""
    seen: dict[str, Counter[str]] = {}
    for text in texts:
        inner = {match.start() for match in _INNER.finditer(text)}
        for match in _WORD.finditer(text):
            word = re.sub(r"['’]s$", "", match.group())
            weight = 10 if match.start() in inner or word.islower() else 1
            seen.setdefault(word.lower(), Counter())[word] += weight
    return seen


def _recased(word: str, seen: dict[str, Counter[str]], is_shouted: bool) -> str:
    stem = re.sub(r"['’]s$", "", word, flags=re.IGNORECASE)
    ending = word[len(stem) :].lower()
    low = stem.lower()
    if "." in stem or (stem.isupper() and not is_shouted) or any(c.isdigit() for c in stem):
        return word  # an abbreviation
    if low in _SMALL or (low in _VERBS and (is_shouted or low not in seen)):
        return low + ending
    forms = seen.get(low)
    if forms:
        common = max(sorted(forms), key=lambda form: forms[form])
        return common + ending
    if low in _NAMES:
        return (stem.upper() if len(low) < 3 else stem.capitalize()) + ending
    is_name = not is_shouted and (stem[1:] != stem[1:].lower() or "-" in stem)
    return stem + ending if is_name else low + ending
