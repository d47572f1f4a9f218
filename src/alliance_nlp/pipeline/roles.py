"""Who or what an entity is, in a few words, on the day of the article that names it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from alliance_nlp.core.types import Article, Mention
from alliance_nlp.pipeline.introducing import offices_in_order, short_office
from alliance_nlp.tag import (
    Base,
    Exercise,
    KnowledgeBase,
    Mineral,
    Official,
    Ship,
)

_MOST_OFFICES = 2


def roles_at(
    kb: KnowledgeBase, articles: Iterable[Article], mentions: Mapping[str, Iterable[Mention]]
) -> dict[tuple[str, str], str]:
    """Return what each entity of the knowledge base was, by (article id, entity id).

    The day is that of the article's publication; without one, offices are left out.
    """
    found = {}
    for article in articles:
        on = article.published.on if article.published else None
        for mention in mentions.get(article.id, ()):
            if mention.entity_id in kb.records:
                key = (article.id, mention.entity_id)
                found[key] = role_of(kb, mention.entity_id, on)
    return found


def role_of(kb: KnowledgeBase, entity_id: str, on: date | None) -> str:
    """Return in a few words what an entity is, of a person the offices held on a day."""
    record = kb.records[entity_id]
    if isinstance(record, Official):
        return f"{record.name}: {_offices(record, on)}"
    if isinstance(record, Ship):
        hull = f" ({record.hull})" if record.hull else ""
        name = " ".join(part for part in (record.prefix, record.name) if part)
        facts = (record.ship_class and f"{record.ship_class} class", record.type, record.service)
        home = f"homeport {record.homeport}" if record.homeport else ""
        return f"{name}{hull}: {_joined(*facts, home)}"
    if isinstance(record, Base):
        return (
            f"{record.name}: {_joined(record.kind, record.service, record.region, record.country)}"
        )
    if isinstance(record, Exercise):
        partners = ", ".join((*record.hosts, *record.partners))
        return f"{record.name}: {_joined('exercise', partners and f'of {partners}')}"
    assert isinstance(record, Mineral)
    return f"{record.name}: {_joined(record.symbol, *record.groups) or 'raw material'}"


def _offices(record: Official, on: date | None) -> str:
    if on is None:
        return "the article tells no date, so no office can be told"
    offices = offices_in_order(record, on)
    if not offices:
        return f"no office known on {on:%Y-%m-%d}"
    titles = dict.fromkeys(short_office(office, record.country) for office in offices)
    return f"{'; '.join(list(titles)[:_MOST_OFFICES])} on {on:%Y-%m-%d}"


def _joined(*parts: str | None) -> str:
    return ", ".join(part.replace("-", " ") for part in parts if part)
