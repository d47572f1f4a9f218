"""Where a Japanese name begins and ends in a run of characters before a title."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from alliance_nlp.tag.japanese_places import CITIES, CITIES_ABROAD, COUNTRIES, KANA_PLACES
from alliance_nlp.tag.japanese_surnames import MAINLAND_SURNAMES, SURNAMES
from alliance_nlp.tag.japanese_titles import (
    DOUBTFUL,
    INSTITUTIONAL,
    PAST,
    SHARP_PLACE_TITLES,
    STRONG,
    WORDS,
)

KANJI = "\u4e00-\u9fff\uf900-\ufaff々〆ヶ﨑"
KATA = "\u30a1-\u30faー"
HIRA = "\u3041-\u3096"
_RUN_BACK = re.compile(f"[{KANJI}{KATA}A-ZＡ-Ｚ・＝=]*")
_FOREIGN_NAME = re.compile(
    f"(?:[A-ZＡ-Ｚ]\\.?・?)*[{KATA}]{{2,}}(?:[・＝=](?:[{KATA}]+|"
    f"[A-ZＡ-Ｚ]))*(?:・?[{KATA}]{{2,}})?"
)
_ANY_KANJI = re.compile(f"[{KANJI}]+")
_GIVEN = re.compile(
    f"[{KANJI}之ノケツ]{{1,3}}|[{KATA}]{{2,5}}|[{HIRA}]{{2,4}}[{KANJI}]?|[{KANJI}][{HIRA}]{{1,3}}"
)
_KANA_GIVEN = re.compile(f"(?P<family>[{KANJI}]{{1,4}})(?P<given>[{HIRA}]{{2,4}})\\Z")
_GRAMMAR = re.compile(
    "から|まで|より|との|への|での|として|など|および|ならびに|または|では|には|とは|のは|する|"
    "した|して|いる|れた|って|"
    "ている|である|だった|ほか|について|による|により|ため|こと|もの|ただ|うち|なる|なった|"
    "たち|ら$|を|^(?:が|は|に|で|へ)"
)
_NOT_NAMES = COUNTRIES | frozenset(
    """
