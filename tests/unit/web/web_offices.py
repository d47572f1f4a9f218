"""A desk with accounts, served over real HTTP, and people who sign in to it."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

import uvicorn
from web_seeding import Seed, fill, finished_run

from alliance_nlp.config import load_settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Account, AuditEntry, Right
from alliance_nlp.review import hash_password
from alliance_nlp.store import Database, read_audit, save_account
from alliance_nlp.web import create_app
from alliance_nlp.web.app import server_config
from alliance_nlp.workspace import make_workspace

PASSWORD = "tidal walnut ferry lamp"
PEOPLE = {
    "rei": Right.READER,
    "ana": Right.ANALYST,
    "edo": Right.EDITOR,
    "ada": Right.ADMIN,
}


@dataclass
class Reply:
    """A response, read whole."""

    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Client:
    """A browser without a script: it keeps its cookies and says where its forms come from."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    scheme: str = "http"

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> Reply:
        sent = {"Host": self.host}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body=body or None, headers=sent)
            response = connection.getresponse()
            for line in response.headers.get_all("set-cookie") or []:
                name, _, value = line.split(";")[0].partition("=")
                self.cookies[name] = value.strip('"')
                if not self.cookies[name]:
                    del self.cookies[name]
            return Reply(
                status=response.status,
                headers={name.lower(): value for name, value in response.getheaders()},
                text=response.read().decode(),
            )
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> Reply:
        return self.ask("GET", path, **headers)

    def csrf(self) -> str:
        found = re.search(r'data-csrf="(\w+)"', self.get("/issues").text)
        return found[1] if found else ""

    def post(self, path: str, fields: dict[str, str] | None = None, **headers: str) -> Reply:
        """Post a form of our own pages, with the token of this session unless one is given."""
        given = {"csrf": self.csrf(), **(fields or {})} if self.cookies else (fields or {})
        sent = {
            "Content_Type": "application/x-www-form-urlencoded",
            "Origin": f"{self.scheme}://{self.host}",
            "Sec_Fetch_Site": "same-origin",
        } | headers
        kept = {name: value for name, value in sent.items() if value}
        return self.ask("POST", path, urlencode(given), **kept)

    def sign_in(self, name: str, password: str = PASSWORD, **fields: str) -> Reply:
        return self.post("/login", {"name": name, "password": password, **fields})


@dataclass(frozen=True)
class Office:
    """A desk with accounts that is being served."""

    seed: Seed
    port: int
    known: dict[str, Client] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.seed.database

    def stranger(self) -> Client:
        return Client(self.port)

    def signed_in(self, name: str) -> Client:
        client = Client(self.port)
        assert client.sign_in(name).status == 303
        return client

    def signed_in_once(self, name: str) -> Client:
        """The same session for all who ask: signing in costs time on purpose."""
        if name not in self.known:
            self.known[name] = self.signed_in(name)
        return self.known[name]

    def audit(self) -> list[AuditEntry]:
        """What the audit tells, oldest first."""
        with self.database.read() as tx:
            return [entry for _, entry in read_audit(tx, before=None, n=1000)][::-1]


@cache
def _hashed() -> str:
    # Once for all: a hash takes its time on purpose.
    return hash_password(PASSWORD)


@contextmanager
def office_at(root: Path, *, behind_proxy: bool = False) -> Iterator[Office]:
    """Serve a filled workspace to which four people have accounts."""
    workspace = make_workspace(root, config="")
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    with Database.open(workspace.database_url) as database:
        seed = finished_run(database)
        fill(seed)
        hashed = _hashed()
        with database.write() as tx:
            for name, right in PEOPLE.items():
                account = Account(name=name, right=right, password_hash=hashed, created_at=now())
                save_account(tx, account)
        app = create_app(
            workspace,
            load_settings(workspace.config_file),
            hosts=(f"127.0.0.1:{port}", f"localhost:{port}"),
            behind_proxy=behind_proxy,
        )
        server = uvicorn.Server(server_config(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield Office(seed, port)
        finally:
            server.should_exit = True
            thread.join(timeout=20)
            listener.close()
            assert not thread.is_alive()
