"""Transcripts: who speaks, a line a turn."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from alliance_nlp.extract.prose import n_words

_CAPITALS = r"[A-Z][A-Z.,'’ -]{1,45}(?:\([^)]{1,40}\))?"
_NAME = (
    r"(?:[A-Z][\w.'’-]*|[a-z]{2,3})(?: (?:[A-Z][\w.'’-]*|de|van|von|the|of|and|al|bin)"
    r"){0,6}(?: \([^)]{1,40}\))?"
)
_JAPANESE = (
    r"(?:問|答|記者|質問者?|回答|司会(?:者)?|総理|首相|知事|市長|議員|委員(?:長)?|議長|聞き手"
    r"|[^\s、。：:（）()「」]{0,14}(?:大臣|長官|総理|首相|知事|市長|町長|村長|記者|議員|委員|局長|報道官|幕僚長"
    r"|大使|総領事|司令官?|参考人|会長|社長|教授|先生|さん|氏|君|政務官|次官|審議官|議長))"
)
# "Q:", "MR. KIRBY:", "Secretary Grey:", "記者：", "（問）", "Ｑ　", "――".
_TURN = re.compile(
    rf"^\W{{0,3}}(?:(?P<western>Q(?:uestion)?|A(?:nswer)?|{_CAPITALS}|{_NAME})\s*(?:[:：]|"
    rf"(?<=[QA])[.．])(?=\s|$|\S)"
    rf"|(?P<japanese>{_JAPANESE}(?:[（(][^）)]{{1,20}}[）)])?)\s*[:：」】］〕]"
    rf"|[（(【〔［<＜〈](?P<bracketed>{_JAPANESE}|[QAＱＡ][0-9０-９]*)[）)】〕］>＞〉]"
    r"|(?P<letter>[QAＱＡ][0-9０-９]{0,2}[　．.:：]|[ＱＡ] )\s*(?=\S)|(?P<dash>(?:――|──|——|―|—)"
    r"\s*(?=[^\sA-Z]))"
    rf"|○(?P<diet>[^\s　]{{2,16}})[　\s])"
)
_TITLED = (
    r"(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gen|Adm|Col|Capt|Lt|Sgt|Gov|Amb|Prof|Secretary|Minister|President|"
    r"Prime|Vice"
    r"|Deputy|Ambassador|Governor|Senator|General|Admiral|Spokes\w+|Moderator|Question|Answer|"
    r"Reporter|Host"
    r"|Interviewer|Speaker|Chair\w*|Judge|Director|Q|A)\b"
)
_WEAK = re.compile(rf"(?!{_TITLED})[A-Z][\w.'’-]*[a-z][\w.'’-]*(?: .*)?")
_BARE = re.compile(rf"\W{{0,3}}(?:Q|A|{_CAPITALS}|{_NAME}|{_JAPANESE}|[ＱＡ])\s*[:：]?\W{{0,2}}")
# A turn in the middle of a line, after the end of a sentence.
_INSIDE = re.compile(
    r"(?<=[。？！?.!」])\s*(?=[（(【〔](?:問|答|記者|[^\s、。（(【]{0,8}(?:大臣|長官|知事|議員))[）)】〕])"
    r"|(?:(?<=[a-z0-9][.?!])|(?<=[.?!][”\"]))\s+(?=(?:Q|QUESTION|MODERATOR|(?:MR|MS|MRS|DR|SEC|"
    r"GEN|ADM)\. [A-Z’'-]{2,20}|[A-Z]{4,}(?: [A-Z’'.-]{2,}){0,3}): )"
)
# What either form holds; most lines hold neither, and looking behind at each character is slow.
_MAY_TURN = re.compile(r": |(?:問|答|記者|大臣|長官|知事|議員)[）)】〕]")
_TITLE = re.compile(
    r"\btranscripts?\b|\breadouts?\b|\bq ?(?:&|and) ?a\b|\bpress (?:briefing|conference|gaggle)"
    r"\b|\bmedia availability\b"
    r"|\bnews conference\b|\binterview with\b|\bremarks (?:by|to|at)\b|\bpress availability\b"
    r"|(?:記者)?会見(?:の)?(?:概要|録|要旨|記録|全文|冒頭)|(?:定例|臨時|閣議後)?記者会見|一問一答|書き起こし|議事録|インタビュー全文|質疑応答",
    re.IGNORECASE,
)
_RECORD = re.compile(
    r"^readout\b|\breadout of\b|\breadout$",
    re.IGNORECASE,
)
_FEWEST, _LEAST_SHARE = 4, 0.25
_LONGEST_BARE = 8  # words


def speaker(line: str) -> str:
    """Return who speaks in a line that begins a turn; ``""`` when it begins none."""
    found = _TURN.match(line[:120])
    if not found:
        return ""
    name = next((group for group in found.groupdict().values() if group), "")
    return name.strip(" .:：")


def is_transcript(lines: Sequence[str], *, title: str) -> bool:
    """Tell whether a text is the record of what several people said, or calls itself one."""
    if _RECORD.search(title):
        return True
    lines = _parted(lines)
    is_named = bool(_TITLE.search(title))
    names = [name for line in lines if (name := speaker(line))]
    # "Price: 300" begins as "Ada Quill: Yes" does; names count where the page speaks of speakers.
    strong = [name for name in names if not _WEAK.fullmatch(name)]
    speakers = Counter(names if is_named or len(strong) >= 3 else strong)
    n_turns = sum(speakers.values())
    n_repeated = sum(count for count in speakers.values() if count > 1)
    return (
        n_turns >= (_FEWEST - 1 if is_named else _FEWEST)
        and n_turns >= _LEAST_SHARE * len(lines) * (0.5 if is_named else 1)
        # Headings with a colon come once each; speakers come back.
        and n_repeated >= (2 if is_named else max(3, n_turns // 2))
    )


def with_turns(lines: Sequence[str]) -> list[str]:
    """Return the lines of a transcript with each turn on its own, after the speaker's name."""
    return list(_joined(_parted(lines)))


def _parted(lines: Sequence[str]) -> list[str]:
    pieces: list[str] = []
    for line in lines:
        pieces.extend(_INSIDE.split(line) if _MAY_TURN.search(line) else (line,))
    return [bare for piece in pieces if (bare := piece.strip())]


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Put a speaker that stands alone in front of what follows; lists of terms are made so."""
    names = Counter(bare for line in lines if (bare := _bare_speaker(line)))
    pending = ""
    for line in lines:
        bare = _bare_speaker(line)
        is_name = bool(bare) and (
            names[bare] > 1 or line.rstrip().endswith((":", "：")) or line.startswith("- ")
        )
        if is_name and not pending:
            pending = bare
        elif pending:
            yield f"{pending}: {line.removeprefix('- ')}"
            pending = ""
        else:
            yield line.removeprefix("- ") if speaker(line.removeprefix("- ")) else line
    if pending:
        yield pending


def _bare_speaker(line: str) -> str:
    text = line.removeprefix("- ").strip()
    if n_words(text) > _LONGEST_BARE or not _BARE.fullmatch(text):
        return ""
    return text.strip(" :：")
