"""Which addresses are inside: ours, the neighbours', or nobody's on the public internet."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_PORTS = {"http": 80, "https": 443}
# Python calls these global though they lead inside or nowhere: IPv4-compatible, the local-use
# NAT64 prefix (RFC 8215), site-local, and the 6to4 relay that no longer exists (RFC 7526).
_NOT_PUBLIC = tuple(
    ip_network(network) for network in ("::/96", "64:ff9b:1::/48", "fec0::/10", "192.88.99.0/24")
)
_NAT64 = IPv6Network("64:ff9b::/96")


def _within(address: Address) -> Iterator[Address]:
    """Yield the address and the IPv4 address that it wraps, the one that is reached in the end."""
    yield address
    if isinstance(address, IPv6Address):
        if wrapped := address.ipv4_mapped or address.sixtofour:
            yield wrapped
        if address in _NAT64:
            yield IPv4Address(int(address) & 0xFFFFFFFF)


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        return True  # only a spelling: what it wraps is judged
    return (
        address.is_global
        and not address.is_multicast
        and not any(address in network for network in _NOT_PUBLIC)
    )


class Judge:
    """Tells whether an address may be connected to.

    Parameters
    ----------
    allowed
        Networks that may be, though they are not public.
    """

    def __init__(self, allowed: Iterable[str] = ()) -> None:
        self._allowed: tuple[Network, ...] = tuple(ip_network(network) for network in allowed)

    def permits(self, address: Address) -> bool:
        """Tell whether the address, and one that it wraps, is public or in an allowed network."""
        forms = tuple(_within(address))
        if any(form in network for form in forms for network in self._allowed):
            return True
        return all(_is_public(form) for form in forms)


def literal(host: str) -> Address | None:
    """Return the address that a host spells out in any form that resolvers take, or ``None``.

    ``2130706433``, ``0x7f.1``, ``0177.0.0.1`` and ``127.1`` are all 127.0.0.1, and so are
    ``localhost`` and every name below it (RFC 6761).
    """
    name = host.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return IPv4Address("127.0.0.1")
    try:
        return ip_address(name.partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(name))
    except (OSError, UnicodeError, ValueError):
        return None


def place(url: str) -> str:
    """Return ``"host:port"`` of a web URL, lower-case, the port always given."""
    parts = urlsplit(url)
    host = (parts.hostname or "").rstrip(".")
    return f"{host}:{parts.port or _PORTS.get(parts.scheme, 0)}"


def is_home(url: str, home: str) -> bool:
    """Tell whether a URL has exactly the host and port that ``home`` names as ``"host:port"``."""
    if not home:
        return False
    host, _, port = home.rpartition(":")
    return place(url) == f"{host.strip('[]').rstrip('.').lower()}:{port}"
