"""Sources, their health and what checks found, as tables for people and values for JSON Lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from alliance_nlp.cli import console
from alliance_nlp.core.types import Source, SourceKind, Visit
from alliance_nlp.pipeline.checking import Check
from alliance_nlp.sources import Health, Judgement

_FINE = ("ok", "local")


def source_json(source: Source, health: Health | None = None) -> dict[str, Any]:
    """Return a source with its health, where it has any."""
    value = asdict(source)
    value["topics"] = [topic.value for topic in source.topics]
    if health is not None:
        due = health.next_visit_at
        value |= {"state": health.state.value, "why": health.why, "do": health.do}
        value |= {"next_visit_at": due.isoformat() if due else None}
    return value


def visit_json(visit: Visit) -> dict[str, Any]:
    """Return what a visit came to."""
    return {
        "run": visit.run_id,
        "at": visit.at.isoformat(),
        "outcome": visit.outcome.value,
        "listed": visit.n_listed,
        "new": visit.n_new,
        "failed": visit.n_failed,
        "detail": visit.detail,
    }


def catalogue_table(sources: Sequence[Source]) -> Table:
    """Return the catalogue's sources by what one chooses them for."""
    rows = [
        (
            source.id,
            source.name,
            source.kind.value,
            source.country,
            source.sector.value,
            ", ".join(topic.value for topic in source.topics),
        )
        for source in sources
    ]
    return _table(["id", "name", "kind", "country", "sector", "topics"], rows)


def health_table(sources: Sequence[Source], health: Mapping[str, Health]) -> Table:
    """Return a workspace's sources with how each is doing."""
    rows = [
        (
            source.id,
            source.name,
            source.kind.value,
            source.country,
            health[source.id].state.value,
            health[source.id].why,
        )
        for source in sources
    ]
    return _table(["id", "name", "kind", "country", "state", "why"], rows)


def source_table(source: Source, health: Health | None) -> Table:
    """Return all that is said of one source; what says nothing is left out."""
    rights, (least, most) = source.rights, source.expected
    said = [
        rights.note,
        f"quote at most {rights.quote_words} words" if rights.quote_words is not None else "",
        f"paywall {rights.paywall.value}",
        "reserved against text and data mining" if rights.ai_opt_out else "",
    ]
    due = health.next_visit_at if health else None
    rows = [
        ("id", source.id),
        ("name", source.name),
        ("kind", source.kind.value),
        ("url", source.url),
        ("link_pattern", source.link_pattern),
        ("home", source.home),
        ("language", source.language),
        ("country", source.country),
        ("sector", source.sector.value),
        ("topics", ", ".join(topic.value for topic in source.topics)),
        ("weight", source.weight),
        ("expected", f"{least} to {most} articles a run"),
        ("zone", source.zone),
        ("rights", "; ".join(part for part in said if part)),
        ("state", health.state.value if health else ""),
        ("why", health.why if health else ""),
        ("what to do", health.do if health else ""),
        ("next visit", f"{due:%F %R} UTC" if due else ""),
    ]
    built = _table(["", ""], [(name, value) for name, value in rows if value != ""])
    built.show_header = False
    return built


def visits_table(visits: Sequence[Visit]) -> Table:
    """Return the visits to one source, as given."""
    rows = [
        (v.run_id, f"{v.at:%F %R}", v.outcome.value, v.n_listed, v.n_new, v.n_failed, v.detail)
        for v in visits
    ]
    columns = ["#run", "at (UTC)", "outcome", "#listed", "#new", "#failed", "detail"]
    return console.table("Last visits", columns, rows)


def check_json(found: Check) -> dict[str, Any]:
    """Return what a check found."""
    return {
        "id": found.source.id,
        "url": found.source.url,
        "state": found.state,
        "form": found.form,
        "entries": found.n_entries,
        "newest_at": found.newest_at.isoformat() if found.newest_at else None,
        "detail": found.detail,
        "do": found.do,
    }


def checks_table(checks: Sequence[Check]) -> Table:
    """Return what checks found, what is out of order first."""
    rows = [
        (
            found.source.id,
            found.state,
            found.form,
            found.n_entries or "",
            f"{found.newest_at:%F}" if found.newest_at else "",
            "\n".join(part for part in (found.detail, found.do) if part),
        )
        for found in sorted(checks, key=lambda found: (is_fine(found), found.state))
    ]
    columns = ["source", "state", "form", "#entries", "newest", "what was found, what to do"]
    return _table(columns, rows)


def is_fine(found: Check) -> bool:
    """Tell whether a source is in order."""
    return found.state in _FINE


def listing_json(found: Judgement) -> dict[str, Any]:
    """Return a listing that was discovered; of an index, the pattern to try."""
    is_index = found.kind is SourceKind.INDEX
    value = {
        "url": found.url,
        "kind": found.kind.value,
        "form": "index" if is_index else found.form,
        "title": found.title,
        "entries": found.n_entries,
        "newest_at": found.newest_at.isoformat() if found.newest_at else None,
    }
    return value | {"link_pattern": found.form} if is_index else value


def listings_table(listings: Sequence[Judgement]) -> Table:
    """Return the listings that were discovered, as given."""
    rows = [
        (
            found.kind.value,
            found.form,
            found.n_entries or f"{found.n_more} listings",
            f"{found.newest_at:%F}" if found.newest_at else "",
            found.url,
        )
        for found in listings
    ]
    columns = ["kind", "form or link_pattern", "#entries", "newest", "URL"]
    return console.table("", columns, rows)


def _table(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """Return a table whose first column is whole: ids are there to be copied."""
    built = console.table("", columns, rows)
    built.columns[0].no_wrap = True
    return built
