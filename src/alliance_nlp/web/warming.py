"""What the first page of each kind would wait for, loaded while nobody waits.

Libraries, tables, templates and what is learned from earlier items come with the first story and
the first issue that are opened. So one of each is opened for nobody when the desk starts.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Iterator
from importlib import import_module
from inspect import iscoroutinefunction
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import Scope

from alliance_nlp.core.errors import AllianceError
from alliance_nlp.store import read_candidates, read_issues
from alliance_nlp.web.who import single_user

if TYPE_CHECKING:
    from starlette.applications import Starlette

    from alliance_nlp.web.desk import Desk

NOBODY = single_user("nobody")
# The last of so many stories is below those at the top, and shows what would lift it.
_N_STORIES = 12


def warm_for_good(app: Starlette) -> None:
    """Warm a process that does nothing but serve: what is loaded by then stays to its end.

    Garbage is no longer looked for among it, which held pages up for a fifth of a second each time.
    """
    warm(app)
    gc.collect()
    gc.freeze()


def warm(app: Starlette) -> None:
    """Open a page of each kind, each as somebody would who may see all; nothing is kept of it.

    What is broken is told where somebody can see it: on the page that needs it.
    """
    for path in _paths(app.state.desk):
        with contextlib.suppress(AllianceError, HTTPException):
            _open(app, path)
    for name in ("drafting", "story_edits"):  # what buttons need, and no page
        import_module(f"alliance_nlp.pipeline.{name}")


def _paths(desk: Desk) -> Iterator[str]:
    yield "/"
    try:
        with desk.database.read() as tx:
            first = read_candidates(tx, limit=_N_STORIES, has_reasons=False)
            issues = read_issues(tx)
    except AllianceError:
        return
    yield from (f"/story/{quote(one.story_id)}" for one in [*first[:1], *first[1:][-1:]])
    yield "/issues"
    for issue, _ in issues[-1:]:
        yield f"/issue/{quote(issue.id)}"
        yield f"/issue/{quote(issue.id)}/versions"
    yield from ("/night", "/agreement", "/audit")


def _open(app: Starlette, path: str) -> None:
    scope: Scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [],
        "csrf": "",
        "account": NOBODY,
    }
    for route in app.routes:
        match, found = route.matches(scope)
        if match is Match.FULL:
            endpoint = found["endpoint"]
            # Called straight: a server's threads would hold up the end of the process.
            if not iscoroutinefunction(endpoint):
                endpoint(Request({**scope, **found}))
            return
