"""Asking over real sockets: good servers, and each way in which one misbehaves."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from tests.drafters import Stub, completion, draft, stub_server
from tests.servers import after, endless, raw, redirect, reply

from alliance_nlp.core.errors import DrafterError
from alliance_nlp.drafter import (
    DraftRequest,
    Endpoint,
    ExtractedSentence,
    SourcePassage,
    ask,
)

PASSAGE = "The frigate Hatsukaze left Maizuru for a joint drill with two American destroyers."
REQUEST = DraftRequest(
    headline="Frigate Leaves Maizuru for Joint Drill",
    sentences=(ExtractedSentence(text=PASSAGE, passage_ids=("p1",)),),
    passages=(
        SourcePassage(
            id="p1", text=PASSAGE, outlet="Harbor Example", published_on=date(2024, 4, 9)
        ),
    ),
)
GOOD = draft((PASSAGE, ["p1"]), headline="Hatsukaze Joins Two American Destroyers for Drill")
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def endpoint(stub: Stub, **changes: Any) -> Endpoint:
    return Endpoint(**({"url": stub.url, "model": "some-model", "timeout_s": 5.0} | changes))


def failure(*answers: Any, **changes: Any) -> DrafterError:
    with stub_server(*answers) as stub, pytest.raises(DrafterError) as caught:
        ask(endpoint(stub, **changes), REQUEST)
    return caught.value


# --- good servers


def test_reply_carries_headline_sentences_and_model_when_all_is_well() -> None:
    with stub_server(completion(GOOD, model="stub-7b")) as stub:
        reply = ask(endpoint(stub), REQUEST)
    assert reply.headline == GOOD["headline"]
    assert [(s.text, s.passage_ids, s.problem) for s in reply.sentences] == [(PASSAGE, ("p1",), "")]
    assert reply.model == "stub-7b"


def test_request_is_a_chat_completion_in_json_mode() -> None:
    with stub_server(completion(GOOD)) as stub:
        ask(endpoint(stub, max_tokens=77, api_key="k-1"), REQUEST)
    path, headers, wish = stub.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["authorization"] == "Bearer k-1"
    assert wish["model"] == "some-model"
    assert wish["max_tokens"] == 77
    assert wish["temperature"] == 0.0
    assert wish["response_format"] == {"type": "json_object"}
    assert stub.material["passages"] == [
        {"id": "p1", "outlet": "Harbor Example", "date": "2024-04-09", "text": PASSAGE}
    ]


def test_no_authorization_is_sent_without_a_key() -> None:
    with stub_server(completion(GOOD)) as stub:
        ask(endpoint(stub), REQUEST)
    assert "authorization" not in stub.asked[0][1]


def test_whole_address_is_taken_as_it_is() -> None:
    with stub_server(completion(GOOD)) as stub:
        ask(endpoint(stub, url=f"{stub.url}/chat/completions?api-version=2"), REQUEST)
    assert stub.asked[0][0] == "/v1/chat/completions?api-version=2"


def test_environment_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
        monkeypatch.setenv(name.upper(), "http://127.0.0.1:9")
    with stub_server(completion(GOOD)) as stub:
        assert ask(endpoint(stub), REQUEST).sentences


@pytest.mark.parametrize(
    "text",
    [
        f"```json\n{json.dumps(GOOD)}\n```",
        f"<think>The {{reader}} wants an item.</think>\n{json.dumps(GOOD)}",
        f"The item {{as asked}}:\n{json.dumps(GOOD)}\nI hope it serves.",
    ],
    ids=["fenced", "thought aloud", "among words"],
)
def test_json_is_found_in_what_models_put_around_it(text: str) -> None:
    with stub_server(completion(text)) as stub:
        assert ask(endpoint(stub), REQUEST).headline == GOOD["headline"]


def test_content_in_parts_is_joined() -> None:
    text = json.dumps(GOOD)
    parts = [{"type": "text", "text": text[:20]}, {"type": "text", "text": text[20:]}]
    with stub_server(completion(None, content=parts)) as stub:
        assert ask(endpoint(stub), REQUEST).headline == GOOD["headline"]


# --- servers that ask for patience or for less


def test_busy_server_is_asked_once_more() -> None:
    with stub_server(reply("", 429, retry_after="0"), completion(GOOD)) as stub:
        assert ask(endpoint(stub), REQUEST).sentences
    assert len(stub.asked) == 2


def test_retry_waits_as_long_as_the_server_asks() -> None:
    with stub_server(reply("", 503, retry_after="1"), completion(GOOD)) as stub:
        began = time.monotonic()
        ask(endpoint(stub), REQUEST)
    assert time.monotonic() - began >= 1.0


def test_retry_date_in_the_past_means_at_once() -> None:
    then = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    with stub_server(reply("", 503, retry_after=then), completion(GOOD)) as stub:
        assert ask(endpoint(stub), REQUEST).sentences


@pytest.mark.parametrize("wish", ["86400", "9" * 4000, "Fri, 31 Dec 2999 23:59:59 GMT"])
def test_long_wait_is_not_waited_for(wish: str) -> None:
    began = time.monotonic()
    error = failure(reply("", 429, retry_after=wish), timeout_s=60.0)
    assert error.trouble == "busy"
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("said", "gone", "come"),
    [
        ("'response_format.type' must be 'text'", "response_format", None),
        ("use max_completion_tokens instead", "max_tokens", "max_completion_tokens"),
        ("temperature does not support 0", "temperature", None),
    ],
)
def test_parameter_the_server_does_not_know_is_left_out(
    said: str, gone: str, come: str | None
) -> None:
    refusal = reply(json.dumps({"error": {"message": said}}), 400)
    with stub_server(refusal, completion(GOOD)) as stub:
        assert ask(endpoint(stub), REQUEST).sentences
    wish = stub.asked[1][2]
    assert gone not in wish
    assert come is None or come in wish


def test_server_that_refuses_everything_is_not_asked_for_ever() -> None:
    said = "response_format temperature max_completion_tokens"
    with stub_server(reply(said, 400)) as stub, pytest.raises(DrafterError):
        ask(endpoint(stub), REQUEST)
    assert len(stub.asked) == 4


# --- servers that misbehave

PADDED = OK + b"Content-Length: 100\r\n\r\n"
TROUBLES = {
    "garbage bytes": (raw(bytes(range(128, 256)) * 40), "broken-off"),
    "garbage body": (reply(b"\xff\xfe\x00\x80" * 50), "not-json"),
    "HTML": (reply("<html><body>It works!</body></html>"), "not-json"),
    "JSON cut off": (reply('{"choices": [{"mess'), "not-json"),
    "deep JSON": (reply("[" * 200_000), "not-json"),
    "a list": (reply("[]"), "wrong-shape"),
    "no choices": (reply("{}"), "wrong-shape"),
    "choices of nothing": (reply('{"choices": [null]}'), "wrong-shape"),
    "message is a list": (reply('{"choices": [{"message": []}]}'), "wrong-shape"),
    "content is a number": (completion(None, content=7), "wrong-shape"),
    "content without JSON": (completion("The frigate left."), "wrong-shape"),
    "content cut off": (completion('{"headline": "A", "sentences": [{"te'), "wrong-shape"),
    "deep content": (completion('{"sentences": ' + "[" * 100_000), "wrong-shape"),
    "sentences are a word": (completion({"sentences": "none"}), "wrong-shape"),
    "sentences are words": (completion({"sentences": ["A."]}), "wrong-shape"),
    "text is a number": (completion(draft((7, ["p1"]))), "wrong-shape"),  # type: ignore[arg-type]
    "passages are numbers": (completion(draft((PASSAGE, [1]))), "wrong-shape"),  # type: ignore[list-item]
    "headline is a list": (completion({"headline": [], "sentences": []}), "wrong-shape"),
    "a flood of sentences": (completion(draft(*[(PASSAGE, ["p1"])] * 500)), "wrong-shape"),
    "no sentence": (completion(draft()), "empty"),
    "no content": (completion(None), "empty"),
    "blank content": (completion("  \n"), "empty"),
    "refusal": (completion(None, refusal="I will not."), "refusal"),
    "content filter": (completion("", finish="content_filter"), "refusal"),
    "cut at the limit": (completion(GOOD, finish="length"), "truncated"),
    "wrong model": (reply('{"error": {"message": "no model some-model"}}', 404), "status"),
    "no content status": (raw(b"HTTP/1.1 204 No Content\r\n\r\n"), "status"),
    "always failing": (reply("", 500, retry_after="0"), "busy"),
    "key refused": (reply("", 401), "denied"),
    "redirect": (redirect("http://198.51.100.7/v1/chat/completions", 307), "redirect"),
    "fewer bytes than said": (raw(PADDED + b'{"a": 1}'), "broken-off"),
    "broken chunks": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), "broken-off"),
    "hangs up at once": (raw(), "broken-off"),
    "headers without end": (endless(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n"), "broken-off"),
    "body without end": (endless(OK + b"\r\n", b" " * 65_536), "too-large"),
    "packed": (reply(b"\x1f\x8b", content_encoding="gzip"), "not-json"),
}


@pytest.mark.parametrize(("answer", "trouble"), TROUBLES.values(), ids=TROUBLES.keys())
def test_misbehaving_server_ends_in_its_own_trouble(answer: Any, trouble: str) -> None:
    error = failure(answer)
    assert error.trouble == trouble
    assert str(error).startswith("the drafter at 127.0.0.1:")


def test_redirect_is_not_followed() -> None:
    with stub_server(completion(GOOD)) as other:
        error = failure(redirect(f"{other.url}/chat/completions", 308))
    assert error.trouble == "redirect"
    assert not other.asked


def test_too_large_is_told_by_the_configured_limit() -> None:
    assert failure(completion("x" * 5000), max_bytes=4000).trouble == "too-large"


def test_closed_port_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(DrafterError, match="cannot be reached") as caught:
        ask(Endpoint(url=f"http://127.0.0.1:{port}/v1", model="m"), REQUEST)
    assert caught.value.trouble == "unreachable"


def test_unknown_host_is_unreachable() -> None:
    with pytest.raises(DrafterError) as caught:
        ask(Endpoint(url="https://drafter.invalid/v1", model="m", timeout_s=5.0), REQUEST)
    assert caught.value.trouble in ("unreachable", "deadline")


# --- the deadline, however the time is spent


@contextmanager
def dripping(head: bytes = b"") -> Iterator[int]:
    """Accept, read nothing, and send a head and then a byte every 50 ms."""
    stop = threading.Event()

    def drip(peer: socket.socket) -> None:
        with peer:
            try:
                peer.sendall(head)
                while not stop.wait(0.05):
                    peer.sendall(b" ")
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(10)

        def accept() -> None:
            drip(listening.accept()[0])

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        stop.set()
        thread.join(5)


SLOW = {
    "status line": b"",
    "headers": OK + b"X-Slow: ",
    "body": OK + b"\r\n",
    "length": OK + b"Content-Length: 9999\r\n\r\n",
    "chunk": OK + b"Transfer-Encoding: chunked\r\n\r\nffff\r\n",
    "continue": b"HTTP/1.1 100 Continue\r\n\r\n",
}


@pytest.mark.parametrize("head", SLOW.values(), ids=SLOW.keys())
def test_dripping_server_ends_at_the_deadline(head: bytes) -> None:
    with dripping(head) as port:
        began = time.monotonic()
        with pytest.raises(DrafterError) as caught:
            ask(Endpoint(url=f"http://127.0.0.1:{port}", model="m", timeout_s=0.4), REQUEST)
        took = time.monotonic() - began
    assert caught.value.trouble == "deadline"
    assert took < 2


def test_dripping_handshake_ends_at_the_deadline_and_is_hung_up() -> None:
    # The head of a TLS record that announces 16 KB.
    with dripping(b"\x16\x03\x03\x40\x00") as port:
        with pytest.raises(DrafterError) as caught:
            ask(Endpoint(url=f"https://127.0.0.1:{port}", model="m", timeout_s=0.4), REQUEST)
        for thread in threading.enumerate():
            if thread.name == "drafter":
                thread.join(3)
        assert not any(thread.name == "drafter" for thread in threading.enumerate())
    assert caught.value.trouble == "deadline"


def test_silent_server_ends_at_the_deadline() -> None:
    assert failure(after(3, completion(GOOD)), timeout_s=0.3).trouble == "deadline"


def test_deadline_holds_for_both_tries_together() -> None:
    busy = after(0.4, reply("", 500, retry_after="0"))
    began = time.monotonic()
    error = failure(busy, after(5, completion(GOOD)), timeout_s=1.0)
    assert error.trouble == "deadline"
    assert time.monotonic() - began < 3


# --- the key


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
def test_key_is_in_no_message_when_the_server_repeats_it(status: int) -> None:
    key = "sk-" + "Zq9" * 20
    said = json.dumps({"error": {"message": f"the key {key} may not do that"}})
    error = failure(reply(said, status, retry_after="99"), api_key=key)
    assert "Zq9Zq9" not in str(error)
    assert "Zq9Zq9" not in repr(error.__cause__)


def test_key_is_not_in_the_repr() -> None:
    at = Endpoint(url="https://a.example/v1", model="m", api_key="sk-secret")
    assert "sk-secret" not in repr(at)
    assert "sk-secret" not in repr(replace(at, model="n"))
