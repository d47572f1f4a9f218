from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.sources import parse_stamp

NINE = "2026-11-21 09:00"
MIDNIGHT_JST = "2026-11-20 15:00"
# (as written, the source's zone, UTC)
FORMS = [
    ("Sat, 21 Nov 2026 09:00:00 GMT", "UTC", NINE),
    ("Sat, 21 Nov 2026 09:00:00 +0000", "Asia/Tokyo", NINE),
    ("Sat, 21 Nov 2026 18:00:00 +0900", "UTC", NINE),
    ("Sat, 21 Nov 2026 18:00:00 JST", "UTC", NINE),
    ("Sat, 21 Nov 2026 18:00:00 KST", "UTC", NINE),
    ("Sat, 21 Nov 2026 14:30:00 IST", "UTC", NINE),
    ("Sat, 21 Nov 2026 11:00:00 IST", "Asia/Jerusalem", NINE),
    ("Sat, 21 Nov 2026 10:00:00 BST", "Europe/London", NINE),
    ("Sat, 21 Nov 2026 04:00:00 EST", "UTC", NINE),
    ("Sat, 21 Nov 2026 17:00:00 CST", "Asia/Taipei", NINE),
    ("Sat, 21 Nov 2026 03:00:00 CST", "America/Chicago", NINE),
    ("Sat, 21 Nov 2026 19:00:00 ChST", "UTC", NINE),
    ("Sat, 21 Nov 2026 18:00:00", "Asia/Tokyo", NINE),
    ("Sat,21 Nov 2026 18:00:00 +09:00", "UTC", NINE),
    ("21 Nov 2026 18:00 GMT+9", "UTC", NINE),
    ("21 Nov 26 09:00 Z", "UTC", NINE),
    ("Saturday, 21-Nov-26 09:00:00 GMT", "UTC", NINE),
    ("Mon, 21 Nov 2026 09:00:00 GMT", "UTC", NINE),  # the wrong weekday
    ("Fri, 20 Nov 2026 24:00:00 GMT", "UTC", "2026-11-21 00:00"),
    ("Sat Nov 21 18:00:00 JST 2026", "UTC", NINE),
    ("Sat Nov 21 09:00:00 2026", "UTC", NINE),
    ("2026-11-21T18:00:00+09:00", "UTC", NINE),
    ("2026-11-21T09:00:00.123Z", "Asia/Tokyo", NINE),
    ("2026-11-21T18:00:00+0900 (JST)", "UTC", NINE),
    ("2026-11-21T18:00+09:00[Asia/Tokyo]", "UTC", NINE),
    ("2026-11-21 18:00:00", "Asia/Tokyo", NINE),
    ("2026-11-21 04:00 ET", "UTC", NINE),
    ("2026-7-4 4:00 ET", "UTC", "2026-07-04 08:00"),
    ("20261121T090000Z", "UTC", NINE),
    ("2026/11/21 18:00", "Asia/Tokyo", NINE),
    ("2026.11.21", "Asia/Tokyo", MIDNIGHT_JST),
    ("2026-11-21", "Asia/Tokyo", MIDNIGHT_JST),
    ("2026-11", "UTC", "2026-11-01 00:00"),
    ("2026", "UTC", "2026-01-01 00:00"),
    ("2026年11月21日", "Asia/Tokyo", MIDNIGHT_JST),
    ("２０２６年１１月２１日", "Asia/Tokyo", MIDNIGHT_JST),
    ("2026年11月21日（土）午後6時", "Asia/Tokyo", NINE),
    ("2026年11月21日 18時00分", "Asia/Tokyo", NINE),
    ("2026年11月21日 18:00 JST", "UTC", NINE),
    ("令和8年11月21日", "Asia/Tokyo", MIDNIGHT_JST),
    ("令和元年5月1日", "Asia/Tokyo", "2019-04-30 15:00"),
    ("R8.11.21", "Asia/Tokyo", MIDNIGHT_JST),
    ("2026년 11월 21일 오후 6:00", "Asia/Seoul", NINE),
    ("Nov. 21, 2026, 4:00 a.m. EST", "UTC", NINE),
    ("November 21st, 2026", "UTC", "2026-11-21 00:00"),
    ("11/12/2026 9:00:00 AM", "UTC", "2026-11-12 09:00"),
    ("11/12/2026 09:00", "Europe/London", "2026-12-11 09:00"),
    ("21/11/2026 09:00", "UTC", NINE),
    ("1795251600", "Asia/Tokyo", NINE),
    ("1795251600000", "UTC", NINE),
]


@pytest.mark.parametrize(("text", "zone", "expected"), FORMS)
def test_stamp_is_read_in_its_zone_when_written_as(text: str, zone: str, expected: str) -> None:
    assert parse_stamp(text, zone) == datetime.fromisoformat(f"{expected}+00:00")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-01",
        "Sat, 31 Nov 2026 09:00:00 GMT",
        "2026年2月30日",
        "令和8年",
        "12",
        "2026-11-21T18:00:00+99:00",
        "9999-12-31T23:59:59-12:00",
        "0001-01-01T00:00:00+09:00",
        "The meeting of 21 Nov 2026 was put off",
        "2026-11-21" + " " * 100 + "x",
        "²⁰²⁶-11-21x",
        "\x00",
    ],
)
def test_stamp_is_none_when_the_string_is_no_date(text: str) -> None:
    assert parse_stamp(text, "Asia/Tokyo") is None


def test_stamp_counts_as_utc_when_the_zone_is_unknown() -> None:
    assert parse_stamp("2026-11-21 09:00", "Mars/Base") == datetime(2026, 11, 21, 9, tzinfo=UTC)


@given(st.text(max_size=60), st.sampled_from(["UTC", "Asia/Tokyo", "America/New_York", "x/y"]))
def test_stamp_is_aware_or_none_whatever_the_text(text: str, zone: str) -> None:
    at = parse_stamp(text, zone)
    assert at is None or at.tzinfo is UTC


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),  # noqa: DTZ001 - made aware below
    st.sampled_from(
        ["%Y-%m-%dT%H:%M:%SZ", "%d %b %Y %H:%M:%S GMT", "%Y年%m月%d日 %H時%M分%S秒 UTC"]
    ),
)
def test_stamp_is_read_back_when_written_by_strftime(at: datetime, form: str) -> None:
    aware = at.replace(tzinfo=UTC, microsecond=0)
    assert parse_stamp(aware.strftime(form), "Asia/Tokyo") == aware
