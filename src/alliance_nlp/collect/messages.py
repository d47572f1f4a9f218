"""What the parent tells the child: how to behave, and what to fetch."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from ipaddress import ip_network
from typing import Any, Self

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.types import Role

POLITENESS = "ALLIANCE_POLITENESS"  # where Scrapy's settings keep ours
END = '{"end": true}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Politeness:
    """How the fetcher behaves.

    Attributes
    ----------
    user_agent
        Sent with every request; names a contact.
    proxy
        ``http://HOST:PORT`` of a proxy, or ``""`` for what ``http_proxy`` and the like in the
        environment name, if anything. A proxy may stand anywhere, and resolves the names.
    delay_s
        Least seconds between two requests to one host, whatever their ports and schemes; raised
        as a host slows down, and by its ``Crawl-delay`` (up to 60 s).
    timeout_s
        Seconds for one exchange: connecting, headers and body.
    max_bytes
        Largest body, as received and decoded.
    concurrency, concurrency_per_host
        Requests under way at once.
    retries
        Further tries after a failure that may pass; a timeout is not tried again.
    max_wait_s
        Longest wait, in seconds, that a host may ask for by ``Retry-After`` (the sum of what it
        asks for in a row); a host that asks for more is left alone for the rest of the run.
    run_s
        Seconds after which nothing new is begun; 0 for no end.
    allow_inside
        Networks such as ``"127.0.0.0/8"`` that may be connected to though they are not public.

    Raises
    ------
    ConfigError
        If ``allow_inside`` holds what is no network.
    """

    user_agent: str
    proxy: str = ""
    delay_s: float = 1.0
    timeout_s: float = 30.0
    max_bytes: int = 10_000_000
    concurrency: int = 16
    concurrency_per_host: int = 2
    retries: int = 2
    max_wait_s: float = 120.0
    run_s: float = 0.0
    allow_inside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for network in self.allow_inside:
            try:
                ip_network(network)
            except ValueError as error:
                raise ConfigError(
                    f"collect.allow_inside holds {network!r}: {error}; "
                    "write a network such as 10.20.0.0/16"
                ) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetch:
    """One request.

    Attributes
    ----------
    key
        The caller's own name for it.
    etag, last_modified
        Validators of the copy we have, sent back as they came.
    home
        ``"host:port"`` of the address that the operator configured for the source. A URL with
        exactly that host and port may be connected to though it is not public.
    priority
        Higher goes first; listings have 10 more than articles.
    """

    key: str
    url: str
    source_id: str
    role: Role
    etag: str = ""
    last_modified: str = ""
    home: str = ""
    priority: int = 0

    def line(self) -> str:
        """Return the request as a line for the child."""
        return json.dumps({**asdict(self), "role": self.role.value}) + "\n"

    @classmethod
    def read(cls, message: dict[str, Any]) -> Self:
        """Return the request that such a line holds."""
        return cls(**{**message, "role": Role(message["role"])})


def opening(politeness: Politeness, at: datetime | None) -> str:
    """Return the first line for the child; ``at`` stands in for the time of every fetch."""
    told = {"politeness": asdict(politeness), "at": at.isoformat() if at else None}
    return json.dumps(told) + "\n"


def read_opening(line: bytes) -> tuple[Politeness, datetime | None]:
    """Return what :func:`opening` told."""
    told = json.loads(line)
    settings = {**told["politeness"], "allow_inside": tuple(told["politeness"]["allow_inside"])}
    return Politeness(**settings), datetime.fromisoformat(told["at"]) if told["at"] else None
