"""Headlines in the digest's style: six to twelve words, present tense, "US" and no full stop.

The best title of the story's articles is taken; where all are bad (questions, riddles, far too
short or long), the lead sentence is cut down to its clause. A story told in Japanese alone keeps
its Japanese title, since nothing here translates.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_nlp.core.text import one_line, shorten
from alliance_nlp.core.types import Article
from alliance_nlp.digest.casing import cased
from alliance_nlp.digest.choosing import terms
from alliance_nlp.digest.compressing import house_spelling
from alliance_nlp.digest.shortening import HEADLINE_WORDS, cut_back, is_half, wants_more
from alliance_nlp.digest.tenses import present_tense, tells, without_middle

HEADLINE_CHARS = 110

_KICKER = re.compile(
    r"^(?:(?:Breaking(?: news)?|Exclusive|Update(?: ?\d+)?|Urgent|Watch|Analysis|"
    r"Live(?: updates?)?|Editorial|Explainer|Explained|Opinion|Commentary|Column|Focus|Feature|"
    r"Video|Photos?|Press release|Statement|News|Report|Interview|Lead|Factbox|Correction|"
    r"Corrected|Just in|Developing|Top news|Op-?Ed|View|Review|Podcast)\s*(?::|\||[–—-]\s)\s*"
    r"|\((?:LEAD|\d(?:st|nd|rd|th) LEAD|UPDATE\d?|URGENT|EXCLUSIVE)\)\s*|\[[^\]]{2,20}\]\s*"
    r"|【[^】]{1,12}】\s*|(?:速報|独自|社説|主張|解説|号外)[：:|｜・ ]\s*)",
    re.IGNORECASE,
)
_BAR = re.compile(r"\s*[|｜]\s*[^|｜]{2,40}$")
_SUFFIX = re.compile(r"\s+[-–—]\s+(?P<name>[^-–—]{2,40})$|\s*[（(](?P<paren>[^（()）]{2,20})[)）]$")
_PRESS_NAME = re.compile(
    r"\b(?:News|Times|Post|Shimbun|Press|Herald|Journal|Gazette|Wire|Reuters|Kyodo|NHK|CNN|BBC|"
    r"Nikkei|Asia|Tribune|Today|Daily|Stripes|USNI|Bloomberg|AP|AFP|Jiji|Yomiuri|Asahi|Mainichi)\b"
    r"|新聞|通信|ニュース|ＮＨＫ"
)
_RIDDLE = re.compile(
    r"^(?:how|why|what|who|when|where|which|whose|can|could|is|are|will|would|should|does|do|did|"
    r"here['’]s|this is|these|meet|inside|watch|five|four|three|ten|seven|\d+)\s+"
    r"(?!(?:ships|jets|troops|people|killed|dead|firms|nations|countries|missiles|marines|sailors|"
    r"percent|million|billion|more|die|hurt|new)\b)|\byou(?:r)? |\bneed to know\b|\bthings\b|"
    r"\b(?:I|we|our|my|us|let['’]s)\b(?!\.)|\bshocking\b|\bwon['’]t believe\b|\bmust-read\b|"
    r"\b(?:should|must)\b|!|^(?:build|stop|give|let|keep|think|don['’]t|do not|remember|forget|ask|"
    r"make|consider)\s|^in (?:photos|pictures)\b|\bexplained\b",
    re.IGNORECASE,
)
_LEAD_ENDINGS = re.compile(
    r",\s+(?:the\s+)?[^,]{2,60}\s+(?:said|says|announced|reported)\b.*$|,\s+(?:according|which|who|"
    r"with|while|in what|as|after|amid|but|and|when|where|following|citing)\b.*$"
)
_LEAD_DATES = re.compile(
    r",?\s+(?:on|in|by|since|from)\s+(?:the\s+week\s+of\s+)?(?:January|February|March|April|May|June|"
    r"July|August|September|October|November|December)(?:\s+\d{1,2})?(?:,?\s+\d{4})?(?=[\s,.]|$)"
)
_ARTICLES = re.compile(r"(?<!\w)(?<!of )(?:the|an?)\s+(?=[\w$“\"])", re.IGNORECASE)
_SHORT_US = re.compile(r"\b(?:[Tt]he\s+)?United States\b(?! of| Steel)")
_NAMES = (
    (_SHORT_US, "US"),
    (re.compile(r"\bUnited Kingdom\b"), "UK"),
    (re.compile(r"\bEuropean Union\b"), "EU"),
)
_BAD_END = re.compile(
    r"\s+(?:a|an|the|of|to|in|on|at|for|with|and|or|by|from|that|its|their|as|into|over|will|is|"
    r"are|was|were|has|have|had|be|been|said|says|would|could|may|new|first|two|three|more|than)$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A headline and the article that it was taken from."""

    text: str
    article_id: str


