"""Everything again from the archive alone, run by run, as it was the first time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from http import HTTPStatus
from itertools import islice
from typing import Any

from alliance_nlp.archive import (
    ArchivedRun,
    ReplayedNote,
    ReplayedPage,
    archive_files,
    archived_runs,
    decoded,
    repair_alone,
    replay,
)
from alliance_nlp.config import Settings
from alliance_nlp.core.errors import AllianceError, ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import Page, Rejected, Role
from alliance_nlp.core.urls import is_web_url, url_key
from alliance_nlp.pipeline.assigning import lost_articles, settle_edits
from alliance_nlp.pipeline.collecting import LOCAL
from alliance_nlp.pipeline.crawl import GONE
from alliance_nlp.pipeline.keeping import keep_validators, known_payload, repeated
from alliance_nlp.pipeline.listed import named_leads
from alliance_nlp.pipeline.night import Night, rebuild_night
from alliance_nlp.pipeline.processing import process
from alliance_nlp.pipeline.progress import SILENT, Watch
from alliance_nlp.pipeline.ranking import fold_and_rank
from alliance_nlp.pipeline.repairing import settle_archive
from alliance_nlp.pipeline.report import Report
from alliance_nlp.pipeline.telling import tell
from alliance_nlp.sources import read_listing
from alliance_nlp.store import (
    Connection,
    commit_archive,
    forget_derived,
    lead_state,
    mark_withdrawn,
    note_update,
    save_fetch,
    save_leads,
    settle_lead,
    urls_of_lead,
)
from alliance_nlp.workspace import Workspace

_PAGES = 100


def rebuild(
    workspace: Workspace,
    settings: Settings,
    *,
    load_model: Callable[[], tuple[Any, str]],
    watch: Watch = SILENT,
) -> Report:
    """Make fetches, articles, stories and candidates again from ``data/raw``; no network.

    Decisions, edits of stories and issues stay; each run sees the edits that it saw the first time.
    It may be broken off; then nothing else runs until it has been run
    to its end.

    Raises
    ------
    ArchiveError
        If the archive is damaged.
    """
    with rebuild_night(workspace, settings, load_model=load_model, watch=watch) as night:
        _cut_torn_ends(night)
        with night.database.write() as tx:
            forget_derived(tx)
        n_edits = 0
        for run in archived_runs(workspace.raw):
            n_edits = _replay_run(night, run, n_edits)
        with night.database.write() as tx:
            settle_edits(tx, after=n_edits)
            night.notes.extend(lost_articles(tx))
    return tell(workspace, settings, notes=night.notes)


def _cut_torn_ends(night: Night) -> None:
    """Cut off what killed runs left, before anything is forgotten."""
    raw = night.workspace.raw
    # Refused where the archive knows more than the database, which is what a rebuild is for.
    with suppress(ArchiveError), night.database.read() as tx:
        settle_archive(raw, tx)
    for path in archive_files(raw):
        n_cut = repair_alone(path)
        if n_cut:
            night.notes.append(f"cut {n_cut} bytes of a torn end off {path.relative_to(raw)}")


def _replay_run(night: Night, run: ArchivedRun, n_edits: int) -> int:
    """Make a run again after so many edits of stories; return how many it saw."""
    of_run = replace(night, run_id=run.number or night.run_id)
    ranked_at, last_edit = "", n_edits
    n_done = 0
    for items in _batches(replay(night.workspace.raw, run.files)):
        with night.database.write() as tx:
            for item in items:
                if isinstance(item, ReplayedNote):
                    commit_archive(tx, item.archived)
                    ranked_at = item.note.get("ranked-at", "")
                    last_edit = int(item.note.get("story-edits") or n_edits)
                else:
                    _replay_page(of_run, tx, item)
        n_done += len(items)
        night.report_progress(f"archive, run {run.number}", n_done)
    process(of_run)
    if ranked_at:
        with night.database.write() as tx:
            n_edits = settle_edits(tx, after=n_edits, last=max(last_edit, n_edits))
        of_run = replace(of_run, last_edit=n_edits)
        fold_and_rank(of_run, until=datetime.fromisoformat(ranked_at))
    return n_edits


def _batches(
    items: Iterable[ReplayedPage | ReplayedNote],
) -> Iterator[list[ReplayedPage | ReplayedNote]]:
    left = iter(items)
    while batch := list(islice(left, _PAGES)):
        yield batch


def _replay_page(night: Night, tx: Connection, item: ReplayedPage) -> None:
    page = item.page
    payload = sha256_hex(page.body)
    known = known_payload(tx, page, payload)
    key = _lead_key(night, tx, page)
    is_good = 200 <= page.status < 300
    save_fetch(
        tx,
        page,
        item.archived,
        run_id=night.run_id,
        payload_sha256=payload,
        lead_key=key if is_good else None,
        repeats_id=repeated(tx, page, payload, known=known),
    )
    if key is not None and is_good:
        keep_validators(tx, page)
    elif key is not None:
        _replay_refusal(tx, key, page)
    if page.role is Role.LISTING and is_good:
        _replay_listing(night, tx, page)


def _lead_key(night: Night, tx: Connection, page: Page) -> str | None:
    """Return the lead that the page was fetched for, if it was fetched for one."""
    source = night.source(page.source_id)
    is_local = source is not None and source.kind in LOCAL
    if page.role is not Role.ARTICLE or is_local or not is_web_url(page.asked_url):
        return None
    key = url_key(page.asked_url)
    return key if lead_state(tx, key) not in ("", "noted") else None


def _replay_refusal(tx: Connection, key: str, page: Page) -> None:
    was_fetched = lead_state(tx, key) == "fetched"
    if page.status == HTTPStatus.NOT_MODIFIED or was_fetched:
        settle_lead(tx, key, state="fetched", at=page.fetched_at)
    elif page.status in GONE:
        settle_lead(tx, key, state="refused", at=page.fetched_at)
    elif page.status >= HTTPStatus.BAD_REQUEST:
        settle_lead(tx, key, state="pending", at=page.fetched_at)
    if was_fetched and page.status in GONE:
        why = f"its address answers with status {page.status}"
        for url in urls_of_lead(tx, key):
            mark_withdrawn(tx, url, at=page.fetched_at, why=why)


def _replay_listing(night: Night, tx: Connection, page: Page) -> None:
    source = night.source(page.source_id)
    if source is None:
        return
    try:
        page = decoded(page, max_bytes=night.settings.collect.max_bytes)
    except AllianceError:
        return
    listing = read_listing(source, page)
    if isinstance(listing, Rejected):
        return
    named = named_leads(source, listing)
    fresh = set(save_leads(tx, named.items(), at=page.fetched_at))
    for key, lead in named.items():
        if key not in fresh and lead.updated:
            note_update(tx, key, updated=lead.updated)
    keep_validators(tx, page)
