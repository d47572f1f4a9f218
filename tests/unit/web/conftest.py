"""A seeded workspace and a desk that serves it over real HTTP."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import pytest
import uvicorn
from web_seeding import Seed, fill, finished_run, rank_three

from alliance_nlp.config import load_settings
from alliance_nlp.core.types import Decision
from alliance_nlp.store import Database, read_decisions
from alliance_nlp.web import create_app
from alliance_nlp.web.app import server_config
from alliance_nlp.workspace import Workspace, make_workspace

TOKEN = "start-up-token"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An initialised workspace without data."""
    return make_workspace(tmp_path / "desk", config="")


@dataclass
class Answer:
    """A response, read whole."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Browser:
    """A client that keeps its cookie and names its host, or lies about it."""

    port: int
    cookie: str = ""

    @property
    def host(self) -> str:
        """The right ``Host``."""
        return f"127.0.0.1:{self.port}"

    def ask(
        self, method: str, path: str, *, body: str = "", headers: dict[str, str] | None = None
    ) -> Answer:
        """Send one request; no redirect is followed."""
        sent = {"Host": self.host, **({"Cookie": self.cookie} if self.cookie else {})}
        sent |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body or None, headers=sent)
            response = connection.getresponse()
            return Answer(
                status=response.status,
                headers={name.lower(): value for name, value in response.getheaders()},
                text=response.read().decode(),
            )
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Answer:
        """Get a page."""
        return self.ask("GET", path, headers=headers)

    def log_in(self, path: str = "/") -> Answer:
        """Open the start-up URL and keep the cookie."""
        answer = self.get(f"{path}?token={TOKEN}")
        self.cookie = answer.headers["set-cookie"].split(";")[0]
        return answer

    def form(self, path: str = "/story/story-visit") -> dict[str, str]:
        """Return the hidden fields of the first form of a page that decides."""
        form = re.search(r"<form class=\"decide.*?</form>", self.get(path).text, re.S)
        assert form
        return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0]))

    def post(self, path: str, fields: dict[str, str], **headers: str) -> Answer:
        """Post a form as the desk's own page would, unless headers say otherwise."""
        sent = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": f"http://{self.host}",
            "Sec-Fetch-Site": "same-origin",
        }
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in sent.items() if value}
        return self.ask("POST", path, body=urlencode(fields), headers=kept)


@contextmanager
def running(workspace: Workspace) -> Iterator[int]:
    """Serve a workspace on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = create_app(
        workspace,
        load_settings(workspace.config_file),
        token=TOKEN,
        hosts=(f"127.0.0.1:{port}", f"localhost:{port}"),
        reviewer="mio",
    )
    server = uvicorn.Server(server_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listener.close()
        assert not thread.is_alive()


@dataclass(frozen=True)
class Served:
    """A workspace that is being served."""

    seed: Seed
    port: int

    def stranger(self) -> Browser:
        """A browser that never saw the start-up URL."""
        return Browser(self.port)

    def browser(self) -> Browser:
        """A browser that opened the start-up URL."""
        browser = Browser(self.port)
        browser.log_in()
        return browser

    def decisions(self) -> list[Decision]:
        """All decisions in the store."""
        with self.seed.database.read() as tx:
            return read_decisions(tx)

    def decide(self, changes: dict[str, str] | None = None, **headers: str) -> Answer:
        """Post a decision on the first story with the fields of its form, changed as told."""
        browser = self.browser()
        fields = {**browser.form(), "verdict": "accept", "note": "", **(changes or {})}
        return browser.post("/story/story-visit/decide", fields, **headers)


@contextmanager
def served(workspace: Workspace) -> Iterator[Served]:
    """Serve a workspace with a finished run."""
    with Database.open(workspace.database_url) as database:
        seed = finished_run(database)
        with running(workspace) as port:
            yield Served(seed, port)


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A filled desk that all tests share and none changes."""
    with served(make_workspace(tmp_path_factory.mktemp("desk") / "w", config="")) as found:
        fill(found.seed)
        yield found


@pytest.fixture
def own_desk(workspace: Workspace) -> Iterator[Served]:
    """A desk of one's own, to change."""
    with served(workspace) as found:
        yield found


@pytest.fixture
def own_filled_desk(own_desk: Served) -> Served:
    """A filled desk of one's own."""
    fill(own_desk.seed)
    return own_desk


@pytest.fixture
def ranked(own_desk: Served) -> Served:
    """A desk of one's own with three ranked stories."""
    rank_three(own_desk.seed)
    return own_desk


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk with three ranked stories that all tests share and none changes."""
    with served(make_workspace(tmp_path_factory.mktemp("seen") / "w", config="")) as found:
        rank_three(found.seed)
        yield found


@pytest.fixture
def empty_browser(workspace: Workspace) -> Iterator[Browser]:
    """A browser on a workspace in which nothing ran yet."""
    with running(workspace) as port:
        browser = Browser(port)
        browser.log_in()
        yield browser


@pytest.fixture
def stranger(desk: Served) -> Browser:
    """A browser that never saw the shared desk's start-up URL."""
    return desk.stranger()


@pytest.fixture
def browser(desk: Served) -> Browser:
    """A browser on the shared desk."""
    return desk.browser()


@pytest.fixture(scope="module")
def module_desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A desk that the tests of one module share; each changes what is its own there."""
    with served(make_workspace(tmp_path_factory.mktemp("module") / "w", config="")) as found:
        yield found
