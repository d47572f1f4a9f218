"""The tap at the wire: hands on every response as received, redirects and robots.txt included."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from scrapy.http import Headers, Request, Response

from alliance_nlp.collect.messages import Fetch
from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Page, Role
from alliance_nlp.core.urls import host

_DEFAULT_PORTS = {"http": 80, "https": 443}
# What a proxy is told is no part of the exchange with the site, and may be a password.
_NOT_KEPT = "proxy-authorization"


class Tap:
    """Writes pages; stands nearest to the network, before anything is decoded or followed."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Tap:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Forget what a try or a hop before this one brought."""
        request.meta.pop("arrived", None)

    def process_response(self, request: Request, response: Response) -> Response:
        """Write the response as a page frame."""
        fetch: Fetch | None = request.meta.get("fetch")
        request.meta["arrived"] = response.status
        spider = self._crawler.spider
        ip = "" if request.meta.get("proxy") else str(response.ip_address or "")
        page = Page(
            source_id=fetch.source_id if fetch else host(request.url),
            role=fetch.role if fetch else Role.ROBOTS,
            asked_url=fetch.url if fetch else request.url,
            url=response.url,
            status=response.status,
            headers=_pairs(response.headers),
            body=response.body,
            fetched_at=spider.at or now(),
            request_headers=_sent(request),
            ip=ip,
        )
        spider.frames.write("page", key=fetch.key if fetch else "", value=page)
        return response


def _sent(request: Request) -> tuple[tuple[str, str], ...]:
    parts = urlsplit(request.url)
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    port = parts.port if parts.port != _DEFAULT_PORTS[parts.scheme] else None
    kept = (pair for pair in _pairs(request.headers) if pair[0].lower() != _NOT_KEPT)
    # Twisted adds the first and the last.
    return (
        ("Host", f"{name}:{port}" if port else name),
        *kept,
        ("Connection", "close"),
    )


def _pairs(headers: Headers) -> tuple[tuple[str, str], ...]:
    # Latin-1 keeps every byte, and gives it back.
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in headers.items()
        for value in values
    )
