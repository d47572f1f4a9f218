"""The names of the WARC fields that are our own, and what may stand in a field's value."""

from __future__ import annotations

import re
from base64 import b32encode
from collections.abc import Mapping
from datetime import datetime
from hashlib import new as new_hash
from hashlib import sha256
from urllib.parse import quote, unquote

from alliance_nlp.core.clock import utc

SOURCE = "X-Alliance-Source"
ROLE = "X-Alliance-Role"
ASKED = "X-Alliance-Asked-URI"
# Percent-encoded throughout; written only for a URL that the plain field cannot hold as it is.
URL_AS_GIVEN = "X-Alliance-URI-As-Given"
ASKED_AS_GIVEN = "X-Alliance-Asked-URI-As-Given"
# The page's status and header fields as JSON, where a resource record has no place for them.
LOCAL_HEAD = "X-Alliance-Head"
# Length in bytes of the request's record, which stands right before that of the response.
REQUEST_BYTES = "X-Alliance-Request-Bytes"
# On a request record: a Host field was added, since HTTP/1.1 had one sent that we were not told.
HOST_ADDED = "X-Alliance-Host-Added"
REFERS_TO_FILE = "X-Alliance-Refers-To-File"
REFERS_TO_OFFSET = "X-Alliance-Refers-To-Offset"
REFERS_TO_BYTES = "X-Alliance-Refers-To-Bytes"
REFERS_TO_SHA256 = "X-Alliance-Refers-To-SHA256"

_URL_SAFE = "!#$%&'()*+,/:;=?@[]~"
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_FIELD_END = re.compile(r"\r?\n")


def one_line(value: str) -> str:
    """Return a value that forges no further field: controls and line ends become a space."""
    return _CONTROLS.sub(" ", value).strip().encode("utf-8", "replace").decode()


def ascii_url(url: str) -> str:
    """Return a URL in ASCII, what is beyond it percent-encoded."""
    return quote(url, safe=_URL_SAFE, errors="replace")


def url_fields(name: str, as_given: str, url: str) -> dict[str, str]:
    """Return the fields that carry a URL for everyone, and exactly."""
    plain = ascii_url(url)
    fields = {name: plain}
    if plain != url:
        fields[as_given] = quote(url, safe="", errors="surrogatepass")
    return fields


def url_as_given(quoted: str) -> str:
    """Undo what :func:`url_fields` wrote into the exact field."""
    return unquote(quoted, errors="surrogatepass")


def warc_date(at: datetime) -> str:
    """Return a time as WARC/1.1 writes it; fractions of a second only where there are some."""
    at = utc(at)
    fraction = f".{at.microsecond:06}" if at.microsecond else ""
    return f"{at:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def payload_digest(body: bytes) -> str:
    """Return the digest that the archive writes of a body: ``sha256:`` and base 32."""
    return f"sha256:{b32encode(sha256(body).digest()).decode()}"


def digest_is_right(stated: str, data: bytes) -> bool:
    """Tell whether a digest as any WARC tool states it, base 32 or hexadecimal, is that of data.

    A digest by an algorithm that is not known here cannot be found wrong.
    """
    algorithm, _, value = stated.partition(":")
    try:
        digest = new_hash(algorithm.strip().lower().replace("-", ""), data, usedforsecurity=False)
    except ValueError:
        return True
    base32 = b32encode(digest.digest()).decode().rstrip("=")
    return value.strip().rstrip("=").upper() in (base32, digest.hexdigest().upper())


def to_fields(values: Mapping[str, str]) -> bytes:
    """Return a block of ``application/warc-fields``; a name is one token, a value one line."""
    lines = (f"{_field_name(name)}: {one_line(value)}\r\n" for name, value in values.items())
    return "".join(lines).encode()


def from_fields(block: bytes) -> dict[str, str]:
    """Read a block of ``application/warc-fields``; of a repeated field the last value counts."""
    lines = _FIELD_END.split(block.decode("utf-8", "replace"))
    pairs = (line.partition(":") for line in lines if ":" in line)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _field_name(name: str) -> str:
    return re.sub(r"[^!#$%&'*+.^_`|~0-9A-Za-z-]+", "-", name)
