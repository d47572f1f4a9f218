"""Quotations that must stand in a source to the letter, and verbs whose "not" came or went."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache

from alliance_nlp.digest.support_known import Word, is_japanese, split_words

_QUOTED = re.compile(
    r"“([^“”]+)”|\"([^\"]+)\"|「([^「」]+)」|『([^『』]+)』|«([^«»]+)»"
    r"|(?:(?<=\s)|(?<=^))‘([^‘’\n]*(?:’(?=\w)[^‘’\n]*)*)’(?!\w)"
    r"|(?:(?<=\s)|(?<=^))'([^'\n]*(?:'(?=\w)[^'\n]*)*)'(?!\w)"
)
_LEFT_OUT = re.compile(r"\.{3}|…|\[[^\]]*\]|\([^)]*\)")
_QUOTE_MARKS = re.compile("[“”\"„«»「」『』‘’'`´ʼ]")
_DASHES = re.compile("[‐‑‒–—―-]+")
SHORT_QUOTE_WORDS = 3

_NEGATOR = re.compile(
    r"\b(?:do|does|did|has|have|had|will|would|can|could|shall|should|must|is|are|was|were)\s+"
    r"(?:not|never|no longer)\b(?!\s+(?:only|just|merely|necessarily|least))"
    r"|\b(?:never|cannot)\b|\b\w{1,12}n['’]t\b"
    r"|\b(?:refus(?:e|ed|es|ing)|declin(?:e|ed|es|ing)|fail(?:ed|s|ing)?|yet|unable|unlikely)\s+to\b",
    re.IGNORECASE,
)
# These deny a thing: the next words up to a verb's.
_WITHOUT = re.compile(
    r"\b(?:no(?! (?:longer|more|fewer|less|later|sooner|doubt|matter|one)\b)|without|"
    r"lack(?:s|ed|ing)?|rul(?:e|ed|es|ing) out)\b(?=\s+[a-z])",
    re.IGNORECASE,
)
_THINGS = 2
_BESIDE_A_THING = frozenset("a an the its their his her any of further more other such".split())
_AFTER_A_THING = frozenset(
    "after before in on at by with from when as during since that which who to but because".split()
)
_CLOSES = re.compile(r"[.,;:]")
_DENIED_JA = re.compile(
    r"(?:なかった|していない|しない|できない|されない|されていない|ておらず|ません)"
    r"(?:と(?:の|いう|した|し|述べ|語|説明|発表|強調|明らか|話|指摘|みて|して)[^。]{0,14})?。?\s*$"
)
_NOT_DENIED_JA = re.compile(r"(?:しか|なければなら|ざるを得|かもしれ|に過ぎ|にすぎ|だけでは)\w*な")
_DENIES = re.compile(
    r"n['’]t\b|\b(?:no|not|never|none|nobody|nothing|neither|nor|without|refus|reject|"
    r"den(?:y|ied|ies)|fail|declin|avoid|un\w{3,}|in(?:complete|active|conclusive)|dis\w{4,}|lack|absent|absence|"
    r"withh|yet to|oppos|rul\w+ out|drop|abandon|halt|suspend|miss|only|except|short of|cannot|"
    r"stop|pass\w* over|skip|still|remain|pending|out of)",
    re.IGNORECASE,
)
_ADVERBS = frozenset(
    "yet be been being have has had also even ever do does did longer really going able expected "
    "planning to".split()
)
_SENTENCE = re.compile(r"(?<=[.!?。])\s+|\n")
# So many of a sentence's own words must a source sentence share, to be the same statement.
_SAME_FROM = 0.6
# Verbs that carry no news of their own.
_EMPTY = frozenset(
    "be is are was were have has had do does did can could will would may might should must".split()
)
_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "gave:give given:give took:take taken:take made:make sent:send built:build bought:buy "
        "sold:sell held:hold met:meet left:leave went:go gone:go came:come won:win lost:lose "
        "said:say paid:pay spent:spend began:begin begun:begin chose:choose chosen:choose "
        "kept:keep led:lead sought:seek told:tell brought:bring sank:sink sunk:sink flew:fly "
        "flown:fly drew:draw drawn:draw withdrew:withdraw withdrawn:withdraw grew:grow "
        "grown:grow rose:rise risen:rise fell:fall fallen:fall struck:strike shot:shoot"
    ).split()
)


def lacking_quotes(
    text: str, *, texts: Sequence[str], contexts: Sequence[str]
) -> list[tuple[int, int]]:
    """Return where quotations stand that no source has to the letter.

    Case, marks and spaces aside. Up to three words may stand elsewhere in the article: names in
    quotation marks do.
    """
    plain = plain_quote(" ".join(texts))
    around = (plain, *(plain_quote(context) for context in contexts))
    lacking = []
    for match in _QUOTED.finditer(text):
        inner = next(group for group in match.groups() if group is not None)
        is_short = len(plain_quote(inner).split()) <= SHORT_QUOTE_WORDS
        if not _stands(inner, around if is_short else (plain,)):
            lacking.append(match.span())
    return lacking


def quotations(text: str) -> list[tuple[int, int]]:
    """Return where the quotations of a text stand, their marks included."""
    return [match.span() for match in _QUOTED.finditer(text)]


def _stands(inner: str, sources: Sequence[str]) -> bool:
    if any(_is_in(plain_quote(inner), source) for source in sources):
        return True
    # What an editor left out, or put in brackets, parts a quotation into several.
    parts = [part for each in _LEFT_OUT.split(inner) if (part := plain_quote(each))]
    return bool(parts) and all(any(_is_in(part, each) for each in sources) for part in parts)


def _is_in(part: str, source: str) -> bool:
    return bool(re.search(rf"(?<![a-z0-9]){re.escape(part)}(?![a-z0-9])", source))


@lru_cache(maxsize=256)
def plain_quote(text: str) -> str:
    """Return a text as quotations are compared: small, words and figures alone, single spaces."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _DASHES.sub(" ", _QUOTE_MARKS.sub("", folded)).replace("%", " percent")
    # "U.S." and "US" are one; a stop between figures is part of the number.
    return " ".join(re.sub(r"[.,;:!?、。](?!\d)", "", folded).split())


