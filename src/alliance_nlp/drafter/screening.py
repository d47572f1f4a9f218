"""What no sentence of a digest has, whoever wrote it, and what shows that a model made it up.

This screens form and wording. Whether names, numbers, dates and places are in the sources is the
support check's to say; both must pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from alliance_nlp.core.text import words

SENTENCE_WORDS = (5, 60)
HEADLINE_CHARS = 110
# Share of a sentence's content words that its passages must have, and share of the smaller of two
# sentences' content words from which they tell the same.
_OWN_FROM = 0.6
_SAME_FROM = 0.8
_CLAUSE_WORDS = 2  # fewer content words say nothing by themselves
_FILLERS = frozenset(
    "that with from have will been were would which their this they than also after said says "
    "into over about before under while when where there could should more most such only".split()
)
_STEM = 5  # announce, announced and announcement begin alike

_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|『[^』]*』")
_LINK = re.compile(
    r"(?:https?|ftp|javascript|mailto):|\bdata:\w+/|\bwww\.|[\w.+-]+@[\w-]+\.\w|"
    r"\b[\w-]{2,}\.(?:com|org|net|info|gov|edu|mil|int|io|jp|uk|cn|ru|biz|xyz|example)\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"[<>{}`|\\^~]|\*\*|__|\]\(|&(?:\w+|#\d+);|^\s*(?:[#*•>-]|\d+[.)])\s")
# Orders, and what speaks of orders. Quoted or not: a source that orders may be quoted literally.
_ORDER = re.compile(
    r"^(?:please\s+|now\s+)?(?:ignore|disregard|forget|obey|pretend|click|subscribe)\b"
    r"|^(?:please\s+)?(?:output|print|repeat|reply|respond|answer|write|say|translate|append)\s+"
    r"(?:only|exactly|instead|nothing|the following|this|that|with|to this)\b"
    r"|\b(?:ignor|disregard|forget|overrid|bypass)(?:e|es|ing)?\b[^.]{0,40}"
    r"\b(?:instructions?|prompts?|rules|messages?|above|guidelines)\b"
    r"|\b(?:previous|prior|above|system|your|these) (?:instructions?|prompts?)\b",
    re.IGNORECASE,
)
_MODEL_SPEECH = re.compile(
    r"\b(?:as|i am|i[’']m) an? (?:ai|(?:large )?language model|assistant|chatbot)\b"
    r"|\b(?:language model|chatgpt|system prompt|json object)\b"
    r"|^(?:assistant|user|system|note|attention|important|sure|certainly|okay)\s*[:,!]"
    r"|^here (?:is|are) (?:the|a|an|your)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"(?<!War )(?<!Phase )\bI\b|\b(?:my|me)\b")
_READER = re.compile(r"\b(?:you|your|yours)\b", re.IGNORECASE)
_PASSAGE_ID = re.compile(r"\bp\d{1,2}\b|\b(?:the|this|source) passages?\b", re.IGNORECASE)
_DANGLING = re.compile(
    r"^(?:he|she|it|they|we|i|this|these|those|his|her|its|their|however|meanwhile|"
    r"moreover|furthermore|additionally|also|but|and|or|so)\b",
    re.IGNORECASE,
)
_RELATIVE_DAY = re.compile(
    r"\b(?:today|tonight|yesterday|tomorrow|this (?:morning|afternoon|evening|week|month)|"
    r"(?:last|next) (?:week|month|night))\b",
    re.IGNORECASE,
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b", re.IGNORECASE)
_DAY_OF_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.? \d{1,2}\b"
    r"|\b\d{1,2} (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[,;:—–()]|\s(?:and|but|while|as|which|who|that|because|after)\s")
# "may" is no month in lower case.
_DOUBT = re.compile(
    r"\b(?:may|might|could|if|alleged(?:ly)?|reportedly|suspected|accused|considering|propos\w+|"
    r"plan(?:s|ned|ning)?|expect(?:s|ed)|likely|possibl[ey]|unconfirmed|rumou?red|seek(?:s|ing)?|"
    r"would|threaten\w*)\b"
)
_JAPANESE = re.compile(r"[ぁ-ゖァ-ヺ一-鿿]")
_CONCRETE = re.compile(r"\d|(?<=\s)[A-ZÀ-ÞŌŪ]\w")


def sentence_problem(text: str) -> str:
    """Return why a text cannot be a sentence of the digest, or ``""``."""
    n_words = len(text.split())
    least, most = SENTENCE_WORDS
    if not least <= n_words <= most:
        return f"{n_words} words long"
    if text[-1] not in ".!?”\"'’)" or text.endswith("..."):
        return "no whole sentence"
    unquoted = _QUOTED.sub(" ", text)
    if _DANGLING.match(text):
        return f"begins with {text.split()[0]!r}, which leans on another sentence"
    if (match := _RELATIVE_DAY.search(unquoted)) is not None:
        return f"says {match.group()!r} without a date"
    if (match := _WEEKDAY.search(unquoted)) is not None and not _DAY_OF_MONTH.search(unquoted):
        return f"says {match.group()!r} without a date"
    return _wording_problem(text, unquoted)


def headline_problem(text: str, *, limits: tuple[int, int]) -> str:
    """Return why a text cannot be a headline of so many words, least and most, or ``""``."""
    n_words = len(text.split())
    least, most = limits
    if not least <= n_words <= most or len(text) > HEADLINE_CHARS:
        return f"{n_words} words and {len(text)} characters long"
    if text.endswith((".", "!", ":")) or text.isupper():
        return "a full stop, a call or capitals throughout"
    return _wording_problem(text, _QUOTED.sub(" ", text))


def _wording_problem(text: str, unquoted: str) -> str:
    if (match := _LINK.search(text)) is not None:
        return f"holds a link ({match.group()!r})"
    if _MARKUP.search(text):
        return "holds markup"
    if (match := _ORDER.search(text)) is not None:
        return f"reads like an instruction ({match.group()!r})"
    if (match := _MODEL_SPEECH.search(text) or _FIRST_PERSON.search(unquoted)) is not None:
        return f"reads like a model's own words ({match.group()!r})"
    if (match := _READER.search(unquoted)) is not None:
        return f"speaks to the reader ({match.group()!r})"
    if (match := _PASSAGE_ID.search(text)) is not None:
        return f"speaks of its material ({match.group()!r})"
    return ""


def wording_problem(text: str, passages: Sequence[str]) -> str:
    """Return why a text says something else than its passages, as far as words show it, or ``""``.

    An injected or imagined statement without names and numbers gives the support check nothing to
    hold on to. Its words are then not those of its passages, in the whole or in one clause, or the
    passages' doubt is gone. Passages in Japanese have no words to compare, so at least a name or a
    number must be there for that check to look at.
    """
    if any(_JAPANESE.search(passage) for passage in passages) and not _JAPANESE.search(text):
        is_bare = _CONCRETE.search(text) is None
        return "names nothing that could be looked up in its Japanese passages" if is_bare else ""
    own = _content(text)
    given = frozenset().union(*(_content(passage) for passage in passages))
    shared = len(own & given) / (len(own) or 1)
    if shared < _OWN_FROM:
        return f"has {1 - shared:.0%} of its words from elsewhere"
    for clause in _CLAUSE_END.split(text):
        said = _content(clause)
        if len(said) >= _CLAUSE_WORDS and not said & given:
            return f"says {clause.strip()!r}, of which its passages have no word"
    doubt = next((m for passage in passages if (m := _DOUBT.search(passage))), None)
    if doubt is not None and not _DOUBT.search(text):
        return f"states for certain what a passage does not ({doubt.group()!r})"
    return ""


def resting_on(text: str, passages: Sequence[str]) -> tuple[int, ...]:
    """Return which passages a text takes words from, in order; each adds some of its own.

    Of passages that give the same words the one that gives most counts. Passages in Japanese always
    count, since their words cannot be compared.
    """
    own = _content(text)
    shared = [own & _content(passage) for passage in passages]
    taken: frozenset[str] = frozenset()
    found = {i for i, passage in enumerate(passages) if _JAPANESE.search(passage)}
    for i in sorted(range(len(passages)), key=lambda i: -len(shared[i])):
        if shared[i] - taken:
            found.add(i)
            taken |= shared[i]
    return tuple(sorted(found))


def tells_the_same(one: str, other: str) -> bool:
    """Tell whether of two sentences the one holds nearly all the content words of the other."""
    a, b = _content(one), _content(other)
    return bool(a and b) and len(a & b) / min(len(a), len(b)) >= _SAME_FROM


def _content(text: str) -> frozenset[str]:
    return frozenset(
        word[:_STEM]
        for word in words(text)
        if (len(word) > 3 and word not in _FILLERS) or any(c.isdigit() for c in word)
    )
