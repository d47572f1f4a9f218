"""Reading a role: where a title begins, what office it is, and whether it is held now."""

from __future__ import annotations

from dataclasses import dataclass

from alliance_nlp.tag.geography import country_codes, place_words
from alliance_nlp.tag.titles import BUSINESS, FORMER, GOVERNMENT, MILITARY, NOT_YET, Head, heads
from alliance_nlp.tag.trie import VALUE
from alliance_nlp.tag.vocabulary import office_words
from alliance_nlp.tag.words import Words, is_abbreviation

# Within a noun phrase to the left of a title: what may stand there besides capitalised words.
_LEFT_SMALL = frozenset(
    "deputy vice acting senior principal assistant associate chief top defense defence foreign "
    "trade prime economic security national state parliamentary administrative army navy air force "
    "marine military government prefecture prefectural provincial city town village municipal "
    "central government's cabinet economy finance energy industry environment agriculture "
    "transport "
    "justice interior health education digital policy lead highest new current outgoing regional "
    "ruling opposition party council assembly embassy ministry department agency police coast "
    "guard "
    "ground maritime self tariff special presidential joint staff general house senate committee "
    "majority minority base command fleet former ex retired late then previous newly elected "
    "appointed union company club team business startup university bank league federation maker "
    "giant firm industry group tech oil gas longtime onetime ranking executive human rights "
    "nuclear "
    "climate cyber intelligence north south east west bureau division office lower upper island "
    "revitalization reconstruction revitalisation infrastructure land commerce treasury labor "
    "welfare culture science technology affairs".split()
)
_HARD_STOPS = frozenset(',;:()[]\n“”"‘—–!?')
_GENITIVE = frozenset({"'", "s"})


@dataclass(frozen=True, slots=True)
class Role:
    """A title as read: its words, whether it makes an official, and what it tells for linking.

    Attributes
    ----------
    verdict
        ``"official"``, ``"former"`` or ``"none"``.
    country
        ISO code told by the title, or ``""``.
    phrase
        The title in lower case, for the kind of office.
    """

    verdict: str
    country: str
    phrase: str
    rank: bool = False


def head_at(words: Words, start: int) -> tuple[int, Head] | None:
    """Return the end of the longest title head at ``start`` and the head.

    Dots and hyphens between its words are passed over: ``Lt. Gen.``, ``Director-General``.
    """
    node = heads().root
    index, best = start, None
    while index < words.n:
        child = node.get(words.lows[index])
        if child is None:
            break
        node, index = child, index + 1
        if words.norm(index) == "." and is_abbreviation(words.lows[index - 1]):
            index += 1
        if VALUE in node:
            best = (index, node[VALUE][0])
        if words.norm(index) == "-" and words.touches(index):
            index += 1
    return best


def left_phrase(words: Words, start: int) -> int:
    """Return where the noun phrase that ends in the title head at ``start`` begins."""
    index = start
    while index > 0 and start - index < 9 and _modifies(words, index - 1):
        index -= 1
    return index


def _modifies(words: Words, index: int) -> bool:
    """Tell whether a word may belong to the noun phrase of the title after it."""
    word, low = words.norms[index], words.lows[index]
    if word == ".":
        return index > 0 and is_abbreviation(words.low(index - 1))
    if low in _LEFT_SMALL or word in _GENITIVE or word == "-":
        return True
    return (word[0].isupper() and low not in _NO_MODIFIER) or word[0].isdigit()


_NO_MODIFIER = frozenset(
    "the a an and or but in on at by with from to for of as while when after before said says "
    "according meanwhile however also his her their its our my i he she they we it this that these "
    "those mr mrs ms is was were are has have had then since during under both if".split()
)


def classify(words: Words, head: Head, span: tuple[int, int], *, complement: int) -> Role:
    """Judge a title from its head at ``span``, what precedes it and its complement.

    Parameters
    ----------
    complement
        End of the complement (``of the Missile Defense Agency``), or the head's end.
    """
    start, end = span
    left = left_phrase(words, start)
    before = words.lows[left:start]
    after = words.lows[end:complement]
    phrase = " ".join([*before, *words.lows[start:end], *after])
    country = country_of(words, left, complement)
    if _is_former(words, left, start):
        return Role("former", country, phrase)
    if after and after[0] == "-" and after[1:2] and after[1] in NOT_YET:
        return Role("former", country, phrase)
    if any(low in NOT_YET for low in after[:2]) or "candidate" in before:
        return Role("former", country, phrase)
    force = head.force
    if force == "rank" and not words.is_capital(start):
        force = "country" if head.phrase in _SMALL_RANKS else "none"
        if force == "none":
            return Role("unknown", country, phrase)
    if force == "none":
        return Role("none", country, phrase)
    if force == "rank":
        return Role("official", country, phrase, rank=True)
    if force == "sure":
        private = head.phrase in ("ambassador", "amb", "counterpart", "governor", "mayor")
        if private and any(low in ("brand", "goodwill", "tourism", "honorary") for low in before):
            return Role("none", country, phrase)
        return Role("official", country, phrase)
    return Role(_weak_verdict(words, head, (left, start, end, complement)), country, phrase)


