"""Names of persons and desks out of bylines."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence

from alliance_nlp.core.text import one_line
from alliance_nlp.extract.jsonld import names_of, organisations
from alliance_nlp.extract.markup import Markup

_LEADING = re.compile(
    r"^(?:(?:read more about|about|insights from|reviewed by|more from)\s"
    r"|(?:words|story|text|report|reporting|analysis|opinion|written|posted|published|reported)"
    r"\s+by\b|by\b|authors?\s*[:：]|from\b|文[・/=：:]|取材[・/=：:]|【|（|\()\s*[:：]?\s*",
    re.IGNORECASE,
)
_BY = re.compile(r"by:?\s+\S", re.IGNORECASE)
_BAR = re.compile(r"\s+[|•·]\s+")
# Military pages give the rank with the name; it changes faster than the person.
_RANK = re.compile(
    r"^(?:U\.?S\.? (?:Army|Navy|Air Force|Marine Corps|Coast Guard|Space Force) )?(?:"
    r"(?:(?:Chief )?Petty Officer|(?:Chief )?Mass Communication Specialist)"
    r"(?: (?:1st|2nd|3rd|First|Second|Third) Class)?(?: Petty Officer)?|MC[1-3C]|MCSN"
    r"|Seaman(?: Apprentice| Recruit)?|Airman(?: (?:1st|First) Class)?|Senior Airman"
    r"|(?:Staff|Tech\.?|Technical|(?:Senior |Chief )?Master|Gunnery|First|1st) (?:Sgt\.?|Sergeant)"
    r"|(?:Sgt\.?|Sergeant)(?: (?:1st|First) Class)?|(?:Lance )?(?:Cpl\.?|Corporal)"
    r"|Pfc\.?|Spc\.?|Pvt\.?|Specialist|(?:1st|2nd|First|Second) (?:Lt\.?|Lieutenant)"
    r"|(?:Lt\.?|Lieutenant)(?: (?:j\.g\.|Col\.?|Colonel|Cmdr\.?|Commander|Gen\.?))?|Ensign"
    r"|Capt\.?|Captain|Maj\.?|Major|Col\.?|Cmdr\.?)\s+(?=[A-Z])"
)
_PLACE = re.compile(
    r"^(?:[^＝=\s]{1,12}[＝=](?=\S{2})"
    r"|[^・\s]{0,10}(?:部|局|支局|総局|支局長|局長|部長|編集委員|論説委員|特派員|記者)[・\s](?=\S{2}))"
)
_NOT_BY = re.compile(
    r"\W+(?:(?:medically |fact[- ])?(?:reviewed|edited|checked|translated) by|updated|on \d).*$",
    re.IGNORECASE,
)
_IN_PLACE = re.compile(
    r"\s+in [A-Z][\w .]+$|\s*/\s*(?:staff|senior|special|contribut).*$", re.IGNORECASE
)
_BETWEEN = re.compile(r"\s*(?:;|、|，|\s/\s|\s&\s|\s+and\s+|\s*\|\s*|\n)\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")
_ROLE = re.compile(
    r"\b(?:editor|correspondent|reporter|writer|chief|bureau|staff|columnist|producer|journalist"
    r"|desk|contributor|senior|special|analyst|published|updated|min read|follow|read more|share"
    r"|public affairs"
    r"|university|professor|director|fellow|in [A-Z]\w+)\b",
    re.IGNORECASE,
)
_TITLES_AFTER = {"jr", "sr", "ii", "iii", "phd", "ph.d", "ph.d.", "md", "m.d.", "dvm", "jr.", "rn"}
_NOISE = re.compile(
    r"https?:|www\.|@|\d{2}|^(?:admin|author|unknown|none|null|anonymous|guest|n/?a|undefined|user)$"
    r"|^(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:vice )?commander)$"
    r"|\b(?:written|posted) by$|^edit(?:ing|ed) by\b"
    r"|^(?:veterinarian|doctor|attorney|guest author|freelance)$"
    r"|^[a-z0-9]+(?:[-_][a-z0-9]+)+$|^(?:image|photo|picture|getty|credit)\b|\bminutes?\b|^published",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s*(?:[】）)]|\s[-–—]\s.*|[・=＝/]?(?:記者|編集委員|論説委員|特派員|支局長)|[|｜].*|\s*[,:;/·•]|\bfor\s+\S+)$"
)
_LONGEST, _MOST_WORDS, _MOST = 60, 7, 20
_METAS = (
    "author", "article:author", "og:article:author", "byl", "dc.creator", "dcterms.creator",
    "parsely-author", "sailthru.author", "cxenseparse:author", "citation_author",
    "article.author", "authors",
)  # fmt: skip


def authors(markup: Markup, sites: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the authors that a page states: JSON-LD, else meta elements, else bylines.

    Parameters
    ----------
    sites
        Names of the outlet: a byline with a person's name goes before them.
    """
    stated = markup.article.get("author")
    known = {site.casefold() for site in (*sites, *organisations(stated))}
    desk: tuple[str, ...] = ()
    for names in (
        names_of(stated, markup.nodes),
        names_of(markup.article.get("creator"), markup.nodes),
        *(list(markup.metas.get(key, ())) for key in _METAS),
    ):
        found = clean_names(names)
        if found and not all(name.casefold() in known for name in found):
            return found
        desk = desk or found
    for line in markup.bylines[:5]:
        found = clean_names([line])
        if found and (not desk or all(_is_person(name, known) for name in found)):
            return found
    return desk