def changed_negations(text: str, texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return verbs that the sentence denies and no source does, or the other way round.

    Only where a source sentence says nearly the same with the same verb, and always the other way.
    """
    changed = []
    said = _verbs(text)
    alike = [_verbs(part) for part in alike_parts(text, texts)]
    for verb, uses in said.items():
        stated = {is_denied for theirs in alike for is_denied, _ in theirs.get(verb, ())}
        states = {is_denied for is_denied, _ in uses}
        if len(states) == 1 and len(stated) == 1 and states != stated:
            changed.append(uses[0][1])
    return changed or _turned_from_japanese(text, texts)


def _turned_from_japanese(text: str, texts: Sequence[str]) -> list[tuple[int, int]]:
    """Return the whole of a sentence that denies nothing where its one Japanese source does."""
    if len(texts) != 1 or is_japanese(text) or _DENIES.search(text):
        return []
    source = texts[0].strip()
    is_one = source.rstrip("。").count("。") == 0
    is_denied = _DENIED_JA.search(source) and not _NOT_DENIED_JA.search(source)
    return [(0, len(text))] if is_one and is_denied and is_japanese(source) else []


def alike_parts(text: str, texts: Sequence[str], *, share: float = _SAME_FROM) -> list[str]:
    """Return the sentences of the sources that have most of a sentence's own words."""
    said = _verbs(text).keys()
    return [
        part
        for each in texts
        for part in _SENTENCE.split(each)
        if len(said & _verbs(part).keys()) >= share * len(said)
    ]


@lru_cache(maxsize=1024)
def _verbs(text: str) -> dict[str, list[tuple[bool, tuple[int, int]]]]:
    """Return each word's stem with whether a "not" governs it, and where both stand."""
    words = split_words(text)
    denied: dict[int, int] = {}
    for match in _NEGATOR.finditer(text):
        after = _places_after(words, match.end(), 5)
        for place in after:
            word = words[place]
            if re.search(r"[.,;:]", text[match.end() : word.start]):
                break
            if word.key in _ADVERBS or (word.key.endswith("ly") and len(word.key) > 4):
                continue
            denied[place] = match.start()
            break
    denied |= _without(text, words)
    uses: dict[str, list[tuple[bool, tuple[int, int]]]] = defaultdict(list)
    for place, word in enumerate(words):
        if word.key in _EMPTY or len(word.key) < 3:
            continue
        start = denied.get(place, word.start)
        uses[verb_stem(word.key)].append((place in denied, (start, word.end)))
    return dict(uses)


def _places_after(words: Sequence[Word], end: int, n: int) -> range:
    first = bisect_left(words, end, key=lambda word: word.start)
    return range(first, min(first + n, len(words)))


def _without(text: str, words: Sequence[Word]) -> dict[int, int]:
    """Return the places of the things that "no" and "without" deny, with where that begins."""
    denied: dict[int, int] = {}
    for match in _WITHOUT.finditer(text):
        after = _places_after(words, match.end(), 6)
        left = _THINGS
        for place in after:
            is_over = words[place].key in _AFTER_A_THING
            if is_over or not left or _CLOSES.search(text[match.end() : words[place].start]):
                break
            if words[place].key in _BESIDE_A_THING | _EMPTY or words[place].key[:6] == "report":
                continue  # "no injuries were reported" denies the injuries
            denied[place] = match.start()
            left -= 1
    return denied


def verb_stem(key: str) -> str:
    """Return what a word shares with its inflections: ``send`` for ``sent``, ``sends``."""
    key = _IRREGULAR.get(key, key)
    for ending in ("ies", "ied", "ing", "ed", "es", "s", "e"):
        bare = key.removesuffix(ending)
        if bare != key and len(bare) > 2:
            is_doubled = len(bare) > 3 and bare[-1] == bare[-2] and ending in ("ing", "ed")
            bare = bare[:-1] if is_doubled and bare[-1] not in "ls" else bare
            return bare + ("y" if ending in ("ies", "ied") else "")
    return key
