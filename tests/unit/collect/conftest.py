from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest

from alliance_nlp.collect import Arrived, Fetch, Fetcher, Politeness
from alliance_nlp.core.types import Page, Rejected, Role

_PROXY_VARIABLES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@dataclass
class Run:
    """What one fetcher gave, by key; pages of robots.txt stand under ``""``."""

    pages: dict[str, list[Page]] = field(default_factory=lambda: defaultdict(list))
    finished: dict[str, list[Rejected | None]] = field(default_factory=lambda: defaultdict(list))
    seconds: float = 0.0

    def rejected(self, key: str) -> Rejected:
        """Return why the one request of this name failed."""
        (only,) = self.finished[key]
        assert only is not None
        return only

    def page(self, key: str) -> Page:
        """Return the one page of a request that succeeded."""
        assert self.finished[key] == [None]
        (only,) = self.pages[key]
        return only


Collect = Callable[..., Run]


def fetch(url: str, key: str = "", role: Role = Role.ARTICLE, **more: Any) -> Fetch:
    return Fetch(key=key or url, url=url, source_id="fleet-news", role=role, **more)


def polite(**changes: object) -> Politeness:
    settings: dict[str, object] = {
        "user_agent": "alliance-nlp/0 (+https://desk.example/bot)",
        "delay_s": 0.0,
        "timeout_s": 2.0,
        "max_bytes": 100_000,
        "concurrency_per_host": 8,
        "retries": 0,
        "allow_inside": ("127.0.0.0/8",),
    }
    return Politeness(**(settings | changes))  # type: ignore[arg-type]


@pytest.fixture(scope="session", autouse=True)
def no_proxy_from_outside() -> Iterable[None]:
    """Keep a proxy of the machine's own away from loopback."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _PROXY_VARIABLES:
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        yield


@pytest.fixture(scope="session")
def collect() -> Collect:
    """Return a function that runs one fetcher to its end."""

    def run(fetches: Iterable[Fetch], **changes: object) -> Run:
        result = Run()
        started = time.monotonic()
        with Fetcher(polite(**changes)) as fetcher:
            for one in fetches:
                fetcher.submit(one)
            for event in fetcher.events():
                if isinstance(event, Arrived):
                    result.pages[event.key].append(event.page)
                else:
                    result.finished[event.key].append(event.rejected)
        result.seconds = time.monotonic() - started
        return result

    return run


@pytest.fixture(scope="session")
def ask() -> Callable[..., Fetch]:
    return fetch


@pytest.fixture(scope="session")
def politeness() -> Callable[..., Politeness]:
    return polite
