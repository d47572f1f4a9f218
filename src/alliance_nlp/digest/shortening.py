"""Headlines that are too long, cut back: first what is idle, then circumstance from the end."""

from __future__ import annotations

import re

from alliance_nlp.digest.tenses import tells

HEADLINE_WORDS = (6, 12)

# Where the end of a long headline can go: what follows is circumstance.
_ENDINGS = re.compile(
    r"(?:\s*[;:]\s+|,\s+|\.\s+(?=[A-Z])|\s+[–—-]\s+|\s+(?=(?:as|after|amid|while|despite|ahead of|"
    r"following|because|before|since|but|even as|in bid to|when|where|which|who|though)\b))"
)
# After "Australia, " the rest "Japan, Philippines and US" is of one list with it.
_IN_LIST = re.compile(r"(?:[\w’'-]+(?:\s[\w’'-]+)?,\s+)*[\w’'-]+(?:\s[\w’'-]+)?,?\s+(?:and|&)\s")
# "Canberra's strategy, under which gas is needed" has lost its verb with its end.
_OPEN_ASIDE = re.compile(r",\s+(?:\w+\s+)?(?:which|who|whose|where|whom)\b[^,]*$")
# "After US tightens limit" waits for its main clause.
_HALF = re.compile(
    r"^(?:After|As|When|While|With|Before|Since|If|Despite|Amid|Following|Once|Until|Although|Though|"
    r"Because|(?:[\w-]+ ){0,2}(?:hours?|days?|weeks?|months?|years?|shortly|soon|just|right|long) "
    r"(?:after|before))\b[^,]*$",
    re.IGNORECASE,
)
# "Frozen out of new projects, buyers lean on old ones": the subject comes after the comma.
_OPENING = re.compile(
    r"^(?:(?:\w+(?:ed|en|ing)|Caught|Torn|Left|Hit|Hurt|Bound|Led|Set|Shut|Cut|Stung|Struck)\s+"
    r"(?:out|of|by|from|in|on|at|with|between|to|up|off|over|as|under|against|for)|"
    r"Facing|Citing|Seeking|Fearing|Eyeing|Defying|Marking|Warning|Following)\b[^,]*,\s+(?=[A-Z])"
)
# "In a first, leaders meet": the digest begins with who did it.
_AT_FIRST = re.compile(
    r"^(?:In (?:an? )?(?:historic |rare |surprise |major )?(?:first|move|step|shift|turn|blow|"
    r"boost|reversal|U-turn|break|sign|nod|twist|rebuke|bid|show)\b[^,]{0,40}|"
    r"For (?:the )?first time(?: in \w+ \w+)?|At (?:long )?last|Once again|As expected|At summit|"
    r"(?:In|At|On) [A-Z][\w’'-]+)"
    r",\s+(?=\w)"
)
_CLAUSE_FIRST = re.compile(r"^(?:After|As|Amid|Despite|While|With|Following)\b[^,]{4,70},\s+(?=\w)")
# What comes after such a clause and leans on it.
_LEANS = re.compile(
    r"\b(?:same|too|also|such|so)\b|^(?:\w+\s+){0,2}(?:it|its|they|their|them|he|his|she|her|both)\b",
    re.IGNORECASE,
)
_IDLE = (
    (re.compile(r"\b(?:is|are)\s+(?:set|due|poised|about|expected|likely)\s+to\b"), "to"),
    (re.compile(r"\b(?:plans?|expects?|intends?)\s+to\b"), "to"),
    (re.compile(r"\b(?:set|due|poised)\s+to\b"), "to"),
    (re.compile(r"\b(?:the )?Republic of Korea\b"), "South Korea"),
    (re.compile(r"\b(?:the )?People['’]s Republic of China\b"), "China"),
    (re.compile(r"\bPrime Minister\s+(?=[A-Z])"), "PM "),
    (re.compile(r"(?<!\w)(?<!\. )the\s+(?=[\w$“\"])", re.IGNORECASE), ""),
    (re.compile(r"(?<!\w)an?\s+(?=[\w$“\"])", re.IGNORECASE), ""),
    (re.compile(r"\bin order to\b"), "to"),
    (re.compile(r"\s+(?:on|from|since|until|by|for)\s+(?:Monday|Tuesday|Wednesday|Thursday|Friday|"
                r"Saturday|Sunday)\b"), ""),
)  # fmt: skip
# A last resort: where "for second half" or "shadowed by car tariffs" begins.
_PHRASE = re.compile(
    r"\s+(?=(?:in|on|at|for|with|by|from|near|under|over|amid|against|within|during|through|across|"
    r"toward|towards|along|off|between|among|around|despite|ahead|to|that|who)\s|(?:\w+ed|made|"
    r"held|led|set)\s(?:by|in|on|at|with)\s)"
)
# These words want what follows them.
_WANTS_MORE = re.compile(
    r"\b(?:calls?|asks?|asked|urges?|plans?|bids?|needs?|push|demands?|pleas?|vows?|ways?|moves?|efforts?|"
    r"rights?|agrees?|agreed|wants?|seeks?|begins?|starts?|continues?|able|ready|likely|set|due|to|"
    r"joins?|puts?|depends?|relies|rely|based|aimed?|says?|tells?|warns?|known|used|refers?|according|"
    r"part|one|two|three|some|many|most|all|end|start|head|edge|eve|wake|face|more|less|rather|"
    r"(?:announc|introduc|declar|releas|approv|hous|unveil|sign|pass|reject|condemn|launch|host|reveal|"
    r"confirm|order|demand|reach|mark|includ|provid|receiv|rais|mak|tak|giv|hold|discuss)(?:es|s|e)?|"
    r"not|no|never|only|and|or|of|than|as|is|are|was|were|be|being|been|has|have|had|will|would|"
    r"could|may|might|can|should|must|do|does|the|an?|into|out|up|down|its|their|his|her)$",
    re.IGNORECASE,
)
# "takes the ambassador to Yonaguni" and "made by hand" stay together, as does "with peace in mind".
_GOES = re.compile(
    r"\b(?:takes?|took|brings?|sends?|sent|moves?|flies|flew|turns?|adds?|ties|links?|puts?|gives?|sells?|"
    r"offers?|shifts?|returns?|invites?|commits?)(?:\s+[\w’'-]+){0,6}$",
    re.IGNORECASE,
)
_MAKES_DO = re.compile(
    r"\b(?:forc|ask|urg|allow|want|help|tell|told|order|press|lead|caus|prompt|get|expect|invit|enabl|"
    r"requir|pressur|encourag|persuad|warn)(?:es|e|s|ed|ing)?\b",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(r"(?<!\bre)[a-z](?:ed|wn|ught|ken|ven|ten)$")
_AT_END = re.compile(
    r"^(?:in|at|on) (?:mind|tow|hand|sight|stake|view|play|place|doubt|question|force|limbo|"
    r"edge|board)$"
)
_TIME_SCRAP = re.compile(r"^(?:\w+\s+)?(?:hours?|days?|weeks?|months?|years?|minutes?)$")


def cut_back(text: str, *, is_title: bool = True) -> str:
    """Return a headline of at most twelve words if one can be had; nothing is told otherwise.

    What is kept stands in the order and, but for idle words, in the wording it had.

    Parameters
    ----------
    is_title
        Whether it is a title, of which each phrase at the end can go; a sentence is not so terse.
    """
    most = HEADLINE_WORDS[1]
    steps = (_without_opening, _first_of_two, _without_idle, _without_end, _without_phrase)
    for step in steps if is_title else steps[:-1]:
        if len(text.split()) <= most:
            break
        text = step(text)
    return text


def is_half(text: str) -> bool:
    """Tell whether a clause waits for another, or an aside was left open."""
    return bool(_OPEN_ASIDE.search(text) or _HALF.match(text))


def wants_more(text: str) -> bool:
    """Tell whether a clause ends on a word that is nothing without what follows."""
    return _WANTS_MORE.search(text) is not None


def _without_opening(text: str) -> str:
    for pattern in (_AT_FIRST, _OPENING, _CLAUSE_FIRST):
        match = pattern.match(text)
        if match is None or len(text[match.end() :].split()) < HEADLINE_WORDS[0]:
            continue
        rest = text[match.end() :]
        if _LEANS.search(rest) or text.count(",") - match.group().count(",") > 2 or not tells(rest):
            continue
        return rest[:1].upper() + rest[1:]
    return text


def _first_of_two(text: str) -> str:
    first = re.split(r"(?<=[a-z]{2})\.\s+(?=[A-Z])", text, maxsplit=1)[0]
    return first if len(first.split()) >= HEADLINE_WORDS[0] else text


def _without_idle(text: str) -> str:
    for pattern, new in _IDLE:
        if len(text.split()) <= HEADLINE_WORDS[1]:
            break
        text = pattern.sub(new, text)
    return text[:1].upper() + text[1:]


def _without_end(text: str) -> str:
    least, most = HEADLINE_WORDS
    for match in reversed(list(_ENDINGS.finditer(text))):
        if match.group().strip() == "," and _IN_LIST.match(text[match.end() :]):
            continue
        head = text[: match.start()].rstrip(" ,;:-–—")
        if is_half(head) or _is_open(head) or wants_more(head):
            continue
        if least <= len(head.split()) <= most:
            # ", first vote" was an aside that went on.
            shorter = re.split(r"[,;:]\s+(?!.*[,;:]\s)", head)
            is_scrap = len(shorter) == 2 and len(shorter[1].split()) < 4
            is_idle = is_scrap and (_TIME_SCRAP.match(shorter[1]) or ";" in head)
            if is_idle and len(shorter[0].split()) < least:
                continue
            return shorter[0] if is_scrap and len(shorter[0].split()) >= least else head
    return text


def _without_phrase(text: str) -> str:
    least, most = HEADLINE_WORDS
    for match in reversed(list(_PHRASE.finditer(text))):
        head = text[: match.start()].rstrip(" ,;:-–—")
        n = len(head.split())
        is_whole = least <= n <= most and tells(head) and not is_half(head) and not _is_open(head)
        if is_whole and not wants_more(head) and not _belongs(text[match.end() :], head):
            return head
    return text


def _belongs(tail: str, head: str) -> bool:
    """Tell whether what would be cut off is the object of what stands before it."""
    if tail.startswith("to ") and (_GOES.search(head) or _MAKES_DO.search(head)):
        return True
    if re.match(r"(?:to|for|by|of) [\d$]", tail) and re.search(r"\d$", head):
        return True  # "by a vote of 400 to 15"
    return bool(_PARTICIPLE.search(head) or (_AT_END.match(tail) and " with " in head))


def _is_open(head: str) -> bool:
    """Tell whether a quotation that the head began would be left without its end."""
    single = head.count("‘") - len(re.findall(r"’(?!\w)", head))
    return head.count("“") != head.count("”") or head.count('"') % 2 == 1 or single > 0
