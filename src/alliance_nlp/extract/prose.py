"""How much a text says, in any script: words, prose lines, headings."""

from __future__ import annotations

import re
from functools import lru_cache

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]")
_CJK_RUN = re.compile(f"{_CJK.pattern}+")
_WORD = re.compile("[^\\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]+")
_SENTENCE_END = re.compile(r"[.!?…。！？」』”\"'’)）:：;]\s*$|[।॥]\s*$")
_ENDS = re.compile(r"[.!?][”\"'’)]*(?=\s+[“\"'‘(]?[A-Z0-9])|[。！？][」』”]?")
_ABBREVIATED = re.compile(
    r"(?:\b[A-Z]|\b(?:[A-Za-z]\.)+[A-Za-z]|\b(?:Mr|Mrs|Ms|Dr|Sens?|Reps?|Govs?|Gen|Lt|Col|Maj|Capt|Cmdr|Adm"
    r"|Vice Adm|Sgt|Rev|Hon|St|Jr|Sr|No|vs|Inc|Corp|Co|Ltd|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?"
    r"|Oct|Nov|Dec|Calif|Conn|Fla|Mass|Va|Wash))\.$",
    re.IGNORECASE,
)
# The same lines are counted many times over, each time for another question.
_LONGEST_KEPT = 2_000  # characters
_TERMINAL = re.compile(r"[.!?。！？।॥][」』”\"'’)）\]]*\s*$")


def n_words(text: str) -> int:
    """Return the number of words; two characters of Japanese, Chinese or Korean count as one."""
    return _counted(text) if len(text) <= _LONGEST_KEPT else _counted.__wrapped__(text)


@lru_cache(maxsize=2048)
def _counted(text: str) -> int:
    if text.isascii() or not _CJK.search(text):
        return len(text.split())
    return len(_WORD.findall(text)) + (sum(map(len, _CJK_RUN.findall(text))) + 1) // 2


def is_east_asian(text: str) -> bool:
    """Tell whether most letters of a text are Japanese, Chinese or Korean."""
    return len(_CJK.findall(text)) > 0.3 * max(1, len(text))


def is_prose(line: str, *, least: int = 8) -> bool:
    """Tell whether a line is a sentence or more, of at least ``least`` words."""
    return n_words(line) >= least and bool(_TERMINAL.search(line))


def has_sentences(line: str) -> bool:
    """Tell whether a line holds sentences, though it may not end with one."""
    return n_words(line) >= 40 and bool(_ENDS.search(line[:5_000]))


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends as sentences end."""
    return bool(_SENTENCE_END.search(line))


def sentence(text: str) -> str:
    """Return the first sentence of a text; points after initials and abbreviations end none."""
    for end in _ENDS.finditer(text[:_LONGEST_KEPT]):
        head = text[: end.end()]
        # One word and a point, such as "SENS.", is a title and no sentence.
        if len(head.split()) > 1 and not _ABBREVIATED.search(head):
            return head.strip()
    return text.strip()
