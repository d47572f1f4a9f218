"""Galleries: pages whose text is the captions of their pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from alliance_nlp.core.text import one_line
from alliance_nlp.extract.jsonld import types_of
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.tree import link_share

_TITLE = re.compile(
    r"^(?:photos?|pictures?|images?|gallery|slideshow|photo (?:gallery|essay|of the (?:day|week))"
    r")\s*[:：|–—-]"
    r"|\bin (?:pictures|photos|images)\b|\b(?:photo|picture|image) (?:gallery|essay|album)\b"
    r"|\bslide ?show\b|写真(?:特集|で見る|ギャラリー|集)|フォト(?:ギャラリー|特集|ルポ|グラフ|"
    r"ニュース)"
    r"|^[【\[(（](?:写真|画像|フォト|PHOTOS?)[^】\])）]{0,8}[】\])）]|ギャラリー$",
    re.IGNORECASE,
)
_PATH = re.compile(
    r"/(?:gallery|galleries|photo-?gallery|photo-?essays?|photos?|pictures|in-pictures|"
    r"slide-?shows?"
    r"|photo-?galleries|album|photogallery)(?:/|$|-)",
    re.IGNORECASE,
)
_KINDS = {"ImageGallery", "MediaGallery"}
_CREDIT = re.compile(r"credit|source|copyright|photographer", re.IGNORECASE)
_FEWEST, _FEWEST_UNLABELLED = 2, 4
_LITTLE = 80  # words beside the captions of a page that does not call itself a gallery
_MOST, _LONGEST = 200, 2_000


def says_gallery(markup: Markup, *, title: str, url: str) -> bool:
    """Tell whether markup, title or address call a page a gallery."""
    kinds = {kind for node in (markup.article, *markup.nodes[:20]) for kind in types_of(node)}
    return (
        bool(kinds & _KINDS) or bool(_TITLE.search(title)) or bool(_PATH.search(urlsplit(url).path))
    )


def captions_of(elements: Sequence[Any]) -> list[str]:
    """Return the texts of captions, each once, without the credits set apart in them.

    Captions that are links belong to teasers of other pages.
    """
    found: dict[str, None] = {}
    for element in elements[:_MOST]:
        if _CREDIT.search(element.get("class") or "") or element.getparent() is None:
            continue
        text = one_line("".join(element.itertext())[:_LONGEST])
        if n_words(text) < 3 or link_share(element) > 0.5:
            continue
        if any(parent.tag == "a" for parent in element.iterancestors()):
            continue
        for inner in element.iterdescendants():
            if _CREDIT.search(inner.get("class") or ""):
                text = text.removesuffix(one_line("".join(inner.itertext()))).rstrip()
        if text and not any(text in other for other in found):
            found[text] = None
    return list(found)


def gallery_lines(captions: Sequence[str], main: Sequence[str], *, is_labelled: bool) -> list[str]:
    """Return introduction and captions where a page is a gallery; none on other pages.

    Parameters
    ----------
    main
        The main text as extracted, which may hold captions or have run them together.
    """
    if len(captions) < (_FEWEST if is_labelled else _FEWEST_UNLABELLED):
        return []
    others = [line for line in main if is_prose(line) and not _holds(line, captions)]
    n_captions = sum(map(n_words, captions))
    # A line may hold several captions run together; only what is beyond them is a text.
    n_others = sum(
        n_words(line) - sum(n_words(caption) for caption in captions if caption in line)
        for line in main
        if is_prose(line) and not any(line in caption for caption in captions)
    )
    if n_captions <= n_others * (0.5 if is_labelled else 1.5):
        return []
    return [*others, *captions] if is_labelled or n_others < _LITTLE else []


def _holds(line: str, captions: Sequence[str]) -> bool:
    return any(caption[:60] in line or line in caption for caption in captions)