_SMALL_RANKS = frozenset({"commander", "captain", "colonel", "admiral", "general"})
_BARE = frozenset({"president", "vice president", "secretary", "speaker", "presidents"})


def _weak_verdict(words: Words, head: Head, places: tuple[int, int, int, int]) -> str:
    left, start, end, complement = places
    before, after = words.lows[left:start], words.lows[end:complement]
    around = [*before, *after]
    official = _governs(around)
    country = _country_beside(words, left, start, tail=(end, complement))
    nation = country and before and before[-1] in country_codes() and not after
    if any(low in BUSINESS for low in around) and not (nation or _military(around)):
        return "none"
    if official:
        return "official"
    if head.force == "country" and country:
        return "official"
    if head.phrase in _BARE and words.is_capital(start) and not after:
        return "official" if not _company_like(words, left, start) else "none"
    if any(words.is_capital(i) for i in range(left, start)) or after:
        return "none"
    return "unknown"


def _governs(around: list[str]) -> bool:
    return any(low in GOVERNMENT for low in around)


def _military(around: list[str]) -> bool:
    return any(low in MILITARY for low in around) and not any(
        low in ("university", "college", "institute", "professor", "systems", "company", "corp")
        for low in around
    )


def _company_like(words: Words, left: int, start: int) -> bool:
    """Tell whether a capitalised word that is no country and no office stands before the head."""
    codes = country_codes()
    return any(
        words.is_capital(i)
        and words.lows[i] not in codes
        and words.lows[i] not in office_words()
        and words.lows[i] not in _PLAIN_LEFT
        for i in range(left, start)
    )


_PLAIN_LEFT = frozenset("north south vice deputy acting new current outgoing first interim".split())


def _country_beside(words: Words, left: int, start: int, *, tail: tuple[int, int]) -> bool:
    """Tell whether a country's name or adjective modifies the head."""
    codes = country_codes()
    end, complement = tail
    stop = start - 2 if words.lows[max(0, start - 2) : start] == ["'", "s"] else start
    if stop > left and (
        words.lows[stop - 1] in codes or " ".join(words.lows[max(0, stop - 2) : stop]) in codes
    ):
        return True
    lows = words.lows[end:complement]
    return (
        bool(lows) and lows[0] in ("of", "to", "for") and country_of(words, end, complement) != ""
    )


def _is_former(words: Words, left: int, start: int) -> bool:
    lows = words.lows
    if any(low in FORMER and low != "then" for low in lows[left:start]):
        return True
    if "then" in lows[left:start]:
        return any(lows[i] == "then" and words.norm(i + 1) == "-" for i in range(left, start))
    for back in (left - 1, left - 2):
        if back < 0 or lows[back] not in ("the", "a", "an", "former", "ex", "late", "retired", "-"):
            return False
        if lows[back] in FORMER:
            return True
    return False


def country_of(words: Words, first: int, last: int) -> str:
    """Return the ISO code of the first country named between two words, or ``""``."""
    codes = country_codes()
    for index in range(first, last):
        if not words.is_capital(index):
            continue
        for size in (3, 2, 1):
            if index + size <= last:
                code = codes.get(" ".join(words.lows[index : index + size]))
                if code and not (size == 1 and words.lows[index] in ("north", "south")):
                    return code
    return ""


def complement_end(words: Words, end: int) -> int:
    """Return the end of a title's complement: ``of State for East Asian and Pacific Affairs``.

    The complement holds connectors, words of office and places; a capitalised word of no such
    kind directly after ``of``, ``for``, ``to`` or ``at`` is an unknown place or office.
    """
    index, last = end, end
    while index < words.n and index - end < 24:
        low, word = words.lows[index], words.norms[index]
        if low in _CONNECTORS:
            if word == "-" and not words.touches(index):
                break
            index += 1
            continue
        if word == "," and not _continues(words, index):
            break
        if word == "," or word == "&":
            index += 1
            continue
        known = low in office_words() or low in place_words() or word[0].isdigit()
        if word[0].isupper() and not known:
            known = words.low(index - 1) in ("of", "for", "to", "at") or (
                words.low(index - 1) == "the" and words.low(index - 2) in ("of", "for", "to", "at")
            )
        if not known or not (word[0].isupper() or low in office_words() or word[0].isdigit()):
            break
        index += 1
        if words.norm(index) == "." and words.touches(index) and len(low) == 1:
            index += 1
        last = index
    return last


_CONNECTORS = frozenset("of for to the and in charge at on ' s - s".split())


def _continues(words: Words, comma: int) -> bool:
    """Tell whether a comma stands inside a list of offices: ``Land, Infrastructure and``."""
    after = comma + 1
    while words.low(after) in ("and", "the"):
        after += 1
    return words.is_capital(after) and words.low(after) in office_words()
