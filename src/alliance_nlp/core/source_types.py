"""The values of collecting: where articles come from, what is said of them, how a visit went.

:mod:`alliance_nlp.core.types` gives them to everyone else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alliance_nlp.core.enums import Outcome, Paywall, Sector, SourceKind, TopicLabel


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """What a source lets others do with its articles, as far as it says so.

    Attributes
    ----------
    quote_words
        Most words to quote from one article; ``None`` where nothing is said.
    paywall
        Whether its articles can be read in full.
    ai_opt_out
        Whether it reserves its texts against text and data mining.
    note
        Anything else, such as ``"public domain"`` or the licence's name.
    """

    quote_words: int | None = None
    paywall: Paywall = Paywall.NONE
    ai_opt_out: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place where articles come from.

    Attributes
    ----------
    id
        Unique slug: lower-case letters, digits and hyphens.
    url
        Feed, sitemap or index page; for ``folder`` and ``warc`` a path or glob.
    language
        ISO 639-1 code of the articles, or ``""`` when mixed.
    country
        ISO 3166 alpha-2 code of the outlet, or ``""``.
    weight
        Editorial weight, 0 to 1.
    rights
        What it says on quoting, reading and reuse.
    expected
        Articles per run, least and most, that a healthy source yields.
    link_pattern
        ``index`` only: regular expression that article URLs match.
    zone
        IANA name of the zone of dates that state none.
    home
        The page people read, ``""`` where unknown.
    sector
        Who speaks there: a government, the press, a think tank and so on.
    topics
        What it mostly writes about; empty for everything.
    """

    id: str
    name: str
    kind: SourceKind
    url: str
    language: str = ""
    country: str = ""
    weight: float = 0.5
    rights: Rights = Rights()
    expected: tuple[int, int] = (0, 10_000)
    link_pattern: str = ""
    zone: str = "UTC"
    home: str = ""
    sector: Sector = Sector.OTHER
    topics: tuple[TopicLabel, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A listing's word that an article exists: where, and what the listing says of it.

    ``url`` is ``""`` where a page only names another outlet's story; ``published`` and
    ``updated`` are the listing's own strings; ``outlet`` is the original publisher where the
    listing or page names one.
    """

    source_id: str
    url: str
    title: str = ""
    published: str = ""
    updated: str = ""
    outlet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One source in one run.

    Attributes
    ----------
    n_listed
        Articles that its listings named.
    n_new, n_failed
        Article pages archived for the first time, and those that could not be had.
    n_bytes, seconds
        Bytes received, and the seconds of its requests added up.
    newest_at
        The newest date among what was listed.
    moved_to
        Where a permanent redirect of its listing leads, or ``""``.
    """

    source_id: str
    run_id: int
    at: datetime
    outcome: Outcome
    n_listed: int = 0
    n_new: int = 0
    n_failed: int = 0
    n_bytes: int = 0
    seconds: float = 0.0
    newest_at: datetime | None = None
    moved_to: str = ""
    detail: str = ""
