from __future__ import annotations

import json
import urllib.request
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any
from urllib.error import HTTPError

import pytest

from alliance_nlp.sample import SampleSite, serve

Reply = tuple[int, dict[str, str], bytes]
Fetch = Callable[..., Reply]


def rows(name: str) -> list[dict[str, Any]]:
    text = (files("alliance_nlp.sample") / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="session")
def truth() -> list[dict[str, Any]]:
    return rows("truth.jsonl")


@pytest.fixture(scope="session")
def articles() -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in rows("articles.jsonl")}


@pytest.fixture(scope="module")
def sample() -> Iterator[SampleSite]:
    with serve() as site:
        yield site


@pytest.fixture(scope="module")
def fetch(sample: SampleSite) -> Fetch:
    """Return a GET through the proxy that gives status, headers and body of any answer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": sample.proxy}))

    def get(url: str, method: str = "GET", **headers: str) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(url, headers=named, method=method)
        try:
            reply = opener.open(request, timeout=10)
        except HTTPError as error:
            reply = error
        with reply:
            return reply.status, {k.lower(): v for k, v in reply.headers.items()}, reply.read()

    return get
