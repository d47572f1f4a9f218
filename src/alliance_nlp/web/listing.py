"""The candidates page: the ranking narrowed, page by page, and the views of it that people keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Account, Source
from alliance_nlp.store import (
    Connection,
    Facets,
    delete_view,
    facets,
    last_run,
    read_views,
    save_view,
)
from alliance_nlp.web.bars import scale
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.filters import STATES, Wanted, chips, countries
from alliance_nlp.web.presence import rank_of, read_resume
from alliance_nlp.web.reading import StoryRecord, read_one, read_ranked
from alliance_nlp.web.recounting import recounted
from alliance_nlp.web.security import read_form
from alliance_nlp.web.views import card
from alliance_nlp.web.who import current

PAGE = 50
MOST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A filter under a name; ``here`` tells that it is the one being looked at."""

    name: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ListingPages:
    """The list and its saved views."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/", self.candidates),
            Route("/views", self.save, methods=["POST"]),
            Route("/views/delete", self.forget, methods=["POST"]),
        ]

    def candidates(self, request: Request) -> Response:
        """Show the newest ranking."""
        account = current(request)
        wanted = Wanted.read(request.query_params)
        after = rank_of(request.query_params.get("after", "0"))
        sources = self.desk.sources()
        with self.desk.database.read() as tx:
            known = self.desk.log.decided(tx)
            records, page = read_ranked(
                tx,
                wanted.narrowed(sources),
                after=after,
                n=PAGE,
                standing=known.verdicts,
                retopiced=known.topics,
            )
            found = recounted(tx, facets(tx), known.topics)
            run = last_run(tx)
            views = _views(tx, account, wanted)
            decided = _just_decided(tx, request)
            resume = read_resume(tx, account) if not (wanted.query or after or decided) else None
        within = scale([r.candidate for r in records if r.candidate])
        cards = [card(record, sources, within, reviewer=account.name) for record in records]
        if resume and cards and resume.story_id == cards[0].id:
            resume = None  # that is where the page starts anyway
        return self.desk.page(
            request,
            "candidates.html.j2",
            cards=cards,
            page=page,
            after=after,
            run=run,
            decided=decided,
            resume=resume,
            views=views,
            most_name=MOST_NAME,
            **_filter_values(wanted, sources, found),
        )

    async def save(self, request: Request) -> Response:
        """Keep the filter of the list under a name."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._save, current(request), form)

    def _save(self, account: Account, form: Mapping[str, str]) -> Response:
        wanted = Wanted.read(QueryParams(form.get("list", "")))
        name = one_line(form.get("name", ""))
        if not name or len(name) > MOST_NAME:
            raise HTTPException(400, f"Give the view a name of 1 to {MOST_NAME} characters.")
        with self.desk.database.write() as tx:
            save_view(tx, account.name, name, query=wanted.query)
        return RedirectResponse(wanted.at(), status_code=303)

    async def forget(self, request: Request) -> Response:
        """Forget a kept filter."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._forget, current(request), form)

    def _forget(self, account: Account, form: Mapping[str, str]) -> Response:
        with self.desk.database.write() as tx:
            delete_view(tx, account.name, form.get("name", ""))
        return RedirectResponse(
            Wanted.read(QueryParams(form.get("list", ""))).at(), status_code=303
        )


def _views(tx: Connection, account: Account, wanted: Wanted) -> list[SavedView]:
    return [
        SavedView(name=name, url=kept.at(), here=kept == wanted)
        for name, query in read_views(tx, account.name)
        for kept in [Wanted.read(QueryParams(query))]
    ]


def _filter_values(wanted: Wanted, sources: Mapping[str, Source], found: Facets) -> dict[str, Any]:
    """Return what the filter's form shows; what is chosen stays on offer."""
    names = {entity.id: entity.surface for entity in found.entities}
    entities = [(e.id, e.surface, e.n_stories) for e in found.entities]
    if wanted.entity and wanted.entity not in names:
        entities.insert(0, (wanted.entity, wanted.entity, 0))
    listed = dict(found.sources)
    listed |= {source_id: 0 for source_id in wanted.source if source_id not in listed}
    return {
        "wanted": wanted,
        "chips": chips(wanted, sources=sources, entities=names),
        "states": STATES,
        "topics": [(label, label.replace("-", " "), n) for label, n in found.topics],
        "novelties": [(novelty, novelty.value, n) for novelty, n in found.novelty],
        "listed": [(i, sources[i].name if i in sources else i, n) for i, n in listed.items()],
        "countries": countries(sources.values()),
        "entities": entities,
    }


def _just_decided(tx: Connection, request: Request) -> StoryRecord | None:
    story_id = request.query_params.get("decided")
    record = read_one(tx, story_id) if story_id else None
    return record if record and record.decisions else None
