"""Rules of the house style that a pattern cannot tell: each yields start, end and suggestion."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from alliance_nlp.digest.style_types import Place, word_count

_SMALL = dict(enumerate("two three four five six seven eight nine".split(), start=2))
_LARGE = {
    word: 10 + n
    for n, word in enumerate(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * n
    for n, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2
    )
}
_ONES = {word: n for n, word in {1: "one", **_SMALL}.items()}
_LARGE_WORD = re.compile(
    rf"(?<![\w-])(?:(?P<teen>{'|'.join(_LARGE)})|(?P<tens>{'|'.join(_TENS)})(?:-(?P<one>{'|'.join(_ONES)}))?)"
    r"(?![\w-])(?! (?:million|billion|trillion|thousand|hundred)\b)"
)
_DIGIT = re.compile(r"(?<![\w.,$€£¥/:%–—-])([2-9]) (?=[a-z]{3})")
# Figures stay figures before what is measured, and where they are numbers of something.
_MEASURED = re.compile(
    r"(?:million|billion|trillion|percent|per cent|points?|pct|dollars|yen|euros|won|yuan|pesos|"
    r"kilomet|met(?:er|re)s?\b|miles|feet|inches|tons|tonnes|kilograms|kilos|knots|degrees|"
    r"gigawatt|megawatt|nautical|nanomet|lit(?:er|re)s|barrels|and \d|to \d|or \d|p\.m|a\.m)"
)
_NUMBERED = re.compile(
    r"(?:\b(?:January|February|March|April|May|June|July|August|September|October|November|"
    r"December|No\.|Vol\.|Article|Type|Phase|Level|Chapter|Section|Round|Group|Tier|Block|Mach|"
    r"Camp|Route|FY)|\b\d+(?:,| and| to| or|-))\s*$"
)
_LAST_WORD = re.compile(r"([\w.-]+) $")
_HYPHENATED = re.compile(
    r"\b(?:a|an|the|its|their) ((?:two|three|four|five|six|seven|eight|nine|\d{1,3}) "
    r"(?:year|month|week|day|hour|mile|nation|member|seat|star)) (?=[a-z]+)"
)
_ACRONYM = re.compile(r"(?<![\w-])([A-Z]{3,6})s?(?![\w-])")
_DEFINED = re.compile(r"\(\s*(?:the )?([A-Z][A-Za-z&-]{1,8}?)s?\s*(?:[,;)/]|and\b)")
# Known to every reader, or names of ships and months rather than abbreviations.
_KNOWN = frozenset(
    "USA NATO ASEAN LNG LPG USS USNS JS NASA NHK IBM JERA CEO GDP COVID AUKUS HMAS HMS ROK ROKS "
    "TOKYO DDG CVN TSMC UNESCO OPEC FBI CIA BBC CNN VIP TV POW HIV AIDS ICBM".split()
)
_PART = r"(?>[A-Z][\w’'-]+|of|and|for|the)"
_FULL = re.compile(rf"(?<![\w’'-])({_PART}(?: {_PART})+) \(([A-Z]{{2,6}})\)")


def short_digits(text: str) -> Iterable[Place]:
    """Find 2 to 9 before what is counted."""
    for match in _DIGIT.finditer(text):
        before = text[: match.start()]
        if _MEASURED.match(text, match.end()) or _NUMBERED.search(before) or _names(before):
            continue
        word = _SMALL[int(match[1])]
        word = word.capitalize() if not text[: match.start()].strip() else word
        yield match.start(1), match.end(1), word


def _names(before: str) -> bool:
    """Tell whether a number after this text belongs to a name, such as "Arctic LNG 2"."""
    found = _LAST_WORD.search(before)
    if found is None or not found[1][0].isupper():
        return False
    ahead = before[: found.start()].rstrip(" \"“‘'(")
    is_first = not ahead or ahead[-1] in ".?!"
    return not is_first or (len(found[1]) > 1 and found[1].isupper())


def long_number_words(text: str) -> Iterable[Place]:
    """Find ten to ninety-nine in words; at the start of a sentence they have a capital and stay."""
    for match in _LARGE_WORD.finditer(text):
        value = _LARGE.get(match["teen"] or "")
        if value is None:
            value = _TENS[match["tens"]] + _ONES.get(match["one"] or "", 0)
        yield match.start(), match.end(), str(value)


def hyphenated_number(text: str) -> Iterable[Place]:
    """Find "a five year plan"."""
    for match in _HYPHENATED.finditer(text):
        yield match.start(1), match.end(1), match[1].replace(" ", "-")


def straight_quotes(text: str) -> Iterable[Place]:
    """Find straight quotation marks and apostrophes; an apostrophe between figures stays."""
    is_open = False
    for place, char in enumerate(text):
        before = text[place - 1] if place else " "
        after = text[place + 1] if place + 1 < len(text) else " "
        if char == "“":
            is_open = True
        elif char == "”":
            is_open = False
        elif char == '"':
            is_start = not is_open and (before.isspace() or before in "([—–-/‘'")
            is_open = is_start or (not is_open and not before.isalnum() and after.isalnum())
            yield place, place + 1, "“" if is_open else "”"
        elif char == "'" and not (before.isdigit() and after.isdigit()):
            # '24 and 'tis are apostrophes, but a pair around words is a quotation.
            closes = re.search(r"\w'(?=\W|$)", text[place + 1 :])
            is_start = before.isspace() or before in '([—–“"'
            opens = is_start and after.isalpha() and closes is not None
            yield place, place + 1, "‘" if opens else "’"


def unbalanced_quotes(text: str) -> Iterable[Place]:
    """Find a quotation mark that opens and never closes, or the other way round."""
    opened: int | None = None
    for place, char in enumerate(text):
        if char == "“":
            if opened is not None:
                yield opened, opened + 1, None
            opened = place
        elif char == "”":
            if opened is None:
                yield place, place + 1, None
            opened = None
    if opened is not None:
        yield opened, opened + 1, None


def undefined_abbreviations(text: str) -> Iterable[Place]:
    """Find abbreviations that nothing before explains, each once."""
    defined = {match[1].upper(): match.start() for match in reversed([*_DEFINED.finditer(text)])}
    seen: set[str] = set()
    for match in _ACRONYM.finditer(text):
        name = match[1]
        is_explained = name in defined and defined[name] <= match.start()
        # "LNG (liquefied natural gas)" explains itself behind.
        is_explained |= text[match.end() :].startswith(" (")
        if name in seen or name in _KNOWN or is_explained or text.isupper():
            continue
        seen.add(name)
        yield match.start(), match.end(), None


def repeated_full_names(text: str) -> Iterable[Place]:
    """Find a name written out again after its abbreviation was given."""
    for match in _FULL.finditer(text):
        run, short = match[1].split(" "), match[2]
        for n_words in range(2, len(run) + 1):
            name = " ".join(run[-n_words:])
            letters = "".join(word[0] for word in re.split(r"[ -]", name) if word[0].isupper())
            if letters != short:
                continue
            for again in re.finditer(rf"\b{re.escape(name)}\b(?! \()", text[match.end() :]):
                yield match.end() + again.start(), match.end() + again.end(), short
            break


def all_capitals(text: str) -> Iterable[Place]:
    """Find a text most of whose longer words are in capitals."""
    long = [word for word in re.findall(r"[^\W\d_]+", text) if len(word) > 3]
    if len(long) > 2 and sum(word.isupper() for word in long) > 0.6 * len(long):
        yield 0, len(text), None


def length(least: int, most: int) -> Callable[[str], Iterable[Place]]:
    """Return a check that a text has so many words."""

    def check(text: str) -> Iterable[Place]:
        if text.strip() and not least <= word_count(text) <= most:
            yield 0, len(text), None

    return check
