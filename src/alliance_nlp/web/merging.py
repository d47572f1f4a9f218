"""Merging and splitting stories in the browser, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.errors import InputError
from alliance_nlp.web.deciding import analyst, read_named
from alliance_nlp.web.desk import Desk, wants_json

if TYPE_CHECKING:
    from alliance_nlp.pipeline.story_edits import Edited
    from alliance_nlp.store import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class MergingPages:
    """Where edits of stories arrive; the script is answered in JSON, a form by the list."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/merge", self.merge, methods=["POST"]),
            Route("/story/{story_id}/split", self.split, methods=["POST"]),
            Route("/edits/{edit_id:int}/undo", self.undo, methods=["POST"]),
        ]

    async def merge(self, request: Request) -> Response:
        """Make several stories one."""
        ids = read_named(await request.body(), "story")
        who = analyst(request).name

        def make(database: Database) -> Edited:
            from alliance_nlp.pipeline import story_edits

            return story_edits.merge(database, ids, reviewer=who)

        return await run_in_threadpool(self._make, request, make)

    async def split(self, request: Request) -> Response:
        """Make a story of their own of some articles."""
        ids = read_named(await request.body(), "article")
        story_id = request.path_params["story_id"]
        who = analyst(request).name

        def make(database: Database) -> Edited:
            from alliance_nlp.pipeline import story_edits

            return story_edits.split(database, story_id, ids, reviewer=who)

        return await run_in_threadpool(self._make, request, make)

    async def undo(self, request: Request) -> Response:
        """Take an edit back."""
        edit_id = request.path_params["edit_id"]
        who = analyst(request).name

        def make(database: Database) -> Edited:
            from alliance_nlp.pipeline import story_edits

            return story_edits.undo(database, edit_id, reviewer=who)

        return await run_in_threadpool(self._make, request, make)

    def _make(self, request: Request, make: Callable[[Database], Edited]) -> Response:
        try:
            made = make(self.desk.database)
        except InputError as error:
            raise HTTPException(400, f"{error}.") from error
        stays = request.path_params.get("story_id") or made.stories[0].id
        if wants_json(request):
            return JSONResponse(
                {
                    "edit": made.edit.id,
                    "stories": [story.id for story in made.stories],
                    "emptied": list(made.emptied),
                }
            )
        return RedirectResponse(f"/story/{quote(stays)}", status_code=303)
