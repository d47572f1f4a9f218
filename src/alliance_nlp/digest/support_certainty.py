"""How sure a statement is: "may send", "will send" and "sent" are three claims.

A verb is flagged where every source sentence that says nearly the same is less sure of it. What
cannot be told (nouns, participles, the infinitive of a purpose) counts as sure in a source and is
never flagged in a sentence, so that only plain cases are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import IntEnum
from functools import lru_cache

from alliance_nlp.digest.support_known import Word, split_words
from alliance_nlp.digest.support_quotes import alike_parts, verb_stem

Span = tuple[int, int]


class _Sure(IntEnum):
    POSSIBLE = 1
    AHEAD = 2
    DONE = 3


_POSSIBLE = frozenset("may might could can".split())
_WILL = frozenset("will shall would must should ll".split())
# Before "to": what follows is wanted, not done.
_WANTED = frozenset(
    "plan plans planned planning expect expects expected set due aim aims aimed seek seeks sought "
    "hope hopes hoped want wants wanted intend intends intended propose proposes proposed threaten "
    "threatens threatened agree agrees agreed decide decides decided pledge pledges pledged "
    "promise promises promised vow vows vowed offer offers offered ask asks asked urge urges urged "
    "order orders ordered prepare prepares prepared preparing ready scheduled try tries tried "
    "trying attempt attempts attempted likely unlikely poised bound slated about consider "
    "considers commit commits committed request requested push pushed ordered authorized "
    "allowed allow allows permit permits permitted are is was were be plan".split()
)
_HEDGED_TO = frozenset("likely consider considers possible reluctant unsure".split())
# "is considering sending": the gerund is a thought.
_THOUGHT = frozenset(
    "consider considers considered considering weigh weighs weighed weighing discuss discusses "
    "discussed discussing explore explores explored exploring studying mulling eyeing".split()
)
_BETWEEN = frozenset(
    "not also be been have has had then soon even still only later both again now ever".split()
)
_HAVE = frozenset("has have had having ve".split())
_HEARSAY = re.compile(
    r"\b(?:alleged|allegedly|reportedly|apparently|possibly|perhaps|purportedly|supposedly|rumou?red|"
    r"suspected|believed to|thought to|said to|understood to|unconfirmed|presumably|likely)\b"
    r"|とみられる|とみられ|可能性|疑い|とされる|模様",
    re.IGNORECASE,
)
_ANY_HEDGE = re.compile(
    r"\b(?:alleg\w+|reportedly|apparently|possibl[ye]|possibility|perhaps|purported\w*|supposed\w*|"
    r"rumou?r\w*|suspect\w*|suspicion|believe[sd]?|thought|said|says|say|understood|unconfirmed|"
    r"presumabl[ye]|likely|may|might|could|would|seems?|seemed|appears?|appeared|according|reports?|"
    r"reported|accus\w+|claim\w*|told|estimate[sd]?|probabl[ye]|expected|charge[sd]?|doubt\w*)\b",
    re.IGNORECASE,
)
_PAST = re.compile(r"[a-z]{2,}ed$")
_STOP = re.compile(r"[,;:()—]")


def surer_verbs(text: str, texts: Sequence[str]) -> list[Span]:
    """Return the verbs of which a sentence is surer than any source sentence like it."""
    alike = alike_parts(text, texts)
    if not alike:
        return []
    stated: dict[str, _Sure] = {}
    for part in alike:
        for stem, sure, _, _ in _uses(part):
            known = sure or _Sure.DONE
            stated[stem] = max(stated.get(stem, known), known)
    found = [
        span
        for stem, sure, span, _ in _uses(text)
        if sure is not None and stem in stated and stated[stem] < sure
    ]
    return found or _without_hearsay(text, alike)


def _without_hearsay(text: str, alike: Sequence[str]) -> list[Span]:
    """Return the verb behind an "allegedly" that a sentence leaves out with every other hedge."""
    if _ANY_HEDGE.search(text):
        return []
    hedges = [_HEARSAY.search(part) for part in alike]
    if not all(hedges):
        return []
    hedged = {
        verb_stem(word.key)
        for part, hedge in zip(alike, hedges, strict=True)
        if hedge is not None
        for word in [w for w in split_words(part) if w.start >= hedge.end()][:2]
    }
    return [
        (word.start, word.end)
        for word in split_words(text)
        if len(word.key) > 3 and verb_stem(word.key) in hedged
    ][:1]


_Use = tuple[str, _Sure | None, Span, str]


@lru_cache(maxsize=1024)
def _uses(text: str) -> tuple[_Use, ...]:
    """Return each longer word's stem, how sure it is said (``None``: no telling) and its place."""
    words = split_words(text)
    return tuple(_all_uses(words, text))


def _all_uses(words: Sequence[Word], text: str) -> Iterable[_Use]:
    for place, word in enumerate(words):
        if len(word.key) < 3 or word.key in _WANTED | _THOUGHT or word.is_capital:
            continue
        start, sure = _governed(words, place, text=text)
        if sure is None and _is_past(word) and not _is_participle(words, place):
            start, sure = word.start, _Sure.DONE
        yield verb_stem(word.key), sure, (start, word.end), word.key


def _is_past(word: Word) -> bool:
    return bool(_PAST.search(word.key)) or (verb_stem(word.key) != word.key and word.key in _PASTS)


_PASTS = frozenset(
    "gave took made sent built bought sold held met left went came won lost said paid spent began "
    "chose kept led sought told brought sank flew drew withdrew grew rose fell struck shot".split()
)


def _is_participle(words: Sequence[Word], place: int) -> bool:
    """Tell whether a past form may be an attribute or a passive that something else governs."""
    before = words[place - 1].key if place else ""
    after = words[place + 1].key if place + 1 < len(words) else ""
    is_attribute = before in ("the", "a", "an", "its", "their", "his", "her", "of", "newly", "any")
    return is_attribute or before in ("be", "being", "get", "to") or (after == "by" and not before)


def _governed(words: Sequence[Word], place: int, *, text: str) -> tuple[int, _Sure | None]:
    """Return where what governs a verb begins, and how sure it leaves it."""
    at = place - 1
    while at >= 0 and place - at <= 4 and _stands_between(words[at]):
        if words[at].key in _HAVE and _is_past(words[place]):
            break
        at -= 1
    if at < 0 or place - at > 4 or _STOP.search(text[words[at].end : words[place].start]):
        return words[place].start, None
    key, start = words[at].key, words[at].start
    if key in _POSSIBLE:
        return start, _Sure.POSSIBLE
    if key in _WILL or words[at].surface.lower().endswith(("’ll", "'ll", "’d")):
        return start, _Sure.AHEAD
    if key in _HAVE:
        # "may have sent" is no "has sent".
        modal = words[at - 1].key if at else ""
        return start, _Sure.POSSIBLE if modal in _POSSIBLE | _WILL else _Sure.DONE
    if key == "to" and at and words[at - 1].key in _WANTED:
        hedged = words[at - 1].key in _HEDGED_TO
        return words[at - 1].start, _Sure.POSSIBLE if hedged else _Sure.AHEAD
    if words[place].key.endswith("ing") and key in _THOUGHT:
        return start, _Sure.POSSIBLE
    return words[place].start, None


def _stands_between(word: Word) -> bool:
    is_adverb = word.key.endswith("ly") and len(word.key) > 4
    return word.key in _BETWEEN or is_adverb
