from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import zstandard

from alliance_nlp.archive import iter_pages

HTML = b"<p>The fleet sailed.</p>"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + HTML
HTTP = "application/http; msgtype=response"
URL = "https://fleet.example/1"
IDENTICAL = "http://netpreserve.org/warc/1.0/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.0/revisit/server-not-modified"


def record(kind: str, block: bytes, *, media: str = HTTP, **own: str) -> bytes:
    """Return a record as another crawler writes it; field names with ``_`` for ``-``."""
    names = {
        "WARC-Type": kind,
        "WARC-Target-URI": URL,
        "WARC-Date": "2023-11-05T06:07:08Z",
        "Content-Type": media,
        "Content-Length": str(len(block)),
    } | {name.replace("_", "-"): value for name, value in own.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in names.items() if value)
    return f"WARC/1.0\r\n{lines}\r\n".encode() + block + b"\r\n\r\n"


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "x.warc": bytes,
    "x.warc.gz": gzip.compress,
    "x.warc.zst": zstandard.ZstdCompressor().compress,
}


@pytest.fixture(params=PACKERS)
def write(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Path]:
    def make(*records: bytes) -> Path:
        path = tmp_path / request.param
        path.write_bytes(b"".join(map(PACKERS[request.param], records)))
        return path

    return make


FIRST = record("response", RESPONSE, WARC_Record_ID="<urn:uuid:1>", WARC_Payload_Digest="sha1:AAAA")
OTHER = record(
    "response",
    RESPONSE.replace(b"fleet", b"press"),
    WARC_Record_ID="<urn:uuid:2>",
    WARC_Target_URI="https://fleet.example/2",
    WARC_Payload_Digest="sha1:BBBB",
)
NEW_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nX-New: yes\r\n\r\n"


@pytest.mark.parametrize(
    "names",
    [
        {"WARC_Refers_To": "<urn:uuid:1>"},
        {"WARC_Payload_Digest": "sha1:AAAA"},
        {"WARC_Refers_To_Target_URI": URL, "WARC_Refers_To_Date": "2023-11-05T06:07:08Z"},
    ],
)
def test_revisit_is_given_the_body_of_what_it_names(
    write: Callable[..., Path], names: dict[str, str]
) -> None:
    again = record(
        "revisit", NEW_HEAD, WARC_Profile=IDENTICAL, WARC_Date="2023-11-06T00:00:00Z", **names
    )
    page = list(iter_pages(write(FIRST, OTHER, again)))[2]
    assert (page.status, page.body, page.header("X-New")) == (200, HTML, "yes")
    assert page.fetched_at == datetime(2023, 11, 6, tzinfo=UTC)


def test_revisit_without_a_head_is_given_that_of_the_original(
    write: Callable[..., Path],
) -> None:
    again = record("revisit", b"", WARC_Profile=IDENTICAL, WARC_Payload_Digest="sha1:AAAA")
    page = list(iter_pages(write(FIRST, again)))[1]
    assert (page.status, page.body, page.header("Content-Type")) == (200, HTML, "text/html")


@pytest.mark.parametrize(
    "names",
    [
        {"WARC_Payload_Digest": "sha1:CCCC"},
        {"WARC_Payload_Digest": "sha1:CCCC", "WARC_Refers_To": "<urn:uuid:1>"},
        {},
    ],
)
def test_revisit_of_what_is_not_in_the_file_is_passed_over(
    write: Callable[..., Path], names: dict[str, str]
) -> None:
    again = record("revisit", NEW_HEAD, WARC_Profile=IDENTICAL, **names)
    assert [page.body for page in iter_pages(write(FIRST, again))] == [HTML]


@pytest.mark.parametrize("block", [b"HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n", b""])
def test_not_modified_is_yielded_without_a_body(write: Callable[..., Path], block: bytes) -> None:
    again = record("revisit", block, WARC_Profile=NOT_MODIFIED, WARC_Refers_To="<urn:uuid:1>")
    page = list(iter_pages(write(FIRST, again)))[1]
    assert (page.status, page.body) == (304, b"")


