"""Whether a sentence stands alone: whole, no talk of the paper's own, nothing dangling."""

from __future__ import annotations

import re

from alliance_nlp.digest.cutting import quoted_spans

WORDS = (6, 60)
_JAPANESE_CHARS = (15, 220)
_DATELINE = re.compile(
    r"^(?:[A-ZÀ-Þ][\w.'’/-]*[,\s]+){1,8}(?:\d{1,2}(?:,\s*\d{4})?,?\s+)?"
    r"(?:\([^)]{2,60}\)\s*)?(?:--|[—–]|-\s)\s*"
)
# "Senator Visits Yard Norfolk, VA-- The senator …": a title on the line of its report.
_HEADED = re.compile(r"^(?P<head>.{20,220}?)\s?(?:--|—)\s+(?=[A-Z])")
# "NEW DELHI: Ministers met": a place in capitals with a colon.
_PLACE_COLON = re.compile(r"^[A-Z]{3,}(?:[ /][A-Z]{2,}){0,2}(?:,\s[A-Z][a-z]+)?:\s+(?=[A-Z“\"])")
_WIRE_SIGN = re.compile(r"^\(?[A-Z][\w .&-]{1,40}\)?\s*(?:--|[—–])\s*")
# 【東京＝ワシントン支局】 and （東京 3日 ○○）
_JAPANESE_DATELINE = re.compile(r"^(?:【[^】]{1,30}】|［[^］]{1,30}］|[（(][^）)]{1,20}[）)])\s*")
_DANGLING = re.compile(
    r"^[\"“'‘]?(?:he|she|it|they|we|i|you|this|that|these|those|his|her|its|their|there['’]s|so|then|"
    r"but|and|or|nor|yet|plus|(?:some|many|most|few|both) (?:are|were|will|have|had|say|said|want)|"
    r"earlier|later|such|another|others|neither|some of them|none|for example|for instance|"
    r"as a result|similarly|instead|if so|likewise|both (?:are|were|have|will|of them|said)|"
    r"by contrast|in contrast|in return|in turn|in reply|in all|"
    r"in response, (?:he|she|it)|the (?:former|latter)|the (?:first|second|third|other) (?:is|was)|"
    r"one (?:is|was|reason|of (?:them|these|those))|that['’]s|it['’]s|they['’]re|he['’]s|she['’]s|"
    r"not|certainly not|mr\.? (?:president|speaker|chairman)|"
    r"here|what|who|why|how|when asked|asked|"
    r"(?:if|when|while|as|among|with|for|in|to|of|by|on|behind|after|before|because|once|unless|"
    r"under|(?:some|one|most|many|all|both|none|part) of) (?:it|them|these|those|this|that|him|he|"
    r"she|they))\b",
    re.IGNORECASE,
)
_COMES = re.compile(
    r"^(?:The|Such an?|Those|Their|His|Her)\s+(?:\w+\s+)?(?:move|decision|announcement|comments?|"
    r"remarks?|development|news|statements?|visit|step|call|warning|figures?|report)\s+"
    r"(?:comes?|came|follows?|followed|is|was)\b"
)
# "The answer is no" without its question.
_ANSWERS = re.compile(
    r"^(?:The|Its|Their)\s+(?:\w+\s+)?(?:answer|question|reason|reasons|result|problem|difference|catch|"
    r"upshot|trouble|idea|point|irony|lesson|snag)\s+(?:is|are|was|were|lies|lay|remains)\b"
)
# A heading that ends in a stop writes small words large.
_LARGE_SMALL = re.compile(
    r"(?<=[a-z] )(?:Of|To|In|For|With|On|At|And|From|By|As|Is|Are|Was|After)\b(?= [A-Z])"
)
_FOLLOWS = re.compile(
    r"\b(?:the same day|that day|the day before|a day (?:earlier|later)|the previous day|"
    r"the (?:following|next) day|at the time|the next month|by then|since then|until then|"
    r"(?<!than )(?<!from )(?<!with )(?<!to )(?<!as )"
    r"(?:an?|two|three|four|five|six|seven|ten|several|some|\d+) (?:hours?|days?|weeks?|months?|"
    r"years?) (?:later|earlier))\b(?! than)",
    re.IGNORECASE,
)
# "a chance to cure this" points at what was said before.
_POINTS = re.compile(
    r"\b(?:of|to|for|about|on|with|by|cures?|does|did|do|doing|done|says?|said|mean|means|end|ends|"
    r"change|solve|fix|avoid|stop) (?:this|that|these|those)(?=[,.;]|$)",
)
_LOOKS_BACK = re.compile(
    r"^(?:The|Those|These|Both|All)\s+(?:(?:two|three|four|five|other|latter|same|congressional)\s+)*(?:leaders|sides|"
    r"ministers|countries|governments|nations|men|women|companies|firms|allies|navies|chiefs|"
    r"officials|parties|pair|duo|trio|plan|deal|pact|move|ban|measure|bill|agreement|accord|freeze|"
    r"ship|ships|vessel|carrier|aircraft|incident|accident|talks|meeting|summit|visit|statement|"
    r"document|report|text|spokesman|spokeswoman|spokesperson|admiral|general|official|envoy|"
    r"project|exercise|drill|drills|members|delegation|senators|lawmakers|group|agency|unit|team)"
    r"\s+(?:(?:is|was|are|were|has|have|had|will|would|said|says|told|also|could|may|might|must|"
    r"can|met|agreed|announced|comes?|came|spoke|demanded|vowed|began|ended|aims?|hopes?)\b"
    r"(?! by\b))"
)
_FIRST = re.compile(r"[^\W_a-z]|[$€£¥“\"'‘]")
_TIME_STAMP = re.compile(
    r"^\d{1,2} [A-Z][a-z]+ \d{4}\b|^\d{1,2}[:.]\d{2}\s*(?:[ap]\.?m\.?|jst|est|edt|gmt|utc)?\b",
    re.IGNORECASE,
)
_QUOTE_START = re.compile(r"^[\"“'‘「『]")
_NOISE = re.compile(
    r"\b(?:subscribe|sign up|newsletter|click here|read more|follow us|all rights reserved|"
    r"photo|image|courtesy of|advertisement|cookies?|file photo|getty images|this article|"
    r"this story (?:was|has)|correction|contributed to this|staff writer|no comments)\b",
    re.IGNORECASE,
)
# The paper's own voice or its reader's: no report.
_TALK = re.compile(
    r"\b(?:I|I['’](?:m|ve|d|ll)|[Ww]e|[Oo]ur|[Mm]y|[Mm]e|[Uu]s|[Yy]ou|[Yy]our|[Ll]et['’]s)\b(?!\.)"
)
_HIM = re.compile(r"\b(?:he|him|his|she|her|hers|they|them)\b")
_CAPITAL = re.compile(r"(?<!^)(?<![.!?] )\b[A-ZÀ-ÞŌŪ][a-zà-ÿōū]+")
_JAPANESE_QUOTES = (("「", "」"), ("『", "』"), ("（", "）"))
_JAPANESE_DANGLING = re.compile(
    r"^(?:これ|それ|あれ|この|その|こうした|そうした|同氏|同社|同省|同庁|同盟国側|彼|彼女|両者|"
    r"一方|また|しかし|さらに|ただ|ただし|なお|そこで|だが|そのため|このため|これに対し)"
)
# A connective that only joins; what follows stands without it.
_JAPANESE_JOINING = re.compile(r"^(?:一方で?|また|さらに|なお|しかし|ただ|ただし|だが)、")


