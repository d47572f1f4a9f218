"""Bylines that stand in a text: By A. Person, 【ワシントン＝姓名】, （社会部・姓名）, 【姓名】."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAME = r"[\u3005\u3041-\u30fe\u4e00-\u9fff]{2,6}(?:[ \u3000][\u3041-\u30fe\u4e00-\u9fff]{1,4})?"
_NAMES = rf"(?P<names>{_NAME}(?:[、，・]{_NAME})*)"
# A place or a desk and a sign of equality or a point; then there is no doubt that a name follows.
_WITH_PLACE = re.compile(
    rf"\s*[【（(［\[]\s*(?:[^【（(［＝=・\s]{{1,14}}[＝=]|[^【（(［＝=・\s]{{1,12}}(?:部|局|総局|支社|班)[・\s])"
    rf"{_NAMES}\s*[】）)］\]]"
)
_ALONE = re.compile(rf"[【（(［]\s*{_NAMES}\s*[】）)］]\s*$")
_ENGLISH = re.compile(
    r"B[yY] (?=[A-Z])[^.!?:;]*(?:(?:[A-Z]|Sgt|Lt|Cpl|Capt|Maj|Col|U\.S)\.[^.!?:;]*)*"
)
_LONGEST = 120
# What also stands alone in brackets and is nobody: sections, agencies, series.
_NOBODY = re.compile(
    r"(?:部|面|版|局|報|材|説|集|事|真|画|信|社|聞|共同|時事|ロイター|通信|限定|独自|解説|速報|動画|完|終わり|おわり|つづく|続く|上|中|下)$"
)


def bylines_in(text: str) -> Iterator[str]:
    """Yield the byline that a paragraph is, or that its first or last brackets hold."""
    if text.startswith(("By ", "BY ")):
        if len(text) <= _LONGEST and _ENGLISH.fullmatch(text):
            yield text
        return
    if text.isascii():
        return
    found = _WITH_PLACE.match(text[:60]) or _WITH_PLACE.search(text[-40:])
    if found and not _NOBODY.search(found["names"]):
        yield found["names"]
        return
    alone = _ALONE.search(text[-24:])
    if alone and _is_person(alone["names"]):
        yield alone["names"]


def is_closing_byline(line: str) -> bool:
    """Tell whether a line is nothing but such a byline."""
    bare = line.strip()
    found = _WITH_PLACE.fullmatch(bare) or _ALONE.fullmatch(bare)
    return bool(found) and len(bare) <= 30 and _is_person(found["names"] if found else "")


def _is_person(names: str) -> bool:
    # Without a place before them only lengths of full names are believed.
    return all(
        3 <= len(name) <= 7 and not _NOBODY.search(name) for name in re.split("[、，・]", names)
    )
