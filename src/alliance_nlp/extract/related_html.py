"""Blocks of related stories in a tree: taken out before the main text is extracted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from alliance_nlp.core.text import one_line
from alliance_nlp.core.urls import absolute
from alliance_nlp.extract.prose import is_prose, n_words
from alliance_nlp.extract.related import Story, announces_others, cards, is_stamp, stamps
from alliance_nlp.extract.tree import lines_of, link_share

_HEADS = (
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "p",
    "div",
    "span",
    "strong",
    "b",
    "a",
    "dt",
    "summary",
)
_SOURCE = re.compile(
    r"(?:^|[\s_-])(?:source|provider|publisher|outlet|media-?name)(?:$|[\s_-]|name)", re.IGNORECASE
)
_ROOTS = frozenset(("html", "body", "main"))
_PARAGRAPH = 80  # characters
_NEAR = 6  # lines
_MOST_STORIES = 40
_MOST_BLOCKS = 40
_Block = tuple[Any, list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Stories that removed blocks link to, and the outlets that their cards name."""

    stories: tuple[Story, ...]
    outlets: frozenset[str]


def take_related(tree: Any, *, url: str) -> Related:
    """Remove blocks of related stories from a tree and return what they tell."""
    stories: dict[str, Story] = {}
    outlets: set[str] = set()
    heads = _heads(tree)
    sections = _sections(tree) if heads else set()
    for head, has_text_before in heads:
        if head.getroottree().getroot() is not tree.getroottree().getroot():
            continue  # went with a block that held it
        for block, lines in _blocks(head, has_text_before):
            outlets.update(stamp.outlet for stamp in stamps(lines) if stamp.outlet)
            for story in _stories(block, lines, url=url, sections=sections):
                if len(stories) < _MOST_STORIES:
                    stories.setdefault(story.url or story.title, story)
            if block.getparent() is not None:
                block.drop_tree()
    return Related(stories=tuple(stories.values()), outlets=frozenset(outlets))


def shown_outlet(tree: Any, related: Related, *, title: str) -> str:
    """Return the outlet that an aggregator names beneath the headline; ``""`` on other pages.

    Only where the cards below name several outlets is such a line one; elsewhere it holds an
    author or a section, and so do the cards.
    """
    if len(related.outlets) < 2:
        return ""
    sections = _sections(tree)
    if len(related.outlets - sections) < 2:
        return ""
    lines = lines_of(tree)
    start = next((i for i, line in enumerate(lines) if title and line.startswith(title)), None)
    if start is None:
        return ""
    near = list(stamps(lines[start + 1 : start + 1 + _NEAR]))
    return near[0].outlet if near and near[0].outlet not in sections else ""


def _heads(tree: Any) -> list[tuple[Any, bool]]:
    """Return headings over other stories, and whether paragraphs of text stand before each."""
    found: list[tuple[Any, bool]] = []
    n_before = 0
    for element in tree.iter(*_HEADS):
        text = element.text
        if not text:
            continue
        text = text.strip()
        if len(text) > _PARAGRAPH and element.tag == "p":
            n_before += 1
        elif 2 < len(text) <= 45 and announces_others(text) and len(found) < _MOST_BLOCKS:
            found.append((element, n_before >= 3))
    return [pair for pair in found if announces_others(one_line(pair[0].text_content()))]


def _blocks(head: Any, has_text_before: bool) -> Iterator[_Block]:
    """Yield the elements that a heading announces, itself included, each with its lines."""
    node = head
    parent = node.getparent()
    while parent is not None and parent.tag not in _ROOTS and _begins(parent, node):
        node, parent = parent, parent.getparent()
    if node.getparent() is None or node.tag in _ROOTS:
        return
    lines = lines_of(node)
    if len(lines) == 1:
        yield from _following(node, has_text_before)
    elif _is_other(node, lines, has_text_before):
        yield node, lines
    elif node is not head:
        # The block runs on into the article: only what follows the heading goes.
        yield from _following(head if head.getnext() is not None else head.getparent(), False)


