"""Kinds of pages: live blogs, galleries, transcripts, press releases, each with its own text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from alliance_nlp.extract.around import Around
from alliance_nlp.extract.classes import classed
from alliance_nlp.extract.gallery import captions_of, gallery_lines, says_gallery
from alliance_nlp.extract.live import live_lines, says_live
from alliance_nlp.extract.mainpart import main_lines
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.notices import is_sponsored
from alliance_nlp.extract.opinion import opinion_flags, stated_labels
from alliance_nlp.extract.paging import is_page_marker, names_later_page, says_several
from alliance_nlp.extract.prose import is_prose
from alliance_nlp.extract.related import Parts, part
from alliance_nlp.extract.release import says_release, trim_release
from alliance_nlp.extract.turns import is_transcript, with_turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What a page calls itself, and the pieces that must be read before its text is extracted."""

    is_live: bool
    is_gallery: bool
    entries: tuple[str, ...]
    captions: tuple[str, ...]
    sources: tuple[Any, ...]

    @classmethod
    def of(cls, markup: Markup, tree: Any, *, title: str, url: str) -> Kind:
        """Read a prepared tree; it is left as it is."""
        parts = classed(tree)
        is_live = says_live(markup, title=title, url=url)
        return cls(
            is_live=is_live,
            is_gallery=says_gallery(markup, title=title, url=url),
            entries=tuple(live_lines(tree, markup, is_labelled=is_live)),
            captions=tuple(captions_of(parts.captions)),
            sources=parts.sources,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """A page's lines in the shape of its kind.

    ``found`` is what extraction found, with boilerplate; ``lines`` is what is left for trimming.
    """

    lines: tuple[str, ...]
    found: tuple[str, ...]
    parts: Parts
    flags: tuple[str, ...] = ()

    def as_release(self, *, title: str, url: str, labels: Sequence[str]) -> Shaped:
        """Return the lines without what stands around every press release, if this is one."""
        if "live-blog" in self.flags or not says_release(
            self.lines, title=title, url=url, labels=labels
        ):
            return self
        return replace(
            self, lines=tuple(trim_release(self.lines)), flags=(*self.flags, "press-release")
        )


def shape(tree: Any, kind: Kind, *, title: str, body: str) -> Shaped:
    """Return the main text of a page, read as its kind is read.

    Parameters
    ----------
    tree
        The prepared tree without its related stories.
    body
        The text that JSON-LD gives.
    """
    found = main_lines(tree, body=body)
    if kind.entries:
        lines = (*_introduction(found, kind.entries), *kind.entries)
        return Shaped(lines=lines, found=lines, parts=Parts(main=lines), flags=("live-blog",))
    captioned = gallery_lines(kind.captions, found, is_labelled=kind.is_gallery)
    shaped = _of_lines(captioned or found, title=title)
    if captioned:
        return replace(shaped, flags=("gallery", *shaped.flags))
    live = ("live-blog",) if kind.is_live else ()
    return replace(shaped, flags=(*live, *shaped.flags))


def _introduction(found: Sequence[str], entries: Sequence[str]) -> list[str]:
    """Return the paragraphs that stand above the entries of a live blog."""
    told = set(entries)
    first = next((i for i, line in enumerate(found) if line in told), 0)
    return [line for line in found[:first] if is_prose(line)]


def _of_lines(found: Sequence[str], *, title: str) -> Shaped:
    parts = part(found)
    flags = []
    lines = [line for line in parts.main if not is_page_marker(line)]
    if says_several(parts.main):
        flags.append("multi-page")
    if is_transcript(lines, title=title):
        lines = with_turns(lines)
        flags.append("transcript")
    return Shaped(lines=tuple(lines), found=tuple(found), parts=parts, flags=tuple(flags))


def label_flags(
    markup: Markup,
    *,
    title: str,
    url: str,
    authors: Sequence[str],
    around: Around,
    lines: Sequence[str],
    stated: Sequence[str] | None = None,
) -> Iterator[str]:
    """Yield what the labels of a page say: opinion, analysis, sponsored, a later page.

    Parameters
    ----------
    stated
        What :func:`~alliance_nlp.extract.opinion.stated_labels` gave, where that was asked.
    """
    stated = stated_labels(markup) if stated is None else stated
    yield from opinion_flags(
        markup,
        title=title,
        url=url,
        labels=(*stated, *around.before),
        authors=authors,
        ending=lines,
    )
    labels = (*stated, *around.before, *around.after[:4], *lines[:2], *lines[-1:])
    if is_sponsored(title, urlsplit(url).path, labels) or "AdvertiserContentArticle" in str(
        markup.article.get("@type")
    ):
        yield "sponsored"
    if names_later_page(url):
        yield "multi-page"