ミサイル サイバー デジタル エネルギー システム センター チーム グループ プロジェクト ビジネス
メディア リーダー ホワイトハウス メンバー スタッフ トップ ベテラン ドローン タンカー ハイテク テロ
ウイルス ワクチン コロナ サービス スポーツ オリンピック クラブ ハマス ヒズボラ フーシ タリバン
アラブ オール オールジャパン クアッド ペンタゴン カリスマ スパイ クーデター アパッチ オスプレイ
イージス レーダー ロケット ヘリ ヘリコプター パイロット マスコミ キャリア ノンキャリア ナンバー
ポスト イスラム カトリック ユダヤ
""".split()
)  # fmt: skip
_FOREIGN_TITLES = frozenset(
    "国家主席 主席 首相 大統領 外相 国防相 報道官 副報道官 大使 司令官 総統 書記 総書記 "
    "外交部長 国防部長 国務委員 副大統領 副首相 大将 中将 少将 "
    "議長 長官 総領事 次官 政権 公使 商務相 財務相 統一相 外務次官".split()
)
_ENDS_OF_LEADS = frozenset("県市町村区府都道州省庁局軍隊部党会院所団課室島軍司庁地")
_NEVER_GIVEN = frozenset("軍庁局課隊艦党署級議団官策戦闘駐屯揮貿")
# An unknown name that begins so is rather a former holder's office: 元見本市長.
_NEVER_FIRST = frozenset("元前旧現各同両某故")
_LONGEST_RUN = 26


def _kana_tails() -> dict[str, tuple[str, ...]]:
    """Return the kana that places end in, by their last letter, longest first."""
    tails: dict[str, set[str]] = {}
    for place in KANA_PLACES:
        found = re.search(f"[{HIRA}]{{2,}}\\Z", place)
        if found and not _GRAMMAR.search(found.group()):
            tails.setdefault(place[-1], set()).add(found.group())
    return {last: tuple(sorted(found, key=len, reverse=True)) for last, found in tails.items()}


_KANA_TAILS = _kana_tails()
_FAMILY_SIZES = (4, 3, 2, 1)
_PIECE = 12
_BARE_CITIES = CITIES - COUNTRIES
_TITLES = frozenset([*STRONG, *DOUBTFUL])


@dataclass(frozen=True, slots=True)
class Parsed:
    """A name in a run: ``run[start:end]``; ``past`` when its office is not held now."""

    start: int
    end: int
    past: bool
    score: int


def run_before(text: str, at: int) -> str:
    """Return the characters before a title that may belong to a name or an office."""
    least = max(0, at - _LONGEST_RUN)
    start = _back(text, at, least)
    if "\u3041" <= text[start - 1 : start] <= "\u3096":
        place = _kana_place(text[max(0, start - 6) : start])
        if place:
            start = _back(text, start - len(place), least)
        else:
            start -= len(_kana_name(text[max(0, start - 8) : start], text[start:at]))
    return text[start:at]


def _back(text: str, at: int, least: int) -> int:
    run = _RUN_BACK.match(text[least:at][::-1])
    return at - run.end() if run else at


def _kana_place(before: str) -> str:
    """Return the kana at which a place with a name in kana ends: つくば, えびの."""
    return next((tail for tail in _KANA_TAILS.get(before[-1:], ()) if before.endswith(tail)), "")


def _kana_name(before: str, after: str) -> str:
    """Return a known surname and a given name in kana that end at a run, or nothing."""
    found = _KANA_GIVEN.search(before)
    if found is None or _GRAMMAR.search(found.group("given")):
        return ""
    family = next(
        (
            found.group("family")[-size:]
            for size in _FAMILY_SIZES
            if found.group("family")[-size:] in SURNAMES
        ),
        "",
    )
    if not family or len(family) + len(found.group("given")) + len(after) > 14:
        return ""
    return family + found.group("given")


def is_name(name: str) -> bool:
    """Tell whether characters between の and 氏 may be a name at all."""
    if _FOREIGN_NAME.fullmatch(name):
        return name not in _NOT_NAMES
    return len(name) <= 7 and (
        worth(name) > 0 or (len(name) in (2, 3, 4, 5, 6) and not _is_institution(name))
    )


def _is_institution(name: str) -> bool:
    return not _ANY_KANJI.fullmatch(name) or bool(INSTITUTIONAL & set(name)) or 0 in _suffixes(name)


def worth(name: str, title: str = "") -> int:
    """Return how sure it is that characters are a name: 0 is not at all."""
    if _FOREIGN_NAME.fullmatch(name):
        return _foreign_worth(name)
    if name[-1] in "駐在" or (name[-1] == "副" and name[:2] not in SURNAMES):
        return 0
    best = 0
    for size in _FAMILY_SIZES:
        given = name[size:]
        if name[:size] in SURNAMES and given and _is_given(given):
            best = max(best, 6 - (len(given) > 2) - (size == 1))
    if best:
        return best
    if name in SURNAMES:
        return 4 if len(name) > 1 else 2
    if title in _FOREIGN_TITLES and _is_mainland(name):
        return 1 + len(name)
    if name[0] in _NEVER_FIRST:
        return 0
    if 3 <= len(name) <= 5 and _ANY_KANJI.fullmatch(name) and not INSTITUTIONAL & set(name):
        return 2 if len(name) < 5 else 1
    return 0


def _is_mainland(name: str) -> bool:
    return len(name) in (2, 3) and name[0] in MAINLAND_SURNAMES and not INSTITUTIONAL & set(name)


def _foreign_worth(name: str) -> int:
    parts = re.split("[・＝=]", name)
    if any(part in _NOT_NAMES for part in parts):
        return 0
    if len(parts) > 1:
        return 6
    return 0 if name in CITIES_ABROAD else 4


def _is_given(given: str) -> bool:
    if not _GIVEN.fullmatch(given) or (given in WORDS and len(given) > 1):
        return False
    return not _NEVER_GIVEN & set(given) and not (given[-1] in PAST and len(given) > 1)


def _suffixes(run: str) -> dict[int, bool]:
    """Return the places from which a run is made of words of offices alone, and if past ones."""
    found = {len(run): False}
    for start in range(len(run) - 1, -1, -1):
        for end in range(start + 1, min(len(run), start + _PIECE) + 1):
            if end in found and run[start:end] in WORDS:
                found[start] = found[end] or run[start:end] in PAST
                if found[start]:
                    break
    return found


def _prefixes(run: str) -> set[int]:
    found = {0}
    for end in range(1, len(run)):
        if any(
            start in found and _is_lead(run[start:end])
            for start in range(max(0, end - _PIECE), end)
        ):
            found.add(end)
    return found


def _is_lead(piece: str) -> bool:
    return (
        (piece in WORDS and piece not in _BARE_CITIES)
        or piece in _TITLES
        or (piece.isascii() and piece.isalpha())
    )


def parse_run(run: str, title: str) -> Parsed | None:
    """Return where the name is in what stands before a title, none if there is no name."""
    suffixes, prefixes = _suffixes(run), _prefixes(run)
    if 0 in suffixes:
        return _only_surname(run, title)
    best: Parsed | None = None
    for end, past in sorted(suffixes.items()):
        for start in range(end):
            parsed = _judge(run, (start, end), title, clean=start in prefixes)
            if parsed and (
                best is None or parsed > best.score or (parsed == best.score and not best.past)
            ):
                best = Parsed(start, end, past, parsed)
    return best


def _judge(run: str, span: tuple[int, int], title: str, *, clean: bool) -> int:
    start, end = span
    name = run[start:end]
    foreign = _FOREIGN_NAME.fullmatch(name) is not None
    if (
        not clean
        and not (foreign and ("・" in name or run[start - 1] in _ENDS_OF_LEADS))
        and (start < 2 or run[start - 1] not in _ENDS_OF_LEADS)
    ):
        return 0
    if foreign and _cuts_kana(run, span):
        return 0
    points = worth(name, title)
    if not points:
        return 0
    points += 2 * (len(run) - end >= 2 or (foreign and end < len(run)))
    return max(0, points - (start > 0) - (not clean and not foreign))


def _cuts_kana(run: str, span: tuple[int, int]) -> bool:
    edges = run[span[0] - 1 : span[0]] if span[0] else "", run[span[1] : span[1] + 1]
    return any(edge and re.match(f"[{KATA}]", edge) for edge in edges) or edges[0] == "・"


def _only_surname(run: str, title: str) -> Parsed | None:
    """Judge a run of places and offices: only a surname that is no such word by itself counts."""
    if run not in SURNAMES or (title in SHARP_PLACE_TITLES and run in CITIES):
        return None
    return Parsed(0, len(run), False, 3)


def starts_of_names(run: str) -> Iterable[int]:
    """Return the places of a run before which there are only words of offices and places."""
    return sorted(_prefixes(run))


def ends_of_names(run: str) -> dict[int, bool]:
    """Return the places of a run after which there are only words of offices, and if past ones."""
    return _suffixes(run)
