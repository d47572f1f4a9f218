"""Sentences of normal text, as offsets into it."""

from __future__ import annotations

import re

# After these a full stop does not end a sentence. Lower case, without the last stop.
_ABBREVIATIONS = frozenset(
    (
        "mr mrs ms dr prof sen rep gov gen lt col maj capt cmdr cdr adm sgt rear brig vice amb hon "
        "st jr sr vs etc no nos inc corp co ltd plc dept fig approx est al jan feb mar apr jun jul "
        "aug sep sept oct nov dec mt ft p pp vol op ret"
    ).split()
)
_STOPS = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s)|[。！？]+[」』）”]*|\n")
_STARTS = re.compile(r"\s+[\"'“‘(\[]*[A-Z0-9À-ÞŌŪ]")
_HIRAGANA = re.compile(r"[ぁ-ゖ]")
_LAST_WORD = re.compile(r"([\w.&-]+)\.$")


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence, in order; paragraphs always end one."""
    spans = []
    start = 0
    for match in _STOPS.finditer(text):
        if match.group() != "\n" and not _ends_sentence(text, match):
            continue
        spans.append((start, match.end()))
        start = match.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, *span))]


def _ends_sentence(text: str, match: re.Match[str]) -> bool:
    if match.group()[0] in "。！？":
        # 「…。」と述べた goes on after the quotation.
        return not (match.group()[-1] in "」』）”" and _HIRAGANA.match(text, match.end()))
    rest = text[match.end() : match.end() + 8]
    if not rest.startswith("\n") and not _STARTS.match(rest):
        return False
    if match.group()[0] != ".":
        return True
    word = _LAST_WORD.search(text, max(0, match.start() - 24), match.start() + 1)
    if word is None:
        return True
    last = word.group(1).lower()
    is_initial = len(last) == 1 and last.isalpha()
    # "U.S." may end a sentence; taken not to, two sentences stay together, which does less harm.
    return not (last in _ABBREVIATIONS or is_initial or re.fullmatch(r"(?:[a-z]\.)+[a-z]", last))


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if end > start else None
