"""Sources to archive: what is new is fetched, archived and named in the database, in that order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from alliance_nlp.archive import iter_pages
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import (
    Outcome,
    Page,
    Reason,
    Rejected,
    Role,
    Source,
    SourceKind,
    Stage,
    Visit,
)
from alliance_nlp.core.urls import is_web_url
from alliance_nlp.pipeline.crawl import Crawl
from alliance_nlp.pipeline.keeping import is_unchanged, keep
from alliance_nlp.pipeline.night import Night
from alliance_nlp.pipeline.visiting import Tally, refused
from alliance_nlp.sources import read_folder
from alliance_nlp.sources.polling import Plan, plan
from alliance_nlp.store import read_visits, save_visits

LOCAL = (SourceKind.FOLDER, SourceKind.WARC)


def collect(night: Night) -> None:
    """Collect from every source that is due; what fails is in the ledger, the rest goes on."""
    with night.ledger.timed(Stage.COLLECT):
        tallies = {source.id: Tally(source) for source in night.sources}
        planned = _plan(night)
        try:
            for source in night.sources:
                if source.kind in LOCAL:
                    _take_local(night, source, tallies[source.id])
            Crawl(night, planned.due, tallies).run()
        finally:
            _save_visits(night, planned, tallies)


def _plan(night: Night) -> Plan:
    with night.database.read() as tx:
        visits = read_visits(tx)
    by_source: dict[str, list[Visit]] = {source.id: [] for source in night.sources}
    for visit in visits:
        by_source.setdefault(visit.source_id, []).append(visit)
    network = [source for source in night.sources if source.kind not in LOCAL]
    budget = night.settings.collect.budget_requests or None
    return plan(network, by_source, at=night.at(), budget=budget)


def _save_visits(night: Night, planned: Plan, tallies: dict[str, Tally]) -> None:
    at = night.at()
    passed_over = {
        source.id: (Outcome.RESTING, f"until {u:%F %R}Z") for source, u in planned.resting
    }
    detail = "the night's budget of requests was spent on others; it comes first next time"
    passed_over |= {source.id: (Outcome.PUT_OFF, detail) for source in planned.put_off}
    visits = []
    for source_id, tally in tallies.items():
        visit = tally.visit(run_id=night.run_id, at=at)
        if source_id in passed_over and not tally.n_new:
            outcome, detail = passed_over[source_id]
            visit = replace(visit, outcome=outcome, detail=detail)
        visits.append(visit)
    with night.database.write() as tx:
        save_visits(tx, visits)


def _take_local(night: Night, source: Source, tally: Tally) -> None:
    root = Path(source.url)
    root = root if root.is_absolute() else night.workspace.root / root
    tally.asked()
    for n_done, page in enumerate(_local_pages(night, source, root), start=1):
        subject = page.subject_id if isinstance(page, Rejected) else page.url
        n_bytes = 0 if isinstance(page, Rejected) else len(page.body)
        night.ledger.enter(Stage.COLLECT, subject, n_bytes=n_bytes)
        night.report_progress("collect", n_done)
        tally.received(n_bytes)
        rejected = page if isinstance(page, Rejected) else _take_page(night, page)
        if rejected is None:
            tally.n_new += 1
        elif rejected.failed:
            tally.n_failed += 1
            tally.refused.append(rejected)
        else:
            tally.n_answers += 1
        night.settle(Stage.COLLECT, subject, rejected)


def _take_page(night: Night, page: Page) -> Rejected | None:
    payload = sha256_hex(page.body)
    with night.database.read() as tx:
        is_known = is_unchanged(tx, page, payload)
    if is_known:
        return refused(page.url, Reason.DUPLICATE, "nothing changed since it was archived")
    keep(night, page, lead_key=None)
    return None


def _local_pages(night: Night, source: Source, root: Path) -> Iterator[Page | Rejected]:
    if source.kind is SourceKind.FOLDER:
        yield from read_folder(source, root, at=night.at())
        return
    files = sorted(root.rglob("*.warc*")) if root.is_dir() else sorted(root.parent.glob(root.name))
    if not files:
        detail = f"there is no such archive; mend url of source {source.id!r}"
        yield refused(str(root), Reason.UNREADABLE, detail, failed=True)
    for file in files:
        try:
            for page in iter_pages(file, max_bytes=night.settings.collect.max_bytes):
                if is_web_url(page.url) and page.status == 200 and page.role is Role.ARTICLE:
                    yield replace(page, source_id=source.id, asked_url=page.url)
        except ArchiveError as error:
            yield refused(str(file), Reason.UNREADABLE, str(error), failed=True)
