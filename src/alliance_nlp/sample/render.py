"""Pages: an outlet's template filled with a piece's text."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from html import escape
from string import Template

from alliance_nlp.core.text import shorten
from alliance_nlp.sample.content import AS_OF, Content, Listing, Outlet, Piece, text_of

_N_MORE = 5  # links to other articles beneath each article


def article_html(content: Content, piece: Piece) -> str:
    """Return the HTML of a piece in the dress of its outlet."""
    outlet = content.outlets[piece.outlet]
    related = "\n".join(_related_html(content, outlet, id_) for id_ in piece.related)
    filled = _fields(content, outlet, piece) | {"related": related}
    return _template(piece.page or outlet.template).substitute(filled)


def listing_html(content: Content, outlet: Outlet, listing: Listing) -> str:
    """Return an HTML page that links to all pieces of an outlet, relative to its host."""
    links = "\n".join(
        f"<li>{_link(piece)} <small>{_date(outlet, piece)}</small></li>"
        for piece in content.of(outlet)
    )
    return _template(listing.template).substitute(links=links)


def _related_html(content: Content, outlet: Outlet, piece_id: str) -> str:
    """Return a whole story of another outlet, as aggregators glue it beneath the main one."""
    return _template(f"{outlet.template}-related").substitute(
        _fields(content, outlet, content.pieces[piece_id]) | {"slug": piece_id}
    )


def _fields(content: Content, outlet: Outlet, piece: Piece) -> dict[str, str]:
    """Return what templates may ask for; all values are safe in HTML."""
    origin = content.pieces[piece.reprint] if piece.reprint else piece
    url = outlet.url(piece.path)
    canonical = outlet.url(piece.canonical or piece.path)
    plain = {
        "title": piece.title,
        "outlet": outlet.name,
        "host": outlet.host,
        "credit": content.outlets[origin.outlet].name,
        "url": url,
        "canonical": canonical,
        "section": piece.section,
        "authors": " and ".join(piece.authors),
        "summary": summary(piece),
        "published": piece.published_at.isoformat(),
        "modified": piece.changed_at.isoformat(),
        "day": piece.published_at.date().isoformat(),
        "date": _date(outlet, piece),
        "age": _age(piece.published_at),
    }
    return {key: escape(value) for key, value in plain.items()} | {
        "body": "\n".join(outlet.paragraph.format(escape(text)) for text in origin.paragraphs),
        "more": _more(content, piece),
        "jsonld": _jsonld(outlet, piece, canonical=canonical),
        "charset_meta": _charset_meta(outlet, piece),
    }


def summary(piece: Piece) -> str:
    """Return the first sentences of a piece in at most 200 characters."""
    return shorten(piece.paragraphs[0] if piece.paragraphs else piece.title, 200)


def _date(outlet: Outlet, piece: Piece) -> str:
    return outlet.date_format.format(at=piece.published_at)


def _age(at: datetime) -> str:
    days = (datetime.fromisoformat(AS_OF).replace(tzinfo=UTC) - at).days
    return f"{days} days ago" if days > 1 else "a day ago"


def _link(piece: Piece) -> str:
    return f'<a href="{escape(piece.path)}">{escape(piece.title)}</a>'


def _more(content: Content, piece: Piece) -> str:
    own = content.of(content.outlets[piece.outlet])
    others = [other for other in own if other.id != piece.id]
    return "\n".join(f"<li>{_link(other)}</li>" for other in others[:_N_MORE])


def _charset_meta(outlet: Outlet, piece: Piece) -> str:
    if piece.charset_in != "meta":
        return ""
    return f'<meta http-equiv="Content-Type" content="text/html; charset={outlet.encoding}">'


def _jsonld(outlet: Outlet, piece: Piece, *, canonical: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "OpinionNewsArticle" if piece.section == "Opinion" else "NewsArticle",
        "headline": piece.title,
        "datePublished": piece.published_at.isoformat(),
        "dateModified": piece.changed_at.isoformat(),
        "author": [{"@type": "Person", "name": name} for name in piece.authors],
        "publisher": {"@type": "Organization", "name": outlet.name},
        "articleSection": piece.section,
        "mainEntityOfPage": canonical,
        "isAccessibleForFree": piece.page != "stub",
    }
    # "</" would end the script element.
    return json.dumps(data, ensure_ascii=False).replace("</", "<\\/")


@cache
def _template(name: str) -> Template:
    return Template(text_of("templates", f"{name}.html"))
