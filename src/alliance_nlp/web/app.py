"""The desk as an application, and the server that an analyst starts."""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
import webbrowser
from collections.abc import AsyncIterator, Callable

import uvicorn
from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from alliance_nlp.config import Settings
from alliance_nlp.core.errors import AllianceError, ConfigError
from alliance_nlp.store import Database
from alliance_nlp.web import views
from alliance_nlp.web.pages import Desk
from alliance_nlp.web.security import Gate, csrf_token
from alliance_nlp.workspace import Workspace

LOOPBACK = "127.0.0.1"


def create_app(
    workspace: Workspace,
    settings: Settings,
    *,
    token: str,
    hosts: tuple[str, ...],
    reviewer: str = "analyst",
) -> Starlette:
    """Return the desk over a workspace's database, which it opens now and closes at shutdown.

    Parameters
    ----------
    workspace, settings
        Where the data is, and its configuration.
    token
        What a browser must bring: once as ``/?token=…``, from then on as a cookie.
    hosts
        The values of ``Host`` that are served, each with its port.
    reviewer
        Whose decisions these are.

    Raises
    ------
    StoreError
        If the database cannot be opened.
    """
    database = Database.open(settings.store.url or workspace.database_url)
    desk = Desk(
        database=database,
        settings=settings,
        templates=_environment(),
        reviewer=reviewer,
        csrf=csrf_token(token),
    )

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        yield
        database.close()

    return Starlette(
        routes=_routes(desk),
        middleware=[Middleware(Gate, token=token, hosts=hosts)],
        exception_handlers={HTTPException: desk.refused, AllianceError: desk.broken},
        lifespan=lifespan,
    )


def _routes(desk: Desk) -> list[BaseRoute]:
    return [
        Route("/", desk.candidates),
        Route("/story/{story_id}", desk.story),
        Route("/story/{story_id}/decide", desk.decide, methods=["POST"]),
        Route("/night", desk.night),
        Route("/issues", desk.issues),
        Route("/issue/{issue_id}", desk.issue),
        Mount("/static", StaticFiles(packages=[("alliance_nlp.web", "static")])),
    ]


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("alliance_nlp.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["long_day"] = views.long_day
    environment.filters["moment"] = views.moment
    environment.filters["signed"] = views.signed
    return environment


def serve(
    workspace: Workspace,
    settings: Settings,
    *,
    port: int,
    open_browser: bool,
    reviewer: str = "analyst",
    on_ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Serve the desk on loopback until interrupted.

    Parameters
    ----------
    workspace, settings
        Where the data is, and its configuration.
    port
        Port on 127.0.0.1; 0 takes a free one.
    open_browser
        Whether to open the page in the user's browser.
    reviewer
        Whose decisions these are.
    on_ready
        Called with the URL to open, token included, once connections are accepted.

    Raises
    ------
    ConfigError
        If the port cannot be had.
    StoreError
        If the database cannot be opened.
    """
    with _listen(port) as listener:
        port = listener.getsockname()[1]
        token = secrets.token_urlsafe(32)
        hosts = (f"{LOOPBACK}:{port}", f"localhost:{port}")
        app = create_app(workspace, settings, token=token, hosts=hosts, reviewer=reviewer)
        url = f"http://{LOOPBACK}:{port}/?token={token}"
        on_ready(url)
        if open_browser:
            # A browser that lives in the terminal keeps its caller waiting until it is closed.
            threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(server_config(app)).run(sockets=[listener])


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


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port))
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"port {port} on {LOOPBACK} cannot be had: {error}; name another with --port, "
            "or 0 for any free one"
        ) from error
