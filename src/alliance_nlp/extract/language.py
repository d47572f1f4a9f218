"""The language of a text: its script where that decides, py3langid else, the page as a hint."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from py3langid.langid import MODEL_FILE, LanguageIdentifier

_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_HAN = re.compile("[\u4e00-\u9fff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_SAMPLE = 1_500
# Below this many letters the identifier is guessing.
_LEAST = 60
_SURE = 0.8


def language_of(text: str, *, hint: str = "") -> str:
    """Return the ISO 639-1 code of a text's language; ``hint`` or ``""`` when it tells nothing.

    Parameters
    ----------
    hint
        What the page says of itself; many say English whatever they are.
    """
    sample = text[:_SAMPLE]
    n_letters = sum(map(str.isalpha, sample))
    if not n_letters:
        return hint
    kana, han, hangul = (len(p.findall(sample)) for p in (_KANA, _HAN, _HANGUL))
    if hangul > 0.3 * n_letters:
        return "ko"
    if kana + han > 0.3 * n_letters:
        return "ja" if kana > 0.03 * (kana + han) else "zh"
    if n_letters < _LEAST:
        return hint or _identified(sample)[0]
    code, probability = _identified(sample)
    if len(code) != 2 or (hint and code != hint and probability < _SURE):
        return hint
    return code


def _identified(sample: str) -> tuple[str, float]:
    code, probability = _identifier().classify(sample)
    return str(code), float(probability)


@cache
def _identifier() -> Any:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
