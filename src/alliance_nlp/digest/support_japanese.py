"""Numerals and kana of Japanese text, as values and as Latin letters."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

DIGITS = {**{kanji: value for value, kanji in enumerate("〇一二三四五六七八九")}, "零": 0}
KANJI_NUMERAL = "〇零一二三四五六七八九十百千"
_TENS = {"十": 10, "百": 100, "千": 1000}
SCALES = {"万": 10**4, "億": 10**8, "兆": 10**12}
_PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.・]\d+)?"
# One step of a numeral: 2000億, 五千九百億, 1.5兆, 5万; a run of steps is one number.
_STEP = rf"(?:{_PLAIN}|[{KANJI_NUMERAL}]+(?:・[{KANJI_NUMERAL}]+)?)[千百]?[万億兆]?"
# Atomic: what follows a numeral must not make it try every way of parting the figures.
NUMERAL = re.compile(rf"(?<![\d{KANJI_NUMERAL}])(?>(?:{_STEP})+)")
_STEPS = re.compile(rf"({_PLAIN}|[{KANJI_NUMERAL}]+(?:・[{KANJI_NUMERAL}]+)?)([千百]?)([万億兆]?)")

# Hepburn by the letters that matter: length marks and doubled consonants are folded away later.
_ROMAJI = dict(
    pair.split(":")
    for pair in (
        "あ:a い:i う:u え:e お:o か:ka き:ki く:ku け:ke こ:ko さ:sa し:shi す:su せ:se そ:so "
        "た:ta ち:chi つ:tsu て:te と:to な:na に:ni ぬ:nu ね:ne の:no は:ha ひ:hi ふ:fu へ:he "
        "ほ:ho ま:ma み:mi む:mu め:me も:mo や:ya ゆ:yu よ:yo ら:ra り:ri る:ru れ:re ろ:ro "
        "わ:wa を:o ん:n が:ga ぎ:gi ぐ:gu げ:ge ご:go ざ:za じ:ji ず:zu ぜ:ze ぞ:zo だ:da ぢ:ji "
        "づ:zu で:de ど:do ば:ba び:bi ぶ:bu べ:be ぼ:bo ぱ:pa ぴ:pi ぷ:pu ぺ:pe ぽ:po ゔ:vu "
        "ぁ:a ぃ:i ぅ:u ぇ:e ぉ:o ゃ:ya ゅ:yu ょ:yo っ: ゎ:wa"
    ).split()
)
_KANA = re.compile(r"[ぁ-ゖァ-ヺー]+")
# Sounds that kana do not tell apart, or that they add between consonants.
_SAME_SOUND = str.maketrans({"l": "r", "v": "b", "c": "k", "q": "k", "z": "j", "f": "h"})


_WIDE = str.maketrans("０１２３４５６７８９％．，：", "0123456789%.,:")


def narrow(text: str) -> str:
    """Return a text with plain figures for wide ones; every offset stays."""
    return text.translate(_WIDE)


def numeral_value(surface: str) -> Decimal:
    """Return what a numeral such as ``1兆2000億``, ``五千九百`` or ``九八`` says."""
    total = Decimal(0)
    for plain, small, large in _STEPS.findall(unicodedata.normalize("NFKC", surface)):
        value = _small(plain) * _TENS.get(small, 1)
        total += value * SCALES.get(large, 1)
    return total


def _small(text: str) -> Decimal:
    if text[0].isascii():
        return Decimal(text.replace(",", "").replace("・", "."))
    whole, _, decimals = text.partition("・")
    value = Decimal(_whole(whole))
    if decimals:
        value += Decimal("0." + "".join(str(DIGITS.get(char, 0)) for char in decimals))
    return value


def _whole(text: str) -> int:
    if not any(char in _TENS for char in text):
        return int("".join(str(DIGITS[char]) for char in text))
    total = pending = 0
    for char in text:
        if char in _TENS:
            total += (pending or 1) * _TENS[char]
            pending = 0
        else:
            pending = DIGITS[char]
    return total + pending


def kana_words(text: str) -> frozenset[str]:
    """Return the sound of every run of kana of two or more, see :func:`sound`."""
    return frozenset(
        sound(_romaji(match.group())) for match in _KANA.finditer(text) if len(match.group()) > 1
    )


def sound(word: str) -> str:
    """Return the consonants of a Latin word as kana would carry them: ``Texas`` as ``tksas``.

    Two writings of one name mostly agree in them; the first letter is kept when it is a vowel.
    """
    low = word.lower().replace("x", "ks").replace("ph", "f").replace("th", "s").replace("ck", "k")
    low = low.replace("tch", "ch").replace("ch", "t").replace("sh", "s").replace("ts", "t")
    low = low.translate(_SAME_SOUND)
    bare = low[:1] + re.sub(r"[aeiouhyw]", "", low[1:])
    bare = re.sub(r"m(?=[bp])", "n", bare)
    return re.sub(r"(.)\1+", r"\1", bare)


def _romaji(kana: str) -> str:
    plain = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in kana)
    plain = re.sub(r"[きぎしじちにひびぴみり][ゃゅょ]", _glide, plain)
    return "".join(_ROMAJI.get(char, "") for char in plain)


def _glide(match: re.Match[str]) -> str:
    glide = match.group()
    return glide[0] + {"ゃ": "ぁ", "ゅ": "ぅ", "ょ": "ぉ"}[glide[1]]
