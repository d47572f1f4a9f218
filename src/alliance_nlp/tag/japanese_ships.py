"""Ships in Japanese text: names beside a kind of ship, in lists of quotations, and again."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from alliance_nlp.tag.japanese_names import HIRA, KANJI, KATA
from alliance_nlp.tag.records import Ship

_KIND = (
    "(?:艦|船|艇|空母|タンカー|フェリー|カッター|原潜|フリゲート|"
    "コルベット|タグボート|トロール|ドック)"
)
_QUOTE = "[「『“]([^」』”\n]{1,30})[」』”]"
_HULL = "(?:[((][A-Z]{1,4}[-‐ ]?[0-9]{1,4}[))])?"
_BETWEEN = f"{_HULL}(?:など)?(?:[、,や・]|と|及び|および|、及び|、および|ならびに)?(?:同)?"
_LISTED = re.compile(
    f"(?:{_KIND}(?:の|名)?|[級型](?:艦|船|艇)?)(?={_QUOTE[:5]})((?:{_QUOTE}{_BETWEEN})+)"
)
_EACH = re.compile(_QUOTE)
_BARE = re.compile(
    f"{_KIND}(?P<name>(?:[{KATA}]{{2,}}(?:[・＝][{KATA}]+|・[A-Z])*|"
    "[A-Z][A-Za-z.]*(?: [A-Z0-9][A-Za-z0-9.]*)*"
    f"|(?:第[0-9一二三四五六七八九十]+)?[{KANJI}]{{1,4}}丸)){_HULL}"
)
_OWN = re.compile(
    f"(?P<quote>[「『])?(?P<name>(?:海警|海監|漁政)[0-9]{{2,5}})|"
    f"[「『](?P<maru>[{KANJI}{KATA}{HIRA}0-9]{{1,10}}丸)[」』]"
)
_TYPE_AFTER = re.compile(f"{_QUOTE}[((][^))\n]{{0,12}}(?:艦|船|艇)[))]")
_SAILS = re.compile(
    "[」』”](?:[はがも][^。「」]{0,24}?(?:離れ|離岸|加わ|出港|入港|寄港|帰港|就役|航行|出航|"
    "追尾|通過|停泊|合流|進水|座礁|沈没|転覆|衝突|母港|展開|到着)"
    "|に(?:代わ|続[くい]|合流|乗艦|乗船|体験)|の(?:艦載機|艦長|船長|乗組員|乗員|母港|艦上|甲板|"
    "飛行甲板|船体|就役|寄港|入港|出港|進水|艦内|後継))"
)
_SHIP_NAME = re.compile(f"[{KATA}・＝]{{3,}}|[{HIRA}]{{2,7}}|[{KANJI}]{{2}}")
_CLASS_AFTER = re.compile("[」』”]?(?:型|級|クラス)")
_NOT_SHIPS = re.compile(
    "(?:宇宙|風|飛行|気球|方|造|商|汽|乗|下|湯|配|入)船\\Z|(?:護衛|建造|新造|全|軍|各|両|老朽|"
    "同)\\Z"
)
_NEVER = frozenset(
    "日の丸 真田丸 本丸 二の丸 三の丸 ミサイル レーダー タイプ クラス システム プロジェクト".split()
)
_NOT_BEFORE = re.compile(
    "(?:新幹線|列車|特急|急行|電車|探査機|衛星|ロケット|戦闘機|機|ヘリ|バス|演習|訓練|作戦|"
    "映画|曲|番組|誌|紙)\\Z"
)
_MEMBER = re.compile(
    "(?:海軍|海自|海上自衛隊|沿岸警備隊|海保|海上保安庁|海警局|水産庁|[0-9一二三四五六]番艦|"
    f"[0-9一二三四五六]隻目|同型)の{_QUOTE}"
)
_AT_SEA = re.compile(
    "艦|[船艇](?!橋市|員)|空母|潜水|海上保安|出港|入港|寄港|就役|進水|母港|航行|海軍"
)
_FOREIGN = re.compile(f"[{KATA}]+(?:[・＝][{KATA}A-Z]+)+")
_GRAMMAR_AFTER = re.compile("[はがをにのとも、。や](?!大統領|大学|元|氏)")
_BEARERS = (
    # words before the name, countries, services (any if empty)
    (
        re.compile("護衛|掃海|輸送艦|海自|海上自衛隊|練習艦|試験艦|ミサイル艇|潜水艦救難"),
        ("JP",),
        ("JMSDF",),
    ),
    (re.compile("巡視|海保|海上保安|測量船"), ("JP", "PH", "US"), ("JCG", "PCG", "USCG")),
    (re.compile("米(?!比)"), ("US",), ()),
    (re.compile("中国|中露"), ("CN",), ()),
    (re.compile("台湾"), ("TW",), ()),
    (re.compile("比海|比沿|フィリピン"), ("PH",), ()),
    (re.compile("豪|オーストラリア"), ("AU",), ()),
    (re.compile("英|イギリス"), ("GB", "UK"), ()),
    (re.compile("仏|フランス"), ("FR",), ()),
    (re.compile("独|ドイツ"), ("DE",), ()),
    (re.compile("印海|インド"), ("IN",), ()),
    (re.compile("韓国"), ("KR",), ()),
    (re.compile("ロシア|露"), ("RU",), ()),
    (re.compile("カナダ"), ("CA",), ()),
    (re.compile("イタリア|伊海"), ("IT",), ()),
)
Found = tuple[int, int, str, str]


class Ships:
    """The ships of one text; ``known`` maps Japanese names to the ships that bear them."""

    def __init__(self, text: str, known: Mapping[str, Sequence[Ship]], on: date | None) -> None:
        self._text = text
        self._known = known
        self._on = on
        self._found: dict[tuple[int, int], tuple[str, str]] = {}
        self._names: dict[str, str] = {}

    def find(self) -> list[Found]:
        """Return the ships as (start, end, id, rule)."""
        if not _AT_SEA.search(self._text):
            return []
        self._listed()
        self._bare()
        self._own()
        self._members()
        self._hiragana()
        self._quoted()
        self._unquoted()
        return [(*span, *what) for span, what in self._found.items()]

    def _add(self, span: tuple[int, int], how: str) -> None:
        name = self._text[span[0] : span[1]]
        if name in _NEVER or _CLASS_AFTER.match(self._text, span[1]):
            return
        if name not in self._names:
            self._names[name] = self._link(re.sub("[((].*", "", name).strip(), span[0])
        self._found.setdefault(span, (self._names[name], how))

    def _link(self, name: str, at: int) -> str:
        """Return the ship that fits the words before the name best, none if two fit alike."""
        before = re.sub(_QUOTE, "", self._text[self._text.rfind("。", 0, at) + 1 : at])
        before = before.rstrip("「『“、やと・")
        nearest = re.split("[、」』]|が|は", before)[-1]
        # The nearest words decide; where they leave two ships alike, the whole sentence does.
        return self._best(name, nearest) or self._best(name, before)

    def _best(self, name: str, before: str) -> str:
        ranked = sorted(
            ((_fits(ship, before, self._on), ship.id) for ship in self._known.get(name, ())),
            key=lambda pair: (-pair[0], pair[1]),
        )
        if not ranked or (len(ranked) > 1 and ranked[1][0] == ranked[0][0]):
            return ""
        return ranked[0][1] if ranked[0][0] >= 0 else ""

    def _listed(self) -> None:
        for match in _LISTED.finditer(self._text):
            head = self._text[max(0, match.start() - 6) : match.start(1)]
            by_class = self._text[match.start()] in "級型"
            if _NOT_SHIPS.search(head) or (by_class and not self._is_at_sea(match.start())):
                continue
            for quote in _EACH.finditer(self._text, match.start(1), match.end(1)):
                self._add(quote.span(1), "type-ja")

    def _bare(self) -> None:
        for match in _BARE.finditer(self._text):
            name = match.group("name")
            head = self._text[max(0, match.start() - 6) : match.start("name")]
            if _NOT_SHIPS.search(head) or _is_kind(name):
                continue
            self._add((match.start("name"), match.end()), "type-ja")

    def _own(self) -> None:
        """Find names that tell by themselves that they are a ship's: 海警1302, 「…丸」."""
        for match in _OWN.finditer(self._text):
            self._add(match.span("name" if match.group("name") else "maru"), "name-ja")

    def _members(self) -> None:
        """Find quotations that a navy has or that are counted: 比海軍の「…」, 3隻目の「…」."""
        for match in _TYPE_AFTER.finditer(self._text):
            self._add(match.span(1), "type-ja")
        for match in _MEMBER.finditer(self._text):
            name = match.group(1)
            if re.fullmatch(f"[{KATA}・＝]{{3,}}|[{HIRA}]{{2,7}}", name) and self._is_at_sea(
                match.start()
            ):
                self._add(match.span(1), "type-ja")

    def _hiragana(self) -> None:
        """Find known names without quotation marks right after a kind of ship."""
        for match in re.finditer(f"(?:艦|船|艇|空母)([{HIRA}{KANJI}]{{2,6}})", self._text):
            name = match.group(1)
            for size in range(len(name), 1, -1):
                if name[:size] in self._known:
                    self._add((match.start(1), match.start(1) + size), "type-ja")
                    break

    def _quoted(self) -> None:
        """Find quotations that name a ship known from here or from the knowledge base."""
        for match in re.finditer(_QUOTE, self._text):
            name = match.group(1)
            before = self._text[max(0, match.start() - 5) : match.start()]
            if name in self._names or (
                (name in self._known or self._sails(match))
                and not _NOT_BEFORE.search(before)
                and self._is_at_sea(match.start())
            ):
                self._add(match.span(1), "document-ja")

    def _sails(self, quote: re.Match[str]) -> bool:
        """Tell whether a quotation after named ships does what ships do."""
        return bool(
            self._names
            and _SHIP_NAME.fullmatch(quote.group(1))
            and _SAILS.match(self._text, quote.end() - 1)
        )

    def _unquoted(self) -> None:
        """Find names of several words again, where no quotation marks are used."""
        for name in [name for name in self._names if _FOREIGN.fullmatch(name)]:
            for match in re.finditer(re.escape(name), self._text):
                if match.span() not in self._found and _GRAMMAR_AFTER.match(
                    self._text, match.end()
                ):
                    self._add(match.span(), "document-ja")

    def _is_at_sea(self, at: int) -> bool:
        """Tell whether the sentence or the one before it speaks of ships."""
        first = self._text.rfind("。", 0, at) + 1
        first = self._text.rfind("。", 0, max(0, first - 1)) + 1
        end = self._text.find("。", at)
        return _AT_SEA.search(self._text, first, end if end >= 0 else len(self._text)) is not None


def _fits(ship: Ship, kind: str, on: date | None) -> int:
    """Return how well a ship fits the words before its name, and the day."""
    points = 0
    for pattern, countries, services in _BEARERS:
        if pattern.search(kind):
            fits = ship.country in countries and (not services or ship.service in services)
            points += 2 if fits else -2
    if on is not None:
        day = on.isoformat()
        in_time = not (ship.until and day[: len(ship.until)] > ship.until)
        in_time &= not (ship.since and day[: len(ship.since)] < ship.since)
        points += in_time
    return points


def _is_kind(name: str) -> bool:
    """Tell whether katakana after 艦 or 船 goes on to say what it is: イージス艦システム."""
    return bool(
        re.search(
            "(?:システム|センター|チーム|グループ|メーカー|ドック|オペレーター|タイプ|クラス|"
            "ターミナル|ルート|トン|レーダー|ミサイル|エンジン)$",
            name,
        )
        or len(name) < 2
    )