def _begins(parent: Any, node: Any) -> bool:
    """Tell whether ``node`` is the first text of ``parent``, and the headline is not in it."""
    if (parent.text or "").strip() or next(parent.iter("h1"), None) is not None:
        return False
    before = node.getprevious()
    while before is not None:
        if before.text_content().strip() or (before.tail or "").strip():
            return False
        before = before.getprevious()
    return True


def _following(node: Any, has_text_before: bool) -> Iterator[_Block]:
    found, has_card = [], False
    for sibling in node.itersiblings():
        if not isinstance(sibling.tag, str):
            continue
        lines = lines_of(sibling)
        has_card = has_card or any(is_stamp(line) for line in lines)
        if lines and not has_card and not _is_other(sibling, lines, has_text_before):
            break
        found.append((sibling, lines))
    if found:
        yield node, lines_of(node)
    yield from found


def _is_other(element: Any, lines: list[str], has_text_before: bool) -> bool:
    """Tell whether a block holds other stories rather than text of this one."""
    if any(is_stamp(line) for line in lines) or link_share(element) > 0.4:
        return True
    titles = [
        h for h in element.iter("h2", "h3", "h4", "h5") if next(h.iter("a"), None) is not None
    ]
    titles += [
        a for a in element.iter("a") if next(a.iter("h2", "h3", "h4", "h5"), None) is not None
    ]
    # A card has a teaser of a paragraph or two; a story with more than that is being told here.
    n_told = sum(is_prose(line, least=20) for line in lines)
    is_cards = len(titles) >= 2 and n_told <= 2 * len(titles)
    if is_cards and has_text_before and not _holds_most(element):
        return True
    return not any(is_prose(line, least=12) for line in lines)


def _holds_most(element: Any) -> bool:
    """Tell whether a block holds most of the page's paragraphs; then it is the article."""
    mine = sum(len(p.text or "") for p in element.iter("p"))
    return mine > 0.5 * sum(len(p.text or "") for p in element.getroottree().iter("p"))


def _sections(tree: Any) -> set[str]:
    return {one_line(link.text_content()) for nav in tree.iter("nav") for link in nav.iter("a")}


def _stories(block: Any, lines: list[str], *, url: str, sections: set[str]) -> Iterator[Story]:
    """Yield the stories of a block: those it links to, then those that it only names."""
    named = {story.title: story.outlet for story in cards(lines)}
    # Elsewhere than on aggregators the line with the time holds a section or an author.
    is_aggregator = len(set(named.values()) - sections - {""}) >= 2
    seen = set()
    for link in block.iter("a"):
        title = max(lines_of(link), key=len, default="")
        address = absolute(url, link.get("href") or "") if n_words(title) >= 3 else ""
        if address:
            seen.add(title)
            outlet = named.get(title, "") if is_aggregator else ""
            yield Story(title=one_line(title), url=address, outlet=outlet or _labelled(link))
    headings = (one_line(h.text_content()) for h in block.iter("h3", "h4", "h5"))
    titles = [title for title in headings if n_words(title) >= 4 and not announces_others(title)]
    for title in dict.fromkeys((*(named if is_aggregator else ()), *titles)):
        if not any(title in other or other in title for other in seen):
            yield Story(title=title, outlet=named.get(title, "") if is_aggregator else "")


def _labelled(link: Any) -> str:
    """Return the outlet that an element of a card is labelled with; ``""`` if none."""
    card = link
    for _ in range(3):
        parent = card.getparent()
        if parent is None or len({a.get("href") for a in parent.iter("a")}) > 1:
            break
        card = parent
    for element in card.iter("span", "div", "p", "cite", "small", "em", "b"):
        if _SOURCE.search(element.get("class") or ""):
            name = one_line("".join(element.itertext())[:80])
            if 0 < n_words(name) <= 5:
                return name
    return ""
