"""Minerals in Japanese text: which words of the knowledge base are raw material here."""

from __future__ import annotations

import re

from alliance_nlp.tag.japanese_names import KANJI, KATA

# Words with other meanings, or of everyday things: they need a word of trade or mining near.
_EVERYDAY = frozenset(
    "銅 鉛 銀 スズ 錫 リン ランタン カリ シリコン ケイ素 プラチナ 白金 アルミ アルミニウム "
    "ウラン フッ素 カリウム鉱石 セレン ボロン "
    "クロム 亜鉛 バリウム ヒ素 砒素 黄リン 重要物資 バライト".split()
)
_CONTEXT = re.compile(
    "鉱|資源|精錬|製錬|輸出|輸入|供給|調達|生産|備蓄|原料|レアメタル|レアアース|埋蔵|産出|権益|"
    "採掘|採取|関税|相場|在庫|濃縮|国際価格"
)
_COMPOUND = re.compile(
    "(?:天然|人造|人工|合成|球状|鱗状|三酸化|五酸化|二酸化|酸化|水酸化|炭酸|硫酸|塩化|フッ化|"
    "六フッ化|四塩化|メタ|パラ|フェロ)+$"
)
_DEVICE = re.compile("(?:窒化|ヒ化|砒化|リン化|炭化|硫化|ヒ素化|ペロブスカイト)$")
_COMPANY = re.compile(
    "(?:日本|新日本|東邦|東京|大阪|三井|三菱|住友|昭和|古河|東洋|大平洋|太平洋|帝国|関西|神戸|"
    "日鉄|大同|日亜|八戸|彦島)$"
)
_COMPANY_AFTER = re.compile(
    f"協会|工業|ホールディングス|マテリアル|リソーシズ|コーポレーション|鉱業|・[{KATA}A-Z]|ズ・"
)
_THING_AFTER = re.compile(
    "磁石|蓄?電池|イオン|合金|メダル|バレー|行|山|座|河|ウエ|ウェ|ブルー|グレー|シルバー|色|"
    "硬貨|貨|めっき|メッキ|鋼|フェス|加工|樹脂|ガス|サプリ|"
    "チケット|カード|会員|世代|筆|ホイ|缶|サッシ|箔|電極|製|像|線|管|板|器|細工|食器|の指輪|"
    "のスプーン|のネックレス|の食器|の酒器|の鍋|の像|"
    "の指輪|祭|マスク|ゴム|パワー|ケース|メタル(?!・)|ヒーター|マン(?!ガ)|とかげ|半導体|パッド|"
    "座標|賞|婚式|幕|河系|世界|翼|髪"
)
_ACID = re.compile("酸(?:アンモニウム|ナトリウム|カリウム|リチウム)")
_LONE = 2


def mineral_span(text: str, span: tuple[int, int], sentence: str) -> tuple[int, int] | None:
    """Return the span of a mineral with the compound it is part of, none where it is none."""
    start, end = span
    name = text[start:end]
    before, after = text[max(0, start - 6) : start], text[end : end + 8]
    compound = _COMPOUND.search(before)
    acid = _ACID.match(text, end)
    lead = before[: compound.start()] if compound else before
    if _DEVICE.search(before) or _COMPANY.search(lead) or _COMPANY_AFTER.match(after):
        return None
    if not acid and _THING_AFTER.match(after):
        return None
    if name in _EVERYDAY and not (_CONTEXT.search(sentence) and _is_apart(name, lead, after)):
        return None
    if _goes_on(name, lead, "" if acid else after):
        return None
    return start - (len(compound.group()) if compound else 0), acid.end() if acid else end


def _is_apart(name: str, before: str, after: str) -> bool:
    """Tell whether a short word is no part of a longer one: 銀行, 鉛直, 青銅."""
    if len(name) > _LONE:
        return True
    edge = re.compile(f"[{KANJI}{KATA}]")
    free = re.search("(?:[用産製粗]|精製|電気|金属|国内|国産)$", before) is not None
    closed = bool(before) and edge.match(before[-1]) is not None and not free
    goes_on = bool(after) and edge.match(after[0]) is not None
    known = re.match(
        "鉱|精鉱|価格|地金|権益|製錬|精錬|輸出|輸入|相場|資源|生産|供給|調達|などの?", after
    )
    return not closed and (not goes_on or known is not None)


def _goes_on(name: str, before: str, after: str) -> bool:
    kata = re.compile(f"[{KATA}]")
    return bool(
        (kata.match(name[0]) and before and kata.match(before[-1]))
        or (kata.match(name[-1]) and after and kata.match(after[0]))
    )
