"""Compression by rules on a sentence's words: what tells the reader nothing is left out.

No rule changes a fact or reaches into quotation marks, and one whose result may not be a sentence
is not applied: better a long sentence than a broken one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from alliance_nlp.digest.cutting import CUT, capitalised, mend, quoted_spans, replace_each

# A sentence this long may lose an aside or a trailing clause as well.
LONG_WORDS = 28
_LEAST_WORDS = 6

_OUTLETS = (
    "Kyodo|Kyodo News|Reuters|Associated Press|AP|AFP|NHK|NHK World|Nikkei|Nikkei Asia|Jiji|"
    "Jiji Press|Bloomberg|Bloomberg News|Yomiuri|Yomiuri Shimbun|Asahi|Asahi Shimbun|Mainichi|"
    "Mainichi Shimbun|Sankei|Sankei Shimbun|Yonhap|Yonhap News Agency|Xinhua|Financial Times|"
    "Wall Street Journal|New York Times|Washington Post|Japan Times|CNN|BBC|CNBC|Axios|Politico|"
    "public broadcaster NHK|local media|media reports|news reports|press reports|Japanese media|"
    "the report|a report"
)
_SAYS = r"(?:said|says|reported|reports|has reported|has learned|reported earlier)"
_TOLD_PRESS = re.compile(
    r"\s+told\s+(?:reporters|journalists|the\s+press|a\s+(?:regular\s+)?(?:news|press)\s+"
    r"(?:conference|briefing))(?:\s+here)?(?=\s+(?:that|in|at|on|after|during|late)\b|,|\.)"
)
_IN_STATEMENT = re.compile(
    r"(?:(?<=said)|(?<=announced)|(?<=stated)|(?<=confirmed))\s+(?:in|at|during)\s+an?\s+"
    r"(?:(?:regular|daily|weekly|brief|short|written|news|press|media|online|televised)\s+)*"
    r"(?:statement|release|conference|briefing|post)(?=\s+(?:on|that|late|early|in)\b|\s*[,.])"
)
_PARENTHESIS = re.compile(r"\s*\((?P<inside>[^()]{1,60})\)")
# Tickers, party and state, ages, and words for the eye.
_FOR_NOBODY = re.compile(
    r"[A-Z]{2,8}\s?:\s?[A-Z0-9.]{1,8}|\d{4}\.[A-Z]{1,2}|[A-Z]{1,5}\.[A-Z]{1,2}"
    r"|[A-Z]{1,2}\.?(?:,\s*|-)[A-Z][A-Za-z.]{1,6}|\d{2}|pictured.*|see .*|left|right|center|above"
    r"|photo.*|file|in Japanese|in English|link|PDF"
)
_AGE = re.compile(r"(?<=[a-z]),\s+(?:aged?\s+)?\d{2},(?=\s)")
_LEADING = re.compile(
    r"^(?:Meanwhile|In addition|Additionally|Also|Moreover|Furthermore|Separately|Notably|However|"
    r"Nevertheless|Nonetheless|Importantly|Significantly|Interestingly|Indeed|In fact|Of course|"
    r"Still|Yet|But|That said|On the other hand|At the same time|For (?:his|her|its|their) part|"
    r"Overall|As expected|Unsurprisingly|To be sure|In short|In other news|Elsewhere|"
    r"Besides|After all)"
    r"\s*,\s+(?=[A-Za-zÀ-ž“\"‘\d])"
)
_CONJUNCTION = re.compile(r"^(?:But|And|Yet|Plus)\s+(?=(?:the|an?|some|many|there|\d+|[A-Z]\w+)\b)")
_WORDY = (
    (re.compile(r"\bin order to\b"), "to"),
    (re.compile(r"\b(?:Mr|Ms|Mrs)\.?\s+(?=[A-Z])"), ""),
    (re.compile(r"(?<=\w)\s+here(?=[.,])"), ""),
    (re.compile(r"\s+overnight(?=\s+(?:that|named|said|on|in|by|after)\b|[.,])"), ""),
    (re.compile(r"\ba total of\s+(?=[\d$€£¥])"), ""),
    (re.compile(r"\bin an effort to\b"), "to"),
    (re.compile(r"\bdue to the fact that\b"), "because"),
    (re.compile(r"\bU\.S\.(?:A\.)?(?!\w)|\bUSA\b"), "US"),
    (re.compile(r"\bU\.K\.(?!\w)"), "UK"),
    (re.compile(r"\bU\.N\.(?!\w)"), "UN"),
    (re.compile(r"\bE\.U\.(?!\w)"), "EU"),
)
_ASIDE = re.compile(
    r",\s+(?:who|which|whose)\s+(?P<inside>[^,;:()—–]{6,160}),\s+(?=(?:is|are|was|were|has|have|had|"
    r"will|would|can|could|may|might|should|must|did|does|said|says|told|met|held|made|took|gave|"
    r"went|came|began|sent|left|led|won|lost|rose|fell|kept|spoke|wrote|plans|wants|expects|"
    r"[a-z]{3,}ed)\b)"
)
_TAIL = re.compile(r",\s+(?:which|who)\s+(?P<inside>[^;:()—–]{6,200})(?P<end>[.!])$")
# What an aside may hold that the reader would miss.
_MATTERS = re.compile(r"\d|\b(?:million|billion|trillion|percent|not|never|no|but|only)\b")


def compressed(text: str, *, outlets: Iterable[str] = (), tighter: bool = False) -> str:
    """Return an English sentence without what tells the reader nothing.

    Parameters
    ----------
    outlets
        Names of the outlets that tell the story; attributions to them go, as those to the
        agencies and papers that everybody quotes.
    tighter
        Whether a sentence of more than :data:`LONG_WORDS` words also loses an aside between
        commas and a trailing "which" that carry no figure.
    """
    spelled = house_spelling(text)
    short = _without_outlets(spelled, outlets)
    short = _cut(_PARENTHESIS, short, only=lambda m: bool(_FOR_NOBODY.fullmatch(m["inside"])))
    short = replace_each(_AGE, short, lambda _: "") or short
    short = replace_each(_TOLD_PRESS, short, lambda _: " said") or short
    short = replace_each(_IN_STATEMENT, short, lambda _: "") or short
    short = _without_lead_in(short)
    if tighter and len(short.split()) > LONG_WORDS:
        short = _without_asides(short)
    return short if _is_whole(short, spelled) else spelled


def house_spelling(text: str) -> str:
    """Return a text with "US" for "U.S." and few words for many, quotations as they are."""
    whole = text
    for pattern, new in _WORDY:
        text = _put(pattern, text, new)
    # "… of the U.S." had one stop for the abbreviation and for the sentence.
    lost_stop = whole.endswith(".") and not text.endswith(".")
    return " ".join(text.split()) + ("." if lost_stop else "")


def _put(pattern: re.Pattern[str], text: str, new: str) -> str:
    return replace_each(pattern, text, lambda _: new) or text


def _cut(pattern: re.Pattern[str], text: str, *, only: Callable[[re.Match[str]], bool]) -> str:
    cut = replace_each(pattern, text, lambda m: CUT if only(m) else m.group())
    return mend(cut or text)


def _without_outlets(text: str, outlets: Iterable[str]) -> str:
    own = "|".join(re.escape(name) for name in sorted(set(outlets)) if len(name) > 2)
    name = rf"(?:[Tt]he\s+)?(?:{_OUTLETS}{'|' + own if own else ''})(?:['’]s\s+reports?)?"
    day = r"(?:\s+(?:on\s+)?[A-Z][a-z]+(?:\s+\d{1,2})?)?"
    trailing = re.compile(rf",\s+(?:{name}\s+{_SAYS}|according\s+to\s+{name}){day}(?=[.,])")
    leading = re.compile(
        rf"^(?:According\s+to\s+(?:a\s+report\s+(?:by|from|in)\s+)?{name}{day},\s+|"
        rf"{name}\s+{_SAYS}{day}\s+that\s+)"
    )
    return _cut(leading, _cut(trailing, text, only=_always), only=_always)


def _always(_: re.Match[str]) -> bool:
    return True


def _without_lead_in(text: str) -> str:
    for pattern in (_LEADING, _CONJUNCTION):
        match = pattern.match(text)
        if match and len(text) - match.end() > 20:
            text = capitalised(text[match.end() :])
    return text


def _without_asides(text: str) -> str:
    text = _cut(_ASIDE, text, only=lambda m: not _MATTERS.search(m["inside"]))
    match = _TAIL.search(text)
    if match is None or len(text.split()) <= LONG_WORDS or _MATTERS.search(match["inside"]):
        return text
    if any(start < match.end() - 1 and end > match.start() for start, end in quoted_spans(text)):
        return text
    return text[: match.start()] + match["end"]


def _is_whole(short: str, text: str) -> bool:
    """Tell whether a compressed sentence is one still, with its end and its quotations."""
    quotes = [text[start:end] for start, end in quoted_spans(text)]
    kept = [short[start:end] for start, end in quoted_spans(short)]
    return (
        quotes == kept
        and short.count("(") == short.count(")")
        and short[-1:] == text[-1:]
        and len(short.split()) >= min(_LEAST_WORDS, len(text.split()))
        and CUT not in short
    )
