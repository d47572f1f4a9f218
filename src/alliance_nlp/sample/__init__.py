"""A bundled news site: fictional outlets, real events of April 2024, served on loopback.

It shows the whole chain in ``alliance-nlp demo`` and feeds the end-to-end tests. What each page
should come to stands in ``truth.jsonl`` beside the articles.
"""

from __future__ import annotations

from alliance_nlp.sample.content import AS_OF, NUMBER, VOLUME, sources_toml
from alliance_nlp.sample.server import SampleSite, serve

__all__ = ["AS_OF", "NUMBER", "VOLUME", "SampleSite", "serve", "sources_toml"]
