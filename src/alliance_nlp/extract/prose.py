"""How much a text says, in any script: words, prose lines, headings."""

from __future__ import annotations

import re

_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]")
_WORD = re.compile("[^\\W\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uff66-\uff9f]+")
_SENTENCE_END = re.compile(r"[.!?…。！？」』”\"'’)）:：;]\s*$|[।॥]\s*$")
_TERMINAL = re.compile(r"[.!?。！？।॥][」』”\"'’)）\]]*\s*$")


def n_words(text: str) -> int:
    """Return the number of words; two characters of Japanese, Chinese or Korean count as one."""
    if text.isascii():
        return len(text.split())
    return len(_WORD.findall(text)) + (len(_CJK.findall(text)) + 1) // 2


def is_east_asian(text: str) -> bool:
    """Tell whether most letters of a text are Japanese, Chinese or Korean."""
    return len(_CJK.findall(text)) > 0.3 * max(1, len(text))


def is_prose(line: str, *, least: int = 8) -> bool:
    """Tell whether a line is a sentence or more, of at least ``least`` words."""
    return n_words(line) >= least and bool(_TERMINAL.search(line))


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends as sentences end."""
    return bool(_SENTENCE_END.search(line))


def sentence(text: str) -> str:
    """Return the first sentence of a text."""
    found = re.match(r".+?(?:[.!?][”\"'’)]*(?=\s+[“\"'(]?[A-Z0-9])|[。！？][」』]?|$)", text)
    return found.group(0).strip() if found else text.strip()
