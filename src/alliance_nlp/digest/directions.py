"""Whether a day that a sentence names lies ahead of it or behind, told by the verb beside it."""

from __future__ import annotations

import re

_WORD = re.compile(r"[A-Za-z’'-]+|[,;:—–()]")
_AHEAD = frozenset(
    "will would shall may might could scheduled expected expects due slated plans plan planned set "
    "begins begin starts start opens open meets meet votes vote visits arrives hopes aims upcoming "
    "coming deadline going intends wants seeks".split()
)
_BEHIND = frozenset(
    "said told met held was were had has have began took made spoke came sent left gave went won "
    "lost led rose fell saw became brought put ran set wrote called cut drew flew found got grew "
    "hit kept laid paid read sank shot shut sold struck swept broke".split()
)
_REACH = 12


def lies_ahead(sentence: str, start: int, end: int) -> bool | None:
    """Tell whether the day named at ``sentence[start:end]`` is yet to come; ``None`` if unsure.

    The nearest verb before it tells, else the first after it.
    """
    before = _WORD.findall(sentence[:start])[-_REACH:]
    for index in range(len(before) - 1, -1, -1):
        told = _told(before, index)
        if told is not None:
            return told
    after = _WORD.findall(sentence[end:])[:_REACH]
    return next((told for i in range(len(after)) if (told := _told(after, i)) is not None), None)


def _told(words: list[str], index: int) -> bool | None:
    word = words[index].lower()
    if word == "set":
        return index + 1 < len(words) and words[index + 1].lower() in ("to", "for")
    if word in _AHEAD:
        return True
    is_past = word in _BEHIND or (word.endswith("ed") and len(word) > 4)
    if not is_past:
        # "to speak in Tokyo": an infinitive tells nothing alone, "is to speak" does.
        is_infinitive = word == "to" and index > 0 and words[index - 1].lower() in ("is", "are")
        return True if is_infinitive else None
    helper = words[index - 1].lower() if index else ""
    if helper in ("be", "get"):
        return True
    return helper == "to" or helper in _AHEAD
