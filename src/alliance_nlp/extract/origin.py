"""The original outlet of a story that another site shows.

It stands in metadata, in a line around the headline, in a credit at either end of the text, or in
the dateline of a news agency. The site's own name is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from alliance_nlp.core.text import one_line
from alliance_nlp.core.urls import host
from alliance_nlp.extract.jsonld import Node, text_of
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.outlet import credited_outlet
from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.wording import any_of

_NAME = r"(?P<name>[^()（）\[\]【】「」。:：|｜]{2,60}?)"
_OPEN, _CLOSE = r"^\W{0,3}", r"\s*[）)\]】」]?\s*$"
_BEFORE_DATE = (
    r"(?=\s*(?:[|｜·•,，・/–—-]|\d{1,2}\s?[mhdw]\b|\d{1,2} \w+ ago|\d{4}|\d{1,2}[/月]|(?:Jan|"
    r"Feb|Mar|"
    r"Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|$))"
)
# A whole short line that names where the story comes from.
_LINES = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_OPEN}(?:(?:news |original |article |story )?(?:source|origin|publisher|outlet)|via|"
        rf"provided by|supplied by|syndicated from|from our partners? at|news from|"
        rf"reprinted from|republished from|excerpted from|as published (?:in|by)|"
        rf"originally (?:published|posted) (?:in|on|by|at)|first published (?:in|on|by|at)|"
        rf"read (?:it |the original |the full story |full article |more |the rest )?(?:on|at))"
        rf"\s*[:：–—-]?\s+(?:the website of )?{_NAME}{_BEFORE_DATE}",
        rf"{_OPEN}(?:source|via|origin|publisher)\s*[:：]\s*{_NAME}{_BEFORE_DATE}",
        rf"{_OPEN}(?:source|via)\s*[:：]\s*{_NAME}{_CLOSE}",
        rf"{_OPEN}(?:(?:記事|情報|画像)?(?:出典|引用元?|配信元?|提供元?|情報元|転載元?|元記事|"
        rf"ソース|発信元|掲載元?|媒体|出所|初出|出処))"
        rf"\s*[:：=＝/／｜|]\s*{_NAME}{_BEFORE_DATE}",
        rf"{_OPEN}(?:出典|引用元?|配信元?|提供元?|情報元|転載元?|元記事|ソース)"
        rf"\s*[:：=＝/／]\s*{_NAME}{_CLOSE}",
        rf"{_OPEN}(?:この記事は|本記事は|記事は)、?\s*[「『]?{_NAME}[」』]?(?:に(?:掲載|配信)"
        rf"され|から(?:の)?(?:転載|配信|提供)|"
        rf"が(?:配信|提供)し|より(?:転載|提供))",
        rf"^[（(\[【]\s*{_NAME}(?:配信|より転載|提供|から転載|より|電)\s*[）)\]】]$",
        r"^.{0,24}\d{1,2}[:：時]\d{2}分?\s*配信\s*[|｜・/]?\s*(?P<name>\S.{1,40})$",
        rf"{_OPEN}(?:translated(?: and \w+)?|adapted|reposted|cross-?posted|"
        rf"shared) from (?:the )?{_NAME}[.。]?{_CLOSE}",
        rf"\b(?:this (?:article|story|post|piece|report) )(?:was |is |"
        rf"has been )?(?:\w+ )?(?:first |originally )?(?:appeared|published|posted|reported|"
        rf"syndicated|provided|distributed|republished|produced)"
        rf"(?: with permission| here)? (?:in|on|by|at|"
        rf"from) (?:the website of )?{_NAME}(?:[.。,，]| and | with permission| under |$)",
        rf"^(?:click here to )?read the (?:original|full)(?: \w+)? (?:article |story |"
        rf"report )?(?:here )?(?:on|at|in|from|by)\s*[:：]?\s*{_NAME}[.。]?$",
        rf"^(?:©|\(c\)|copyright)\s*(?:\d{{4}}\s*)?{_NAME}(?:\s*\d{{4}})?\s*(?:[.,，。]|"
        rf"all rights|"
        rf"$)",
    )
)
# Agencies whose copy others print, as their datelines and credits name them.
_AGENCY = (
    r"(?:The )?Associated Press|AP|Reuters|AFP(?:[-–]Jiji)?|AFP[-=]時事|Agence France-Presse|"
    r"Kyodo(?: News)?|Jiji(?: Press)?|Bloomberg(?: News)?"
    r"|UPI|United Press International|Xinhua(?: News Agency)?|Yonhap(?: News Agency)?|"
    r"Central News Agency|CNA|dpa|DPA|TASS|Interfax|ANSA|EFE|PTI|ANI"
    r"|Press Trust of India|Bernama|Antara|PNA|Philippine News Agency|VOA|Voice of America|"
    r"RFE/RL|Radio Free Asia|RFA|PA Media|Canadian Press|AAP"
    r"|NHK(?: World)?|Dow Jones(?: Newswires)?|Tribune News Service|TNS|"
    r"American Forces Press Service|DVIDS"
    r"|共同(?:通信)?|時事(?:通信)?|ロイター(?:通信)?|ＡＰ|ＡＦＰ(?:時事)?|聯合ニュース|新華社|"
    r"中央社|ブルームバーグ|タス(?:通信)?|ＡＦＰ＝時事|"
    r"AFP=時事|CNN|ＣＮＮ"
)
_DATELINES = (
    re.compile(rf"^[A-Z][\w.,'’/ -]{{1,60}}?\s*[（(](?P<name>{_AGENCY})[）)]\s*[-–—:]"),
    re.compile(rf"^[（(](?P<name>{_AGENCY})[）)]\s*[-–—]?\s*\S"),
    re.compile(
        rf"^[【\[［](?:[^】\]］\s]{{0,12}}?[\s　=＝]?)?(?P<name>{_AGENCY})"
        rf"(?:[=＝][^】\]］]{{1,12}})?[】\]］]"
    ),
    re.compile(rf"^[A-Z][\w.,'’ -]{{1,40}}?, \w+\.? \d{{1,2}},? (?P<name>{_AGENCY})\s*[-–—]"),
)
_CLOSING = re.compile(
    rf"[（(\[【［]\s*(?:c\)\s*)?(?P<name>{_AGENCY})[）)\]】］]\W*$|^\W*(?P<last>{_AGENCY})\W*$"
)
_ONLY_AGENCY = re.compile(rf"(?:by |from )?(?P<name>{_AGENCY})", re.IGNORECASE)
_METAS = (
    "original-source", "syndication-source", "article:publisher_name", "article:source",
    "og:article:source",
    "news:source", "source_name", "sourcename", "source-name", "content-source", "content_source",
    "article:original_publisher", "original_publisher", "original-publisher",
    "dc.source", "dcterms.source",
    "source", "citation_publisher_original", "provider", "article:provider",
)  # fmt: skip
_ASIDE = frozenset("nav footer aside figure figcaption button select form table script".split())
_NO_NAME = any_of(r"""
    (?:our )?(?:staff|wires?|wire services?|agenc(?:y|ies)|press release|us|you|here|more|all|\
      others?|news|unknown|internet|the author|author|editor|admin|share|follow|link|source)
    .*\b(?:getty|shutterstock|photo|images?|video|pictures?)\b.*|https?:.*|.*@.*|\d.*|\
      .*(?:ministry|department) (?:data|figures)|.?
    (?:last )?(?:updated|published|posted|modified)\b.*|更新.*|公開.*
    (?:the )?(?:original|website|web|internet|twitter|x|facebook|instagram|youtube|social media|\
      reports?|officials?)
    写真|画像|本社|当社|編集部|ネット|各社|関係者|時間|日時
