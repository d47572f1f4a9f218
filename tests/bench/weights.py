"""How heavy pages are: bytes, tags, classes, and words of the article."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from statistics import quantiles

from lxml import html
from trafilatura import bare_extraction

from alliance_nlp.core.types import Page

# Japanese puts no spaces between words; two characters of it are taken as one.
_WORD = re.compile("[\u3040-\u30ff\u3400-\u9fff]{2}|[^\\W\u3040-\u30ff\u3400-\u9fff]+")
Quarters = tuple[float, float, float]


def weigh(pages: Iterable[Page]) -> Mapping[str, Quarters]:
    """Return, by measure, what a quarter, half and three quarters of the pages do not exceed."""
    measured = [_weights(page) for page in pages]
    return {name: _quarters([weights[name] for weights in measured]) for name in measured[0]}


def _weights(page: Page) -> dict[str, int]:
    tree = html.document_fromstring(page.body)
    found = bare_extraction(page.body)
    return {
        "kilobytes": len(page.body) // 1000,
        "tags": sum(isinstance(element.tag, str) for element in tree.iter()),
        "different classes": len({element.get("class") for element in tree.iter("*")} - {None}),
        "links": sum(1 for _ in tree.iter("a")),
        "words of the article": len(_WORD.findall(found.text or "")) if found else 0,
    }


def _quarters(values: list[int]) -> Quarters:
    one, two, three = quantiles(values, n=4)
    return round(one), round(two), round(three)
