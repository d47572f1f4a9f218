"""Merging and splitting stories in the browser, and taking it back.

As decisions do, they come again when their answer was lost. The key of the script's request tells
that while the server runs, and the edit that stands tells it ever after.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import EditKind, StoryEdit
from alliance_nlp.store import read_stories, read_story_edits
from alliance_nlp.web.deciding import MOST_KEYS, analyst, read_made, read_named
from alliance_nlp.web.desk import Desk, wants_json
from alliance_nlp.web.security import read_form

if TYPE_CHECKING:
    from alliance_nlp.pipeline.story_edits import Edited
    from alliance_nlp.store import Database

Answer: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An edit that is asked for: how to make it, and how to know it when it was made."""

    make: Callable[[Database], Edited]
    is_made_by: Callable[[StoryEdit], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class MergingPages:
    """Where edits of stories arrive; the script is answered in JSON, a form by the story.

    ``kept`` holds what was answered lately, by who asked and the key of the request.
    """

    desk: Desk
    kept: dict[tuple[str, str], Answer] = field(default_factory=dict)
    # One that is asked for again waits until the first asking is done.
    lock: threading.Lock = field(default_factory=threading.Lock)

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/merge", self.merge, methods=["POST"]),
            Route("/story/{story_id}/split", self.split, methods=["POST"]),
            Route("/edits/{edit_id:int}/undo", self.undo, methods=["POST"]),
        ]

    async def merge(self, request: Request) -> Response:
        """Make several stories one."""
        body = await request.body()
        ids = list(dict.fromkeys(read_named(body, "story")))
        who = analyst(request).name

        def make(database: Database) -> Edited:
            from alliance_nlp.pipeline import story_edits

            return story_edits.merge(database, ids, reviewer=who)

        def is_made_by(edit: StoryEdit) -> bool:
            return (
                edit.kind is EditKind.MERGE
                and {i for _, i in edit.moved} == set(ids[:1])
                and {i for _, i in edit.before} == set(ids[1:])
            )

        return await self._answer(request, body, Wish(make=make, is_made_by=is_made_by))

    async def split(self, request: Request) -> Response:
        """Make a story of their own of some articles."""
        body = await request.body()
        ids = read_named(body, "article")
        story_id = request.path_params["story_id"]
        who = analyst(request).name

        def make(database: Database) -> Edited:
            from alliance_nlp.pipeline import story_edits

            return story_edits.split(database, story_id, ids, reviewer=who)

        def is_made_by(edit: StoryEdit) -> bool:
            return edit.kind is EditKind.SPLIT and set(edit.before) == {(i, story_id) for i in ids}

        return await self._answer(request, body, Wish(make=make, is_made_by=is_made_by))

    async def undo(self, request: Request) -> Response:
        """Take an edit back."""
        body = await request.body()
        edit_id = request.path_params["edit_id"]
        who = analyst(request).name

        def make(database: Database) -> Edited:
            from alliance_nlp.pipeline import story_edits

            return story_edits.undo(database, edit_id, reviewer=who)

        wish = Wish(make=make, is_made_by=lambda edit: edit.undoes == edit_id)
        return await self._answer(request, body, wish)

    async def _answer(self, request: Request, body: bytes, wish: Wish) -> Response:
        answer = await run_in_threadpool(self._make, request, read_form(body), wish)
        if wants_json(request):
            return JSONResponse(answer)
        stays = request.path_params.get("story_id") or answer["stories"][0]
        return RedirectResponse(f"/story/{quote(stays)}", status_code=303)

    def _make(self, request: Request, form: dict[str, str], wish: Wish) -> Answer:
        who, key = analyst(request).name, form.get("key", "")[:64]
        with self.lock:
            answer = self.kept.get((who, key)) if key else None
            if answer is None and form.get("again") == "yes":
                answer = self._made_before(wish, who)
            if answer is not None:
                return answer
            try:
                made = wish.make(self.desk.database)
            except InputError as error:
                raise HTTPException(400, f"{error}.") from error
            answer = _told(made.edit, [story.id for story in made.stories], made.emptied)
            if key:
                self.kept[(who, key)] = answer
                while len(self.kept) > MOST_KEYS:
                    self.kept.pop(next(iter(self.kept)))
        made_at = read_made(form)
        if made_at is not None:
            self.desk.tell(
                request,
                "kept-late",
                subject=answer["stories"][0],
                detail=f"{made.edit.kind.value}, number {made.edit.id}: made "
                f"{made_at:%Y-%m-%d %H:%M:%S} UTC by the browser's clock",
            )
        return answer

    def _made_before(self, wish: Wish, who: str) -> Answer | None:
        """Return what is answered to a request that was done before; an edit undone is no such."""
        with self.desk.database.read() as tx:
            edits = read_story_edits(tx)
            undone = {edit.undoes for edit in edits}
            made = [
                edit
                for edit in edits
                if edit.reviewer == who and edit.id not in undone and wish.is_made_by(edit)
            ]
            if not made:
                return None
            ids = dict.fromkeys(i for pairs in (made[-1].moved, made[-1].before) for _, i in pairs)
            there = read_stories(tx, list(ids))
        return _told(made[-1], [i for i in ids if i in there], [i for i in ids if i not in there])


def _told(edit: StoryEdit, stories: Sequence[str], emptied: Sequence[str]) -> Answer:
    return {"edit": edit.id, "stories": list(stories), "emptied": list(emptied)}
