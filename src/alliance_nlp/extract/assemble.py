"""What a page turns into: an article with the leads beneath it, or a typed refusal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alliance_nlp.core.ids import article_id
from alliance_nlp.core.text import normal_text, one_line
from alliance_nlp.core.types import Article, Dated, Lead, Page, Reason, Rejected, Stage
from alliance_nlp.core.urls import canonical, host, is_web_url, url_key, without_tracking
from alliance_nlp.extract.language import is_mixed, language_shares
from alliance_nlp.extract.related import Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """An article, and the related stories glued to its page.

    A lead's ``url`` is empty where the page names a story without linking to it. ``next_url`` is
    the address of the article's next page, ``""`` where it has none: fetch it and
    :func:`~alliance_nlp.extract.join` what it gives.
    """

    article: Article
    leads: tuple[Lead, ...]
    next_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What was read off a page, of whatever kind; text not yet normal."""

    title: str
    lines: tuple[str, ...]
    url: str = ""
    authors: tuple[str, ...] = ()
    published: Dated | None = None
    language_hint: str = ""
    outlet: str = ""
    flags: tuple[str, ...] = ()
    stories: tuple[Story, ...] = ()
    next_url: str = ""


def assemble(page: Page, findings: Findings) -> Extraction:
    """Make the article; its address is the page's own unless the findings have a better one."""
    text = normal_text("\n".join(findings.lines))
    link = findings.url or page.url
    key = _key(link)
    languages = language_shares(text, hint=findings.language_hint)
    mixed = ("mixed-language",) if is_mixed(languages) else ()
    article = Article(
        id=article_id(key, text),
        source_id=page.source_id,
        url=key,
        title=one_line(findings.title),
        text=text,
        authors=tuple(name for raw in findings.authors if (name := one_line(raw))),
        published=findings.published,
        language=next(iter(languages), findings.language_hint),
        outlet=one_line(findings.outlet),
        link=without_tracking(link),
        flags=tuple(dict.fromkeys((*findings.flags, *mixed))),
    )
    leads = tuple(_leads(page, findings, key))
    return Extraction(article=article, leads=leads, next_url=findings.next_url)


def rejected(page: Page, reason: Reason, detail: str, *, failed: bool = False) -> Rejected:
    """Return the refusal of a page."""
    return Rejected(
        stage=Stage.EXTRACT, subject_id=page.url, reason=reason, detail=detail, failed=failed
    )


def best_address(stated: Iterable[str], page_url: str) -> str:
    """Return the address by which a page wants to be known, where it may say so.

    A page of one host cannot name another's: that would let it take the other's place. Nor does a
    site's front page stand for one of its articles.
    """
    for url in stated:
        if is_web_url(url) and _site(url) == _site(page_url):
            is_front_page = canonical(url) == canonical(f"https://{host(url)}/")
            if not is_front_page or canonical(page_url) == canonical(url):
                return url
    return page_url


def _site(url: str) -> str:
    name = host(url)
    for prefix in ("amp.", "m.", "mobile."):
        name = name.removeprefix(prefix)
    return name


def _key(url: str) -> str:
    try:
        return url_key(url)
    except ValueError:
        return url


def _leads(page: Page, findings: Findings, own: str) -> Iterable[Lead]:
    """Yield a lead for each story, once by its title; a linked one goes before its twin."""
    end = own.rsplit("/", 1)[-1]
    by_title: dict[str, Lead] = {}
    for story in findings.stories:
        title = one_line(story.title)
        is_own = story.url and end in story.url and _key(story.url) == own
        if is_own or not title or title == one_line(findings.title):
            continue
        known = by_title.get(title.casefold())
        by_title[title.casefold()] = Lead(
            source_id=page.source_id,
            url=(known.url if known else "") or story.url,
            title=title,
            outlet=(known.outlet if known else "") or one_line(story.outlet),
        )
    return by_title.values()
