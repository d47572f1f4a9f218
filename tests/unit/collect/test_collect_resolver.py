"""The resolver hands on only what may be connected to, whatever a name server says."""

from __future__ import annotations

from contextvars import copy_context
from typing import Any

from twisted.internet.address import IPv4Address, IPv6Address

from alliance_nlp.collect import connecting
from alliance_nlp.collect.addresses import Judge
from alliance_nlp.collect.connecting import JudgingResolver


class NameServer:
    """Answers like Twisted's resolver, each time with the next of its answers."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *rest: Any) -> Any:
        receiver.resolutionBegan(None)
        for address in self.answers.pop(0):
            kind = IPv6Address if ":" in address else IPv4Address
            receiver.addressResolved(kind("TCP", address, port))
        receiver.resolutionComplete()
        return receiver


class Reactor:
    def __init__(self, server: NameServer) -> None:
        self.nameResolver = server


class Asker:
    """What is told to whoever asks."""

    def __init__(self) -> None:
        self.addresses: list[str] = []
        self.is_complete = False

    def resolutionBegan(self, resolution: Any) -> None: ...

    def addressResolved(self, address: Any) -> None:
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:
        self.is_complete = True


def resolved(resolver: JudgingResolver, name: str, *, may_go_inside: bool = False) -> Any:
    exchange = connecting._Exchange(may_go_inside=may_go_inside)

    def ask() -> Asker:
        connecting._exchange.set(exchange)
        asker = Asker()
        resolver.resolveHostName(asker, name, 80)
        return asker

    asker = copy_context().run(ask)
    assert asker.is_complete
    return asker.addresses, exchange.denied


def judging(*answers: list[str], cache_size: int = 0, proxies: set[str] | None = None) -> Any:
    reactor = Reactor(NameServer(*answers))
    return JudgingResolver(reactor, cache_size, judge=Judge(), proxies=proxies or set())


def test_inside_address_is_withheld_when_a_name_leads_there() -> None:
    assert resolved(judging(["10.0.0.1"]), "evil.example") == ([], ["10.0.0.1"])


def test_public_address_is_kept_when_another_is_inside() -> None:
    resolver = judging(["127.0.0.1", "8.8.8.8", "::1"])
    assert resolved(resolver, "mixed.example") == (["8.8.8.8"], ["127.0.0.1", "::1"])


def test_name_is_judged_each_time_when_its_address_changes() -> None:
    resolver = judging(["8.8.8.8"], ["127.0.0.1"])
    assert resolved(resolver, "rebind.example")[0] == ["8.8.8.8"]
    assert resolved(resolver, "rebind.example")[0] == []


def test_name_is_judged_for_each_who_asks_when_it_is_remembered() -> None:
    resolver = judging(["10.0.0.1"], cache_size=10)
    assert resolved(resolver, "kept.intranet", may_go_inside=True)[0] == ["10.0.0.1"]
    assert resolved(resolver, "kept.intranet")[0] == []


def test_home_is_resolved_when_it_is_inside() -> None:
    addresses, denied = resolved(judging(["10.0.0.1"]), "feeds.intranet", may_go_inside=True)
    assert (addresses, denied) == (["10.0.0.1"], [])


def test_proxy_is_resolved_when_it_is_inside() -> None:
    resolver = judging(["10.0.0.9"], ["10.0.0.9"], proxies={"proxy.intranet"})
    assert resolved(resolver, "proxy.intranet")[0] == ["10.0.0.9"]
    assert resolved(resolver, "other.intranet")[0] == []
