"""Quality marks of an accepted article; each only where the page itself says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from alliance_nlp.extract.jsonld import text_of, types_of
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.published import Publication
from alliance_nlp.extract.wording import MACHINE

_OPINION_SECTION = re.compile(
    r"opinions?|op-?eds?|editorials?|commentary|comment|columns?|columnists?|letters|viewpoints?"
    r"|社説|論説|オピニオン|コラム|天声人語|論壇|主張",
    re.IGNORECASE,
)
_OPINION_TITLE = re.compile(
    r"^(?:opinion|editorial|op-?ed|commentary|社説|【社説】|【主張】|＜社説＞|<社説>)\s*[:：|｜】＞>]?\s?",
    re.I,
)
_LIVE_TITLE = re.compile(
    r"\blive (?:updates?|blog|coverage)\b|\blive\s*[:–-]|\bas it happened\b"
    r"|【?(?:速報|ライブ)中継】?|ライブ更新",
    re.I,
)
_LIVE_PATH = re.compile(
    r"/(?:live|liveblog|live-blog|live-updates?)(?:/|$)|-live(?:-updates)?(?:-|/|$)"
)


def kind_flags(markup: Markup, *, title: str, url: str) -> Iterator[str]:
    """Yield what kind of piece the markup, the address or the title says that this is."""
    kinds = types_of(markup.article)
    sections = (
        *markup.metas.get("article:section", ()),
        text_of(markup.article.get("articleSection")),
    )
    folders = [part for part in urlsplit(url).path.split("/")[:-1] if part]
    if (
        "OpinionNewsArticle" in kinds
        or any(_OPINION_SECTION.fullmatch(name.strip()) for name in (*sections, *folders) if name)
        or _says_opinion(title)
    ):
        yield "opinion"
    if (
        "LiveBlogPosting" in kinds
        or _LIVE_TITLE.search(title)
        or _LIVE_PATH.search(urlsplit(url).path)
    ):
        yield "live-blog"


def date_flags(found: Publication) -> Iterator[str]:
    """Yield what is wrong with a publication date."""
    if found.is_doubtful:
        yield "date-in-doubt"
    if found.dated is None:
        yield "no-date"


def text_flags(lines: Sequence[str], *, n_dropped: int) -> Iterator[str]:
    """Yield what the text says of how it was made, and whether most of it was something else."""
    edges = (*lines[:3], *lines[-3:])
    if any(MACHINE.search(line) and len(line) < 300 for line in edges):
        yield "machine-translated"
    if n_dropped > len(lines) and n_dropped >= 5:
        yield "boilerplate-heavy"


def _says_opinion(title: str) -> bool:
    found = _OPINION_TITLE.match(title)
    return bool(found) and bool(re.search(r"[:：|｜】＞>]|社説", found.group(0)))  # type: ignore[union-attr]
