"""The further pages of articles that go on over several."""

from __future__ import annotations

from collections.abc import Sequence

from alliance_nlp.collect import Arrived, Fetch, Fetcher
from alliance_nlp.core.types import Role, Stage
from alliance_nlp.core.urls import host_and_port, is_web_url
from alliance_nlp.pipeline.keeping import keep
from alliance_nlp.pipeline.night import Night

# A series of pictures may have a hundred pages; an article has a few.
MOST_PARTS = 10


def fetch_parts(night: Night, wanted: Sequence[tuple[str, str]]) -> None:
    """Fetch and archive further pages: pairs of source id and address.

    What cannot be had is in the ledger; the article is then what its first pages say.
    """
    with Fetcher(night.settings.politeness(), at=night.fixed_at) as fetcher:
        for source_id, url in dict.fromkeys(wanted):
            source = night.source(source_id)
            home = host_and_port(source.url) if source and is_web_url(source.url) else ""
            night.ledger.enter(Stage.COLLECT, url)
            fetcher.submit(Fetch(key=url, url=url, source_id=source_id, role=Role.PART, home=home))
        for event in fetcher.events():
            if isinstance(event, Arrived):
                keep(night, event.page, lead_key=None)
                night.ledger.weigh(Stage.COLLECT, len(event.page.body))
            else:
                night.settle(Stage.COLLECT, event.key, event.rejected)
