"""Which sentences tell a story: the event first, then what adds to it, nothing twice."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from alliance_nlp.core.text import words
from alliance_nlp.core.types import Article, SentenceSource
from alliance_nlp.digest.retelling import EVENT_SENTENCES, retells

# Bullets of published issues run from 67 to 142 words; names and offices come on top.
BULLET_WORDS = (67, 142)
ENOUGH_WORDS = 92
MOST_SENTENCES = 6
# A sentence of whose words this share was said already adds too little.
SAID_FROM = 0.45
# Sentences of two reports that share this much of the shorter one's words tell the same.
SAME_FROM = 0.55
# So much tells that another report's sentence is news already told, if not that it backs it.
ALIKE_FROM = 0.42
_MOST_SOURCES = 4
_LONGEST_LEAD = 45

_FIGURE = re.compile(r"\d|\b(?:million|billion|trillion|percent|half|dozen|hundreds|thousands)\b")
_SUM = re.compile(
    r"[$€£¥]\s?\d|\d\s?%|\d (?:percent|million|billion|trillion)\b|\b\d{1,3}(?:,\d{3})+\b"
)
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_DAY = re.compile(
    r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)"
    r"\s\d{1,2}\b|\d月\d{1,2}日"
)
_DATE_NUMBER = re.compile(rf"(?:{_DAY.pattern})(?:,\s\d{{4}})?")
_WHY = re.compile(
    r"\b(?:because|aim(?:s|ed)?|intended|in response|amid|in order|so that|first time|the first|"
    r"would (?:allow|give|make|let|mean)|purpose|designed to|seeks? to|concerns?|pressure|threat|"
    r"deter|part of|allows?|enables?|strengthen|counter|after|since|despite|but)\b"
)
_OPINION = re.compile(r"\b(?:should|must|ought|perhaps|arguably|surely|alas|frankly|absurd)\b")
_SMALL = frozenset(
    "that this with from have will would their which were been also than they said more into over "
    "other about after could when where while such some between under during most only both many "
    "last next year years told says".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A sentence that could be told, as it would be told.

    Attributes
    ----------
    article, start, end
        Its source, ``article.text[start:end]``.
    text
        Compressed and dated.
    place, position
        The article's place in the story and the sentence's in the article, from 0.
    n_mentions
        How many entities it names.
    follows
        Whether it makes sense only after the sentence before it.
    looks_back
        Whether it speaks of what must have been named: "the two leaders". It never leads.
    """

    article: Article
    start: int
    end: int
    text: str
    place: int
    position: int
    n_mentions: int = 0
    follows: bool = False
    looks_back: bool = False

    @property
    def terms(self) -> frozenset[str]:
        """What it says: its longer words without their endings, and its numbers."""
        return terms(self.text)

    @property
    def n_words(self) -> int:
        """Its length in words; two letters of Japanese count as one."""
        return n_words(self.text, self.article.language)

    @property
    def source(self) -> SentenceSource:
        """Where it comes from."""
        return SentenceSource(article_id=self.article.id, start=self.start, end=self.end)


def n_words(text: str, language: str) -> int:
    """Return the length of a text in words; two letters of Japanese count as one."""
    return len(text) // 2 if language == "ja" else len(text.split())


@lru_cache(maxsize=8192)
def terms(text: str) -> frozenset[str]:
    """Return a text's longer words without their endings, and its numbers."""
    pairs = re.findall(r"[぀-ヿ㐀-鿿]{2}", text)  # Japanese has no spaces
    found = (word for word in words(text) if word.isdigit() or len(word) > 3)
    return frozenset([*pairs, *(_stem(w) for w in found if w not in _SMALL and w.isascii())])


