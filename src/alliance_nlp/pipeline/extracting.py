"""Archived pages to articles, the further pages of one article joined to its first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from alliance_nlp.core.types import ArchiveRef, Reason, Rejected, Stage
from alliance_nlp.core.urls import host
from alliance_nlp.extract import VERSION
from alliance_nlp.pipeline.night import Night
from alliance_nlp.pipeline.parts import MOST_PARTS, fetch_parts
from alliance_nlp.pipeline.tasks import Extracted, ExtractJob, extract_pages
from alliance_nlp.pipeline.workers import Broken, Workers
from alliance_nlp.store import (
    Arrival,
    Connection,
    Fetch,
    fetches_to_extract,
    last_good_fetch,
    mark_step,
    read_fetches,
    save_articles,
    save_leads,
    save_problems,
)

# Large enough that handing over costs little, small enough that two workers share a short night.
BATCH = 20

_Result = Extracted | Rejected | Broken


def extract(night: Night, workers: Workers, *, may_fetch: bool = False) -> None:
    """Extract the pages that this extractor's version has not settled.

    ``may_fetch`` lets it ask for further pages of articles that go on over several.
    """
    pages = _Pages(night, may_fetch=may_fetch)
    with night.ledger.timed(Stage.EXTRACT):
        with night.database.read() as tx:
            due = fetches_to_extract(tx, version=VERSION)
        batches = pages.due(workers.batches(due, size=BATCH))
        while True:
            for jobs, results in workers.map(extract_pages, batches):
                pages.save(jobs, results)
                night.report_progress("extract", pages.n_done, len(due))
            again = pages.take_unfinished()
            if not again:
                return
            batches = workers.batches(again, size=BATCH)


def _job(night: Night, fetch: Fetch) -> ExtractJob:
    source = night.source(fetch.source_id)
    return ExtractJob(
        raw=night.workspace.raw,
        archived=fetch.archived,
        lead=fetch.lead,
        zone=source.zone if source else "UTC",
        max_bytes=night.settings.collect.max_bytes,
    )


class _Pages:
    """Saves what comes out, and keeps back what goes on over a further page."""

    def __init__(self, night: Night, *, may_fetch: bool) -> None:
        self._night = night
        self._may_fetch = may_fetch
        self._fetches: dict[ArchiveRef, Fetch] = {}
        self._unfinished: list[ExtractJob] = []
        self._wanted: list[tuple[str, str]] = []
        self._asked: set[str] = set()
        self.n_done = 0

    def due(self, batches: Iterator[Sequence[int]]) -> Iterator[Sequence[ExtractJob]]:
        """Yield the jobs of these fetches, batch by batch."""
        for ids in batches:
            with self._night.database.read() as tx:
                fetches = read_fetches(tx, ids)
            for fetch in fetches:
                self._fetches[fetch.archived] = fetch
                self._night.ledger.enter(Stage.EXTRACT, fetch.url, n_bytes=fetch.n_bytes)
            yield [_job(self._night, fetch) for fetch in fetches]

    def save(self, jobs: Sequence[ExtractJob], results: Sequence[_Result]) -> None:
        """Save a batch's results in one transaction."""
        night = self._night
        with night.database.write() as tx:
            done = [
                (self._fetches.pop(job.archived), result)
                for job, result in zip(jobs, results, strict=True)
                if not self._goes_on(tx, job, result)
            ]
            settled = []
            for (fetch, _), rejected in zip(done, _save(tx, done), strict=True):
                night.ledger.leave(Stage.EXTRACT, fetch.url, rejected)
                settled.append((f"fetch:{fetch.id}", rejected))
            leads = [
                lead for _, result in done if isinstance(result, Extracted) for lead in result.leads
            ]
            save_leads(tx, leads, at=night.at(), state="noted")
            mark_step(tx, "extract", settled, version=VERSION)
            save_problems(tx, night.run_id, night.ledger.take_problems())
        self.n_done += len(settled)

    def _goes_on(self, tx: Connection, job: ExtractJob, result: _Result) -> bool:
        """Tell whether to extract again, with one page more."""
        fetch = self._fetches[job.archived]
        if not isinstance(result, Extracted) or len(job.parts) >= MOST_PARTS:
            return False
        url = result.extraction.next_url
        if not url or host(url) != host(fetch.url):
            return False
        part = last_good_fetch(tx, url)
        if part is not None and part.archived not in (job.archived, *job.parts):
            self._unfinished.append(replace(job, parts=(*job.parts, part.archived)))
            return True
        if part is None and self._may_fetch and url not in self._asked:
            self._asked.add(url)
            self._wanted.append((fetch.source_id, url))
            self._unfinished.append(job)
            return True
        return False

    def take_unfinished(self) -> list[ExtractJob]:
        """Fetch the pages that are wanted and return what is to be extracted again."""
        wanted, self._wanted = self._wanted, []
        if wanted:
            fetch_parts(self._night, wanted)
        unfinished, self._unfinished = self._unfinished, []
        return unfinished


def _save(tx: Connection, done: Sequence[tuple[Fetch, _Result]]) -> list[Rejected | None]:
    """Save the articles among the results; return why each result gave none, if so."""
    arrivals = [_arrival(fetch, result) for fetch, result in done if isinstance(result, Extracted)]
    saved = iter(zip(arrivals, save_articles(tx, arrivals), strict=True))
    rejected: list[Rejected | None] = []
    for fetch, result in done:
        if isinstance(result, Broken):
            rejected.append(_refused(fetch, result.reason, result.detail, failed=True))
        elif isinstance(result, Rejected):
            rejected.append(replace(result, subject_id=fetch.url))
        else:
            arrival, is_new = next(saved)
            same = f"same address and text as article {arrival.article.id}"
            rejected.append(None if is_new else _refused(fetch, Reason.DUPLICATE, same))
    return rejected


def _arrival(fetch: Fetch, extracted: Extracted) -> Arrival:
    article = extracted.extraction.article
    return Arrival(
        article=article,
        fetch_id=fetch.id,
        fetched_at=fetch.fetched_at,
        withdrawn_why="its page says that it is" if "withdrawn" in article.flags else "",
    )


def _refused(fetch: Fetch, reason: Reason, detail: str, *, failed: bool = False) -> Rejected:
    return Rejected(
        stage=Stage.EXTRACT, subject_id=fetch.url, reason=reason, detail=detail, failed=failed
    )