def clean_names(lines: Iterable[str]) -> tuple[str, ...]:
    """Return clean names out of bylines, each once, in order; what is no name is left out."""
    found: dict[str, str] = {}
    for line in lines:
        for name in _names(one_line(re.sub(r"<[^>]*>", " ", html.unescape(line[:500])))):
            found.setdefault(name.casefold(), name)
    return tuple(found.values())[:_MOST]


def _names(line: str) -> Iterable[str]:
    if _BY.match(line):
        line = _BAR.split(line)[0]  # what follows is the outlet and the date
    line = _NOT_BY.sub("", line)
    line = _LEADING.sub("", _LEADING.sub("", line))
    for part in _BETWEEN.split(line):
        for name in _at_commas(_COMMA.split(part)):
            name = _bare(name)
            if _is_name(name):
                yield name


def _at_commas(pieces: Sequence[str]) -> Iterable[str]:
    """Join degrees to their names; a piece after a name that tells a role is none."""
    kept: list[str] = []
    for piece in pieces:
        first = piece.split(" ")[0].casefold()
        if kept and first in _TITLES_AFTER:
            kept[-1] = f"{kept[-1]}, {piece}"
        elif kept and _ROLE.search(piece):
            continue
        else:
            kept.append(piece)
    return kept


def _bare(name: str) -> str:
    name = _RANK.sub("", _PLACE.sub("", _LEADING.sub("", name.strip())))
    name = _IN_PLACE.sub("", name)
    for _ in range(2):
        name = _TAIL.sub("", name).strip(" \"'“”‘’*·•|/,")
    return name


def _is_person(name: str, sites: set[str]) -> bool:
    """Tell whether a name reads as a person's rather than an outlet's or a commenter's."""
    words = name.split()
    is_named = 2 <= len(words) <= 4 and all(word[0].isupper() for word in words)
    return is_named and not any(site in name.casefold() for site in sites if len(site) > 3)


def _is_name(name: str) -> bool:
    return (
        1 < len(name) <= _LONGEST
        and len(name.split()) <= _MOST_WORDS
        and not _NOISE.search(name)
        and any(char.isalpha() for char in name)
        and not name.endswith((".", "。", "!", "?"))
    ) or name.endswith((" Jr.", " Sr.", "Ph.D.", "M.D."))