""")
_EDGE = 4  # lines
_MOST_LABELLED = 10
_LONGEST_NAME = 60
# An outlet begins with a capital, a figure or a character of East Asia.
_BEGINS = re.compile(
    r"[A-Z0-9\u00c0-\u024f\u0370-\u04ff\u3040-\u9fff\uac00-\ud7af\uff21-\uff3a]|"
    r"[a-z0-9-]+\.[a-z]{2,}|e[A-Z]|i[A-Z]|dpa"
)


def original_outlet(
    markup: Markup,
    lines: Sequence[str],
    *,
    url: str,
    sites: Sequence[str],
    sources: Sequence[Any],
    around: Sequence[str],
    authors: Sequence[str] = (),
    shown: str = "",
    ending: Sequence[str] = (),
) -> str:
    """Return the outlet that a page names as the story's own; ``""`` where that is the site.

    Parameters
    ----------
    lines
        The main text.
    sites
        The site's own names.
    sources
        Elements whose markup calls them a source.
    around
        Short lines around the headline.
    shown
        What an aggregator names beneath the headline.
    ending
        The last lines of the page before credits were taken off.
    """
    own = [*_own_names(markup, sites, url), *(a for a in authors if not _ONLY_AGENCY.fullmatch(a))]
    offered = (
        credited_outlet(lines),
        *_credited(lines),
        shown,
        *_around(around),
        *_labelled(sources),
        *_stated(markup, url),
        *agencies(lines),
        *_credited(ending),
        *agencies(ending),
        *(found["name"] for name in authors[:1] if (found := _ONLY_AGENCY.fullmatch(name))),
    )
    for raw in offered:
        name = _clean(raw)
        if name and not any(_same(name, site) for site in own):
            return name
    return ""


def credit_in(lines: Sequence[str], around: Sequence[str] = ()) -> str:
    """Return the outlet that the lines of a text without markup credit; ``""`` if none."""
    offered = (credited_outlet(lines), *_credited(lines), *_around(around), *agencies(lines))
    return next((name for raw in offered if (name := _clean(raw))), "")


def agencies(lines: Sequence[str]) -> Iterator[str]:
    """Yield news agencies that the dateline or the end of a text names."""
    for line in lines[:2]:
        for pattern in _DATELINES:
            found = pattern.match(line[:120])
            if found:
                yield found["name"]
    for line in lines[-2:]:
        found = _CLOSING.search(line[-60:]) if len(lines) > 1 else None
        if found:
            yield found["name"] or (found["last"] if len(line) <= 40 else "") or ""


def _credited(lines: Sequence[str]) -> Iterator[str]:
    edges = (*reversed(lines[-_EDGE:]), *lines[:_EDGE])
    for line in edges:
        line = line.strip()
        # A credit closes a paragraph only in brackets; "according to" is a report and no credit.
        bracketed = re.search(r"[（(\[【]([^（()）\[\]【】]{3,80})[）)\]】]\W*$", line)
        if n_words(line) <= 30:
            yield from _named(line)
        if bracketed:
            yield from _named(bracketed[1])


def _around(lines: Sequence[str]) -> Iterator[str]:
    for line in lines:
        if not is_prose(line, least=15):
            yield from _named(line)
            found = _ONLY_AGENCY.fullmatch(line.strip(" ()（）【】[]"))
            if found:
                yield found["name"]


def _named(line: str) -> Iterator[str]:
    for pattern in _LINES:
        found = pattern.search(line)
        if found:
            yield found["name"]


def _stated(markup: Markup, url: str) -> Iterator[str]:
    """Yield what metadata names: an outlet, or the host of an address."""
    node = markup.article
    for key in ("isBasedOn", "isBasedOnUrl", "sourceOrganization", "provider"):
        yield _outlet_of(node.get(key))
    yield from (markup.meta(name) for name in _METAS)
    stated = next((h for u in (markup.canonical, markup.meta("og:url")) if (h := host(u))), "")
    publisher = node.get("publisher")
    if isinstance(publisher, dict):
        home = host(text_of(publisher.get("url")) or text_of(publisher.get("@id")))
        if home and not _same_site(home, url):
            yield text_of(publisher.get("name"))
    if stated and not _same_site(stated, url):
        yield text_of(publisher)
        yield markup.meta("og:site_name")
        yield stated


def _outlet_of(value: Any) -> str:
    """Return the outlet out of a JSON-LD value that may be a work, an organisation or a string."""
    if isinstance(value, list):
        return next((name for item in value if (name := _outlet_of(item))), "")
    if isinstance(value, dict):
        node: Node = value
        inner = _outlet_of(node.get("publisher") or node.get("provider") or node.get("isPartOf"))
        works = ("Article", "CreativeWork", "WebPage", "NewsArticle", "Report", "BlogPosting")
        name = "" if str(node.get("@type")) in works else text_of(node.get("name"))
        return inner or name or host(text_of(node.get("url")) or text_of(node.get("@id")))
    return text_of(value)


def _labelled(elements: Sequence[Any]) -> Iterator[str]:
    """Yield the short texts of elements that the markup calls a source, outside of pictures."""
    for element in elements[:_MOST_LABELLED]:
        text = one_line("".join(element.itertext())[:200])
        if not 1 < len(text) <= _LONGEST_NAME or n_words(text) > 8:
            continue
        if element.getparent() is None or any(p.tag in _ASIDE for p in element.iterancestors()):
            continue
        yield next(_named(text), "") or re.split(r"\s*[|｜·•]\s*", text)[0]


def _own_names(markup: Markup, sites: Sequence[str], url: str) -> list[str]:
    """Return the site's own names; those that a foreign canonical page lends it are not."""
    stated = host(markup.canonical)
    is_foreign = bool(stated) and not _same_site(stated, url)
    publisher = markup.article.get("publisher")
    home = host(text_of(publisher.get("url"))) if isinstance(publisher, dict) else ""
    lent = (
        {one_line(markup.meta("og:site_name")), one_line(text_of(publisher))}
        if is_foreign
        else set()
    )
    if home and not _same_site(home, url):
        lent.add(one_line(text_of(publisher)))
    return [site for site in (*sites, host(url)) if site not in lent]


