"""Units after a number, in English and Japanese, folded to a base in which values compare."""

from __future__ import annotations

import re
from decimal import Decimal

MONEY_SIGNS = r"(?:US|U\.S\. ?|A|C|NZ|HK|S|NT|AU|CA)?\$|USD ?|JPY ?|EUR ?|AUD ?|€|£|[¥￥]|₩|₱|₹"
_BY_SIGN = {"€": "eur", "£": "gbp", "¥": "jpy", "￥": "jpy", "₩": "krw", "₱": "php", "₹": "inr"}
_BY_CODE = {"jpy": "jpy", "eur": "eur", "aud": "aud", "usd": "usd"}
_BY_DOLLAR = {"a": "aud", "au": "aud", "c": "cad", "ca": "cad", "nz": "nzd", "hk": "hkd"}
_BY_DOLLAR |= {"s": "sgd", "nt": "twd"}

# unit, worth in its base, writings. Longer writings first where one begins with another. Miles
# and kilometres do not convert: a converted figure is the editor's, not the source's.
_TABLE = (
    ("percent", "1", r"percentage[ -]points?|percent|per cent|pct|%|％|パーセント|ポイント"),
    ("aud", "1", r"australian dollars?|豪ドル"),
    ("cad", "1", r"canadian dollars?|カナダドル"),
    ("usd", "1", r"(?:u\.?s\.? )?dollars?|米ドル|ドル|usd\b"),
    ("jpy", "1", r"(?:japanese )?yen\b|円|jpy\b"),
    ("eur", "1", r"euros?\b|ユーロ"),
    ("krw", "1", r"(?:south korean |korean )?won\b(?! (?:the|a|an)\b)|ウォン"),
    ("cny", "1", r"(?:chinese )?yuan\b|renminbi|人民元|元(?![^\s、。]*(?:首相|大統領))"),
    ("php", "1", r"(?:philippine )?pesos?\b|ペソ"),
    ("gbp", "1", r"(?:british )?pounds sterling|ポンド"),
    ("nmi", "1", r"nautical[ -]miles?|海里"),
    ("km2", "1", r"square[ -]kilomet(?:er|re)s?|sq\.? km|km²|平方キロメートル|平方キロ"),
    ("m2", "1", r"square[ -]met(?:er|re)s?|m²|平方メートル"),
    ("mi2", "1", r"square[ -]miles?"),
    ("ft2", "1", r"square[ -]f(?:ee|oo)t"),
    ("m3", "1", r"cubic[ -]met(?:er|re)s?|m³|立方メートル"),
    ("km/h", "1", r"kph|km/h|kilomet(?:er|re)s (?:per|an) hour"),
    ("mph", "1", r"mph|miles (?:per|an) hour"),
    ("mile", "1", r"miles?\b|マイル"),
    ("metre", "1000", r"kilomet(?:er|re)s?\b|kms?\b|キロメートル|キロ(?!ワット|グラム|リットル)"),
    ("metre", "0.01", r"centimet(?:er|re)s?\b|cm\b|センチ"),
    ("metre", "0.001", r"millimet(?:er|re)s?\b|mm\b|ミリ(?!バール)"),
    ("metre", "1", r"met(?:er|re)s?\b|m\b|メートル"),
    ("foot", "1", r"f(?:ee|oo)t\b|ft\b|フィート"),
    ("inch", "1", r"inch(?:es)?\b|インチ"),
    ("gram", "1000000", r"(?:metric |short |long )?tons?\b|tonnes?\b|トン"),
    ("gram", "1000", r"kilogram(?:me)?s?\b|kilos?\b|kgs?\b|キログラム"),
    ("gram", "1", r"grams?\b|グラム"),
    ("lb", "1", r"pounds?\b|lbs?\b"),
    ("watth", "1000000000000", r"terawatt[ -]hours?|twh\b"),
    ("watth", "1000000000", r"gigawatt[ -]hours?|gwh\b|ギガワット時"),
    ("watth", "1000000", r"megawatt[ -]hours?|mwh\b|メガワット時"),
    ("watth", "1000", r"kilowatt[ -]hours?|kwh\b|キロワット時"),
    ("watt", "1000000000", r"gigawatts?\b|gw\b|ギガワット"),
    ("watt", "1000000", r"megawatts?\b|mw\b|メガワット"),
    ("watt", "1000", r"kilowatts?\b|kw\b|キロワット"),
    ("barrel", "1", r"barrels?\b|bbls?\b|bpd\b|バレル"),
    ("litre", "1000", r"キロリットル"),
    ("litre", "1", r"lit(?:er|re)s?\b|リットル"),
    ("gallon", "1", r"gallons?\b|ガロン"),
    ("acre", "1", r"acres?\b|エーカー"),
    ("hectare", "1", r"hectares?\b|ヘクタール"),
    ("knot", "1", r"knots?\b|ノット"),
    ("nanometre", "1", r"nanomet(?:er|re)s?\b|nm\b|ナノメートル|ナノ"),
    ("year", "1", r"(?:calendar |straight |consecutive )?years?\b|年間|カ年|か年"),
    ("month", "1", r"(?:straight |consecutive )?months?\b|[カかヵヶケ]月"),
    ("week", "1", r"weeks?\b|週間"),
    ("day", "1", r"days?\b|日間"),
    ("hour", "1", r"hours?\b|時間"),
    ("minute", "1", r"minutes?\b|分間"),
)
UNITS = tuple(
    (unit, Decimal(worth), re.compile(rf"[\s-]?(?:{writings})", re.IGNORECASE))
    for unit, worth, writings in _TABLE
)
# "8 years old" and "45歳" are the same count of years.
_AGE = re.compile(r"[\s-]?(?:歳|才)")


def unit_after(text: str, start: int, *, sign: str) -> tuple[str, Decimal, int]:
    """Return the unit that begins at ``start``, its worth in its base, and where it ends.

    Parameters
    ----------
    sign
        A sign of money that stood before the number, which is then the unit.
    """
    if sign:
        unit = _unit_of_sign(sign.strip())
        again = next((m for u, _, p in UNITS if u == unit and (m := p.match(text, start))), None)
        return unit, Decimal(1), again.end() if again else start
    age = _AGE.match(text, start)
    if age:
        return "year", Decimal(1), age.end()
    for unit, worth, pattern in UNITS:
        match = pattern.match(text, start)
        if match:
            return unit, worth, match.end()
    return "", Decimal(1), start


def mentions_unit(text: str, unit: str) -> bool:
    """Tell whether a unit is named anywhere in a text, by word or by sign."""
    if any(pattern.search(text) for name, _, pattern in UNITS if name == unit):
        return True
    signs = {name: sign for sign, name in _BY_SIGN.items()} | {"usd": "$"}
    return unit in signs and signs[unit] in text


def _unit_of_sign(sign: str) -> str:
    low = sign.lower().replace(".", "")
    if low.endswith("$"):
        return _BY_DOLLAR.get(low[:-1], "usd")
    return _BY_SIGN.get(sign) or _BY_CODE.get(low, "usd")
