"""Sources to archive: what is new is fetched, archived and named in the database, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from alliance_nlp.archive import decoded, iter_pages
from alliance_nlp.collect import Arrived, Fetch, Fetcher, Finished
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import (
    Lead,
    Page,
    Reason,
    Rejected,
    Role,
    Source,
    SourceKind,
    Stage,
)
from alliance_nlp.core.urls import is_web_url, url_key
from alliance_nlp.pipeline.night import Night
from alliance_nlp.sources import Listing, read_folder, read_listing
from alliance_nlp.store import (
    payload_seen,
    pending_leads,
    read_validators,
    save_fetch,
    save_leads,
    save_problems,
    save_validators,
    settle_lead,
)

# A sitemap index may name further indexes; the protocol allows it, loops do it for ever.
MOST_DEPTH = 3
# What a server says of a page that will not come back.
_GONE = re.compile(r"\bstatus (?:404|410|451)$")


def collect(night: Night) -> None:
    """Collect from every source; what fails is in the ledger, the rest goes on."""
    with night.ledger.timed(Stage.COLLECT):
        for source in night.sources:
            if source.kind in (SourceKind.FOLDER, SourceKind.WARC):
                _take_local(night, source)
        _Crawl(night).run()


def _take_local(night: Night, source: Source) -> None:
    root = Path(source.url)
    root = root if root.is_absolute() else night.workspace.root / root
    for n_done, page in enumerate(_local_pages(night, source, root), start=1):
        subject = page.subject_id if isinstance(page, Rejected) else page.url
        night.ledger.enter(Stage.COLLECT, subject)
        night.report_progress("collect", n_done)
        if isinstance(page, Rejected):
            _settle(night, subject, page)
            continue
        payload = sha256_hex(page.body)
        with night.database.read() as tx:
            is_known = payload_seen(tx, url=page.asked_url, payload_sha256=payload)
        if is_known:
            detail = "nothing changed since it was archived"
            _settle(night, subject, _rejected(subject, Reason.DUPLICATE, detail))
            continue
        _keep(night, page, lead_key=None)
        _settle(night, subject, None)


def _local_pages(night: Night, source: Source, root: Path) -> Iterator[Page | Rejected]:
    if source.kind is SourceKind.FOLDER:
        yield from read_folder(source, root, at=night.at())
        return
    files = sorted(root.rglob("*.warc*")) if root.is_dir() else sorted(root.parent.glob(root.name))
    if not files:
        detail = f"there is no such archive; mend url of source {source.id!r}"
        yield _rejected(str(root), Reason.UNREADABLE, detail, failed=True)
    for file in files:
        try:
            for page in iter_pages(file):
                if is_web_url(page.url) and page.status == 200 and page.role is Role.ARTICLE:
                    yield _from_archive(page, source)
        except ArchiveError as error:
            yield _rejected(str(file), Reason.UNREADABLE, str(error), failed=True)


def _from_archive(page: Page, source: Source) -> Page:
    return Page(
        source_id=source.id,
        role=Role.ARTICLE,
        asked_url=page.url,
        url=page.url,
        status=page.status,
        headers=page.headers,
        body=page.body,
        fetched_at=page.fetched_at,
    )


def _rejected(subject: str, reason: Reason, detail: str, *, failed: bool = False) -> Rejected:
    return Rejected(
        stage=Stage.COLLECT, subject_id=subject, reason=reason, detail=detail, failed=failed
    )


def _keep(night: Night, page: Page, *, lead_key: str | None) -> None:
    archived = night.archive.append(page)
    with night.database.write() as tx:
        save_fetch(
            tx,
            page,
            archived,
            run_id=night.run_id,
            payload_sha256=sha256_hex(page.body),
            lead_key=lead_key,
        )


def _settle(night: Night, subject: str, rejected: Rejected | None) -> None:
    night.ledger.leave(Stage.COLLECT, subject, rejected)
    problems = night.ledger.take_problems()
    if problems:
        with night.database.write() as tx:
            save_problems(tx, night.run_id, problems)


class _Crawl:
    """The network's part of one night."""

    def __init__(self, night: Night) -> None:
        self._night = night
        self._listings: dict[str, tuple[Source, int]] = {}
        self._leads: dict[str, Lead] = {}
        self._taken: dict[str, int] = {}
        self._last: dict[str, Page] = {}
        self._n_done = 0

    def run(self) -> None:
        """Fetch listings, then what they lead to, then whatever waited from nights before."""
        night = self._night
        with night.database.read() as tx:
            self._validators = read_validators(tx)
            waiting = pending_leads(tx, most_tries=night.settings.collect.nights_per_lead)
        with Fetcher(night.settings.politeness(), at=night.fixed_at) as fetcher:
            self._fetcher = fetcher
            for source in night.sources:
                if source.kind in (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.INDEX):
                    self._ask_listing(source, source.url, depth=1)
            for key, lead in waiting.items():
                self._ask_article(key, lead)
            for event in fetcher.events():
                if isinstance(event, Arrived):
                    self._arrived(event)
                else:
                    self._finished(event)

    def _ask_listing(self, source: Source, url: str, *, depth: int) -> None:
        key = f"listing {source.id} {url}"
        if key in self._listings:
            return
        self._listings[key] = (source, depth)
        self._night.ledger.enter(Stage.COLLECT, key)
        etag, last_modified = self._validators.get(url, ("", ""))
        self._fetcher.submit(
            Fetch(
                key=key,
                url=url,
                source_id=source.id,
                role=Role.LISTING,
                etag=etag,
                last_modified=last_modified,
            )
        )

    def _ask_article(self, key: str, lead: Lead) -> None:
        taken = self._taken.get(lead.source_id, 0)
        if key in self._leads or taken >= self._night.settings.collect.max_articles_per_source:
            return  # it stays pending in the database; the next run takes it
        self._leads[key] = lead
        self._taken[lead.source_id] = taken + 1
        self._night.ledger.enter(Stage.COLLECT, key)
        self._fetcher.submit(
            Fetch(key=key, url=lead.url, source_id=lead.source_id, role=Role.ARTICLE)
        )

    def _arrived(self, event: Arrived) -> None:
        is_lead = event.key in self._leads
        # Only the good end of a request settles its lead: a redirect on the way does not.
        settles = is_lead and 200 <= event.page.status < 300
        _keep(self._night, event.page, lead_key=event.key if settles else None)
        if event.key:
            self._last[event.key] = event.page

    def _finished(self, event: Finished) -> None:
        key, page = event.key, self._last.pop(event.key, None)
        if key in self._leads:
            if event.rejected is not None:
                self._put_off(key, event.rejected)
            _settle(self._night, key, event.rejected)
        else:
            _settle(self._night, key, event.rejected or self._read(key, page))
        self._n_done += 1
        total = len(self._listings) + len(self._leads)
        self._night.report_progress("collect", self._n_done, total)

    def _put_off(self, key: str, rejected: Rejected) -> None:
        is_final = not rejected.failed or bool(_GONE.search(rejected.detail))
        with self._night.database.write() as tx:
            settle_lead(tx, key, state="refused" if is_final else "pending")

    def _read(self, key: str, page: Page | None) -> Rejected | None:
        if page is None or page.status == 304:
            return None
        source, depth = self._listings[key]
        try:
            page = decoded(page, max_bytes=self._night.settings.collect.max_bytes)
        except ArchiveError as error:
            return _rejected(page.asked_url, Reason.TOO_LARGE, str(error), failed=True)
        listing = read_listing(source, page)
        if isinstance(listing, Rejected):
            return listing
        self._follow(source, page, listing, depth=depth)
        return None

    def _follow(self, source: Source, page: Page, listing: Listing, *, depth: int) -> None:
        leads = [(url_key(lead.url), lead) for lead in listing.leads]
        with self._night.database.write() as tx:
            fresh = save_leads(tx, leads, at=self._night.at())
            # Together with the leads: a validator without them would hide them for ever.
            save_validators(
                tx,
                page.asked_url,
                etag=page.header("ETag"),
                last_modified=page.header("Last-Modified"),
            )
        named = dict(reversed(leads))  # of two spellings of one address, the first counts
        for key in fresh:
            self._ask_article(key, named[key])
        if depth < MOST_DEPTH:
            for url in listing.more:
                self._ask_listing(source, url, depth=depth + 1)
