"""A loopback object store that speaks as much of S3 as is needed to list and read a bucket."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape

_LIST = (
    '<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
    "<Name>{bucket}</Name><Prefix>{prefix}</Prefix><KeyCount>{n}</KeyCount><MaxKeys>1000</MaxKeys>"
    "<IsTruncated>false</IsTruncated>{entries}</ListBucketResult>"
)
_ENTRY = (
    "<Contents><Key>{key}</Key><LastModified>2024-04-10T09:00:00.000Z</LastModified>"
    "<ETag>&quot;0&quot;</ETag><Size>{size}</Size><StorageClass>STANDARD</StorageClass></Contents>"
)
_ERROR = '<?xml version="1.0"?><Error><Code>{code}</Code><Message>none</Message></Error>'


@dataclass
class ObjectStore:
    """A running store; ``ranges`` are the stretches that were asked for, in order."""

    port: int
    objects: dict[str, bytes]
    ranges: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def _answer(self, *, with_body: bool) -> None:
        target = urlsplit(self.path)
        bucket, _, key = unquote(target.path).lstrip("/").partition("/")
        asked = parse_qs(target.query)
        store = self.server.store
        if not key and "list-type" in asked:
            listing = _listing(store.objects, bucket, asked.get("prefix", [""])[0])
            self._send(200, listing.encode(), {"Content-Type": "application/xml"}, with_body)
        elif f"{bucket}/{key}" not in store.objects:
            self._send(404, _ERROR.format(code="NoSuchKey").encode(), {}, with_body)
        else:
            self._object(store.objects[f"{bucket}/{key}"], with_body=with_body)

    def _object(self, data: bytes, *, with_body: bool) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        common = {"ETag": '"0"', "Last-Modified": "Wed, 10 Apr 2024 09:00:00 GMT"}
        if asked is None:
            self._send(200, data, common, with_body)
            return
        self.server.store.ranges.append(asked[0])
        start = int(asked[1])
        end = min(int(asked[2] or len(data)), len(data) - 1)
        place = {"Content-Range": f"bytes {start}-{end}/{len(data)}"}
        self._send(206, data[start : end + 1], common | place, with_body)

    def _send(self, code: int, body: bytes, headers: Mapping[str, str], with_body: bool) -> None:
        self.send_response_only(code)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep standard error quiet."""


def _listing(objects: Mapping[str, bytes], bucket: str, prefix: str) -> str:
    names = [name.partition("/")[2] for name in objects if name.startswith(f"{bucket}/{prefix}")]
    entries = "".join(
        _ENTRY.format(key=escape(key), size=len(objects[f"{bucket}/{key}"]))
        for key in sorted(names)
    )
    return _LIST.format(bucket=bucket, prefix=escape(prefix), n=len(names), entries=entries)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, objects: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = ObjectStore(self.server_port, dict(objects))


@contextmanager
def serve_objects(objects: Mapping[str, bytes]) -> Iterator[ObjectStore]:
    """Serve objects, named ``bucket/key``, on a free loopback port until the block ends."""
    server = _Server(objects)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    )
    thread.start()
    try:
        yield server.store
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
