"""How a digest introduces people: nationality, office in its short form, name.

"US Trade Representative Katherine Tai", "Okinawa Governor Denny Tamaki": the office is that which
the knowledge base has for the story's day.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from alliance_nlp.core.types import Article, Mention
from alliance_nlp.tag import KnowledgeBase, Office, Official, offices_on

_NATIONS = {
    "US": "US",
    "JP": "Japanese",
    "KR": "South Korean",
    "CN": "Chinese",
    "AU": "Australian",
    "PH": "Philippine",
    "TW": "Taiwanese",
    "GB": "British",
    "IN": "Indian",
    "EU": "EU",
    "CA": "Canadian",
    "FR": "French",
    "DE": "German",
    "NZ": "New Zealand",
    "RU": "Russian",
    "IT": "Italian",
    "VN": "Vietnamese",
    "UA": "Ukrainian",
    "NATO": "NATO",
    "KP": "North Korean",
    "ID": "Indonesian",
    "UN": "UN",
    "SG": "Singaporean",
    "TH": "Thai",
    "MY": "Malaysian",
    "NL": "Dutch",
    "TR": "Turkish",
    "BR": "Brazilian",
    "KH": "Cambodian",
    "PG": "Papua New Guinean",
    "FJ": "Fijian",
    "PW": "Palauan",
}
# Of several offices held at once the first of these is how a reader knows the person.
_KINDS = (
    "head-of-state head-of-government deputy-head foreign-minister defense-minister trade-minister "
    "finance-minister chief-cabinet-secretary economic-security-minister energy-minister "
    "industry-minister national-security-adviser cabinet-minister combatant-commander "
    "chief-of-defense service-chief fleet-commander force-commander ambassador governor mayor "
    "agency-head international-official central-banker deputy-minister assistant-secretary "
    "special-envoy spokesperson director-general officer senator representative diet-member "
    "party-leader"
).split()
# Offices that a reader of a digest on this alliance places without a country.
_PLAIN_JAPANESE = frozenset({"chief-cabinet-secretary", "governor", "mayor", "diet-member"})
_MINISTER = re.compile(r"^Minister (?:of State )?(?:of|for|in charge of) (?:the )?(?P<of>.+)$")
_SECRETARY = re.compile(r"^Secretary of (?:the )?(?!State\b)(?P<of>[\w ]+)$")
_PLACED = re.compile(r"^(?P<title>Governor|Mayor) of (?P<of>[\w’' -]+)$")
_LEADS = re.compile(
    r"^(?P<title>Commander|Commanding (?:General|Officer)|Commander in Chief|Chief of Staff|"
    r"Director-General|Director|Commissioner|Commandant|Administrator|Chairman|Chair|President|"
    r"Governor|Deputy Governor|Deputy Commander), (?P<of>.+)$"
)
_BARE = frozenset(
    "Director Administrator Chairman Chair Commissioner Commandant Spokesperson Governor "
    "Secretary-General President".split()
)
_DEPARTMENT = re.compile(r"^(?:Ministry|Department) of (?:the )?(?P<of>[\w ]+?)(?:,.*| and .*)?$")
_MOST_WORDS = 8


def introductions(
    kb: KnowledgeBase,
    articles: Sequence[Article],
    mentions: Mapping[str, Iterable[Mention]],
) -> dict[str, str]:
    """Return, by entity id, how a digest introduces the people whom a story mentions.

    Who held no office on the day of the story's first article that names one is left out, and
    everybody where the story is undated.
    """
    days = sorted(article.published.on for article in articles if article.published)
    if not days:
        return {}
    ids = {m.entity_id for article in articles for m in mentions.get(article.id, ())}
    found = {}
    for entity_id in sorted(ids):
        record = kb.records.get(entity_id)
        if isinstance(record, Official):
            introduced = introduction(record, days[-1])
            if introduced:
                found[entity_id] = introduced
    return found


def introduction(official: Official, on: date) -> str:
    """Return nationality, office and name of a person on a day, ``""`` if none was held then."""
    offices = offices_in_order(official, on)
    if not offices:
        return ""
    title = short_office(offices[0], official.country)
    return f"{title} {official.name}"


def offices_in_order(official: Official, on: date) -> tuple[Office, ...]:
    """Return the offices that a person held on a day, the one readers know best first."""
    held = offices_on(official, on)
    return tuple(sorted(held, key=lambda office: _KINDS.index(office.kind)))


def short_office(office: Office, country: str) -> str:
    """Return an office as it stands before a name: ``"Japanese Defense Minister"``."""
    title = _title(office)
    nation = _NATIONS.get(country, "")
    is_plain = country == "JP" and (
        office.kind in _PLAIN_JAPANESE or office.kind == "head-of-government"
    )
    has_nation = bool(nation) and re.search(rf"\b{_stem(nation)}", title) is not None
    # States and cities speak for themselves, and so does NATO or the Asian Development Bank.
    is_known = country == "US" and office.kind in ("governor", "mayor")
    if is_plain or has_nation or is_known or office.kind == "international-official" or not nation:
        return title
    return f"{nation} {title}"


def _stem(nation: str) -> str:
    """Return what a nationality and the country's name begin with: ``"Austral"``, ``"US"``."""
    short = {"Chinese": "Chin", "Philippine": "Philippin", "French": "Fran", "German": "German"}
    return short.get(nation, re.sub(r"(?:ese|ian|an)$", "", nation))


def _title(office: Office) -> str:
    title = re.split(r" and (?=Minister|Secretary)", office.title)[0]
    if office.kind in ("head-of-state", "head-of-government", "deputy-head"):
        return title
    if office.kind == "diet-member" and title.startswith("Member, House of"):
        return ("Lower" if "Representatives" in title else "Upper") + " House member"
    if office.kind == "senator":
        return "Senator"
    if office.kind == "representative":
        return "Representative"
    if office.kind == "trade-minister" and title.startswith("Minister of Economy"):
        return "Trade Minister"
    for pattern in (_MINISTER, _SECRETARY):
        match = pattern.match(title)
        if match:
            return _ministry_of(match["of"], "Minister" if pattern is _MINISTER else "Secretary")
    match = _PLACED.match(title)
    if match:
        return f"{match['of']} {match['title']}"
    match = _LEADS.match(title)
    if match:
        is_command = match["title"] == "Commander" and match["of"].endswith("Command")
        return f"{match['of']} {'chief' if is_command else match['title']}"
    if title in _BARE and office.org:
        return f"{_organisation(office.org)} {title}"
    return title if len(title.split()) <= _MOST_WORDS else title.split(" for ")[0].split(", ")[0]


def _ministry_of(field: str, head: str) -> str:
    """Return "Land Minister" for the minister of land, infrastructure, transport and tourism."""
    first = re.split(r", | and ", field)[0].removesuffix(" Affairs").removeprefix("National ")
    first = first.replace("Defence", "Defense")
    return f"{first} {head}"


def _organisation(name: str) -> str:
    match = _DEPARTMENT.match(name)
    if match is None:
        return name
    return f"{match['of']} {'Ministry' if name.startswith('Ministry') else 'Department'}"
