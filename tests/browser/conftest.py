"""The desk in a real Chromium: a copy of the sample night, served, and pages on it.

Without Chromium nothing here runs, and the terminal summary says so; with
``ALLIANCE_REQUIRE_BROWSER=1`` in the environment that is a failure. ``ALLIANCE_BROWSER_DEMO`` may
name a folder that ``alliance-nlp demo`` filled before, which saves the half minute of making one.

Every test that is served a desk runs on SQLite and on PostgreSQL. What a module names in
``ON_BOTH`` does so always, the rest does so on PostgreSQL in ``make bench`` alone: pages look the
same over either database, journeys need not.
"""

from __future__ import annotations

import os
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import uvicorn

from alliance_nlp.config import load_settings
from alliance_nlp.store import Database, backup, restore
from alliance_nlp.tag import load_knowledge_base
from alliance_nlp.web import create_app
from alliance_nlp.web.app import server_config
from alliance_nlp.workspace import find_workspace

TOKEN = "start-up-token"
REQUIRED = "ALLIANCE_REQUIRE_BROWSER"
MADE_BEFORE = "ALLIANCE_BROWSER_DEMO"
# The same browser without a window of its own opens a page in a quarter of the time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 20_000  # for a machine on which much else runs
WIDE, NARROW = (1280, 800), (390, 844)

Page = Any
OpenPage = Callable[..., Page]
CopyDemo = Callable[[Path], Path]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test that is served a desk its two databases."""
    if "store_kind" not in metafunc.fixturenames:
        return
    both = metafunc.function.__name__ in getattr(metafunc.module, "ON_BOTH", ())
    marks = [pytest.mark.postgres, *([] if both else [pytest.mark.long])]
    kinds = ["sqlite", pytest.param("postgresql", marks=marks)]
    metafunc.parametrize("store_kind", kinds, scope="session")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; skips, or fails where one is required."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found and find_spec("playwright"):
        return found
    reason = f"no Chromium on PATH ({', '.join(NAMES)}); on Debian: apt-get install chromium"
    if found:
        reason = "Playwright is not installed; it is among the development dependencies"
    if os.environ.get(REQUIRED) == "1":
        pytest.fail(f"{reason}; {REQUIRED}=1 asks for it")
    pytest.skip(reason)


@pytest.fixture(scope="package", autouse=True)
def browser(chromium: str) -> Iterator[Any]:
    """The browser that all tests of this folder share; each takes pages of its own.

    It ends with the folder: its event loop would stand in the way of other tests'.
    """
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="session", autouse=True)
def loaded(chromium: str) -> None:
    """Load what the first story and the first issue would wait for, as ``review`` does."""
    for name in ("pipeline.story_pages", "web.issue_shell", "web.editing", "pipeline.drafting"):
        import_module(f"alliance_nlp.{name}")
    load_knowledge_base(None)


@pytest.fixture(scope="session")
def demo_workspace(chromium: str, request: pytest.FixtureRequest) -> Path:
    """The sample night as ``alliance-nlp demo`` leaves it; copy it, do not change it."""
    if before := os.environ.get(MADE_BEFORE):
        return Path(before)
    folder: Path = request.getfixturevalue("demo_folder")
    return folder / "after-one-run"


@pytest.fixture(scope="session")
def copy_demo(
    store_kind: str,
    demo_workspace: Path,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> CopyDemo:
    """Return what makes a copy of the sample night in a folder, on the database of the test."""
    if store_kind == "sqlite":
        return lambda root: Path(shutil.copytree(demo_workspace, root))
    template: str = request.getfixturevalue("make_postgres_url")()
    kept = tmp_path_factory.mktemp("kept") / "demo.sqlite3"
    with Database.open(find_workspace(demo_workspace).database_url) as night:
        backup(night, kept)
    with Database.open(template) as filled:
        restore(kept, filled)
    numbers = count(1)

    def copy(root: Path) -> Path:
        shutil.copytree(demo_workspace, root, ignore=shutil.ignore_patterns("alliance.db*"))
        url = _copied(template, f"{sa.make_url(template).database}_{next(numbers)}")
        settings = find_workspace(root).config_file
        settings.write_text(f'{settings.read_text()}\n[store]\nurl = "{url}"\n')
        return root

    return copy


def _copied(template: str, name: str) -> str:
    """Copy a database beside itself; return the copy's URL."""
    address = sa.make_url(template)
    engine = sa.create_engine(
        address.set(database="postgres"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name} TEMPLATE {address.database}"))
    return address.set(database=name).render_as_string()


@dataclass
class Desk:
    """A workspace that is being served; it can go away and come back at the same address."""

    root: Path
    port: int = 0
    reviewer: str = "mio"
    _server: uvicorn.Server | None = None
    _thread: threading.Thread | None = None
    _listener: socket.socket | None = field(default=None, repr=False)

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """Where a browser starts."""
        return f"{self.origin}/?token={TOKEN}"

    def start(self) -> None:
        """Serve, at the port of the last time if there was one."""
        workspace = find_workspace(self.root)
        listener = socket.create_server(("127.0.0.1", self.port))
        self.port = listener.getsockname()[1]
        try:
            app = create_app(
                workspace,
                load_settings(workspace.config_file),
                token=TOKEN,
                hosts=(f"127.0.0.1:{self.port}", f"localhost:{self.port}"),
                reviewer=self.reviewer,
            )
        except BaseException:
            listener.close()
            raise
        self._listener = listener
        self._server = uvicorn.Server(server_config(app))
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]})
        self._thread.start()

    def stop(self) -> None:
        """Go away as a machine does whose cable is pulled."""
        if self._server is None or self._thread is None or self._listener is None:
            return
        self._server.should_exit = True
        self._thread.join(timeout=20)
        self._listener.close()
        assert not self._thread.is_alive()
        self._server = self._thread = self._listener = None

    def database(self) -> Database:
        """Open what is served, to look at."""
        workspace = find_workspace(self.root)
        settings = load_settings(workspace.config_file)
        return Database.open(settings.store.url or workspace.database_url)


@pytest.fixture
def desk(copy_demo: CopyDemo, tmp_path: Path) -> Iterator[Desk]:
    """A copy of the sample night of the test's own, served."""
    served = Desk(copy_demo(tmp_path / "desk"))
    served.start()
    try:
        yield served
    finally:
        served.stop()


@pytest.fixture
def open_page(browser: Any) -> Iterator[OpenPage]:
    """Open pages, each in a browser profile of its own: ``open_page(url, size=WIDE)``.

    Further keywords go to Playwright's ``new_context``, such as ``color_scheme="dark"``. A script
    that throws, or that the page's policy stops, fails the test at its end.
    """
    contexts, faults = [], []

    def heard(message: Any) -> None:
        if "Content Security Policy" in message.text:
            faults.append(message.text)

    def make(url: str, *, size: tuple[int, int] = WIDE, **options: Any) -> Page:
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", heard)
        page.goto(url)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not faults


@pytest.fixture
def page(desk: Desk, open_page: OpenPage) -> Page:
    """The desk's first page at 1280 pixels."""
    return open_page(desk.url)
