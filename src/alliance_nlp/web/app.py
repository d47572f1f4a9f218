"""The desk as an application: its pages, behind the gate."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator

import uvicorn
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from alliance_nlp.config import Settings
from alliance_nlp.core.errors import AllianceError
from alliance_nlp.store import Database
from alliance_nlp.web import views
from alliance_nlp.web.accounts import AccountPages
from alliance_nlp.web.audit import AuditPages
from alliance_nlp.web.deciding import DecidingPages
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.doors import AccountDoor, TokenDoor
from alliance_nlp.web.gate import Gate
from alliance_nlp.web.issues import issue_routes
from alliance_nlp.web.listing import ListingPages
from alliance_nlp.web.merging import MergingPages
from alliance_nlp.web.night import NightPages
from alliance_nlp.web.originals import OriginalPages
from alliance_nlp.web.presence import PresencePages
from alliance_nlp.web.rights import hold_to_rights
from alliance_nlp.web.signing import SigningPages
from alliance_nlp.web.story import StoryPages
from alliance_nlp.web.who import single_user
from alliance_nlp.workspace import Workspace


def create_app(
    workspace: Workspace,
    settings: Settings,
    *,
    token: str = "",
    hosts: tuple[str, ...],
    reviewer: str = "analyst",
    behind_proxy: bool = False,
) -> Starlette:
    """Return the desk over a workspace's database, which it opens now and closes at shutdown.

    Parameters
    ----------
    token
        What the one person's browser must bring: once as ``/?token=…``, from then on as a cookie.
        Without one, people sign in with their accounts.
    hosts
        The values of ``Host`` that are served, each with its port.
    reviewer
        Whose decisions these are, where there is a token.
    behind_proxy
        Whether a proxy stands before the desk and says how it was asked, and by whom.

    Raises
    ------
    StoreError
        If the database cannot be opened.
    """
    database = Database.open(settings.store.url or workspace.database_url)
    desk = Desk(
        workspace=workspace,
        database=database,
        settings=settings,
        templates=_environment(),
        has_accounts=not token,
    )
    door = TokenDoor(token, single_user(reviewer)) if token else AccountDoor(database)
    app = Starlette(
        routes=hold_to_rights(_routes(desk)),
        middleware=[Middleware(Gate, door=door, hosts=hosts, behind_proxy=behind_proxy)],
        exception_handlers={HTTPException: desk.refused, AllianceError: desk.broken},
        lifespan=_lifespan,
    )
    app.state.desk = desk
    return app


@contextlib.asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    app.state.desk.database.close()


def _routes(desk: Desk) -> list[BaseRoute]:
    signing = SigningPages(desk=desk).routes() if desk.has_accounts else []
    return [
        *signing,
        *ListingPages(desk=desk).routes(),
        *StoryPages(desk=desk).routes(),
        *OriginalPages(desk=desk).routes(),
        *NightPages(desk=desk).routes(),
        *DecidingPages(desk=desk).routes(),
        *MergingPages(desk=desk).routes(),
        *PresencePages(desk=desk).routes(),
        *AuditPages(desk=desk).routes(),
        *AccountPages(desk=desk).routes(),
        *issue_routes(desk),
        Mount("/static", StaticFiles(packages=[("alliance_nlp.web", "static")])),
    ]


def server_config(app: Starlette) -> uvicorn.Config:
    """Return how the desk is served; no access log, for it would hold the token."""
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=5,
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alliance_nlp.web"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["long_day"] = views.long_day
    environment.filters["moment"] = views.moment
    environment.filters["signed"] = views.signed
    return environment
