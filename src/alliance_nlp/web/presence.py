"""Who is where: two people on one story are told, and each starts where they stopped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Account, Presence
from alliance_nlp.store import (
    Connection,
    read_candidate,
    read_presence,
    read_presences,
    save_presence,
)
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.filters import Wanted
from alliance_nlp.web.security import read_form
from alliance_nlp.web.who import current

# The pages ask every 15 seconds; whoever missed three turns has left.
FRESH = timedelta(seconds=45)
MOST_PLACE = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """Where somebody stopped: the story's rank, and the address to go on at."""

    rank: int
    story_id: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresencePages:
    """What the pages' script asks and tells while a page is being looked at."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [Route("/presence", self.look), Route("/presence", self.tell, methods=["POST"])]

    def look(self, request: Request) -> Response:
        """Tell who else is at the desk, and on which story."""
        return JSONResponse({"others": self._others(current(request))})

    async def tell(self, request: Request) -> Response:
        """Keep where somebody is, and tell who else is where."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._tell, current(request), form)

    def _tell(self, account: Account, form: dict[str, str]) -> Response:
        here = Presence(
            account=account.name,
            place=form.get("place", "")[:MOST_PLACE],
            subject=form.get("subject", "")[:MOST_PLACE],
            at=now(),
        )
        with self.desk.database.write() as tx:
            save_presence(tx, here)
        return JSONResponse({"others": self._others(account)})

    def _others(self, account: Account) -> list[dict[str, Any]]:
        with self.desk.database.read() as tx:
            found = read_presences(tx, since=now() - FRESH)
        return [
            {"who": presence.account, "story": presence.subject}
            for presence in found
            if presence.account != account.name and presence.subject
        ]


def read_resume(tx: Connection, account: Account) -> Resume | None:
    """Return where somebody stopped, ``None`` when that is not among the candidates any more."""
    last = read_presence(tx, account.name)
    candidate = read_candidate(tx, last.subject) if last and last.subject else None
    if last is None or candidate is None:
        return None
    anchor = quote(candidate.story_id, safe="")
    place = urlsplit(last.place)
    # Made anew from what the place means, so that a link never leads where we have no page.
    asked = QueryParams(place.query)
    if place.path.startswith("/story/"):
        wanted = Wanted.read(asked).query
        url = f"/story/{anchor}{'?' if wanted else ''}{wanted}"
    else:
        url = f"{Wanted.read(asked).at(rank_of(asked.get('after', '')))}#{anchor}"
    return Resume(rank=candidate.rank, story_id=candidate.story_id, url=url)


def rank_of(text: str) -> int:
    """Return the rank that an address names to go on after; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
