"""Exercises in Japanese text: quotations beside 演習 or 訓練, editions, and names in 演習."""

from __future__ import annotations

import re
from collections.abc import Mapping

from alliance_nlp.tag.japanese_names import HIRA, KANJI, KATA

_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_WORD = "演習|訓練|競技会?|エクササイズ|ウォーゲーム|展開"
_QUOTE = "[「『“]([^」』”\n。]{2,30})[」』”]"
_EDITION_END = (
    f"(?:[{KATA}A-Za-z{KANJI}{HIRA})][ ・-]?(?:20[0-9]{{2}}|[0-9]{{1,2}}(?:[.-][0-9]{{1,2}})?))"
)
_QUOTED = re.compile(
    f"(?:{_WORD})(?:である|の|、|名)?(?={_QUOTE[:5]})((?:{_QUOTE}[、とや及び]{{0,2}})+)"
)
_EACH = re.compile(_QUOTE)
_AFTER = re.compile(f"{_QUOTE}(?:[^。、\n「」がはをとものに]{{0,8}}?)(?:{_WORD})")
_HOSTED = re.compile(
    f"(?:主催|主導|共催|恒例|多国間|共同|合同)の{_QUOTE}|{_QUOTE}(?:の一環|に参加|を実施|を行|"
    "が始ま|が行わ)"
)
_EDITION = re.compile(
    f"(?<![{KATA}A-Za-z])([{KATA}]{{3,}}(?:・[{KATA}]+)*|[A-Z]{{4,}})(?:[ ・]?(?:20[0-9]{{2}}|"
    f"[0-9]{{2}}))(?![0-9年月日万億機隻人型号式.%])"
)
_BARE = re.compile(
    "(?:共同|合同|実動|多国間|統合|海上|図上|指揮所|空戦|米韓|日米|米比)(?:演習|"
    f"訓練)([{KATA}]{{3,}}(?:・[{KATA}]+)*)"
)
_PARENTHESIS = re.compile(
    f"(?:演習|訓練)[((]([{KATA}]{{3,}}(?:・[{KATA}]+)*(?:[0-9]{{2,4}})?|"
    f"[A-Z][A-Za-z ]*[- ]?[0-9]{{2,4}})[))]"
)
_NAMED = re.compile(
    "(?<![一-龥])(?:(?:令和[0-9]+年度)?((?:陸上|海上|航空)自衛隊演習|自衛隊統合演習|"
    "自衛隊統合防災演習|陸上総隊演習|海上保安庁観閲式演習|富士総合火力演習|"
    "航空総隊総合訓練|[東西南北中]部方面隊(?:実動|総合)演習))"
)
# With the year in its name, a quotation beside forces needs no word for exercise.
_OF_FORCES = re.compile(f"[{KATA}・]{{4,}}(?:20)?[1-4][0-9]|[{KANJI}]{{2,6}}20[0-9]{{2}}")
_FORCES = re.compile("軍|自衛隊|陸自|海自|空自|海兵隊|部隊")
_WORD_IN = re.compile("演習|訓練|競技")
_NAME_IN = re.compile(f"[{KATA}A-Za-z0-9０-９]")
_KANJI_NAME = re.compile(f"[{KANJI}]{{2,6}}(?:[0-9０-９]{{2,4}})?(?:号)?")
_NOT_DRILLS = re.compile(
    "^(?:海警|ビジョン|アジェンダ|プラン|プロジェクト|オスプレイ|ペトリオット|ハイマース|"
    "ブルーインパルス|型|式)|[展博祭]20|白書|方針|EXPO|フォーラム|会議|サミット|計画$|戦略$|"
    "制度$|作戦$|[丸艦船艇機]$"
)
_PRODUCTS = re.compile(
    "(?:ミサイル|装置|システム|機|車|砲|艦|船|艇|弾|ヘリ|空母|型|級|チーム|小隊|誌|紙)\\Z"
)
Found = tuple[int, int, str, str]


def key(name: str) -> str:
    """Return the form in which names in Latin letters are compared: ARC21 as ARC 21."""
    return re.sub("[ .・-]", "", name).lower()