def _stem(word: str) -> str:
    for ending in ("ing", "ies", "ed", "es", "s", "e"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    return word


def choose(options: Sequence[Option], articles: Sequence[Article]) -> list[Option]:
    """Return the sentences of a bullet in the order in which they are told.

    The lead comes first, then sentences by what they add, until there are enough words. Sentences
    of one report keep their order; reports come in the order in which they were chosen.
    """
    if not options:
        return []
    weights = _weights(options, articles)
    # A sentence that hangs on another never leads.
    free = [option for option in options if not option.follows] or list(options)
    leads = [option for option in free if not option.looks_back] or free
    lead = max(leads, key=lambda o: (_lead_score(o, weights), -o.place, -o.position))
    lead = _with_figures(lead, leads, weights)
    chosen = [lead]
    ranked = sorted(options, key=lambda o: (-_score(o, weights, lead), o.article.id, o.start))
    while len(chosen) < MOST_SENTENCES and _total(chosen) < ENOUGH_WORDS:
        option = next((o for o in ranked if _adds(o, chosen, weights)), None)
        if option is None:
            break
        chosen.append(option)
    first = {option.article.id: rank for rank, option in reversed(list(enumerate(chosen)))}
    rest = sorted(chosen[1:], key=lambda option: (first[option.article.id], option.start))
    return [lead, *rest]


def sources_of(option: Option, options: Iterable[Option]) -> tuple[SentenceSource, ...]:
    """Return a sentence's source, then the sentences of other reports that tell the same."""
    same: dict[str, Option] = {}
    for other in options:
        if other.article.id == option.article.id or not _tells_same(option, other):
            continue
        if _is_reprint(option.article, other.article):
            continue
        held = same.get(other.article.id)
        if held is None or likeness(option, other) > likeness(option, held):
            same[other.article.id] = other
    ordered = sorted(same.values(), key=lambda other: (other.place, other.start))
    return (option.source, *(other.source for other in ordered[: _MOST_SOURCES - 1]))


def _is_reprint(one: Article, other: Article) -> bool:
    """Tell whether both are one outlet's report, met at two addresses: that is one source."""
    return one.outlet != "" and (one.outlet, one.title) == (other.outlet, other.title)


def likeness(one: Option, other: Option) -> float:
    """Return the share of the shorter sentence's terms that the other has too, 0 to 1."""
    shared = len(one.terms & other.terms)
    return shared / (min(len(one.terms), len(other.terms)) or 1)


def _tells_same(one: Option, other: Option) -> bool:
    if one.article.language != other.article.language:
        return False
    if likeness(one, other) < SAME_FROM and one.text != other.text:
        return False
    # "six died" and "seven died" are not two sources of one sentence.
    numbers, others = _numbers(one.text), _numbers(other.text)
    return numbers <= others or others <= numbers


def _is_as_good_as(one: Option, other: Option) -> bool:
    """Tell whether a sentence has nothing to add to another; reports repeat one another's news."""
    limit = SAME_FROM if one.article.id == other.article.id else ALIKE_FROM
    return one.text == other.text or likeness(one, other) >= limit


def _is_retold(option: Option, chosen: Sequence[Option]) -> bool:
    """Tell whether another report's sentence in the bullet has told this one's news."""
    if option.article.language == "ja":
        return False
    others = [other.text for other in chosen if other.article.id != option.article.id]
    return retells(option.text, others, is_event=option.position < EVENT_SENTENCES)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(_DATE_NUMBER.sub(" ", text)))


def _weights(options: Sequence[Option], articles: Sequence[Article]) -> Mapping[str, float]:
    """Return how much each term is the story's: in titles, in several reports, said again."""
    weights: Counter[str] = Counter()
    for article in articles:
        title = terms(article.title)
        for term in title:
            weights[term] += 2
        for term in terms(article.text) - title:
            weights[term] += 1
    said = Counter(term for option in options for term in option.terms)
    return {
        term: min(weight - 1, 4) + (0.5 if said[term] > 1 else 0.0)
        for term, weight in weights.items()
    }


def _cohesion(option: Option, weights: Mapping[str, float]) -> float:
    return sum(weights.get(term, 0.0) for term in option.terms) / (len(option.terms) or 1)


def _score(option: Option, weights: Mapping[str, float], lead: Option | None = None) -> float:
    score = min(_cohesion(option, weights), 2.0) + 0.2 * min(option.n_mentions, 4)
    score += 0.5 if _FIGURE.search(option.text) else 0.0
    score += 0.3 if _DAY.search(option.text) else 0.0
    score += 0.3 if _WHY.search(option.text) else 0.0
    score -= 0.7 if _OPINION.search(option.text) else 0.0
    score -= 0.5 if option.n_words > 40 else 0.0
    score -= 0.12 * min(option.position, 8) + 0.3 * min(option.place, 3)
    if lead is not None and option.article.id != lead.article.id:
        score -= 0.2
    return score


def _lead_score(option: Option, weights: Mapping[str, float]) -> float:
    first = {0: 2.6, 1: 1.0, 2: 0.4}.get(option.position, 0.0)
    # A short first sentence is a flourish; the event has a who, a what and a when.
    flourish = 0.8 if option.n_words < 12 else 0.0
    return _score(option, weights) + first + _cohesion(option, weights) - flourish


def _with_figures(lead: Option, leads: Sequence[Option], weights: Mapping[str, float]) -> Option:
    """Return another report's lead that tells the same with the figure that the lead has not.

    Since it is told but once, a figure that the lead leaves out would be lost.
    """
    if _numbers(lead.text) or lead.article.language == "ja":
        return lead
    richer = [
        option
        for option in leads
        if option.position < EVENT_SENTENCES
        and _SUM.search(option.text)
        and set(_DAY.findall(option.text)) & set(_DAY.findall(lead.text))
        and _is_retold(option, [lead])
        and option.n_words <= _LONGEST_LEAD
    ]
    return max(richer, key=lambda o: (_lead_score(o, weights), -o.place), default=lead)


def _total(chosen: Sequence[Option]) -> int:
    return sum(option.n_words for option in chosen)


def _adds(option: Option, chosen: Sequence[Option], weights: Mapping[str, float]) -> bool:
    total = _total(chosen)
    if option in chosen or total + option.n_words > BULLET_WORDS[1] - 8:
        return False
    said = frozenset().union(*(other.terms for other in chosen))
    if any(_is_as_good_as(option, other) for other in chosen):
        return False
    if len(option.terms & said) / (len(option.terms) or 1) > SAID_FROM:
        return False
    if _is_retold(option, chosen):
        return False
    if option.follows and not any(
        o.article.id == option.article.id and o.position == option.position - 1 for o in chosen
    ):
        return False
    is_beside = _cohesion(option, weights) < 0.1 and not option.n_mentions
    return not (is_beside and total >= BULLET_WORDS[0])