def after_dateline(text: str, start: int, end: int) -> int:
    """Return where a paragraph's first sentence begins behind a dateline or an agency's sign."""
    for pattern in (_DATELINE, _PLACE_COLON, _WIRE_SIGN, _JAPANESE_DATELINE):
        match = pattern.match(text[start:end])
        if match is None or match.end() >= min(80, end - start - 8):
            continue
        # "Governor Tamaki — who opposes it — spoke" has an aside there, no dateline.
        if not text[start + match.end()].islower():
            return start + match.end()
    match = _HEADED.match(text[start:end])
    if match and _is_heading(match["head"]) and start + match.end() < end - 20:
        return start + match.end()
    return start


def _is_heading(text: str) -> bool:
    """Tell whether most words are capital, as in a title that ran into its dateline."""
    long = [word for word in text.split() if len(word) > 3]
    return len(long) > 3 and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


def stands_alone(text: str) -> bool:
    """Tell whether an English sentence, already compressed and dated, can be told by itself."""
    least, most = WORDS
    if not least <= len(text.split()) <= most or text[-1] not in '."”’)':
        return False
    if text.count("“") != text.count("”") or text.count('"') % 2:
        return False
    if "[" in text or text.count("(") != text.count(")") or not _FIRST.match(text):
        return False
    if _is_heading(text) and _LARGE_SMALL.search(text):
        return False
    bad = (_DANGLING, _COMES, _ANSWERS, _QUOTE_START, _TIME_STAMP)
    starts_badly = any(pattern.match(text) for pattern in bad)
    return not (starts_badly or _NOISE.search(text) or _TALK.search(_unquoted(text)))


def stands_alone_in_japanese(text: str) -> bool:
    """Tell whether a Japanese sentence can be told by itself."""
    least, most = _JAPANESE_CHARS
    is_whole = all(text.count(left) == text.count(right) for left, right in _JAPANESE_QUOTES)
    if not (is_whole and least <= len(text) <= most and text[-1] in "。！」』）"):
        return False
    return not _JAPANESE_DANGLING.match(text)


def without_joining(text: str) -> str:
    """Return a Japanese sentence without the connective that it begins with."""
    return _JAPANESE_JOINING.sub("", text)


def follows_another(text: str) -> bool:
    """Tell whether a sentence makes sense only behind another.

    It says "the same day", or "him" before it has named anybody or anything.
    """
    plain = _unquoted(text)
    if _POINTS.search(plain):
        return True
    him = _HIM.search(plain)
    if him and him.group() in ("they", "them"):
        return bool(_FOLLOWS.search(plain)) or not re.search(r"s\b", plain[: him.start()])
    is_nobody = him is not None and not _CAPITAL.search(plain[: him.start()])
    return is_nobody or bool(_FOLLOWS.search(plain))


def looks_back(text: str) -> bool:
    """Tell whether a sentence opens on something known: "The two leaders", "The plan"."""
    return _LOOKS_BACK.match(text) is not None


def _unquoted(text: str) -> str:
    pieces, last = [], 0
    for start, end in quoted_spans(text):
        pieces.append(text[last:start])
        last = end
    return " ".join((*pieces, text[last:]))
