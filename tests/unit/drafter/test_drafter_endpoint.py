"""Which endpoints are taken at all."""

from __future__ import annotations

from typing import Any

import pytest

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.drafter import Endpoint


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8080/v1",
        "http://127.8.9.1/v1",
        "http://localhost:11434/v1",
        "http://[::1]:8080/v1",
        "https://models.example/v1",
        "HTTPS://models.example:8443",
    ],
)
def test_endpoint_is_taken_on_this_machine_or_behind_https(url: str) -> None:
    assert Endpoint(url=url, model="m").url == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "models.example/v1",
        "file:///etc/hosts",
        "ftp://127.0.0.1/v1",
        "http://models.example/v1",
        "http://10.0.0.5:8080/v1",
        "http://127.0.0.1.models.example/v1",
        "http://localhost.models.example/v1",
        "http://127.0.0.1@models.example/v1",
        "https://user:secret@models.example/v1",
        "https://models.example/v1\r\nX-A: b",
        "https://models.example:99999/v1",
    ],
)
def test_endpoint_is_refused_elsewhere(url: str) -> None:
    with pytest.raises(ConfigError, match=r"digest\.drafter\.url"):
        Endpoint(url=url, model="m")


@pytest.mark.parametrize("key", ["two words", "line\nbreak", "clé", "a\x00b", "a\n"])
def test_key_that_no_header_holds_is_refused_without_being_told(key: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Endpoint(url="https://models.example/v1", model="m", api_key=key)
    assert key not in str(caught.value)


@pytest.mark.parametrize(
    "changes",
    [
        {"model": " "},
        {"timeout_s": 0},
        {"max_bytes": 0},
        {"max_tokens": -1},
        {"temperature": -0.1},
        {"proxy": "https://proxy.example"},
        {"proxy": "http://me:secret@proxy.example:3128"},
    ],
)
def test_endpoint_is_refused_when_a_value_will_not_do(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Endpoint(**({"url": "https://models.example/v1", "model": "m"} | changes))


@pytest.mark.parametrize(
    ("url", "posted"),
    [
        ("https://a.example/v1", "https://a.example/v1/chat/completions"),
        ("https://a.example/v1/", "https://a.example/v1/chat/completions"),
        ("https://a.example", "https://a.example/chat/completions"),
        ("https://a.example/x/chat/completions/", "https://a.example/x/chat/completions"),
        ("https://a.example/v1?v=2#top", "https://a.example/v1/chat/completions?v=2"),
    ],
)
def test_completions_are_posted_below_the_base(url: str, posted: str) -> None:
    assert Endpoint(url=url, model="m").completions_url == posted


def test_site_names_host_and_port_alone() -> None:
    assert Endpoint(url="https://a.example/secret/path", model="m").site == "a.example:443"
