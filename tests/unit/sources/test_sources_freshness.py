from __future__ import annotations

from datetime import datetime

import pytest
from listing_pages import AT, item, listed, rss

from alliance_nlp.sources import freshness


def newest(*dates: str, zone: str = "UTC") -> datetime | None:
    items = [item(more=f"<pubDate>{date}</pubDate>", number=n) for n, date in enumerate(dates)]
    return freshness(listed("feed", rss(*items)), zone=zone, at=AT)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T00:00:00+00:00")


def test_freshness_is_the_newest_date() -> None:
    assert newest("2026年11月19日", "Sat, 21 Nov 2026 09:00:00 JST", "long ago") == utc(
        "2026-11-21"
    )


def test_freshness_reads_dates_in_the_sources_zone() -> None:
    assert newest("2026年11月21日 9時", zone="Asia/Tokyo") == utc("2026-11-21")


@pytest.mark.parametrize("dates", [(), ("soon",), ("2031-01-01",)])
def test_freshness_is_unknown_when_no_date_is_sound(dates: tuple[str, ...]) -> None:
    assert newest(*dates) is None


def test_freshness_is_never_later_than_the_fetch() -> None:
    assert newest("Sun, 22 Nov 2026 09:00:00 GMT") == AT


def test_freshness_passes_over_announcements_far_ahead() -> None:
    assert newest("2027-01-01", "2026-11-20") == utc("2026-11-20")
