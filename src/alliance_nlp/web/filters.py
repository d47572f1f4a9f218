"""What the list is narrowed to: read from the address, and written back to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from alliance_nlp.core.types import Novelty, Source, TopicLabel
from alliance_nlp.store import CandidateFilter

# Words beyond this make no better search.
MOST_QUERY = 400
MOST_VALUES = 60
STATES = {
    "open": "open",
    "accept": "accepted",
    "reject": "rejected",
    "later": "later",
    "unsure": "unsure",
}
_NO_SOURCE = "(no source)"  # no id looks so; it lets nothing through

_Label = TypeVar("_Label", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A list's filter as an address says it; the fields bear the names of the parameters."""

    q: str = ""
    topic: tuple[TopicLabel, ...] = ()
    novelty: tuple[Novelty, ...] = ()
    state: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    entity: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, query: QueryParams) -> Self:
        """Return the filter that an address asks for; what it cannot mean is left out."""
        return cls(
            q=" ".join(query.get("q", "").replace("\0", " ").split())[:MOST_QUERY],
            topic=_labels(TopicLabel, query.getlist("topic")),
            novelty=_labels(Novelty, query.getlist("novelty")),
            state=tuple(state for state in STATES if state in query.getlist("state")),
            source=_texts(query.getlist("source")),
            country=_texts(query.getlist("country")),
            entity=query.get("entity", "").replace("\0", "").strip()[:MOST_QUERY],
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
        )

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Return the filter's parameters, one a value."""
        found: list[tuple[str, str]] = []
        for field in fields(self):
            value = getattr(self, field.name)
            values = value if isinstance(value, tuple) else (value,)
            found += [(field.name, str(one)) for one in values if one]
        return tuple(found)

    @property
    def query(self) -> str:
        """The filter as an address carries it, ``""`` when it narrows nothing."""
        return urlencode(self.pairs)

    def at(self, after: int = 0) -> str:
        """Return the address of a page of the list that goes on after a rank."""
        pairs = [*self.pairs, *([("after", str(after))] if after else [])]
        return f"/?{urlencode(pairs)}" if pairs else "/"

    def without(self, name: str, value: str) -> Wanted:
        """Return the filter without one value."""
        had = getattr(self, name)
        if isinstance(had, tuple):
            changed: Any = tuple(one for one in had if str(one) != value)
        else:
            changed = None if isinstance(had, date) else ""
        return replace(self, **{name: changed})

    def narrowed(self, sources: Mapping[str, Source]) -> CandidateFilter:
        """Return what the store is asked; a country stands for its sources."""
        ids = self.source
        if self.country:
            there = [s.id for s in sources.values() if s.country in self.country]
            ids = tuple(i for i in there if not self.source or i in self.source) or (_NO_SOURCE,)
        return CandidateFilter(
            query=self.q,
            topics=self.topic,
            novelty=self.novelty,
            source_ids=ids,
            entity_id=self.entity,
            since_on=self.since,
            until_on=self.until,
            verdicts=self.state,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """An active filter: what it says, and the address of the list without it."""

    kind: str
    text: str
    without: str


def chips(
    wanted: Wanted, *, sources: Mapping[str, Source], entities: Mapping[str, str]
) -> tuple[Chip, ...]:
    """Return the active filters; ``entities`` names those that are known by id."""
    kinds = {"q": "words", "entity": "mentions", "since": "from", "until": "to"}
    names: dict[str, Mapping[str, str]] = {
        "state": STATES,
        "source": {source.id: source.name for source in sources.values()},
        "entity": entities,
    }
    return tuple(
        Chip(
            kind=kinds.get(name, name),
            text=names.get(name, {}).get(value, value),
            without=wanted.without(name, value).at(),
        )
        for name, value in wanted.pairs
    )


def countries(sources: Iterable[Source]) -> tuple[str, ...]:
    """Return the countries of the sources, in order of their codes."""
    return tuple(sorted({source.country for source in sources if source.country}))


def _labels(kind: type[_Label], values: Sequence[str]) -> tuple[_Label, ...]:
    return tuple(label for label in kind if label.value in values)


def _texts(values: Sequence[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(value for value in values if value and "\0" not in value)
    return tuple(kept)[:MOST_VALUES]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
