"""JSON-LD as found in the wild: graphs, lists, references, several blocks, broken JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Node = Mapping[str, Any]

_ARTICLE = re.compile(r"(?:Article|BlogPosting|Report|LiveBlogPosting|PressRelease|NewsItem)$")
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[)\s*")
_WRAPPING_END = re.compile(r"(?:-->|//\s*\]\]>|/\*\s*\]\]>\s*\*/|\]\]>)$")
_COMMENT = re.compile(r"/\*.*?\*/|<!--.*?-->|^\s*//[^\n]*$", re.DOTALL | re.MULTILINE)
_LOOSE_COMMA = re.compile(r",\s*(?=[}\]])")
_STRING = r'"((?:[^"\\]|\\.)*)"'
_BY_HAND = {
    key: re.compile(rf'"{key}"\s*:\s*{_STRING}')
    for key in ("headline", "datePublished", "dateModified", "articleSection")
}
_TYPE_BY_HAND = re.compile(r'"@type"\s*:\s*"(\w*(?:Article|BlogPosting))"')
_AUTHOR_BY_HAND = re.compile(rf'"author"\s*:\s*[\[{{\s]*(?:[^}}\]]*?"name"\s*:\s*)?{_STRING}')
_DEEPEST = 8
_LONGEST = 500_000  # an articleBody; a headline is measured where it is used
_MOST_NODES = 2_000


def read_nodes(blocks: Sequence[str]) -> tuple[Node, ...]:
    """Return all objects of all JSON-LD blocks, outermost first; what cannot be read is left."""
    nodes: list[Node] = []
    for block in blocks:
        for value in _values(block):
            nodes.extend(_walk(value, 0))
            if len(nodes) > _MOST_NODES:
                return tuple(nodes[:_MOST_NODES])
    return tuple(nodes)


def article_node(nodes: Sequence[Node], *, title: str, url: str) -> Node:
    """Return the object that describes the page's article; an empty one when none does.

    Pages carry other articles too ("most read"), so the one that names this address or has the
    title of this page goes before the first.
    """
    articles = [node for node in nodes if is_article(node)]
    if len(articles) == 1:
        is_told = articles[0].get("headline") or _address(url) in _addresses(articles[0])
        return articles[0] if is_told or articles[0].get("name") else {}
    wanted = _letters(title)
    named = [(_letters(text_of(n.get("headline")) or text_of(n.get("name"))), n) for n in articles]
    fitting = [
        (len(headline), -place, node)
        for place, (headline, node) in enumerate(named)
        if headline and wanted and (headline in wanted or wanted in headline)
    ]
    here = _address(url)
    own = [node for node in articles if here in _addresses(node)]
    # An editing system may give every teaser the address of the page it stands on.
    both = [node for _, _, node in fitting if any(node is one for one in own)]
    if both or own:
        return (both or own)[0]
    if fitting:
        return max(fitting, key=lambda fit: fit[:2])[2]
    return next((node for node in articles if node.get("headline")), {})


def is_article(node: Node) -> bool:
    """Tell whether a node's type is an article of some kind."""
    return any(_ARTICLE.search(name) for name in types_of(node))


def types_of(node: Node) -> tuple[str, ...]:
    """Return a node's types without their namespace."""
    value = node.get("@type")
    if isinstance(value, str):
        return (value.rsplit("/", 1)[-1].rsplit(":", 1)[-1],)
    values = value if isinstance(value, list) else [value]
    return tuple(v.rsplit("/", 1)[-1].rsplit(":", 1)[-1] for v in values if isinstance(v, str))


def text_of(value: Any) -> str:
    """Return a plain string out of the forms in which JSON-LD writes one."""
    if isinstance(value, list):
        value = next((v for v in value if v), "")
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or value.get("@id") or ""
    if not isinstance(value, str):
        return ""
    return html.unescape(html.unescape(value[:_LONGEST])).strip()


def names_of(value: Any, nodes: Sequence[Node]) -> list[str]:
    """Return the names of persons or organisations, following references by ``@id``."""
    found: list[str] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and not item.get("name") and isinstance(item.get("@id"), str):
            item = next((n for n in nodes if n.get("@id") == item["@id"] and n.get("name")), item)
        if isinstance(item, dict):
            item = item.get("name")
        for name in item if isinstance(item, list) else [item]:
            if isinstance(name, str) and name.strip():
                found.append(html.unescape(name).strip())
    return found


def organisations(value: Any) -> list[str]:
    """Return the names of those authors that are no persons by their type."""
    return [
        text_of(item)
        for item in (value if isinstance(value, list) else [value])
        if isinstance(item, dict) and any(name.endswith("Organization") for name in types_of(item))
    ]


def _values(block: str) -> Iterator[Any]:
    text = _WRAPPING_END.sub("", _WRAPPING.sub("", block).rstrip(" \t\r\n;"))
    if not text:
        return
    decoder = json.JSONDecoder(strict=False)
    for mend in (str, _without_loose_commas, _without_comments, html.unescape):
        try:
            attempt = mend(text)
            found, at = [], 0
            while at < len(attempt):
                value, at = decoder.raw_decode(attempt, at)
                found.append(value)
                at = len(attempt) - len(attempt[at:].lstrip(" \t\r\n,;"))
        except (ValueError, RecursionError):
            continue
        yield from found
        return
    yield from _by_hand(text)


def _without_loose_commas(text: str) -> str:
    return _LOOSE_COMMA.sub("", text)


def _without_comments(text: str) -> str:
    return _without_loose_commas(_COMMENT.sub("", text))


def _by_hand(text: str) -> Iterator[Node]:
    """Read the few fields that matter out of a block that is no JSON."""
    kind = _TYPE_BY_HAND.search(text)
    if not kind:
        return
    node: dict[str, Any] = {"@type": kind.group(1)}
    for key, pattern in _BY_HAND.items():
        found = pattern.search(text)
        if found:
            node[key] = _unquoted(found.group(1))
    author = _AUTHOR_BY_HAND.search(text)
    if author:
        node["author"] = _unquoted(author.group(1))
    yield node


def _unquoted(raw: str) -> str:
    try:
        return str(json.loads(f'"{raw}"', strict=False))
    except ValueError:
        return raw


def _walk(value: Any, depth: int) -> Iterator[Node]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key, item in value.items():
            if isinstance(item, (dict, list)) and key not in ("comment", "hasPart", "image"):
                yield from _walk(item, depth + 1)


def _addresses(node: Node) -> set[str]:
    found = set()
    for key in ("url", "@id", "mainEntityOfPage"):
        value = node.get(key)
        if isinstance(value, dict):
            value = value.get("@id") or value.get("url")
        if isinstance(value, str):
            found.add(_address(value))
    return found


def _address(url: str) -> str:
    """Return an address without what differs between spellings of it: scheme, www, slash, query."""
    bare = re.sub(r"^(?:https?:)?//(?:www\.)?", "", url.strip().lower())
    return re.split(r"[?#]", bare)[0].rstrip("/")


def _letters(text: str) -> str:
    return "".join(char for char in text.lower() if char.isalnum())
