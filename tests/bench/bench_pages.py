"""Measure the desk's pages as a browser waits for them: 100,000 articles, over HTTP on loopback.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_pages.py

The store is that of ``bench_desk.py``; server and client share the machine and this process.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from urllib.request import HTTPCookieProcessor, build_opener

import numpy as np
import pytest
import uvicorn
from desk_store import Size, fill
from rich.console import Console
from rich.table import Table

from alliance_nlp.config import Settings, StoreSettings
from alliance_nlp.store import Database
from alliance_nlp.web import create_app
from alliance_nlp.web.app import server_config
from alliance_nlp.workspace import Workspace

pytestmark = pytest.mark.bench

N_ARTICLES = int(os.environ.get("ALLIANCE_BENCH_ARTICLES", "100000"))
N_TIMES, N_WARM = 40, 3
MOST_MS = 150.0
TOKEN = "start-up-token"


@contextmanager
def _served(root: Path, url: str) -> Iterator[str]:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = create_app(
        Workspace(root),
        Settings(store=StoreSettings(url=url)),
        token=TOKEN,
        hosts=(f"127.0.0.1:{port}",),
    )
    server = uvicorn.Server(server_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listener.close()


def test_every_page_is_quick(make_database_url: Callable[..., str], tmp_path: Path) -> None:
    url = make_database_url(migrated=True)
    with Database.open(url) as database:
        ids = fill(database, Size(n_articles=N_ARTICLES, n_candidates=N_ARTICLES // 10))
        kind = database.kind
    pages = {
        "list": lambda k: f"/?after={50 * k}",
        "list by topic": lambda k: f"/?topic=trade&after={50 * k}",
        "list by words": lambda k: "/?q=Japan+tariffs",
        "story": lambda k: f"/story/{ids[k]}",
        "issues": lambda k: "/issues",
        "night": lambda k: "/night",
    }
    table = Table("page", "p50", "p95", title=f"{kind}, {N_ARTICLES:,} articles, ms over HTTP")
    slow = {}
    with _served(tmp_path, url) as origin:
        browser = build_opener(HTTPCookieProcessor())
        browser.open(f"{origin}/?token={TOKEN}").read()
        for name, page in pages.items():
            walls = []
            for k in range(N_WARM + N_TIMES):
                at = perf_counter()
                browser.open(origin + page(k)).read()
                walls.append(1e3 * (perf_counter() - at))
            p50, p95 = np.percentile(walls[N_WARM:], (50, 95))
            table.add_row(name, f"{p50:.0f}", f"{p95:.0f}")
            if p95 > MOST_MS:
                slow[name] = round(float(p95))
    Console().print(table)
    assert slow == {}
