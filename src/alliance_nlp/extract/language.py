"""The language of a text: its script where that decides, py3langid else, the page as a hint.

A page may hold two languages. Each paragraph has its own; the text's is the one of most of its
characters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile("[\u4e00-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
# Words that no text of another language is full of; they spare most paragraphs the identifier.
_ENGLISH = frozenset("the of and to in a is that for it was with as at by from have said".split())
_ENGLISH_SHARE = 0.12
_WORD = re.compile(r"[^\W\d_]+")
_SAMPLE = 400  # characters of a paragraph
_WHOLE = 1_500
_MOST_PARAGRAPHS = 30
# Below this many letters the identifier is guessing.
_LEAST = 60
_SURE = 0.8
# Han characters without kana may be Japanese as long as they are no longer than a heading.
_LONGEST_HEADING = 30
# A second language with this share of the letters makes a text a mixed one.
MIXED_SHARE = 0.2


def language_of(text: str, *, hint: str = "") -> str:
    """Return the ISO 639-1 code of the language of most of a text; ``hint`` when it tells nothing.

    Parameters
    ----------
    hint
        What the page says of itself; many say English whatever they are.
    """
    return next(iter(language_shares(text, hint=hint)), hint)


def is_mixed(shares: Mapping[str, float]) -> bool:
    """Tell whether a second language has at least :data:`MIXED_SHARE` of the letters."""
    return any(share >= MIXED_SHARE for share in list(shares.values())[1:])


def language_shares(text: str, *, hint: str = "") -> dict[str, float]:
    """Return the languages of a text with their share of its letters, 0 to 1, greatest first.

    Paragraphs that tell no language are left out; empty when none tells one.
    """
    paragraphs = text.split("\n", _MOST_PARAGRAPHS)[:_MOST_PARAGRAPHS]
    has_kana = len(_KANA.findall(text)) > 0.03 * len(_HAN.findall(text))
    sizes: Counter[str] = Counter()
    for paragraph in paragraphs:
        code, n_letters = _of_paragraph(paragraph[:_SAMPLE], hint=hint, has_kana=has_kana)
        if code:
            sizes[code] += n_letters * len(paragraph) // max(1, min(len(paragraph), _SAMPLE))
    if not sizes:
        code = _of_scraps(text[:_WHOLE], hint=hint)
        return {code: 1.0} if code else {}
    total = sum(sizes.values())
    return {code: size / total for code, size in sizes.most_common()}


def _of_paragraph(sample: str, *, hint: str, has_kana: bool) -> tuple[str, int]:
    """Return a paragraph's language, ``""`` when it is too short to tell, and its letters."""
    # Letters are counted only where the script may be another than Latin.
    n_letters = len(sample) - sample.count(" ")
    if not sample.isascii():
        n_letters = sum(map(str.isalpha, sample))
        script = _of_script(sample, n_letters, has_kana=has_kana)
        if script:
            return script, n_letters
    if n_letters < _LEAST:
        return "", n_letters
    words = _WORD.findall(sample.lower())
    if sum(map(_ENGLISH.__contains__, words)) >= _ENGLISH_SHARE * len(words):
        return "en", n_letters
    code, probability = _identified(sample)
    if len(code) != 2 or (probability < _SURE and code != hint):
        return "", n_letters
    return code, n_letters


def _of_script(sample: str, n_letters: int, *, has_kana: bool) -> str:
    kana, han, hangul = (len(p.findall(sample)) for p in (_KANA, _HAN, _HANGUL))
    if hangul > 0.3 * n_letters:
        return "ko"
    if kana + han <= 0.3 * n_letters:
        return ""
    is_japanese = kana > 0.03 * (kana + han) or (has_kana and han < _LONGEST_HEADING)
    return "ja" if is_japanese else "zh"


def _of_scraps(sample: str, *, hint: str) -> str:
    """Return the language of a text without a paragraph long enough to tell one."""
    n_letters = sum(map(str.isalpha, sample))
    if not n_letters:
        return hint
    if n_letters < _LEAST:
        return hint or _identified(sample)[0]
    code, probability = _identified(sample)
    return hint if len(code) != 2 or (hint and code != hint and probability < _SURE) else code


def _identified(sample: str) -> tuple[str, float]:
    code, probability = _identifier().classify(sample)
    return str(code), float(probability)


@cache
def _identifier() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
