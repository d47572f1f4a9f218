"""Measure the desk's pages as a browser waits for them: 100,000 articles, over HTTP on loopback.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_pages.py

The store is that of ``bench_desk.py``, with twenty issues, one of them a draft, and what three
analysts said of 300 of its candidates. Server and client share this process. The table has the wall
time of a page and, as another job on the machine adds to that, its CPU time with the database's;
on a machine that has more to do than cores, the guard goes by that.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import perf_counter
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import numpy as np
import pytest
import uvicorn
from desk_issues import keep_issues, keep_words
from desk_store import N_SOURCES, Size, fill, time_of
from metering import Meter
from rich.console import Console
from rich.table import Table

from alliance_nlp.config import Settings, StoreSettings
from alliance_nlp.store import Database
from alliance_nlp.web import create_app
from alliance_nlp.web.app import server_config
from alliance_nlp.web.warming import warm_for_good
from alliance_nlp.workspace import Workspace

pytestmark = pytest.mark.bench

N_ARTICLES = int(os.environ.get("ALLIANCE_BENCH_ARTICLES", "100000"))
N_CANDIDATES = min(10_000, N_ARTICLES // 10)
N_TIMES, N_WARM = 30, 3
MOST_MS = 150.0  # 95th percentile
TOKEN = "start-up-token"
console = Console(width=100)


def _settings(url: str) -> Settings:
    sources = tuple(
        {
            "id": f"source-{n}",
            "name": f"Source {n}",
            "kind": "feed",
            "url": f"https://press{n}.example/feed",
            "language": "en" if n % 3 else "ja",
            "country": ("US", "JP", "KR")[n % 3],
        }
        for n in range(N_SOURCES)
    )
    return Settings(store=StoreSettings(url=url), sources=sources)


@contextmanager
def served(root: Path, url: str) -> Iterator[str]:
    """Serve the desk over a database; yield its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    app = create_app(Workspace(root), _settings(url), token=TOKEN, hosts=(f"127.0.0.1:{port}",))
    server = uvicorn.Server(server_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    warm_for_good(app)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
        listener.close()


def _pages(ids: list[str]) -> Mapping[str, Callable[[int], str]]:
    day = time_of(N_ARTICLES - N_CANDIDATES // 2) - timedelta(days=1)
    queries = {
        "": "",
        " by topic": "topic=trade&",
        " by source": "source=source-3&source=source-4&",
        " by country": "country=JP&",
        " by entity": "entity=entity-1&",
        " by state": "state=accept&",
        " by days": f"since={day:%Y-%m-%d}&",
        " by a common word": "q=Japan&",
        " by words": "q=Japan+tariffs+-missile&",
        " by a phrase": "q=%22prime+minister%22&",
        " by a long phrase": "q=%22of+the+prime+minister%22&",
        " by Japanese words": "q=%E6%97%A5%E7%B1%B3+%E5%90%8C%E7%9B%9F&",
        " by all at once": f"q=Japan&topic=trade&novelty=new&country=JP&since={day:%Y-%m-%d}&",
    }
    pages: dict[str, Callable[[int], str]] = {
        f"list{name}": lambda k, query=query: f"/?{query}after={50 * (k % 3)}"
        for name, query in queries.items()
    }
    return pages | {
        "story": lambda k: f"/story/{ids[k]}",
        "story within a filter": lambda k: f"/story/{ids[k]}?q=Japan&topic=trade",
        "issues": lambda _: "/issues",
        "an issue's editor": lambda _: "/issue/vol-9.20",
        "a published issue": lambda k: f"/issue/vol-9.{1 + k % 19}",
        "night": lambda _: "/night",
        "audit": lambda _: "/audit",
        "audit of one person": lambda _: "/audit?who=analyst-1&kind=decisions",
        "agreement": lambda _: "/agreement",
    }


def _measure(
    browser: OpenerDirector, page: Callable[[int], str], meter: Meter
) -> tuple[np.ndarray, float, float]:
    """Return wall times, mean CPU time and the first wait, in ms."""
    walls = []
    cpu = 0.0
    for k in range(N_WARM + N_TIMES):
        if k == N_WARM:
            cpu = meter.cpu_ms()
        at = perf_counter()
        browser.open(page(k)).read()
        walls.append(1e3 * (perf_counter() - at))
    return np.array(walls[N_WARM:]), (meter.cpu_ms() - cpu) / N_TIMES, walls[0]


def slow_pages(root: Path, url: str, ids: list[str], *, meter: Meter) -> dict[str, float]:
    """Print what every page costs; return those that cost too much."""
    table = Table("page", "p50", "p95", "CPU", "first", title="ms over HTTP")
    slow = {}
    with served(root, url) as origin:
        browser = build_opener(HTTPCookieProcessor())
        browser.open(f"{origin}/?token={TOKEN}").read()
        for name, page in _pages(ids).items():
            walls, cpu, first = _measure(browser, lambda k, page=page: origin + page(k), meter)
            p50, p95 = np.percentile(walls, (50, 95))
            table.add_row(name, f"{p50:.0f}", f"{p95:.0f}", f"{cpu:.0f}", f"{first:.0f}")
            is_busy = os.getloadavg()[0] > (os.cpu_count() or 1)
            cost = cpu if is_busy else float(p95)
            if cost > MOST_MS:
                slow[name] = round(cost)
    console.print(table)
    return slow


def test_every_page_is_quick(make_database_url: Callable[..., str], tmp_path: Path) -> None:
    url = make_database_url(migrated=True)
    with Database.open(url) as database:
        ids = fill(database, Size(n_articles=N_ARTICLES, n_candidates=N_CANDIDATES))
        keep_issues(database, ids)
        keep_words(database, ids)
        console.print(f"{database.kind}, {N_ARTICLES:,} articles")
        slow = slow_pages(tmp_path, url, ids, meter=Meter(database, served=True))
    assert slow == {}