def test_revisit_in_a_file_that_is_one_gzip_member_is_never_given_a_wrong_body(
    tmp_path: Path,
) -> None:
    again = record("revisit", NEW_HEAD, WARC_Profile=IDENTICAL, WARC_Payload_Digest="sha1:BBBB")
    path = tmp_path / "x.warc.gz"
    path.write_bytes(gzip.compress(FIRST + OTHER + again))
    bodies = [page.body for page in iter_pages(path)]
    assert bodies[2:] in ([], [RESPONSE.replace(b"fleet", b"press")[-len(HTML) :]])


REQUEST = b"GET /1 HTTP/1.1\r\nHost: fleet.example\r\nUser-Agent: someone\r\n\r\n"


def test_request_is_joined_to_its_own_response_only(write: Callable[..., Path]) -> None:
    request = record("request", REQUEST, WARC_Concurrent_To="<urn:uuid:2>")
    first, other = iter_pages(write(request, FIRST, request, OTHER))
    assert first.request_headers == ()
    assert other.request_headers == (("Host", "fleet.example"), ("User-Agent", "someone"))


def test_fields_of_the_warc_head_are_found_in_any_case(write: Callable[..., Path]) -> None:
    lower = FIRST.replace(b"WARC-Type", b"warc-type").replace(b"WARC-Target", b"Warc-target")
    (page,) = iter_pages(write(lower))
    assert (page.url, page.body) == (URL, HTML)


@pytest.mark.parametrize(
    ("block", "status", "headers", "body"),
    [
        (b"HTTP/1.1 200\r\nA: b\r\n\r\nx", 200, (("A", "b"),), b"x"),
        (b"HTTP/2 404\r\nA:b\r\n\r\nx", 404, (("A", "b"),), b"x"),
        (b"HTTP/1.1 200 OK\nA: b\n\nx\r\n\r\ny", 200, (("A", "b"),), b"x\r\n\r\ny"),
        (b"HTTP/1.1 200 OK\r\n\r\nx", 200, (), b"x"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n c\r\nno colon\r\nD:\r\n\r\n", 200,
         (("A", "b c"), ("D", "")), b""),
        (b"HTTP/1.1 200 OK\r\nA: b:c \r\nA: d", 200, (("A", "b:c"), ("A", "d")), b""),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nxyz", 200,
         (("Content-Length", "1"),), b"xyz"),
        (b"HTTP/1.1 odd OK\r\nA: b\r\n\r\nx", 0, (("A", "b"),), b"x"),
        (b"HTTP/1.1 200 OK\r\nX: Jos\xe9\r\n\r\n", 200, (("X", "Jos\xe9"),), b""),
        (b"20231105 dns.example A 192.0.2.1", 200, (("Content-Type", "text/dns"),),
         b"20231105 dns.example A 192.0.2.1"),
        (b"", 200, (("Content-Type", "text/dns"),), b""),
    ],
)  # fmt: skip
def test_odd_heads_lose_no_body(
    write: Callable[..., Path],
    block: bytes,
    status: int,
    headers: tuple[tuple[str, str], ...],
    body: bytes,
) -> None:
    odd = record("response", block, media=HTTP if b"HTTP" in block else "text/dns")
    page, after = iter_pages(write(odd, FIRST))
    assert (page.status, page.headers, page.body) == (status, headers, body)
    assert after.body == HTML


def test_record_without_a_date_is_of_the_epoch(write: Callable[..., Path]) -> None:
    (page,) = iter_pages(write(record("response", RESPONSE, WARC_Date="")))
    assert page.fetched_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_nonsense_in_our_own_fields_does_no_harm(write: Callable[..., Path]) -> None:
    odd = {"X_Alliance_Role": "king", "X_Alliance_Head": "[1", "WARC_Record_ID": "<urn:uuid:3>"}
    response, resource = iter_pages(
        write(record("response", RESPONSE, **odd), record("resource", HTML, media="a/b", **odd))
    )
    assert (response.role.value, response.body) == ("article", HTML)
    assert (resource.status, resource.headers) == (200, (("Content-Type", "a/b"),))


def test_record_larger_than_allowed_is_passed_over(write: Callable[..., Path]) -> None:
    large = record("response", RESPONSE + bytes(10_000))
    assert len(list(iter_pages(write(large, FIRST), max_bytes=5_000))) == 1
