"""Which person a name means: by office, country and date; ``""`` rather than a wrong one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache

from alliance_nlp.tag.kb import KnowledgeBase
from alliance_nlp.tag.records import Office, Official

_MINISTER = r"(?:minister|secretary|chief|ministers|secretaries)"
_KINDS: tuple[tuple[str, str], ...] = (
    # pattern in the title: kinds of office it may be; the first that fits decides
    (r"deputy prime minister|vice premier|vice president", "deputy-head"),
    (r"prime minister|\bpremier\b|\bpm\b", "head-of-government"),
    (r"chief cabinet secretary|top government spokes", "chief-cabinet-secretary"),
    (r"national security advis", "national-security-adviser"),
    (
        r"(?:under ?secretary|deputy secretary|vice[ -]*(?:\w+ )?minister|deputy \w*\s?minister)",
        "deputy-minister",
    ),
    (r"assistant secretary", "assistant-secretary deputy-minister"),
    (r"director[ -]*general", "director-general"),
    (r"ambassador|\bamb\b|permanent representative|high commissioner", "ambassador"),
    (r"special (?:presidential )?envoy|\benvoy\b", "special-envoy ambassador"),
    (
        r"trade representative|\bustr\b|trade minister|commerce secretary|secretary of commerce|"
        r"commerce minister|economy, trade and industry",
        "trade-minister industry-minister",
    ),
    (r"(?:industry|meti) " + _MINISTER, "industry-minister trade-minister"),
    (r"secretary[ -]*general", "international-official party-leader"),
    (
        r"(?:foreign|external) (?:affairs )?" + _MINISTER + r"|minister (?:of|for) foreign|"
        r"secretary of state|top diplomat|secretary antony|foreign affairs minister",
        "foreign-minister",
    ),
    (
        r"(?:defen[cs]e|war|pentagon) "
        + _MINISTER
        + r"|minister (?:of|for) (?:national )?defen[cs]e|"
        r"secretary of (?:defen[cs]e|war)",
        "defense-minister",
    ),
    (
        r"(?:finance|treasury) " + _MINISTER + r"|minister of finance|secretary of the treasury",
        "finance-minister",
    ),
    (r"energy " + _MINISTER + r"|secretary of energy|minister of energy", "energy-minister"),
    (r"economic security", "economic-security-minister"),
    (
        r"(?:economic )?revitali[sz]ation|minister|secretary of|interior secretary|"
        r"secretary (?:for|in)",
        "cabinet-minister foreign-minister defense-minister economic-security-minister "
        "industry-minister trade-minister energy-minister finance-minister deputy-minister "
        "agency-head",
    ),
    (r"\bsens?\b|senator", "senator"),
    (r"\breps?\b|congress(?:man|woman)|house speaker|\bspeaker\b", "representative"),
    (r"lawmaker|diet member|lower house|upper house", "diet-member senator representative"),
    (r"majority leader|minority leader|whip", "senator representative"),
    (r"governor|\bgov\b", "governor central-banker"),
    (r"mayor", "mayor"),
    (r"spokes(?:man|woman|person)|press secretary", "spokesperson"),
    (
        r"chairman of the joint chiefs|joint chiefs chair|chiefs? of (?:the )?joint staff|"
        r"chief of (?:the )?(?:joint )?defen[cs]e|joint staff chief",
        "chief-of-defense",
    ),
    (
        r"chief of (?:staff|naval operations)|commandant|(?:army|navy|air force|gsdf|msdf|asdf|"
        r"ground|maritime) .*(?:chief|chief of staff)",
        "service-chief chief-of-defense",
    ),
    (
        r"admiral|\badm\b|general|\bgen\b|commander|colonel|\bcol\b|captain|\bcapt\b|"
        r"\bmaj\b|\blt\b",
        "combatant-commander fleet-commander force-commander service-chief chief-of-defense "
        "officer",
    ),
    (
        r"\bsecretary\b",
        "foreign-minister defense-minister trade-minister finance-minister "
        "energy-minister cabinet-minister",
    ),
    (r"\bpresident\b", "head-of-state head-of-government international-official party-leader"),
    (r"\bleader\b", "head-of-state head-of-government party-leader"),
    (r"chancellor|administration|cabinet|government", "head-of-government head-of-state"),
    (r"representative", "representative"),
    (r"director|administrator|chief|head", "agency-head director-general"),
)
_COMPILED = tuple((re.compile(pattern), frozenset(kinds.split())) for pattern, kinds in _KINDS)
_RANK_WORDS = frozenset(
    "vice rear admiral adm general gen lieutenant lt major maj brigadier brig colonel col captain "
    "capt commander cmdr of the in and for chief deputy us u.s. united states japan japanese "
    "korean "
    "south north . -".split()
)
_SEATS = frozenset({"EU", "NATO", "UN"})


@lru_cache(maxsize=8192)  # the same few titles come in every article
def kinds_of(phrase: str) -> frozenset[str]:
    """Return the kinds of office that a title in lower case may name; empty when none is told."""
    for pattern, kinds in _COMPILED:
        if pattern.search(phrase):
            return kinds
    return frozenset()


def holds(office: Office, on: date) -> bool:
    """Tell whether the office is held on a day, as far as its dates are known."""
    day = on.isoformat()
    since, until = office.since, office.until
    if since is not None and day[: len(since)] < since:
        return False
    return until is None or day[: len(until)] <= until


def serves(official: Official, on: date | None) -> bool:
    """Tell whether a person holds any office on a day; unknown days are given the benefit."""
    return on is None or any(holds(office, on) for office in official.offices)


def serves_as(official: Official, kind: str, on: date | None) -> bool:
    """Tell whether a person holds an office of a kind on a day; at any time when ``on`` is none."""
    return any(
        office.kind == kind and (on is None or holds(office, on)) for office in official.offices
    )


def score(official: Official, *, kinds: frozenset[str], country: str, on: date | None) -> int:
    """Return how well a person fits a title: kind of office, country and day, each with a sign."""
    points = 0
    if kinds:
        fitting = [office for office in official.offices if office.kind in kinds]
        if any(on is not None and holds(office, on) for office in fitting):
            points += 6
        elif fitting:
            points += 3 if on is None else 1
        else:
            points -= 3
    if on is not None:
        points += 1 if serves(official, on) else -3
    if country and country not in _SEATS and official.country not in _SEATS:
        points += 2 if country == official.country else -4
    return points


def best_match(
    kb: KnowledgeBase,
    ids: Iterable[str],
    *,
    phrase: str,
    country: str,
    on: date | None,
    least: int,
) -> str:
    """Return the id that fits best, ``""`` when none reaches ``least`` or two fit alike."""
    scored = sorted(
        (
            (score(official, kinds=kinds_of(phrase), country=country, on=on), official.id)
            for official in _officials(kb.records, ids)
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    if not scored or scored[0][0] < least:
        return ""
    if len(scored) > 1 and scored[1][0] == scored[0][0]:
        return ""
    return scored[0][1]


def names_command(kb: KnowledgeBase, entity_id: str, phrase: str) -> bool:
    """Tell whether a title names an organisation or a post that the person has had."""
    record = kb.records[entity_id]
    assert isinstance(record, Official)
    own = {w for o in record.offices for w in f"{o.title} {o.org}".lower().split()}
    return bool(own & set(phrase.split()) - _RANK_WORDS)


def _officials(records: Mapping[str, object], ids: Iterable[str]) -> list[Official]:
    found = (records.get(entity_id) for entity_id in dict.fromkeys(ids))
    return [record for record in found if isinstance(record, Official)]
