"""Bases in Japanese text, by their designators, without service, country or place in front."""

from __future__ import annotations

import re

from alliance_nlp.tag.japanese_names import KANJI, KATA
from alliance_nlp.tag.japanese_places import (
    CITIES_ABROAD,
    COUNTRIES,
    KANA_PLACES,
    PREFECTURES,
)

_SURE = (
    "駐屯地|分屯基地|分屯地|演習場|射爆撃場|射爆場|対空射場|補給廠|弾薬庫|通信所|通信施設|"
    "住宅地区|貯油施設|貯油所|補助飛行場|"
    "空軍基地|海軍基地|陸軍基地|海兵隊基地|宇宙軍基地|統合基地|海軍航空基地|海兵隊航空基地|"
    "航空基地|海軍飛行場|陸軍飛行場|"
    "海軍補助施設|海軍施設|空軍施設|航空施設|兵站施設|補給地区|基地隊|空軍補給廠|"
    "沿岸警備隊基地|航空基地隊|警備所|燃料支処|弾薬支処|補給支処"
)
_DOUBTFUL = "基地|飛行場|試験場|訓練場|射撃場|射場|補給処|港湾施設|海軍工廠"
_KANA_START = "|".join(p for p in KANA_PLACES if re.match("[ぁ-ん]{2}", p) and len(p) > 1)
_AT = re.compile(
    f"(?:{_SURE}|(?:{_DOUBTFUL})(?!局|長|問題|対策|従業員|交付金|反対|負担|政策|経済|施設|跡|群))"
)
_CAMP = re.compile(
    f"(?:キャンプ|フォート)・?(?:[{KATA}]{{2,}}(?:・[{KATA}]+)*|"
    f"[{KANJI}]{{2,4}}(?=[はがをにでとのへや、。]))"
)
_NAME_BACK = re.compile(f"(?:{_KANA_START})?[{KANJI}{KATA}・ケノ之]{{0,18}}\\Z")
_COUNTRY = "|".join(
    sorted((c for c in COUNTRIES | CITIES_ABROAD if len(c) > 1), key=len, reverse=True)
)
_PREFECTURE = "|".join(sorted(PREFECTURES))
_LEAD = re.compile(
    "(?:昨年度?|今年度?|来年度?|一昨年|先月|今月|来月|昨日|今日|当時|現在|同日|翌日|前日|午前|"
    "午後|年内|旧|"
    "在日|在沖|在韓|陸上自衛隊|海上自衛隊|航空自衛隊|陸自|海自|空自|自衛隊|防衛省|沿岸警備隊|"
    "第[0-9一二三四五六七八九十]+[師旅]団|"
    "(?:米|日米|英|豪|仏|独|韓国|中国|ロシア|比|印|台湾)?(?:軍|海兵隊|海軍|空軍|陸軍|宇宙軍|"
    "沿岸警備隊)|日米|[米英豪仏独比印韓](?=[ァ-ヺ])|"
    f"(?:{_PREFECTURE})(?:都|道|府|県)|北海道|[{KANJI}]{{1,4}}[市町村郡区]|[{KATA}]{{2,}}(?:島|"
    "州|県|市|郡|準州|半島)|"
    f"[{KANJI}]{{1,3}}(?:諸島|島内|県内|市内|町内|村内)|(?:{_COUNTRY})(?:北部|南部|東部|西部|"
    "中部|本土)?|北部|南部|東部|西部|"
    "隣接|近接|主力|主要|最大級|最大|最北|国内|県内|市内|の|・)"
)
_DESIGNATOR = re.compile(f"(?:{_SURE}|{_DOUBTFUL})")
_GENERIC = re.compile(
    "(?:移設|代替|軍事|ミサイル|共用|共同|専用|使用|返還|補給|航空|前方|前進|遠征|作戦|民間|"
    "空軍|海軍|陸軍|普通|在外|対象|周辺|主要|海外|"
    "戦略|巨大|出撃|訓練|射撃|実弾|陸上|国内|地下|辺野古|敵|敵地|市議会|県議会|町議会|市議|"
    "県議|産業|物流|観測|昭和|南極|宇宙|発射|打ち上げ|"
    "生産|開発|研究|情報|通信|中継|整備|物資|後方|支援|無人機|潜水艦|原潜|核|爆撃機|戦闘機|"
    "最前線|一大|重要|同盟国|沿岸|洋上|移動|救難|"
    "米軍|自衛隊|外国|日本|中国|米国|ロシア|韓国|北朝鮮|台湾|英国|豪州|レーダー|ヘリ|"
    "ヘリコプター|ドローン|燃料|備蓄|農業|工業|水産|畜産|自動車|"
    "運転|免許|教育|海兵隊|軍|基地|施設|区域|反撃|攻撃|防空|防衛|対空|着陸|離着陸|広域|屋内|"
    "屋外|専門|漁業|養殖|食料|供給|輸出|製造|"
    "ロケット|衛星|人工衛星|デジタル|サイバー|活動|運用|展開|拠点|臨時|仮設|常設|恒久|恒久的|"
    "特別|一般|民生|国際|地方|沖縄|LNG|多目的|"
    "同|各|全|両|新|旧|元|現|当|他|米|豪|英|日米|在日|在外|両国|弾道|弾道ミサイル|巡航ミサイル|"
    "対艦|地対艦|海上|海空|陸海空|反|非|脱|本土|内陸|離島|島|南西|対|向け|用|的|型|な|級)*"
)
_ANY_FORCES = re.compile("米軍|自衛隊|海兵隊|基地|駐屯地|防衛省|防衛相|防衛局")
_MILITARY = re.compile("軍|自衛隊|陸自|海自|空自|防衛|部隊|演習|ミサイル|弾|戦闘|隊|装備|兵")
_CITIES_ONLY = frozenset(
    COUNTRIES | {"沖縄", "青森", "長崎", "山口", "神奈川", "東京", "北海道", "鹿児島"}
)