def headline_of(articles: Sequence[Article], *, lead: str, lead_article_id: str) -> Headline:
    """Return the headline of a story.

    Parameters
    ----------
    articles
        The story's articles, the representative first; not empty.
    lead
        The bullet's first sentence, for want of a good title.
    """
    english = [article for article in articles if article.language != "ja"]
    if not english or all(article.language == "ja" for article in articles):
        first = articles[0]
        title = bare_title(first.title, outlets=(first.outlet, first.source_id))
        return Headline(text=shorten(title, HEADLINE_CHARS), article_id=first.id)
    texts = [article.text for article in english]
    made = [(_from_title(article, texts), article.id) for article in english]
    # The representative's title goes before another of the same worth.
    rated = [
        (_worth(text, terms(lead)) - 0.4 * min(place, 3), -place, text, article_id)
        for place, (text, article_id) in enumerate(made)
    ]
    best = max(rated)
    least, most = HEADLINE_WORDS
    if best[0] < 1.0 or not least <= len(best[2].split()) <= most:
        clause = _from_lead(lead)
        if clause and _worth(clause, terms(lead)) >= best[0]:
            return Headline(text=shorten(clause, HEADLINE_CHARS), article_id=lead_article_id)
    return Headline(text=shorten(best[2], HEADLINE_CHARS), article_id=best[3])


def bare_title(title: str, *, outlets: Sequence[str] = ()) -> str:
    """Return a title without the outlet's name behind it and without a kicker before it."""
    bare = _KICKER.sub("", _KICKER.sub("", one_line(title)))
    bare = _BAR.sub("", bare) if len(bare) > 12 else bare
    match = _SUFFIX.search(bare)
    if match:
        name = match["name"] or match["paren"]
        own = {_plain(outlet) for outlet in outlets if outlet}
        if _plain(name) in own or _PRESS_NAME.search(name):
            bare = bare[: match.start()]
    return bare.strip() or one_line(title)


def _plain(name: str) -> str:
    return re.sub(r"^the|[^a-z0-9\u3040-\u9fff]", "", name.lower())


def _from_title(article: Article, texts: Sequence[str]) -> str:
    title = bare_title(article.title, outlets=(article.outlet, article.source_id))
    title = _SHORT_US.sub("US", present_tense(house_spelling(cased(title, texts))))
    title = re.sub(r"(?<=\w)\.$", "", title)
    most = HEADLINE_WORDS[1]
    return cut_back(title) if len(title.split()) > most else title


def _worth(text: str, event: frozenset[str]) -> float:
    """Return how good a headline is: its length, whether it tells the event, whether it tells."""
    n = len(text.split())
    least, most = HEADLINE_WORDS
    worth = 1.5 - 0.5 * max(least - n, 0) - 0.25 * max(n - most, 0)
    shared = len(terms(text) & event)
    worth += 0.25 * min(shared, 4) - (0.8 if not shared else 0.0)
    if not tells(text):
        worth -= 0.7
    if text.endswith("?") or _RIDDLE.search(text.replace("US", "").strip()):
        worth -= 2.0
    return worth


def _from_lead(lead: str) -> str:
    """Return the lead's main clause as a headline, or ``""`` when it cannot be cut to one."""
    clause = _LEAD_DATES.sub("", without_middle(lead).rstrip('.!”"’ '))
    clause = _LEAD_ENDINGS.sub("", _LEAD_DATES.sub("", clause))
    if re.match(r"^(?:In|On|At|After|With|As|For|While|Following|Under|By)\b[^,]{3,80},\s", clause):
        clause = clause.split(", ", 1)[1]
    for pattern, new in _NAMES:
        clause = pattern.sub(new, clause)
    clause = present_tense(clause[:1].upper() + clause[1:], wide=True)
    clause = _ARTICLES.sub("", clause)
    clause = cut_back(clause, is_title=False) if len(clause.split()) > HEADLINE_WORDS[1] else clause
    clause = clause.strip(" ,;:")
    least, most = HEADLINE_WORDS
    is_whole = least <= len(clause.split()) <= most and not _BAD_END.search(clause)
    is_whole = is_whole and clause.count("“") == clause.count("”") and tells(clause)
    is_whole = is_whole and not is_half(clause) and not wants_more(clause)
    return clause[:1].upper() + clause[1:] if is_whole else ""