class Drills:
    """The exercises of one text; ``known`` maps Japanese names to ids."""

    def __init__(self, text: str, known: Mapping[str, str]) -> None:
        self._text = text
        self._known = known
        self._found: dict[tuple[int, int], tuple[str, str]] = {}

    def find(self) -> list[Found]:
        """Return the exercises as (start, end, id, rule)."""
        if not (_WORD_IN.search(self._text) or _FORCES.search(self._text)):
            return []
        for match in _QUOTED.finditer(self._text):
            for quote in _EACH.finditer(self._text, match.start(1), match.end(1)):
                self._quote(quote, kanji=True)
        for match in _AFTER.finditer(self._text):
            self._quote(match, kanji=self._text[match.end(1) + 1 : match.end(1) + 3] == "演習")
        self._editions()
        self._listed()
        for pattern in (_NAMED, _BARE, _PARENTHESIS):
            for match in pattern.finditer(self._text):
                self._add(match.span(1))
        return [(*span, *what) for span, what in self._found.items()]

    def _quote(self, match: re.Match[str], *, kanji: bool) -> None:
        name = match.group(1)
        if _NOT_DRILLS.search(name) or not (
            _NAME_IN.search(name) or (kanji and _KANJI_NAME.fullmatch(name))
        ):
            return
        if self._known_or_odd(match):
            self._add(match.span(1))

    def _known_or_odd(self, match: re.Match[str]) -> bool:
        """Tell that a quotation is not the name of a weapon or a ship by what stands before it."""
        return _PRODUCTS.search(self._text, max(0, match.start() - 5), match.start()) is None

    def _editions(self) -> None:
        """Find quotations that end in an edition, and those that are held or joined."""
        for quote in _EACH.finditer(self._text):
            name = quote.group(1)
            whole = name.translate(_WIDE)
            plain = re.sub("[0-9 .・]+$", "", whole)
            if _NOT_DRILLS.search(name) or not self._known_or_odd(quote):
                continue
            dated = re.search(f"{_EDITION_END}\\Z", whole) or plain in self._known
            if (dated and self._near(quote.start())) or (
                _OF_FORCES.fullmatch(whole) and self._near(quote.start(), what=_FORCES)
            ):
                self._add(quote.span(1))
        for match in _HOSTED.finditer(self._text):
            group = 1 if match.group(1) else 2
            name = match.group(group)
            if (
                re.search(f"^[{KATA}A-Z][{KATA}A-Za-z・ ]+", name)
                and self._near(match.start())
                and self._known_or_odd(match)
            ):
                self._add(match.span(group))
        for match in _EDITION.finditer(self._text):
            if (
                self._near(match.start(), before=False)
                and not _NOT_DRILLS.search(match.group())
                and self._known_or_odd(match)
            ):
                self._add(match.span())

    def _listed(self) -> None:
        """Find katakana quotations that come after an exercise in the same sentence."""
        for _, end in list(self._found):
            stop = self._text.find("。", end)
            for quote in _EACH.finditer(self._text, end, stop if stop >= 0 else len(self._text)):
                between = self._text[end : quote.start()]
                if (
                    re.fullmatch(f"[{KATA}・]{{4,}}", quote.group(1))
                    and self._known_or_odd(quote)
                    and not re.search("[艦船艇機弾]|ミサイル", between)
                ):
                    self._add(quote.span(1))

    def _add(self, span: tuple[int, int]) -> None:
        name = self._text[span[0] : span[1]].translate(_WIDE)
        plain = re.sub("[0-9 .・]+$", "", name)
        entity_id = next(
            (
                self._known[form]
                for form in (name, plain, key(name), key(plain))
                if form in self._known
            ),
            "",
        )
        self._found.setdefault(span, (entity_id, "pattern-ja"))

    def _near(self, at: int, *, before: bool = True, what: re.Pattern[str] = _WORD_IN) -> bool:
        """Tell whether the sentence, or the one before it, speaks of an exercise."""
        first = self._text.rfind("。", 0, at) + 1
        if before:
            first = self._text.rfind("。", 0, max(0, first - 1)) + 1
        end = self._text.find("。", at)
        return what.search(self._text, first, end if end >= 0 else len(self._text)) is not None
