from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.core.types import Page, Role

MakePage = Callable[..., Page]

_PAGE = Page(
    source_id="fleet-news",
    role=Role.ARTICLE,
    asked_url="http://fleet.example/news/1?a=%20b",
    url="https://fleet.example/news/1",
    status=200,
    headers=(
        ("Content-Type", "text/html; charset=shift_jis"),
        ("ETag", 'W/"a, b"'),
        ("Set-Cookie", "one=1"),
        ("Set-Cookie", "two=2"),
        ("X-Author", "Jos\xe9"),
    ),
    body=bytes(range(256)) * 4,
    fetched_at=datetime(2024, 4, 14, 1, 2, 3, tzinfo=UTC),
    request_headers=(("Host", "fleet.example"), ("User-Agent", "digest (desk@fleet.example)")),
    ip="192.0.2.7",
)


@pytest.fixture
def make_page() -> MakePage:
    """Return pages that differ by number, with any field set otherwise."""

    def make(number: int = 0, **others: Any) -> Page:
        page = _PAGE
        if number:
            body = sha256_hex(number.to_bytes(4, "big")).encode() * 99
            page = replace(page, url=f"{page.url}/{number}", body=body)
        return replace(page, **others)

    return make
