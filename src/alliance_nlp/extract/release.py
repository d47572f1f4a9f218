"""Press releases: what tells them, and what stands beneath them in every one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.wording import any_of

_PATH = re.compile(
    r"/(?:press-?releases?|news-?releases?|media-?releases?|pressrelease|press_releases?|releases"
    r"|hodo|houdou|hodou|press-?statements?|statements-releases|newsreleases?)(?:/|$|_|-)",
    re.IGNORECASE,
)
_LABEL = any_of(r"""
    (?:for immediate release|press|news|media|corporate|joint)?\s*(?:press |news |media )?releases?
    for immediate release.*|immediate release|press statements?|joint press release|\
      statements? (?:&|and) releases?
    報道発表(?:資料)?|プレスリリース|ニュースリリース|報道資料|記者発表(?:資料)?|報道関係者各位|\
      News Release|Press Release
""")
_TITLE = re.compile(
    r"^\W*(?:press|news|media) release\s*[:：|–—-]|^【?(?:プレスリリース|報道発表)", re.IGNORECASE
)
_HEAD = any_of(r"""
    ^\W*(?:embargoed )?(?:for )?immediate release\b.{0,60}$|^\W*embargoed until\b.{0,60}$
    ^(?:news|press|media) release\W*(?:no\b.{0,12})?$|^報道関係者各位.{0,20}$
    ^(?:media |press )?contacts?\s*[:：].{0,90}$|^.{0,40}\b(?:tel|phone|email|e-mail)\
      \s*[:：.].{0,60}$
    ^.{2,40}\s*[(（]?\d{3}[)）]?[-. ]\d{3}[-. ]\d{4}\W*$
""")
_WIRE = re.compile(
    r"[/(]\s*(?:PR ?Newswire|Business ?Wire|GLOBE ?NEWSWIRE|ACCESS(?: Newswire|WIRE)|"
    r"EIN Presswire|PRWeb|Newsfile Corp\.?|CNW|Kyodo JBN)",
    re.IGNORECASE,
)
_END = re.compile(
    r"\W*(?:#\s*#\s*#(?:\s*#)*|[-–—~\s]*\b30\b[-–—~\s]*|-+\s*end(?:s|\s+of\s+release)?\s*-*|ends|"
    r"\[end\]|以\s*上)\W*",
    re.IGNORECASE,
)
_END_MARK = re.compile(
    r"\W*(?:#\s*#\s*#(?:\s*#)*|[-–—~]+\s*30\s*[-–—~]+|[-–—]+\s*ends?\s*[-–—]+)\W*", re.IGNORECASE
)
_ABOUT = any_of(r"""
    ^\W*about (?:the )?[A-Z].{1,70}$|^\W*about us\W*$|^\W*notes? to editors?\s*[:：]?$|\
      ^\W*about (?:the )?[A-Z].{1,60}[:：–—]\s.{20,}$
    ^[■●◆▼【＜<《〈\[]?\s*(?:会社概要|企業概要|団体概要|法人概要|.{1,25}(?:について|の概要))\
      \s*[】＞>》〉\]]?$
    ^\W*(?:forward[- ]looking statements?|safe harbou?r(?: statement)?|cautionary (?:note|\
      statement).{0,60}|disclaimer)\W*$
""")
_CONTACT = any_of(r"""
    ^\W*(?:media|press|investor|public affairs|editorial|news|pr)?\s*(?:relations |\
      affairs )?(?:contacts?|inquiries|enquiries)\b(?: information)?(?: for (?:media|press)\
      )?\s*(?:[:：].{0,120})?$
    ^\W*for (?:more|further|additional|media|press) (?:information|details|inquiries|enquiries)\
      \b.{0,20}(?:contact|visit|call|e-?mail|please|:).{0,140}$
    ^\W*(?:contact|contacts|media contacts?)\s*[:：].{0,120}$
    ^[■●◆▼【＜<《〈\[(（]?\s*(?:本件|本リリース|本プレスリリース|報道|取材|\
      この件)?(?:に関する|についての|の)?(?:報道関係者(?:様|の皆様)?(?:から|\
      の)?)?(?:お)?問い?合わ?せ(?:先|窓口)?.{0,30}$
    ^[■●◆▼【＜<《〈\[(（]?\s*(?:報道|取材|広報)(?:担当|関係)?(?:に関する)?(?:者)?(?:窓口|\
      連絡先|お問い合わせ先).{0,20}$
""")
_EDGE = 6  # lines
_LEAST_LEFT = 0.3


def says_release(lines: Sequence[str], *, title: str, url: str, labels: Sequence[str]) -> bool:
    """Tell whether a text was sent out by the one it speaks of, as its label or form says."""
    head, tail = lines[:_EDGE], lines[-3 * _EDGE :]
    return (
        bool(_PATH.search(urlsplit(url).path) or _TITLE.search(title))
        or any(
            _LABEL.fullmatch(label.strip(" \t:：|[]【】<>＜＞"))
            for label in labels
            if label.strip()
        )
        or any(
            re.match(r"\W*(?:embargoed )?for immediate release\b", line, re.IGNORECASE)
            for line in head
        )
        or any(line.strip().startswith("報道関係者各位") for line in head)
        or any(_WIRE.search(line[:200]) for line in lines[:3])
        or any(_END_MARK.fullmatch(line) for line in tail)
    )


def trim_release(lines: Sequence[str]) -> list[str]:
    """Return a press release without its head, contacts and paragraphs about the sender."""
    kept = list(lines)
    start = 0
    while start < min(_EDGE, len(kept)) and not is_prose(kept[start], least=15):
        if _HEAD.search(kept[start]):
            del kept[start]
        else:
            start += 1
    end = _end(kept)
    return [line for line in kept[:end] if not _END_MARK.fullmatch(line)]


def _end(lines: Sequence[str]) -> int:
    """Return where the text ends and the boilerplate begins."""
    total = max(1, sum(map(n_words, lines)))
    before = 0
    for i, line in enumerate(lines):
        if before >= _LEAST_LEFT * total and i and _closes(line):
            return i
        before += n_words(line)
    return len(lines)


def _closes(line: str) -> bool:
    bare = line.strip().strip("*_ ").removeprefix("- ")
    return bool(_END.fullmatch(bare) or _ABOUT.search(bare) or _CONTACT.search(bare))
