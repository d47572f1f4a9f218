"""The names a Japanese sentence says: known ones, katakana, and what stands before an office."""

from __future__ import annotations

import re
from collections.abc import Sequence

from alliance_nlp.digest.support_japanese import kana_words, sound
from alliance_nlp.digest.support_known import carried_concepts, japanese_names, split_words

_KATAKANA = re.compile(r"[ァ-ヺー]{3,}(?:[・＝=][ァ-ヺー]{2,})*")
_NAMED = re.compile(
    r"(?P<name>[\u4e00-\u9fff々ヶ]{2,4})(?=氏|さん|首相|大統領|外相|防衛相|経産相|財務相|官房長官|国防長官|国務長官|"
    r"知事|市長|町長|村長|大使|司令官|幕僚長|議員)"
)
# What precedes an office without being a name: 日米首相, 前大統領, 各国大使.
_NO_NAME = re.compile(
    r"^(?:[日米中韓英独仏豪比印露伊加欧]+|.?[前元現次新両各副]|総理|内閣|国家|同国|駐.+|.*国)$"
)


def lacking_japanese(text: str, sources: Sequence[str]) -> list[tuple[int, int, bool]]:
    """Return (start, end, is a place) of names in Japanese script that no source has."""
    lacking: list[tuple[int, int, bool]] = []
    concepts = frozenset(c for source in sources for c in carried_concepts(source))
    for name, concept, is_place in japanese_names():
        for match in re.finditer(re.escape(name), text):
            if concept not in concepts and not _is_inside(text, match.span()):
                lacking.append((match.start(), match.end(), is_place))
    known = [(start, end) for start, end, _ in lacking]
    for match in (*_KATAKANA.finditer(text), *_NAMED.finditer(text)):
        surface = match.group()
        is_table = any(a < match.end() and match.start() < b for a, b in known)
        is_found = any(surface in source for source in sources) or _is_heard(surface, sources)
        is_concept = bool(carried_concepts(surface) & concepts)
        if not (is_table or is_found or is_concept or _NO_NAME.match(surface)):
            lacking.append((*match.span(), False))
    return lacking


def _is_inside(text: str, span: tuple[int, int]) -> bool:
    # タイ is no country in タイミング.
    return any(
        match.start() <= span[0] and span[1] <= match.end() and match.span() != span
        for match in re.finditer(r"[ァ-ヺー]+", text)
    )


def _is_heard(surface: str, sources: Sequence[str]) -> bool:
    spoken = kana_words(surface)
    return any(
        sound(word.key) in spoken
        for source in sources
        for word in split_words(source)
        if word.key.isascii()
    )
