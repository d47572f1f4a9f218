"""The network's part of one night: listings, what they lead to, and what waited since before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from http import HTTPStatus

from alliance_nlp.archive import decoded
from alliance_nlp.collect import Arrived, Fetch, Fetcher, Finished
from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.types import Lead, Page, Reason, Rejected, Role, Source, Stage
from alliance_nlp.core.urls import host_and_port, is_web_url
from alliance_nlp.pipeline.keeping import keep, keep_validators
from alliance_nlp.pipeline.listed import MOST_URLS, named_leads
from alliance_nlp.pipeline.night import Night
from alliance_nlp.pipeline.rechecks import is_due, says_changed
from alliance_nlp.pipeline.visiting import Hops, Tally, refused
from alliance_nlp.sources import Listing, freshness, read_listing
from alliance_nlp.store import (
    Connection,
    KnownLead,
    known_leads,
    mark_withdrawn,
    note_update,
    pending_leads,
    read_validators,
    recent_leads,
    save_leads,
    settle_lead,
    urls_of_lead,
)

# A sitemap index may name further indexes; the protocol allows it, loops do it for ever.
MOST_DEPTH = 3
# What a server says of a page that will not come back.
GONE = frozenset({HTTPStatus.NOT_FOUND, HTTPStatus.GONE, HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS})
_UNCHANGED = "nothing changed since it was archived"
# New articles go before those that we have already.
_RECHECK_PRIORITY = -5


class Crawl:
    """The fetching of one night.

    Parameters
    ----------
    due
        The network sources to visit, the most important first.
    tallies
        By source id, of every source of the workspace: what waits from nights before may be of
        one that is not due.
    """

    def __init__(self, night: Night, due: Sequence[Source], tallies: Mapping[str, Tally]) -> None:
        self._night = night
        self._due = due
        self._tallies = tallies
        self._listings: dict[str, tuple[Source, int]] = {}
        self._leads: dict[str, Lead] = {}
        self._rechecks: set[str] = set()
        self._taken: dict[str, int] = {}
        self._last: dict[str, Page] = {}
        self._repeats: dict[str, bool] = {}
        self._hops: dict[str, Hops] = {}
        self._n_done = 0

    def run(self) -> None:
        """Fetch listings, then what they lead to, then whatever waited from nights before."""
        night = self._night
        with night.database.read() as tx:
            waiting = pending_leads(tx, most_tries=night.settings.collect.nights_per_lead)
            recent = self._recent(tx)
        with Fetcher(night.settings.politeness(), at=night.fixed_at) as fetcher:
            self._fetcher = fetcher
            for place, source in enumerate(self._due):
                self._ask_listing(source, source.url, depth=1, priority=len(self._due) - place)
            for key, lead in waiting.items():
                self._ask_article(key, lead)
            for key, known in recent.items():
                self._ask_article(key, known.lead, is_recheck=True)
            for event in fetcher.events():
                if isinstance(event, Arrived):
                    self._arrived(event)
                else:
                    self._finished(event)

    def _recent(self, tx: Connection) -> dict[str, KnownLead]:
        """Return the articles to look at again, whatever their listings say."""
        days, at = self._night.settings.collect.recheck_days, self._night.at()
        floor = self._night.settings.fold.min_relevance
        due = {source.id for source in self._due}
        recent = recent_leads(tx, since=at - timedelta(days=days), min_relevance=floor)
        return {
            key: known
            for key, known in recent.items()
            if known.lead.source_id in due and is_due(known, at=at, days=days)
        }

    def _ask_listing(self, source: Source, url: str, *, depth: int, priority: int = 0) -> None:
        key = f"listing {source.id} {url}"
        if key not in self._listings:
            self._listings[key] = (source, depth)
            self._submit(key, url, source_id=source.id, role=Role.LISTING, priority=priority)

    def _ask_article(self, key: str, lead: Lead, *, is_recheck: bool = False) -> None:
        taken = self._taken.get(lead.source_id, 0)
        if key in self._leads or taken >= self._night.settings.collect.max_articles_per_source:
            return  # it stays pending in the database; the next run takes it
        self._leads[key] = lead
        self._taken[lead.source_id] = taken + 1
        if is_recheck:
            self._rechecks.add(key)
        priority = _RECHECK_PRIORITY if is_recheck else 0
        self._submit(key, lead.url, source_id=lead.source_id, role=Role.ARTICLE, priority=priority)

    def _submit(self, key: str, url: str, *, source_id: str, role: Role, priority: int) -> None:
        self._night.ledger.enter(Stage.COLLECT, key)
        if tally := self._tallies.get(source_id):
            tally.asked()
        source = self._night.source(source_id)
        is_known = role is Role.LISTING or key in self._rechecks
        etag, last_modified = self._validators(url) if is_known else ("", "")
        self._fetcher.submit(
            Fetch(
                key=key,
                url=url,
                source_id=source_id,
                role=role,
                etag=etag,
                last_modified=last_modified,
                home=host_and_port(source.url) if source and is_web_url(source.url) else "",
                priority=priority,
            )
        )

    def _validators(self, url: str) -> tuple[str, str]:
        with self._night.database.read() as tx:
            return read_validators(tx, [url]).get(url, ("", ""))

    def _arrived(self, event: Arrived) -> None:
        key, page = event.key, event.page
        is_lead = key in self._leads
        # Only the good end of a request settles its lead: a redirect on the way does not.
        settles = is_lead and 200 <= page.status < 300
        is_repeat = keep(self._night, page, lead_key=key if settles else None)
        self._night.ledger.weigh(Stage.COLLECT, len(page.body))
        if tally := self._tallies.get(page.source_id):
            tally.received(len(page.body))
        if key:
            self._last[key] = page
            self._repeats[key] = is_repeat
            self._hops.setdefault(key, Hops()).add(page.status)

    def _finished(self, event: Finished) -> None:
        key, page = event.key, self._last.pop(event.key, None)
        if key in self._leads:
            rejected = self._finish_article(key, event.rejected, page)
        else:
            rejected = self._finish_listing(key, event.rejected, page)
        self._night.settle(Stage.COLLECT, key, rejected)
        self._n_done += 1
        total = len(self._listings) + len(self._leads)
        self._night.report_progress("collect", self._n_done, total)

    def _finish_article(
        self, key: str, rejected: Rejected | None, page: Page | None
    ) -> Rejected | None:
        if key in self._rechecks:
            return self._finish_recheck(key, rejected, page)
        tally = self._tallies.get(self._leads[key].source_id)
        if rejected is None:
            if tally is not None:
                tally.n_new += 1
            return None
        if tally is not None and rejected.failed:
            tally.n_failed += 1
        is_final = not rejected.failed or (page is not None and page.status in GONE)
        if rejected.reason is not Reason.PUT_OFF:  # what was not tried has not failed either
            self._settle_lead(key, "refused" if is_final else "pending")
        return rejected

    def _finish_recheck(
        self, key: str, rejected: Rejected | None, page: Page | None
    ) -> Rejected | None:
        if rejected is None and page is not None and 200 <= page.status < 300:
            return refused(key, Reason.DUPLICATE, _UNCHANGED) if self._repeats[key] else None
        self._settle_lead(key, "fetched")
        if rejected is None:
            return refused(key, Reason.DUPLICATE, _UNCHANGED)
        if page is None or page.status not in GONE:
            return rejected
        why = f"its address answers with status {page.status}"
        with self._night.database.write() as tx:
            for url in urls_of_lead(tx, key):
                mark_withdrawn(tx, url, at=page.fetched_at, why=why)
        return refused(key, Reason.WITHDRAWN, why)

    def _settle_lead(self, key: str, state: str) -> None:
        with self._night.database.write() as tx:
            settle_lead(tx, key, state=state, at=self._night.at())

    def _finish_listing(
        self, key: str, rejected: Rejected | None, page: Page | None
    ) -> Rejected | None:
        source, depth = self._listings[key]
        tally = self._tallies[source.id]
        if rejected is None and page is not None:
            if depth == 1 and page.asked_url == source.url:
                tally.moved_to = self._hops[key].moved_to(page.url)
            rejected = self._read(key, page)
        if rejected is not None:
            tally.refused.append(rejected)
        return rejected

    def _read(self, key: str, page: Page) -> Rejected | None:
        source, depth = self._listings[key]
        tally = self._tallies[source.id]
        if page.status == HTTPStatus.NOT_MODIFIED:
            tally.listed(0, None)
            return None
        try:
            page = decoded(page, max_bytes=self._night.settings.collect.max_bytes)
        except ArchiveError as error:
            return refused(page.asked_url, Reason.TOO_LARGE, str(error), failed=True)
        listing = read_listing(source, page)
        if isinstance(listing, Rejected):
            return listing
        tally.warnings += listing.warnings
        newest_at = freshness(listing, zone=source.zone, at=self._night.at())
        room = max(0, MOST_URLS - tally.n_listed)
        tally.listed(len(listing.leads), newest_at)
        self._follow(source, page, listing, depth=depth, room=room)
        return None

    def _follow(
        self, source: Source, page: Page, listing: Listing, *, depth: int, room: int
    ) -> None:
        night = self._night
        named = named_leads(source, listing, room=room)
        with night.database.write() as tx:
            fresh = set(save_leads(tx, named.items(), at=night.at()))
            known = known_leads(tx, [key for key in named if key not in fresh])
            changed = [k for k in known if says_changed(known[k], named[k], at=night.at())]
            for key in known:
                if named[key].updated:
                    note_update(tx, key, updated=named[key].updated)
            # Together with the leads: a validator without them would hide them for ever.
            keep_validators(tx, page)
        for key in named:
            if key in fresh:
                self._ask_article(key, named[key])
        if night.settings.collect.recheck_days > 0:
            for key in changed:
                self._ask_article(key, known[key].lead, is_recheck=True)
        if depth < MOST_DEPTH and room:
            for url in listing.more:
                self._ask_listing(source, url, depth=depth + 1)
