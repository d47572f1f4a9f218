"""Small pages of outlets that do not exist, in words written for these tests."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from alliance_nlp.core.types import Page, Role

FETCHED_AT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
URL = "https://harbour-post.example/world/ferry-talks"
TITLE = "Coastal ministers agree on shared patrol plan"
PARAGRAPHS = (
    "Ministers of the two coastal countries agreed on Thursday to share patrols in the strait, "
    "ending a dispute that had kept their crews apart for most of the year.",
    "Under the plan, cutters of both services will sail together for two weeks each month, and "
    "a joint office in the northern port will decide where they go.",
    "Fishing cooperatives welcomed the news, although several of them said that the rules on "
    "nets and lights would have to follow soon if the peace was to hold.",
    "The plan takes effect in spring, after both parliaments have voted on the money for fuel "
    "and repairs, which officials put at nine million a year.",
    "Opposition members asked why the office would stand in the north, where few ships call, "
    "and not in the larger southern harbour with its yards and cranes.",
)
JAPANESE = (
    "両国の担当大臣は十九日、海峡の共同巡視について合意した。今年に入って続いていた対立は、これで終わることになる。",
    "計画によると、両国の巡視船は毎月二週間、隊列を組んで航行する。行き先は北部の港に置く共同事務所が決める。",
    "漁業組合は歓迎する一方、網と灯火についての規則も早く整えてほしいと求めている。予算は来春までに国会で審議される。",
)


def page(
    body: str | bytes,
    *,
    content_type: str = "text/html; charset=utf-8",
    url: str = URL,
    status: int = 200,
    fetched_at: datetime = FETCHED_AT,
) -> Page:
    return Page(
        source_id="harbour-post",
        role=Role.ARTICLE,
        asked_url=url,
        url=url,
        status=status,
        headers=(("Content-Type", content_type),) if content_type else (),
        body=body.encode() if isinstance(body, str) else body,
        fetched_at=fetched_at,
    )


def paragraphs(texts: tuple[str, ...] = PARAGRAPHS) -> str:
    return "\n".join(f"<p>{text}</p>" for text in texts)


def html(
    *, head: str = "", h1: str = TITLE, body: str | None = None, after: str = "", before: str = ""
) -> str:
    heading = f"<h1>{h1}</h1>" if h1 else ""
    return (
        f'<!doctype html><html lang="en"><head>{head}</head><body>'
        '<nav><a href="/">Home</a> <a href="/world">World</a></nav>'
        f"{before}<main><article>{heading}{paragraphs() if body is None else body}</article>"
        f"{after}</main><footer>Harbour Post, Pier 4</footer></body></html>"
    )


def json_ld(data: str) -> str:
    return f'<script type="application/ld+json">{data}</script>'


def described(kind: str = "NewsArticle", **fields: object) -> str:
    return json_ld(json.dumps({"@type": kind, "headline": TITLE, **fields}))
