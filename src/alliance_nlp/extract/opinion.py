"""Whether a piece argues rather than reports, as its outlet labels it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from alliance_nlp.extract.jsonld import text_of, types_of
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.wording import any_of

_LABEL = any_of(r"""
    (?:the )?(?:opinions?|op-?eds?|opinion pieces?|opinion (?:&|and) analysis|news (?:&|\
      and) opinion|opinion columns?|global opinions?)
    (?:our )?editorials?|editorial board|the editors|from the editors?|leaders?(?: comment)?|\
      leading articles?
    (?:guest )?(?:commentar(?:y|ies)|comment|essay|column|columns|columnists?|contributors?|\
      opinion|views?)
    comment is free|commentisfree|letters?(?: to the editors?)?|readers['’]? letters|viewpoints?|\
      perspectives?
    point of view|voices|my view|your view|guest (?:post|writer|columnist|essay)
    社説|論説|オピニオン|コラム|天声人語|論壇|論点|主張|正論|産経抄|余録|春秋|編集手帳|筆洗|斜面|\
      金口木舌|大弦小弦|卓上四季
    投書|声|読者の声|寄稿|視点|時評|私の視点|社説・コラム|社説・解説|コラム・社説|記者の目|\
      記者コラム|論考|提言|耕論|直言
    社论|社論|评论|評論|사설|칼럼|오피니언
""")
_TITLE = any_of(r"""
    ^(?:opinions?|editorial|op-?ed|commentary|comment|column|letters?(?: to the editor)?|\
      guest (?:column|essay|commentary)|viewpoint|our view|point of view|perspective)\s*[:：|｜–—]
    ^(?:[\[(（【＜<〈《「]\s*)(?:opinion|editorial|op-?ed|commentary|column|社説|主張|論説|\
      コラム|オピニオン|論点|寄稿|\
      正論|視点|時評|投書)[^\])）】＞>〉》」]{0,12}[\])）】＞>〉》」]
    ^(?:社説|論説|主張|天声人語|余録|春秋|正論|産経抄|編集手帳|金口木舌|大弦小弦|時評|コラム)\
      (?:\s|[:：|｜・／/＞>]|　|\d)
    [（(【\[](?:社説|論説|コラム|オピニオン|寄稿|opinion|editorial|commentary|column)[）)】\]]$
""")
_BYLINE = any_of(r"""
    (?:by )?(?:the )?(?:[\w’' .-]{1,40} )?editorial board|(?:by )?the editors|論説(?:委員会|\
      委員室|室|委員)|社説班
    (?:.{2,40}, )?(?:guest )?(?:columnist|opinion (?:columnist|writer|contributor)|\
      contributing (?:opinion )?columnist)
""")
_DISCLAIMER = any_of(r"""
    (?:views|opinions)(?: and (?:views|opinions))? (?:expressed|presented|stated)\
      (?: \w+){0,8} (?:are|do not|is|solely|belong)
    (?:views|opinions) are (?:his|her|their|my|the (?:author|writer)s?['’]?s?)\b|\
      本稿は.{0,30}(?:個人|\
      筆者)の(?:見解|意見)
    ^\W*the (?:writer|author) is (?:a|an|the)\b|(?:個人|筆者)の(?:見解|意見)であり
""")
_ANALYSIS_LABEL = any_of(r"""
    (?:news )?analysis|explainers?|explained|in depth|deep dive|backgrounder
    解説|分析|ニュース解説|深掘り|解説・分析|スキャナー|時時刻刻|クローズアップ|核心|詳報|深層|\
      イチから解説
""")
_ANALYSIS_TITLE = any_of(r"""
    ^(?:news )?(?:analysis|explainer|explained|in depth|backgrounder)\s*[:：|｜–—]|\
      [:|–—]\s*(?:an? )?(?:analysis|explainer)$
    ^[\[(（【＜<〈《](?:analysis|explainer|解説|分析|深掘り|ニュース解説|深層)\
      [^\])）】＞>〉》]{0,6}[\])）】＞>〉》]|^(?:解説|分析|\
      深掘り)(?:[:：|｜]|　)
""")
_FOLDERS = any_of(r"""
    opinions?|op-?eds?|editorials?|commentary|comment|commentisfree|columns?|columnists?|\
      letters(?:-to-the-editor)?
    viewpoints?|perspectives?|guest-(?:columns?|essays?|commentary)|views|opinion-.{1,20}|\
      shasetsu|editorial_opinion|tenseijingo
    ronsetsu|columnist-.{1,20}|opinion_.{1,20}
""")
_PIECES = re.compile(r"\s+[|\-–—•»·:]\s+|\s*[|｜＞>]\s*")
_LAST_LINES = 3


def opinion_flags(
    markup: Markup,
    *,
    title: str,
    url: str,
    labels: Sequence[str],
    authors: Sequence[str],
    ending: Sequence[str],
) -> Iterator[str]:
    """Yield ``"opinion"`` or ``"analysis"`` where a page labels its piece so.

    Parameters
    ----------
    labels
        Section names, kickers and the short lines around its headline.
    ending
        The last lines of the text, for a disclaimer.
    """
    kinds = types_of(markup.article)
    parts = urlsplit(url)
    folders = [part for part in parts.path.lower().split("/")[:-1] if part]
    pieces = _PIECES.split(markup.title)[1:]
    named = [name.strip(" \t:：|｜[]【】<>＜＞()（）") for name in (*labels, *pieces)]
    titles = (title, markup.title, *markup.h1s[:1], markup.meta("og:title"))
    if (
        "OpinionNewsArticle" in kinds
        or any(_LABEL.fullmatch(name) for name in named)
        or any(_FOLDERS.fullmatch(folder) for folder in folders)
        or (parts.hostname or "").startswith(("opinion.", "opinions."))
        or any(_TITLE.search(text) for text in titles)
        or any(_BYLINE.fullmatch(name.strip()) for name in (*authors, *markup.bylines))
        or any(_DISCLAIMER.search(line) for line in ending[-_LAST_LINES:] if len(line) < 400)
    ):
        yield "opinion"
    if (
        "AnalysisNewsArticle" in kinds
        or any(_ANALYSIS_LABEL.fullmatch(name) for name in named)
        or any(
            folder in ("analysis", "news-analysis", "explainer", "explainers") for folder in folders
        )
        or any(_ANALYSIS_TITLE.search(text) for text in titles)
    ):
        yield "analysis"


def stated_labels(markup: Markup) -> tuple[str, ...]:
    """Return the section names that metadata gives a page's piece."""
    sections = markup.article.get("articleSection")
    crumbs = (
        text_of(item.get("name")) or text_of((item.get("item") or {}).get("name"))
        for node in markup.nodes
        if "BreadcrumbList" in types_of(node)
        for item in _items(node.get("itemListElement"))
        if isinstance(item.get("item") or {}, dict)
    )
    return (
        *markup.metas.get("article:section", ()),
        *markup.metas.get("section", ()),
        *markup.metas.get("parsely-section", ()),
        *(text_of(part) for part in (sections if isinstance(sections, list) else [sections])),
        *markup.metas.get("content_type", ()),
        *(crumb for crumb in crumbs if crumb),
    )


def _items(value: Any) -> list[dict[str, Any]]:
    values = value if isinstance(value, list) else [value]
    return [item for item in values if isinstance(item, dict)]
