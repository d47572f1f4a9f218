"""The last step before the wire: which addresses are connected to, and how much may come back.

Addresses are judged where the connection is made, so that the very ones that are connected to are
judged and no answer of a name server can change in between.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Request, Response
from scrapy.resolver import CachingHostnameResolver
from twisted.internet.interfaces import IResolutionReceiver
from twisted.internet.protocol import Factory
from twisted.web._newclient import HEADER, STATUS
from twisted.web.http_headers import InvalidHeaderName
from zope.interface import implementer  # type: ignore[import-untyped]

from alliance_nlp.collect.addresses import Judge, is_home, literal
from alliance_nlp.collect.messages import POLITENESS, Politeness
from alliance_nlp.collect.refusals import Refused
from alliance_nlp.core.types import Reason

# Browsers stop at 256 KiB; Twisted alone would read headers for ever.
HEAD_BYTES = 256 * 1024


@dataclass(slots=True)
class _Exchange:
    """One request at the wire."""

    may_go_inside: bool
    on_sent: Callable[[], None] | None = None
    denied: list[str] = field(default_factory=list)


# Twisted resolves names and makes protocols without saying what for. Both begin in the task that
# asks, so a context variable tells.
_exchange: ContextVar[_Exchange | None] = ContextVar("exchange", default=None)


@implementer(IResolutionReceiver)
class _Judged:
    """Passes on the addresses that may be connected to."""

    def __init__(self, receiver: Any, judge: Judge, exchange: _Exchange | None) -> None:
        self._receiver, self._judge, self._exchange = receiver, judge, exchange

    def resolutionBegan(self, resolution: Any) -> None:  # noqa: N802 - Twisted's name
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        is_inside = not self._judge.permits(ip_address(address.host.partition("%")[0]))
        if is_inside and not (self._exchange and self._exchange.may_go_inside):
            if self._exchange:
                self._exchange.denied.append(address.host)
            return
        self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802
        self._receiver.resolutionComplete()


class JudgingResolver(CachingHostnameResolver):
    """Scrapy's resolver; it withholds addresses that the exchange must not connect to.

    Twisted asks it for literal addresses too, in whatever form. Proxies may stand anywhere.
    """

    def __init__(self, reactor: Any, cache_size: int, *, judge: Judge, proxies: set[str]) -> None:
        super().__init__(reactor, cache_size)
        self._judge, self._proxies = judge, proxies

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> JudgingResolver:
        """Build the resolver as Scrapy asks for it."""
        politeness: Politeness = crawler.settings[POLITENESS]
        return cls(
            reactor,
            crawler.settings.getint("DNSCACHE_SIZE"),
            judge=Judge(politeness.allow_inside),
            proxies=_proxy_hosts(politeness),
        )

    def resolveHostName(  # noqa: N802 - Twisted's name
        self, resolutionReceiver: Any, hostName: str, *args: Any, **kwargs: Any
    ) -> Any:
        """Resolve a name and hand on the addresses that may be connected to."""
        receiver = resolutionReceiver
        if hostName not in self._proxies:
            receiver = _Judged(receiver, self._judge, _exchange.get())
        return super().resolveHostName(receiver, hostName, *args, **kwargs)


def _proxy_hosts(politeness: Politeness) -> set[str]:
    found = getproxies()
    proxies = (
        [politeness.proxy]
        if politeness.proxy
        else [found[scheme] for scheme in ("http", "https") if scheme in found]
    )
    return {urlsplit(proxy if "://" in proxy else f"//{proxy}").hostname or "" for proxy in proxies}


class _LenientParser(_LenientHTTPClientParser):
    """Skips headers whose names are none, as browsers do, where Twisted drops the answer."""

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802 - Twisted's name
        """Take one header."""
        with suppress(InvalidHeaderName):
            super().headerReceived(name, value)  # type: ignore[no-untyped-call]


class _BoundedProtocol(_LenientHTTP11ClientProtocol):
    """Scrapy's client side of HTTP/1.1; it hangs up on headers without end."""

    def __init__(self, *args: Any, exchange: _Exchange | None) -> None:
        super().__init__(*args)  # type: ignore[no-untyped-call]
        self._exchange = exchange
        self._n_head = 0

    def request(self, request: Any) -> Any:
        """Send the request, and tell that it is sent."""
        if self._exchange and self._exchange.on_sent:
            self._exchange.on_sent()
        answer = super().request(request)
        # Scrapy's own way to have a parser of its choice: Twisted hardcodes one.
        self._parser.__class__ = _LenientParser
        return answer

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        """Take what the server sends."""
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._n_head += len(data)
            if self._n_head > HEAD_BYTES and self.transport is not None:
                self.transport.abortConnection()
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]


class _BoundedFactory(Factory):
    noisy = False

    def __init__(self, on_quiescent: Any, metadata: Any) -> None:
        self._on_quiescent = on_quiescent
        self._exchange = _exchange.get()

    def buildProtocol(self, addr: Any) -> _BoundedProtocol:  # noqa: N802 - Twisted's name
        return _BoundedProtocol(self._on_quiescent, exchange=self._exchange)


class Handler(HTTP11DownloadHandler):
    """Scrapy's download handler with a connection of its own for each request.

    A kept connection would let the rest of one answer pass for the next one, one request's
    permission serve another, and Twisted repeat a request without asking.
    """

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool.persistent = False
        self._pool._factory = _BoundedFactory  # type: ignore[assignment]
        self._judge = Judge(crawler.settings[POLITENESS].allow_inside)

    async def download_request(self, request: Request) -> Response:
        """Make one request.

        Raises
        ------
        Refused
            If it leads to an address that is not public and nobody permitted.
        """
        exchange = _Exchange(
            may_go_inside=is_home(request.url, request.meta.get("home", "")),
            on_sent=request.meta.get("on_sent"),
        )
        name = urlsplit(request.url).hostname or ""
        try:
            name.encode("idna")
        except UnicodeError:  # Twisted's resolver would never answer
            raise Refused(Reason.BAD_URL, "its host name cannot be one") from None
        address = literal(name)
        if address and not (exchange.may_go_inside or self._judge.permits(address)):
            raise denied(str(address))
        _exchange.set(exchange)
        try:
            return await super().download_request(request)
        except CannotResolveHostError:
            if exchange.denied:
                raise denied(exchange.denied[0]) from None
            raise


def denied(address: str) -> Refused:
    """Return the refusal of an address."""
    return Refused(
        Reason.ADDRESS_DENIED,
        f"it leads to {address}, which is no public address; "
        "if that is meant, add its network to collect.allow_inside",
    )
