"""What a backfill found into a workspace: archive and store, each article once."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from alliance_nlp.archive import read_archived
from alliance_nlp.core.ids import sha256_hex, slug
from alliance_nlp.core.types import (
    Article,
    Dated,
    Label,
    Mention,
    Page,
    Reason,
    Rejected,
    Relevance,
    Role,
    Stage,
    Topic,
    TopicLabel,
)
from alliance_nlp.core.urls import host
from alliance_nlp.extract import VERSION
from alliance_nlp.pipeline.backfilling.results import done_tasks, read_articles
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask
from alliance_nlp.pipeline.keeping import is_unchanged, keep
from alliance_nlp.pipeline.night import Night
from alliance_nlp.store import (
    Fetch,
    last_good_fetch,
    mark_step,
    save_article,
    save_mentions,
    save_problems,
    save_topics,
)
from alliance_nlp.tag import tagger_version

_BATCH = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many articles were put into the store, and how many were there already."""

    n_new: int
    n_known: int


def load_results(night: Night, tasks: Sequence[BackfillTask], *, output: Path) -> Loaded:
    """Archive the pages of a backfill's articles and save what the chain said of them.

    A second load changes nothing. The results are not worked out again, so a nightly of the same
    versions has nothing left to do.

    Raises
    ------
    ArchiveError
        If a page is no longer where it was found.
    """
    tagger = tagger_version(night.workspace.knowledge_base)
    homes = {host(source.url): source.id for source in night.sources if host(source.url)}
    n_new, n_done = 0, 0
    n_all = sum(one.n_articles for one in done_tasks(output, tasks))
    with night.ledger.timed(Stage.EXTRACT):
        for rows in _batches(read_articles(output, done_tasks(output, tasks))):
            for row in rows:
                n_new += _load(night, row, homes, tagger=tagger)
            n_done += len(rows)
            night.report_progress("load", n_done, n_all)
    return Loaded(n_new=n_new, n_known=n_done - n_new)


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while batch := list(islice(left, _BATCH)):
        yield batch


def _load(night: Night, row: Mapping[str, Any], homes: Mapping[str, str], *, tagger: str) -> bool:
    """Archive and save one article; tell whether it was new."""
    fetch = _kept(night, row, homes)
    night.ledger.enter(Stage.EXTRACT, fetch.url, n_bytes=fetch.n_bytes)
    article = replace(_article(row), source_id=fetch.source_id, archived=fetch.archived)
    with night.database.write() as tx:
        is_new = save_article(tx, article, fetch_id=fetch.id, fetched_at=fetch.fetched_at)
        rejected = None if is_new else _known(fetch, article)
        night.ledger.leave(Stage.EXTRACT, fetch.url, rejected)
        mark_step(tx, "extract", [(f"fetch:{fetch.id}", rejected)], version=VERSION)
        if is_new:
            topics, relevance = _topics(row)
            save_mentions(tx, [article.id], _mentions(row))
            save_topics(tx, [article.id], topics=topics, bearing=[relevance])
            mark_step(tx, Stage.TAG.value, [(article.id, None)], version=tagger)
            mark_step(tx, Stage.CLASSIFY.value, [(article.id, None)], version=row["model_id"])
        save_problems(tx, night.run_id, night.ledger.take_problems())
    return is_new


def _kept(night: Night, row: Mapping[str, Any], homes: Mapping[str, str]) -> Fetch:
    """Return the fetch of an article's page, archived now if it was not."""
    page = read_archived(row["warc"], row["offset"])
    source_id = page.source_id or homes.get(host(page.url)) or slug(host(page.url))
    page = replace(page, source_id=source_id, asked_url=page.url, role=Role.ARTICLE)
    if not _is_kept(night, page):
        keep(night, page, lead_key=None)
    with night.database.read() as tx:
        fetch = last_good_fetch(tx, page.asked_url)
    assert fetch is not None  # it was kept
    return fetch


def _is_kept(night: Night, page: Page) -> bool:
    with night.database.read() as tx:
        return is_unchanged(tx, page, sha256_hex(page.body))


def _known(fetch: Fetch, article: Article) -> Rejected:
    return Rejected(
        stage=Stage.EXTRACT,
        subject_id=fetch.url,
        reason=Reason.DUPLICATE,
        detail=f"same address and text as article {article.id}",
    )


def _article(row: Mapping[str, Any]) -> Article:
    return Article(
        id=row["id"],
        source_id=row["source_id"],
        url=row["url"],
        title=row["title"],
        text=row["text"],
        authors=tuple(row["authors"]),
        published=_dated(row["published"]),
        language=row["language"],
        outlet=row["outlet"],
        link=row["link"],
        flags=tuple(row["flags"]),
    )


def _dated(text: str) -> Dated | None:
    if not text:
        return None
    data = json.loads(text)
    local_on = data["local_on"]
    return Dated(
        at=datetime.fromisoformat(data["at"]),
        precision=data["precision"],
        found=data["found"],
        where=data["where"],
        local_on=date.fromisoformat(local_on) if local_on else None,
    )


def _mentions(row: Mapping[str, Any]) -> list[Mention]:
    return [
        Mention(
            article_id=row["id"],
            start=found["start"],
            end=found["end"],
            label=Label(found["label"]),
            entity_id=found["entity_id"],
            how=found["how"],
        )
        for found in row["mentions"]
    ]


def _topics(row: Mapping[str, Any]) -> tuple[list[Topic], Relevance]:
    topics = [
        Topic(
            article_id=row["id"],
            label=TopicLabel(found["label"]),
            score=found["score"],
            holds=found["holds"],
            model_id=row["model_id"],
        )
        for found in row["topics"]
    ]
    relevance = Relevance(
        article_id=row["id"], score=row["relevance"], relevant=True, model_id=row["model_id"]
    )
    return topics, relevance