def find_japanese_bases(text: str) -> list[tuple[int, int]]:
    """Return the spans of what carries a base's designator and a name of its own."""
    found = [match.span() for match in _CAMP.finditer(text) if _is_camp(match.group())]
    for match in _AT.finditer(text):
        first = max(0, match.start() - 18)
        back = _NAME_BACK.search(text[first : match.start()])
        start = _strip(text, first + back.start() if back else match.start(), match.end())
        if _is_named(text[start : match.start()], match.group()) and (
            not re.fullmatch(_DOUBTFUL, match.group()) or _is_military(text, start, match.group())
        ):
            found.append((start, match.end()))
    return found


def _strip(text: str, start: int, end: int) -> int:
    """Return where the name begins, past the words that stand before it."""
    while True:
        lead = _LEAD.match(text, start, end)
        if lead is None:
            return start
        rest = text[lead.end() : end]
        if _DESIGNATOR.fullmatch(rest) or not rest:
            return start
        start = lead.end()


def _is_camp(surface: str) -> bool:
    name = re.sub("^(?:キャンプ|フォート)・?", "", surface)
    return (
        name not in ("ファイヤー", "ファイア", "サイト", "インストール", "デービッド")
        and len(name) > 1
    )


def _is_named(name: str, designator: str) -> bool:
    generic = _GENERIC.fullmatch(name) is not None
    if generic or name in _CITIES_ONLY:
        return designator == "基地隊" and name == "沖縄"
    return True


def _is_military(text: str, at: int, designator: str) -> bool:
    if designator == "基地":
        return True
    if designator in ("飛行場", "訓練場"):
        return _ANY_FORCES.search(text) is not None
    first = text.rfind("。", 0, at) + 1
    first = text.rfind("。", 0, max(0, first - 1)) + 1
    end = text.find("。", at)
    return _MILITARY.search(text, first, end if end >= 0 else len(text)) is not None
