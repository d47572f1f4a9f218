"""The sources' health, from what their visits came to."""

from __future__ import annotations

from datetime import datetime

from alliance_nlp.config import Settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Source, Visit
from alliance_nlp.pipeline.night import open_database
from alliance_nlp.sources import Health, judge_health
from alliance_nlp.store import read_visits
from alliance_nlp.workspace import Workspace


def read_health(workspace: Workspace, settings: Settings) -> list[Health]:
    """Return every source's health at present, in the order of the configuration."""
    with open_database(workspace, settings) as database, database.read() as tx:
        visits = read_visits(tx)
    return judge_all(settings.read_sources(), visits, at=now())


def judge_all(sources: tuple[Source, ...], visits: list[Visit], *, at: datetime) -> list[Health]:
    """Judge sources by the visits of them all, oldest first."""
    by_source: dict[str, list[Visit]] = {source.id: [] for source in sources}
    for visit in visits:
        if visit.source_id in by_source:
            by_source[visit.source_id].append(visit)
    return [judge_health(source, by_source[source.id], at=at) for source in sources]


def read_visits_of(workspace: Workspace, settings: Settings, source_id: str) -> list[Visit]:
    """Return the visits to one source, oldest first."""
    with open_database(workspace, settings) as database, database.read() as tx:
        return [visit for visit in read_visits(tx) if visit.source_id == source_id]
