"""What the sample site shows: outlets and articles, read from the package data when first asked."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

AS_OF = "2024-04-14"
VOLUME, NUMBER = 3, 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One address at which an outlet tells what it has.

    ``form`` is ``rss``, ``atom``, ``news-sitemap`` or ``html``; the last needs a ``template``.
    ``tracking`` is a query added to every link; ``zone_name`` replaces the offset in RSS dates.
    """

    path: str
    form: str
    template: str = ""
    tracking: str = ""
    zone_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A fictional publisher and how its pages look.

    ``date_format`` is a format string over ``at``, ``paragraph`` one over the paragraph's HTML.
    Without ``robots`` there is no robots.txt.
    """

    id: str
    name: str
    host: str
    language: str
    listings: tuple[Listing, ...]
    template: str = ""
    date_format: str = "{at:%Y-%m-%d}"
    paragraph: str = "<p>{}</p>"
    encoding: str = "utf-8"
    robots: str = ""

    def url(self, path: str) -> str:
        """Return the absolute address of a path of this outlet."""
        return f"http://{self.host}{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One address an outlet lists, usually an article.

    Attributes
    ----------
    page
        Template that replaces the outlet's own (``stub``, ``empty`` and so on), or ``"pdf"``.
    canonical
        Path that the page names as canonical, where it is not its own.
    charset_in
        Where the charset is told: ``"header"``, or ``"meta"`` alone.
    reprint
        Id of the piece of another outlet whose text this page carries.
    related
        Ids of pieces glued beneath in full.
    """

    id: str
    outlet: str
    path: str
    title: str
    published_at: datetime
    authors: tuple[str, ...]
    section: str
    paragraphs: tuple[str, ...] = ()
    updated_at: datetime | None = None
    page: str = ""
    canonical: str = ""
    charset_in: str = "header"
    reprint: str = ""
    related: tuple[str, ...] = ()

    @property
    def changed_at(self) -> datetime:
        """Time of the last edit."""
        return self.updated_at or self.published_at


@dataclass(frozen=True, slots=True)
class Content:
    """All outlets and all pieces by id, pieces newest first."""

    outlets: dict[str, Outlet]
    pieces: dict[str, Piece]

    def of(self, outlet: Outlet) -> tuple[Piece, ...]:
        """Return an outlet's pieces, newest first."""
        return tuple(piece for piece in self.pieces.values() if piece.outlet == outlet.id)


def resource(*names: str) -> Traversable:
    """Return a file of the package data."""
    return files(__package__).joinpath(*names)


def text_of(*names: str) -> str:
    """Return the text of a file of the package data."""
    return resource(*names).read_text(encoding="utf-8")


def sources_toml() -> str:
    """Return the ``[[sources]]`` entries, as TOML, for every source of the sample site.

    Two of them fail on purpose: one feed is no XML, one host cannot be reached.
    """
    return text_of("sources.toml")


_READ: dict[str, Callable[[Any], Any]] = {
    "published_at": datetime.fromisoformat,
    "updated_at": datetime.fromisoformat,
    "authors": tuple,
    "paragraphs": tuple,
    "related": tuple,
}


@cache
def load() -> Content:
    """Return the content of the sample site."""
    outlets = [_outlet(entry) for entry in tomllib.loads(text_of("outlets.toml"))["outlets"]]
    pieces = [_piece(json.loads(line)) for line in text_of("articles.jsonl").splitlines()]
    pieces.sort(key=lambda piece: (piece.changed_at, piece.id), reverse=True)
    return Content({outlet.id: outlet for outlet in outlets}, {piece.id: piece for piece in pieces})


def _outlet(entry: dict[str, Any]) -> Outlet:
    listings = tuple(Listing(**listing) for listing in entry["listings"])
    return Outlet(**{**entry, "listings": listings})


def _piece(row: dict[str, Any]) -> Piece:
    return Piece(**{key: _READ.get(key, str)(value) for key, value in row.items()})