def _clean(raw: str) -> str:
    name = host(raw) if re.match(r"https?://", raw) else one_line(raw)
    name = re.sub(r"^(?:the )(?=[A-Z])|^by ", "", name).strip(
        ' \t.,。、:：;-–—|｜()（）[]【】「」『』"“”'
    )
    is_name = (
        bool(_BEGINS.match(name))
        and "/" not in name
        and 1 < len(name) <= _LONGEST_NAME
        and n_words(name) <= 8
    )
    return name if is_name and not _NO_NAME.fullmatch(name) and not is_prose(name) else ""


def _same_site(one: str, url: str) -> bool:
    """Tell whether two hosts belong together: sub-domains, or one name in two top-level domains."""
    return _label(one) == _label(host(url) or url)


def _label(name: str) -> str:
    labels = [
        part
        for part in name.split(".")[:-1]
        if part not in ("co", "com", "or", "ne", "go", "ac", "org", "net")
    ]
    return labels[-1] if labels else name


def _same(one: str, other: str) -> bool:
    a, b = ("".join(c for c in t.casefold() if c.isalnum()) for t in (one, other))
    if min(len(a), len(b)) < 4:
        # Two letters stand in many a longer name; initials are one's own.
        return a == b or a == "".join(word[0] for word in other.casefold().split())
    return a in b or b in a
