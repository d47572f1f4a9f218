"""Identifiers: hashes of content, and slugs."""

from __future__ import annotations

import hashlib
import re
import unicodedata

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def short_hash(*parts: str) -> str:
    """Return 16 hexadecimal digits that stand for the parts and the borders between them."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()[:16]


def article_id(canonical_url: str, text: str) -> str:
    """Return an article's id: canonical URL and normal text decide it, nothing else does."""
    return short_hash("article", canonical_url, text)


def slug(text: str) -> str:
    """Return lower-case ASCII words joined by hyphens; ``"item"`` when nothing remains."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall(r"[a-z0-9]+", plain)) or "item"


def is_slug(text: str) -> bool:
    """Tell whether ``text`` may serve as an id in a file name or a URL."""
    return bool(SLUG.fullmatch(text))
