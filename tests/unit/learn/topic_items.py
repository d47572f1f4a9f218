"""Labelled items that can be learned from, for the tests of training and of the gate."""

from __future__ import annotations

from datetime import date

from alliance_nlp.classify import TOPICS
from alliance_nlp.learn import LabeledItem

WORDS = {
    "trade": "tariff exports steel imports customs quota chips investment",
    "defense": "destroyer exercise missile navy drill deterrence radar brigade",
    "energy": "reactor gas turbines hydrogen pipeline cargoes terminal grid",
    "base-politics": "landfill Futenma governor noise residents court runway Henoko",
}
ALLIANCE = "Japan and the United States agreed with Washington and Tokyo envoys on"
FOREIGN = "Brazil and Chile agreed with Lima and Quito envoys on"


def topic_item(n: int) -> LabeledItem:
    """Return the n-th item: two reports a story, topics in turn, half bear on the alliance."""
    story, topic = n // 2, TOPICS[(n // 2) % len(TOPICS)]
    relevant = story % 8 < 4
    spoken = WORDS[topic].split()
    body = " ".join(spoken[(n + k) % len(spoken)] for k in range(6))
    return LabeledItem(
        id=f"item-{n:03}",
        title=f"{body.split()[0]} talks",
        text=f"{ALLIANCE if relevant else FOREIGN} {body}. Report {n} tells of {body}.",
        published_on=date(2024, 1, 1 + n % 28),
        language="en",
        genre="wire",
        topics=(topic,),
        relevant=relevant,
        story=f"story-{story}",
        annotator="writer",
    )
