"""From thousands of news pages to a draft US-Japan Alliance Digest."""

from __future__ import annotations

__version__ = "0.1.0"
