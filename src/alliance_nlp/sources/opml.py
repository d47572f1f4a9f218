"""Lists of feeds as OPML 2.0 (https://opml.org/spec2.opml), the format of every feed reader.

A feed is an outline of type ``rss``; sitemaps and index pages, which OPML does not know, are of
type ``link``, which readers show as a mere link. What else a source entry says stands in attributes
of our own namespace. Folders and archives on disk mean nothing elsewhere and are left out; so are
weight, rights and expected counts, which are one desk's own judgement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.ids import is_slug, slug
from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Source, SourceKind, TopicLabel
from alliance_nlp.core.urls import host, is_web_url
from alliance_nlp.sources.charsets import decode

NAMESPACE = "https://alliance-nlp.invalid/opml"  # a name, never an address
MOST_BYTES = 8 * 1024 * 1024
_OWN = ("id", "kind", "country", "zone", "sector", "link_pattern")
_KINDS = {SourceKind.FEED: "rss", SourceKind.SITEMAP: "link", SourceKind.INDEX: "link"}
_TOPICS = {label.value for label in TopicLabel}
_ENTITY = re.compile(r"<!\s*ENTITY", re.IGNORECASE)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{,500}\?>", re.IGNORECASE)
_MOST_DEPTH = 50


def read_opml(data: bytes) -> list[dict[str, Any]]:
    """Return the source entries of an OPML file, in order, each address once.

    Ids come from the file where we wrote it, else from the title, else from the host; where two
    are the same, later ones are numbered. Folders whose names are topics become ``topics``.

    Raises
    ------
    InputError
        If it is no OPML, declares entities or is longer than 8 MiB.
    """
    body = _root(data).find("{*}body")
    entries: list[dict[str, Any]] = []
    ids: set[str] = set()
    urls: set[str] = set()
    for outline, above in _outlines(body) if body is not None else ():
        entry = _entry(outline, above)
        if entry is None or entry["url"] in urls:
            continue
        entry["id"] = _unused(entry["id"], ids)
        ids.add(entry["id"])
        urls.add(entry["url"])
        entries.append(entry)
    return entries


def write_opml(sources: Iterable[Source], *, title: str = "Sources") -> bytes:
    """Return the sources as an OPML 2.0 file in UTF-8."""
    root = etree.Element("opml", version="2.0", nsmap={"alliance": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = one_line(title)
    body = etree.SubElement(root, "body")
    for source in sources:
        if source.kind in _KINDS:
            etree.SubElement(body, "outline", _attributes(source))
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def _root(data: bytes) -> etree._Element:
    if len(data) > MOST_BYTES:
        raise InputError(f"the OPML file is longer than {MOST_BYTES} bytes; split it")
    text = decode(data)
    if _ENTITY.search(text):
        raise InputError("the OPML file declares entities; remove its DOCTYPE and import it again")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    try:
        root = etree.fromstring(_DECLARATION.sub("", text).strip().encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(
            f"the OPML file is no well-formed XML ({error}); export it again from the feed reader"
        ) from error
    if etree.QName(root).localname.lower() != "opml":
        raise InputError(
            f"the file is no OPML but {etree.QName(root).localname}; import a list of feeds, not "
            "a feed (for one feed use the sources add command)"
        )
    return root


def _outlines(body: etree._Element) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """Yield each outline with the names of those it stands in, in order of the file."""
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(body, ())]
    while waiting:
        element, above = waiting.pop()
        if etree.QName(element).localname == "outline":
            yield element, above
            above = (*above, _named(element))
        if len(above) < _MOST_DEPTH:
            inner = element.iterchildren("{*}outline", reversed=True)
            waiting += [(child, above) for child in inner]


def _entry(outline: etree._Element, above: tuple[str, ...]) -> dict[str, Any] | None:
    own = {name: outline.get(f"{{{NAMESPACE}}}{name}", "") for name in _OWN}
    given = {name.lower(): value.strip() for name, value in outline.attrib.items()}
    url = given.get("xmlurl") or (given.get("url", "") if own["kind"] else "")
    if not is_web_url(url):
        return None
    home = given.get("htmlurl", "")
    name = _named(outline) or host(url)
    entry: dict[str, Any] = {
        "id": own["id"] if is_slug(own["id"]) else _slug(name, url),
        "name": name,
        "kind": own["kind"] if own["kind"] in set(_KINDS) else SourceKind.FEED.value,
        "url": url,
        "home": home if is_web_url(home) else "",
        "language": _language(given.get("language", "")),
        "topics": _topics(given.get("category", ""), above),
    }
    entry |= {name: own[name] for name in ("country", "zone", "sector", "link_pattern")}
    return {key: value for key, value in entry.items() if value}


def _named(outline: etree._Element) -> str:
    return one_line(outline.get("title") or outline.get("text") or "")


def _slug(name: str, url: str) -> str:
    made = slug(name)
    # Of a Japanese title little or nothing is left in ASCII.
    is_telling = made != slug("") and len(made) * 2 >= len(name)
    return made if is_telling else slug(host(url))


def _unused(name: str, ids: set[str]) -> str:
    number, free = 1, name
    while free in ids:
        number += 1
        free = f"{name}-{number}"
    return free


def _language(tag: str) -> str:
    code = tag.lower().partition("-")[0].partition("_")[0]
    return code if re.fullmatch(r"[a-z]{2}", code) else ""  # OPML has "unknown" for none


def _topics(category: str, above: tuple[str, ...]) -> list[str]:
    named = [part.strip("/ ").rpartition("/")[2] for part in category.split(",")]
    slugs = (slug(name) for name in (*named, *above) if name)
    return [name for name in dict.fromkeys(slugs) if name in _TOPICS]


def _attributes(source: Source) -> dict[str, str]:
    kind = _KINDS[source.kind]
    plain = {
        "text": source.name,
        "title": source.name,
        "type": kind,
        "xmlUrl" if kind == "rss" else "url": source.url,
        "htmlUrl": source.home,
        "language": source.language,
        "category": ",".join(source.topics),
    }
    own = {f"{{{NAMESPACE}}}{name}": str(getattr(source, name)) for name in _OWN}
    return {name: one_line(value) for name, value in (plain | own).items() if value}
